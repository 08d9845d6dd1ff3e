# The candidate's side of a check: runs the program once, then answers one request after another.
#
# A request is `[operation, arguments, keyword arguments]`, an answer `{"value": …}` or `{"raise": …}` with `changes`: what the
# numbered objects of the request hold now, where that is something else than before.

import operator


class Candidate:
    def __init__(self):
        self.names = None
        self.objects = []
        self.handles = {}

    def handle(self, value):
        """The handle of an object that stays here. The same object has the same handle."""
        number = self.handles.get(id(value))
        if number is None:
            kind = type(value)
            callable_ = isinstance(value, (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools_partial))
            if callable_:
                sort = "function"
            elif isinstance(value, type):
                sort = "class"
            elif hasattr(kind, "__next__"):
                sort = "iterator"
            elif type.__dict__["__module__"].__get__(kind) == "__main__" or type.__dict__["__module__"].__get__(kind) == "functools":
                sort = "object"
            else:
                raise Uncrossable(f"a `{type_name(kind)}`")
            number = len(self.objects)
            self.objects.append((value, sort))
            self.handles[id(value)] = number
        sort = self.objects[number][1]
        return f'{{"handle":[{number},"{sort}",{quote(self.title(value))}]}}'

    def title(self, value):
        try:
            name = value.__qualname__ if isinstance(value, type) or hasattr(value, "__qualname__") else type(value).__qualname__
        except Exception:
            name = ""
        return name if isinstance(name, str) else ""

    def object(self, handle):
        return self.objects[handle[0]][0]

    def describe(self, wanted):
        """What the program defines under the names that stand in the tests."""
        parts = []
        for name in wanted:
            if name in self.names:
                value = self.names[name]
                if isinstance(value, type) and issubclass(value, BaseException):
                    text = f'{{"error":{self.error_class(value)}}}'
                else:
                    try:
                        text = f'{{"value":{write_value(value, [], self.handle)}}}'
                    except Uncrossable as reason:
                        raise Uncrossable(f"`{name}`: {reason}") from None
                parts.append(f"[{quote(name)},{text}]")
        return f"[{','.join(parts)}]"

    def answer(self, text):
        operation, arguments, keywords = scan(text, 0)[0]
        numbered = []
        incoming = Incoming(numbered, self.object)
        arguments = [incoming.build(item) for item in arguments]
        keywords = {name: incoming.build(item) for name, item in keywords}
        known = len(numbered)
        before = [write_content(value, numbered, self.handle) for value in numbered[:known]]
        set_int_max_str_digits(4300)
        try:
            value = OPERATIONS[operation](*arguments, **keywords)
        except (SystemExit, MemoryError):
            raise
        except BaseException as error:
            set_int_max_str_digits(0)
            outcome = f'"raise":{self.raised(error)}'
        else:
            set_int_max_str_digits(0)
            outcome = f'"value":{write_value(value, numbered, self.handle)}'
        changes = []
        for number in range(known):
            content = write_content(numbered[number], numbered, self.handle)
            if content != before[number]:
                changes.append(f"[{number},{content}]")
        return f'{{{outcome},"changes":[{",".join(changes)}]}}'

    def error_class(self, kind):
        """Name of an exception class, and of the built-in one that it derives from."""
        for base in type.__dict__["__mro__"].__get__(kind):
            for name, error in ERRORS.items():
                if base is error:
                    return f"[{quote(type_name(kind))},{quote(name)}]"

    def raised(self, error):
        try:
            arguments = write_value(tuple(error.args), [], self.refuse)
        except BaseException:
            arguments = write_value((message_of(error),), [], self.refuse)
        return f"[{self.error_class(type(error))},{arguments},{quote(message_of(error))}]"

    def refuse(self, value):
        raise Uncrossable("an exception's argument")


def get(value, name):
    return getattr(value, name)


def set_attribute(value, name, new):
    setattr(value, name, new)


def call_method(value, name, *arguments, **keywords):
    return getattr(value, name)(*arguments, **keywords)


def call(value, *arguments, **keywords):
    return value(*arguments, **keywords)


def step(value):
    """The next item as a tuple of one, or an empty tuple at the end."""
    try:
        return (next(value),)
    except StopIteration:
        return ()


def is_method(value, name):
    """Whether an attribute is to be called: then the call itself is the next request."""
    return callable(getattr(value, name))


OPERATIONS = {
    "call": call, "method": call_method, "get": get, "set": set_attribute, "is_method": is_method, "next": step,
    "iter": iter, "len": len, "str": str, "repr": repr, "bool": bool, "isinstance": isinstance, "hash": hash,
    "getitem": operator.getitem, "setitem": operator.setitem, "delitem": operator.delitem,
    "contains": operator.contains, "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge, "add": operator.add, "sub": operator.sub, "mul": operator.mul,
    "truediv": operator.truediv, "floordiv": operator.floordiv, "mod": operator.mod, "pow": operator.pow,
    "neg": operator.neg, "abs": operator.abs, "and": operator.and_, "or": operator.or_, "xor": operator.xor,
}

import functools

functools_partial = functools.partial
candidate = Candidate()


def begin_candidate(job):
    """Runs the program, and tells what it defines."""
    start = 17 + int(job[1:17])
    wanted = scan(job[17:start].decode(), 0)[0]
    _, code, names = prepare(b"R" + job[start:])
    candidate.names = names
    try:
        run(code, names)
    except SystemExit as error:
        return leave(error)
    except BaseException as error:
        return fail(error)
    return crossing_message(lambda: candidate.describe(wanted))


def serve(job):
    """Answers one request."""
    return crossing_message(lambda: candidate.answer(job[1:].decode()))


def crossing_message(work):
    set_int_max_str_digits(0)
    try:
        return b"A" + work().encode()
    except Uncrossable as reason:
        return b"U" + str(reason).encode("utf-8", "replace")
    except RecursionError:
        return b"Ua value that is nested too deep"
    except SystemExit as error:
        return leave(error)
    except MemoryError:
        return b"M"
    finally:
        set_int_max_str_digits(4300)
