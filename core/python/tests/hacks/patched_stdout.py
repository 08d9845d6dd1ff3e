# expect: finished
# call: f []
# value: 1
# stdout: ""
import sys
class Out:
    def write(self, text): return 0
    def flush(self): raise ValueError
sys.stdout = sys.stderr = Out()
print("unseen")
def f():
    return 1
