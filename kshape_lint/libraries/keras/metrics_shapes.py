"""What each built-in metric does to the shapes of labels and output: Keras's own steps, on shapes alone.

Like ``losses_shapes``, of which it uses the parts: the steps follow the code of the metric in both Kerases and refuse where Keras does.
The two differ more here than among the losses: Keras 3 flattens where Keras 2 compares, and Keras 2 adds to its sums only what has
exactly their shape, where Keras 3 lets it broadcast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ...shapes import Shape, at_least, same, size
from .losses_shapes import Refused, Trial, Undecided, is_one, squeeze_2, squeeze_or_expand, without

Steps: TypeAlias = Callable[[Trial, Shape, Shape], None]


def _bridged(t: Trial, y: Shape, p: Shape) -> tuple[Shape, Shape]:
    """Return labels and output with ranks that differ by one made to meet, as most metrics do first."""
    return squeeze_or_expand(y, p) if t.major >= 3 else squeeze_2(y, p)


def _same_size(t: Trial, a: Shape, b: Shape) -> None:
    """Refuse shapes that do not hold the same number of elements."""
    verdict = same(size(a), size(b))
    if verdict is False:
        raise Refused("size")
    if verdict is None:
        t.unsure = True


def _whole(t: Trial, name: str, default: int | None) -> int | None:
    """Return an argument that must be a whole number for us to know what the metric does."""
    given = t.option(name, default)
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    raise Undecided


# Accuracies ------------------------------------------------------------------------------------------------------------------------


def _elements(t: Trial, y: Shape, p: Shape) -> None:
    t.broadcast(*_bridged(t, y, p))


def _equal(t: Trial, y: Shape, p: Shape) -> None:
    """Keras 3 compares what broadcasts; Keras 2 wants equal shapes and forgives nothing but the rank."""
    y, p = _bridged(t, y, p)
    if t.major >= 3:
        t.broadcast(y, p)
    else:
        t.equal(y, p)


def _accuracy(t: Trial, y: Shape, p: Shape) -> None:
    if not y or not p:
        raise Undecided
    if is_one(p[-1]):
        _elements(t, y, p)
    elif len(y) < len(p) or is_one(y[-1]):
        _sparse_accuracy(t, y, p)
    else:
        _categorical_accuracy(t, y, p)


def _categorical_accuracy(t: Trial, y: Shape, p: Shape) -> None:
    if t.major < 3:
        y, p = squeeze_2(y, p)
    if not y or not p:
        raise Refused("rank")
    _matches(t, y[:-1], p, always=True)


def _sparse_accuracy(t: Trial, y: Shape, p: Shape) -> None:
    if t.major < 3:
        y, p = squeeze_2(y, p)
    _matches(t, y, p, always=t.major < 3)


def _matches(t: Trial, y: Shape, p: Shape, always: bool) -> None:
    """Compare class numbers with the greatest output.

    Labels of the output's rank lose their last axis first, `always` or only where it has length 1, and get it back at the end, which
    needs as many matches as there were labels.
    """
    if not p:
        raise Refused("rank")
    if not y or len(y) != len(p) or not (always or is_one(y[-1])):
        t.broadcast(y, p[:-1])
        return
    if not is_one(y[-1]):
        raise Refused("rank")
    _same_size(t, t.broadcast(y[:-1], p[:-1]), y)


def _top_k(t: Trial, y: Shape, p: Shape) -> None:
    if t.major < 3:
        y, p = squeeze_2(y, p)
    if not y:
        raise Refused("rank")
    _in_top_k(t, y[:-1], p)


def _sparse_top_k(t: Trial, y: Shape, p: Shape) -> None:
    if t.option("from_sorted_ids", False) is not False:
        raise Undecided
    if t.major < 3:
        y, p = squeeze_2(y, p)
    _in_top_k(t, y, p)


def _in_top_k(t: Trial, y: Shape, p: Shape) -> None:
    """One label for each row of outputs, both flattened first."""
    if not y or len(p) < 2:
        raise Refused("rank")
    _same_size(t, y, p[:-1])


# Counts of right and wrong ---------------------------------------------------------------------------------------------------------


def _counts(t: Trial, y: Shape, p: Shape) -> None:
    """True and false positives and negatives at one or several thresholds."""
    if t.major < 3:
        y, p = squeeze_2(y, p)
        t.equal(y, p)
    else:
        p, y = squeeze_or_expand(p, y)
    top_k = _whole(t, "top_k", None)
    if top_k is not None:
        _at_least(t, p, top_k)
    class_id = _whole(t, "class_id", None)
    if class_id is not None:
        if len(p) == 1 and t.major >= 3:
            raise Refused("rank")
        y, p = _picked(t, y, class_id), _picked(t, p, class_id)
    if t.major >= 3:
        if t.even:
            _same_size(t, y, p)
        else:
            _flat(t, y, p)
            if t.option("thresholds", None) is not None and same(size(y), size(p)) is not True:
                raise Undecided  # three or more may stand evenly


def _at_least(t: Trial, p: Shape, k: int) -> None:
    if not p:
        raise Refused("rank")
    if isinstance(p[-1], int):
        if p[-1] < k:
            raise Refused("size")
    else:
        t.unsure = True


def _picked(t: Trial, shape: Shape, index: int) -> Shape:
    if not shape:
        raise Refused("rank")
    last = shape[-1]
    if not isinstance(last, int):
        t.unsure = True
    elif not -last <= index < last:
        raise Refused("size")
    return (*shape[:-1], 1)


def _flat(t: Trial, y: Shape, p: Shape) -> None:
    """Keras 3 lays both out in one row, and a row of one element broadcasts."""
    mine, theirs = size(y), size(p)
    verdict = same(mine, theirs)
    if verdict is True or same(mine, 1) is True or same(theirs, 1) is True:
        return
    if verdict is False and same(mine, 1) is False and same(theirs, 1) is False:
        raise Refused("size")
    t.unsure = True


def _evenly(t: Trial, y: Shape, p: Shape) -> None:
    """Counts at many thresholds, evenly far from each other: by another way, that takes no broadcasting."""
    if t.option("num_thresholds", 200) != 1:
        t.even = True
    _counts(t, y, p)


def _curve(t: Trial, y: Shape, p: Shape) -> None:
    several = t.option("multi_label", False)
    if several is False:
        if t.option("label_weights", None) is not None:
            raise Undecided
        _evenly(t, y, p)
        return
    count = _whole(t, "num_labels", None)
    if several is not True or t.option("thresholds", None) is not None:
        raise Undecided
    if count is None and len(p) != 2:
        raise Refused("rank")
    if len(p) != 2 or len(y) != 2 or (count is not None and same(p[-1], count) is not True):
        raise Undecided
    if t.major < 3:
        t.equal(y, p)
    elif any(same(a, b) is not True for a, b in zip(y, p)):
        raise Undecided


# Sums over the samples -------------------------------------------------------------------------------------------------------------


def _f_score(t: Trial, y: Shape, p: Shape) -> None:
    average = t.option("average", None)
    if average is not None and not isinstance(average, str):
        raise Undecided
    if len(y) != 2 or len(p) != 2:
        raise Refused("rank")
    both = t.broadcast(y, p)
    if average != "micro":
        _kept(t, (y, both), p)


def _kept(t: Trial, sums: tuple[Shape, ...], p: Shape) -> None:
    """Add sums over the samples to state of one number for each output: Keras 2 wants that shape exactly, Keras 3 one that broadcasts."""
    for one in sums:
        verdict = same(one[-1], p[-1])
        if verdict is False and (t.major < 3 or same(one[-1], 1) is False):
            raise Refused("size")
        if verdict is None:
            t.unsure = True


def _r2(t: Trial, y: Shape, p: Shape) -> None:
    if t.major >= 3:
        y, p = squeeze_or_expand(y, p)
    if len(y) != 2 or len(p) != 2:
        raise Refused("rank")
    _kept(t, (y, t.broadcast(y, p)), p)


def _confusion(t: Trial, y: Shape, p: Shape) -> None:
    """A table of classes against classes, over all elements; one-hot inputs are numbered along an axis first."""
    axis = t.option("axis", -1)
    for name, sparse in (("sparse_y_true", True), ("sparse_y_pred", True)):
        flag = t.option(name, sparse)
        if not isinstance(flag, bool):
            raise Undecided
        if not flag:
            if not isinstance(axis, int):
                raise Undecided
            y, p = (without(y, axis), p) if name == "sparse_y_true" else (y, without(p, axis))
    if t.major >= 3:
        _flat(t, y, p)
    elif t.option("ignore_class", None) is None:
        _same_size(t, y, p)
    else:
        # Labels that are not left out pick outputs by position: with fewer outputs than labels it hangs on the labels.
        count = size(y)
        if not isinstance(count, int) or at_least(size(p), count) is not True:
            raise Undecided


def _one_hot_confusion(t: Trial, y: Shape, p: Shape) -> None:
    t.options = {"sparse_y_pred": False, **t.options, "sparse_y_true": False}
    _confusion(t, y, p)


# Correlations ----------------------------------------------------------------------------------------------------------------------


def _correlation(t: Trial, y: Shape, p: Shape) -> None:
    y, p = squeeze_or_expand(y, p)
    axis = t.option("axis", -1)
    for shape in (y, p, t.broadcast(y, p)):
        without(shape, axis)


METRICS: dict[str, Steps] = {
    "accuracy": _accuracy,
    "Accuracy": _equal,
    "binary_accuracy": _elements,
    "BinaryAccuracy": _elements,
    "categorical_accuracy": _categorical_accuracy,
    "CategoricalAccuracy": _categorical_accuracy,
    "sparse_categorical_accuracy": _sparse_accuracy,
    "SparseCategoricalAccuracy": _sparse_accuracy,
    "top_k_categorical_accuracy": _top_k,
    "TopKCategoricalAccuracy": _top_k,
    "sparse_top_k_categorical_accuracy": _sparse_top_k,
    "SparseTopKCategoricalAccuracy": _sparse_top_k,
    "RootMeanSquaredError": _elements,
    "AUC": _curve,
    **dict.fromkeys(("Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"), _counts),
    **dict.fromkeys(("SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision"), _evenly),
    "F1Score": _f_score,
    "FBetaScore": _f_score,
    "R2Score": _r2,
    "MeanIoU": _confusion,
    "BinaryIoU": _confusion,
    "IoU": _confusion,
    "OneHotIoU": _one_hot_confusion,
    "OneHotMeanIoU": _one_hot_confusion,
    "PearsonCorrelation": _correlation,
    "ConcordanceCorrelation": _correlation,
    "pearson_correlation": _correlation,
    "concordance_correlation": _correlation,
}
"""What the metrics that are no losses do first with labels and output."""
