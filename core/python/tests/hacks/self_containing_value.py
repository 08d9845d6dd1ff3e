# expect: finished
# call: f []
# value: [1,{"other":{"type":"list","repr":"[1, [...]]"}}]
def f():
    l = [1]
    l.append(l)
    return l
