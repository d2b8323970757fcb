"""Metrics × label shapes × output shapes through real Keras, as `fit` reaches them, against what `metric_outcome` says of them."""

from __future__ import annotations

import itertools

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


@pytest.mark.parametrize("major", [3, 2])
def test_at_fit(major: int) -> None:
    keras = pytest.importorskip("keras" if major == 3 else "tf_keras")
    wrong: list[str] = []
    for name, output, labels in itertools.product(NAMES, OUTPUTS, LABELS):
        metric = getattr(keras.metrics, name)(**NEEDED.get(name, {})) if name[0].isupper() else name
        real = _fits(metric, labels, output, major)
        said = metric_outcome(MetricRef(name, name), labels, output, major=major)
        if said.verdict != "unknown" and (said.verdict == "runs") != real:
            wrong.append(f"{name} {labels} {output}: said {said.verdict}, real {'runs' if real else 'raises'}")
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
