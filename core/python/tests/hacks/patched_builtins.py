# expect: finished
# call: f [1]
# value: {"dict":[["a",1]]}
import builtins
for name in list(vars(builtins)):
    if not name.startswith("_"):
        setattr(builtins, name, lambda *a, **k: 42)
def f(x):
    return {"a": x}
