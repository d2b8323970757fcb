"""``groupby`` and ``resample``: rows put together by the values of columns or by stretches of time, and what is made of each group."""

from __future__ import annotations

from typing import Any

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Iteration, LibObj, ListObj, Seq, Unknown, Value, fresh
from ...records import record, replace
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import call, items, models
from ..arraylike import minus
from .access import FRAME_NAMES
from .selecting import drop_columns, pick_columns
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
    labels_in,
    labels_of,
    levels,
    nested_labels,
    new_rows,
    of_state,
    series,
    series_state,
    token,
    with_state,
)

GROUPS = "pandas.<groups>"

_STATISTICS = {
    **dict.fromkeys(("mean", "std", "var", "median", "sem", "skew", "quantile"), "float64"),
    **dict.fromkeys(("sum", "prod", "min", "max", "first", "last")),
    **dict.fromkeys(("count", "nunique"), "int64"),
    **dict.fromkeys(("any", "all"), "bool"),
}
"""One value for each group and column, and the dtype of it."""

_OF_ANY = ("count", "nunique", "first", "last", "min", "max", "size")
"""What there is of texts too; of other statistics, old pandas leaves out the columns that have none."""

_KEEPING = ("cumsum", "cumprod", "cummax", "cummin", "shift", "diff", "pct_change", "rank", "ffill", "bfill", "pad", "fillna", "transform")
"""As many values as before."""


@record
class Grouped:
    """State of a frame or Series in groups.

    `frame` is what is grouped (of a Series, its one column), without the columns that it is grouped by, and `keys` are these where it
    is known which. `single` says that results are Series. `count` is the number of groups; stretches of time are told by `resampled`.
    """

    frame: FrameState
    keys: tuple[Value, ...] | None
    count: Dim
    whole: FrameState
    single: bool = False
    as_index: bool = True
    resampled: bool = False
    many: bool = False


def _state(self: Value) -> Grouped:
    state = self.state
    return state if isinstance(state, Grouped) else Grouped(FrameState(labels=token()), None, UNKNOWN_DIM, FrameState(labels=token()))


@models(FRAME + ".groupby", SERIES + ".groupby")
def groupby(
    self: Value, by: Value = None, axis: Value = 0, level: Value = None, as_index: Value = True, *args: Value, **kwargs: Value
) -> Value:
    """Rows of the same values in some columns, put together."""
    if axis not in (0, "index") or not isinstance(as_index, bool):
        return UNKNOWN
    if is_series(self):
        s = series_state(self)
        whole = FrameState(s.rows, 1, (Column(s.name, s.values.dtype, s.values.bounds),), index=s.index)
        return LibObj(GROUPS, Grouped(whole, None, fresh("g"), whole, single=True))
    state = frame_state(self)
    keys = (by,) if is_label(by) else labels_in(by) if isinstance(by, ListObj) else None
    if level is not None or keys is None or not all(isinstance(k, (str, int)) for k in keys) or not keys:
        # Values from elsewhere take no column away; labels that are not known do.
        foreign = level is None and (is_series(by) or isinstance(by, Array))
        rest = state if foreign else with_state(state, columns=None, known=(), width=fresh("w"), labels=token())
        return LibObj(GROUPS, Grouped(rest, None, fresh("g"), state, as_index=as_index, many=not is_label(by)))
    rest = drop_columns(state, by if is_label(by) else ListObj(Seq(keys)))
    return LibObj(GROUPS, Grouped(rest, keys, _distinct(state, keys), state, as_index=as_index, many=isinstance(by, ListObj)))


def _distinct(state: FrameState, keys: tuple[Value, ...]) -> Dim:
    found = state.find(keys[0]) if len(keys) == 1 else None
    if found is None or found.data is None or not all(isinstance(v, (str, int)) for v in found.data):
        return fresh("g")
    return len(set(found.data))


@models(FRAME + ".resample", SERIES + ".resample")
def resample(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Rows of each stretch of time, put together."""
    if kwargs.get("axis") is not None or kwargs.get("on") is not None or kwargs.get("level") is not None:
        return UNKNOWN
    if is_series(self):
        s = series_state(self)
        state = FrameState(s.rows, 1, (Column(s.name, s.values.dtype, s.values.bounds),), index=s.index)
    elif is_frame(self):
        state = frame_state(self)
    else:
        return UNKNOWN
    return LibObj(GROUPS, Grouped(state, None, fresh("g"), state, single=is_series(self), resampled=True))


# --- picking columns of the groups ------------------------------------------------------------------------------------------


@models(GROUPS + ".__getitem__")
def pick(self: Value, key: Value) -> Value:
    """``groups["a"]`` gives Series, ``groups[["a", "b"]]`` frames."""
    state = _state(self)
    if is_label(key):
        return LibObj(GROUPS, replace(state, frame=pick_columns(state.whole, ListObj(Seq((key,)))), single=True))
    if isinstance(key, ListObj):
        return LibObj(GROUPS, replace(state, frame=pick_columns(state.whole, key), single=False))
    return UNKNOWN


@models(GROUPS + ".__getattr__")
def column(self: Value, name: str) -> Value:
    """``groups.price``: as ``groups["price"]``."""
    state = _state(self)
    if not isinstance(name, str) or name in FRAME_NAMES or name.startswith("_"):
        return UNKNOWN
    found = state.whole.find(name)
    return UNKNOWN if found is None and (state.whole.columns is not None or state.single) else pick(self, name)


# --- one row for each group -------------------------------------------------------------------------------------------------


def _index(state: Grouped) -> Any:
    if state.keys is not None:
        return levels(state.keys)
    return token() if state.resampled or not state.many else None


def _table(state: Grouped, width: Dim, columns: tuple[Column, ...] | None, dtype: str | None = None, nested: bool = False) -> Value:
    """Return a row for each group, with the keys in front where they are to be columns; `nested` labels have several parts."""
    if nested:
        keys_in_front = not state.as_index
        index = default_index(state.count) if keys_in_front else _index(state)
        return of_state(FrameState(state.count, fresh("w") if keys_in_front else width, index=index, labels=nested_labels()))
    if state.as_index:
        return of_state(FrameState(state.count, width, columns, dtype=dtype, index=_index(state), labels=labels_of(columns)))
    if state.keys is None:
        return of_state(FrameState(state.count, fresh("w"), index=default_index(state.count), labels=token()))
    keys = tuple(Column(k) for k in state.keys)
    columns = None if columns is None else (*keys, *columns)
    made = width + len(keys) if is_exact(width) else fresh("w")
    return of_state(FrameState(state.count, made, columns, (), None, default_index(state.count), labels_of(columns)))


def _one_for_each(state: Grouped, dtype: str | None, of_any: bool = True) -> Value:
    columns = state.frame.columns
    if state.single:
        label = columns[0].label if columns else None
        made = dtype if dtype is not None else columns[0].dtype if columns else None
        if state.as_index:
            return series(Array((state.count,), made), label, _index(state) or token())
        return _table(state, 1, (Column(label, made),))
    if not of_any and not _numbers(state.frame):
        return _table(state, fresh("w"), None)
    kept = None if columns is None else tuple(Column(c.label, dtype if dtype is not None else c.dtype) for c in columns)
    return _table(state, state.frame.width, kept, dtype)


def _numbers(frame: FrameState) -> bool:
    """Tell whether all columns hold numbers."""
    if frame.columns is None:
        return frame.dtype not in (None, "str", "object") and not frame.known
    return all(c.dtype not in (None, "str", "object") for c in frame.columns)


def _register(name: str, dtype: str | None) -> None:
    @models(f"{GROUPS}.{name}")
    def statistic(self: Value, *args: Value, numeric_only: Value = False, **kwargs: Value) -> Value:
        """One value for each group and column."""
        state = _state(self)
        if name == "quantile" and args and not isinstance(args[0], (int, float)):
            return UNKNOWN
        made = "float64" if dtype is None and name in ("sum", "prod", "min", "max") and state.resampled else dtype
        return _one_for_each(state, made, name in _OF_ANY and numeric_only is False)


for _name, _dtype in _STATISTICS.items():
    _register(_name, _dtype)


@models(GROUPS + ".size")
def size(self: Value) -> Value:
    """How many rows each group has."""
    state = _state(self)
    if state.as_index:
        return series(Array((state.count,), "int64"), None, _index(state) or token())
    return _table(state, 1, (Column("size", "int64"),))


@models(GROUPS + ".ohlc")
def ohlc(self: Value) -> Value:
    """The first, greatest, least and last value of each group."""
    state = _state(self)
    if state.single:
        return _table(state, 4, tuple(Column(label) for label in ("open", "high", "low", "close")))
    width = state.frame.width
    return _table(state, width * 4 if is_exact(width) else fresh("w"), None, nested=True)


@models(GROUPS + ".agg", GROUPS + ".aggregate")
def aggregate(self: Value, func: Value = None, *args: Value, **kwargs: Value) -> Value:
    """What functions make of each group: one, several, or some for each column."""
    state = _state(self)
    if func is None and kwargs and not args:
        return _table(state, len(kwargs), tuple(Column(name) for name in kwargs))
    if isinstance(func, DictObj) and isinstance(func.state, dict) and OTHERS not in func.state and not state.single:
        return _by_column(state, func.state)
    several = items(func) if isinstance(func, (ListObj, tuple)) else None
    if several is not None:
        if state.single:
            named = all(isinstance(f, str) for f in several) and len(set(several)) == len(several)
            return _table(state, len(several), tuple(Column(f) for f in several) if named else None)
        width = state.frame.width
        known = all(f in _OF_ANY for f in several if isinstance(f, str)) or _numbers(state.frame)
        return _table(state, width * len(several) if known and is_exact(width) else fresh("w"), None, nested=True)
    if isinstance(func, str):
        return _one_for_each(state, _STATISTICS.get(func), func in _OF_ANY) if func in _STATISTICS else UNKNOWN
    if isinstance(func, (Unknown, ListObj, DictObj)):
        return UNKNOWN
    return _one_for_each(state, None, False) if not state.single else _table_of_one(state)


def _table_of_one(state: Grouped) -> Value:
    label = state.frame.columns[0].label if state.frame.columns else None
    return series(Array((state.count,), None), label, _index(state) or token()) if state.as_index else _table(state, 1, (Column(label),))


def _by_column(state: Grouped, functions: dict[Any, Value]) -> Value:
    """Return what a dict of functions gives: a column for each, in the dict's order."""
    width = 0
    nested = False
    for each in functions.values():
        several = items(each) if isinstance(each, (ListObj, tuple)) else None
        if several is None and isinstance(each, (Unknown, ListObj, DictObj)):
            return _table(state, fresh("w"), None, nested=True)
        nested = nested or several is not None
        width += 1 if several is None else len(several)
    return _table(state, width, None if nested else tuple(Column(label) for label in functions), nested=nested)


# --- as many rows as before, and other shapes ---------------------------------------------------------------------------------


@models(*(f"{GROUPS}.{name}" for name in _KEEPING), GROUPS + ".interpolate", GROUPS + ".asfreq", GROUPS + ".nearest")
def keep(self: Value, *args: Value, **kwargs: Value) -> Value:
    """As many values as before; of stretches of time, one for each."""
    state = _state(self)
    if state.resampled:
        return _one_for_each(state, None)
    frame = state.frame
    if state.single:
        label = frame.columns[0].label if frame.columns else None
        return series(Array((frame.rows,), None), label, frame.index)
    if not _numbers(frame):
        return of_state(with_state(frame, columns=None, known=(), width=fresh("w"), labels=token(), dtype=None))
    return of_state(with_state(frame, columns=None if frame.columns is None else tuple(Column(c.label) for c in frame.columns), dtype=None))


@models(GROUPS + ".cumcount", GROUPS + ".ngroup")
def number(self: Value, *args: Value, **kwargs: Value) -> Value:
    """A number for each row."""
    frame = _state(self).whole
    return series(Array((frame.rows,), "int64"), None, frame.index)


@models(GROUPS + ".head", GROUPS + ".tail", GROUPS + ".nth", GROUPS + ".sample", GROUPS + ".filter")
def some(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Some of the rows."""
    state = _state(self)
    if state.resampled:
        return UNKNOWN
    if state.single:
        return series(Array((new_rows(),), None), None, token())
    return of_state(state.whole.with_rows(new_rows()))


@models(GROUPS + ".apply")
def apply(self: Value, func: Value, *args: Value, **kwargs: Value) -> Value:
    """A function of each group: what it gives decides; lists stay as they are."""
    state = _state(self)
    if state.single and getattr(func, "path", None) in ("builtins.list", "builtins.tuple", "builtins.set", "builtins.len"):
        kind = "int64" if func.path == "builtins.len" else "object"
        return _one_for_each(state, kind)
    if args or kwargs or not state.as_index or isinstance(func, (str, Unknown)):
        return UNKNOWN
    made = call(func, _group(state))
    if isinstance(made, (int, float, str)) or (isinstance(made, Array) and made.shape == ()):
        return series(
            Array((state.count,), None),
            state.frame.columns[0].label if state.single and state.frame.columns else None,
            _index(state) or token(),
        )
    return UNKNOWN


def _group(state: Grouped) -> Value:
    rows = fresh("m")
    if state.single:
        found = state.frame.columns[0] if state.frame.columns else Column(None)
        return series(Array((rows,), found.dtype, bounds=found.bounds), found.label, token())
    picked = state.keys is None or state.frame.labels != drop_columns(state.whole, ListObj(Seq(state.keys))).labels
    frame = state.frame if picked and state.whole.columns is not None and not state.resampled else state.whole
    return of_state(frame.with_rows(rows))


@models(GROUPS + ".__iter__")
def iterate(self: Value) -> Value:
    """Pairs of the key and the rows of each group."""
    state = _state(self)
    return Iteration(None, (UNKNOWN, _group(state)), state.count)


@models(GROUPS + ".get_group")
def get_group(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The rows of one group."""
    return _group(_state(self))


@models(GROUPS + ".__len__")
def length(self: Value) -> Value:
    """The number of groups."""
    return _state(self).count


@models(GROUPS + ".ngroups", kind="property")
def ngroups(self: Value) -> Value:
    """The number of groups."""
    return _state(self).count


@models(GROUPS + ".rolling", GROUPS + ".expanding", GROUPS + ".ewm", GROUPS + ".resample", GROUPS + ".describe", GROUPS + ".value_counts")
def other(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Not known."""
    return UNKNOWN


# --- long and wide ------------------------------------------------------------------------------------------------------------


@models(FRAME + ".pivot", "pandas.pivot")
def pivot(self: Value, *, columns: Value = None, index: Value = None, values: Value = None) -> Value:
    """A row for each value of one column, a column for each value of another."""
    if not is_frame(self):
        return UNKNOWN
    found = frame_state(self).find(values) if is_label(values) else None
    single = is_label(index) and not isinstance(index, Unknown)
    dtype = found.dtype if found is not None and found.dtype in ("float32", "float64") else None
    labels = token() if is_label(values) else nested_labels()
    return of_state(FrameState(fresh("r"), fresh("c"), dtype=dtype, index=levels((index,)) if single else None, labels=labels))


@models(FRAME + ".pivot_table", "pandas.pivot_table")
def pivot_table(
    self: Value, values: Value = None, index: Value = None, columns: Value = None, aggfunc: Value = "mean", *args: Value, **kwargs: Value
) -> Value:
    """The same, with a statistic of the rows that fall together."""
    if not is_frame(self):
        return UNKNOWN
    names = (index,) if is_label(index) else labels_in(index) if isinstance(index, ListObj) else None
    made = levels(names) if names and all(isinstance(n, (str, int)) for n in names) else None
    width: Dim = fresh("c")
    if columns is None and isinstance(aggfunc, str):
        picked = (values,) if is_label(values) else labels_in(values) if isinstance(values, ListObj) else None
        width = len(picked) if picked is not None else width
    plain = isinstance(aggfunc, str) and (columns is None or is_label(values))
    return of_state(FrameState(fresh("r"), width, index=made, labels=token() if plain else nested_labels()))


@models("pandas.crosstab")
def crosstab(index: Value, columns: Value, *args: Value, **kwargs: Value) -> Value:
    """How often the values of two columns come together."""
    return of_state(FrameState(fresh("r"), fresh("c"), index=token() if is_series(index) else None, labels=token()))


@models(SERIES + ".unstack", FRAME + ".unstack")
def unstack(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The last part of the row labels becomes columns."""
    return of_state(FrameState(fresh("r"), fresh("c"), labels=token())) if is_series(self) else UNKNOWN


@models(FRAME + ".melt", "pandas.melt")
def melt(
    self: Value,
    id_vars: Value = None,
    value_vars: Value = None,
    var_name: Value = None,
    value_name: Value = "value",
    *args: Value,
    **kwargs: Value,
) -> Value:
    """A row for each value: what stays is repeated, and the column's label and the value come behind it."""
    if not is_frame(self):
        return UNKNOWN
    state = frame_state(self)
    kept = () if id_vars is None else (id_vars,) if is_label(id_vars) else labels_in(id_vars)
    if kept is None:
        return of_state(FrameState(fresh("n"), fresh("w"), index=token(), labels=token()))
    if value_vars is None:
        melted: Dim = minus(state.width, len(kept)) if is_exact(state.width) else UNKNOWN_DIM
    else:
        named = (value_vars,) if is_label(value_vars) else labels_in(value_vars)
        melted = UNKNOWN_DIM if named is None else len(named)
    rows = state.rows * melted if is_exact(state.rows) and is_exact(melted) else fresh("n")
    columns = tuple(Column(label) for label in (*kept, "variable" if var_name is None else var_name, value_name))
    return of_state(FrameState(rows, len(columns), columns, index=default_index(rows), labels=labels_of(columns)))
