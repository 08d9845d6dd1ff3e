"""A preloaded native fork server: a fresh child for every test, its output read from a pipe. Nothing is contained.

`fork_server.py once JOBS` compiles each program in the parent, before the clock; `fork_server.py each JOBS` in every child.
"""

import gc
import os
import sys

import protocol
import usual_modules


def main():
    mode, jobs = sys.argv[1:]
    null = os.open(os.devnull, os.O_WRONLY)

    def prepare(job):
        return protocol.compiled(job) if mode == "once" else job["source"]

    def run(program, job, test):
        # A file in memory and not a pipe: inputs of any size are there before the child asks.
        feed = os.memfd_create("stdin")
        os.write(feed, job["stdins"][test].encode())
        os.lseek(feed, 0, os.SEEK_SET)
        output, into = os.pipe()
        child = os.fork()
        if child == 0:
            enter(program, feed, into, null)
        os.close(into)
        os.close(feed)
        blocks = []
        while block := os.read(output, 1 << 16):
            blocks.append(block)
        os.close(output)
        _, status = os.waitpid(child, 0)
        return status == 0, b"".join(blocks), {}

    # Objects that live on are not walked by a child's collector, which would copy their pages.
    gc.collect()
    gc.freeze()
    protocol.serve(jobs, prepare, run)


def enter(program, feed, into, null):
    """In the child: runs the program and never returns."""
    status = 1
    try:
        os.dup2(feed, 0)
        os.dup2(into, 1)
        os.dup2(null, 2)
        code = compile(program, "<program>", "exec") if isinstance(program, str) else program
        exec(code, {"__name__": "__main__"})
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        pass
    finally:
        sys.stdout.flush()
        os._exit(status & 255)


main()
