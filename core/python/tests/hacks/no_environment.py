# expect: finished
# stdout: "{}\n"
import os
print(dict(os.environ))
