# expect: finished
# stdout: "[True]\nno listing\n"
import os
print(sorted(os.stat("/usr/local/lib/python315.zip").st_size > 1 for _ in range(1)))
try:
    print(os.listdir("/usr/local/lib"))
except OSError:
    print("no listing")
