# expect: finished
# call: f []
# value: [3,0.5,true,[[1,2],[3,4]],5,{"tuple":[1,2]},{"dict":[["a",2],["b",1]]},[1],[0,1,2],{"bytes":"61"},{"complex":[0.0,1.0]}]
import numpy as np, collections, enum, fractions
class C(enum.IntEnum):
    A = 5
P = collections.namedtuple("P", "x y")
def f():
    return [np.int64(3), np.float64(0.5), np.bool_(True), np.array([[1, 2], [3, 4]]), C.A, P(1, 2),
            collections.Counter("aab"), collections.deque([1]), range(3), bytearray(b"a"), 1j]
