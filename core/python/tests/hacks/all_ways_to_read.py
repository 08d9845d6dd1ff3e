# expect: finished
# stdin: "a\nb\nc\n1 2\n3\n"
# stdout: "'a' 'b\\n' b'c\\n' [1, 2, 3] ''\n"
import os, sys, io
a = input(); b = sys.stdin.readline(); c = sys.stdin.buffer.readline()
print(repr(a), repr(b), repr(c), list(map(int, sys.stdin.read().split())), repr(open(0).read()))
