# expect: finished
# stdout: "True\n"
import random, os, uuid, time
a = (random.random(), os.urandom(4), hash("x"), time.time() > 1e9)
print(a[3])
