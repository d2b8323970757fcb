"""Transformers of some columns each, side by side: ``ColumnTransformer``, ``FeatureUnion``, and functions as transformers."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Unknown, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import call, host, items, models
from ..arraylike import as_array, minus
from .checks import SPARSE, Estimator, fitted, rows_of, sparse_array, state_of
from .pipelines import clone

_COLUMNS, _UNION, _FUNCTION, _SELECTOR = (
    "sklearn.compose.ColumnTransformer",
    "sklearn.pipeline.FeatureUnion",
    "sklearn.preprocessing.FunctionTransformer",
    "sklearn.compose.<selector>",
)


@models(_COLUMNS)
def column_transformer(transformers: Value, *, remainder: Value = "drop", **kwargs: Value) -> Value:
    """Named transformers, each with the columns that it gets."""
    parts = _triples(items(transformers), 3)
    return LibObj(_COLUMNS, Estimator({"remainder": remainder, **kwargs}, extra=None if parts is None else tuple(p[1:3] for p in parts)))


@models("sklearn.compose.make_column_transformer")
def make_column_transformer(*transformers: Value, remainder: Value = "drop", **kwargs: Value) -> Value:
    """Transformers, each with the columns that it gets."""
    parts = _triples(transformers, 2)
    return LibObj(_COLUMNS, Estimator({"remainder": remainder, **kwargs}, extra=None if parts is None else tuple(parts)))


def _triples(given: tuple[Value, ...] | None, size: int) -> list[tuple[Value, ...]] | None:
    parts = [items(g) for g in given] if given is not None else []
    known = [p for p in parts if p is not None and len(p) == size]
    return known if given is not None and len(known) == len(given) else None


@models("sklearn.compose.make_column_selector")
def make_column_selector(*args: Value, **kwargs: Value) -> Value:
    """Columns by their names or dtypes: which, the data tell."""
    return LibObj(_SELECTOR)


def _width(value: Value) -> Dim:
    """Return how many columns some data have."""
    if isinstance(value, LibObj) and value.path == SPARSE:
        a = sparse_array(value)
    else:
        a = as_array(value)
    if a is None or a.shape is None:
        return UNKNOWN_DIM
    return a.shape[1] if len(a.shape) == 2 else 1 if len(a.shape) == 1 else UNKNOWN_DIM


def _picked(X: Value, columns: Value) -> tuple[Value, Dim]:
    """Return some columns of data, and how many they are; data of which nothing is known where that is open."""
    if isinstance(columns, (Unknown, LibObj)) or not (isinstance(X, Array) or _is_table(X)):
        return UNKNOWN, UNKNOWN_DIM
    names = items(columns) if isinstance(columns, (ListObj, tuple)) else (columns,)
    if names is None or isinstance(columns, tuple):
        return UNKNOWN, UNKNOWN_DIM
    if _is_table(X) and all(isinstance(n, str) for n in names):
        found = host().item(X, columns)
    elif all(isinstance(n, (int, slice)) and not isinstance(n, bool) for n in names):
        # pandas slices labels otherwise than positions; only positions are taken here.
        if any(isinstance(n, slice) and (isinstance(n.start, str) or isinstance(n.stop, str)) for n in names):
            return UNKNOWN, UNKNOWN_DIM
        of = host().attribute(X, "iloc") if _is_table(X) else X
        found = host().item(of, (slice(None, None, None), columns))
    else:
        return UNKNOWN, UNKNOWN_DIM
    return found, _width(found)


def _is_table(value: Value) -> bool:
    return isinstance(value, LibObj) and value.path == "pandas.DataFrame"


def _side_by_side(self: Value, X: Value, method: str) -> Value:
    """Give each transformer its columns, and put what they make side by side."""
    state = state_of(self)
    specified = state.extra if isinstance(state.extra, tuple) else None
    rows = rows_of(X)
    total: Dim = 0 if specified is not None else UNKNOWN_DIM
    taken: Dim = 0
    kept: list[tuple[Value, Value]] = []
    for transformer, columns in specified or ():
        part, count = _picked(X, columns)
        taken = taken + count if is_exact(taken) and is_exact(count) else UNKNOWN_DIM
        own = clone(transformer) if method == "fit_transform" else transformer
        kept.append((own, columns))
        if own == "drop":
            continue
        made = _made(own, part, method) if own != "passthrough" else count
        total = total + made if is_exact(total) and is_exact(made) else UNKNOWN_DIM
    rest = state.config.get("remainder", "drop")
    if rest != "drop":
        left = minus(_width(X), taken) if is_exact(_width(X)) and is_exact(taken) and _distinct(specified) else UNKNOWN_DIM
        total = total + left if rest == "passthrough" and is_exact(total) and is_exact(left) else UNKNOWN_DIM
    if method == "fit_transform":
        fitted(self, extra=tuple(kept) if specified is not None else None, outputs=total)
    width = total if is_exact(total) else state_of(self).outputs
    return Array((rows if is_exact(rows) else fresh("n"), width if is_exact(width) else fresh("w")), None)


def _distinct(parts: tuple[tuple[Value, Value], ...] | None) -> bool:
    """Tell whether no column is given twice, as far as their names tell."""
    names = [n for _, columns in parts or () for n in (items(columns) or (columns,))]
    return all(isinstance(n, (str, int)) for n in names) and len(set(names)) == len(names)


def _made(transformer: Value, part: Value, method: str) -> Dim:
    """Return how many columns a transformer makes of data."""
    if not isinstance(transformer, LibObj):
        return UNKNOWN_DIM
    return _width(call(host().attribute(transformer, method), part))


@models(_COLUMNS + ".fit")
def fit(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """Fit each transformer on its columns."""
    _side_by_side(self, X, "fit_transform")
    return self


@models(_COLUMNS + ".fit_transform")
def fit_transform(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """Fit each transformer on its columns, and put side by side what they make."""
    return _result(self, _side_by_side(self, X, "fit_transform"))


@models(_COLUMNS + ".transform")
def transform(self: Value, X: Value, **kwargs: Value) -> Value:
    """Put side by side what the transformers make of their columns."""
    return _result(self, _side_by_side(self, X, "transform"))


def _result(self: Value, made: Value) -> Value:
    return made if state_of(self).config.get("<output>") in (None, "default") else UNKNOWN


@models(_COLUMNS + ".set_output")
def set_output(self: Value, *, transform: Value = None) -> Value:
    """Choose what `transform` gives: arrays or tables."""
    state = state_of(self)
    self.put(Estimator({**state.config, "<output>": transform}, state.fitted, state.features, state.outputs, extra=state.extra))
    return self


# --- several transformers of the same data -----------------------------------------------------------------------------------


@models(_UNION)
def feature_union(transformer_list: Value, *args: Value, **kwargs: Value) -> Value:
    """Named transformers that all get the same."""
    parts = _triples(items(transformer_list), 2)
    return LibObj(_UNION, Estimator(extra=None if parts is None else tuple(p[1] for p in parts)))


@models("sklearn.pipeline.make_union")
def make_union(*transformers: Value, **kwargs: Value) -> Value:
    """Transformers that all get the same."""
    return LibObj(_UNION, Estimator(extra=tuple(transformers)))


def _united(self: Value, X: Value, method: str) -> Value:
    parts = state_of(self).extra
    total: Dim = 0 if isinstance(parts, tuple) else UNKNOWN_DIM
    for part in parts if isinstance(parts, tuple) else ():
        made = _made(part, X, method)
        total = total + made if is_exact(total) and is_exact(made) else UNKNOWN_DIM
    rows = rows_of(X)
    return Array((rows if is_exact(rows) else fresh("n"), total if is_exact(total) else fresh("w")), None)


@models(_UNION + ".fit_transform")
def fit_transform_union(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """What all make of the same data, side by side."""
    return _united(self, X, "fit_transform")


@models(_UNION + ".fit")
def fit_union(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """Fit all."""
    _united(self, X, "fit_transform")
    return self


@models(_UNION + ".transform")
def transform_union(self: Value, X: Value, **kwargs: Value) -> Value:
    """What all make of the same data, side by side."""
    return _united(self, X, "transform")


# --- functions ----------------------------------------------------------------------------------------------------------------


@models(_FUNCTION)
def function_transformer(
    func: Value = None, inverse_func: Value = None, *, validate: Value = False, kw_args: Value = None, **kwargs: Value
) -> Value:
    """A function as a transformer."""
    return LibObj(_FUNCTION, Estimator({"func": func if kw_args is None else UNKNOWN, "inverse_func": inverse_func}))


@models(_FUNCTION + ".fit")
def fit_function(self: Value, X: Value, y: Value = None) -> Value:
    """There is nothing to learn."""
    return self


@models(_FUNCTION + ".fit_transform", _FUNCTION + ".transform")
def apply_function(self: Value, X: Value, y: Value = None) -> Value:
    """What the function makes of the data."""
    function = state_of(self).config.get("func", UNKNOWN)
    return X if function is None else UNKNOWN if isinstance(function, Unknown) else call(function, X)


@models(_FUNCTION + ".inverse_transform")
def apply_inverse(self: Value, X: Value) -> Value:
    """What the other function makes of the data."""
    function = state_of(self).config.get("inverse_func", UNKNOWN)
    return X if function is None else UNKNOWN if isinstance(function, Unknown) else call(function, X)
