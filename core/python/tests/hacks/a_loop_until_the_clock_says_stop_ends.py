# expect: finished
# stdout: "True\n"
import time
start = time.time()
n = 0
while time.time() - start < 0.1:
    n += 1
print(n > 100)
