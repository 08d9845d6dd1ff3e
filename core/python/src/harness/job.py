# One job: the host calls `entry` with the job in the channel, and reads the last message there when it returns.
#
# A message begins with its kind: F finished (and the value), E exception, X exit, M out of memory, C compiled code.
# Whoever reads the channel trusts none of it: a program can write there, or change this code in its own memory. All that
# it can gain is to say what it could have said by doing it. What it can't do is return from `entry` without getting there.

import atexit, builtins, marshal, os, sys, threading, types

CHANNEL = 1000

read, loads, dumps, run, compile_source = os.read, marshal.loads, marshal.dumps, exec, compile
run_at_exit = atexit._run_exitfuncs
Module = types.ModuleType


def entry():
    job = receive()
    kind = job[:1]
    if kind == b"C":
        return say(compile_job(job[1:]))
    if kind == b"S":
        return say(begin_candidate(job))
    if kind == b"D":
        return say(serve(job))
    call, code, names = prepare_tests(job) if kind == b"T" else prepare(job)
    result = b"F"
    try:
        run(code, names)
        if call is not None:
            result += invoke(names, call)
    except SystemExit as error:
        result = leave(error)
    except BaseException as error:
        result = fail(error)
    finish()
    say(result)


def receive():
    """The job: its length in 16 digits, then as many bytes."""
    left = int(read(CHANNEL, 16))
    parts = []
    while left:
        part = read(CHANNEL, left)
        left -= len(part)
        parts.append(part)
    return b"".join(parts)


def say(message):
    write(CHANNEL, message)


def compile_job(source):
    """Compiles without running anything."""
    try:
        code = compile_source(source, PROGRAM, "exec", dont_inherit=True)
        return b"C" + dumps(code)
    except BaseException as error:
        result = describe(error)
        print_traceback(error)
        return result


def prepare(job):
    """What to call, if anything; the code; and the names of a fresh `__main__`."""
    call = None
    start = 1
    if job[:1] == b"K":
        start = 17 + int(job[1:17])
        call = decode(job[17:start].decode())
    main = Module("__main__")
    main.__file__ = PROGRAM
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    return call, loads(job[start:]), main.__dict__


def invoke(names, call):
    """Calls `function`, or `Class.method` of a new object, and encodes what it returns."""
    path, arguments = call
    first, *rest = path.split(".")
    if first not in names:
        if rest or "Solution" not in names:
            raise NameError(f"name '{first}' is not defined")
        function = getattr(names["Solution"](), first)
    else:
        function = names[first]
        for name in rest:
            function = getattr(function() if isinstance(function, type) else function, name)
    return encode(function(*arguments)).encode()


def leave(error):
    """`SystemExit`: nothing is 0, a number is itself, anything else is printed and is 1."""
    code = error.code
    if code is None:
        return b"X0"
    if isinstance(code, int):
        return b"X%d" % (code if -(2**31) <= code < 2**31 else -1)
    try:
        text = str(code)
    except Exception:
        text = ""
    flush()
    write(2, text[:LONGEST_TRACEBACK].encode("utf-8", "replace") + b"\n")
    return b"X1"


def fail(error):
    """Any other exception."""
    result = describe(error)
    flush()
    if sys.excepthook is not sys.__excepthook__:
        try:
            sys.excepthook(type(error), error, own_traceback(error))
            return result
        except Exception:
            pass
    print_traceback(error)
    return result


def flush():
    """Flushes both streams, whatever the program made of them."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except Exception:
            pass


def finish():
    """What CPython does at its end."""
    try:
        run_at_exit()
    except BaseException:
        pass
    flush()
