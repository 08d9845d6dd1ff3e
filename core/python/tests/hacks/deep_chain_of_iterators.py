# expect: finished
import sys
x = iter([1])
for _ in range(100000):
    x = map(str, x)
next(x)
