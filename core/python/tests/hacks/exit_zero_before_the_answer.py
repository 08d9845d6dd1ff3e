# expect: exit 0
# call: f []
import os
def f():
    os._exit(0)
