#!/usr/bin/env python3
"""Writes the word-problem splits of this example from the templates beside it.

    python3 generate.py            writes train.jsonl, validation.jsonl, test.jsonl, shots.jsonl
    python3 generate.py --check    exits 1 if a committed file differs from what would be written

Needs Python 3.11 and nothing else. The same templates give the same bytes on every machine: the only source of
chance is `random.Random(seed).random()`, whose sequence Python documents as stable across versions.

A row is {id, prompt, reference, solutions, metadata: {steps, template}}. Splits share no template, and no prompt
occurs twice anywhere.
"""

import json
import random
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20230612
ROWS = {"train": 800, "validation": 120, "test": 300}
TWO_STEP_SHARE = 0.35
MAX_WORDS = 35

# Small enough for a model of 270M parameters to get some right, large enough that it gets most wrong. By number of steps.
ADDEND = {1: (2, 30), 2: (2, 15)}  # numbers that are added or taken away
FACTOR = {1: (2, 12), 2: (2, 6)}  # factors, divisors and quotients
LARGEST_RESULT = 144

# In no split. One per operation that a model must tell apart, one of them with two steps.
SHOTS = [
    ("Tom has 12 plums. Mia gives him 7 more. How many plums does Tom have?", ["12 + 7"]),
    ("A baker made 35 pies and sold 21. How many pies are left?", ["35 - 21"]),
    ("There are 6 vans with 8 people in each van. How many people are there?", ["6 * 8"]),
    ("Kim buys 4 toys for 5 dollars each and pays with 30 dollars. How many dollars does Kim get back?",
     ["4 * 5", "30 - 20"]),
]

APPLY = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x // y}


class Draw:
    """Seeded choices made only from `random()`."""

    def __init__(self, seed):
        self._source = random.Random(seed)

    def between(self, low, high):
        return low + int(self._source.random() * (high - low + 1))

    def choice(self, items):
        return items[self.between(0, len(items) - 1)]

    def shuffled(self, items):
        items = list(items)
        for last in range(len(items) - 1, 0, -1):
            other = self.between(0, last)
            items[last], items[other] = items[other], items[last]
        return items


def numbers_for(steps, draw):
    """Numbers for the letters in `steps`, each from the range that its place in the arithmetic asks for."""
    addend, factor = ADDEND[len(steps)], FACTOR[len(steps)]
    numbers = {}
    for step in steps:
        left, sign, right = step.split()
        for letter in (left, right):
            if letter != "#" and letter not in numbers:
                numbers[letter] = draw.between(*(factor if sign in "*/" else addend))
        if sign == "/" and left != "#":  # an exact division is drawn as divisor and quotient
            numbers[left] *= numbers[right]
        if sign == "-" and right == "#":  # what a product is taken from may be larger than other numbers
            numbers[left] += draw.between(*addend)
    return numbers


def equations(steps, numbers):
    """The steps with their numbers, as (left, sign, right, result); None where they aren't a problem for a child."""
    low, high = FACTOR[len(steps)]
    done, previous = [], None
    for step in steps:
        left, sign, right = step.split()
        x = previous if left == "#" else numbers[left]
        y = previous if right == "#" else numbers[right]
        if sign == "-" and x - y < 2:
            return None
        if sign == "/" and (x % y or not low <= x // y <= high):
            return None
        if sign == "*" and not (low <= x <= high and low <= y <= high):
            return None
        previous = APPLY[sign](x, y)
        if previous > LARGEST_RESULT:
            return None
        done.append((x, sign, y, previous))
    return done


def solution(done, unit, draw):
    """A short solution as a person would jot it down: every step, then the answer."""
    lines = [f"{x} {sign} {y} = {result}" for x, sign, y, result in done]
    style = draw.between(0, 4)
    if style == 3:
        lines[-1] = f"{lines[-1]} {unit}"
    if style == 4:
        lines = [f"So {lines[0]}"] if len(lines) == 1 else [f"First, {lines[0]}", f"Then {lines[1]}"]
    return f"{'. '.join(lines)}. The answer is {done[-1][3]}."


def problem(template, pools, draw):
    """One filled template: (prompt, reference, solution)."""
    done = None
    while done is None:
        numbers = numbers_for(template["steps"], draw)
        done = equations(template["steps"], numbers)
    name, other = draw.shuffled(pools["names"])[:2]
    thing = draw.choice(template.get("things", pools["things"]))
    prompt = template["text"].format(name=name, other=other, thing=thing, **numbers)
    return prompt, str(done[-1][3]), solution(done, template.get("unit", thing), draw)


def split_rows(split, taken):
    """The rows of one split. `taken` holds the prompts of all splits so far and grows."""
    source = tomllib.loads((HERE / "templates" / f"{split}.toml").read_text(encoding="utf-8"))
    draw = Draw(f"{SEED}/{split}")
    two_step = round(ROWS[split] * TWO_STEP_SHARE)
    rows = []
    for steps, wanted in ((1, ROWS[split] - two_step), (2, two_step)):
        templates = [t for t in source["template"] if len(t["steps"]) == steps]
        made = 0
        while made < wanted:
            template = templates[made % len(templates)]
            prompt, reference, human = problem(template, source["pools"], draw)
            if prompt in taken:
                continue
            if len(prompt.split()) > MAX_WORDS:
                raise ValueError(f"template {template['id']} makes a prompt of more than {MAX_WORDS} words: {prompt}")
            taken.add(prompt)
            made += 1
            rows.append((prompt, reference, human, {"steps": steps, "template": template["id"]}))
    return [
        {"id": f"{split}-{number:04}", "prompt": prompt, "reference": reference, "solutions": [human], "metadata": about}
        for number, (prompt, reference, human, about) in enumerate(draw.shuffled(rows), start=1)
    ]


def shot_rows(taken):
    """The fixed few-shot problems, solved in the plainest form of the human solutions."""
    rows = []
    for number, (prompt, steps) in enumerate(SHOTS, start=1):
        done = [(int(x), sign, int(y), APPLY[sign](int(x), int(y))) for x, sign, y in map(str.split, steps)]
        human = f"{'. '.join(f'{x} {sign} {y} = {result}' for x, sign, y, result in done)}. The answer is {done[-1][3]}."
        taken.add(prompt)
        rows.append({"id": f"shot-{number}", "prompt": prompt, "reference": str(done[-1][3]), "solutions": [human],
                     "metadata": {"steps": len(done), "template": "shot"}})
    return rows


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    taken = set()
    files = {"shots": shot_rows(taken)} | {split: split_rows(split, taken) for split in ROWS}
    stale = []
    for name, rows in files.items():
        path = HERE / f"{name}.jsonl"
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        if check:
            if not path.exists() or path.read_bytes() != content:
                stale.append(path.name)
        else:
            path.write_bytes(content)
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}; run `python3 generate.py` and commit the result")


if __name__ == "__main__":
    main()
