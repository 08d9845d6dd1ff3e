# Dictionaries, counters, sets and queues: words counted, a graph walked breadth first, memo tables.
from collections import Counter, defaultdict, deque


def main():
    seed, visits = 2463534242, {}
    for _ in range(120_000):
        seed ^= (seed << 13) & 0xFFFFFFFF
        seed ^= seed >> 17
        seed ^= (seed << 5) & 0xFFFFFFFF
        visits[seed % 4093] = visits.get(seed % 4093, 0) + 1
    graph = defaultdict(set)
    for node in range(20_000):
        for step in (1, 7, 61):
            other = (node * 31 + step) % 20_000
            graph[node].add(other)
            graph[other].add(node)
    depth, queue = {0: 0}, deque([0])
    while queue:
        node = queue.popleft()
        for other in graph[node]:
            if other not in depth:
                depth[other] = depth[node] + 1
                queue.append(other)
    letters = Counter("".join(format(node * node, "x") for node in range(30_000)))
    pairs = {(a % 37, a % 41): a for a in range(40_000)}
    print(len(visits), max(visits.values()), max(depth.values()), sorted(letters.items())[:4], sum(pairs.values()))


main()
