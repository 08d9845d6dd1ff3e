# Numbers of thousands of digits: a product tree, powers modulo a Mersenne prime, a decimal expansion.
def product(low, high):
    if high - low < 8:
        result = 1
        for factor in range(low, high):
            result *= factor
        return result
    middle = (low + high) // 2
    return product(low, middle) * product(middle, high)


def root_digits(number, digits):
    scaled = number * 10 ** (2 * digits)
    guess = 1 << (scaled.bit_length() // 2 + 1)
    while True:
        better = (guess + scaled // guess) >> 1
        if better >= guess:
            return guess
        guess = better


def main():
    mersenne = 2**1279 - 1
    witness = sum(pow(base, mersenne - 1, mersenne) for base in (3, 5, 7, 11))
    factorial = product(1, 6001)
    residues = 1
    for step in range(1, 120_000):
        residues = residues * (step | 1) % 1_000_000_000_039
    pair = (0, 1)
    for _ in range(9_000):
        pair = (pair[1], pair[0] + pair[1])
    print(witness, factorial % (2**61 - 1), factorial.bit_length(), residues, pair[0] % 10**9, root_digits(2, 1500) % 10**12)


main()
