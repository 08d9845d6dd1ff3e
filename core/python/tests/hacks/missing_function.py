# expect: exception NameError
# call: f []
def g():
    pass
