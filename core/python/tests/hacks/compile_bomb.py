# expect: exception
eval("(" * 100000 + ")" * 100000)
