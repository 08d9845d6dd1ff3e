# expect: finished
# call: f []
# value: {"other":{"type":"A","repr":"<unprintable>"}}
class A:
    def __repr__(self):
        raise ValueError
def f():
    return A()
