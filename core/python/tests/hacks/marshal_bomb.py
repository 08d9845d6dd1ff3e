# expect: out-of-memory
import marshal
marshal.loads(b"[" + b"\xff\xff\xff\x7f")
