# The machine that programs are usually judged on: 64 bits, threads, the modules at hand.

import builtins, os, sys
import abc, array, base64, bisect, calendar, cmath, collections, collections.abc, contextlib, copy, dataclasses, datetime
import decimal, enum, fractions, functools, hashlib, heapq, inspect, io, itertools, json, keyword, linecache, locale, logging
import marshal, math, numbers, operator, pickle, pprint, queue, random, re, secrets, string, statistics, struct, textwrap
import threading, time, timeit, tokenize, traceback, types, typing, unicodedata, uuid, warnings, weakref, zlib
import concurrent.futures.thread
import _sitebuiltins
import numpy, numpy.linalg, numpy.random

# Programs use it as infinity.
sys.maxsize = 2**63 - 1
sys.set_int_max_str_digits(4300)
sys.argv[:1] = ["main.py"]
# There is no such file: tracebacks are not to look for its lines.
linecache.cache["main.py"] = (0, None, [], "main.py")

# What `site` would add.
builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
builtins.copyright = _sitebuiltins._Printer("copyright", sys.copyright)
builtins.credits = _sitebuiltins._Printer("credits", "See www.python.org for more information.")
builtins.license = _sitebuiltins._Printer("license", "See https://docs.python.org/license.html")
builtins.help = _sitebuiltins._Helper()


def install_recursion_limit():
    """The program is one frame deeper than `python main.py` would have it: the harness's `entry` is above it."""
    get, set_ = sys.getrecursionlimit, sys.setrecursionlimit

    def getrecursionlimit():
        return get() - 1

    def setrecursionlimit(limit, /):
        set_(limit + 1 if limit != 2**31 - 1 else limit)

    sys.getrecursionlimit, sys.setrecursionlimit = getrecursionlimit, setrecursionlimit
    setrecursionlimit(1000)


def install_threads():
    """A thread runs to its end within `start`: the usual reason for one is a bigger stack for the main function."""
    Thread = threading.Thread
    done = set()

    def start(self):
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        if self._started.is_set():
            raise RuntimeError("threads can only be started once")
        self._started.set()
        try:
            self.run()
        except SystemExit:
            pass
        except BaseException:
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self)))
        finally:
            done.add(id(self))
            self._restem_done = True

    def join(self, timeout=None):
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if not self._started.is_set():
            raise RuntimeError("cannot join thread before it is started")

    def is_alive(self):
        return self._started.is_set() and not hasattr(self, "_restem_done")

    def stack_size(size=0):
        return 0

    def run_timer(self):
        time.sleep(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()

    Thread.start = start
    Thread.join = join
    Thread.is_alive = is_alive
    threading.Timer.run = run_timer
    threading.stack_size = stack_size

    def submit(self, fn, /, *args, **kwargs):
        future = concurrent.futures.Future()
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future

    concurrent.futures.thread.ThreadPoolExecutor.submit = submit


def install_resource():
    """`resource.setrlimit(RLIMIT_STACK, …)` is the usual prelude of a deep recursion; WASI has no such module."""
    resource = types.ModuleType("resource")
    resource.RLIM_INFINITY = -1
    for number, name in enumerate(
        ["CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS"]
    ):
        setattr(resource, f"RLIMIT_{name}", number)
    resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN = 0, -1
    resource.getrlimit = lambda which: (-1, -1)
    resource.setrlimit = lambda which, limits: None
    fields = "ru_utime ru_stime ru_maxrss ru_ixrss ru_idrss ru_isrss ru_minflt ru_majflt ru_nswap ru_inblock"
    fields += " ru_oublock ru_msgsnd ru_msgrcv ru_nsignals ru_nvcsw ru_nivcsw"
    struct_rusage = collections.namedtuple("struct_rusage", fields)
    resource.getrusage = lambda who: struct_rusage(time.perf_counter() % 1e6, 0.0, 50_000, *[0] * 13)
    resource.error = OSError
    sys.modules["resource"] = resource


install_recursion_limit()
install_threads()
install_resource()
