"""``pickle``, ``joblib`` and ``json``: what the program itself has stored comes back as it was; what others stored is not looked into."""

from __future__ import annotations

import json
from typing import Any

from ...interpreter.values import UNKNOWN, Array, DictObj, LibObj, ListObj, Seq, Value, fresh_unknown
from ...records import record
from ..api import files, models
from ..files import BINARY_FILE, NOTHING, TEXT_FILE, Text

DEEPEST = 6
LONGEST = 20_000
"""The longest JSON that is read."""


@record(eq=False)
class Kept:
    """A value as it was when it was stored."""

    value: Value


def _copied(value: Value, depth: int = 0) -> Value:
    """Return a value as it comes back: another one of the same shape, unknown where it may be anything."""
    if depth > DEEPEST:
        return UNKNOWN
    if isinstance(value, Array):
        return Array(value.shape, value.dtype, value.kind, data=value.data, bounds=value.bounds) if value.kind == "numpy" else UNKNOWN
    if type(value) is tuple:
        return tuple(_copied(v, depth + 1) for v in value)
    if isinstance(value, ListObj):
        state = value.state
        kept = None if state.items is None else tuple(_copied(v, depth + 1) for v in state.items)
        return ListObj(Seq(kept, _copied(state.element, depth + 1), state.length))
    if isinstance(value, DictObj):
        entries: dict[Any, Value] = {k: _copied(v, depth + 1) for k, v in value.state.items()}
        return DictObj(entries)
    if isinstance(value, LibObj):
        return LibObj(value.path, value.state) if value.path.startswith(("sklearn.", "pandas.")) else UNKNOWN
    return value if value is None or isinstance(value, (bool, int, float, str)) else UNKNOWN


def _place(file: Value) -> Value:
    """Return the path of a file, given as such or opened."""
    return file.state[0] if isinstance(file, LibObj) and file.path in (TEXT_FILE, BINARY_FILE) and isinstance(file.state, tuple) else file


@models("pickle.dump", "joblib.dump", "dill.dump", "cloudpickle.dump")
def dump(obj: Value, file: Value, *args: Value, **kwargs: Value) -> Value:
    """Store a value; a file that was opened and written to before holds several."""
    path = _place(file)
    before = files().written(path)
    opened = path is not file
    files().write(path, Kept(_copied(obj)) if not (opened and isinstance(before, Kept)) else UNKNOWN)
    return UNKNOWN


@models("pickle.load", "joblib.load", "dill.load", "cloudpickle.load")
def load(file: Value, *args: Value, **kwargs: Value) -> Value:
    """Get back what the program has stored."""
    written = files().written(_place(file))
    return _copied(written.value) if written is not NOTHING and isinstance(written, Kept) else fresh_unknown()


@models("json.loads")
def loads(s: Value, **kwargs: Value) -> Value:
    """Read JSON that stands in the program."""
    if not isinstance(s, str) or kwargs or len(s) > LONGEST:
        return fresh_unknown()
    try:
        return _abstract(json.loads(s))
    except (ValueError, RecursionError):
        return fresh_unknown()


@models("json.load")
def load_json(fp: Value, **kwargs: Value) -> Value:
    """Read JSON that the program has written."""
    written = files().written(_place(fp)) if _place(fp) is not fp else None
    return loads(written.text, **kwargs) if isinstance(written, Text) else fresh_unknown()


def _abstract(value: Any) -> Value:
    if isinstance(value, list):
        return ListObj(Seq(tuple(map(_abstract, value))))
    return DictObj({k: _abstract(v) for k, v in value.items()}) if isinstance(value, dict) else value
