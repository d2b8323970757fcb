"""Metrics: labels and predictions must be as many, and of ranks that go together."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, AnyScalar, Array, Value, fresh, fresh_unknown
from ...rules.arrays import RankDemanded
from ...shapes import UNKNOWN_DIM, Shape, is_exact, same
from ..api import Mismatch, models
from ..arraylike import as_array
from .checks import rows_of, same_lengths

_BASE = "sklearn.metrics."
_CLASSES = (
    "accuracy_score balanced_accuracy_score confusion_matrix classification_report f1_score precision_score recall_score "
    "fbeta_score jaccard_score cohen_kappa_score matthews_corrcoef hamming_loss zero_one_loss precision_recall_fscore_support"
)
_NUMBERS = (
    "mean_squared_error root_mean_squared_error mean_absolute_error mean_absolute_percentage_error mean_squared_log_error "
    "median_absolute_error r2_score explained_variance_score max_error"
)
_PAIRWISE = (
    *("cosine_similarity", "cosine_distances", "euclidean_distances", "manhattan_distances", "rbf_kernel", "linear_kernel"),
    "polynomial_kernel",
)
_ONE_AXIS_ONLY = ("confusion_matrix", "cohen_kappa_score", "matthews_corrcoef", "balanced_accuracy_score")


def _shape(value: Value) -> Shape | None:
    a = as_array(value)
    return None if a is None else a.shape


def _register(name: str, numbers: bool) -> None:
    @models(_BASE + name)
    def metric(y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
        """A score of labels and predictions."""
        same_lengths(name, [y_true, y_pred])
        a, b = _shape(y_true), _shape(y_pred)
        (_check_numbers if numbers else _check_classes)(name, a, b, y_true, y_pred)
        if name == "confusion_matrix":
            labels = kwargs.get("labels", args[0] if args else None)
            k = rows_of(labels) if labels is not None else fresh("k")
            return Array((k if is_exact(k) else fresh("k"),) * 2, "int64" if not kwargs.get("normalize") else "float64")
        return _one_number(name, args, kwargs)


_MANY = frozenset({"classification_report", "precision_recall_fscore_support"})
"""What gives no single number."""


def _one_number(name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Return a metric's number; told to, some give one for each class or output."""
    average = kwargs.get("average", "binary")
    plain = not args and "multioutput" not in kwargs and isinstance(average, str)
    return AnyScalar("float64", fresh_unknown().key) if plain and name not in _MANY else UNKNOWN


def _check_numbers(name: str, a: Shape | None, b: Shape | None, *values: Value) -> None:
    for shape in (a, b):
        if shape is not None and len(shape) > 2:
            raise Mismatch(RankDemanded(name, shape, "two axes at most", None), *values)
    if a and b and len(a) <= 2 and len(b) <= 2:
        left, right = (1 if len(s) == 1 else s[1] for s in (a, b))
        if same(left, right) is False:
            raise Mismatch(RankDemanded(name, b, f"as many outputs as the labels, {left!r}", None), *values)


def _check_classes(name: str, a: Shape | None, b: Shape | None, *values: Value) -> None:
    """Refuse class numbers on one side and one value for each class on the other, as the function that tells kinds of labels does."""
    if not a or not b or len(a) > 2 or len(b) > 2:
        return
    wide_a, wide_b = (len(s) == 2 and same(s[1], 1) is False for s in (a, b))
    narrow_a, narrow_b = (len(s) == 1 or same(s[1], 1) is True for s in (a, b))
    hint = "np.argmax(…, axis=1) gives the class numbers"
    if wide_a and narrow_b:
        raise Mismatch(RankDemanded(name, a, f"labels of the predictions' shape, {b!r}", hint), *values)
    if narrow_a and wide_b:
        raise Mismatch(RankDemanded(name, b, "predictions of one axis like the labels", hint), *values)
    if wide_a and wide_b and name in _ONE_AXIS_ONLY:
        raise Mismatch(RankDemanded(name, a, "labels of one axis", hint), *values)


for _name in _CLASSES.split():
    _register(_name, False)
for _name in _NUMBERS.split():
    _register(_name, True)


@models(_BASE + "roc_curve", _BASE + "precision_recall_curve")
def curve(y_true: Value, y_score: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Three arrays of one axis."""
    from .checks import one_axis

    same_lengths("roc_curve", [y_true, y_score])
    one_axis(y_score, "roc_curve")
    k = fresh("k")
    return (Array((k,), "float64"), Array((k,), "float64"), Array((fresh("k"),), "float64"))


@models(_BASE + "roc_auc_score", _BASE + "log_loss", _BASE + "average_precision_score", _BASE + "brier_score_loss")
def score(y_true: Value, y_score: Value = None, *args: Value, **kwargs: Value) -> Value:
    """One number."""
    same_lengths("roc_auc_score", [y_true, y_score])
    return AnyScalar("float64", fresh_unknown().key) if not args and kwargs.get("average", "macro") is not None else UNKNOWN


@models(_BASE + "pairwise_distances", *(f"{_BASE}pairwise.{name}" for name in _PAIRWISE))
def pairwise(X: Value, Y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """One number for each two rows."""
    same_rows, other = rows_of(X), rows_of(X if Y is None or isinstance(Y, str) else Y)
    return Array((same_rows if is_exact(same_rows) else UNKNOWN_DIM, other if is_exact(other) else UNKNOWN_DIM), "float64")


@models("sklearn.utils.class_weight.compute_class_weight")
def compute_class_weight(class_weight: Value, *args: Value, classes: Value = None, y: Value = None) -> Value:
    """One weight for each class."""
    count = rows_of(classes if classes is not None else args[0] if args else None)
    return Array((count if is_exact(count) else fresh("k"),), "float64")


@models("sklearn.utils.class_weight.compute_sample_weight")
def compute_sample_weight(class_weight: Value, y: Value, *args: Value, **kwargs: Value) -> Value:
    """One weight for each sample."""
    count = rows_of(y)
    return Array((count if is_exact(count) else fresh("n"),), "float64")
