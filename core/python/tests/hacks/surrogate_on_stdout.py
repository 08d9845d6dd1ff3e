# expect: exception UnicodeEncodeError 1
print("\ud800")
