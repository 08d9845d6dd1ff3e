# expect: exception OverflowError 1
"a" * (3 * 10 ** 9)
