# expect: finished
# call: f []
# value: 1
class A:
    def __del__(self):
        raise ValueError("in del")
def f():
    A()
    return 1
