# expect: exception EOFError 3
# stdin: "x\n"
input()
input()
