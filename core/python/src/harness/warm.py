# Goes once through what every run needs, so that what CPython loads or builds at first use is in the snapshot.

import io, sys, traceback


def warm():
    cases = [
        "def f():\n  raise ValueError('x')\nf()\n",
        "def f(:\n",
        "import nosuchmodule\n",
        "undefined_name\n",
        "[].no_such_attribute\n",
        "'\\d'\n",
        "1 / 0\n",
        "def f(n):\n  return f(n + 1)\nf(0)\n",
    ]
    for case in cases:
        try:
            run(compile_source(case, PROGRAM, "exec", dont_inherit=True), {"__name__": "__main__"})
        except Exception as error:
            describe(error)
            "".join(format_exception(type(error), error, own_traceback(error), limit=-20, compact=True).format())
    stdout, sys.stdout = sys.stdout, io.StringIO()
    try:
        run(
            compile_source(
                "from collections import *\nfrom math import *\nimport re, sys\n"
                "print(f'{1.5:.2f} {2:>5}', '%d %s' % (3, 'x'), '{}'.format([1, 2]), sorted([3, 1, 2]))\n"
                "print(re.sub('a', 'b', 'caa'), repr({1: 2}), {1, 2}, *map(int, '1 2'.split()))\n"
                "class A:\n  def __init__(self): self.x = 1\nA().x\n",
                PROGRAM, "exec", dont_inherit=True,
            ),
            {"__name__": "__main__"},
        )
    finally:
        sys.stdout = stdout
    value = [None, True, 1, 1.5, 1j, "x", "\ud800", b"x", (1,), {1: 2}, {1}, frozenset([1]), range(2), deque([1])]
    decode(encode(value))
    encode(numpy.arange(3))
    encode(numpy.float64(1))
    encode(object())


warm()
