# expect: exception E 4
class E(Exception):
    __traceback__ = property(lambda self: 1 / 0)
    __module__ = property(lambda self: 1 / 0)
raise E
