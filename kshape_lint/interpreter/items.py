"""Subscripts: reading, setting and deleting items of containers; arrays' are the libraries'."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..shapes import UNKNOWN_DIM, Poly
from .attributes import find_method
from .entrusting import entrust
from .frames import PyRaise
from .instances import InstanceObj, UserClass
from .operators import key_of
from .values import (
    BROKEN,
    OTHERS,
    UNBOUND,
    UNKNOWN,
    Array,
    Choice,
    DictObj,
    Iteration,
    Library,
    ListObj,
    Obj,
    OpenItems,
    Real,
    ResultList,
    Seq,
    Unknown,
    Value,
    fresh_unknown,
    is_text,
    some_text,
)
from .world import blur, narrow

if TYPE_CHECKING:
    from .run import Run


@cache
def _calls() -> Any:
    """Return the room of calls, which stands on this one."""
    from . import calls

    return calls


def get_item(run: Run, value: Value, index: Value) -> Value:
    """Return ``value[index]``."""
    if type(value) is Array:
        return _library_item(run, value, index)
    if isinstance(value, OpenItems) and not (isinstance(index, int) and 0 <= index < len(value)):
        return fresh_unknown()
    if isinstance(value, tuple):
        return narrow(_of_items(tuple(value), index)) if not _has_own(run, value) else _library_item(run, value, index)
    if (
        isinstance(value, ResultList)
        and type(index) is int
        and value.items is not None
        and not -len(value.items) <= index < len(value.items)
    ):
        from ..libraries.api import Mismatch
        from ..rules.arrays import IndexBounds

        raise Mismatch(IndexBounds(index, len(value.items)), value)
    if isinstance(value, (ListObj, Iteration)):
        seq = value.state if isinstance(value, ListObj) else Seq(value.items, value.element, value.count)
        return _of_list(seq, index)
    if isinstance(value, DictObj):
        return _of_dict(value, index)
    if isinstance(value, UserClass) and value.members is not None:
        return value.variables.get(index, UNKNOWN) if isinstance(index, str) else fresh_unknown()
    if isinstance(value, str):
        if isinstance(index, (int, slice)) and not isinstance(index, bool):
            try:
                return value[index]
            except (IndexError, TypeError, ValueError):
                return UNKNOWN
        return some_text()
    if isinstance(value, range):
        if isinstance(index, (int, slice)):
            try:
                return value[index]
            except (IndexError, TypeError, ValueError):
                return UNKNOWN
        return UNKNOWN
    if isinstance(value, InstanceObj):
        method = run.attribute(value, "__getitem__")
        return fresh_unknown() if isinstance(method, Unknown) else run.call(method, (index,), {})
    if is_text(value):
        return some_text()
    if isinstance(value, Unknown):
        if value is BROKEN:
            return BROKEN
        key = key_of(index)
        return Unknown((value.key, "[]", key)) if value.key is not None and key is not None else fresh_unknown()
    if isinstance(value, (Library, UserClass)):
        return value
    return _library_item(run, value, index)


def _has_own(run: Run, value: Value) -> bool:
    return type(value) is not tuple and find_method(run, value, "__getitem__") is not None


def _library_item(run: Run, value: Value, index: Value) -> Value:
    model = find_method(run, value, "__getitem__")
    if model is None:
        return fresh_unknown()
    return _calls().call_model(run, model, (value, index), {})


def _of_items(items: tuple[Value, ...], index: Value) -> Value:
    if isinstance(index, int):
        if -len(items) <= index < len(items):
            return items[index]
        raise PyRaise("IndexError")
    if isinstance(index, slice):
        if all(p is None or isinstance(p, int) for p in (index.start, index.stop, index.step)) and index.step != 0:
            return items[index]
        return fresh_unknown()
    return blur(items) if items and len({type(i) for i in items}) == 1 else fresh_unknown()


def _of_list(seq: Seq, index: Value) -> Value:
    if seq.items is not None:
        found = _of_items(seq.items, index)
        return ListObj(Seq(found)) if isinstance(index, slice) and isinstance(found, tuple) else narrow(found)
    if isinstance(index, slice):
        from ..shapes.indexing import slice_length

        try:
            length = slice_length(seq.length, index.start, index.stop, index.step)
        except Exception:
            length = UNKNOWN_DIM
        return ListObj(Seq(None, seq.element, length))
    return seq.element


def _of_dict(value: DictObj, index: Value) -> Value:
    entries = value.state
    index = _key(index)
    if is_known_key(index):
        if index in entries:
            return narrow(entries[index])
        if OTHERS in entries:
            return entries[OTHERS]
        default = value.missing(index)
        if default is UNBOUND:
            raise PyRaise("KeyError")
        return default
    value.missing(UNKNOWN)
    return blur(entries.values()) if entries else UNKNOWN


def _key(index: Value) -> Value:
    """Return a dict's key as it is compared: a number out of an array as the number, one that is not known as unknown."""
    if isinstance(index, Array):
        return index.data[0] if index.shape == () and index.data else UNKNOWN
    return UNKNOWN if isinstance(index, (Poly, Real)) else index


def is_known_key(v: Value) -> bool:
    """Tell whether a key of a dict is known, all parts of it: then no other key is it."""
    if type(v) is tuple:
        return all(map(is_known_key, v))
    if isinstance(v, InstanceObj):
        # Two objects may be one key, where their class says so.
        return not any("__eq__" in c.variables for c in v.cls.mro() if isinstance(c, UserClass))
    return not isinstance(v, (Unknown, Choice, Array, Poly, Real)) and _hashable(v)


def _hashable(v: Value) -> bool:
    try:
        hash(v)
    except TypeError:
        return False
    return True


def set_item(run: Run, value: Value, index: Value, new: Value) -> Value:
    """Do ``value[index] = new``; return what a library's model makes of it: an array as it is afterwards."""
    if isinstance(value, ListObj):
        seq = value.state
        if seq.items is not None and isinstance(index, int) and -len(seq.items) <= index < len(seq.items):
            items = list(seq.items)
            items[index] = new
            value.put(Seq(tuple(items)))
        elif isinstance(index, slice):
            value.put(_replaced(seq, index, run.iterate(new).items))
        elif seq.items is not None:
            value.put(Seq(tuple(blur([old, new]) for old in seq.items)))
        else:
            value.put(Seq(None, blur([seq.element, new]), seq.length))
    elif isinstance(value, DictObj):
        index = _key(index)
        key = index if is_known_key(index) else OTHERS
        entries = value.state
        if key is OTHERS:
            # Any of them may be the one.
            value.put({**{k: blur([v, new]) for k, v in entries.items()}, key: blur([entries[key], new]) if key in entries else new})
        else:
            value.put({**entries, key: new})
    elif isinstance(value, InstanceObj):
        method = run.attribute(value, "__setitem__")
        if not isinstance(method, Unknown):
            run.call(method, (index, new), {})
    elif isinstance(value, (Unknown, Library)):
        entrust(run, new)
    else:
        model = find_method(run, value, "__setitem__")
        if model is not None:
            return _calls().call_model(run, model, (value, index, new), {})
    return None


def _replaced(seq: Seq, index: slice, new: tuple[Value, ...] | None) -> Seq:
    """Return the state of a list after a slice of it was assigned to."""
    known = all(p is None or isinstance(p, int) for p in (index.start, index.stop, index.step))
    if seq.items is None or new is None or not known:
        return Seq(None, UNKNOWN, UNKNOWN_DIM)
    items = list(seq.items)
    try:
        items[index] = new
    except ValueError:
        raise PyRaise("ValueError") from None
    return Seq(tuple(items))


def delete_item(run: Run, value: Value, index: Value) -> None:
    """Do ``del value[index]``."""
    if isinstance(value, ListObj):
        seq = value.state
        if seq.items is not None and isinstance(index, int) and -len(seq.items) <= index < len(seq.items):
            items = list(seq.items)
            del items[index]
            value.put(Seq(tuple(items)))
        elif seq.items is not None and isinstance(index, slice):
            value.put(_replaced(seq, index, ()) if index.step in (None, 1) else Seq(None, blur(seq.items), UNKNOWN_DIM))
        else:
            value.put(Seq(None, seq.element if seq.items is None else UNKNOWN, UNKNOWN_DIM))
    elif isinstance(value, DictObj):
        entries = dict(value.state)
        if _hashable(index):
            entries.pop(index, None)
        value.put(entries)
    elif isinstance(value, InstanceObj):
        method = run.attribute(value, "__delitem__")
        if not isinstance(method, Unknown):
            run.call(method, (index,), {})
    elif isinstance(value, Obj):
        model = find_method(run, value, "__delitem__")
        if model is not None:
            _calls().call_model(run, model, (value, index), {})
