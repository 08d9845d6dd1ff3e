# expect: finished
# call: Solution.add [1, 2]
# value: 3
class Solution:
    def add(self, a, b):
        return a + b
