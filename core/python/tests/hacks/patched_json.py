# expect: finished
# call: f [1]
# value: [1,"y"]
import json, json.encoder
json.dumps = lambda *a, **k: "42"
json.encoder.encode_basestring = json.encoder.c_encode_basestring = lambda s: "42"
json.JSONEncoder.encode = lambda *a: "42"
def f(x):
    return [x, "y"]
