# expect: exception
import marshal
marshal.loads(b"[" + b"\xff\xff\xff\x7f")
