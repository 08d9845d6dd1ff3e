# expect: finished
# stdout: "freed\n"
l = []
for _ in range(100000):
    l = [l]
del l
class N: pass
h = None
for _ in range(200000):
    n = N(); n.next = h; h = n
del h, n
print("freed")
