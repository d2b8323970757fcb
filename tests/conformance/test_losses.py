"""Losses × label shapes × output shapes through real Keras, against what `outcome` says of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kshape_lint.libraries.keras.losses_shapes import LOSSES, Outcome, outcome

pytestmark = pytest.mark.conformance

BATCH = 6
Shape = tuple[int, ...]
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


@dataclass(frozen=True)
class Judged:
    """One loss on one pair of shapes: what was said of it and, where that is otherwise, how it really goes."""

    name: str
    case: str
    said: Outcome
    contradiction: str | None


def direct(keras: Any, major: int, via: str, pairs: Iterable[tuple[Shape, Shape]]) -> Iterator[Judged]:
    """Yield every loss called on labels and outputs of these shapes, as a function or as an object."""
    import numpy as np

    pairs = list(pairs)
    for loss in LOSSES:
        maker = getattr(keras.losses, loss if via == "function" else _class_name(loss), None)
        if maker is None:
            continue
        for labels, output in pairs:
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
            yield Judged(loss, f"{via} {labels} {output}", said, _contradicts(said, real))


def compiled(keras: Any, major: int, activation: str, pairs: Iterable[tuple[Shape, Shape]]) -> Iterator[Judged]:
    """Yield the losses as `fit` reaches them: traced in a graph with the batch axis None, then run."""
    pairs = list(pairs)
    for loss in LOSSES if activation == "linear" else ("binary_crossentropy", "binary_focal_crossentropy"):
        function = getattr(keras.losses, loss, None)
        if function is None or loss in NEEDED:
            continue
        for labels, output in pairs:
            real = _fits(keras, function, labels, output, activation, major)
            said = outcome(loss, labels, output, major=major, via="compiled", sigmoid=activation != "linear")
            differs = said.verdict != "unknown" and (said.verdict == "runs") != real
            contradiction = f"said {said.verdict}, real {'runs' if real else 'raises'}" if differs else None
            yield Judged(loss, f"compiled {activation} {labels} {output}", said, contradiction)


@pytest.mark.parametrize("major", [3, 2])
@pytest.mark.parametrize("via", ["function", "object"])
def test_called_directly(major: int, via: str) -> None:
    judged = list(direct(_keras(major), major, via, itertools.product(LABELS, OUTPUTS)))
    wrong = [f"{j.name} {j.case}: {j.contradiction}" for j in judged if j.contradiction]
    assert not wrong, "\n".join(wrong)
    unknown = sum(j.said.verdict == "unknown" for j in judged)
    assert unknown <= len(judged) * 0.06, f"{unknown} of {len(judged)} unknown"


@pytest.mark.parametrize("major", [3, 2])
@pytest.mark.parametrize("activation", ["linear", "sigmoid", "softmax"])
def test_compiled(major: int, activation: str) -> None:
    pairs = [(y, o) for o in OUTPUTS if 2 <= len(o) <= 3 for y in LABELS if len(y) <= 3]
    wrong = [f"{j.name} {j.case}: {j.contradiction}" for j in compiled(_keras(major), major, activation, pairs) if j.contradiction]
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
