"""What every peer does alike: read the jobs, prepare them, say `ready`, wait for a line, run each test, report.

A job has `id`, `source`, `stdins`, `repeats`, and `expected`: per test the sha256 of its standard output, or null. A row has the
job's `id`, the number of its `test`, `nanoseconds`, `ok` (it ended by itself, with status 0), `digest` of its standard
output (null where a peer doesn't show it), and whatever else the peer measured. The last line has the `elapsed_nanoseconds` of all tests.
"""

import hashlib
import json
import os
import sys
import time


def serve(jobs_path, prepare, run):
    """`prepare(job)` gives what `run(prepared, job, test)` wants; `run` gives `ok`, output in bytes or digest, and more fields."""
    with open(jobs_path, encoding="utf-8") as lines:
        jobs = [json.loads(line) for line in lines]
    prepared = [prepare(job) for job in jobs]
    print("ready", flush=True)
    # Not `sys.stdin`: it would read ahead, and forked children inherit what it holds.
    os.read(0, 1)
    rows = []
    began = time.perf_counter_ns()
    for repeat in range(max(job["repeats"] for job in jobs)):
        for job, ready in zip(jobs, prepared):
            if repeat >= job["repeats"]:
                continue
            for test in range(len(job["stdins"])):
                started = time.perf_counter_ns()
                ok, output, more = run(ready, job, test)
                elapsed = time.perf_counter_ns() - started
                rows.append((job["id"], test, elapsed, ok, output, more))
    elapsed = time.perf_counter_ns() - began
    for name, test, nanoseconds, ok, output, more in rows:
        digest = hashlib.sha256(output).hexdigest() if isinstance(output, bytes) else output
        row = {"id": name, "test": test, "nanoseconds": nanoseconds, "ok": ok, "digest": digest, **more}
        print(json.dumps(row))
    print(json.dumps({"elapsed_nanoseconds": elapsed}), flush=True)
    sys.stdout.flush()


def compiled(job):
    """The program's code, or its source if that is no Python: it then fails in every test."""
    try:
        return compile(job["source"], "<program>", "exec")
    except SyntaxError:
        return job["source"]
