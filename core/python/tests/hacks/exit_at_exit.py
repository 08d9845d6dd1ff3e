# expect: exit 0
# call: f []
import atexit, os
atexit.register(os._exit, 0)
def f():
    return 1
