# expect: finished
# call: f []
# value: {"other":{"type":"list","repr":"<nested too deep>"}}
def f():
    l = []
    for _ in range(100000):
        l = [l]
    return l
