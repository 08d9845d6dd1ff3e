# expect: exception Abort
import os
os.abort()
