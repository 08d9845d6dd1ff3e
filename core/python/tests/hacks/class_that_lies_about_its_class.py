# expect: finished
# call: f []
# value: {"other":
# value-is: prefix
class E:
    @property
    def __class__(self): return int
    def __int__(self): return 42
    def __index__(self): return 42
def f():
    return E()
