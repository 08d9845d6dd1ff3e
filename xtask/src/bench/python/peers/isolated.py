"""`python3 -I script` for every test: a new interpreter each time. `isolated.py JOBS`."""

import os
import subprocess
import sys
import tempfile

import protocol


def main():
    with tempfile.TemporaryDirectory() as folder:

        def prepare(job):
            handle, path = tempfile.mkstemp(".py", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8") as script:
                script.write(job["source"])
            return path

        def run(path, job, test):
            ended = subprocess.run(
                [sys.executable, "-I", path],
                input=job["stdins"][test].encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            return ended.returncode == 0, ended.stdout, {}

        protocol.serve(sys.argv[1], prepare, run)


main()
