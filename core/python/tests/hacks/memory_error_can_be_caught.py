# expect: finished
# stdout: "caught\n45\n"
try:
    x = [0] * 10 ** 9
except MemoryError:
    print("caught")
print(sum(range(10)))
