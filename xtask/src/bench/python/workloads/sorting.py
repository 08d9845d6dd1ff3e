# Sorting with and without keys, a heap of events, binary search, order statistics.
import bisect
import heapq
import random


def main():
    source = random.Random(11)
    numbers = [source.randrange(1 << 40) for _ in range(60_000)]
    rising = sorted(numbers)
    by_digits = sorted(numbers, key=lambda number: (number % 1000, -number))
    words = sorted(map(str, numbers[:30_000]), reverse=True)
    events = [(number % 5000, index) for index, number in enumerate(numbers[:20_000])]
    heapq.heapify(events)
    clock = 0
    while events:
        due, index = heapq.heappop(events)
        clock = (clock * 31 + due) % 1_000_003
        if index % 3 == 0:
            heapq.heappush(events, (due + 17, index + 1))
    ranks = sum(bisect.bisect_left(rising, number) for number in numbers[:30_000])
    kept = []
    for number in numbers[:8_000]:
        bisect.insort(kept, number)
    print(rising[0], by_digits[0], words[0], clock, ranks, kept[4_000], heapq.nlargest(3, numbers))


main()
