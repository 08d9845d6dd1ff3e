"""Judges rows with Math-Verify: one JSON object a line in, one a line out. `bench/math/peer.rs` starts it.

A row has `gold`, `output`, `targets`: `latex+expr` (Math-Verify's default) or `expr` (numbers and plain expressions only), and
`float_rounding`, which is 6 by default.
The clock runs around reading the gold answer, finding and reading the output's answer, and comparing them.
"""

import json
import logging
import sys
import time

from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

# It logs what it can't parse, which would be timed.
logging.disable(logging.CRITICAL)

# Made once: Math-Verify keeps the regular expressions of the configuration that it saw last.
TARGETS = {
    "latex+expr": [LatexExtractionConfig(), ExprExtractionConfig()],
    "expr": [ExprExtractionConfig()],
}


def judge(gold, output, targets, float_rounding=6):
    # LaTeX is only looked for between delimiters.
    delimited = f"${gold}$" if targets == "latex+expr" else gold
    expected = parse(delimited, TARGETS[targets])
    answer = parse(output, TARGETS[targets])
    return verify(expected, answer, float_rounding=float_rounding), expected, answer


def main():
    for gold, output in [("\\frac{1}{2}", "so \\boxed{0.5}"), ("x^2", "$x^2+1$"), ("(1,2)", "it is $(1, 2)$")]:
        for targets in TARGETS:
            judge(gold, output, targets)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        row = json.loads(line)
        started = time.perf_counter_ns()
        equal, expected, answer = judge(
            row["gold"], row["output"], row["targets"], row["float_rounding"]
        )
        nanoseconds = time.perf_counter_ns() - started
        verdict = {
            "equal": bool(equal),
            "gold_read": bool(expected),
            "answer_found": bool(answer),
            # Strings come last; printing a SymPy object can take forever.
            "answer": answer[-1] if answer and isinstance(answer[-1], str) else None,
            "nanoseconds": nanoseconds,
        }
        print(json.dumps(verdict), flush=True)


main()
