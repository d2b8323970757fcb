"""Methods of text, known or not."""

from __future__ import annotations

from ...interpreter.values import AnyScalar, Seq, fresh_unknown, some_text
from ..api import UNKNOWN, UNKNOWN_DIM, ListObj, Raises, Value, items, models

_LONGEST = 10_000
"""The longest text that is taken apart."""


def _texts(*values: Value) -> bool:
    return all(isinstance(v, str) for v in values)


def _pieces(self: Value, name: str, *args: Value) -> Value:
    if isinstance(self, str) and all(a is None or isinstance(a, (str, int)) for a in args) and len(self) <= _LONGEST:
        try:
            return ListObj(Seq(tuple(getattr(self, name)(*args))))
        except (TypeError, ValueError):
            return UNKNOWN
    return ListObj(Seq(None, some_text(), UNKNOWN_DIM))


@models("builtins.str.split")
def split(self: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Split text into a list."""
    return _pieces(self, "split", sep, maxsplit)


@models("builtins.str.rsplit")
def rsplit(self: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Split text into a list, from its end."""
    return _pieces(self, "rsplit", sep, maxsplit)


@models("builtins.str.splitlines")
def splitlines(self: Value, keepends: Value = False) -> Value:
    """Split text into lines."""
    return _pieces(self, "splitlines", keepends)


LONGEST = 100_000


def _register(name: str) -> None:
    @models(f"builtins.str.{name}")
    def changed(self: Value, *args: Value) -> Value:
        """Return changed text, known where it is short: what is put in a text's place again and again doubles it at each turn."""
        if _texts(self, *args) and (len(self) + 1) * (max(map(len, args), default=0) + 1) <= LONGEST:
            try:
                return getattr(self, name)(*args)
            except (TypeError, ValueError):
                return UNKNOWN
        return some_text()


for _name in (
    "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "swapcase", "casefold", "replace", "removeprefix", "removesuffix",
    "translate", "expandtabs", "format_map",
):  # fmt: skip
    _register(_name)


def _register_padding(name: str) -> None:
    @models(f"builtins.str.{name}")
    def padded(self: Value, width: Value, *fillchar: Value) -> Value:
        """Return text made longer, known where it stays short."""
        if _texts(self, *fillchar) and isinstance(width, int) and width <= _LONGEST:
            try:
                return getattr(self, name)(width, *fillchar)
            except (TypeError, ValueError):
                return UNKNOWN
        return some_text()


for _name in ("zfill", "ljust", "rjust", "center"):
    _register_padding(_name)


@models("builtins.str.partition")
def partition(self: Value, sep: Value) -> Value:
    """Split text in three."""
    return self.partition(sep) if _texts(self, sep) and sep else (some_text(), some_text(), some_text())


@models("builtins.str.rpartition")
def rpartition(self: Value, sep: Value) -> Value:
    """Split text in three, from its end."""
    return self.rpartition(sep) if _texts(self, sep) and sep else (some_text(), some_text(), some_text())


def _register_position(name: str) -> None:
    @models(f"builtins.str.{name}")
    def position(self: Value, sub: Value, *bounds: Value) -> Value:
        """Return a place in text, or how often something stands in it."""
        if _texts(self, sub) and all(b is None or isinstance(b, int) for b in bounds):
            try:
                return getattr(self, name)(sub, *bounds)
            except ValueError:
                raise Raises("ValueError") from None
        return AnyScalar("int64", fresh_unknown().key)


for _name in ("find", "rfind", "index", "rindex", "count"):
    _register_position(_name)


@models("builtins.str.join")
def join(self: Value, iterable: Value) -> Value:
    """Join texts."""
    parts = items(iterable)
    return self.join(parts) if parts is not None and _texts(self, *parts) else some_text()


def _register_edge(name: str) -> None:
    @models(f"builtins.str.{name}")
    def edge(self: Value, prefix: Value, *bounds: Value) -> Value:
        """Tell how text begins or ends."""
        wanted = prefix if isinstance(prefix, tuple) else (prefix,)
        if _texts(self, *wanted) and all(b is None or isinstance(b, int) for b in bounds):
            return getattr(self, name)(tuple(wanted), *bounds)
        return fresh_unknown()


for _name in ("startswith", "endswith"):
    _register_edge(_name)


def _register_question(name: str) -> None:
    @models(f"builtins.str.{name}")
    def question(self: Value) -> Value:
        """Tell what text is made of."""
        return getattr(self, name)() if isinstance(self, str) else fresh_unknown()


for _name in ("isalpha", "isdigit", "isnumeric", "isdecimal", "isalnum", "isspace", "isupper", "islower", "istitle", "isidentifier"):
    _register_question(_name)


@models("builtins.str.encode")
def encode(self: Value, encoding: Value = "utf-8", errors: Value = "strict") -> Value:
    """Return the bytes of text."""
    plain = isinstance(self, str) and len(self) <= _LONGEST and self.isascii() and encoding in ("utf-8", "ascii", "utf8", "latin-1")
    return self.encode("ascii") if plain else fresh_unknown()


@models("builtins.str.format")
def format_(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Return formatted text, known where it is plain."""
    plain = (str, int, float)
    if (
        isinstance(self, str)
        and "." not in self
        and ":" not in self
        and "[" not in self
        and all(isinstance(v, plain) for v in (*args, *kwargs.values()))
    ):
        try:
            return self.format(*args, **kwargs)
        except (IndexError, KeyError, ValueError):
            return some_text()
    return some_text()
