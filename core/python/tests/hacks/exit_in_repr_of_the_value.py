# expect: exit 0
# call: f []
import os
class A:
    def __repr__(self):
        os._exit(0)
def f():
    return A()
