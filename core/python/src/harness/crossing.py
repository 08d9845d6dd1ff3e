# Values that go from one instance of a check to the other: by value, with identity and what can change.
#
# Every list, dict, set, bytearray and deque has a number, so that aliases and cycles arrive as such and the other side can
# say what became of it. Objects of the candidate's own classes, its functions and its iterators stay where they are and go
# as a handle, which the other side can only use to ask for values. Whoever decodes builds plain values only.

import collections, datetime, decimal, fractions, types

Counter, defaultdict = collections.Counter, collections.defaultdict
Decimal, Fraction = decimal.Decimal, fractions.Fraction
date, datetime_, timedelta = datetime.date, datetime.datetime, datetime.timedelta
view_types = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}

# Classes that go by name.
TYPES = {
    kind.__name__: kind
    for kind in (
        bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, object, type, range,
    )
}
FACTORIES = {None: None, **{kind: name for name, kind in TYPES.items()}}
ERRORS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
SINGLETONS = {"Ellipsis": Ellipsis, "NotImplemented": NotImplemented}

# Kinds of numpy data that go as numbers.
PLAIN_DTYPES = "biufc"


class Uncrossable(BaseException):
    """A value that can't go; its text says which."""


class Outgoing(Encoder):
    """Encodes one message. `numbered` has the objects that both sides know."""

    def __init__(self, numbered, handle):
        Encoder.__init__(self)
        self.numbered = numbered
        self.numbers = {id(value): number for number, value in enumerate(numbered)}
        self.handle = handle

    def put(self, value):
        number = self.numbers.get(id(value))
        if number is not None:
            self.pieces.append(f'{{"ref":{number}}}')
            return
        kind = type(value)
        put = GO.get(kind)
        if put is None:
            put = self.chosen(kind)
        put(self, value)

    def chosen(self, kind):
        for base in type.__dict__["__mro__"].__get__(kind):
            if base in GO and base is not object:
                return GO[base]
        return Outgoing.by_handle

    def by_handle(self, value):
        for name, single in SINGLETONS.items():
            if value is single:
                self.pieces.append(f'{{"single":"{name}"}}')
                return
        if isinstance(value, type):
            for name, kind in (*TYPES.items(), *ERRORS.items()):
                if value is kind:
                    self.pieces.append(f'{{"type":"{name}"}}')
                    return
        self.pieces.append(self.handle(value))

    def other(self, value):
        self.by_handle(value)

    def number(self, value):
        number = len(self.numbered)
        self.numbered.append(value)
        self.numbers[id(value)] = number
        return number

    def container(self, tag, value, *more):
        """What `value` holds is put after it has its number, for it may hold itself."""
        self.pieces.append(f'{{"{tag}":[{self.number(value)},')
        self.content(value)
        for text in more:
            self.pieces.append("," + text)
        self.pieces.append("]}")

    def content(self, value):
        """What changes when the object does."""
        if isinstance(value, dict):
            self.items("[", ([key, item] for key, item in pairs_of(value)), "]", pairs=True)
        elif isinstance(value, bytearray):
            self.pieces.append(f'"{hexlify(value).decode()}"')
        else:
            for base in (list, set, deque):
                if isinstance(value, base):
                    self.items("[", base.__iter__(value), "]")

    def items(self, opening, items, closing, pairs=False):
        self.pieces.append(opening)
        comma = False
        for item in items:
            if comma:
                self.pieces.append(",")
            comma = True
            if pairs:
                self.items("[", item, "]")
            else:
                self.put(item)
        self.pieces.append(closing)

    # An immutable container can only hold itself through one that has a number.
    def sequence(self, opening, value, items, closing):
        self.items(opening, items, closing)

    def list(self, value):
        self.container("list", value)

    def set(self, value):
        self.container("set", value)

    def dict(self, value):
        self.container("dict", value)

    def bytearray(self, value):
        self.container("bytearray", value)

    def deque(self, value):
        limit = deque.maxlen.__get__(value)
        self.container("deque", value, "null" if limit is None else str(limit))

    def counter(self, value):
        self.container("dict", value, '"Counter"')

    def ordered(self, value):
        self.container("dict", value, '"OrderedDict"')

    def default(self, value):
        factory = defaultdict.default_factory.__get__(value)
        if isinstance(factory, type) and factory in FACTORIES:
            self.container("dict", value, f'"defaultdict {FACTORIES[factory]}"')
        else:
            self.container("dict", value)

    def range(self, value):
        self.items('{"range":[', (value.start, value.stop, value.step), "]}")

    def decimal(self, value):
        self.pieces.append(f'{{"Decimal":{quote(Decimal.__str__(value))}}}')

    def fraction(self, value):
        self.items('{"Fraction":[', (value.numerator, value.denominator), "]}")

    def date(self, value):
        self.items('{"date":[', (value.year, value.month, value.day), "]}")

    def datetime(self, value):
        if value.tzinfo is not None:
            raise Uncrossable("a datetime with a time zone")
        parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
        self.items('{"datetime":[', parts, "]}")

    def timedelta(self, value):
        self.items('{"timedelta":[', (value.days, value.seconds, value.microseconds), "]}")

    def view(self, value):
        self.items(f'{{"{view_types[type(value)]}":[', list(value), "]}")

    def array(self, value):
        value = ndarray.view(value, ndarray)
        if value.dtype.kind not in PLAIN_DTYPES:
            raise Uncrossable(f"a numpy array of {value.dtype}")
        self.pieces.append(f'{{"ndarray":["{value.dtype.str}",{[*value.shape]},')
        self.items("[", ndarray.tolist(value.ravel()), "]")
        self.pieces.append("]}")


GO = dict(PUT)
GO.update({
    list: Outgoing.list, set: Outgoing.set, dict: Outgoing.dict, bytearray: Outgoing.bytearray, deque: Outgoing.deque,
    Counter: Outgoing.counter, OrderedDict: Outgoing.ordered, defaultdict: Outgoing.default, range: Outgoing.range,
    Decimal: Outgoing.decimal, Fraction: Outgoing.fraction, date: Outgoing.date, datetime_: Outgoing.datetime,
    timedelta: Outgoing.timedelta, ndarray: Outgoing.array,
})
GO.update(dict.fromkeys(view_types, Outgoing.view))


def write_value(value, numbered, handle):
    """The text of a value."""
    encoder = Outgoing(numbered, handle)
    encoder.put(value)
    return "".join(encoder.pieces)


def write_content(value, numbered, handle):
    """The text of what a numbered object holds."""
    encoder = Outgoing(numbered, handle)
    encoder.content(value)
    return "".join(encoder.pieces)


class Incoming:
    """Decodes one message's trees. `numbered` grows as the sender's did."""

    def __init__(self, numbered, handle):
        self.numbered = numbered
        self.handle = handle

    def build(self, tree):
        if type(tree) is not dict:
            if type(tree) is list:
                raise ValueError("a list without a number")
            return tree
        [(tag, inner)] = tree.items()
        if tag in BUILD and tag not in CROSS:
            if tag == "tuple":
                return tuple(self.each(inner))
            if tag == "frozenset":
                return frozenset(self.each(inner))
            return BUILD[tag](inner)
        return CROSS[tag](self, inner)

    def each(self, inner):
        return [self.build(item) for item in inner]

    def add(self, number, value):
        if number != len(self.numbered):
            raise ValueError("a number out of turn")
        self.numbered.append(value)
        return value

    def fill(self, value, content):
        """Makes a numbered object hold this. Its identity, and its class, stay."""
        if isinstance(value, dict):
            pairs = [(self.build(key), self.build(item)) for key, item in content]
            kind = OrderedDict if isinstance(value, OrderedDict) else dict
            kind.clear(value)
            for key, item in pairs:
                kind.__setitem__(value, key, item)
        elif isinstance(value, bytearray):
            value[:] = unhexlify(content)
        elif isinstance(value, list):
            list.__setitem__(value, slice(None), self.each(content))
        else:
            items = self.each(content)
            value.clear()
            (value.update if isinstance(value, set) else value.extend)(items)
        return value

    def container(self, inner, empty):
        return self.fill(self.add(inner[0], empty), inner[1])

    def mapping(self, inner):
        if len(inner) == 2:
            empty = {}
        elif inner[2] == "Counter":
            empty = Counter()
        elif inner[2] == "OrderedDict":
            empty = OrderedDict()
        else:
            empty = defaultdict(TYPES.get(inner[2].split()[1]))
        return self.container(inner, empty)

    def array(self, inner):
        dtype = numpy.dtype(str(inner[0]))
        if dtype.kind not in PLAIN_DTYPES:
            raise ValueError("an array of no numbers")
        return numpy.array(self.each(inner[2]), dtype=dtype).reshape(tuple(inner[1]))


CROSS = {
    "ref": lambda self, inner: self.numbered[inner],
    "list": lambda self, inner: self.container(inner, []),
    "set": lambda self, inner: self.container(inner, set()),
    "dict": Incoming.mapping,
    "bytearray": lambda self, inner: self.container(inner, bytearray()),
    "deque": lambda self, inner: self.container(inner, deque(maxlen=inner[2])),
    "range": lambda self, inner: range(*self.each(inner)),
    "Decimal": lambda self, inner: Decimal(inner),
    "Fraction": lambda self, inner: Fraction(*self.each(inner)),
    "date": lambda self, inner: date(*self.each(inner)),
    "datetime": lambda self, inner: datetime_(*self.each(inner)),
    "timedelta": lambda self, inner: timedelta(*self.each(inner)),
    "keys": lambda self, inner: dict.fromkeys(self.each(inner)).keys(),
    "values": lambda self, inner: dict(enumerate(self.each(inner))).values(),
    "items": lambda self, inner: dict(self.each(inner)).items(),
    "ndarray": Incoming.array,
    "single": lambda self, inner: SINGLETONS[inner],
    "type": lambda self, inner: TYPES.get(inner) or ERRORS[inner],
    "handle": lambda self, inner: self.handle(inner),
}
