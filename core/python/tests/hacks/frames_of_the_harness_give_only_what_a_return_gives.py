# expect: finished
# call: f []
# value: 42
import sys, os
def f():
    frame = sys._getframe()
    while frame:
        names = frame.f_globals
        if "say" in names and "CHANNEL" in names:
            names["say"] = lambda message: os.write(1000, b"F42")
        frame = frame.f_back
    return 1
