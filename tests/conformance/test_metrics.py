"""Metrics × label shapes × output shapes through real Keras, as `fit` reaches them, against what `metric_outcome` says of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from kshape_lint.libraries.keras.losses_shapes import LOSSES
from kshape_lint.libraries.keras.metrics import STEPS, MetricRef, metric_outcome

pytestmark = pytest.mark.conformance

OUTPUTS = [(6, 1), (6, 3), (6, 5, 1), (6, 5, 3)]
LABELS = [(6,), (6, 1), (6, 3), (6, 5), (6, 5, 1), (6, 5, 3)]
NEEDED = {"MeanIoU": {"num_classes": 3}, "IoU": {"num_classes": 3, "target_class_ids": [0]}}
SAME_AS_OTHERS = ("TrueNegatives", "FalsePositives", "FalseNegatives", "FBetaScore", "IoU", "BinaryAccuracy", "CategoricalAccuracy")
NAMES = [n for n in STEPS if n not in SAME_AS_OTHERS]
NAMES += ["mse", "hinge", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "CosineSimilarity"]


def at_fit(keras: Any, major: int, pairs: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield metrics on pairs of shapes: name, case, our verdict, whether the real one runs."""
    for name, (output, labels) in itertools.product(NAMES, list(pairs)):
        metric = getattr(keras.metrics, name)(**NEEDED.get(name, {})) if name[0].isupper() else name
        real = _fits(metric, labels, output, major)
        yield name, f"{labels} {output}", metric_outcome(MetricRef(name, name), labels, output, major=major).verdict, real


@pytest.mark.parametrize("major", [3, 2])
def test_at_fit(major: int) -> None:
    keras = pytest.importorskip("keras" if major == 3 else "tf_keras")
    wrong: list[str] = []
    for name, case, said, real in at_fit(keras, major, itertools.product(OUTPUTS, LABELS)):
        if said != "unknown" and (said == "runs") != real:
            wrong.append(f"{name} {case}: said {said}, real {'runs' if real else 'raises'}")
    assert not wrong, "\n".join(wrong)
    assert LOSSES


def _fits(metric, labels, output, major) -> bool:  # type: ignore[no-untyped-def]
    import tensorflow as tf

    if major == 3:
        from keras.src.trainers.compile_utils import CompileMetrics

        container = CompileMetrics([metric], None)
    else:
        from tf_keras.src.engine.compile_utils import MetricsContainer

        container = MetricsContainer([metric], None, output_names=["output_1"])

    @tf.function(input_signature=[tf.TensorSpec([None, *labels[1:]]), tf.TensorSpec([None, *output[1:]])], autograph=False)
    def step(y, p):  # type: ignore[no-untyped-def]
        container.update_state(y, p)

    try:
        step(tf.zeros(labels), tf.fill(output, 0.5))
    except Exception:
        return False
    return True
