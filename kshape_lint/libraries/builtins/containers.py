"""Methods of lists, tuples, dicts, sets and iterators."""

from __future__ import annotations

from typing import Any

from ...interpreter.operators import joined, key_of
from ...interpreter.values import OTHERS, AnyScalar, Choice, DictObj, Seq, SetObj, fresh_unknown
from ...interpreter.world import alike, blur
from ..api import UNKNOWN, UNKNOWN_DIM, Dim, Iteration, ListObj, Raises, Unknown, Value, host, models
from .functions import sorted_

_NOTHING = Unknown(("no argument",))
_LONGEST = 4_096


def _length(length: Dim, by: int) -> Dim:
    return UNKNOWN_DIM if length is None else length + by


def _one(s: Seq) -> Value:
    if s.items is None:
        return s.element
    return blur(s.items) if s.items else UNKNOWN


@models("builtins.list.append")
def append(self: ListObj, object: Value) -> Value:
    """Append an item."""
    s = self.state
    if s.items is not None and len(s.items) < _LONGEST:
        self.put(Seq((*s.items, object)))
    else:
        self.put(Seq(None, blur([_one(s), object]) if s.items != () else object, _length(s.length, 1)))
    return None


@models("builtins.list.extend")
def extend(self: ListObj, iterable: Value) -> Value:
    """Append many."""
    over = host().iterate(iterable)
    self.put(joined(self.state, Seq(over.items, over.element, over.count)))
    return None


@models("builtins.list.insert")
def insert(self: ListObj, index: Value, object: Value) -> Value:
    """Insert an item."""
    s = self.state
    if s.items is not None and isinstance(index, int):
        items = list(s.items)
        items.insert(index, object)
        self.put(Seq(tuple(items)))
    else:
        self.put(Seq(None, blur([_one(s), object]), _length(s.length, 1)))
    return None


@models("builtins.list.pop")
def pop(self: ListObj, index: Value = -1) -> Value:
    """Take an item out."""
    s = self.state
    if s.items is not None and isinstance(index, int):
        if not -len(s.items) <= index < len(s.items):
            raise Raises("IndexError")
        items = list(s.items)
        taken = items.pop(index)
        self.put(Seq(tuple(items)))
        return taken
    self.put(Seq(None, _one(s), _length(s.length, -1)))
    return _one(s)


@models("builtins.list.remove")
def remove(self: ListObj, value: Value) -> Value:
    """Take out an item by its value."""
    s = self.state
    if s.items is not None:
        for i, v in enumerate(s.items):
            if v is value or (key_of(v) is not None and alike(v, value)):
                self.put(Seq(s.items[:i] + s.items[i + 1 :]))
                return None
    self.put(Seq(None, _one(s), _length(s.length, -1)))
    return None


@models("builtins.list.clear", "builtins.set.clear")
def clear(self: Any) -> Value:
    """Empty it."""
    self.put(Seq(()))
    return None


@models("builtins.list.copy")
def copy(self: ListObj) -> Value:
    """Return a copy."""
    return ListObj(self.state)


@models("builtins.list.reverse")
def reverse(self: ListObj) -> Value:
    """Reverse it in place."""
    s = self.state
    self.put(Seq(None if s.items is None else s.items[::-1], s.element, s.length))
    return None


@models("builtins.list.sort")
def sort(self: ListObj, *, key: Value = None, reverse: Value = False) -> Value:
    """Sort it in place."""
    if self.state.items is not None:
        self.put(sorted_(self, key=key, reverse=reverse).state)
    return None


@models("builtins.list.index", "builtins.tuple.index")
def index(self: Value, value: Value, *bounds: Value) -> Value:
    """Return where an item stands."""
    items = self if isinstance(self, tuple) else self.items
    if items is not None and not bounds and all(isinstance(v, (int, float, str)) for v in items) and isinstance(value, (int, float, str)):
        if value in items:
            return list(items).index(value)
        raise Raises("ValueError")
    return AnyScalar("int64", fresh_unknown().key)


@models("builtins.list.count", "builtins.tuple.count")
def count(self: Value, value: Value) -> Value:
    """Count items."""
    items = self if isinstance(self, tuple) else self.items
    if items is not None and all(isinstance(v, (int, float, str)) for v in items) and isinstance(value, (int, float, str)):
        return list(items).count(value)
    return AnyScalar("int64", fresh_unknown().key)


@models("builtins.dict.get")
def get(self: DictObj, key: Value, default: Value = None) -> Value:
    """Return a value, the default where there is none."""
    entries = self.state
    if isinstance(key, Unknown):
        if not entries:
            return default
        one = blur(entries.values())
        if isinstance(one, AnyScalar) and isinstance(default, (int, float, str, AnyScalar)):
            return blur((one, default))
        return fresh_unknown() if isinstance(one, Unknown) else Choice((key_of(key) or fresh_unknown().key, "found"), (one, default))
    try:
        hash(key)
    except TypeError:
        return UNKNOWN
    if key in entries:
        return entries[key]
    if OTHERS not in entries:
        return default
    one = entries[OTHERS]
    return fresh_unknown() if isinstance(one, Unknown) else Choice(("found", id(self), key), (one, default))


@models("builtins.dict.setdefault")
def setdefault(self: DictObj, key: Value, default: Value = None) -> Value:
    """Return a value, set to the default where there was none."""
    found = get(self, key, _NOTHING)
    if found is not _NOTHING:
        return found
    host_set(self, key, default)
    return default


def host_set(holder: DictObj, key: Value, value: Value) -> None:
    """Set an entry of a dict."""
    try:
        hash(key)
    except TypeError:
        key = OTHERS
    holder.put({**holder.state, OTHERS if isinstance(key, Unknown) else key: value})


@models("builtins.dict.pop")
def dict_pop(self: DictObj, key: Value, default: Value = _NOTHING) -> Value:
    """Take an entry out."""
    found = get(self, key, _NOTHING)
    if not isinstance(key, Unknown):
        self.put({k: v for k, v in self.state.items() if k is OTHERS or k != key})
    if found is _NOTHING:
        if default is _NOTHING:
            raise Raises("KeyError")
        return default
    return found


@models("builtins.dict.update")
def update(self: DictObj, other: Value = (), /, **kwargs: Value) -> Value:
    """Take over entries."""
    new = dict(self.state)
    if isinstance(other, DictObj):
        new.update(other.state)
    elif other != ():
        pairs = host().iterate(other).items
        if pairs is not None and all(isinstance(p, tuple) and len(p) == 2 and isinstance(p[0], (str, int)) for p in pairs):
            new.update(pairs)
        else:
            new = {OTHERS: UNKNOWN}
    new.update(kwargs)
    self.put(new)
    return None


@models("builtins.dict.items")
def dict_items(self: DictObj) -> Value:
    """Iterate over keys and values."""
    entries = self.state
    if OTHERS in entries:
        return Iteration(None, (fresh_unknown(), blur(entries.values())), UNKNOWN_DIM)
    return Iteration(tuple(entries.items()))


@models("builtins.dict.values")
def dict_values(self: DictObj) -> Value:
    """Iterate over values."""
    entries = self.state
    return Iteration(None, blur(entries.values()), UNKNOWN_DIM) if OTHERS in entries else Iteration(tuple(entries.values()))


@models("builtins.dict.keys")
def dict_keys(self: DictObj) -> Value:
    """Iterate over keys."""
    return host().iterate(self)


@models("builtins.dict.copy")
def dict_copy(self: DictObj) -> Value:
    """Return a copy."""
    return DictObj(dict(self.state))


@models("builtins.dict.clear")
def dict_clear(self: DictObj) -> Value:
    """Empty it."""
    self.put({})
    return None


@models("builtins.dict.fromkeys")
def fromkeys(keys: Value, value: Value = None) -> Value:
    """Return a dict with these keys."""
    over = host().iterate(keys)
    if over.items is not None and all(isinstance(k, (str, int)) for k in over.items):
        return DictObj(dict.fromkeys(over.items, value))
    return DictObj({OTHERS: value})


@models("builtins.set.add")
def add(self: SetObj, element: Value) -> Value:
    """Add an element."""
    s = self.state
    if s.items is not None and isinstance(element, (int, str)) and all(isinstance(v, (int, str)) for v in s.items):
        self.put(s if element in s.items else Seq((*s.items, element)))
    else:
        self.put(Seq(None, blur([_one(s), element]) if s.items != () else element, UNKNOWN_DIM))
    return None


@models("builtins.set.discard", "builtins.set.remove")
def set_remove(self: SetObj, element: Value) -> Value:
    """Take an element out."""
    s = self.state
    if s.items is not None and isinstance(element, (int, str)) and all(isinstance(v, (int, str)) for v in s.items):
        self.put(Seq(tuple(v for v in s.items if v != element)))
    else:
        self.put(Seq(None, _one(s), UNKNOWN_DIM))
    return None


def _set_method(name: str, sign: str) -> None:
    @models(f"builtins.set.{name}")
    def combined(self: SetObj, *others: Value) -> Value:
        """A set made of two."""
        made: Value = SetObj(self.state)
        for other in others:
            over = host().iterate(other)
            made = host().binary(sign, made, SetObj(Seq(over.items, over.element, over.count)))
        return made


for _name, _sign in {"union": "|", "intersection": "&", "difference": "-", "symmetric_difference": "^"}.items():
    _set_method(_name, _sign)


@models("builtins.set.copy")
def set_copy(self: SetObj) -> Value:
    """Return a copy."""
    return SetObj(self.state)


@models("builtins.set.update")
def set_change(self: SetObj, *others: Value) -> Value:
    """Change a set."""
    for other in others:
        over = host().iterate(other)
        added = SetObj(Seq(over.items, over.element, UNKNOWN_DIM if over.items is None else over.count))
        made = host().binary("|", SetObj(self.state), added)
        self.put(made.state if isinstance(made, SetObj) else Seq(None, UNKNOWN, UNKNOWN_DIM))
    return None


def _plain_items(value: Value) -> frozenset[Value] | None:
    """Return the elements of a set, None where they are not all known numbers and texts."""
    found = value.state.items if isinstance(value, SetObj) else host().iterate(value).items
    return None if found is None or not all(isinstance(v, (int, str)) for v in found) else frozenset(found)


def _asked(name: str) -> None:
    @models(f"builtins.set.{name}")
    def answer(self: SetObj, other: Value, /) -> Value:
        """Tell how a set and another go together."""
        ours, theirs = _plain_items(self), _plain_items(other)
        return fresh_unknown() if ours is None or theirs is None else getattr(ours, name)(theirs)


for _name in ("issubset", "issuperset", "isdisjoint"):
    _asked(_name)
