# expect: finished
# call: f []
# value: {"other":{"type":"generator"
# value-is: prefix
def f():
    yield 1
