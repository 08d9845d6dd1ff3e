# expect: exception EOFError 2
# stdin: "x\n"
input()
input()
