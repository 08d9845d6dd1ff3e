# expect: finished
# stdout: "True\n"
import time
start = time.time()
time.sleep(3600)
print(3600 <= time.time() - start < 3601)
