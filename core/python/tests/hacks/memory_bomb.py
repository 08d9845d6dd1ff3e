# expect: out-of-memory
x = []
while True:
    x.append(bytearray(1 << 20))
