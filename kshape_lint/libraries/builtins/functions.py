"""Builtin functions: iteration, numbers, attributes, control."""

from __future__ import annotations

import math
import re
from typing import Any

from ...interpreter.attributes import find_method
from ...interpreter.frames import Generator, PyRaise
from ...interpreter.instances import InstanceObj, UserClass
from ...interpreter.operators import binary, compare
from ...interpreter.values import UNBOUND, Counting, DictObj, LibObj, OpenItems, Real, Seq, SetObj, fresh_unknown, some_text
from ...interpreter.world import blur, one_of
from ...shapes import derived, symbol
from ...shapes.dim import at_least
from ...shapes.reshape import lesser
from ..api import UNKNOWN, UNKNOWN_DIM, Array, Dim, Iteration, ListObj, Poly, Raises, Unknown, Value, files, fresh, host, models
from ..files import BINARY_FILE, TEXT_FILE

_NOTHING = Unknown(("no argument",))


def _run() -> Any:
    return host()


@models("builtins.len")
def len_(obj: Value) -> Value:
    """Return a length, a fresh one where the object's is unknown."""
    length: Dim = UNKNOWN_DIM
    if isinstance(obj, (tuple, str, bytes, range)) and not isinstance(obj, OpenItems):
        return len(obj)
    if isinstance(obj, (ListObj, SetObj)):
        length = obj.state.length
    elif isinstance(obj, DictObj):
        length = obj.size()
    elif isinstance(obj, Array):
        if obj.shape is not None:
            if not obj.shape:
                raise Raises("TypeError")
            length = obj.shape[0]
    elif isinstance(obj, Unknown) and obj.key is not None:
        return derived(("len", obj.key), "n")
    elif isinstance(obj, UserClass) and obj.members is not None:
        return len(obj.members)
    else:
        model = find_method(_run(), obj, "__len__")
        if model is not None:
            return model.function(obj)
        if obj is None or isinstance(obj, (int, float, complex, Poly)):
            raise Raises("TypeError", "object has no len()")
        if isinstance(obj, InstanceObj):
            method = host().attribute(obj, "__len__")
            if not isinstance(method, Unknown):
                return host().call(method, (), {})
    return length if isinstance(length, (int, Poly)) else fresh("n", 0)


@models("builtins.range")
def range_(start: Value, stop: Value = _NOTHING, step: Value = 1) -> Value:
    """Return a range, or an iteration of as many unknown numbers."""
    if stop is _NOTHING:
        start, stop = 0, start
    if all(isinstance(v, int) for v in (start, stop, step)) and step != 0:
        whole_range = range(start, stop, step)
        # Python itself cannot tell the length of a longer one.
        return whole_range if not whole_range or abs(stop - start) < 1 << 62 else Counting(None, _counter(start, stop, step), UNKNOWN_DIM)
    count: Dim = UNKNOWN_DIM
    if isinstance(start, (int, Poly)) and isinstance(stop, (int, Poly)) and isinstance(step, int) and step > 0:
        span = stop - start
        if isinstance(span, int):
            count = max(0, -(-span // step))
        elif step == 1:
            count = span
        else:
            count = (span + step - 1) // step
    return Counting(None, _counter(start, stop, step), count, start if isinstance(start, (int, Poly)) else UNBOUND)


def _counter(start: Value, stop: Value, step: Value) -> Value:
    """Return the number that counts a loop: it lies between the bounds of its range, as far as they are known."""
    if not isinstance(step, int) or step < 1 or not isinstance(start, (int, Poly)) or at_least(start, 0) is not True:
        return fresh("i", 0)
    high = ((1, stop - 1),) if isinstance(stop, (int, Poly)) else ()
    return symbol("i", start if isinstance(start, int) else 0, high)


@models("builtins.enumerate")
def enumerate_(iterable: Value, start: Value = 0) -> Value:
    """Pair items with their numbers."""
    over = host().iterate(iterable)
    if over.items is not None and isinstance(start, int):
        return Iteration(tuple((start + i, v) for i, v in enumerate(over.items)), once=True)
    number = _counter(start, start + over.count, 1) if isinstance(start, int) and isinstance(over.count, (int, Poly)) else fresh("i", 0)
    element = over.element if over.items is None else one_of(over.items)
    head = over.items[0] if over.items else element if over.first is UNBOUND else over.first
    return Iteration(None, (number, element), over.count, (start, head), once=True)


@models("builtins.zip")
def zip_(*iterables: Value, strict: Value = False) -> Value:
    """Pair items of several iterables."""
    parts = [host().iterate(i) for i in iterables]
    if all(p.items is not None for p in parts):
        return Iteration(tuple(zip(*[p.items for p in parts if p.items is not None])), once=True)
    elements = tuple(p.element if p.items is None else (one_of(p.items) if p.items else UNKNOWN) for p in parts)
    counts = [p.count for p in parts]
    return Iteration(None, elements, counts[0] if all(c == counts[0] for c in counts) else UNKNOWN_DIM, once=True)


@models("builtins.map")
def map_(function: Value, *iterables: Value) -> Value:
    """Apply a function to each item."""
    parts = [host().iterate(i) for i in iterables]
    if all(p.items is not None and len(p.items) <= 64 for p in parts):
        return Iteration(tuple(host().call(function, row, {}) for row in zip(*[p.items or () for p in parts])), once=True)
    elements = tuple(p.element if p.items is None else (one_of(p.items) if p.items else UNKNOWN) for p in parts)
    return Iteration(None, host().call(function, elements, {}), parts[0].count if len(parts) == 1 else UNKNOWN_DIM, once=True)


@models("builtins.filter")
def filter_(function: Value, iterable: Value) -> Value:
    """Keep some items."""
    over = host().iterate(iterable)
    if over.items is not None and len(over.items) <= 64:
        verdicts = [host().truth(v if function is None else host().call(function, (v,), {})) for v in over.items]
        if None not in verdicts:
            return Iteration(tuple(v for v, keep in zip(over.items, verdicts) if keep), once=True)
    element = over.element if over.items is None else (one_of(over.items) if over.items else UNKNOWN)
    return Iteration(None, element, fresh("m", 0), once=True)


@models("builtins.sum")
def sum_(iterable: Value, start: Value = 0) -> Value:
    """Add items up."""
    if isinstance(iterable, Array):
        rows = iterable.shape is not None and len(iterable.shape) > 1 and start == 0
        return binary(_run(), "+", Array(iterable.shape[1:], iterable.dtype, iterable.kind), start) if iterable.shape and rows else UNKNOWN
    over = host().iterate(iterable)
    if over.items is None or len(over.items) > 512:
        return fresh_unknown()
    total = start
    for v in over.items:
        total = binary(_run(), "+", total, v)
    return total


def _extreme(args: tuple[Value, ...], key: Value, default: Value, op: str) -> Value:
    if len(args) == 1:
        over = host().iterate(args[0])
        if over.items is None:
            return default if default is not _NOTHING and over.count == 0 else fresh_unknown()
        args = over.items
    if not args and default is not _NOTHING:
        return default
    if key is not None and 0 < len(args) <= 64:
        ranks = [host().call(key, (v,), {}) for v in args]
        if all(type(r) in (int, float) for r in ranks) or all(type(r) is str for r in ranks):
            return args[ranks.index(max(ranks) if op == ">" else min(ranks))]
    if not args or key is not None or not all(isinstance(v, (int, float, str, Poly)) for v in args) or len(args) > 512:
        return fresh_unknown()
    best = args[0]
    for v in args[1:]:
        better = compare(_run(), op, v, best)
        if better is True:
            best = v
        elif better is not False:
            names = ", ".join(map(repr, args))
            what = "max" if op == ">" else "min"
            if what == "min" and len(args) == 2 and all(isinstance(a, (int, Poly)) for a in args):
                return lesser(*args)
            return derived((what, args), f"{what}({names})") if all(isinstance(a, (int, Poly)) for a in args) else fresh_unknown()
    return best


@models("builtins.max")
def max_(*args: Value, key: Value = None, default: Value = _NOTHING) -> Value:
    """Return the greatest."""
    return _extreme(args, key, default, ">")


@models("builtins.min")
def min_(*args: Value, key: Value = None, default: Value = _NOTHING) -> Value:
    """Return the least."""
    return _extreme(args, key, default, "<")


@models("builtins.abs")
def abs_(x: Value) -> Value:
    """Return a magnitude."""
    if isinstance(x, (int, float)):
        return abs(x)
    if isinstance(x, Poly):
        return x if at_least(x, 0) else derived(("abs", x), f"abs({x!r})")
    return x if isinstance(x, Array) else fresh_unknown()


@models("builtins.round")
def round_(number: Value, ndigits: Value = None) -> Value:
    """Round a number."""
    if isinstance(number, (int, float)) and (ndigits is None or isinstance(ndigits, int)) and math.isfinite(number):
        return round(number, ndigits)
    if isinstance(number, Poly):
        return number
    if isinstance(number, Real) and ndigits is None:
        return whole("round", number)
    return fresh_unknown()


def whole(how: str, number: Real) -> Value:
    """Return a number made whole by `how` (int, round, ceil, floor)."""
    if isinstance(number.key, tuple) and number.key[:1] == ("exact",):
        return number.key[1]
    return derived((how, number.key), f"{how}({number.name})", high=_most(how, number.key))


def _most(how: str, key: Any) -> tuple[tuple[int, int | Poly], ...]:
    """Return what bounds a part of a length from above: ``int(0.2*n)`` five times over is at most n."""
    if not isinstance(key, tuple) or len(key) != 3:
        return ()
    op, left, right = key
    if op == "*" and isinstance(left, Poly):
        left, right = right, left
    if op == "*" and isinstance(left, float) and isinstance(right, Poly) and 0 < left <= 1:
        return ((int(1 / left) if how in ("int", "floor") else 1, right),)
    if op == "/" and isinstance(left, Poly) and isinstance(right, (int, float)) and right >= 1:
        return ((int(right) if how in ("int", "floor") else 1, left),)
    return ()


@models("builtins.divmod")
def divmod_(x: Value, y: Value) -> Value:
    """Return quotient and rest."""
    return (binary(_run(), "//", x, y), binary(_run(), "%", x, y))


@models("builtins.pow")
def pow_(base: Value, exp: Value, mod: Value = None) -> Value:
    """Return a power."""
    return UNKNOWN if mod is not None else binary(_run(), "**", base, exp)


@models("builtins.sorted")
def sorted_(iterable: Value, *, key: Value = None, reverse: Value = False) -> Value:
    """Return a sorted list."""
    over = host().iterate(iterable)
    if over.items is not None:
        if key is None and all(isinstance(v, (int, float)) for v in over.items) and isinstance(reverse, bool):
            return ListObj(Seq(tuple(sorted(over.items, reverse=reverse))))
        if key is None and all(isinstance(v, str) for v in over.items) and isinstance(reverse, bool):
            return ListObj(Seq(tuple(sorted(over.items, reverse=reverse))))
        if key is not None and len(over.items) <= 64 and isinstance(reverse, bool):
            ranks = [host().call(key, (v,), {}) for v in over.items]
            if all(map(_ranked, ranks)) and len({type(r) for r in ranks}) <= 1:
                order = sorted(range(len(ranks)), key=lambda i: ranks[i], reverse=reverse)
                return ListObj(Seq(tuple(over.items[i] for i in order)))
        names = [v[0] if isinstance(v, tuple) and v else None for v in over.items]
        if key is None and isinstance(reverse, bool) and all(isinstance(v, str) for v in names) and len(set(names)) == len(names):
            # Pairs, such as the items of a dict: their first parts decide.
            return ListObj(Seq(tuple(sorted(over.items, key=lambda pair: pair[0], reverse=reverse))))
        return ListObj(Seq(None, one_of(over.items) if over.items else UNKNOWN, len(over.items)))
    return ListObj(Seq(None, over.element, over.count))


def _ranked(v: Value) -> bool:
    """Tell whether a value is of a kind that compares as Python's own do."""
    return type(v) in (int, float, str) or (type(v) is tuple and bool(v) and all(type(p) is int for p in v))


@models("builtins.reversed")
def reversed_(sequence: Value) -> Value:
    """Iterate backwards."""
    over = host().iterate(sequence)
    return Iteration(None if over.items is None else tuple(reversed(over.items)), over.element, over.count, once=True)


@models("builtins.iter")
def iter_(obj: Value, sentinel: Value = None) -> Value:
    """Return an iterator."""
    if isinstance(obj, Iteration):
        return obj
    over = host().iterate(obj)
    return Iteration(over.items, over.element, over.count, once=True)


@models("builtins.iterator.__next__")
def iterator_next(self: Value) -> Value:
    """Return an item: the first where nobody has taken any."""
    first = not self.begun if isinstance(self, Iteration) else isinstance(self, Generator) and self.iteration is None
    over = host().iterate(self)
    if over.items is None:
        return over.element
    if not over.items:
        raise Raises("StopIteration")
    return over.items[0] if first else one_of(over.items)


@models("builtins.next")
def next_(iterator: Value, default: Value = _NOTHING) -> Value:
    """Return an item."""
    model = find_method(_run(), iterator, "__next__")
    if model is not None and default is _NOTHING:
        return model.function(iterator)
    if isinstance(iterator, InstanceObj) and host().has_attribute(iterator, "__next__"):
        try:
            return host().call(host().attribute(iterator, "__next__"), (), {})
        except PyRaise as raised:
            if default is _NOTHING or raised.exception != "StopIteration":
                raise
            return default
    if default is _NOTHING:
        return iterator_next(iterator)
    over = host().iterate(iterator)
    return default if over.items == () else blur((*(over.items or (over.element,)), default))


def _verdicts(iterable: Value) -> set[bool | None]:
    """Return what is known of the truth of the items: of all where they are known one by one."""
    over = host().iterate(iterable)
    return {None} if over.items is None or len(over.items) > 512 else {host().truth(v) for v in over.items}


@models("builtins.any")
def any_(iterable: Value) -> Value:
    """Tell whether any of the items is true."""
    verdicts = _verdicts(iterable)
    return True if True in verdicts else fresh_unknown() if None in verdicts else False


@models("builtins.all")
def all_(iterable: Value) -> Value:
    """Tell whether all of the items are true."""
    verdicts = _verdicts(iterable)
    return False if False in verdicts else fresh_unknown() if None in verdicts else True


@models("builtins.print")
def print_(*values: Value, sep: Value = " ", end: Value = "\n", file: Value = None, flush: Value = False) -> Value:
    """Print; into a file, lines of text."""
    if isinstance(file, LibObj) and hasattr(file, "add"):
        plain = all(isinstance(v, (str, int, float)) for v in values) and isinstance(sep, str) and isinstance(end, str)
        file.add(sep.join(map(str, values)) + end if plain else None)
    return None


@models("builtins.getattr")
def getattr_(obj: Value, name: Value, default: Value = _NOTHING) -> Value:
    """Read an attribute by name."""
    if not isinstance(name, str):
        return fresh_unknown()
    if default is _NOTHING:
        return host().attribute(obj, name)
    if host().has_attribute(obj, name) is False:
        return default
    handlers = _run().handlers
    handlers.append(("AttributeError",))
    try:
        return host().attribute(obj, name)
    except PyRaise:
        return default
    finally:
        handlers.pop()


@models("builtins.setattr")
def setattr_(obj: Value, name: Value, value: Value) -> Value:
    """Set an attribute by name."""
    if isinstance(name, str):
        host().set_attribute(obj, name, value)
    return None


@models("builtins.hasattr")
def hasattr_(obj: Value, name: Value) -> Value:
    """Tell whether there is an attribute."""
    known = host().has_attribute(obj, name) if isinstance(name, str) else None
    return fresh_unknown() if known is None else known


@models("builtins.callable")
def callable_(obj: Value) -> Value:
    """Tell whether a value can be called."""
    if obj is None or isinstance(obj, (int, float, str, tuple, ListObj, DictObj, Array, Poly)):
        return False
    return fresh_unknown()


@models("builtins.exit", "builtins.quit")
def exit_(code: Value = None) -> Value:
    """End the program."""
    raise Raises("SystemExit")


@models(
    "builtins.id",
    "builtins.hash",
    "builtins.input",
    "builtins.eval",
    "builtins.globals",
    "builtins.locals",
)
def opaque(*args: Value, **kwargs: Value) -> Value:
    """Return something of which nothing is known."""
    return fresh_unknown()


def _textfiles() -> Any:
    """Return the room of files that are written, which stands on this one."""
    from ..stdlib import textfiles

    return textfiles


@models("builtins.vars")
def vars_(*args: Value) -> Value:
    """Return an object's attributes; those that it has from elsewhere are not among them."""
    if len(args) != 1:
        return fresh_unknown()
    if isinstance(args[0], InstanceObj):
        return host().attribute(args[0], "__dict__")
    state = args[0].state if (isinstance(args[0], LibObj) and args[0].path == NAMESPACE) else None
    return DictObj(dict(state)) if isinstance(state, dict) and all(map(_plain_name, state)) else fresh_unknown()


NAMESPACE = "argparse.Namespace"


def _plain_name(name: Value) -> bool:
    return isinstance(name, str) and name.isidentifier()


@models("builtins.open", "io.open", "codecs.open")
def open_(file: Value, mode: Value = "r", *args: Value, **kwargs: Value) -> Value:
    """Return a file of text or of bytes; what is opened to be written to holds who knows what."""
    if not isinstance(mode, str) or set(mode) & set("wax+"):
        files().touch(file)
        if mode in ("w", "wt", "w+", "x"):
            return _textfiles().TextSink(file)
    return LibObj(BINARY_FILE if "b" in mode else TEXT_FILE, (file,)) if isinstance(mode, str) else fresh_unknown()


@models(f"{TEXT_FILE}.read", f"{TEXT_FILE}.readline")
def read_text(self: Value, size: Value = -1) -> Value:
    """Return text."""
    return some_text()


@models(f"{TEXT_FILE}.readlines")
def read_lines(self: Value, hint: Value = -1) -> Value:
    """Return a list of lines."""
    return ListObj(Seq(None, some_text(), fresh("lines")))


@models(f"{TEXT_FILE}.__iter__")
def iterate_lines(self: Value) -> Value:
    """Return the lines, one by one."""
    return Iteration(None, some_text(), fresh("lines"))


@models(f"{TEXT_FILE}.__enter__", f"{BINARY_FILE}.__enter__")
def enter_file(self: Value) -> Value:
    """Return the file itself."""
    return self


@models("builtins.repr")
def repr_(obj: Value) -> Value:
    """Return how a value is written."""
    if obj is None or isinstance(obj, (int, float, str)):
        return repr(obj)
    if isinstance(obj, InstanceObj) and host().has_attribute(obj, "__repr__"):
        return host().call(host().attribute(obj, "__repr__"), (), {})
    return some_text()


@models("builtins.format")
def format_(value: Value, format_spec: Value = "") -> Value:
    """Return formatted text."""
    if isinstance(value, (int, float, str)) and isinstance(format_spec, str) and not _WIDE.search(format_spec):
        try:
            return format(value, format_spec)
        except (TypeError, ValueError, OverflowError):
            return some_text()
    return some_text()


_WIDE = re.compile(r"\d{4}")
"""A width or precision of four digits and more, which would make long texts."""


@models("builtins.ascii")
def texts(*args: Value) -> Value:
    """Return some text."""
    return some_text()


def _spelled(name: str, function: Any) -> None:
    @models(f"builtins.{name}")
    def text(x: Value) -> Value:
        """Return a number as text."""
        try:
            return function(x) if type(x) is int else some_text()
        except (ValueError, OverflowError):
            return some_text()


for _name, _function in {"chr": chr, "bin": bin, "hex": hex, "oct": oct}.items():
    _spelled(_name, _function)


@models("builtins.input")
def input_(prompt: Value = "") -> Value:
    """Return what somebody types."""
    return some_text()


@models("builtins.ord")
def ord_(c: Value) -> Value:
    """Return a character's number."""
    return ord(c) if isinstance(c, str) and len(c) == 1 else fresh("c", 0)
