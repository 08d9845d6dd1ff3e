# expect: exception NoResult
# call: f []
import sys
def f():
    frame = sys._getframe()
    while frame:
        if "say" in frame.f_globals:
            frame.f_globals["say"] = lambda message: None
        frame = frame.f_back
    return 1
