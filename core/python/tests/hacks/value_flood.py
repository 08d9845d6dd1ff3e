# expect: output-limit
# call: f []
def f():
    return "x" * (2 << 20)
