# expect: finished
# stdin: "na\u00efve \ud83d\udc0d\n"
# stdout: "\ud83d\udc0d ev\u00efan 7 NA\u00cfVE \ud83d\udc0d\n\u5024\n"
s = input()
print(s[::-1], len(s), s.upper())
変数 = "値"
print(変数)
