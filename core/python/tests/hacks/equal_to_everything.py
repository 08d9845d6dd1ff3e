# expect: finished
# call: f []
# value: {"other":{"type":"E","repr":"[1, 2, 3]"}}
class E:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __repr__(self): return "[1, 2, 3]"
def f():
    return E()
