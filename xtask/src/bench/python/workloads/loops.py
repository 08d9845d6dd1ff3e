# Bare loops over small integers: a knapsack, a sieve, Collatz lengths.
def main():
    best = [0] * 4001
    for item in range(1, 101):
        weight, value = item * 7 % 61 + 3, item * 13 % 97 + 1
        for room in range(4000, weight - 1, -1):
            candidate = best[room - weight] + value
            if candidate > best[room]:
                best[room] = candidate
    composite = bytearray(400_001)
    primes = 0
    for number in range(2, 400_001):
        if not composite[number]:
            primes += 1
            for multiple in range(number * number, 400_001, number):
                composite[multiple] = 1
    longest = 0
    for start in range(1, 4_000):
        number, length = start, 0
        while number != 1:
            number = number >> 1 if number & 1 == 0 else 3 * number + 1
            length += 1
        if length > longest:
            longest = length
    print(best[4000], primes, longest)


main()
