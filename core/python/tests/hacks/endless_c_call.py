# expect: out-of-fuel
sum(iter(int, 1))
