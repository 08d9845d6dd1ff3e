# expect: finished
# stdout: "5\n"
async def f():
    return 5
c = f()
try:
    c.send(None)
except StopIteration as stop:
    print(stop.value)
