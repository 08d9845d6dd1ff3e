# expect: out-of-memory
eval("-" * 500000 + "1")
