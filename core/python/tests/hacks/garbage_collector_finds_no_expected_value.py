# expect: finished
# stdout: "0\n"
import gc
found = [o for o in gc.get_objects() if isinstance(o, dict) and "expected" in o]
print(len(found))
