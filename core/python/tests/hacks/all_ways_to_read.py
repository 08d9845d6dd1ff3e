# expect: finished
# stdin: "a\nb\nc\n1 2\n3\n"
# stdout: "'a' 'b\\n' 'c\\n' [1, 2, 3] ''\n"
import os, sys, io
a = input(); b = sys.stdin.readline(); c = next(sys.stdin)
print(repr(a), repr(b), repr(c), list(map(int, sys.stdin.read().split())), repr(open(0).read()))
