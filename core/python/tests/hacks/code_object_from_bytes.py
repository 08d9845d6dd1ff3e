# expect: exception
import types
code = (lambda: 0).__code__
bad = code.replace(co_code=bytes([255, 255] * 100), co_stacksize=1)
types.FunctionType(bad, {})()
raise ValueError
