# expect: exception ZeroDivisionError
import sys
def trace(frame, event, arg):
    1 / 0
sys.settrace(trace)
def f():
    return 1
f()
