"""No isolation at all: the compiled program in this process. Gives the CPU time that a program itself needs. `warm.py JOBS`."""

import io
import sys
import time

import protocol
import usual_modules


def main():
    stdin, stdout = sys.stdin, sys.stdout

    def run(code, job, test):
        written = io.BytesIO()
        sys.stdin = io.TextIOWrapper(io.BytesIO(job["stdins"][test].encode()))
        sys.stdout = io.TextIOWrapper(written, write_through=False)
        ok = True
        began = time.process_time_ns()
        try:
            exec(code, {"__name__": "__main__"})
        except SystemExit as left:
            ok = left.code in (None, 0)
        except BaseException:
            ok = False
        cpu = time.process_time_ns() - began
        sys.stdout.flush()
        output = written.getvalue()
        sys.stdin, sys.stdout = stdin, stdout
        return ok, output, {"cpu_nanoseconds": cpu}

    protocol.serve(sys.argv[1], protocol.compiled, run)


main()
