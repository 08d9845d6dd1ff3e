# expect: finished
# call: f [123456789012345678901234567890, {"dict": [[{"tuple": [1]}, "x"]]}, {"set": [1]}]
# value: {"tuple":[123456789012345678901234567891,"x",{"set":[1]}]}
def f(n, d, t):
    return n + 1, d[(1,)], t
