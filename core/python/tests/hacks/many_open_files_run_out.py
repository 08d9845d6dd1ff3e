# expect: finished
# stdout: "True\n"
files = []
try:
    while True:
        files.append(open("/usr/local/lib/python315.zip", "rb"))
except OSError as error:
    print(len(files) < 100)
