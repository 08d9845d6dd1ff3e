# expect: exception NoResult
import sys, os
frame = sys._getframe()
while frame:
    if "say" in frame.f_globals:
        frame.f_globals["say"] = lambda message: os.write(1000, b"F{not json")
    frame = frame.f_back
