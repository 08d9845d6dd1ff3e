# expect: finished
# stdout: "ok\n"
def f():
    return f()
for _ in range(50):
    try:
        f()
    except RecursionError:
        pass
print("ok")
