"""``concat``, ``merge``, ``join``, ``get_dummies`` and other functions of whole frames."""

from __future__ import annotations

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, ListObj, Seq, Unknown, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import items, models
from ..arraylike import as_array, common_dtype, minus, plus, samples
from .state import (
    FRAME,
    SERIES,
    Column,
    FrameState,
    default_index,
    frame_state,
    is_frame,
    is_label,
    is_series,
    labels_count,
    labels_in,
    labels_of,
    of_state,
    series,
    series_state,
    token,
    with_state,
)


def _sum(dims: list[Dim]) -> Dim:
    total: Dim = 0
    for d in dims:
        total = total + d if is_exact(total) and is_exact(d) else UNKNOWN_DIM
    return total


@models("pandas.concat")
def concat(
    objs: Value, axis: Value = 0, join: Value = "outer", ignore_index: Value = False, keys: Value = None, *args: Value, **kwargs: Value
) -> Value:
    """Frames below or beside one another."""
    parts = items(objs)
    if isinstance(objs, DictObj) and isinstance(objs.state, dict) and OTHERS not in objs.state:
        parts, keys = tuple(objs.state.values()), "keys"
    if parts is None:
        element = objs.state.element if isinstance(objs, ListObj) and isinstance(objs.state, Seq) else UNKNOWN
        if is_frame(element) and axis in (0, "index", "rows"):
            return of_state(with_state(frame_state(element), rows=fresh("n"), index=token(), columns=_fresh_columns(frame_state(element))))
        if is_frame(element):
            return of_state(FrameState(fresh("n"), fresh("w"), index=token(), labels=token()))
        return UNKNOWN
    parts = tuple(p for p in parts if p is not None)
    if not parts or not all(is_frame(p) or is_series(p) for p in parts):
        return UNKNOWN
    if axis in (1, "columns"):
        return _beside(parts, keys, ignore_index)
    return _below(parts, keys, ignore_index, join) if axis in (0, "index", "rows") else UNKNOWN


def _fresh_columns(state: FrameState) -> tuple[Column, ...] | None:
    return None if state.columns is None else tuple(c.shuffled() for c in state.columns)


def _below(parts: tuple[Value, ...], keys: Value, ignore_index: Value, join: Value) -> Value:
    rows = _sum([series_state(p).rows if is_series(p) else frame_state(p).rows for p in parts])
    rows = rows if is_exact(rows) else fresh("n")
    index = default_index(rows) if ignore_index is True else token() if keys is None else None
    if all(is_series(p) for p in parts):
        dtype = common_dtype([series_state(p).values.dtype for p in parts])
        return series(Array((rows,), dtype), series_state(parts[0]).name, index if index is not None else token())
    if not all(is_frame(p) for p in parts):
        return of_state(FrameState(rows, fresh("w"), index=index, labels=token()))
    states = [frame_state(p) for p in parts]
    if all(s.labels is not None and s.labels == states[0].labels for s in states):
        columns = states[0].columns
        if columns is not None:
            columns = tuple(
                Column(c.label, common_dtype([s.columns[i].dtype for s in states if s.columns is not None])) for i, c in enumerate(columns)
            )
        return of_state(
            FrameState(rows, states[0].width, columns, dtype=common_dtype([s.dtype for s in states]), index=index, labels=states[0].labels)
        )
    if join == "outer" and all(s.columns is not None for s in states):
        names: list[Value] = []
        for s in states:
            names.extend(c.label for c in s.columns or () if not any(type(c.label) is type(n) and c.label == n for n in names))
        return of_state(
            FrameState(rows, len(names), tuple(Column(n) for n in names), index=index, labels=labels_of(tuple(Column(n) for n in names)))
        )
    return of_state(FrameState(rows, fresh("w"), index=index, labels=token()))


def _beside(parts: tuple[Value, ...], keys: Value, ignore_index: Value) -> Value:
    indexes = [series_state(p).index if is_series(p) else frame_state(p).index for p in parts]
    aligned = indexes[0] is not None and all(i == indexes[0] for i in indexes)
    first = series_state(parts[0]).rows if is_series(parts[0]) else frame_state(parts[0]).rows
    rows = first if aligned else fresh("n")
    width = _sum([1 if is_series(p) else frame_state(p).width for p in parts])
    columns: list[Column] | None = []
    unnamed = 0
    for p in parts:
        if columns is None:
            break
        if is_series(p):
            s = series_state(p)
            label = s.name
            if label is None:
                label, unnamed = unnamed, unnamed + 1
            columns.append(Column(label, s.values.dtype if aligned else None, s.values.bounds))
        else:
            cols = frame_state(p).columns
            columns = (
                None
                if cols is None
                else [*columns, *(Column(c.label, c.dtype if aligned else None, c.bounds, c.data if aligned else None) for c in cols)]
            )
    cols_ = tuple(columns) if columns is not None and keys is None and ignore_index is False else None
    return of_state(
        FrameState(rows, width if is_exact(width) else fresh("w"), cols_, index=indexes[0] if aligned else token(), labels=labels_of(cols_))
    )


@models("pandas.merge", FRAME + ".merge")
def merge(
    left: Value,
    right: Value,
    how: Value = "inner",
    on: Value = None,
    left_on: Value = None,
    right_on: Value = None,
    left_index: Value = False,
    right_index: Value = False,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Rows that go together by the values of columns: the columns of both, the shared ones once."""
    if not (is_frame(left) and is_frame(right)):
        return of_state(FrameState(fresh("n"), fresh("w"), index=token(), labels=token())) if is_frame(left) else UNKNOWN
    a, b = frame_state(left), frame_state(right)
    width: Dim = UNKNOWN_DIM
    if on is not None:
        shared: Dim = 1 if is_label(on) else labels_count(on)
        width = minus(plus(a.width, b.width), shared)
    elif how == "cross" or (left_index is True and right_index is True) or _two_names(left_on, right_on):
        width = _sum([a.width, b.width])
    columns = None
    names = (on,) if is_label(on) else labels_in(on) if on is not None else None
    if names is not None and a.columns is not None and b.columns is not None:
        rest = [c for c in b.columns if c.label not in names]
        if not any(a.find(c.label) for c in rest):
            columns = tuple(Column(c.label) for c in (*a.columns, *rest))
    made = len(columns) if columns is not None else width if is_exact(width) else fresh("w")
    return of_state(FrameState(fresh("n"), made, columns, index=token(), labels=labels_of(columns)))


def _two_names(left_on: Value, right_on: Value) -> bool:
    """Tell whether rows are matched by one column of each side, of different names: then both columns stay."""
    return isinstance(left_on, str) and isinstance(right_on, str) and left_on != right_on


@models(FRAME + ".join")
def join_frames(self: Value, other: Value, on: Value = None, how: Value = "left", *args: Value, **kwargs: Value) -> Value:
    """The columns of both, rows by index."""
    a = frame_state(self)
    width: Dim = UNKNOWN_DIM
    if is_frame(other):
        width = _sum([a.width, frame_state(other).width])
    elif is_series(other):
        width = _sum([a.width, 1])
    aligned = is_frame(other) and a.index is not None and frame_state(other).index == a.index
    rows = a.rows if aligned else fresh("n")
    return of_state(FrameState(rows, width if is_exact(width) else fresh("w"), index=a.index if aligned else token(), labels=token()))


@models(FRAME + ".append")
def append(self: Value, other: Value, ignore_index: Value = False, *args: Value, **kwargs: Value) -> Value:
    """Old pandas: rows below."""
    a = frame_state(self)
    if is_frame(other):
        return _below((self, other), None, ignore_index, "outer")
    rows = a.rows + 1 if is_exact(a.rows) and (isinstance(other, DictObj) or is_series(other)) else fresh("n")
    return of_state(FrameState(rows, fresh("w"), index=token(), labels=token()))


@models("pandas.get_dummies")
def get_dummies(
    data: Value,
    prefix: Value = None,
    prefix_sep: Value = "_",
    dummy_na: Value = False,
    columns: Value = None,
    sparse: Value = False,
    drop_first: Value = False,
    dtype: Value = None,
) -> Value:
    """A column for each distinct value; numbers stay as they are in a frame."""
    from ..arraylike import dtype_name

    kind = dtype_name(dtype) if dtype is not None else "bool"
    width: Dim
    if is_frame(data):
        state = frame_state(data)
        if (
            columns is None
            and state.columns is not None
            and all(c.dtype is not None and c.dtype not in ("str", "object") for c in state.columns)
        ):
            return of_state(state)
        kept = _kept(state, columns)
        if kept is None:
            return of_state(FrameState(state.rows, fresh("w"), index=state.index, labels=token()))
        # Of each column that is replaced there is at least one value, which may be the one that is dropped.
        replaced = len(state.columns or ()) - len(kept)
        width = plus(len(kept), fresh("k", 0 if drop_first is not False else replaced))
        return of_state(FrameState(state.rows, width, known=kept, index=state.index, labels=token()))
    if is_series(data):
        values, index = series_state(data).values, series_state(data).index
    else:
        a = as_array(data)
        if a is None or a.shape is None:
            length = samples(data)
            return of_state(FrameState(length if is_exact(length) else fresh("n"), fresh("k"), dtype=kind, index=token(), labels=token()))
        values, index = a, default_index(a.shape[0] if a.shape else UNKNOWN_DIM)
    width = fresh("k")
    if (
        values.data is not None
        and all(isinstance(v, (str, int)) for v in values.data)
        and dummy_na is False
        and isinstance(drop_first, bool)
    ):
        width = max(len(set(values.data)) - (1 if drop_first else 0), 0)
    rows = values.shape[0] if values.shape else UNKNOWN_DIM
    return of_state(FrameState(rows, width, dtype=kind, index=index, labels=token()))


def _kept(state: FrameState, replaced: Value) -> tuple[Column, ...] | None:
    """Return the columns that stay as they are where others are replaced; None where it is not known which."""
    labels = labels_in(replaced) if isinstance(replaced, (ListObj, tuple)) else None
    if state.columns is None or labels is None or any(isinstance(c.label, Unknown) for c in state.columns):
        return None
    kept = tuple(c for c in state.columns if c.label not in labels)
    return kept if len(state.columns) - len(kept) == len(labels) == len(set(labels)) else None


@models("pandas.isnull", "pandas.isna", "pandas.notnull", "pandas.notna")
def isnull(obj: Value) -> Value:
    """One truth value for each value."""
    if is_series(obj):
        s = series_state(obj)
        return series(Array((s.rows,), "bool"), s.name, s.index)
    if is_frame(obj):
        f = frame_state(obj)
        return of_state(
            with_state(f, columns=None if f.columns is None else tuple(Column(c.label, "bool") for c in f.columns), known=(), dtype="bool")
        )
    return Array(obj.shape, "bool") if isinstance(obj, Array) else UNKNOWN


@models("pandas.to_datetime", "pandas.to_numeric", "pandas.cut", "pandas.qcut", "pandas.to_timedelta")
def convert(arg: Value, *args: Value, retbins: Value = False, **kwargs: Value) -> Value:
    """As many values of another kind."""
    if retbins is not False:
        return UNKNOWN
    if is_series(arg):
        s = series_state(arg)
        return series(Array((s.rows,), None), s.name, s.index)
    return UNKNOWN


@models("pandas.factorize", SERIES + ".factorize")
def factorize(values: Value, *args: Value, **kwargs: Value) -> Value:
    """The number of each value's class, and the classes."""
    length = samples(values)
    return (Array((length if is_exact(length) else fresh("n"),), "int64"), Array((fresh("k"),)))


@models("pandas.Categorical")
def categorical(values: Value, *args: Value, **kwargs: Value) -> Value:
    """Values with classes; like a Series in what is asked of it here."""
    from ...interpreter.values import LibObj

    return LibObj("pandas.Categorical", (samples(values),))


@models("pandas.Categorical.codes", kind="property")
def categorical_codes(self: Value) -> Value:
    """The number of each value's class."""
    return Array((self.state[0],), "int8")
