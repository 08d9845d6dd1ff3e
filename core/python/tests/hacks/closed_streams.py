# expect: finished
# call: f []
# value: 1
import os, sys
sys.stdout.close()
os.close(2)
os.close(1)
for fd in range(3, 1100):
    try:
        os.close(fd)
    except OSError:
        pass
def f():
    return 1
