# expect: out-of-memory
# fuel: 40e9
import sys
sys.setrecursionlimit(10 ** 9)
def f():
    return f() + 1
f()
