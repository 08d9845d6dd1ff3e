# expect: exception ValueError 3
import math
print(str(math.factorial(5000))[:5])
