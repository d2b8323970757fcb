"""Metrics × label shapes × output shapes through real Keras, as `fit` reaches them, against what `metric_outcome` says of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kshape_lint.libraries.keras.metrics import MetricRef, metric_outcome, resolve_metric

pytestmark = pytest.mark.conformance

OUTPUTS = [(6, 1), (6, 3), (6, 5, 1), (6, 5, 3)]
LABELS = [(6,), (6, 1), (6, 3), (6, 5), (6, 5, 1), (6, 5, 3)]
PLAIN = (
    "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "TopKCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy", "AUC",
    "Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives", "F1Score", "FBetaScore", "R2Score",
    "BinaryIoU", "PearsonCorrelation", "ConcordanceCorrelation", "RootMeanSquaredError", "MeanSquaredError", "MeanAbsoluteError",
    "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "LogCoshError", "CosineSimilarity", "Hinge", "SquaredHinge",
    "CategoricalHinge", "KLDivergence", "Poisson", "BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy",
)  # fmt: skip
BY_TEXT = (
    "accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "mse", "mae", "mape", "msle", "hinge", "binary_crossentropy", "categorical_crossentropy",
    "sparse_categorical_crossentropy", "cosine_similarity", "kl_divergence", "poisson", "AUC", "precision", "recall", "crossentropy",
)  # fmt: skip
WITH: tuple[tuple[str, dict[str, Any]], ...] = (
    ("TopKCategoricalAccuracy", {"k": 2}),
    ("SparseTopKCategoricalAccuracy", {"k": 2}),
    ("AUC", {"multi_label": True}),
    ("AUC", {"multi_label": True, "num_labels": 3}),
    ("AUC", {"thresholds": [0.2, 0.7]}),
    ("AUC", {"from_logits": True}),
    ("Precision", {"class_id": 1}),
    ("Recall", {"class_id": 3}),
    ("Precision", {"top_k": 2}),
    ("Recall", {"top_k": 1, "class_id": 0}),
    ("Recall", {"thresholds": [0.2, 0.5, 0.7]}),
    ("Precision", {"thresholds": [0.0, 0.5, 1.0]}),
    ("PrecisionAtRecall", {"recall": 0.5}),
    ("RecallAtPrecision", {"precision": 0.5}),
    ("SensitivityAtSpecificity", {"specificity": 0.5}),
    ("SpecificityAtSensitivity", {"sensitivity": 0.5, "num_thresholds": 1}),
    ("F1Score", {"average": "micro"}),
    ("F1Score", {"average": "macro", "threshold": 0.5}),
    ("FBetaScore", {"average": "weighted", "beta": 2.0}),
    ("R2Score", {"class_aggregation": None}),
    ("MeanIoU", {"num_classes": 3}),
    ("MeanIoU", {"num_classes": 3, "sparse_y_pred": False}),
    ("MeanIoU", {"num_classes": 3, "sparse_y_true": False, "sparse_y_pred": False, "axis": 1}),
    ("MeanIoU", {"num_classes": 3, "ignore_class": 0}),
    ("IoU", {"num_classes": 3, "target_class_ids": [0]}),
    ("OneHotIoU", {"num_classes": 3, "target_class_ids": [0, 1]}),
    ("OneHotMeanIoU", {"num_classes": 3}),
    ("OneHotMeanIoU", {"num_classes": 3, "sparse_y_pred": True}),
    ("CosineSimilarity", {"axis": 1}),
    ("PearsonCorrelation", {"axis": 1}),
    ("BinaryCrossentropy", {"from_logits": True}),
    ("CategoricalCrossentropy", {"from_logits": True}),
    ("CategoricalCrossentropy", {"axis": 1}),
    ("SparseCategoricalCrossentropy", {"from_logits": True}),
    ("SparseCategoricalCrossentropy", {"axis": 1}),
    ("SparseCategoricalCrossentropy", {"ignore_class": 0}),
    ("BinaryAccuracy", {"threshold": 0.3}),
)
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (*((name, {}) for name in (*PLAIN, *BY_TEXT)), *WITH)
LOOKS_THROUGH = ("binary_crossentropy", "BinaryCrossentropy", "crossentropy")


@dataclass(frozen=True)
class Judged:
    """One metric on one pair of shapes: our verdict, and whether the real one runs."""

    name: str
    case: str
    said: str
    runs: bool

    @property
    def contradicts(self) -> bool:
        return self.said != "unknown" and (self.said == "runs") != self.runs


def _refs(keras: Any, major: int) -> Iterator[tuple[MetricRef, dict[str, Any]]]:
    for name, options in KINDS:
        if name in BY_TEXT:
            ref = resolve_metric(name)
            if (
                ref is not None
                and (major == 2 or name != "crossentropy")
                and (major == 3 or name not in ("precision", "recall", "kl_divergence"))
            ):
                yield ref, options
        elif hasattr(keras.metrics, name):
            yield MetricRef(name, name, options), options


def at_fit(keras: Any, major: int, pairs: Iterable[tuple[tuple[int, ...], tuple[int, ...]]], every: int = 1) -> Iterator[Judged]:
    """Yield metrics on pairs of shapes (output, labels): each on every one of so many, each on others than the one before."""
    whole = list(pairs)
    for number, (ref, options) in enumerate(_refs(keras, major)):
        pairs = whole[number % every :: every]
        for activation in ("linear", "sigmoid") if ref.name in LOOKS_THROUGH else ("linear",):
            for output, labels in pairs:
                metric = ref.shown if ref.shown in BY_TEXT else getattr(keras.metrics, ref.name)(**options)
                real = _fits(keras, metric, labels, output, activation, major)
                said = metric_outcome(ref, labels, output, major=major, sigmoid=activation == "sigmoid").verdict
                yield Judged(ref.shown, f"{options or ''} {activation} {labels} {output}", said, real)


@pytest.mark.parametrize("major", [3, 2])
def test_at_fit(major: int) -> None:
    keras = pytest.importorskip("keras" if major == 3 else "tf_keras")
    judged = list(at_fit(keras, major, itertools.product(OUTPUTS, LABELS), every=5))
    wrong = [f"{j.name} {j.case}: said {j.said}, real {'runs' if j.runs else 'raises'}" for j in judged if j.contradicts]
    assert not wrong, "\n".join(wrong)
    unknown = sum(j.said == "unknown" for j in judged)
    assert unknown <= len(judged) * 0.02, f"{unknown} of {len(judged)} unknown"


def _fits(keras: Any, metric: Any, labels: tuple[int, ...], output: tuple[int, ...], activation: str, major: int) -> bool:
    import tensorflow as tf

    if major == 3:
        from keras.src.trainers.compile_utils import CompileMetrics

        container = CompileMetrics([metric], None)
    else:
        from tf_keras.src.engine.compile_utils import MetricsContainer

        container = MetricsContainer([metric], None, output_names=["output_1"])

    @tf.function(input_signature=[tf.TensorSpec([None, *labels[1:]]), tf.TensorSpec([None, *output[1:]])], autograph=False)
    def step(y, p):  # type: ignore[no-untyped-def]
        container.update_state(y, keras.activations.get(activation)(p))

    try:
        step(tf.zeros(labels), tf.fill(output, 0.5))
    except Exception:
        return False
    return True
