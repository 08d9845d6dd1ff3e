# expect: exit 7
# call: f []
import os
class A:
    def __del__(self):
        os._exit(7)
def f():
    A()
    return 1
