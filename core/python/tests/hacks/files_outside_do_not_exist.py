# expect: finished
# stdout: ""
import os
for path in ["/etc/passwd", "/proc/self/maps", "/", ".", "/usr/local/lib/python3.15/os.py", "../../secret"]:
    try:
        open(path).read()
        print("read", path)
    except OSError as error:
        pass
    try:
        print("listed", os.listdir(path))
    except OSError as error:
        pass
