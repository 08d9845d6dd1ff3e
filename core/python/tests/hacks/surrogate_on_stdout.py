# expect: exception UnicodeEncodeError 2
print("\ud800")
