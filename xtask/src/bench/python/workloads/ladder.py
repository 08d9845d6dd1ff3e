# Some hundred nanoseconds of native CPU time per turn: arithmetic, a dictionary, a list, a string, a call.
def turn(i, counts, ring):
    key = (i * 2654435761) % 1009
    counts[key] = counts.get(key, 0) + i
    ring[i % 64] = counts[key] ^ i
    return len(str(key)) + ring[key % 64]


def main():
    total, counts, ring = 0, {}, [0] * 64
    for i in range(int(input())):
        total += turn(i, counts, ring)
    print(total, len(counts))


main()
