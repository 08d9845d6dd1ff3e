# expect: finished
# call: f []
# value: 1
import sys
sys.setprofile(lambda *a: None)
def f():
    return 1
