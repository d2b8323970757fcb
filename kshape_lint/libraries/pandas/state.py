"""What the abstract run knows of a DataFrame, a Series and an Index."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Unknown, Value, fresh
from ...records import record, replace
from ...shapes import UNKNOWN_DIM, Dim, Poly, is_exact
from ..arraylike import common_dtype
from ..numpy.convert import Elements

FRAME = "pandas.DataFrame"
SERIES = "pandas.Series"
INDEX = "pandas.Index"

_serial = itertools.count(1)


def token() -> int:
    """Return a name for an index (or for columns) that is like no other."""
    return next(_serial)


@record
class Column:
    """One column: its label, and what is known of its values. `data` are all of them, where few and known; `elements` tells of objects."""

    label: Value
    dtype: str | None = None
    bounds: tuple[float, float] | None = None
    data: tuple[Value, ...] | None = None
    elements: Elements | None = None

    def array(self, rows: Dim) -> Array:
        """Return the column's values as an array."""
        return Array((rows,), self.dtype, data=self.data, bounds=self.bounds, history=self.elements)

    def shuffled(self) -> Column:
        """Return the column after rows were picked from it: single values are no longer known."""
        return Column(self.label, self.dtype, self.bounds, None, self.elements) if self.data is not None else self


def column(label: Value, values: Array | None) -> Column:
    """Return a column that holds `values` (of one axis)."""
    if values is None:
        return Column(label)
    return Column(label, values.dtype, values.bounds, values.data, values.history if isinstance(values.history, Elements) else None)


def one_value(values: Array) -> Value:
    """Return what stands for each value of a Series."""
    if values.dtype in (None, "object", "str"):
        return values.history.element if isinstance(values.history, Elements) else UNKNOWN
    return Array((), values.dtype, bounds=values.bounds)


@record
class FrameState:
    """State of a DataFrame.

    `columns` are all columns in order, None where they are not all known; then `known` are those that were assigned
    or named since, and `dtype` is the dtype of all others, where one. `index` and `labels` name the row index and the column index: two
    that are equal (and not None) hold the same labels. An `index` that is not None has one level, unless `level_names` tells more;
    columns that are not `flat` may have several.
    """

    rows: Dim = UNKNOWN_DIM
    width: Dim = UNKNOWN_DIM
    columns: tuple[Column, ...] | None = None
    known: tuple[Column, ...] = ()
    dtype: str | None = None
    index: Any = None
    labels: Any = None
    flat: bool = True

    def __blur__(self, other: FrameState) -> FrameState:
        """Return what two possible states have in common."""
        same_columns = self.columns is not None and other.columns is not None and self.labels == other.labels
        return FrameState(
            self.rows if self.rows == other.rows else UNKNOWN_DIM,
            self.width if self.width == other.width else UNKNOWN_DIM,
            tuple(Column(c.label) for c in self.columns) if same_columns and self.columns is not None else None,
            index=self.index if self.index == other.index else None,
            labels=self.labels if self.labels == other.labels else token(),
            flat=self.flat and other.flat,
        )

    def find(self, label: Value) -> Column | None:
        """Return the column with this label, None where there is none that we know of."""
        for c in self.columns if self.columns is not None else self.known:
            if type(c.label) is type(label) and c.label == label:
                return c
        return None

    def value_dtype(self) -> str | None:
        """Return the dtype of ``.values``."""
        if self.columns is not None:
            return common_dtype([c.dtype for c in self.columns]) if self.columns else "object"
        return self.dtype if self.dtype is not None and not self.known else None

    def with_rows(self, rows: Dim, index: Any = None) -> FrameState:
        """Return the state after rows were picked or reordered."""
        return replace(
            self,
            rows=rows,
            index=relabelled_index(self.index) if index is None else index,
            columns=None if self.columns is None else tuple(c.shuffled() for c in self.columns),
            known=tuple(c.shuffled() for c in self.known),
        )

    def array(self) -> Array:
        """Return ``.values``."""
        data: tuple[Value, ...] | None = None
        bounds = None
        if self.columns:
            if isinstance(self.rows, int) and self.rows * len(self.columns) <= 64 and all(c.data is not None for c in self.columns):
                data = tuple(c.data[i] for i in range(self.rows) for c in self.columns if c.data is not None)
            known = [c.bounds for c in self.columns]
            if all(b is not None for b in known):
                bounds = (min(b[0] for b in known if b), max(b[1] for b in known if b))
        return Array((self.rows, self.width), self.value_dtype(), data=data, bounds=bounds)


@record
class SeriesState:
    """State of a Series: its values (one axis), its name, and what names its index."""

    values: Array
    name: Value = None
    index: Any = None

    def __blur__(self, other: SeriesState) -> SeriesState:
        """Return what two possible states have in common."""
        rows = self.rows if self.rows == other.rows else UNKNOWN_DIM
        dtype = self.values.dtype if self.values.dtype == other.values.dtype else None
        return SeriesState(Array((rows,), dtype), None, self.index if self.index == other.index else None)

    @property
    def rows(self) -> Dim:
        """The number of rows."""
        return self.values.shape[0] if self.values.shape else UNKNOWN_DIM


@record
class IndexState:
    """State of an Index (row labels or column labels). `source` names what it holds, as `FrameState.labels` does."""

    length: Dim = UNKNOWN_DIM
    labels: tuple[Value, ...] | None = None
    source: Any = None
    dtype: str | None = None


def frame(
    rows: Dim,
    width: Dim = UNKNOWN_DIM,
    columns: Iterable[Column] | None = None,
    dtype: str | None = None,
    index: Any = None,
    labels: Any = None,
) -> LibObj:
    """Return a new DataFrame; an index that is not named is the default one, 0 … rows - 1."""
    cols = None if columns is None else tuple(columns)
    return LibObj(
        FRAME,
        FrameState(
            rows,
            len(cols) if cols is not None else width,
            cols,
            dtype=dtype,
            index=default_index(rows) if index is None else index,
            labels=labels_of(cols) if labels is None else labels,
        ),
    )


def labels_of(columns: tuple[Column, ...] | None) -> Any:
    """Return the name of a column index: the labels themselves where all are known, else like no other."""
    if columns is None or any(isinstance(c.label, Unknown) for c in columns):
        return token()
    try:
        key = tuple((type(c.label).__name__, c.label) for c in columns)
        hash(key)
    except TypeError:
        return token()
    return key


def has_repeated_labels(state: FrameState) -> bool:
    """Tell whether two columns are known to have the same label."""
    key = labels_of(state.columns)
    return state.columns is not None and isinstance(key, tuple) and len(set(key)) < len(state.columns)


def default_index(rows: Dim) -> Any:
    """Return the name of the index 0 … rows - 1."""
    return ("range", rows) if is_exact(rows) else token()


def has_default_index(index: Any) -> bool:
    """Tell whether an index is known to be 0 … rows - 1."""
    return isinstance(index, tuple) and len(index) == 2 and index[0] == "range"


def levels(names: Iterable[Value]) -> Any:
    """Return a name for a new index whose labels have a part for each of `names`."""
    return ("levels", tuple(names), token())


def level_names(index: Any) -> tuple[Value, ...] | None:
    """Return the names of an index's levels, where they are known."""
    while isinstance(index, tuple) and len(index) == 3 and index[0] == "slice":
        index = index[1]
    return index[1] if isinstance(index, tuple) and len(index) == 3 and index[0] == "levels" else None


def one_level(index: Any) -> bool:
    """Tell whether the labels of an index are known to have one part."""
    names = level_names(index)
    return index is not None if names is None else len(names) == 1


def nested_labels() -> Any:
    """Return a name for new column labels of several parts: one part picks any number of columns."""
    return ("nested", token())


def is_nested(labels: Any) -> bool:
    """Tell whether column labels are known to have several parts."""
    return isinstance(labels, tuple) and len(labels) == 2 and labels[0] == "nested"


def relabelled_index(index: Any) -> Any:
    """Return the name of an index whose labels are others, or fewer, of as many parts."""
    names = level_names(index)
    return token() if names is None else levels(names)


def of_state(state: FrameState) -> LibObj:
    """Return a new DataFrame with this state."""
    return LibObj(FRAME, state)


def series(values: Array, name: Value = None, index: Any = None) -> LibObj:
    """Return a new Series of `values` (one axis)."""
    rows = values.shape[0] if values.shape else UNKNOWN_DIM
    return LibObj(SERIES, SeriesState(values, name, default_index(rows) if index is None else index))


def frame_state(value: Value) -> FrameState:
    """Return what is known of a DataFrame; nothing, where branches made it unknown."""
    state = value.state
    return state if isinstance(state, FrameState) else FrameState()


def series_state(value: Value) -> SeriesState:
    """Return what is known of a Series."""
    state = value.state
    return state if isinstance(state, SeriesState) else SeriesState(Array((UNKNOWN_DIM,)))


def index_state(value: Value) -> IndexState:
    """Return what is known of an Index."""
    state = value.state
    return state if isinstance(state, IndexState) else IndexState()


def is_frame(value: Value) -> bool:
    """Tell whether `value` is a DataFrame."""
    return isinstance(value, LibObj) and value.path == FRAME


def is_series(value: Value) -> bool:
    """Tell whether `value` is a Series."""
    return isinstance(value, LibObj) and value.path == SERIES


def is_index(value: Value) -> bool:
    """Tell whether `value` is an Index."""
    return isinstance(value, LibObj) and value.path == INDEX


def some_label(labels: Any) -> Unknown:
    """Return a label of the columns named `labels`, it is not known which."""
    return Unknown(("pandas.label", labels))


def is_label(value: Value) -> bool:
    """Tell whether `value` is one label, known or not, and not a list of them."""
    if isinstance(value, Unknown):
        return isinstance(value.key, tuple) and bool(value.key) and value.key[0] == "pandas.label"
    return isinstance(value, (str, int, float, Poly)) and not isinstance(value, bool)


def label_belongs(value: Value, state: FrameState) -> bool:
    """Tell whether an unknown label was read off the columns of this very frame."""
    return isinstance(value, Unknown) and isinstance(value.key, tuple) and value.key == ("pandas.label", state.labels)


def labels_in(value: Value) -> tuple[Value, ...] | None:
    """Return the labels that a list, tuple, array or Index of labels holds, None where they are not all known."""
    from ..api import items

    if is_index(value):
        return index_state(value).labels
    if isinstance(value, Array):
        return value.data if value.rank == 1 else None
    return None if _levels(value) else items(value)


def labels_count(value: Value) -> Dim:
    """Return how many labels a list of labels holds."""
    from ..arraylike import samples

    if is_index(value):
        return index_state(value).length
    levels = _levels(value)
    if levels:
        return samples(levels[0])
    return UNKNOWN_DIM if _may_be_levels(value) else samples(value)


def _may_be_levels(value: Value) -> bool:
    """Tell whether a list holds nothing but what may be a list of labels: then it may give the levels one by one."""
    from ..api import items

    parts = items(value) if isinstance(value, ListObj) else None
    return bool(parts) and all(isinstance(p, Unknown) and not is_label(p) for p in parts or ())


def _levels(value: Value) -> tuple[Value, ...]:
    """Return the levels of labels given as a list of lists: each holds one part of every label."""
    from ..api import items

    parts = items(value) or ()
    if any(not (isinstance(p, (ListObj, Array)) or is_index(p)) or (isinstance(p, Array) and p.shape == ()) for p in parts):
        return ()
    return parts


def with_state(state: FrameState, **changes: Any) -> FrameState:
    """Return a copy of a frame's state with some fields changed."""
    return replace(state, **changes)


def new_rows(name: str = "m") -> Dim:
    """Return the number of rows that a filter leaves."""
    return fresh(name)


def nothing(*_: Value, **__: Value) -> Value:
    """Answer that the result is not known."""
    return UNKNOWN
