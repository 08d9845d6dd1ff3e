# Calls: queens, a memoised edit distance, permutations by swapping.
import sys
from functools import lru_cache

sys.setrecursionlimit(10_000)


def queens(size, row, columns, rising, falling):
    if row == size:
        return 1
    found = 0
    for column in range(size):
        bit, up, down = 1 << column, 1 << (row + column), 1 << (row - column + size)
        if not (columns & bit or rising & up or falling & down):
            found += queens(size, row + 1, columns | bit, rising | up, falling | down)
    return found


@lru_cache(maxsize=None)
def distance(i, j):
    if i == 0 or j == 0:
        return i + j
    if LEFT[i - 1] == RIGHT[j - 1]:
        return distance(i - 1, j - 1)
    return 1 + min(distance(i - 1, j), distance(i, j - 1), distance(i - 1, j - 1))


def permutations(items, fixed):
    if fixed == len(items):
        return items[0] < items[-1]
    count = 0
    for other in range(fixed, len(items)):
        items[fixed], items[other] = items[other], items[fixed]
        count += permutations(items, fixed + 1)
        items[fixed], items[other] = items[other], items[fixed]
    return count


LEFT, RIGHT = "kitten on the mat " * 9, "sitting at the map " * 9
for i in range(len(LEFT)):
    distance(i, len(RIGHT))
print(queens(8, 0, 0, 0, 0), distance(len(LEFT), len(RIGHT)), permutations(list(range(8)), 0))
