# expect: finished
# call: f []
# value: 1
import atexit, os
atexit.register(os.write, 1000, b"F42")
def f():
    return 1
