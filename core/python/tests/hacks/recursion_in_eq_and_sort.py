# expect: exception RecursionError
import sys
sys.setrecursionlimit(10 ** 6)
class A:
    def __lt__(self, other):
        return sorted([A(), A()])[0] is self
sorted([A(), A()])
