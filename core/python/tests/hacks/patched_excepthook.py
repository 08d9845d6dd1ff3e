# expect: exception ValueError 3
# stdout: "hooked\n"
import os, sys
sys.excepthook = lambda *a: print("hooked")
raise ValueError
