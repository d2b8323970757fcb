"""Losses × label shapes × output shapes through real Keras, against what `outcome` says of them."""

from __future__ import annotations

import itertools

import pytest

from kshape_lint.libraries.keras.losses_shapes import LOSSES, Outcome, outcome

pytestmark = pytest.mark.conformance

BATCH = 6
OUTPUTS = [(6, 1), (6, 4), (6, 6), (6, 5, 1), (6, 5, 4), (6,), (6, 2, 3, 4), (6, 2, 3, 1)]
LABELS = [(6,), (6, 1), (6, 4), (6, 3), (6, 5), (6, 5, 1), (6, 5, 4), (6, 2, 3), (6, 2, 3, 4), (6, 2, 3, 1), (6, 2, 3, 3), (6, 4, 1)]
NEEDED = {"categorical_generalized_cross_entropy": {"q": 0.5}}


def _class_name(loss: str) -> str:
    special = {
        "huber": "Huber", "log_cosh": "LogCosh", "kl_divergence": "KLDivergence", "ctc": "CTC",
        "categorical_generalized_cross_entropy": "CategoricalGeneralizedCrossEntropy",
    }  # fmt: skip
    return special.get(loss) or "".join(part.capitalize() for part in loss.split("_"))


def _keras(major: int):  # type: ignore[no-untyped-def]
    if major == 3:
        return pytest.importorskip("keras")
    return pytest.importorskip("tf_keras")


def _contradicts(said: Outcome, real: tuple[int, ...] | None) -> str | None:
    if said.verdict == "unknown":
        return None
    if (said.verdict == "raises") != (real is None):
        return f"said {said.verdict}, real {'raises' if real is None else real}"
    if real is not None and said.values is not None and tuple(said.values) != real:
        return f"said values {said.values}, real {real}"
    return None


@pytest.mark.parametrize("major", [3, 2])
@pytest.mark.parametrize("via", ["function", "object"])
def test_called_directly(major: int, via: str) -> None:
    import numpy as np

    keras = _keras(major)
    wrong: list[str] = []
    unknown = total = 0
    for loss in LOSSES:
        maker = getattr(keras.losses, loss if via == "function" else _class_name(loss), None)
        if maker is None:
            continue
        for labels, output in itertools.product(LABELS, OUTPUTS):
            y, p = np.zeros(labels, "float32"), np.full(output, 0.5, "float32")
            try:
                if via == "function":
                    value = maker(y, p, **NEEDED.get(loss, {}))
                else:
                    value = maker(reduction="none")(y, p)
                real = tuple(value.shape)
            except Exception:
                real = None
            said = outcome(loss, labels, output, major=major, via=via, tensors=major == 3)  # type: ignore[arg-type]
            total += 1
            unknown += said.verdict == "unknown"
            contradiction = _contradicts(said, real)
            if contradiction:
                wrong.append(f"{loss} {labels} {output}: {contradiction}")
    assert not wrong, "\n".join(wrong)
    assert unknown <= total * 0.06, f"{unknown} of {total} unknown"


@pytest.mark.parametrize("major", [3, 2])
@pytest.mark.parametrize("activation", ["linear", "sigmoid", "softmax"])
def test_compiled(major: int, activation: str) -> None:
    """The loss as `fit` reaches it: traced in a graph with the batch axis None, then run."""
    keras = _keras(major)
    wrong: list[str] = []
    losses = LOSSES if activation == "linear" else ("binary_crossentropy", "binary_focal_crossentropy")
    for loss in losses:
        function = getattr(keras.losses, loss, None)
        if function is None or loss in NEEDED:
            continue
        for output in (o for o in OUTPUTS if 2 <= len(o) <= 3):
            for labels in (y for y in LABELS if len(y) <= 3):
                real = _fits(keras, function, labels, output, activation, major)
                said = outcome(loss, labels, output, major=major, via="compiled", sigmoid=activation != "linear")
                if said.verdict != "unknown" and (said.verdict == "runs") != real:
                    wrong.append(f"{loss} {activation} {labels} {output}: said {said.verdict}, real {'runs' if real else 'raises'}")
    assert not wrong, "\n".join(wrong)


def _fits(keras, function, labels, output, activation, major) -> bool:  # type: ignore[no-untyped-def]
    import tensorflow as tf

    if major == 3:
        from keras.src.trainers.compile_utils import CompileLoss

        container = CompileLoss(function)
    else:
        from tf_keras.src.engine.compile_utils import LossesContainer

        container = LossesContainer(function, output_names=["output_1"])

    @tf.function(input_signature=[tf.TensorSpec([None, *labels[1:]]), tf.TensorSpec([None, *output[1:]])], autograph=False)
    def step(y, p):  # type: ignore[no-untyped-def]
        return container(y, keras.activations.get(activation)(p))

    try:
        step(tf.zeros(labels), tf.fill(output, 0.5))
    except Exception:
        return False
    return True
