# expect: finished
# stdout: "full True\n"
x = []
try:
    while True:
        x.append(bytearray(1 << 22))
except MemoryError:
    print("full", len(x) > 20)
