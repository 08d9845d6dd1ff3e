# expect: exception TypeError
# call: f [1, 2]
def f(a):
    return a
