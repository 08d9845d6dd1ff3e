# expect: out-of-memory
1 << (10 ** 10)
