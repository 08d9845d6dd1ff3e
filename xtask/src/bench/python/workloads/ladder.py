# Each turn does a little of everything that the CPU-bound programs do at length.
import heapq
from collections import deque


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def turned(self, other):
        return Point(self.x * other.x - self.y * other.y, self.x * other.y + self.y * other.x)


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def main():
    turns = int(input())
    counts, queue, heap, point, big, total = {}, deque(), [], Point(1.0, 0.0), 3**200, 0
    for turn in range(turns):
        for step in range(24):
            if (turn + step) % 3 == 1:
                total += step ^ turn & 255
        for key in (turn % 97, turn % 89, turn % 53):
            counts[key] = counts.get(key, 0) + 1
            queue.append(key)
        total += queue.popleft() + len(counts)
        for _ in range(3):
            point = point.turned(Point(0.6, 0.8))
        total += fibonacci(5)
        heapq.heappush(heap, (turn * 37) % 101)
        total += heap[0] + sorted((turn * step) % 31 for step in range(8))[3]
        words = f"{turn} is {turn % 7:03d} and {turn % 11:x}".split()
        total += len("-".join(reversed(words))) + words[-1].count("a")
        big = big * 7 % (2**521 - 1)
    print(total, sorted(counts.items())[:3], len(queue), heap[0], round(point.x, 6), big % 1_000_003)


main()
