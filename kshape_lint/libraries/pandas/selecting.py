"""Picking rows and columns: ``df[…]``, ``df.iloc[…]``, ``df.loc[…]``, ``drop``, ``pop``, and assigning to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Seq, SetObj, Unknown, Value, fresh
from ...rules.arrays import AxisOutOfRange, InconsistentLengths, IndexBounds, MaskShape, RankDemanded
from ...rules.data import ColumnCount, TableIndex
from ...shapes import UNKNOWN_DIM, Dim, Poly, at_least, is_exact, same
from ...shapes.indexing import slice_length
from ..api import Mismatch, models
from ..arraylike import as_array, minus, plus, samples
from .access import column_series
from .state import (
    FRAME,
    SERIES,
    Column,
    FrameState,
    column,
    frame_state,
    has_default_index,
    has_repeated_labels,
    index_state,
    is_frame,
    is_index,
    is_label,
    is_nested,
    is_series,
    label_belongs,
    labels_count,
    labels_in,
    labels_of,
    nested_labels,
    new_rows,
    of_state,
    one_level,
    one_value,
    series,
    series_state,
    token,
    with_state,
)

# --- columns ---------------------------------------------------------------------------------------------------------


def pick_columns(state: FrameState, labels: Value) -> FrameState:
    """Return ``df[labels]``: as many columns as there are labels, in their order."""
    if is_index(labels) and index_state(labels).source == state.labels and state.labels is not None:
        return state
    if is_nested(state.labels):
        return with_state(state, width=fresh("w"), labels=nested_labels())
    names = labels_in(labels)
    if names is None:
        count = labels_count(labels)
        return with_state(state, width=count if is_exact(count) else fresh("w"), columns=None, known=(), labels=token(), dtype=state.dtype)
    columns = tuple(_column_or_new(state, n) for n in names)
    return with_state(state, width=len(columns), columns=columns, known=(), labels=labels_of(columns))


def _column_or_new(state: FrameState, label: Value) -> Column:
    found = state.find(label)
    return found if found is not None else Column(label, state.dtype if state.columns is None and not state.known else None)


def drop_columns(state: FrameState, labels: Value, lenient: bool = False) -> FrameState:
    """Return the state without some columns."""
    if is_nested(state.labels):
        return with_state(state, width=fresh("w"), labels=nested_labels())
    gone = (labels,) if is_label(labels) else labels_in(labels)
    if gone is None:
        count = labels_count(labels) if is_index(labels) or isinstance(labels, (ListObj, SetObj)) else UNKNOWN_DIM
        width = minus(state.width, count) if is_exact(state.width) and is_exact(count) and not lenient else fresh("w")
        return with_state(state, width=width, columns=None, labels=token(), known=())
    if state.columns is not None and not any(isinstance(g, Unknown) for g in gone):
        columns = tuple(c for c in state.columns if not any(type(g) is type(c.label) and g == c.label for g in gone))
        if any(isinstance(c.label, Unknown) for c in state.columns):
            return with_state(state, width=minus(state.width, len(gone)), columns=None, labels=token(), known=())
        return with_state(state, columns=columns, width=len(columns), labels=labels_of(columns))
    distinct: list[Value] = []
    for g in gone:
        if not any(type(g) is type(d) and g == d for d in distinct):
            distinct.append(g)
    certain = not lenient and is_exact(state.width) and len({id(g) for g in gone if isinstance(g, Unknown)}) <= 1
    width = minus(state.width, len(distinct)) if certain else fresh("w")
    known = tuple(c for c in state.known if not any(g == c.label for g in gone))
    return with_state(state, width=width, columns=None, known=known, labels=token())


def slice_columns(state: FrameState, key: slice) -> FrameState:
    """Return ``df.iloc[:, a:b]``: of columns that are not counted, it is taken to have those that the slice names."""
    bounds = [key.start, key.stop, key.step]
    if all(b is None for b in bounds):
        return state
    if state.columns is not None and all(b is None or isinstance(b, int) for b in bounds) and key.step != 0:
        columns = state.columns[key]
        return with_state(state, columns=columns, width=len(columns), labels=labels_of(columns))
    return with_state(state, columns=None, known=(), width=_columns_taken(state.width, key), labels=token(), dtype=state.value_dtype())


def _columns_taken(width: Dim, key: slice) -> Dim:
    start, stop = key.start, key.stop
    if key.step in (None, 1) and not isinstance(width, int):
        begin = 0 if start is None else start
        if is_exact(begin) and is_exact(stop) and at_least(begin, 0) and at_least(stop, 0):
            return stop - begin if at_least(stop - begin, 0) else UNKNOWN_DIM
        if isinstance(begin, int) and begin < 0 and (stop is None or (isinstance(stop, int) and stop < 0)):
            return max(0, (stop or 0) - begin)
    taken = slice_length(width, *(b if b is None or is_exact(b) else UNKNOWN_DIM for b in (start, stop, key.step)))
    return taken if is_exact(taken) else fresh("w")


def _column_at(state: FrameState, position: Value) -> LibObj:
    if isinstance(position, int) and not isinstance(position, bool):
        _check_bounds(position, (state.rows, state.width), 1)
        if state.columns is not None and -len(state.columns) <= position < len(state.columns):
            c = state.columns[position]
            return series(c.array(state.rows), c.label, state.index)
    return series(Array((state.rows,), state.dtype if state.columns is None and not state.known else None), None, state.index)


def _check_bounds(position: int, shape: tuple[Dim, ...], axis: int) -> None:
    length = shape[axis]
    if isinstance(length, int) and not -length <= position < length:
        raise Mismatch(IndexBounds(position, length, axis, shape))


# --- rows ------------------------------------------------------------------------------------------------------------


def is_mask(key: Value) -> bool | None:
    """Tell whether `key` holds truth values: yes, no, or None where it is not known."""
    if is_series(key):
        dtype = series_state(key).values.dtype
        return None if dtype is None else dtype == "bool"
    if isinstance(key, Array):
        return None if key.dtype is None else key.dtype == "bool"
    if isinstance(key, (ListObj, tuple)):
        parts = labels_in(key)
        if parts is None:
            a = as_array(key)
            return None if a is None or a.dtype is None else a.dtype == "bool"
        return bool(parts) and all(isinstance(p, bool) for p in parts)
    return False if is_index(key) or is_label(key) else None


def _check_mask(key: Value, shape: tuple[Dim, ...]) -> None:
    if is_series(key):
        return
    length = samples(key)
    if same(length, shape[0]) is False:
        raise Mismatch(MaskShape(shape, (length,), 0, 0), key)


def rows_taken(rows: Dim, key: Value, shape: tuple[Dim, ...], positional: bool) -> tuple[str, Dim]:
    """Return what a row indexer gives: ``("one", …)`` row, ``("all", rows)``, ``("some", count)`` or ``("unknown", …)``."""
    if isinstance(key, slice):
        if key.start is None and key.stop is None and key.step in (None, 1):
            return "all", rows
        bounds = [b if b is None or is_exact(b) else UNKNOWN_DIM for b in (key.start, key.stop, key.step)]
        if not positional:
            return "some", new_rows()
        taken = slice_length(rows, *bounds)
        return "some", taken if is_exact(taken) else new_rows()
    if key is ...:
        return "all", rows
    mask = is_mask(key)
    if mask:
        _check_mask(key, shape)
        return "some", new_rows()
    if is_label(key) and not isinstance(key, str):
        if positional and isinstance(key, int):
            _check_bounds(key, shape, 0)
        return "one", 1
    if isinstance(key, str):
        # A text picks several rows where the labels are dates, or repeat.
        return "unknown", UNKNOWN_DIM
    if isinstance(key, (ListObj, Array, SetObj)) or is_series(key) or is_index(key):
        a = as_array(key)
        if a is not None and a.shape == ():
            return "one", 1
        count = samples(key)
        return "some", count if mask is False and is_exact(count) else new_rows()
    return "unknown", UNKNOWN_DIM


# --- df[…] and s[…] ----------------------------------------------------------------------------------------------------


@models(FRAME + ".__getitem__")
def frame_item(self: Value, key: Value) -> Value:
    """``df["a"]``, ``df[["a", "b"]]``, ``df[2:5]``, ``df[mask]``."""
    state = frame_state(self)
    if is_label(key):
        return column_series(state, key) if not is_nested(state.labels) else UNKNOWN
    if isinstance(key, slice):
        if isinstance(key.start, str) or isinstance(key.stop, str):
            return of_state(state.with_rows(new_rows()))
        _, rows = rows_taken(state.rows, key, (state.rows, state.width), True)
        return of_state(state.with_rows(rows, ("slice", state.index, _hashable(key)) if state.index is not None else None))
    if is_frame(key):
        return of_state(with_state(state, columns=None, known=(), dtype=None))
    if isinstance(key, (ListObj, Array, LibObj)):
        mask = is_mask(key)
        if mask:
            _check_mask(key, (state.rows, state.width))
            return of_state(state.with_rows(new_rows()))
        if mask is None and not is_index(key):
            names = labels_in(key)
            if names is None or not all(is_label(n) for n in names):
                if isinstance(key, (Array, LibObj)) and not (isinstance(key, LibObj) and not is_series(key)):
                    return (
                        of_state(state.with_rows(new_rows()))
                        if is_series(key)
                        else of_state(FrameState(rows=fresh("n"), width=fresh("w"), index=token(), labels=token()))
                    )
                count = samples(key)
                return of_state(with_state(state, width=count if is_exact(count) else fresh("w"), columns=None, known=(), labels=token()))
        return of_state(pick_columns(state, key))
    if isinstance(key, tuple):
        if state.flat and not is_nested(state.labels) and any(isinstance(k, slice) for k in key):
            raise Mismatch(TableIndex("DataFrame", (state.rows, state.width)))
        return column_series(state, key) if state.find(key) is not None else UNKNOWN
    return UNKNOWN


def _hashable(key: slice) -> Any:
    parts = (key.start, key.stop, key.step)
    return parts if all(p is None or isinstance(p, (int, Poly)) for p in parts) else token()


@models(SERIES + ".__getitem__")
def series_item(self: Value, key: Value) -> Value:
    """``s[3]``, ``s[2:5]``, ``s[mask]``."""
    return _series_pick(self, key, positional=isinstance(key, slice))


def _series_pick(self: Value, key: Value, positional: bool) -> Value:
    state = series_state(self)
    values = state.values
    if isinstance(key, tuple):
        if not positional and any(k is None for k in key) and any(isinstance(k, slice) or k is ... for k in key):
            raise Mismatch(TableIndex("Series", (state.rows,), True))
        return UNKNOWN
    if key is None:
        return UNKNOWN
    how, rows = rows_taken(state.rows, key, (state.rows,), positional)
    if how == "all":
        return series(values, state.name, state.index)
    if how == "some":
        index = ("slice", state.index, _hashable(key)) if isinstance(key, slice) and positional and state.index is not None else token()
        return series(Array((rows,), values.dtype, bounds=values.bounds, data=_picked(values, key, rows)), state.name, index)
    if (how == "one" and one_level(state.index)) or _names_one(state.index, key):
        if values.data is not None and isinstance(key, int) and positional and -len(values.data) <= key < len(values.data):
            return values.data[key]
        return one_value(values)
    return UNKNOWN


def _names_one(index: object, key: Value) -> bool:
    """Tell whether the index holds the labels of columns, of which a text is one."""
    labels = index[1] if isinstance(index, tuple) and len(index) == 2 and index[0] == "columns" else None
    return isinstance(labels, tuple) and isinstance(key, str) and labels.count(("str", key)) == 1


def _picked(values: Array, key: Value, rows: Dim) -> tuple[Value, ...] | None:
    if values.data is None or not isinstance(rows, int) or not isinstance(key, slice):
        return None
    if not all(b is None or isinstance(b, int) for b in (key.start, key.stop, key.step)):
        return None
    taken = values.data[key]
    return taken if len(taken) == rows else None


# --- iloc and loc ------------------------------------------------------------------------------------------------------

_LOC, _ILOC, _AT, _IAT = "pandas.<loc>", "pandas.<iloc>", "pandas.<at>", "pandas.<iat>"


@models(FRAME + ".iloc", SERIES + ".iloc", kind="property")
def iloc(self: Value) -> Value:
    """The indexer by position."""
    return LibObj(_ILOC, (self,))


@models(FRAME + ".loc", SERIES + ".loc", FRAME + ".ix", SERIES + ".ix", kind="property")
def loc(self: Value) -> Value:
    """The indexer by label."""
    return LibObj(_LOC, (self,))


@models(FRAME + ".at", SERIES + ".at", kind="property")
def at(self: Value) -> Value:
    """The indexer of one value by its labels."""
    return LibObj(_AT, (self,))


@models(FRAME + ".iat", SERIES + ".iat", kind="property")
def iat(self: Value) -> Value:
    """The indexer of one value by its place."""
    return LibObj(_IAT, (self,))


@models(_AT + ".__getitem__", _IAT + ".__getitem__")
def at_item(self: Value, key: Value) -> Value:
    """One value."""
    return UNKNOWN


@models(_IAT + ".__setitem__")
def set_at_place(self: Value, key: Value, value: Value) -> Value:
    """One value is set: nothing of the shape changes, but the value is no longer known."""
    _forget(self.state[0], key[1] if isinstance(key, tuple) and len(key) == 2 else UNKNOWN)
    return None


@models(_ILOC + ".__getitem__")
def iloc_item(self: Value, key: Value) -> Value:
    """``df.iloc[rows, columns]`` by position."""
    (of,) = self.state
    if is_series(of):
        return _series_pick(of, key[0] if isinstance(key, tuple) and len(key) == 1 else key, positional=True)
    state = frame_state(of)
    rows, columns = _two(key)
    if rows is _BAD:
        return UNKNOWN
    how, count = rows_taken(state.rows, rows, (state.rows, state.width), True)
    return _cross(state, rows, how, count, columns, positional=True)


@models(_LOC + ".__getitem__")
def loc_item(self: Value, key: Value) -> Value:
    """``df.loc[rows, columns]`` by label."""
    (of,) = self.state
    if is_series(of):
        s = series_state(of)
        if isinstance(key, slice) and has_default_index(s.index):
            key = _inclusive(key)
            return _series_pick(of, key, positional=True)
        return _series_pick(of, key, positional=False)
    state = frame_state(of)
    rows, columns = _two(key)
    if rows is _BAD:
        return UNKNOWN
    by_position = (
        isinstance(rows, slice) and has_default_index(state.index) and all(b is None or is_exact(b) for b in (rows.start, rows.stop))
    )
    if by_position:
        rows = _inclusive(rows)
    how, count = rows_taken(state.rows, rows, (state.rows, state.width), by_position)
    if how == "one" and not one_level(state.index):
        return UNKNOWN
    return _cross(state, rows, how, count, columns, positional=False)


def _inclusive(key: slice) -> slice:
    """Return a slice of labels of the default index as one of positions: its end is part of it."""
    stop = key.stop
    return slice(key.start, None if stop is None else stop + 1 if is_exact(stop) else UNKNOWN, key.step)


class _Bad:
    pass


_BAD: Any = _Bad()


def _two(key: Value) -> tuple[Value, Value]:
    """Return the row indexer and the column indexer."""
    if isinstance(key, tuple):
        if len(key) == 2:
            return key
        return (key[0], slice(None)) if len(key) == 1 else (_BAD, _BAD)
    return key, slice(None)


def _cross(state: FrameState, rows: Value, how: str, count: Dim, columns: Value, positional: bool) -> Value:
    if how == "unknown":
        if isinstance(rows, Unknown) and (isinstance(columns, slice) or _several(columns)):
            return UNKNOWN
        return UNKNOWN
    picked = _columns(state, columns, positional)
    if picked is None:
        return UNKNOWN
    if how == "one":
        if isinstance(picked, LibObj):
            values = series_state(picked).values
            if values.data is not None and isinstance(rows, int) and positional and -len(values.data) <= rows < len(values.data):
                return values.data[rows]
            return one_value(values)
        data = None
        if (
            picked.columns
            and positional
            and isinstance(rows, int)
            and all(c.data is not None and -len(c.data) <= rows < len(c.data) for c in picked.columns)
        ):
            data = tuple(c.data[rows] for c in picked.columns if c.data is not None)
        return series(Array((picked.width,), picked.value_dtype(), data=data), None, ("columns", picked.labels))
    index: Any = state.index if how == "all" else None
    if how == "some" and isinstance(rows, slice) and state.index is not None:
        index = ("slice", state.index, _hashable(rows))
    if isinstance(picked, LibObj):
        if how == "all":
            return picked
        s = series_state(picked)
        return series(
            Array((count,), s.values.dtype, bounds=s.values.bounds, data=_picked(s.values, rows, count)),
            s.name,
            index if index is not None else token(),
        )
    return of_state(picked if how == "all" else picked.with_rows(count, index))


def _several(columns: Value) -> bool:
    return isinstance(columns, (ListObj, Array)) or is_index(columns)


def _columns(state: FrameState, key: Value, positional: bool) -> FrameState | LibObj | None:
    """Return the columns that an indexer picks: a frame's state, a Series for one, None where it is not known which."""
    if isinstance(key, slice):
        if positional or (key.start is None and key.stop is None):
            return slice_columns(state, key)
        return _label_slice(state, key)
    if key is ...:
        return state
    if is_label(key):
        if positional:
            return None if isinstance(key, str) else _column_at(state, key)
        return column_series(state, key)
    if not (_several(key) or is_series(key)):
        return None
    if is_mask(key):
        length = samples(key)
        if not is_series(key) and same(length, state.width) is False:
            raise Mismatch(MaskShape((state.rows, state.width), (length,), 1, 0), key)
        return with_state(state, columns=None, known=(), width=fresh("w"), labels=token(), dtype=state.value_dtype())
    if not positional:
        return pick_columns(state, key)
    places = labels_in(key)
    if places is not None and all(isinstance(p, int) for p in places):
        for p in places:
            _check_bounds(p, (state.rows, state.width), 1)
        if state.columns is not None:
            columns = tuple(state.columns[p] for p in places)
            return with_state(state, columns=columns, width=len(columns), labels=labels_of(columns))
    count = samples(key)
    width = count if is_exact(count) else fresh("w")
    return with_state(state, columns=None, known=(), width=width, labels=token(), dtype=state.value_dtype())


def _label_slice(state: FrameState, key: slice) -> FrameState:
    if state.columns is not None and key.step is None:
        names = [c.label for c in state.columns]
        if all(b is None or (isinstance(b, (str, int)) and b in names) for b in (key.start, key.stop)):
            first = 0 if key.start is None else names.index(key.start)
            last = len(names) if key.stop is None else names.index(key.stop) + 1
            return slice_columns(state, slice(first, last))
    return with_state(state, columns=None, known=(), width=fresh("w"), labels=token(), dtype=state.value_dtype())


# --- assignment --------------------------------------------------------------------------------------------------------


def _forget(of: Value, label: Value) -> None:
    """Forget single values of a column (or of all) after some were set."""
    if is_series(of):
        s = series_state(of)
        of.put(type(s)(Array(s.values.shape, None), s.name, s.index))
        return
    state = frame_state(of)

    def changed(c: Column) -> bool:
        return isinstance(label, Unknown) or not is_label(label) or c.label == label

    columns = None if state.columns is None else tuple(Column(c.label) if changed(c) else c for c in state.columns)
    known = tuple(Column(c.label) if changed(c) else c for c in state.known)
    of.put(with_state(state, columns=columns, known=known, dtype=None))


def assign_column(df: Value, label: Value, value: Value) -> None:
    """Carry out ``df[label] = value`` for one label."""
    state = frame_state(df)
    new, rows = _as_column(state, label, value, f"df[{label!r}] = …" if isinstance(label, (str, int)) else "df[…] = …")
    index = state.index
    if rows is not state.rows:
        index = series_state(value).index if is_series(value) else None
        index = token() if index is None else index
    df.put(_put_column(with_state(state, rows=rows, index=index), label, new))


def _put_column(state: FrameState, label: Value, new: Column, at_front: int | None = None) -> FrameState:
    if isinstance(label, Unknown):
        if label_belongs(label, state):
            return with_state(state, known=(), dtype=None)
        return with_state(state, columns=None, known=(), dtype=None, width=fresh("w"), labels=token())
    if state.columns is not None:
        if state.find(label) is not None:
            columns = tuple(new if type(c.label) is type(label) and c.label == label else c for c in state.columns)
        elif any(isinstance(c.label, Unknown) for c in state.columns):
            return with_state(state, columns=None, known=(new,), dtype=None, width=fresh("w"), labels=token())
        elif at_front is not None:
            columns = (*state.columns[:at_front], new, *state.columns[at_front:])
        else:
            columns = (*state.columns, new)
        return with_state(state, columns=columns, width=len(columns), labels=labels_of(columns))
    if state.find(label) is not None:
        known = tuple(new if c.label == label else c for c in state.known)
        return with_state(state, known=known)
    return with_state(state, known=(*state.known, new), width=fresh("w"), labels=token())


def _as_column(state: FrameState, label: Value, value: Value, what: str) -> tuple[Column, Dim]:
    """Return what a value makes as a column, and how many rows the frame has then (an empty one takes on the value's)."""
    empty = isinstance(state.rows, int) and state.rows == 0
    if is_series(value):
        s = series_state(value)
        aligned = empty or (s.index is not None and s.index == state.index)
        made = column(label, s.values) if aligned else Column(label, _with_gaps(s.values.dtype))
        return made, s.rows if empty else state.rows
    if is_frame(value):
        f = frame_state(value)
        if state.flat and not is_nested(state.labels) and isinstance(f.width, int) and f.width != 1:
            raise Mismatch(ColumnCount(what, f.width, 1), value)
        return Column(label, f.value_dtype()), state.rows
    if isinstance(value, (str, int, float, bool, Poly)) or value is None:
        dtype = (
            "str"
            if isinstance(value, str)
            else "bool"
            if isinstance(value, bool)
            else "int64"
            if isinstance(value, (int, Poly))
            else "float64"
        )
        return Column(label, dtype), state.rows
    a = as_array(value)
    if a is None or a.shape is None:
        length = samples(value) if isinstance(value, (ListObj, SetObj)) else UNKNOWN_DIM
        if not empty and same(length, state.rows) is False:
            raise Mismatch(InconsistentLengths(what, (state.rows, length), ("rows", "values")), value)
        return Column(label), length if empty and is_exact(length) else state.rows
    if a.shape == ():
        return Column(label, a.dtype), state.rows
    if not empty and same(a.shape[0], state.rows) is False:
        raise Mismatch(InconsistentLengths(what, (state.rows, a.shape[0]), ("rows", "values")), value)
    if isinstance(value, Array) and len(a.shape) == 2 and same(a.shape[1], 1) is False:
        raise Mismatch(RankDemanded(what, a.shape, "one column", "name as many columns as the value has, or pick one: value[:, 0]"), value)
    data = a.data if len(a.shape) == 1 else None
    return Column(label, a.dtype, a.bounds, data), a.shape[0] if empty else state.rows


def _with_gaps(dtype: str | None) -> str | None:
    return "float64" if dtype is not None and dtype.startswith(("int", "uint", "float")) else None


def _assign_columns(df: Value, labels: Sequence[Value] | None, count: Dim, value: Value) -> None:
    """Carry out ``df[labels] = value``."""
    state = frame_state(df)
    a = as_array(value) if not isinstance(value, ListObj) else None
    if a is not None and a.shape is not None and len(a.shape) == 2:
        if same(a.shape[1], count) is False and same(a.shape[1], 1) is not True:
            raise Mismatch(ColumnCount("df[names] = …", a.shape[1], count), value)
        if not is_frame(value) and same(a.shape[0], state.rows) is False and same(state.rows, 0) is not True:
            raise Mismatch(InconsistentLengths("df[names] = …", (state.rows, a.shape[0]), ("rows", "values")), value)
    if labels is None:
        known_here = is_exact(count)
        width = state.width if known_here and state.width == count else fresh("w")
        df.put(
            with_state(
                state, columns=None if state.columns is None else tuple(Column(c.label) for c in state.columns), known=(), dtype=None
            )
            if state.columns is not None and width is state.width
            else with_state(state, columns=None, known=(), dtype=None, width=width, labels=token())
        )
        return
    dtype = a.dtype if a is not None else None
    for label in labels:
        state = _put_column(state, label, Column(label, dtype))
    df.put(state)


@models(FRAME + ".__setitem__")
def set_frame_item(self: Value, key: Value, value: Value) -> Value:
    """``df["a"] = …``, ``df[["a", "b"]] = …``, ``df[mask] = …``."""
    if has_repeated_labels(frame_state(self)):
        # One label stands for several columns: what fits there hangs on how many.
        _forget(self, UNKNOWN)
    elif is_label(key) or isinstance(key, Unknown):
        assign_column(self, key, value)
    elif is_frame(key) or isinstance(key, slice) or is_mask(key):
        _forget(self, UNKNOWN)
    elif isinstance(key, (ListObj, Array)) or is_index(key):
        state = frame_state(self)
        if is_index(key) and index_state(key).source == state.labels:
            _forget(self, UNKNOWN)
        else:
            _assign_columns(self, labels_in(key), labels_count(key), value)
    else:
        state = frame_state(self)
        self.put(with_state(state, columns=None, known=(), dtype=None, width=fresh("w"), labels=token()))
    return None


@models(SERIES + ".__setitem__")
def set_series_item(self: Value, key: Value, value: Value) -> Value:
    """``s[…] = …``: the values change, a label that is new adds a row."""
    s = series_state(self)
    grows = is_label(key) and not (has_default_index(s.index) and isinstance(key, int))
    rows = s.rows if not grows else fresh("n")
    self.put(type(s)(Array((rows,), None), s.name, s.index if not grows else token()))
    return None


@models(_ILOC + ".__setitem__")
def set_iloc(self: Value, key: Value, value: Value) -> Value:
    """``df.iloc[…] = …`` keeps the shape."""
    (of,) = self.state
    if is_frame(of):
        state = frame_state(of)
        rows, columns = _two(key)
        if _all_rows(rows):
            _check_one_axis(state, columns, value, "df.iloc[:, …] = …")
    _forget(of, UNKNOWN)
    return None


def _all_rows(rows: Value) -> bool:
    return isinstance(rows, slice) and rows.start is None and rows.stop is None and rows.step is None


def _check_one_axis(state: FrameState, columns: Value, value: Value, what: str) -> None:
    if is_label(columns) and isinstance(value, Array) and value.shape is not None and len(value.shape) == 1:
        length = value.shape[0]
        if same(length, state.rows) is False and same(length, 1) is not True and same(state.rows, 0) is not True:
            raise Mismatch(InconsistentLengths(what, (state.rows, length), ("rows", "values")), value)


@models(_LOC + ".__setitem__", _AT + ".__setitem__")
def set_loc(self: Value, key: Value, value: Value) -> Value:
    """``df.loc[rows, column] = …``: a label that is new adds a row or a column."""
    (of,) = self.state
    if not is_frame(of):
        _forget(of, UNKNOWN)
        return None
    state = frame_state(of)
    rows, columns = _two(key)
    if rows is _BAD:
        _forget(of, UNKNOWN)
        return None
    if is_label(rows):
        grows = not (has_default_index(state.index) and isinstance(rows, int) and isinstance(state.rows, int) and rows < state.rows)
        if grows:
            appended = has_default_index(state.index) and is_exact(rows) and same(rows, state.rows)
            state = state.with_rows(plus(state.rows, 1) if appended else fresh("n"))
            if appended:
                state = with_state(state, index=("range", state.rows))
    elif _all_rows(rows):
        _check_one_axis(state, columns, value, "df.loc[:, …] = …")
    if is_label(columns):
        made = Column(columns)
        if _all_rows(rows):
            a = as_array(value)
            made = Column(columns, a.dtype if a is not None else None)
        state = _put_column(state, columns, made)
        of.put(state)
        return None
    of.put(state)
    _forget(of, UNKNOWN)
    return None


@models(FRAME + ".__delitem__")
def delete_column(self: Value, key: Value) -> Value:
    """``del df["a"]``."""
    self.put(drop_columns(frame_state(self), key))
    return None


@models(FRAME + ".pop")
def pop(self: Value, item: Value) -> Value:
    """``df.pop("a")``: the column, which the frame no longer has."""
    state = frame_state(self)
    taken = column_series(state, item) if is_label(item) else UNKNOWN
    self.put(drop_columns(state, item))
    return taken


@models(FRAME + ".insert")
def insert(self: Value, loc: Value, column: Value, value: Value, allow_duplicates: Value = False) -> Value:
    """``df.insert(0, "a", values)``."""
    state = frame_state(self)
    new, rows = _as_column(state, column, value, "df.insert")
    if state.columns is None and state.find(column) is None and is_exact(state.width) and is_label(column):
        self.put(with_state(state, rows=rows, known=(*state.known, new), width=state.width + 1, labels=token()))
    else:
        self.put(_put_column(with_state(state, rows=rows), column, new, loc if isinstance(loc, int) else None))
    return None


@models(FRAME + ".drop")
def drop(
    self: Value,
    labels: Value = None,
    axis: Value = 0,
    index: Value = None,
    columns: Value = None,
    level: Value = None,
    inplace: Value = False,
    errors: Value = "raise",
) -> Value:
    """``df.drop(columns=…)``, ``df.drop(label, axis=1)``, ``df.drop(index=…)``."""
    state = frame_state(self)
    lenient = errors != "raise"
    if labels is not None:
        if axis in (1, "columns"):
            columns = labels
        elif axis in (0, "index", "rows"):
            index = labels
        else:
            if isinstance(axis, int):
                raise Mismatch(AxisOutOfRange(axis, 2, "df.drop"), self)
            return finish(self, FrameState(), inplace)
    if columns is not None:
        state = drop_columns(state, columns, lenient)
    if index is not None:
        gone: Dim = 1 if is_label(index) else UNKNOWN_DIM
        names = labels_in(index) if not is_label(index) else None
        if names is not None and all(isinstance(n, (int, str)) for n in names) and len(set(names)) == len(names):
            gone = len(names)
        unique = has_default_index(state.index) and not lenient
        state = state.with_rows(state.rows - gone if is_exact(state.rows) and is_exact(gone) and unique else new_rows())
    return finish(self, state, inplace)


def finish(self: Value, state: FrameState, inplace: Value) -> Value:
    """Return the new frame, or change the old one where `inplace` says so."""
    if inplace is True:
        self.put(state)
        return None
    if inplace is False:
        return of_state(state)
    self.put(FrameState())
    return UNKNOWN


@models(SERIES + ".drop")
def drop_rows(self: Value, labels: Value = None, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """``s.drop(label)``."""
    s = series_state(self)
    made = Array((new_rows(),), s.values.dtype, bounds=s.values.bounds)
    if inplace is True:
        self.put(type(s)(made, s.name, token()))
        return None
    return series(made, s.name, token())


@models(FRAME + ".select_dtypes")
def select_dtypes(self: Value, include: Value = None, exclude: Value = None) -> Value:
    """Some of the columns, it is not known how many."""
    state = frame_state(self)
    return of_state(with_state(state, columns=None, known=(), width=fresh("w"), labels=token(), dtype=None))


@models(FRAME + ".filter")
def filtered(self: Value, items: Value = None, like: Value = None, regex: Value = None, axis: Value = None) -> Value:
    """``df.filter(["a", "b"])``: those columns, as far as they are there; a script that names them has them."""
    state = frame_state(self)
    if axis not in (None, 1, "columns"):
        return of_state(state.with_rows(new_rows()))
    if items is not None and (isinstance(items, (ListObj, Array)) or is_index(items)):
        names = labels_in(items)
        if state.columns is not None and names is not None:
            return of_state(pick_columns(state, ListObj(Seq(tuple(n for n in names if state.find(n) is not None)))))
        return of_state(pick_columns(state, items))
    return of_state(with_state(state, columns=None, known=(), width=fresh("w"), labels=token(), dtype=state.value_dtype()))


@models(FRAME + ".reindex")
def reindexed(
    self: Value, labels: Value = None, *, index: Value = None, columns: Value = None, axis: Value = None, **kwargs: Value
) -> Value:
    """``df.reindex(columns=names)``."""
    state = frame_state(self)
    if labels is not None:
        columns, index = (labels, index) if axis in (1, "columns") else (columns, labels)
    if columns is not None:
        state = with_state(pick_columns(state, columns), dtype=None)
    if index is not None:
        count = labels_count(index)
        state = state.with_rows(count if is_exact(count) else new_rows())
    return of_state(state)


@models(SERIES + ".ravel")
def ravel(self: Value, order: Value = "C") -> Value:
    """Old pandas: the values as an array."""
    return series_state(self).values
