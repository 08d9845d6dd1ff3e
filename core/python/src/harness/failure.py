# Exceptions as the host is told of them, and as CPython would print them.

import json.encoder, os, traceback

write = os.write
format_exception = traceback.TracebackException
get_traceback = BaseException.__dict__["__traceback__"].__get__

# File name of the program, as it stands in tracebacks.
PROGRAM = "main.py"

# Characters of a message, and of a traceback, that are kept.
LONGEST_MESSAGE, LONGEST_TRACEBACK = 4000, 8000


def own_traceback(error):
    """The traceback without the harness's frames."""
    trace = get_traceback(error)
    while trace is not None and trace.tb_frame.f_code.co_filename == "<harness>":
        trace = trace.tb_next
    return trace


def line_of(error):
    """The innermost line of the program that the exception passed through, or where its syntax is wrong."""
    line = None
    trace = own_traceback(error)
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PROGRAM:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None and isinstance(error, SyntaxError) and error.filename == PROGRAM:
        line = error.lineno
    return line if type(line) is int and 0 < line < 2**31 else None


def message_of(error):
    """`str()` of an exception, which is the program's own code."""
    try:
        if isinstance(error, SyntaxError) and type(error.msg) is str:
            text = error.msg
        else:
            text = str(error)
        return str.__str__(text)[:LONGEST_MESSAGE].encode("utf-8", "replace").decode()
    except Exception:
        return "<unprintable>"


def print_traceback(error):
    """Writes to standard error what CPython would."""
    try:
        trace = format_exception(type(error), error, own_traceback(error), limit=-20, compact=True)
        text = "".join(trace.format())
    except Exception:
        text = f"{type_name(type(error))}: {message_of(error)}\n"
    write(2, text[-LONGEST_TRACEBACK:].encode("utf-8", "replace"))


def describe(error):
    """The message to the host about an uncaught exception."""
    if isinstance(error, MemoryError):
        return b"M"
    line = line_of(error)
    return "E{{\"type_name\":{},\"message\":{},\"line\":{}}}".format(
        quote(type_name(type(error))), quote(message_of(error)), "null" if line is None else line
    ).encode()
