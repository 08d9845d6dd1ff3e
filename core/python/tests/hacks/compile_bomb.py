# expect: out-of-memory
eval("(" * 100000 + ")" * 100000)
