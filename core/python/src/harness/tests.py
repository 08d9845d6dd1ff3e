# The tests' side of a check: each name stands for what the candidate's instance has under it.


def ask(operation, arguments, keywords=()):
    """One request to the candidate's instance, and what came of it."""
    set_int_max_str_digits(0)
    numbered = []
    parts = []
    for position, value in enumerate(arguments):
        parts.append(cross(value, numbered, f"argument {position} of `{title(arguments)}`"))
    pairs = []
    for name, value in dict(keywords).items():
        text = cross(value, numbered, f"argument `{name}` of `{title(arguments)}`")
        pairs.append(f"[{quote(name)},{text}]")
    write(CHANNEL, f'Q["{operation}",[{",".join(parts)}],[{",".join(pairs)}]]'.encode())
    answer = receive()
    try:
        tree = scan(answer.decode(), 0)[0]
        incoming = Incoming(numbered, remote)
        error = value = None
        if "raise" in tree:
            error = make_error(tree["raise"])
        else:
            value = incoming.build(tree["value"])
        for number, content in tree["changes"]:
            incoming.fill(numbered[number], content)
    except Exception:
        raise RuntimeError("the candidate's instance gave an answer that can't be read") from None
    finally:
        set_int_max_str_digits(4300)
    if error is not None:
        raise error
    return value


def cross(value, numbered, which):
    try:
        return write_value(value, numbered, local_handle)
    except Uncrossable as reason:
        refuse(f"{which}: {reason}")
    except RecursionError:
        refuse(f"{which}: a value that is nested too deep")


def refuse(what):
    """Ends the check: the host does not return from this write."""
    write(CHANNEL, b"U" + what.encode("utf-8", "replace"))


def title(arguments):
    first = arguments[0]
    if isinstance(first, Remote):
        names = [object.__getattribute__(first, "_restem")[2]]
        names += [name for name in arguments[1:2] if isinstance(name, str)]
        return ".".join(names)
    return type_name(type(first))


def local_handle(value):
    """Only what came from the candidate can go back as a handle."""
    if isinstance(value, Remote):
        number, sort, name = object.__getattribute__(value, "_restem")
        return f'{{"handle":[{number},"{sort}",{quote(name)}]}}'
    raise Uncrossable(f"a `{type_name(type(value))}`")


remotes = {}


def remote(handle):
    """The stand-in of a handle; the same one for the same handle."""
    number, sort, name = handle
    if type(number) is not int or type(sort) is not str or type(name) is not str:
        raise ValueError("a handle of another form")
    if number not in remotes:
        made = object.__new__(RemoteIterator if sort == "iterator" else Remote)
        object.__setattr__(made, "_restem", (number, sort, name))
        remotes[number] = made
    return remotes[number]


def make_class(name, base):
    """An exception class of the candidate's, by name."""
    if name == base:
        return ERRORS[base]
    key = (name, base)
    if key not in made_classes:
        made_classes[key] = type(name, (ERRORS[base],), {"__module__": "__main__"})
    return made_classes[key]


made_classes = {}


def make_error(parts):
    (name, base), arguments, text = parts
    kind = make_class(str(name), base)
    arguments = Incoming([], remote).build(arguments)
    try:
        return kind(*arguments)
    except Exception:
        error = kind.__new__(kind, text)
        error.args = (text,)
        return error


class Remote:
    """Stands for a function, class or object of the candidate's. Equality asks it only about two things of its own: an
    object that claims to equal everything equals no value of the tests."""

    def __call__(self, *arguments, **keywords):
        return ask("call", (self, *arguments), keywords)

    def __getattr__(self, name):
        if ask("is_method", (self, name)):
            return lambda *arguments, **keywords: ask("method", (self, name, *arguments), keywords)
        return ask("get", (self, name))

    def __setattr__(self, name, value):
        ask("set", (self, name, value))

    def __eq__(self, other):
        if self is other:
            return True
        return bool(ask("eq", (self, other))) if isinstance(other, Remote) else NotImplemented

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self):
        return ask("hash", (self,))

    def __instancecheck__(self, value):
        return isinstance(value, Remote) and ask("isinstance", (value, self))


class RemoteIterator(Remote):
    """Stands for an iterator of the candidate's, which goes on as it is asked."""

    def __iter__(self):
        return self

    def __next__(self):
        for item in ask("next", (self,)):
            return item
        raise StopIteration

    def __bool__(self):
        return True


def forward(operation):
    return lambda self, *arguments: ask(operation, (self, *arguments))


def reflected(operation):
    return lambda self, other: ask(operation, (other, self))


for name in "iter len str repr bool getitem setitem delitem contains neg abs".split():
    setattr(Remote, f"__{name}__", forward(name))
for name in "add sub mul truediv floordiv mod pow and or xor".split():
    setattr(Remote, f"__{name}__", forward(name))
    setattr(Remote, f"__r{name}__", reflected(name))


def ordered(operation):
    """An order is asked for between two things of the candidate's only, as equality is."""

    def compare(self, other):
        return ask(operation, (self, other)) if isinstance(other, Remote) else NotImplemented

    return compare


for name in "lt le gt ge".split():
    setattr(Remote, f"__{name}__", ordered(name))


def prepare_tests(job):
    """The tests' code, and a `__main__` with the stand-ins."""
    start = 17 + int(job[1:17])
    described = scan(job[17:start].decode(), 0)[0]
    _, code, names = prepare(b"R" + job[start:])
    for name, what in described:
        if "error" in what:
            names[name] = make_class(*what["error"])
        else:
            set_int_max_str_digits(0)
            names[name] = Incoming([], remote).build(what["value"])
            set_int_max_str_digits(4300)
    return None, code, names
