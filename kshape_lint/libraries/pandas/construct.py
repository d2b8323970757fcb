"""Where DataFrames and Series come from: constructors and readers of files."""

from __future__ import annotations

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, LibObj, ListObj, Seq, SetObj, Unknown, Value, fresh
from ...rules.arrays import InconsistentLengths, RankDemanded
from ...rules.data import ColumnCount
from ...shapes import UNKNOWN_DIM, Dim, Poly, is_exact, same
from ...shapes.indexing import slice_length
from ..api import Mismatch, Raises, files, items, models
from ..arraylike import as_array, dtype_name, minus, samples
from ..files import NOTHING, Table, Text, path_of
from .headers import first_lines
from .state import (
    FRAME,
    SERIES,
    Column,
    FrameState,
    column,
    default_index,
    frame,
    frame_state,
    index_state,
    is_frame,
    is_index,
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


def _open(d: Dim, name: str) -> Dim:
    """Return a length, a new symbol in the place of an unknown one."""
    return d if is_exact(d) else fresh(name)


def _row_index(index: Value, rows: Dim) -> object:
    if index is None:
        return default_index(rows)
    return index_state(index).source if is_index(index) else token()


@models(FRAME)
def data_frame(data: Value = None, index: Value = None, columns: Value = None, dtype: Value = None, copy: Value = None) -> Value:
    """``pd.DataFrame(data, columns=…)``."""
    made = _frame(data, index, columns)
    if columns is not None:
        labels = labels_in(columns)
        if labels is None and not isinstance(data, DictObj):
            made = with_state(made, columns=None, known=(), labels=token(), dtype=made.value_dtype())
        if labels is None or any(isinstance(label, tuple) for label in labels):
            made = with_state(made, flat=False)
    if dtype is not None:
        name = dtype_name(dtype)
        cols = None if made.columns is None else tuple(Column(c.label, name) for c in made.columns)
        made = with_state(made, columns=cols, known=(), dtype=name)
    return of_state(made)


def _frame(data: Value, index: Value, names: Value) -> FrameState:
    index_length: Dim = UNKNOWN_DIM if index is None else labels_count(index)
    labels = labels_in(names) if names is not None else None
    count: Dim = UNKNOWN_DIM if names is None else labels_count(names)
    if data is None:
        rows: Dim = 0 if index is None else _open(index_length, "n")
        columns = tuple(Column(x) for x in labels) if labels is not None else () if names is None else None
        width = len(columns) if columns is not None else _open(count, "w")
        return FrameState(rows, width, columns, index=_row_index(index, rows), labels=labels_of(columns))
    if isinstance(data, DictObj):
        return _of_dict(data, index, index_length, names, labels, count)
    if is_frame(data):
        state = frame_state(data)
        if names is not None:
            from .selecting import pick_columns

            state = pick_columns(state, names)
        return state if index is None else with_state(state, rows=_open(index_length, "n"), index=_row_index(index, index_length))
    if is_series(data):
        s = series_state(data)
        label = labels[0] if labels else s.name if s.name is not None else 0
        rows = s.rows if index is None else _open(index_length, "n")
        if is_exact(count) and isinstance(count, int) and count > 1:
            return _plain(rows, count, labels, None, s.index)
        return FrameState(
            rows, 1, (column(label, s.values),), index=s.index if index is None else token(), labels=labels_of((Column(label),))
        )
    if isinstance(data, (str, int, float)) and index is None:
        raise Raises("ValueError", "DataFrame constructor not properly called!")
    return _of_array(data, index, index_length, labels, count)


def _plain(rows: Dim, width: Dim, labels: tuple[Value, ...] | None, dtype: str | None, index: object) -> FrameState:
    columns = tuple(Column(x, dtype) for x in labels) if labels is not None else None
    if columns is None and isinstance(width, int) and width <= 1000:
        columns = tuple(Column(i, dtype) for i in range(width))
    return FrameState(rows, len(columns) if columns is not None else width, columns, dtype=dtype, index=index, labels=labels_of(columns))


def _of_dict(data: DictObj, index: Value, index_length: Dim, names: Value, labels: tuple[Value, ...] | None, count: Dim) -> FrameState:
    entries = data.state if isinstance(data.state, dict) else {OTHERS: UNKNOWN}
    rows: Dim = UNKNOWN_DIM if index is None else index_length
    row_index: object = None if index is None else _row_index(index, index_length)
    lengths: list[tuple[str, Dim]] = []
    made: list[Column] = []
    aligned = False
    for label, value in entries.items():
        if is_series(value):
            s = series_state(value)
            same_rows = row_index is None or row_index == s.index
            if row_index is None:
                rows, row_index = s.rows, s.index if s.index is not None else token()
            elif not same_rows and index is None:
                rows = rows if same(rows, s.rows) else UNKNOWN_DIM
            aligned = aligned or not same_rows
            made.append(column(label, s.values) if same_rows else Column(label))
            continue
        if isinstance(value, (str, int, float, Poly)) or value is None:
            made.append(
                Column(
                    label,
                    "str"
                    if isinstance(value, str)
                    else "bool"
                    if isinstance(value, bool)
                    else "int64"
                    if isinstance(value, (int, Poly))
                    else "float64",
                )
            )
            continue
        a = as_array(value) if not isinstance(value, (DictObj, SetObj)) else None
        if isinstance(value, Array) and a is not None and a.shape is not None and len(a.shape) > 1:
            raise Mismatch(RankDemanded("pd.DataFrame", a.shape, "columns of one axis each", "flatten the column: values.ravel()"), value)
        length = samples(value) if isinstance(value, (Array, ListObj, tuple, range, SetObj, LibObj)) else UNKNOWN_DIM
        if is_exact(length):
            lengths.append((repr(label) if isinstance(label, (str, int)) else "?", length))
        made.append(column(label, a) if a is not None and a.shape is not None and len(a.shape) == 1 else Column(label))
    if is_exact(rows) and lengths and not aligned:
        lengths.insert(0, ("index", rows))
    for name, length in lengths[1:]:
        if same(lengths[0][1], length) is False:
            raise Mismatch(InconsistentLengths("pd.DataFrame", (lengths[0][1], length), (lengths[0][0], name)))
    if lengths:
        rows = lengths[0][1]
    if OTHERS in entries or any(isinstance(k, Unknown) for k in entries):
        rows = _open(rows, "n")
        return FrameState(rows, _open(count, "w"), index=row_index or default_index(rows), labels=token())
    rows = _open(rows, "n")
    if not entries and index is None:
        rows = 0
    columns: tuple[Column, ...] | None = tuple(made)
    if names is not None:
        columns = None if labels is None else tuple(next((c for c in made if c.label == x), Column(x)) for x in labels)
    width = len(columns) if columns is not None else _open(count, "w")
    return FrameState(rows, width, columns, index=row_index or default_index(rows), labels=labels_of(columns))


def _of_array(data: Value, index: Value, index_length: Dim, labels: tuple[Value, ...] | None, count: Dim) -> FrameState:
    parts = items(data)
    if parts and all(isinstance(p, DictObj) for p in parts):
        return _of_records(parts, index, labels, count)
    if parts and all(is_series(p) for p in parts):
        widths = [series_state(p).rows for p in parts]
        width = widths[0] if all(same(widths[0], w) for w in widths) and is_exact(widths[0]) else _open(count, "w")
        return _plain(len(parts), width, labels, None, default_index(len(parts)) if index is None else token())
    if isinstance(data, ListObj) and parts is None and isinstance(getattr(data.state, "element", None), DictObj):
        rows = _open(samples(data), "n")
        return FrameState(
            rows,
            _open(count, "w"),
            tuple(Column(x) for x in labels) if labels is not None else None,
            index=_row_index(index, rows),
            labels=token(),
        )
    a = as_array(data)
    if a is None or a.shape is None:
        length = samples(data) if isinstance(data, (ListObj, tuple)) else index_length
        rows = _open(length, "n")
        columns = tuple(Column(x) for x in labels) if labels is not None else None
        return FrameState(rows, _open(count, "w"), columns, index=_row_index(index, rows), labels=labels_of(columns))
    if a.shape == ():
        return _plain(_open(index_length, "n"), _open(count, "w"), labels, a.dtype, token())
    if len(a.shape) > 2:
        if isinstance(data, Array):
            raise Mismatch(RankDemanded("pd.DataFrame", a.shape, "data of two axes at most"), data)
        return _plain(_open(a.shape[0], "n"), _open(count, "w"), labels, None, _row_index(index, a.shape[0]))
    rows = a.shape[0]
    width = 1 if len(a.shape) == 1 else a.shape[1]
    if same(width, count) is False and same(rows, 0) is not True:
        raise Mismatch(ColumnCount("pd.DataFrame", width, count), data)
    empty = len(a.shape) == 1 and rows == 0 and not isinstance(data, Array)
    if empty and is_exact(index_length):
        return _plain(index_length, count if is_exact(count) else 0, labels, a.dtype, token())
    if same(rows, index_length) is False and not (len(a.shape) == 2 and same(rows, 1)):
        raise Mismatch(InconsistentLengths("pd.DataFrame", (rows, index_length), ("data", "index")), data)
    made = _plain(_open(rows, "n"), _open(width, "w"), labels, a.dtype, _row_index(index, rows))
    if a.data is not None and made.columns is not None and isinstance(rows, int) and len(a.data) == rows * len(made.columns):
        per = len(made.columns)
        cells = tuple(Column(c.label, a.dtype, a.bounds, a.data[i::per]) for i, c in enumerate(made.columns))
        return with_state(made, columns=cells)
    if a.bounds is not None and made.columns is not None:
        return with_state(made, columns=tuple(Column(c.label, a.dtype, a.bounds) for c in made.columns))
    return made


def _of_records(parts: tuple[Value, ...], index: Value, labels: tuple[Value, ...] | None, count: Dim) -> FrameState:
    rows = len(parts)
    if labels is None and not is_exact(count):
        names: dict[Value, None] = {}
        for p in parts:
            entries = p.state if isinstance(p.state, dict) else {OTHERS: UNKNOWN}
            if OTHERS in entries or not all(isinstance(k, (str, int)) for k in entries):
                return FrameState(rows, fresh("w"), index=_row_index(index, rows), labels=token())
            names.update(dict.fromkeys(entries))
        labels = tuple(names)
    return _plain(rows, _open(count, "w"), labels, None, _row_index(index, rows))


@models(FRAME + ".from_dict")
def from_dict(data: Value, orient: Value = "columns", dtype: Value = None, columns: Value = None) -> Value:
    """``pd.DataFrame.from_dict``."""
    if orient == "columns":
        return data_frame(data, None, None, dtype)
    return frame(fresh("n"), fresh("w") if columns is None else _open(labels_count(columns), "w"), index=token(), labels=token())


@models(FRAME + ".from_records")
def from_records(data: Value, index: Value = None, exclude: Value = None, columns: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``pd.DataFrame.from_records``."""
    count = UNKNOWN_DIM if columns is None else labels_count(columns)
    return frame(_open(samples(data), "n"), _open(count, "w"), index=token(), labels=token())


@models(SERIES)
def make_series(
    data: Value = None, index: Value = None, dtype: Value = None, name: Value = None, copy: Value = None, fastpath: Value = None
) -> Value:
    """``pd.Series(values)``."""
    made_dtype = dtype_name(dtype) if dtype is not None else None
    count: Dim = UNKNOWN_DIM if index is None else labels_count(index)
    if is_series(data):
        s = series_state(data)
        rows = s.rows if index is None else _open(count, "n")
        return series(
            Array((rows,), made_dtype or s.values.dtype, bounds=s.values.bounds),
            name if name is not None else s.name,
            s.index if index is None else token(),
        )
    if is_frame(data):
        raise Raises("ValueError", "Cannot construct a Series from a DataFrame.")
    if isinstance(data, DictObj):
        entries = data.state if isinstance(data.state, dict) else {OTHERS: UNKNOWN}
        rows = fresh("n") if OTHERS in entries else len(entries)
        return series(Array((rows if index is None else _open(count, "n"),), made_dtype), name, token())
    if data is None:
        return series(Array((0 if index is None else _open(count, "n"),), made_dtype), name, token())
    a = as_array(data)
    if isinstance(data, Array) and data.shape is not None and len(data.shape) > 1:
        raise Mismatch(RankDemanded("pd.Series", data.shape, "values of one axis", "flatten the values: .ravel()"), data)
    if a is not None and a.shape == ():
        return series(Array((1 if index is None else _open(count, "n"),), made_dtype or a.dtype), name, None if index is None else token())
    length = a.shape[0] if a is not None and a.shape else samples(data)
    if same(length, count) is False:
        raise Mismatch(InconsistentLengths("pd.Series", (length, count), ("values", "index")), data)
    flat = a is not None and a.shape is not None and len(a.shape) == 1
    dtype_ = (
        made_dtype
        if dtype is not None
        else a.dtype
        if flat and a is not None
        else "object"
        if a is not None and a.shape is not None
        else None
    )
    values = Array(
        (_open(length, "n"),),
        dtype_,
        data=a.data if flat and a is not None and dtype is None else None,
        bounds=a.bounds if flat and a is not None else None,
    )
    return series(values, name, None if index is None else _row_index(index, length))


# --- files ---------------------------------------------------------------------------------------------------------------


def _read(
    names: Value,
    usecols: Value,
    index_col: Value,
    dtype: Value,
    nrows: Value,
    found: tuple[Value, ...] | None = None,
    own: bool = False,
    rows: Dim = UNKNOWN_DIM,
    dtypes: dict[Value, str | None] | None = None,
    flat: bool = True,
) -> LibObj:
    """Return a frame as a reader makes it.

    `found` are the columns that the file has, `dtypes` what is known of them, `rows` how many rows there are; `own` tells that its rows
    begin with labels, `flat` that its columns have one level.
    """
    rows = rows if is_exact(rows) else fresh("n")
    if is_exact(nrows):
        rows = slice_length(rows, None, nrows)
        rows = rows if is_exact(rows) else fresh("n")
    kind = dtype_name(dtype) if dtype is not None else None
    listed = labels_in(names) if names is not None else found
    used = labels_in(usecols) if usecols is not None and not callable(usecols) else None
    order: tuple[Value, ...] | None = None
    width: Dim = fresh("w")
    if usecols is not None:
        if used is not None:
            width = len(used)
            if listed is not None and all(isinstance(u, int) and 0 <= u < len(listed) for u in used):
                order = tuple(listed[u] for u in sorted(set(used)))
            elif listed is not None and all(u in listed for u in used if isinstance(u, str)):
                order = tuple(x for x in listed if x in used)
            elif len(used) == 1 and isinstance(used[0], str):
                order = used
        elif isinstance(usecols, ListObj):
            width = _open(samples(usecols), "w")
    elif listed is not None:
        order, width = listed, len(listed)
    elif names is not None:
        width = _open(labels_count(names), "w")
    index: object = None
    if index_col is not None and index_col is not False:
        gone = (index_col,) if is_label(index_col) else labels_in(index_col)
        if gone is not None and is_exact(width):
            if order is not None:
                left = tuple(x for i, x in enumerate(order) if x not in gone and i not in gone)
                order = left if len(left) == len(order) - len(gone) else None
                width = len(left) if order is not None else minus(width, len(gone))
            elif not isinstance(width, int) and names is None:
                width = fresh("w")
            else:
                width = minus(width, len(gone))
        else:
            order, width = None, fresh("w")
        index = token()
    elif own:
        index = token()
    kinds = dtypes or {}
    columns = tuple(Column(x, kind if dtype is not None else kinds.get(x)) for x in order) if order is not None else None
    made = frame(rows, width, columns, kind, index, labels_of(columns))
    if not flat:
        made = of_state(with_state(frame_state(made), flat=False))
    if gone_multi(index_col) or own:
        made = of_state(with_state(frame_state(made), index=None))
    return made


def gone_multi(index_col: Value) -> bool:
    """Tell whether several columns become the index."""
    listed = labels_in(index_col) if isinstance(index_col, (ListObj, tuple)) else None
    return isinstance(index_col, (ListObj, tuple)) and (listed is None or len(listed) > 1)


@models("pandas.read_fwf")
def read_fwf(
    filepath_or_buffer: Value,
    *args: Value,
    names: Value = None,
    index_col: Value = None,
    usecols: Value = None,
    dtype: Value = None,
    nrows: Value = None,
    chunksize: Value = None,
    iterator: Value = False,
    **kwargs: Value,
) -> Value:
    """A frame of as many rows as the file has; of as many columns as are named."""
    if chunksize is not None or iterator is not False:
        return UNKNOWN
    return _read(names, usecols, index_col, dtype, nrows)


@models("pandas.read_table")
def read_table(filepath_or_buffer: Value, sep: Value = "\t", *args: Value, **kwargs: Value) -> Value:
    """A frame from a text file whose columns stand between tabs."""
    return read_csv(filepath_or_buffer, sep, *args, **kwargs) if len(args) < 7 else UNKNOWN


@models("pandas.read_csv")
def read_csv(
    filepath_or_buffer: Value,
    sep: Value = ",",
    delimiter: Value = None,
    header: Value = "infer",
    names: Value = None,
    index_col: Value = None,
    usecols: Value = None,
    dtype: Value = None,
    *args: Value,
    nrows: Value = None,
    chunksize: Value = None,
    iterator: Value = False,
    squeeze: Value = False,
    **kwargs: Value,
) -> Value:
    """A frame of as many rows as the file has; of as many columns as are named, or as the file's first lines tell."""
    if chunksize is not None or iterator is not False or squeeze is not False:
        return UNKNOWN
    source = path_of(filepath_or_buffer)
    held = Text(source.state) if isinstance(source, LibObj) and source.path == "io.StringIO" and isinstance(source.state, str) else None
    written = held if held is not None else files().written(source) if isinstance(source, str) else UNKNOWN
    sign = sep if delimiter is None else delimiter
    if isinstance(written, Table):
        if names is None and not args:
            return _read_written(written, sign, header, usecols, index_col, dtype, nrows, kwargs)
        rows = written.rows if written.labels is None and not kwargs and header in ("infer", None) else UNKNOWN_DIM
        return _read(names, usecols, index_col, dtype, nrows, rows=rows)
    if names is not None or args or not (isinstance(source, str) or held is not None):
        return _read(names, usecols, index_col, dtype, nrows, flat=not isinstance(header, ListObj))
    if written is not NOTHING and not isinstance(written, Text):
        return _read(None, usecols, index_col, dtype, nrows)
    text = (written.text, True) if isinstance(written, Text) else files().text(source)
    first = None if text is None else first_lines(text[0], text[1], sign, header, kwargs)
    if first is None or (first.labelled and index_col is not None):
        return _read(names, usecols, index_col, dtype, nrows, flat=not isinstance(header, ListObj))
    rows = UNKNOWN_DIM
    if isinstance(written, Text) and header in ("infer", 0, None) and not kwargs and '"' not in written.text:
        rows = sum(1 for line in written.text.split("\n") if line.strip()) - (header is not None)
    return _read(None, usecols, index_col, dtype, nrows, first.columns, first.labelled, rows)


_ROWS_STAY = frozenset(
    ("engine", "encoding", "low_memory", "parse_dates", "na_values", "dayfirst", "float_precision", "thousands", "decimal")
)
"""Options with which a table that the program wrote has the rows and columns it had."""


def _read_written(
    table: Table, sign: Value, header: Value, usecols: Value, index_col: Value, dtype: Value, nrows: Value, options: dict[str, Value]
) -> LibObj:
    """Return a table that the program wrote as it is read again."""
    headed = table.labels is not None
    if sign != table.separator or options.keys() - _ROWS_STAY or (header not in ("infer", 0) if headed else header is not None):
        return _read(None, usecols, index_col, dtype, nrows)
    found = table.labels if headed else tuple(range(table.width)) if isinstance(table.width, int) else None
    dated = options.keys() & {"parse_dates", "na_values", "thousands", "decimal"}
    dtypes = dict(zip(table.labels or (), table.dtypes or ())) if not dated else {}
    return _read(None, usecols, index_col, dtype, nrows, found, rows=table.rows, dtypes=dtypes)


@models(FRAME + ".to_csv")
def to_csv(self: Value, path_or_buf: Value = None, sep: Value = ",", *args: Value, index: Value = True, **kwargs: Value) -> Value:
    """Write the columns to a text file, the row index before them."""
    if path_or_buf is None:
        return UNKNOWN
    state = frame_state(self) if is_frame(self) else None
    options = kwargs.keys() - {"float_format", "encoding"}
    written: Value = UNKNOWN
    if state is not None and not args and not options - {"header"} and isinstance(sep, str) and isinstance(index, bool):
        columns = state.columns
        named = columns is not None and all(isinstance(c.label, str) and c.label for c in columns)
        if named and columns is not None and kwargs.get("header", True) is True:
            labels = tuple(c.label for c in columns)
            kept = ("int64", "float64", "bool") if "float_format" not in kwargs else ("int64", "bool")
            dtypes = tuple(c.dtype if c.dtype in kept else None for c in columns)
            whole = ("Unnamed: 0", *labels) if index else labels
            written = Table(state.rows, len(whole), whole, (None, *dtypes) if index else dtypes, sep)
        elif kwargs.get("header", True) in (False, None) and kwargs.get("header", True) is not True:
            width = state.width + 1 if index and is_exact(state.width) else state.width
            written = Table(state.rows, width, None, None, sep)
    files().write(path_or_buf, written)
    return None


@models("pandas.read_excel")
def read_excel(
    io: Value,
    sheet_name: Value = 0,
    header: Value = 0,
    names: Value = None,
    index_col: Value = None,
    usecols: Value = None,
    dtype: Value = None,
    *args: Value,
    nrows: Value = None,
    **kwargs: Value,
) -> Value:
    """A frame; a dict of frames where several sheets are asked for."""
    if not isinstance(sheet_name, (int, str)):
        return UNKNOWN
    return (
        _read(names, None if isinstance(usecols, str) else usecols, index_col, dtype, nrows)
        if not isinstance(usecols, str)
        else frame(fresh("n"), fresh("w"), labels=token())
    )


@models(
    "pandas.read_json",
    "pandas.read_parquet",
    "pandas.read_feather",
    "pandas.read_sql",
    "pandas.read_sql_query",
    "pandas.read_sql_table",
    "pandas.read_orc",
)
def read_any(path: Value, *args: Value, columns: Value = None, chunksize: Value = None, typ: Value = "frame", **kwargs: Value) -> Value:
    """A frame of unknown columns, unless they are listed."""
    if chunksize is not None or typ != "frame" or kwargs.get("lines_per_chunk") is not None:
        return UNKNOWN
    labels = labels_in(columns) if columns is not None else None
    if labels is not None:
        return frame(fresh("n"), columns=[Column(x) for x in labels], index=token())
    return frame(fresh("n"), fresh("w"), index=token(), labels=token())


@models("pandas.read_html")
def read_html(*args: Value, **kwargs: Value) -> Value:
    """A list of frames."""
    return ListObj(Seq(None, frame(fresh("n"), fresh("w"), index=token(), labels=token()), fresh("k")))
