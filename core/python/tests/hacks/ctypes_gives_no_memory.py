# expect: finished
# stdout: "no\n"
try:
    import ctypes
    print(ctypes.string_at(0, 16) and "read")
except Exception:
    print("no")
