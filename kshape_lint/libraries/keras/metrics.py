"""Metrics: their objects, and which labels and outputs they refuse at fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from re import sub
from typing import Any

from ...catalogue import facts
from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, LibObj, Library, Value
from ...records import field, record
from ...shapes import Shape
from ..api import bases, canonical, keras_major, lookup, models
from ..arraylike import as_array
from .losses import choose_crossentropy, name_of
from .losses_shapes import LOSSES, Outcome, Refused, Trial, Undecided, Via, outcome
from .metrics_shapes import METRICS

METRIC = "keras.Metric"


@record
class MetricRef:
    """A built-in metric, by the name of its function or class, with the arguments its object got."""

    name: str
    shown: str
    options: Mapping[str, Any] = field(default_factory=dict)


_SHORT = {"acc": "accuracy", "accuracy": "accuracy", "auc": "AUC", "ce": "crossentropy"}


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


def result_name(value: Value) -> str | None:
    """Return the name of the result of a metric given to ``compile``, in small letters without underscores; None if not known."""
    if isinstance(value, Library):
        return None
    metric = resolve_metric(value)
    if metric is None or not (isinstance(value, str) or canonical(value.path).startswith("keras.metrics.")):
        return None
    name = metric.options.get("name") or metric.name
    return name.lower().replace("_", "") if isinstance(name, str) else None


@cache
def _by_text(major: int) -> dict[str, str]:
    """Return the metric classes by the names in small letters that Keras 3 takes, too."""
    found: dict[str, str] = {}
    for path in facts(major).METRICS:
        name = path.rpartition(".")[2]
        found[sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()] = name
    return found


def metric_outcome(metric: MetricRef, labels: Shape, output: Shape, *, major: int, sigmoid: bool = False, dynamic: bool = False) -> Outcome:
    """Return whether a metric runs over labels and output of these shapes (those of one batch).

    `sigmoid` and `dynamic` are as for a loss's `outcome`: Keras 2 looks through a sigmoid, and knows but the ranks of a generator's labels.
    """
    steps = METRICS.get(metric.name)
    if steps is None and major >= 3:
        steps = METRICS.get(_by_text(major).get(metric.name, ""))
    if steps is None:
        found = _as_loss(metric, labels, output, major, sigmoid)
    else:
        trial = Trial(major, "compiled", sigmoid, True, metric.options)
        if major < 3 and len(labels) == 1 and len(output) == 2:
            labels = (*labels, 1)
        try:
            steps(trial, labels, output)
            found = Outcome("unknown" if trial.unsure else "runs")
        except Undecided:
            found = Outcome("unknown")
        except Refused as refused:
            found = Outcome("raises", fault=refused.fault)
    return Outcome("unknown") if dynamic and found.verdict == "raises" else found


def _as_loss(metric: MetricRef, labels: Shape, output: Shape, major: int, sigmoid: bool) -> Outcome:
    """Losses serve as metrics: Keras 3 calls the bare function, Keras 2 bridges ranks first."""
    name = "log_cosh" if metric.name == "LogCoshError" else name_of(metric.name)
    if name == "crossentropy" and major < 3:
        name = choose_crossentropy(labels, output)
    if name is None or name not in LOSSES:
        return Outcome("unknown")
    via: Via = "function" if major >= 3 else "compiled"
    return outcome(name, labels, output, major=major, via=via, sigmoid=sigmoid, options=metric.options)


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


def _function(name: str) -> Callable[..., Value]:
    def metric_function(y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
        p = as_array(y_pred)
        if name == "binary_accuracy" or p is None or p.shape is None or len(p.shape) != 2:
            return Array(None, "float32", "tensor")
        return Array(p.shape[:1], "float32", "tensor")

    return metric_function


for _name in ("categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy", "top_k_categorical_accuracy"):
    models(f"keras.metrics.{_name}")(_function(_name))


@models("keras.metrics.pearson_correlation", "keras.metrics.concordance_correlation")
def correlation(y_true: Value, y_pred: Value, axis: Value = -1) -> Value:
    """How far two tensors go together along an axis: the mean of what their products make (Keras's own ``correlation_metrics``)."""
    t, p = as_array(y_true), as_array(y_pred)
    product, mean = lookup("keras.ops.multiply"), lookup("keras.ops.mean")
    ranks = {None if a is None or a.shape is None else len(a.shape) for a in (t, p)}
    if product is None or mean is None or None in ranks or len(ranks) > 1:
        # Of ranks that differ Keras drops or adds a last axis first.
        return Array(None, "float32", "tensor")
    result: Value = mean.function(product.function(t, p), axis=axis)
    return result


register()
