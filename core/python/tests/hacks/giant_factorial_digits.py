# expect: exception ValueError 2
import math
print(str(math.factorial(5000))[:5])
