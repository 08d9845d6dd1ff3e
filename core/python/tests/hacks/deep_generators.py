# expect: exception RecursionError
import sys
def g(n):
    if n:
        yield from g(n - 1)
    yield n
print(next(g(5000)))
