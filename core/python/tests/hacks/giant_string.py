# expect: exception OverflowError 2
"a" * (3 * 10 ** 9)
