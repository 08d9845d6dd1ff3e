# expect: finished
# stdout: ""
import os
for do in [lambda: open("/tmp/x", "w"), lambda: open("x", "a"), lambda: os.mkdir("d"), lambda: os.remove("main.py"),
           lambda: os.rename("a", "b"), lambda: os.symlink("/", "l"), lambda: open("/usr/local/lib/python315.zip", "r+b").write(b"x")]:
    try:
        do()
        print("done")
    except (OSError, AttributeError):
        pass
