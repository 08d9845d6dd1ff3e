# expect: finished
import os
os.write(1000, b"Usomething")
