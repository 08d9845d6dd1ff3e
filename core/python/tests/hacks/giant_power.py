# expect: out-of-fuel
x = 10 ** 10 ** 8
print(x % 7)
