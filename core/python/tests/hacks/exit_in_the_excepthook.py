# expect: exit 0
import os, sys
sys.excepthook = lambda *a: os._exit(0)
raise ValueError
