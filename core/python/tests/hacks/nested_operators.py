# expect: exception
eval("-" * 500000 + "1")
