# expect: finished
# stdout: "{2: 3, 3: 2, 5: 1} ['a', 'b c']\n"
# fuel: 40e9
# memory: 1000e6
import csv, difflib, html, shlex, sympy
print(sympy.factorint(360), shlex.split("a 'b c'"))
