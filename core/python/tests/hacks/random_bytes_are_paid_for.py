# expect: out-of-fuel
import os
while True:
    os.urandom(1 << 20)
