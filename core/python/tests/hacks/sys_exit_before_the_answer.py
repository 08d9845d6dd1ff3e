# expect: exit 0
# call: f []
import sys
def f():
    sys.exit(0)
