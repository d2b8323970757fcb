"""Metrics: their objects, and which labels and outputs they refuse at fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...catalogue import facts
from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, LibObj, Library, Value
from ...records import field, record
from ...shapes import Dim, Shape, same, size
from ..api import bases, canonical, keras_major, lookup, models
from ..arraylike import as_array
from .losses import name_of
from .losses_shapes import LOSSES, Outcome, Refused, Trial, Undecided, is_one, outcome, squeeze_2, squeeze_or_expand

METRIC = "keras.Metric"


@record
class MetricRef:
    """A built-in metric, by the name of its function or class, with the arguments its object got."""

    name: str
    shown: str
    options: Mapping[str, Any] = field(default_factory=dict)


_SHORT = {"acc": "accuracy", "auc": "AUC", "ce": "crossentropy"}


def resolve_metric(value: Value) -> MetricRef | None:
    """Return the metric that a value given to ``compile`` stands for; None for one of the program's own, or one not known."""
    if isinstance(value, str):
        return MetricRef(_SHORT.get(value.lower(), value), value)
    if isinstance(value, (Library, LibObj)):
        path = canonical(value.path)
        head, _, last = path.rpartition(".")
        if head in ("keras.metrics", "keras.losses"):
            options = value.state if isinstance(value, LibObj) and isinstance(value.state, dict) else {}
            return MetricRef(last, last, options)
    return None


def _bridged(y: Shape, p: Shape, major: int) -> tuple[Shape, Shape]:
    """Return labels and output with ranks that differ by one made to meet, as most metrics do first."""
    return squeeze_or_expand(y, p) if major >= 3 else squeeze_2(y, p)


def _accuracy(t: Trial, y: Shape, p: Shape) -> None:
    if not y or not p:
        raise Undecided
    if is_one(p[-1]):
        _binary_accuracy(t, y, p)
    elif len(y) < len(p) or is_one(y[-1]):
        _sparse_accuracy(t, y, p)
    else:
        _categorical_accuracy(t, y, p)


def _binary_accuracy(t: Trial, y: Shape, p: Shape) -> None:
    t.broadcast(*_bridged(y, p, t.major))


def _categorical_accuracy(t: Trial, y: Shape, p: Shape) -> None:
    if not y or not p:
        raise Undecided
    if t.major < 3:
        raise Undecided
    y = y[:-1]
    if len(y) == len(p):
        if not is_one(y[-1]):
            raise Refused("rank")
        y = y[:-1]
    t.broadcast(y, p[:-1])


def _sparse_accuracy(t: Trial, y: Shape, p: Shape) -> None:
    if not y or not p:
        raise Undecided
    if t.major < 3:
        y, p = squeeze_2(y, p)
    if y and len(y) == len(p) and is_one(y[-1]):
        y = y[:-1]
    t.broadcast(y, p[:-1])


def _rows(t: Trial, count: Dim, shape: Shape) -> None:
    verdict = same(count, size(shape))
    if verdict is False:
        raise Refused("size")
    if verdict is None:
        t.unsure = True


def _top_k(t: Trial, y: Shape, p: Shape) -> None:
    if t.major < 3:
        raise Undecided
    if len(y) < 2:
        raise Refused("rank")
    _rows(t, size(y[:-1]), p[:-1])


def _sparse_top_k(t: Trial, y: Shape, p: Shape) -> None:
    if t.major < 3:
        raise Undecided
    _rows(t, size(y), p[:-1])


def _compatible(t: Trial, y: Shape, p: Shape) -> None:
    t.equal(*_bridged(y, p, t.major))


def _curve(t: Trial, y: Shape, p: Shape) -> None:
    if t.option("multi_label", False) is not False:
        raise Undecided
    _compatible(t, y, p)


def _picked(t: Trial, y: Shape, p: Shape) -> None:
    if t.option("top_k", None) is not None or t.option("class_id", None) is not None:
        raise Undecided
    _compatible(t, y, p)


def _matrix(t: Trial, y: Shape, p: Shape) -> None:
    if len(y) != 2 or len(p) != 2:
        raise Refused("rank")
    if t.major >= 3 and is_one(y[-1]):
        y = (y[0], p[-1])
    t.equal(y, p)


def _confusion(t: Trial, y: Shape, p: Shape) -> None:
    axis = t.option("axis", -1)
    if not isinstance(axis, int) or t.option("ignore_class", None) is not None:
        raise Undecided
    for flag in ("sparse_y_true", "sparse_y_pred"):
        if not isinstance(t.option(flag, True), bool):
            raise Undecided
    if t.option("sparse_y_true", True) is False:
        y = y[:-1]
    if t.option("sparse_y_pred", True) is False:
        p = p[:-1]
    _rows(t, size(y), p)


STEPS: dict[str, Callable[[Trial, Shape, Shape], None]] = {
    "accuracy": _accuracy,
    "binary_accuracy": _binary_accuracy,
    "BinaryAccuracy": _binary_accuracy,
    "categorical_accuracy": _categorical_accuracy,
    "CategoricalAccuracy": _categorical_accuracy,
    "sparse_categorical_accuracy": _sparse_accuracy,
    "SparseCategoricalAccuracy": _sparse_accuracy,
    "top_k_categorical_accuracy": _top_k,
    "TopKCategoricalAccuracy": _top_k,
    "sparse_top_k_categorical_accuracy": _sparse_top_k,
    "SparseTopKCategoricalAccuracy": _sparse_top_k,
    "RootMeanSquaredError": _binary_accuracy,
    "AUC": _curve,
    "Precision": _picked,
    "Recall": _picked,
    "TruePositives": _compatible,
    "TrueNegatives": _compatible,
    "FalsePositives": _compatible,
    "FalseNegatives": _compatible,
    "F1Score": _matrix,
    "FBetaScore": _matrix,
    "MeanIoU": _confusion,
    "BinaryIoU": _confusion,
    "IoU": _confusion,
}
"""What the metrics that are no losses do first with labels and output."""


def metric_outcome(metric: MetricRef, labels: Shape, output: Shape, *, major: int) -> Outcome:
    """Return whether a metric runs over labels and output of these shapes (those of one batch)."""
    steps = STEPS.get(metric.name)
    if steps is None:
        return _as_loss(metric, labels, output, major)
    trial = Trial(major, "compiled", False, True, metric.options)
    if major < 3 and len(labels) == 1 and len(output) == 2:
        labels = (*labels, 1)
    try:
        steps(trial, labels, output)
    except Undecided:
        return Outcome("unknown")
    except Refused as refused:
        return Outcome("raises", fault=refused.fault)
    return Outcome("unknown" if trial.unsure else "runs")


def _as_loss(metric: MetricRef, labels: Shape, output: Shape, major: int) -> Outcome:
    """Losses serve as metrics: Keras 3 calls the bare function, Keras 2 bridges ranks first."""
    name = name_of(metric.name)
    if name is None or name not in LOSSES:
        return Outcome("unknown")
    if major < 3 and name in ("binary_crossentropy", "binary_focal_crossentropy"):
        return Outcome("unknown")
    return outcome(name, labels, output, major=major, via="function" if major >= 3 else "compiled", options=metric.options)


# Objects -------------------------------------------------------------------------------------------------------------------------


def _class(path: str) -> Callable[..., Value]:
    def metric_class(*args: Value, **kwargs: Value) -> Value:
        signature = facts(keras_major()).METRICS.get(path)
        names = [n for n, _ in signature.parameters] if signature is not None else []
        return LibObj(path, {**dict(zip(names, args)), **kwargs})

    return metric_class


def register() -> None:
    """Register the metric classes that either Keras has."""
    names: set[str] = set()
    for major in (3, 2):
        names.update(facts(major).METRICS)
    for path in names:
        if path.rpartition(".")[2][:1].isupper() and path.startswith("keras.metrics."):
            if lookup(path) is None:
                models(path)(_class(path))
            bases(path, METRIC)


@models(METRIC + ".update_state", METRIC + ".reset_state", METRIC + ".reset_states", METRIC + ".__init__")
def no_result(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of the methods that give nothing."""
    return None


@models(METRIC + ".result", METRIC + ".__call__")
def result(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``metric.result()``: one number for most metrics."""
    name = self.path.rpartition(".")[2] if isinstance(self, LibObj) else ""
    if name in ("F1Score", "FBetaScore", "R2Score", "MeanTensor", "") or name.endswith("IoU"):
        return Array(None, "float32", "tensor")
    return Array((), "float32", "tensor")


@models(METRIC + ".variables", METRIC + ".weights", kind="property")
def variables(self: Value) -> Value:
    """Model of the metric's state, left open."""
    return UNKNOWN


@models(METRIC + ".get_config")
def get_config(self: Value) -> Value:
    """Model of ``get_config``."""
    return DictObj({OTHERS: UNKNOWN})


def _function(steps: Callable[[Trial, Shape, Shape], None]) -> Callable[..., Value]:
    def metric_function(y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
        p = as_array(y_pred)
        known = p is not None and p.shape is not None and len(p.shape) == 2 and steps is not _binary_accuracy
        return (
            Array(p.shape[:1], "float32", "tensor") if known and p is not None and p.shape is not None else Array(None, "float32", "tensor")
        )

    return metric_function


for _name in ("categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy"):
    models(f"keras.metrics.{_name}")(_function(STEPS[_name]))

register()
