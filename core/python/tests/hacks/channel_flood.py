# expect: output-limit
import os
os.write(1000, b"x" * (2 << 20))
