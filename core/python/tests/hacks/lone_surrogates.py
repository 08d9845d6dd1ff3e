# expect: finished
# call: f ["é"]
# value: {"str":[233, 55296]}
def f(s):
    return s + "\ud800"
