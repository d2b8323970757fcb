"""Methods that keep the shape, or reduce it along an axis, or pick rows by their values."""

from __future__ import annotations

from collections.abc import Sequence

from ...interpreter.frames import BoundMethod, Function
from ...interpreter.values import UNKNOWN, AnyScalar, Array, Builtin, DictObj, LibObj, Library, ListObj, Real, Unknown, Value, fresh
from ...interpreter.world import leaves
from ...shapes import UNKNOWN_DIM, Dim, derived, is_exact
from ...shapes.indexing import slice_length
from ..api import call, models
from ..arraylike import dtype_name, samples
from ..numpy.convert import Elements
from .access import column_series
from .selecting import finish
from .state import (
    FRAME,
    SERIES,
    Column,
    FrameState,
    frame_state,
    has_default_index,
    is_frame,
    is_index,
    is_label,
    is_nested,
    is_series,
    labels_in,
    labels_of,
    level_names,
    levels,
    nested_labels,
    new_rows,
    of_state,
    one_value,
    series,
    series_state,
    token,
    with_state,
)


def _on_both(*names: str) -> list[str]:
    return [f"{of}.{name}" for of in (FRAME, SERIES) for name in names]


def _retyped(self: Value, dtype: str | None, keep: bool = False) -> Value:
    """Return a frame or series of the same shape and index, of another dtype (`keep`: of the same)."""
    if is_series(self):
        s = series_state(self)
        values = s.values if keep else s.values.typed(dtype)
        return series(Array(values.shape, values.dtype, bounds=values.bounds if keep else None), s.name, s.index)
    state = frame_state(self)
    if keep:
        return of_state(state.with_rows(state.rows, state.index))
    columns = None if state.columns is None else tuple(Column(c.label, dtype) for c in state.columns)
    return of_state(with_state(state, columns=columns, known=(), dtype=dtype))


def _answer(self: Value, made: Value, inplace: Value) -> Value:
    if inplace is True:
        self.put(made.state)
        return None
    if inplace is False:
        return made
    return UNKNOWN


@models(*_on_both("copy"))
def copy(self: Value, deep: Value = True) -> Value:
    """A copy."""
    return LibObj(self.path, self.state)


CHANGE_NUMBERS = ("abs", "round", "clip", "cumsum", "cumprod")
KEEP_DTYPE = (
    *("cummax", "cummin", "ffill", "bfill", "pad"),
    *("infer_objects", "convert_dtypes", "sort_index", "rename_axis", "tz_localize", "to_timestamp"),
)
TO_FLOAT = ("pct_change", "rank", "interpolate", "diff", "shift")
TO_BOOL = ("isnull", "isna", "notnull", "notna", "isin", "eq", "ne", "lt", "le", "gt", "ge", "between", "duplicated")
TO_ANY = ("replace", "where", "mask", "map", "applymap", "transform", "fillna")


@models(*_on_both(*KEEP_DTYPE))
def keeps(self: Value, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """The same shape and dtype."""
    return _answer(self, _retyped(self, None, keep=True), inplace)


@models(*_on_both(*CHANGE_NUMBERS))
def changes(self: Value, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """The same shape and dtype, other numbers."""
    return _answer(self, without_bounds(_retyped(self, None, keep=True)), inplace)


def without_bounds(made: Value) -> Value:
    """Return the same table or series with nothing said of the numbers in it, such as which are the least and the greatest."""
    if is_series(made):
        s = series_state(made)
        return series(Array(s.values.shape, s.values.dtype), s.name, s.index)
    state = frame_state(made)
    columns = None if state.columns is None else tuple(Column(c.label, c.dtype) for c in state.columns)
    return of_state(with_state(state, columns=columns, known=tuple(Column(c.label, c.dtype) for c in state.known)))


@models(*_on_both(*TO_FLOAT))
def to_float(self: Value, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """The same shape, numbers with fractions or gaps."""
    return _answer(self, _retyped(self, None), inplace)


@models(*_on_both(*TO_BOOL))
def to_bool(self: Value, *args: Value, **kwargs: Value) -> Value:
    """One truth value for each value."""
    if is_frame(self):
        state = frame_state(self)
        if is_frame(args[0]) if args else False:
            return of_state(FrameState(fresh("n"), fresh("w"), dtype="bool", labels=token(), index=token()))
        return _retyped(of_state(state), "bool")
    return _retyped(self, "bool")


@models(FRAME + ".duplicated")
def frame_duplicated(self: Value, *args: Value, **kwargs: Value) -> Value:
    """One truth value for each row."""
    state = frame_state(self)
    return series(Array((state.rows,), "bool"), None, state.index)


@models(*_on_both(*TO_ANY))
def to_any(self: Value, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """The same shape; what the values are is not known."""
    return _answer(self, _retyped(self, None), inplace)


@models(FRAME + ".fillna", SERIES + ".fillna")
def fillna(self: Value, value: Value = None, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """The same shape; columns of numbers stay so when a number fills them."""
    same_kind = isinstance(value, (int, float)) or not isinstance(value, (str, Unknown))
    return _answer(self, _retyped(self, None, keep=same_kind), inplace)


@models(*_on_both("astype"))
def astype(self: Value, dtype: Value, *args: Value, **kwargs: Value) -> Value:
    """``df.astype("float32")``; a dict changes some columns."""
    if isinstance(dtype, DictObj) and is_frame(self):
        changes = dtype.state if isinstance(dtype.state, dict) else {}
        state = frame_state(self)

        def changed(c: Column) -> Column:
            return Column(c.label, dtype_name(changes[c.label])) if isinstance(c.label, (str, int)) and c.label in changes else c

        columns = None if state.columns is None else tuple(changed(c) for c in state.columns)
        return of_state(with_state(state, columns=columns, known=tuple(changed(c) for c in state.known), dtype=None))
    name = dtype_name(dtype)
    if is_series(self):
        s = series_state(self)
        numbers = name is not None and s.values.dtype is not None and s.values.dtype not in ("str", "object")
        return series(Array(s.values.shape, name, bounds=s.values.bounds if numbers else None), s.name, s.index)
    return _retyped(self, name)


@models(*_on_both("sort_values"))
def sort_values(self: Value, by: Value = None, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """The same rows in another order; alignment by label makes the index what it was. A part of them is no draw of the numbers any more."""
    made = _retyped(self, None, keep=True) if is_series(self) else of_state(_shuffled(self))
    return _answer(self, without_bounds(made), inplace)


def _shuffled(self: Value) -> FrameState:
    state = frame_state(self)
    return state.with_rows(state.rows, token())


# --- rows picked by their values -----------------------------------------------------------------------------------------


@models(*_on_both("dropna", "drop_duplicates"))
def dropna(self: Value, *args: Value, axis: Value = 0, inplace: Value = False, **kwargs: Value) -> Value:
    """As many rows (with ``axis=1`` columns) or fewer."""
    if is_series(self):
        return _answer(self, _some(self, new_rows()), inplace)
    state = frame_state(self)
    if axis in (0, "index") and not (args and args[0] in (1, "columns")):
        return finish(self, state.with_rows(new_rows()), inplace)
    return finish(self, with_state(state, columns=None, known=(), width=fresh("w"), labels=token()), inplace)


def _some(self: Value, rows: Dim, index: object = None) -> Value:
    """Return a frame or series with some of the rows."""
    if is_series(self):
        s = series_state(self)
        return series(Array((rows,), s.values.dtype, bounds=s.values.bounds), s.name, token() if index is None else index)
    return of_state(frame_state(self).with_rows(rows, index))


def _rows(self: Value) -> Dim:
    return series_state(self).rows if is_series(self) else frame_state(self).rows


@models(*_on_both("query", "truncate", "between_time", "first", "last"))
def query(self: Value, *args: Value, inplace: Value = False, **kwargs: Value) -> Value:
    """Rows that pass a test."""
    return _answer(self, _some(self, new_rows()), inplace)


@models(*_on_both("head"))
def head(self: Value, n: Value = 5) -> Value:
    """The first rows."""
    return _some(self, _sliced(_rows(self), None, n), ("range", _sliced(_rows(self), None, n)) if _default(self) else None)


@models(*_on_both("tail"))
def tail(self: Value, n: Value = 5) -> Value:
    """The last rows."""
    rows = _rows(self)
    if isinstance(n, int) and n > 0:
        return _some(self, _sliced(rows, -n, None) if isinstance(rows, int) else n if not is_exact(rows) else _sliced(rows, None, n))
    return _some(self, _sliced(rows, -n, None) if isinstance(n, int) and n else new_rows())


def _sliced(rows: Dim, start: Value, stop: Value) -> Dim:
    made = slice_length(rows, *(b if b is None or is_exact(b) else UNKNOWN_DIM for b in (start, stop)))
    return made if is_exact(made) else new_rows()


def _default(self: Value) -> bool:
    return has_default_index(series_state(self).index if is_series(self) else frame_state(self).index)


@models(*_on_both("sample"))
def sample(
    self: Value,
    n: Value = None,
    frac: Value = None,
    replace: Value = False,
    weights: Value = None,
    random_state: Value = None,
    axis: Value = None,
    ignore_index: Value = False,
) -> Value:
    """``n`` rows, or the fraction ``frac`` of them, rounded to the nearest number."""
    rows = _rows(self)
    if axis not in (None, 0, "index"):
        return UNKNOWN
    if frac is None:
        count: Dim = 1 if n is None else n if is_exact(n) else new_rows()
    elif isinstance(frac, (int, float)):
        count = part_of(rows, frac)
    else:
        count = new_rows()
    return _some(self, count)


def part_of(rows: Dim, frac: float) -> Dim:
    """Return ``round(frac * rows)``."""
    if frac == 1:
        return rows
    if isinstance(rows, int):
        return round(frac * rows)
    return derived(("round", float(frac), rows), f"round({frac}*{rows!r})") if is_exact(rows) else UNKNOWN_DIM


@models(*_on_both("nlargest", "nsmallest"))
def nlargest(self: Value, n: Value = 5, *args: Value, **kwargs: Value) -> Value:
    """At most n rows."""
    return without_bounds(_some(self, _sliced(_rows(self), None, n)))


@models(*_on_both("take"))
def take(self: Value, indices: Value, *args: Value, **kwargs: Value) -> Value:
    """Rows by position."""
    count = samples(indices)
    return _some(self, count if is_exact(count) else new_rows())


@models(*_on_both("repeat"))
def repeat(self: Value, repeats: Value, *args: Value) -> Value:
    """Each row as often."""
    rows = _rows(self)
    return _some(self, rows * repeats if is_exact(rows) and is_exact(repeats) else new_rows())


# --- the index -----------------------------------------------------------------------------------------------------------


@models(FRAME + ".reset_index")
def reset_index(self: Value, level: Value = None, *, drop: Value = False, inplace: Value = False, **kwargs: Value) -> Value:
    """The default index again; the old one becomes a column unless it is dropped."""
    state = frame_state(self)
    if drop is not True:
        names = _index_columns(state.index) if drop is False and level is None else None
        if names is not None and state.columns is not None:
            columns = (*(Column(name) for name in names), *state.columns)
            state = with_state(state, columns=columns, width=len(columns), labels=labels_of(columns))
        else:
            width = state.width + len(names) if names is not None and is_exact(state.width) else fresh("w")
            known = (*(Column(name) for name in names if not isinstance(name, Unknown)), *state.known) if names is not None else ()
            labels = nested_labels() if is_nested(state.labels) else token()
            state = with_state(state, columns=None, known=known, width=width, labels=labels, dtype=None)
    state = with_state(state, index=("range", state.rows) if is_exact(state.rows) else token())
    return finish(self, state, inplace)


@models(SERIES + ".reset_index")
def series_reset_index(
    self: Value, level: Value = None, *, drop: Value = False, name: Value = None, inplace: Value = False, **kwargs: Value
) -> Value:
    """The default index again; without ``drop`` a frame of two columns."""
    s = series_state(self)
    index = ("range", s.rows) if is_exact(s.rows) else token()
    if drop is True:
        return _answer(self, series(s.values, s.name, index), inplace)
    names = _index_columns(s.index) if level is None else None
    if names is None:
        return of_state(FrameState(s.rows, fresh("w"), index=index, labels=token()))
    own = name if name is not None else s.name if s.name is not None else 0
    columns = (*(Column(n) for n in names), Column(own, s.values.dtype, s.values.bounds))
    return of_state(FrameState(s.rows, len(columns), columns, index=index, labels=labels_of(columns)))


def _index_columns(index: object) -> tuple[Value, ...] | None:
    """Return the labels of the columns that an index becomes, None where their number is open."""
    names = level_names(index)
    if names is not None:
        return names
    if index is None:
        return None
    return ("index",) if has_default_index(index) else (Unknown(("pandas.label", token())),)


@models(FRAME + ".set_index")
def set_index(self: Value, keys: Value, *, drop: Value = True, append: Value = False, inplace: Value = False, **kwargs: Value) -> Value:
    """A column becomes the index."""
    from .selecting import drop_columns

    state = frame_state(self)
    if is_label(keys):
        if drop is True:
            state = drop_columns(state, keys)
        state = with_state(state, index=levels((keys,)) if append is False else None)
    elif isinstance(keys, ListObj):
        if drop is True:
            state = drop_columns(state, keys)
        names = labels_in(keys) if append is False else None
        state = with_state(state, index=levels(names) if names and all(map(is_label, names)) else None)
    elif is_index(keys) or is_series(keys) or isinstance(keys, Array):
        state = with_state(state, index=token())
    else:
        state = with_state(state, index=None, columns=None, known=(), width=fresh("w"), labels=token())
    return finish(self, state, inplace)


@models(FRAME + ".rename")
def rename(
    self: Value,
    mapper: Value = None,
    *,
    index: Value = None,
    columns: Value = None,
    axis: Value = None,
    inplace: Value = False,
    **kwargs: Value,
) -> Value:
    """Other names, the same shape."""
    state = frame_state(self)
    names = columns if columns is not None else mapper if axis in (1, "columns") else None
    if names is not None:
        changes = names.state if isinstance(names, DictObj) and isinstance(names.state, dict) else None
        if changes is None or not all(isinstance(k, (str, int)) for k in changes):
            state = with_state(state, columns=None, known=(), labels=token())
        else:

            def renamed(c: Column) -> Column:
                return Column(changes[c.label], c.dtype, c.bounds, c.data) if isinstance(c.label, (str, int)) and c.label in changes else c

            new = None if state.columns is None else tuple(renamed(c) for c in state.columns)
            state = with_state(state, columns=new, known=tuple(renamed(c) for c in state.known), labels=labels_of(new))
    return finish(self, state, inplace)


@models(SERIES + ".rename")
def series_rename(self: Value, index: Value = None, **kwargs: Value) -> Value:
    """Another name."""
    s = series_state(self)
    return series(s.values, index if isinstance(index, str) else s.name, s.index)


@models(FRAME + ".assign")
def assign(self: Value, **kwargs: Value) -> Value:
    """A copy with more columns."""
    from .selecting import assign_column

    made = of_state(frame_state(self))
    for name, value in kwargs.items():
        callee = value
        known = isinstance(callee, (Array, LibObj, ListObj, str, int, float))
        assign_column(made, name, callee if known else UNKNOWN)
    return made


# --- reductions ----------------------------------------------------------------------------------------------------------

_REDUCTIONS: dict[str, str | None] = {
    **dict.fromkeys(("mean", "std", "var", "median", "sem", "skew", "kurt", "kurtosis", "mad"), "float64"),
    **dict.fromkeys(("sum", "prod", "product", "min", "max", "idxmax", "idxmin")),
    **dict.fromkeys(("count", "nunique"), "int64"),
    **dict.fromkeys(("any", "all"), "bool"),
}


def _reduction(name: str, dtype: str | None) -> None:
    @models(f"{FRAME}.{name}")
    def reduce_frame(self: Value, axis: Value = 0, *args: Value, numeric_only: Value = False, **kwargs: Value) -> Value:
        """One value for each column, or with ``axis=1`` for each row."""
        state = frame_state(self)
        made = dtype
        if made is None and name in ("sum", "min", "max", "prod", "product"):
            made = state.value_dtype()
        if axis in (1, "columns"):
            return series(Array((state.rows,), made), None, state.index)
        if axis in (0, "index", None):
            if numeric_only is not False:
                return series(Array((fresh("w"),), made), None, token())
            return series(Array((state.width,), made), None, ("columns", state.labels))
        return UNKNOWN

    @models(f"{SERIES}.{name}")
    def reduce_series(self: Value, *args: Value, **kwargs: Value) -> Value:
        """One value."""
        s = series_state(self)
        if name == "nunique":
            return len(set(s.values.data)) if s.values.data is not None and _all_plain(s.values.data) else fresh("k")
        if name in ("count",):
            return UNKNOWN
        if name in ("idxmax", "idxmin"):
            return UNKNOWN
        if (
            s.values.data is not None
            and name in ("min", "max", "sum")
            and s.values.data
            and all(isinstance(v, (int, float)) for v in s.values.data)
        ):
            return {"min": min, "max": max, "sum": sum}[name](s.values.data)  # type: ignore[operator]
        made = dtype if dtype is not None else s.values.dtype
        return Array((), made) if made not in (None, "object", "str") else UNKNOWN


for _name, _dtype in _REDUCTIONS.items():
    _reduction(_name, _dtype)


def _all_plain(values: Sequence[Value]) -> bool:
    return all(isinstance(v, (str, int, float, bool)) or v is None for v in values)


@models(SERIES + ".unique", "pandas.unique")
def unique(self: Value) -> Value:
    """The distinct values: one axis."""
    values = series_state(self).values if is_series(self) else None
    if values is None:
        return Array((fresh("k"),))
    if values.data is not None and _all_plain(values.data):
        distinct = tuple(dict.fromkeys(values.data))
        return Array((len(distinct),), values.dtype, data=distinct)
    return Array((fresh("k"),), values.dtype, bounds=values.bounds)


@models(SERIES + ".value_counts", FRAME + ".value_counts")
def value_counts(self: Value, *args: Value, **kwargs: Value) -> Value:
    """A count for each distinct value."""
    return series(Array((fresh("k"),), "int64" if not args and not kwargs else None), None, token())


@models(SERIES + ".mode")
def mode(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The most frequent values."""
    return series(Array((fresh("k"),), series_state(self).values.dtype), None, token())


@models(FRAME + ".quantile", SERIES + ".quantile")
def quantile(self: Value, q: Value = 0.5, *args: Value, **kwargs: Value) -> Value:
    """A quantile of each column."""
    if not isinstance(q, (int, float)):
        return UNKNOWN
    if is_series(self):
        return Array((), "float64")
    state = frame_state(self)
    return UNKNOWN if args or kwargs else series(Array((state.width,), "float64"), None, ("columns", state.labels))


@models(FRAME + ".describe")
def describe(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Eight rows of statistics, of the columns of numbers."""
    return of_state(FrameState(fresh("n"), fresh("w"), index=token(), labels=token()))


@models(FRAME + ".corr", FRAME + ".cov")
def corr(self: Value, *args: Value, numeric_only: Value = False, **kwargs: Value) -> Value:
    """A square of columns by columns."""
    state = frame_state(self)
    width = state.width if numeric_only is False else fresh("w")
    return of_state(
        FrameState(
            width, width, dtype="float64", index=("columns", state.labels), labels=state.labels if numeric_only is False else token()
        )
    )


# --- functions of the user -----------------------------------------------------------------------------------------------


@models(SERIES + ".apply", SERIES + ".map", SERIES + ".transform")
def series_apply(self: Value, func: Value = None, *args: Value, **kwargs: Value) -> Value:
    """As many values: of a function that makes arrays or lists, as many of them."""
    s = series_state(self)
    dtype, elements = None, None
    if not args and not kwargs and isinstance(func, (Function, BoundMethod, Builtin, Library)):
        made = call(func, one_value(s.values))
        if is_series(made):
            # ``apply`` makes a table of rows.
            return UNKNOWN
        if isinstance(made, ListObj) or (isinstance(made, Array) and made.shape):
            dtype, elements = "object", Elements(made)
    return series(Array((s.rows,), dtype, history=elements), s.name, s.index)


@models(FRAME + ".apply")
def frame_apply(
    self: Value, func: Value, axis: Value = 0, raw: Value = False, result_type: Value = None, args: Value = (), **kwargs: Value
) -> Value:
    """A function of each column, or with ``axis=1`` of each row: it keeps the axis or reduces it."""
    state = frame_state(self)
    if result_type is not None or args != () or kwargs or axis not in (0, 1, "columns", "index"):
        return UNKNOWN
    by_row = axis in (1, "columns")
    if state.columns and not by_row:
        given: Value = column_series(state, state.columns[0].label)
    elif by_row:
        given = series(Array((state.width,), state.value_dtype()), None, ("columns", state.labels))
    else:
        given = series(Array((state.rows,), state.dtype), None, state.index)
    made = call(func, given)
    kept = state.width if by_row else state.rows
    shape = made.shape if isinstance(made, Array) else (series_state(made).rows,) if is_series(made) else None
    if shape == () or all(isinstance(leaf, (int, float, str, AnyScalar, Real)) for leaf in leaves(made)):
        dtype = made.dtype if isinstance(made, Array) else None
        length = state.rows if by_row else state.width
        return series(Array((length,), dtype), None, state.index if by_row else ("columns", state.labels))
    if shape is not None and len(shape) == 1 and (shape[0] is kept or shape[0] == kept) and not (by_row and not is_series(made)):
        return of_state(FrameState(state.rows, state.width, index=state.index, labels=state.labels))
    return UNKNOWN


@models(FRAME + ".pipe", SERIES + ".pipe")
def pipe(self: Value, func: Value, *args: Value, **kwargs: Value) -> Value:
    """``func(df, …)``."""
    return call(func, self, *args, **kwargs)


# --- windows and accessors -----------------------------------------------------------------------------------------------

_WINDOW, _TEXT, _DATE, _CATEGORY = "pandas.<window>", "pandas.<str>", "pandas.<dt>", "pandas.<cat>"


@models(*_on_both("rolling", "expanding", "ewm"))
def window(self: Value, *args: Value, **kwargs: Value) -> Value:
    """A moving window over the rows."""
    return LibObj(_WINDOW, (self,))


@models(*(f"{_WINDOW}.{name}" for name in ("mean", "sum", "std", "var", "min", "max", "median", "apply", "count", "skew", "quantile")))
def window_statistic(self: Value, *args: Value, **kwargs: Value) -> Value:
    """One value for each."""
    return _retyped(self.state[0], "float64")


@models(SERIES + ".str", kind="property")
def text(self: Value) -> Value:
    """Methods of text."""
    return LibObj(_TEXT, (self,))


@models(SERIES + ".dt", kind="property")
def date(self: Value) -> Value:
    """Parts of dates."""
    return LibObj(_DATE, (self,))


@models(SERIES + ".cat", kind="property")
def category(self: Value) -> Value:
    """Categories."""
    return LibObj(_CATEGORY, (self,))


def _text_method(names: str, dtype: str | None) -> None:
    @models(*(f"{_TEXT}.{name}" for name in names.split()))
    def method(self: Value, *args: Value, expand: Value = False, **kwargs: Value) -> Value:
        """One result for each text; with ``expand`` columns."""
        s = series_state(self.state[0])
        if expand is not False:
            return of_state(FrameState(s.rows, fresh("w"), index=s.index, labels=token()))
        return series(Array((s.rows,), dtype), s.name, s.index)


_text_method(
    "lower upper strip lstrip rstrip replace title capitalize get slice join cat_ zfill pad center __getitem__ encode decode normalize",
    None,
)
_text_method("split rsplit findall", "object")
_text_method("len count find", None)
_text_method("contains startswith endswith match fullmatch isdigit isalpha isnumeric isalnum islower isupper", "bool")


@models(_TEXT + ".get_dummies")
def text_dummies(self: Value, *args: Value, **kwargs: Value) -> Value:
    """A column for each word."""
    s = series_state(self.state[0])
    return of_state(FrameState(s.rows, fresh("k"), dtype="int64", index=s.index, labels=token()))


def _date_part(names: str, kind: str) -> None:
    paths = [f"{_DATE}.{name}" for name in names.split()]

    def part(self: Value, *args: Value, **kwargs: Value) -> Value:
        """One part of each date."""
        s = series_state(self.state[0])
        return series(Array((s.rows,), "int32" if kind == "property" else None), s.name, s.index)

    models(*paths, kind="property" if kind == "property" else "function")(part)


_date_part(
    "year month day hour minute second microsecond nanosecond dayofweek day_of_week weekday quarter dayofyear day_of_year days seconds",
    "property",
)
_date_part("strftime floor ceil round normalize total_seconds to_period tz_localize tz_convert day_name month_name to_pydatetime", "method")


@models(_CATEGORY + ".codes", kind="property")
def codes(self: Value) -> Value:
    """The number of each value's category."""
    s = series_state(self.state[0])
    return series(Array((s.rows,), "int8"), s.name, s.index)


@models(_CATEGORY + ".categories", kind="property")
def categories(self: Value) -> Value:
    """The distinct values."""
    return UNKNOWN


# --- other shapes --------------------------------------------------------------------------------------------------------


def _transposed(self: Value) -> Value:
    state = frame_state(self)
    return of_state(FrameState(state.width, state.rows, None, (), state.value_dtype(), ("columns", state.labels), ("rows", state.index)))


@models(FRAME + ".T", kind="property")
def frame_t(self: Value) -> Value:
    """Rows and columns change places."""
    return _transposed(self)


@models(FRAME + ".transpose")
def transpose(self: Value, *args: Value) -> Value:
    """Rows and columns change places."""
    return _transposed(self)


@models(SERIES + ".T", kind="property")
def series_t(self: Value) -> Value:
    """A Series itself."""
    return self


@models(SERIES + ".to_frame")
def to_frame(self: Value, name: Value = None) -> Value:
    """A frame of one column."""
    s = series_state(self)
    label = name if name is not None else s.name if s.name is not None else 0
    return of_state(frame_of_series(s.values, label, s.index))


def frame_of_series(values: Array, label: Value, index: object) -> FrameState:
    """Return the state of a frame whose one column is a Series."""
    rows = values.shape[0] if values.shape else UNKNOWN_DIM
    columns = (Column(label, values.dtype, values.bounds, values.data),)
    return FrameState(rows, 1, columns, index=index, labels=labels_of(columns))


@models(FRAME + ".squeeze", SERIES + ".squeeze")
def squeeze(self: Value, axis: Value = None) -> Value:
    """One column becomes a Series."""
    if is_series(self):
        return self if not isinstance(series_state(self).rows, int) or series_state(self).rows != 1 else UNKNOWN
    state = frame_state(self)
    if (
        isinstance(state.width, int)
        and state.width == 1
        and (
            axis in (1, "columns") or (isinstance(state.rows, int) and state.rows > 1) or (axis is None and not isinstance(state.rows, int))
        )
    ):
        label = state.columns[0].label if state.columns else None
        return column_series(state, label)
    if isinstance(state.width, int) and state.width > 1 and isinstance(state.rows, int) and state.rows > 1:
        return of_state(state)
    return UNKNOWN


@models(FRAME + ".set_flags", FRAME + ".reindex_like", FRAME + ".swaplevel", FRAME + ".reorder_levels")
def unknown_frame(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Not known."""
    return UNKNOWN


@models(FRAME + ".add_prefix", FRAME + ".add_suffix")
def relabelled(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Other labels, the same shape."""
    state = frame_state(self)
    return of_state(with_state(state, columns=None, known=(), labels=token(), dtype=state.value_dtype()))
