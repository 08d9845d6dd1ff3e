# Text: split and joined, searched, formatted, reversed, compared letter by letter.
import re


def palindromes(text):
    found = 0
    for centre in range(len(text)):
        for end in (centre, centre + 1):
            low, high = centre, end
            while low >= 0 and high < len(text) and text[low] == text[high]:
                found += 1
                low -= 1
                high += 1
    return found


def main():
    words = [f"{number:x}-{number % 97:03d}" for number in range(60_000)]
    text = " ".join(words)
    lengths = {}
    for word in text.split():
        lengths[word[:2]] = lengths.get(word[:2], 0) + len(word)
    matches = sum(int(match[1]) for match in re.finditer(r"-(\d+)\b", text))
    turned = "".join(word[::-1].upper() for word in words)
    shifted = turned.translate(str.maketrans("ABCDEF", "BCDEFA")).replace("0", "zero")
    letters = "".join(chr(97 + number * number * 2654435761 % 1009 % 3) for number in range(15_000))
    print(len(text), len(lengths), matches, shifted.count("ze"), palindromes(letters), letters.rfind("abcab"))


main()
