"""``argparse``: what the command line gives is not known, but it is the same wherever it is read.

A count or a ``Path`` that has a default is taken to be that: the program must run when nobody says otherwise. What only steers the program
(a switch, a text, a number that is 0 or less until somebody sets it) is left open, so that all its ways are looked at.
"""

from __future__ import annotations

from ...interpreter.values import LibObj, Library, Unknown, Value, fresh_unknown
from ...shapes import derived
from ..api import models
from ..files import PATH

_PARSER, _NAMESPACE = "argparse.ArgumentParser", "argparse.Namespace"


@models(_PARSER)
def parser(*args: Value, **kwargs: Value) -> Value:
    """A parser that knows no argument yet."""
    return LibObj(_PARSER, ())


@models(_PARSER + ".add_argument")
def add_argument(self: Value, *flags: Value, **kwargs: Value) -> Value:
    """Another argument."""
    dest = kwargs.get("dest")
    if not isinstance(dest, str):
        texts = [f for f in flags if isinstance(f, str)]
        long = [f for f in texts if f.startswith("--")]
        first = long or texts
        dest = first[0].lstrip("-").replace("-", "_") if first else None
    known = self.state if isinstance(self.state, tuple) else ()
    if dest is not None:
        self.put((*known, (dest, _is_whole(kwargs), _default(kwargs))))
    return fresh_unknown()


def _default(options: dict[str, Value]) -> Value:
    """Return the default as the program gets it: a text goes through the type."""
    default = options.get("default")
    of_path = options.get("type") in (Library(PATH), Library("pathlib.PurePath")) and options.get("nargs") is None
    return LibObj(PATH, default) if of_path and isinstance(default, str) else default


def _is_whole(options: dict[str, Value]) -> bool:
    """Tell whether the argument is a whole number for certain: then it may stand for a length."""
    if options.get("type") != Library("builtins.int") or options.get("nargs") is not None or options.get("action") is not None:
        return False
    default = options.get("default")
    return (isinstance(default, int) and not isinstance(default, bool)) or options.get("required") is True


@models(_PARSER + ".add_argument_group", _PARSER + ".add_mutually_exclusive_group")
def add_group(self: Value, *args: Value, **kwargs: Value) -> Value:
    """A group of arguments of the same parser."""
    return self


@models(_PARSER + ".set_defaults", _PARSER + ".print_help", _PARSER + ".print_usage")
def effect(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Called for its effect."""
    return None


def _parsed(self: Value) -> LibObj:
    known = self.state if isinstance(self.state, tuple) else ()
    values: dict[str, Value] = {}
    for dest, whole, default in known:
        key = ("argument", id(self), dest)
        counted = whole and isinstance(default, int) and default > 0
        at = isinstance(default, LibObj) and default.path == PATH
        values[dest] = default if counted or at else derived(key, dest) if whole else Unknown(key)
    return LibObj(_NAMESPACE, values)


@models(_PARSER + ".parse_args")
def parse_args(self: Value, args: Value = None, namespace: Value = None) -> Value:
    """What the command line says."""
    return _parsed(self)


@models(_PARSER + ".parse_known_args")
def parse_known_args(self: Value, args: Value = None, namespace: Value = None) -> Value:
    """What the command line says, and what was left over."""
    return (_parsed(self), fresh_unknown())


@models(_NAMESPACE, "types.SimpleNamespace")
def make_namespace(**kwargs: Value) -> Value:
    """Named values."""
    return LibObj(_NAMESPACE, dict(kwargs))


@models(_NAMESPACE + ".__getattr__")
def read(self: Value, name: Value) -> Value:
    """One value."""
    values = self.state
    if isinstance(values, dict) and isinstance(name, str) and name in values:
        return values[name]
    return Unknown(("argument", id(self), name))


@models(_NAMESPACE + ".__setattr__")
def write(self: Value, name: Value, value: Value) -> Value:
    """A value is set by the program."""
    values = self.state if isinstance(self.state, dict) else {}
    if isinstance(name, str):
        self.put({**values, name: value})
    return None
