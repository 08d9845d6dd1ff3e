# expect: finished
# stdout: ""
import os
def sub():
    import subprocess
    subprocess.run(["ls"])
for do in [lambda: os.system("ls"), lambda: os.fork(), lambda: os.execv("/bin/sh", ["sh"]), lambda: os.popen("ls").read(), sub,
           lambda: os.kill(1, 9), lambda: os.spawnv(0, "/bin/ls", [])]:
    try:
        do()
        print("done")
    except (OSError, AttributeError, ImportError):
        pass
