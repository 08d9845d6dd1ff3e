# Values to text and back: the encoding of the WIT interface `python`.
#
# Exact classes are encoded by name. A subclass is encoded as the first of these that it derives from: bool, int, float,
# complex, str, bytes, list, tuple, dict, set, frozenset (so an IntEnum is its number, a Counter a dict, a namedtuple a tuple).
# numpy's scalars and arrays go through `item` and `tolist`, a bytearray is bytes, a deque or range a list. The rest is
# `{"other": …}`, and so is what contains itself or is nested too deep to walk.
#
# Content is read by the base class's own methods, whatever a subclass says: `list.__iter__(value)` can't be overridden.

import binascii, collections, json.encoder, json.decoder, sys, numpy

quote = json.encoder.c_encode_basestring or json.encoder.encode_basestring
scan = json.decoder.JSONDecoder().scan_once
hexlify, unhexlify = binascii.hexlify, binascii.unhexlify
set_int_max_str_digits = sys.set_int_max_str_digits
deque, OrderedDict = collections.deque, collections.OrderedDict
ndarray, generic = numpy.ndarray, numpy.generic

# Characters of the `repr` of a value that has no encoding.
LONGEST_REPR = 1000


class Encoder:
    """Appends the pieces of one value's text."""

    def __init__(self):
        self.pieces = []
        self.inside = set()

    def encode(self, value):
        self.put(value)
        return "".join(self.pieces)

    def put(self, value):
        kind = type(value)
        put = PUT.get(kind)
        if put is None:
            put = self.inherited(kind)
        put(self, value)

    def inherited(self, kind):
        for base in type.__dict__["__mro__"].__get__(kind):
            if base in PUT:
                return PUT[base]
        return Encoder.other

    def none(self, value):
        self.pieces.append("null")

    def bool(self, value):
        self.pieces.append("true" if value else "false")

    def int(self, value):
        self.pieces.append(int.__repr__(value))

    def float(self, value):
        text = float.__repr__(value)
        if text[-1] in "fn":
            text = f'{{"float":"{text}"}}'
        self.pieces.append(text)

    def complex(self, value):
        self.pieces.append('{"complex":[')
        self.float(complex.real.__get__(value))
        self.pieces.append(",")
        self.float(complex.imag.__get__(value))
        self.pieces.append("]}")

    def str(self, value):
        value = str.__str__(value)
        try:
            str.encode(value)
        except UnicodeEncodeError:
            self.pieces.append(f'{{"str":{[*map(ord, str.__iter__(value))]}}}')
        else:
            self.pieces.append(quote(value))

    def bytes(self, value):
        self.pieces.append(f'{{"bytes":"{hexlify(value).decode()}"}}')

    def list(self, value):
        self.sequence("[", value, list.__iter__(value), "]")

    def tuple(self, value):
        self.sequence('{"tuple":[', value, tuple.__iter__(value), "]}")

    def set(self, value):
        self.sequence('{"set":[', value, set.__iter__(value), "]}")

    def frozenset(self, value):
        self.sequence('{"frozenset":[', value, frozenset.__iter__(value), "]}")

    def deque(self, value):
        self.sequence("[", value, deque.__iter__(value), "]")

    def range(self, value):
        self.sequence("[", value, value, "]")

    def array(self, value):
        # A subclass may override `tolist`; a view as the base class can't be told to.
        self.put(ndarray.tolist(ndarray.view(value, ndarray)))

    def scalar(self, value):
        plain = generic.item(value)
        if isinstance(plain, generic):
            self.other(value)
        else:
            self.put(plain)

    def sequence(self, opening, value, items, closing):
        if self.enter(value):
            self.pieces.append(opening)
            comma = False
            for item in items:
                if comma:
                    self.pieces.append(",")
                comma = True
                self.put(item)
            self.pieces.append(closing)
            self.inside.discard(id(value))

    def dict(self, value):
        if self.enter(value):
            self.pieces.append('{"dict":[')
            comma = "["
            for key, item in pairs_of(value):
                self.pieces.append(comma)
                comma = ",["
                self.put(key)
                self.pieces.append(",")
                self.put(item)
                self.pieces.append("]")
            self.pieces.append("]}")
            self.inside.discard(id(value))

    def enter(self, value):
        """Whether `value` does not contain itself."""
        if id(value) in self.inside:
            self.other(value)
            return False
        self.inside.add(id(value))
        return True

    def other(self, value):
        self.pieces.append(other(value))


def pairs_of(value):
    """What a dict holds; an OrderedDict keeps its order elsewhere than a dict."""
    return (OrderedDict if isinstance(value, OrderedDict) else dict).items(value)


def other(value):
    """The encoding of what has none."""
    try:
        text = repr(value)[:LONGEST_REPR].encode("utf-8", "replace").decode()
    except Exception:
        text = "<unprintable>"
    return f'{{"other":{{"type":{quote(type_name(type(value)))},"repr":{quote(text)}}}}}'


def type_name(kind):
    """Name of a class; qualified unless it is a built-in or the program's own."""
    name = type.__dict__["__qualname__"].__get__(kind)
    try:
        module = type.__dict__["__module__"].__get__(kind)
    except Exception:
        module = None
    if isinstance(module, str) and module not in ("builtins", "__main__"):
        name = f"{module}.{name}"
    return name.encode("utf-8", "replace").decode()


PUT = {
    type(None): Encoder.none,
    bool: Encoder.bool,
    int: Encoder.int,
    float: Encoder.float,
    complex: Encoder.complex,
    str: Encoder.str,
    bytes: Encoder.bytes,
    bytearray: Encoder.bytes,
    list: Encoder.list,
    tuple: Encoder.tuple,
    dict: Encoder.dict,
    set: Encoder.set,
    frozenset: Encoder.frozenset,
    deque: Encoder.deque,
    range: Encoder.range,
    ndarray: Encoder.array,
    generic: Encoder.scalar,
}


def encode(value):
    """The text of a value."""
    set_int_max_str_digits(0)
    try:
        return Encoder().encode(value)
    except RecursionError:
        # Its `repr` would take a time that grows with the square of the depth.
        return f'{{"other":{{"type":{quote(type_name(type(value)))},"repr":"<nested too deep>"}}}}'
    finally:
        set_int_max_str_digits(4300)


def decode(text):
    """The value of a text that the host has checked."""
    set_int_max_str_digits(0)
    try:
        return build(scan(text, 0)[0])
    finally:
        set_int_max_str_digits(4300)


def build(tree):
    """The value of parsed JSON."""
    if type(tree) is list:
        return [build(item) for item in tree]
    if type(tree) is not dict:
        return tree
    [(tag, inner)] = tree.items()
    return BUILD[tag](inner)


BUILD = {
    "tuple": lambda inner: tuple([build(item) for item in inner]),
    "set": lambda inner: {build(item) for item in inner},
    "frozenset": lambda inner: frozenset([build(item) for item in inner]),
    "dict": lambda inner: {build(key): build(item) for key, item in inner},
    "bytes": lambda inner: unhexlify(inner),
    "complex": lambda inner: complex(build(inner[0]), build(inner[1])),
    "float": lambda inner: float(inner),
    "str": lambda inner: "".join(map(chr, inner)),
}
