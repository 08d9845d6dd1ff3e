# expect: finished
# stdin: "1 2\n3\n"
# stdout: "b'1 2\\n' b'3\\n'\n"
import os, io
data = io.BytesIO(os.read(0, os.fstat(0).st_size))
print(data.readline(), data.readline())
