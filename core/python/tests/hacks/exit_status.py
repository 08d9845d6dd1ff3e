# expect: exit 3
# stdout: "a\n"
print("a")
exit(3)
