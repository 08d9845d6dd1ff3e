# expect: out-of-memory
# fuel: 20e9
x = []
while True:
    x.append([0] * 100)
