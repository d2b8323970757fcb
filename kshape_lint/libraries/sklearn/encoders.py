"""Encoders of labels and categories."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import Raises, bases, items, models
from ..arraylike import as_array
from .checks import SPARSE, Estimator, fitted, one_axis, plain_data, rows_of, same_features, sparse, sparse_array, state_of, two_axes
from .transformers import result

_LABEL, _BINARIZER, _MULTI, _ONE_HOT = (
    f"sklearn.preprocessing.{name}" for name in ("LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "OneHotEncoder")
)
_BINS = "sklearn.preprocessing.KBinsDiscretizer"


def _maker(path: str, *parameters: str) -> None:
    @models(path)
    def make(*args: Value, **kwargs: Value) -> Value:
        """An encoder, not fitted yet."""
        return LibObj(path, Estimator(dict(zip(parameters, args)) | kwargs))


_maker(_LABEL)
_maker(_BINARIZER)
_maker(_MULTI)


# --- LabelEncoder ------------------------------------------------------------------------------------------------------


def _learn_labels(self: Value, y: Value, method: str) -> Array | None:
    a = one_axis(y, f"LabelEncoder.{method}")
    data = plain_data(a)
    classes = (
        tuple(sorted(set(data), key=lambda v: (isinstance(v, str), v))) if data is not None and len({type(v) for v in data}) == 1 else None
    )
    fitted(self, outputs=len(classes) if classes is not None else fresh("k"), extra=(classes, a.dtype if a is not None else None))
    return a


def _encoded(self: Value, a: Array | None, y: Value) -> Value:
    rows = a.shape[0] if a is not None and a.shape else rows_of(y)
    state = state_of(self)
    classes = state.extra[0] if isinstance(state.extra, tuple) else None
    data = plain_data(a)
    codes = tuple(classes.index(v) for v in data) if classes is not None and data is not None and all(v in classes for v in data) else None
    bounds = (0, len(classes) - 1) if classes else None
    return Array(
        (rows if is_exact(rows) else UNKNOWN_DIM,),
        "int64",
        data=codes,
        bounds=bounds if codes is None or not codes else (min(codes), max(codes)),
    )


@models(_LABEL + ".fit")
def fit_labels(self: Value, y: Value) -> Value:
    """Learn the classes."""
    _learn_labels(self, y, "fit")
    return self


@models(_LABEL + ".fit_transform")
def fit_transform_labels(self: Value, y: Value) -> Value:
    """The number of each label's class, one axis."""
    return _encoded(self, _learn_labels(self, y, "fit_transform"), y)


@models(_LABEL + ".transform")
def transform_labels(self: Value, y: Value) -> Value:
    """The number of each label's class, one axis."""
    return _encoded(self, one_axis(y, "LabelEncoder.transform"), y)


@models(_LABEL + ".inverse_transform")
def inverse_labels(self: Value, y: Value) -> Value:
    """The labels of class numbers."""
    a = one_axis(y, "LabelEncoder.inverse_transform")
    rows = a.shape[0] if a is not None and a.shape else rows_of(y)
    extra = state_of(self).extra
    return Array((rows if is_exact(rows) else UNKNOWN_DIM,), extra[1] if isinstance(extra, tuple) else None)


@models(_LABEL + ".classes_", _BINARIZER + ".classes_", _MULTI + ".classes_", kind="property")
def classes(self: Value) -> Value:
    """The classes learnt."""
    state = state_of(self)
    extra = state.extra if isinstance(state.extra, tuple) else (None, None)
    if extra[0] is not None:
        return Array((len(extra[0]),), extra[1], data=extra[0])
    count = state.outputs if self.path != _BINARIZER else UNKNOWN_DIM
    return Array((count,), extra[1])


# --- LabelBinarizer, MultiLabelBinarizer ----------------------------------------------------------------------------------


def _learn_binary(self: Value, y: Value) -> None:
    a = as_array(y) if not isinstance(y, (list, tuple)) else None
    data = plain_data(a)
    if data is not None and a is not None and a.shape is not None and len(a.shape) == 1:
        known = tuple(dict.fromkeys(data))
        fitted(self, outputs=len(known) if len(known) > 2 else 1, extra=(tuple(sorted(known, key=str)), a.dtype))
    else:
        fitted(self, outputs=fresh("k"))


def _binary(self: Value, y: Value) -> Value:
    # Iterating over a table gives its column labels, so they are what a MultiLabelBinarizer sees.
    rows = rows_of(y) if self.path == _BINARIZER or not isinstance(y, LibObj) else UNKNOWN_DIM
    sparse_output = state_of(self).config.get("sparse_output", False)
    return (
        Array((rows if is_exact(rows) else UNKNOWN_DIM, state_of(self).outputs), "int64", bounds=(0, 1))
        if sparse_output is False
        else UNKNOWN
    )


@models(_BINARIZER + ".fit", _MULTI + ".fit")
def fit_binary(self: Value, y: Value) -> Value:
    """Learn the classes."""
    _learn_binary(self, y) if self.path == _BINARIZER else _learn_multi(self, y)
    return self


@models(_BINARIZER + ".fit_transform", _MULTI + ".fit_transform")
def fit_transform_binary(self: Value, y: Value) -> Value:
    """One column for each class; of two classes one column in all."""
    fit_binary(self, y)
    return _binary(self, y)


@models(_BINARIZER + ".transform", _MULTI + ".transform")
def transform_binary(self: Value, y: Value) -> Value:
    """One column for each class."""
    return _binary(self, y)


@models(_BINARIZER + ".inverse_transform")
def inverse_binary(self: Value, Y: Value, threshold: Value = None) -> Value:
    """The labels."""
    rows = rows_of(Y)
    return Array((rows if is_exact(rows) else UNKNOWN_DIM,), None)


def _learn_multi(self: Value, y: Value) -> None:
    given = state_of(self).config.get("classes")
    count = rows_of(given) if given is not None else _labels_within(y)
    fitted(self, outputs=count if is_exact(count) else fresh("k"))


def _labels_within(y: Value) -> Dim:
    """Return how many different labels lists of labels hold, where all are known."""
    rows = items(y) if isinstance(y, (ListObj, tuple)) else None
    labels: set[Value] = set()
    for row in rows if rows is not None else (None,):
        found = items(row) if isinstance(row, (ListObj, tuple)) else None
        if found is None or not all(isinstance(v, (str, int)) for v in found):
            return UNKNOWN_DIM
        labels.update(found)
    return len(labels) if labels else UNKNOWN_DIM


@models("sklearn.preprocessing.label_binarize")
def label_binarize(y: Value, *, classes: Value, **kwargs: Value) -> Value:
    """One column for each class; of two classes one column in all."""
    count = rows_of(classes)
    width: Dim = 1 if isinstance(count, int) and count <= 2 else count
    rows = rows_of(y)
    return UNKNOWN if kwargs.get("sparse_output") else Array((rows if is_exact(rows) else UNKNOWN_DIM, width), "int64", bounds=(0, 1))


# --- OneHotEncoder, KBinsDiscretizer ------------------------------------------------------------------------------------


@models(_ONE_HOT)
def one_hot_encoder(**kwargs: Value) -> Value:
    """An encoder of categories, not fitted yet."""
    return LibObj(_ONE_HOT, Estimator(kwargs))


def _categories_given(self: Value) -> Dim:
    """The number of columns where the categories are listed."""
    state = state_of(self)
    listed = items(state.config.get("categories"))
    if listed is None or state.config.get("drop") is not None:
        return UNKNOWN_DIM
    total: Dim = 0
    for one in listed:
        count = rows_of(one)
        total = total + count if is_exact(count) and is_exact(total) else UNKNOWN_DIM
    return total


def _learn_categories(self: Value, X: Value, method: str) -> Array | None:
    a = two_axes(X, f"OneHotEncoder.{method}")
    outputs = _categories_given(self)
    data = plain_data(a)
    drop = state_of(self).config.get("drop")
    if (
        not is_exact(outputs)
        and data is not None
        and a is not None
        and a.shape is not None
        and isinstance(a.shape[1], int)
        and a.shape[1] > 0
    ):
        per = a.shape[1]
        counts = [len(set(data[i::per])) for i in range(per)]
        if drop is None:
            outputs = sum(counts)
        elif drop == "first":
            outputs = sum(counts) - per
    fitted(self, features=a.shape[1] if a is not None and a.shape else UNKNOWN_DIM, outputs=outputs if is_exact(outputs) else fresh("k"))
    return a


def _one_hot(self: Value, a: Array | None, X: Value) -> Value:
    rows = a.shape[0] if a is not None and a.shape else rows_of(X)
    rows = rows if is_exact(rows) else UNKNOWN_DIM
    state = state_of(self)
    config = state.config
    sparse_output = config["sparse"] if "sparse" in config else config.get("sparse_output", True)
    outputs = state.outputs if state.fitted else UNKNOWN_DIM
    if sparse_output is False:
        return result(self, rows, outputs)
    return sparse((rows, outputs)) if sparse_output is True else UNKNOWN


@models(_ONE_HOT + ".fit")
def fit_one_hot(self: Value, X: Value, y: Value = None) -> Value:
    """Learn the categories of each column."""
    _learn_categories(self, X, "fit")
    return self


@models(_ONE_HOT + ".fit_transform")
def fit_transform_one_hot(self: Value, X: Value, y: Value = None) -> Value:
    """One column for each category of each column."""
    return _one_hot(self, _learn_categories(self, X, "fit_transform"), X)


@models(_ONE_HOT + ".transform")
def transform_one_hot(self: Value, X: Value) -> Value:
    """One column for each category of each column."""
    a = two_axes(X, "OneHotEncoder.transform")
    same_features(self, a, "transform")
    return _one_hot(self, a, X)


@models(_ONE_HOT + ".inverse_transform")
def inverse_one_hot(self: Value, X: Value) -> Value:
    """The categories."""
    two_axes(X, "OneHotEncoder.inverse_transform")
    rows = rows_of(X)
    return Array((rows if is_exact(rows) else UNKNOWN_DIM, state_of(self).features), None)


@models(_ONE_HOT + ".set_output")
def set_output(self: Value, *, transform: Value = None) -> Value:
    """Choose what `transform` gives."""
    from ...records import replace

    state = state_of(self)
    self.put(replace(state, config={**state.config, "<output>": transform}))
    return self


@models(_BINS)
def bins(n_bins: Value = 5, *, encode: Value = "onehot", **kwargs: Value) -> Value:
    """A binning of columns."""
    return LibObj(_BINS, Estimator({"n_bins": n_bins, "encode": encode}))


@models(_BINS + ".fit_transform", _BINS + ".transform")
def bin_columns(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """The bin of each value; one column for each bin unless ordinal."""
    a = two_axes(X, "KBinsDiscretizer.transform")
    if a is None or a.shape is None:
        return UNKNOWN
    encode = state_of(self).config.get("encode")
    if encode == "ordinal":
        return Array(a.shape, "float64")
    return Array((a.shape[0], fresh("k")), "float64") if encode == "onehot-dense" else sparse((a.shape[0], fresh("k")))


# --- sparse matrices ----------------------------------------------------------------------------------------------------


bases("scipy.sparse.csc_matrix", SPARSE)


@models(SPARSE + ".toarray", SPARSE + ".todense")
def to_array(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The same matrix as an array."""
    a = sparse_array(self)
    return UNKNOWN if a is None else Array(a.shape, a.dtype)


@models(SPARSE + ".A", kind="property")
def dense(self: Value) -> Value:
    """The same matrix as an array."""
    return to_array(self)


@models(SPARSE + ".shape", kind="property")
def sparse_shape(self: Value) -> Value:
    """``(rows, columns)``."""
    from ..arraylike import dim_value

    a = sparse_array(self)
    return UNKNOWN if a is None or a.shape is None else tuple(dim_value(d) for d in a.shape)


@models(SPARSE + ".ndim", kind="property")
def sparse_ndim(self: Value) -> Value:
    """Always 2."""
    return 2


@models(SPARSE + ".<take>")
def take_sparse(self: Value, rows: Dim) -> Value:
    """Rows picked by a split."""
    a = sparse_array(self)
    return UNKNOWN if a is None or a.shape is None else sparse((rows, *a.shape[1:]), a.dtype)


@models(SPARSE + ".astype", SPARSE + ".copy", SPARSE + ".tocsr", SPARSE + ".tocsc", SPARSE + ".tocoo")
def sparse_copy(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    a = sparse_array(self)
    return UNKNOWN if a is None or a.shape is None else sparse(a.shape, None if args else a.dtype)


@models(SPARSE + ".__len__")
def sparse_len(self: Value) -> Value:
    """A sparse matrix has no ``len``."""
    raise Raises("TypeError", "sparse array length is ambiguous; use getnnz() or shape[0]")
