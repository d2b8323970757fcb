"""What a DataFrame, Series or Index shows of itself: shape, values, columns, one column by name, iteration."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Builtin, Iteration, LibObj, ListObj, NamedItems, Seq, Unknown, Value, fresh
from ...rules.arrays import InconsistentLengths
from ...rules.data import ColumnCount
from ...shapes import UNKNOWN_DIM, Dim, is_exact, same, size
from ...shapes.indexing import slice_length
from ..api import Mismatch, models
from ..arraylike import as_array, dim_value, dtype_name, samples
from .state import (
    FRAME,
    INDEX,
    SERIES,
    Column,
    FrameState,
    IndexState,
    SeriesState,
    frame_state,
    index_state,
    is_label,
    is_nested,
    labels_count,
    labels_in,
    labels_of,
    one_value,
    series,
    series_state,
    some_label,
    token,
    with_state,
)

FRAME_NAMES = frozenset(
    """
    T abs add add_prefix add_suffix agg aggregate align all any apply applymap as_matrix asfreq asof assign astype at at_time
    attrs axes between_time bfill bool boxplot clip columns combine combine_first compare convert_dtypes copy corr corrwith count
    cov cummax cummin cumprod cumsum describe diff div divide dot drop drop_duplicates droplevel dropna dtypes duplicated empty eq
    equals eval ewm expanding explode ffill fillna filter first first_valid_index flags floordiv from_dict from_records ge get
    groupby gt head hist iat idxmax idxmin iloc index infer_objects info insert interpolate isetitem isin isna isnull items
    iteritems iterrows itertuples ix join keys kurt kurtosis last last_valid_index le loc lt mad map mask max mean median melt
    memory_usage merge min mod mode mul multiply name ndim ne nlargest notna notnull nsmallest nunique pad pct_change pipe pivot
    pivot_table plot pop pow prod product quantile query radd rank rdiv reindex reindex_like rename rename_axis reorder_levels
    replace resample reset_index rfloordiv rmod rmul rolling round rpow rsub rtruediv sample select_dtypes sem set_axis set_flags
    set_index shape shift size skew slice_shift sort_index sort_values squeeze stack std style sub subtract sum swapaxes swaplevel
    tail take to_clipboard to_csv to_dict to_excel to_feather to_gbq to_hdf to_html to_json to_latex to_markdown to_numpy to_orc
    to_parquet to_period to_pickle to_records to_sql to_stata to_string to_timestamp to_xarray to_xml transform transpose truediv
    truncate tshift tz_convert tz_localize unstack update value_counts values var where xs
    """.split()  # noqa: SIM905
)
"""Names that are methods or properties of a DataFrame and hence no columns."""


@models(FRAME + ".__array__", FRAME + ".to_numpy", FRAME + ".as_matrix")
def frame_array(self: Value, dtype: Value = None, copy: Value = False, na_value: Value = None) -> Value:
    """``df.values`` and kin: two axes, whatever the number of columns."""
    made = frame_state(self).array()
    return _typed(made, dtype)


@models(FRAME + ".values", kind="property")
def frame_values(self: Value) -> Value:
    """``df.values``."""
    return frame_state(self).array()


@models(SERIES + ".__array__", SERIES + ".to_numpy", SERIES + ".get_values")
def series_array(self: Value, dtype: Value = None, copy: Value = False, na_value: Value = None) -> Value:
    """``s.to_numpy()``: one axis."""
    return _typed(series_state(self).values, dtype)


def _typed(made: Array, dtype: Value) -> Array:
    name = dtype_name(dtype)
    return made if dtype is None else made.typed(name)


@models(SERIES + ".values", SERIES + ".array", kind="property")
def series_values(self: Value) -> Value:
    """``s.values``."""
    return series_state(self).values


@models(INDEX + ".__array__", INDEX + ".to_numpy")
def index_array(self: Value, dtype: Value = None, copy: Value = False, na_value: Value = None) -> Value:
    """The labels as an array."""
    state = index_state(self)
    return Array((state.length,), state.dtype, data=state.labels)


@models(INDEX + ".values", INDEX + ".array", kind="property")
def index_values(self: Value) -> Value:
    """``df.columns.values``."""
    return index_array(self)


@models(FRAME + ".shape", kind="property")
def frame_shape(self: Value) -> Value:
    """``(rows, columns)``."""
    state = frame_state(self)
    return (dim_value(state.rows), dim_value(state.width))


@models(SERIES + ".shape", kind="property")
def series_shape(self: Value) -> Value:
    """``(rows,)``."""
    return (dim_value(series_state(self).rows),)


@models(INDEX + ".shape", kind="property")
def index_shape(self: Value) -> Value:
    """``(length,)``."""
    return (dim_value(index_state(self).length),)


@models(FRAME + ".size", kind="property")
def frame_size(self: Value) -> Value:
    """Rows times columns."""
    state = frame_state(self)
    return dim_value(size((state.rows, state.width)))


@models(SERIES + ".size", kind="property")
def series_size(self: Value) -> Value:
    """The number of rows."""
    return dim_value(series_state(self).rows)


@models(INDEX + ".size", kind="property")
def index_size(self: Value) -> Value:
    """The number of labels."""
    return dim_value(index_state(self).length)


@models(FRAME + ".ndim", kind="property")
def frame_ndim(self: Value) -> Value:
    """Always 2."""
    return 2


@models(SERIES + ".ndim", INDEX + ".ndim", kind="property")
def series_ndim(self: Value) -> Value:
    """Always 1."""
    return 1


@models(FRAME + ".__len__")
def frame_len(self: Value) -> Value:
    """The number of rows."""
    return dim_value(frame_state(self).rows)


@models(SERIES + ".__len__")
def series_len(self: Value) -> Value:
    """The number of rows."""
    return dim_value(series_state(self).rows)


@models(INDEX + ".__len__")
def index_len(self: Value) -> Value:
    """The number of labels."""
    return dim_value(index_state(self).length)


@models(FRAME + ".columns", kind="property")
def frame_columns(self: Value) -> Value:
    """The column labels."""
    return columns_index(frame_state(self))


@models(FRAME + ".keys")
def frame_keys(self: Value) -> Value:
    """The column labels."""
    return columns_index(frame_state(self))


def columns_index(state: FrameState) -> LibObj:
    """Return ``df.columns``."""
    labels = None if state.columns is None else tuple(c.label for c in state.columns)
    dtype = "object" if labels is None or not all(isinstance(x, int) for x in labels) else "int64"
    return LibObj(INDEX, IndexState(state.width, labels, state.labels, dtype))


@models(FRAME + ".index", kind="property")
def frame_index(self: Value) -> Value:
    """The row labels."""
    state = frame_state(self)
    return LibObj(INDEX, IndexState(state.rows, None, state.index))


@models(SERIES + ".index", kind="property")
def series_index(self: Value) -> Value:
    """The row labels."""
    state = series_state(self)
    return LibObj(INDEX, IndexState(state.rows, None, state.index))


@models(SERIES + ".name", kind="property")
def series_name(self: Value) -> Value:
    """The name, as a rule that of the column it came from."""
    return series_state(self).name


@models(SERIES + ".dtype", FRAME + ".dtypes", SERIES + ".dtypes", kind="property")
def dtypes(self: Value) -> Value:
    """Dtypes are objects of pandas's own: not known."""
    return UNKNOWN


@models(FRAME + ".__getattr__")
def frame_attribute(self: Value, name: str) -> Value:
    """``df.price``: a column, unless the name is a method's."""
    if not isinstance(name, str) or name in FRAME_NAMES or name.startswith("_"):
        return UNKNOWN
    state = frame_state(self)
    found = state.find(name)
    if (found is None and state.columns is not None) or is_nested(state.labels):
        return UNKNOWN
    return column_series(state, name)


@models(FRAME + ".__setattr__")
def set_frame_attribute(self: Value, name: str, value: Value) -> Value:
    """``df.columns = names`` and ``df.index = labels``; an existing column may be assigned this way too."""
    state = frame_state(self)
    if name == "columns":
        rename_all(self, value)
    elif name == "index":
        count = labels_count(value)
        if same(count, state.rows) is False:
            raise Mismatch(InconsistentLengths("df.index = …", (state.rows, count), ("rows", "labels")))
        self.put(with_state(state, index=_index_named(value)))
    elif state.find(name) is not None:
        from .selecting import assign_column

        assign_column(self, name, value)
    return None


@models(FRAME + ".set_axis")
def set_axis(self: Value, labels: Value, axis: Value = 0, copy: Value = None) -> Value:
    """A copy with other labels."""
    made = LibObj(FRAME, frame_state(self))
    if axis in (1, "columns"):
        rename_all(made, labels)
    else:
        made.put(with_state(frame_state(self), index=_index_named(labels)))
    return made


def rename_all(df: Value, labels: Value) -> None:
    """Give a DataFrame new column labels, in place."""
    state = frame_state(df)
    count = labels_count(labels)
    if same(count, state.width) is False:
        raise Mismatch(ColumnCount("df.columns = …", state.width, count))
    new = labels_in(labels)
    if new is None:
        df.put(with_state(state, columns=None, known=(), labels=token(), dtype=state.value_dtype(), flat=False))
        return
    old = state.columns
    columns = tuple(
        _renamed(old[i], label) if old is not None and i < len(old) else Column(label, state.dtype) for i, label in enumerate(new)
    )
    flat = not any(isinstance(label, tuple) for label in new)
    df.put(with_state(state, width=len(columns), columns=columns, known=(), labels=labels_of(columns), flat=flat))


def _renamed(c: Column, label: Value) -> Column:
    return Column(label, c.dtype, c.bounds, c.data, c.elements)


def _index_named(value: Value) -> object:
    if isinstance(value, LibObj) and value.path == INDEX:
        return index_state(value).source
    return token()


@models(SERIES + ".__setattr__", INDEX + ".__setattr__")
def set_series_attribute(self: Value, name: str, value: Value) -> Value:
    """``s.index = …`` and ``s.name = …``."""
    if isinstance(self, LibObj) and self.path == SERIES:
        state = series_state(self)
        if name == "name":
            self.put(SeriesState(state.values, value, state.index))
        elif name == "index":
            self.put(SeriesState(state.values, state.name, _index_named(value)))
    return None


def column_series(state: FrameState, label: Value) -> LibObj:
    """Return ``df[label]``: one axis, of as many rows as the frame has."""
    found = state.find(label)
    if found is None:
        found = Column(label, state.dtype if state.columns is None else None)
    return series(found.array(state.rows), label if not isinstance(label, Unknown) else None, state.index)


@models(FRAME + ".__iter__")
def iterate_frame(self: Value) -> Value:
    """Iterating gives the column labels."""
    return iterate_index(columns_index(frame_state(self)))


@models(INDEX + ".__iter__")
def iterate_index(self: Value) -> Value:
    """The labels, one by one."""
    state = index_state(self)
    if state.labels is not None:
        return Iteration(state.labels)
    return Iteration(None, some_label(state.source), state.length)


@models(SERIES + ".__iter__")
def iterate_series(self: Value) -> Value:
    """The values, one by one."""
    values = series_state(self).values
    if values.data is not None:
        return Iteration(values.data)
    return Iteration(
        None,
        one_value(values),
        series_state(self).rows,
    )


@models(FRAME + ".__contains__")
def frame_contains(self: Value, key: Value) -> Value:
    """``"price" in df``."""
    state = frame_state(self)
    if state.columns is not None and isinstance(key, (str, int)) and not any(isinstance(c.label, Unknown) for c in state.columns):
        return state.find(key) is not None
    return True if state.find(key) is not None else UNKNOWN


@models(FRAME + ".iterrows")
def iterrows(self: Value) -> Value:
    """Pairs of a row label and the row as a Series."""
    state = frame_state(self)
    row = series(Array((state.width,), state.value_dtype()), None, ("columns", state.labels))
    return Iteration(None, (UNKNOWN, row), state.rows)


@models(FRAME + ".itertuples")
def itertuples(self: Value, index: Value = True, name: Value = "Pandas") -> Value:
    """Named tuples; of known columns, with their names."""
    state = frame_state(self)
    if state.columns is None or not all(isinstance(c.label, str) for c in state.columns):
        return Iteration(None, UNKNOWN, state.rows)
    names = (("Index",) if index is True else ()) + tuple(c.label for c in state.columns)
    return Iteration(None, NamedItems((UNKNOWN,) * len(names), names), state.rows)


@models(FRAME + ".items", FRAME + ".iteritems")
def frame_items(self: Value) -> Value:
    """Pairs of a label and the column."""
    state = frame_state(self)
    if state.columns is not None:
        return Iteration(tuple((c.label, column_series(state, c.label)) for c in state.columns))
    label = some_label(state.labels)
    return Iteration(None, (label, column_series(state, label)), state.width)


@models(SERIES + ".tolist", SERIES + ".to_list")
def series_list(self: Value) -> Value:
    """The values as a list."""
    values = series_state(self).values
    if values.data is not None:
        return ListObj(Seq(values.data))
    return ListObj(Seq(None, one_value(values), series_state(self).rows))


@models(INDEX + ".tolist", INDEX + ".to_list")
def index_list(self: Value) -> Value:
    """The labels as a list."""
    state = index_state(self)
    return ListObj(Seq(state.labels)) if state.labels is not None else ListObj(Seq(None, some_label(state.source), state.length))


@models(INDEX + ".__getitem__")
def index_item(self: Value, key: Value) -> Value:
    """``df.columns[0]``, ``df.columns[1:]``."""
    state = index_state(self)
    if isinstance(key, int) and not isinstance(key, bool):
        if state.labels is not None and -len(state.labels) <= key < len(state.labels):
            return state.labels[key]
        return some_label(state.source)
    if isinstance(key, slice):
        if state.labels is not None and all(b is None or isinstance(b, int) for b in (key.start, key.stop, key.step)) and key.step != 0:
            labels = state.labels[key]
            return LibObj(INDEX, IndexState(len(labels), labels, token(), state.dtype))
        length = _slice(state.length, key)
        return LibObj(INDEX, IndexState(length, None, token(), state.dtype))
    picked = labels_in(key)
    if picked is not None and all(isinstance(p, int) and not isinstance(p, bool) for p in picked):
        if state.labels is not None and all(-len(state.labels) <= p < len(state.labels) for p in picked):
            return LibObj(INDEX, IndexState(len(picked), tuple(state.labels[p] for p in picked), token(), state.dtype))
        return LibObj(INDEX, IndexState(len(picked), None, token(), state.dtype))
    return (
        LibObj(INDEX, IndexState(fresh("w"), None, token(), state.dtype)) if not is_label(key) and not isinstance(key, Unknown) else UNKNOWN
    )


def _slice(length: Dim, key: slice) -> Dim:
    bounds = [b if b is None or is_exact(b) else UNKNOWN_DIM for b in (key.start, key.stop, key.step)]
    return slice_length(length, *bounds)


@models(INDEX + ".drop", INDEX + ".difference")
def index_drop(self: Value, labels: Value, *args: Value, **kwargs: Value) -> Value:
    """The labels without some of them."""
    state = index_state(self)
    gone = (labels,) if is_label(labels) else labels_in(labels)
    if gone is None:
        return LibObj(INDEX, IndexState(fresh("w"), None, token(), state.dtype))
    if state.labels is not None:
        left = tuple(x for x in state.labels if x not in gone)
        return LibObj(INDEX, IndexState(len(left), left, token(), state.dtype))
    return LibObj(INDEX, IndexState(state.length - len(gone) if is_exact(state.length) else UNKNOWN_DIM, None, token(), state.dtype))


@models(INDEX + ".isin", INDEX + ".__eq__", INDEX + ".__ne__", INDEX + ".duplicated")
def index_test(self: Value, *args: Value, **kwargs: Value) -> Value:
    """One truth value for each label."""
    return Array((index_state(self).length,), "bool")


@models(INDEX + ".get_loc")
def get_loc(self: Value, key: Value, *args: Value) -> Value:
    """Where a label stands."""
    labels = index_state(self).labels
    return labels.index(key) if labels is not None and isinstance(key, (str, int)) and key in labels else UNKNOWN


@models(INDEX + ".unique", INDEX + ".copy", INDEX + ".sort_values")
def index_copy(self: Value, *args: Value, **kwargs: Value) -> Value:
    """As many labels (column labels are as a rule unique)."""
    state = index_state(self)
    return LibObj(INDEX, IndexState(state.length, None, token(), state.dtype))


@models(INDEX + ".<take>", SERIES + ".<take>", FRAME + ".<take>")
def taken(self: Value, rows: Dim) -> Value:
    """Rows picked by a split."""
    if self.path == FRAME:
        return LibObj(FRAME, frame_state(self).with_rows(rows))
    if self.path == SERIES:
        state = series_state(self)
        return series(Array((rows,), state.values.dtype, bounds=state.values.bounds), state.name, token())
    return LibObj(INDEX, IndexState(rows, None, token(), index_state(self).dtype))


@models("pandas.Index")
def make_index(data: Value = None, dtype: Value = None, copy: Value = None, name: Value = None, tupleize_cols: Value = True) -> Value:
    """``pd.Index(labels)``."""
    labels = labels_in(data)
    a = as_array(data)
    return LibObj(INDEX, IndexState(samples(data), labels, token(), a.dtype if a is not None else None))


@models("pandas.date_range", "pandas.period_range", "pandas.bdate_range")
def date_range(start: Value = None, end: Value = None, periods: Value = None, freq: Value = None, **kwargs: Value) -> Value:
    """An index of dates."""
    return LibObj(INDEX, IndexState(periods if is_exact(periods) else fresh("n"), None, token()))


@models("pandas.set_option", "pandas.reset_option", FRAME + ".info", FRAME + ".to_excel", FRAME + ".to_pickle")
def no_result(*args: Value, **kwargs: Value) -> Value:
    """Called for its effect."""
    return None


@models(FRAME + ".get")
def frame_get(self: Value, key: Value, default: Value = None) -> Value:
    """``df.get("price")``."""
    state = frame_state(self)
    return column_series(state, key) if is_label(key) and (state.columns is None or state.find(key)) else UNKNOWN


def bound(name: str, answer: Value) -> Builtin:
    """Return a method that answers the same whatever it is given."""
    return Builtin(name, lambda *args, **kwargs: answer)
