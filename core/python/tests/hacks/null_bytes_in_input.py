# expect: finished
# stdin: "a\u0000b\n"
# stdout: "3\n"
print(len(input()))
