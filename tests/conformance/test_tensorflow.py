"""TensorFlow's functions, keras.ops and tf.data: what the models say of a call must be what the installed TensorFlow does with it.

A model may say less (an axis unknown, an error not told), but never something else: a refusal where TensorFlow goes on is a contradiction,
and so is a length that is not so.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from abstract_calls import evaluate
from kshape_lint.interpreter.values import Array, DictObj, LibObj, ListObj
from kshape_lint.libraries.api import Mismatch, Raises

pytestmark = pytest.mark.conformance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

CASES = [
    line for line in (Path(__file__).parent / "tensorflow_cases.txt").read_text().splitlines() if line.strip() and not line.startswith("#")
]
OPEN = "open"
REFUSED = "refused"


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    tf = pytest.importorskip("tensorflow")
    import keras
    import numpy as np

    return {"tf": tf, "np": np, "keras": keras, "ops": keras.ops, "z": tf.zeros}


def real(expression: str, names: dict[str, Any]) -> Any:
    """Return the shapes that the real call gives, nested as its result is."""
    try:
        return _real_shapes(eval(expression, dict(names)))
    except Exception:
        return REFUSED


def _real_shapes(result: Any) -> Any:
    if isinstance(result, dict):
        return {k: _real_shapes(v) for k, v in result.items()}
    if hasattr(result, "element_spec") and hasattr(result, "cardinality"):
        return _real_shapes(result.element_spec)
    if hasattr(result, "shape") and not callable(result.shape):
        shape = result.shape
        if getattr(shape, "rank", 0) is None:
            return OPEN
        return tuple(shape)
    if isinstance(result, (list, tuple)):
        return [_real_shapes(v) for v in result]
    return OPEN


def ours(expression: str) -> Any:
    """Return the shapes that our models give."""
    try:
        return _our_shapes(evaluate(expression))
    except (Mismatch, Raises):
        return REFUSED


def _our_shapes(value: Any) -> Any:
    if isinstance(value, Array):
        return OPEN if value.shape is None else value.shape
    if isinstance(value, ListObj):
        return OPEN if value.items is None else [_our_shapes(v) for v in value.items]
    if isinstance(value, DictObj):
        return {k: _our_shapes(v) for k, v in value.state.items()}
    if isinstance(value, LibObj):
        return _our_shapes(value.state if isinstance(value.state, Array) else getattr(value.state, "spec", None))
    if isinstance(value, dict):
        return {k: _our_shapes(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_our_shapes(v) for v in value]
    return OPEN


def verdict(mine: Any, theirs: Any) -> str:
    """Return agree, open (we say less) or contradict."""
    if mine == REFUSED or theirs == REFUSED:
        return "agree" if mine == theirs else "open" if mine != REFUSED else "contradict"
    if mine == OPEN or theirs == OPEN:
        return "agree" if mine == theirs else "open" if mine == OPEN else "agree"
    if isinstance(mine, dict) or isinstance(theirs, dict):
        if not (isinstance(mine, dict) and isinstance(theirs, dict)) or mine.keys() != theirs.keys():
            return "contradict"
        return _worst(verdict(mine[k], theirs[k]) for k in mine)
    if isinstance(mine, list) or isinstance(theirs, list):
        if not (isinstance(mine, list) and isinstance(theirs, list)) or len(mine) != len(theirs):
            return "contradict"
        return _worst(verdict(m, t) for m, t in zip(mine, theirs))
    if len(mine) != len(theirs):
        return "contradict"
    if any(isinstance(m, int) and m != t for m, t in zip(mine, theirs)):
        return "contradict"
    return "agree"


def _worst(verdicts: Iterator[str]) -> str:
    found = set(verdicts)
    return "contradict" if "contradict" in found else "open" if "open" in found else "agree"


def test_the_table(names: dict[str, Any]) -> None:
    wrong = []
    for line in CASES:
        expression = line.removeprefix("~")
        mine, theirs = ours(expression), real(expression, names)
        found = verdict(mine, theirs)
        if found == "contradict" or (found == "open" and not line.startswith("~")):
            wrong.append(f"{expression}: we say {mine}, TensorFlow {theirs}")
    assert not wrong, "\n".join(wrong)


# --- at random ---------------------------------------------------------------------------------------------------------------------


class Cases:
    """Random calls: mostly near a call that works, so that both outcomes are met."""

    def __init__(self, seed: int | str) -> None:
        self.r = random.Random(seed)

    def shape(self, least: int = 0, most: int = 4) -> list[int]:
        return [self.r.choice((1, 2, 2, 3, 3, 4, 6)) for _ in range(self.r.randint(least, most))]

    def axis(self, rank: int) -> int:
        return self.r.randint(-rank - 1, rank) if self.r.random() < 0.2 else self.r.randint(-rank, max(rank - 1, -rank))

    def near(self, shape: list[int]) -> list[int]:
        out = list(shape)
        if out and self.r.random() < 0.3:
            out[self.r.randrange(len(out))] = self.r.choice((1, 2, 3, 5))
        if out and self.r.random() < 0.1:
            out.pop()
        return out

    def reshape(self) -> str:
        s = self.shape()
        target = self.r.choice([s[::-1], [-1], [s[0], -1] if s else [-1], self.shape(1, 3), [-1, *self.shape(1, 2)]])
        return f"tf.reshape(z({s}), {target})"

    def concat(self) -> str:
        s = self.shape(1, 3)
        return f"tf.concat([z({s}), z({self.near(s)}), z({s})], {self.axis(len(s))})"

    def stack(self) -> str:
        s = self.shape(0, 3)
        return f"tf.stack([z({s}), z({self.near(s) if self.r.random() < 0.5 else s})], axis={self.axis(len(s) + 1)})"

    def transpose(self) -> str:
        s = self.shape()
        perm = list(range(len(s)))
        self.r.shuffle(perm)
        if self.r.random() < 0.2:
            perm.append(self.r.randint(0, 2))
        return f"tf.transpose(z({s}), {perm})" if perm else f"tf.transpose(z({s}))"

    def expand(self) -> str:
        s = self.shape()
        return f"tf.expand_dims(z({s}), {self.axis(len(s) + 1)})"

    def squeeze(self) -> str:
        s = self.shape()
        return f"tf.squeeze(z({s}){', ' + str(self.axis(len(s))) if s and self.r.random() < 0.6 else ''})"

    def broadcast(self) -> str:
        s = self.shape()
        t = self.near(s)[self.r.randint(0, len(s)) :] if s else []
        function = self.r.choice(("tf.add", "tf.multiply", "tf.maximum", "tf.where", "ops.add", "ops.divide"))
        if function == "tf.where":
            return f"tf.where(z({s}) > 0, z({t}), z({s}))"
        return f"{function}(z({s}), z({t}))"

    def matmul(self) -> str:
        s = self.shape(1, 4)
        t = [*s[:-2], s[-1], self.r.choice((2, 3))] if len(s) > 1 else self.shape(1, 3)
        function = self.r.choice(("tf.matmul", "tf.linalg.matvec", "ops.matmul", "ops.dot"))
        return f"{function}(z({s}), z({self.near(t)}))"

    def reduce(self) -> str:
        s = self.shape()
        function = self.r.choice(("tf.reduce_mean", "tf.reduce_sum", "tf.reduce_max", "ops.sum", "ops.max", "ops.std"))
        axis = self.r.choice([None, self.axis(len(s)) if s else None, [self.axis(len(s)), self.axis(len(s))] if s else None])
        axis = tuple(axis) if isinstance(axis, list) and function.startswith("ops") else axis
        return f"{function}(z({s}), axis={axis}, keepdims={self.r.random() < 0.5})"

    def argmax(self) -> str:
        s = self.shape()
        return f"tf.argmax(z({s}), axis={self.axis(len(s))})" if s else f"tf.argmax(z({s}))"

    def tile(self) -> str:
        s = self.shape(1, 4)
        return f"tf.tile(z({s}), {self.near(s)})"

    def pad(self) -> str:
        s = self.shape(1, 3)
        return f"tf.pad(z({s}), {[[1, self.r.randint(0, 2)] for _ in self.near(s)]})"

    def split(self) -> str:
        s = self.shape(1, 3)
        axis = self.axis(len(s))
        parts: Any = self.r.choice((1, 2, 3, [1, -1], [1, 1], [2, 1]))
        return f"tf.split(z({s}), {parts}, axis={axis})"

    def gather(self) -> str:
        s = self.shape()
        picks = [self.r.randint(0, 2) for _ in range(2)]
        return f"tf.gather(z({s}), {self.r.choice((picks, [picks, picks], 0))}, axis={self.axis(len(s)) if s else 0})"

    def one_hot(self) -> str:
        s = self.shape(0, 3)
        return f"tf.one_hot(z({s}, tf.int32), {self.r.randint(1, 5)}, axis={self.axis(len(s) + 1)})"

    def index(self) -> str:
        s = self.shape()
        items = []
        for _ in range(self.r.randint(1, len(s) + 1)):
            items.append(self.r.choice(("0", "1", "-1", "-3", "2", ":", "1:", ":-1", "::2", "0:2", "None", "tf.newaxis", "::-1")))
        if self.r.random() < 0.3:
            items[self.r.randrange(len(items))] = "..."
        return f"z({s})[{', '.join(items)}]"

    def slice(self) -> str:
        s = self.shape(1, 3)
        return f"tf.slice(z({s}), {[self.r.randint(0, 1) for _ in s]}, {[self.r.choice((-1, 1, 2)) for _ in self.near(s)]})"

    def tensordot(self) -> str:
        s, t = self.shape(1, 3), self.shape(1, 3)
        return f"tf.tensordot(z({s}), z({t}), {self.r.choice((0, 1, 1, 2, [[-1], [0]], [[0], [0]]))})"

    def mask(self) -> str:
        s = self.shape(1, 3)
        return f"tf.boolean_mask(z({s}), z({self.near(s)[: self.r.randint(1, 2)]}) > 0)"

    def conv(self) -> str:
        c = self.r.choice((1, 2, 3))
        s = [2, self.r.randint(5, 9), self.r.randint(5, 9), self.r.choice((c, c, c, 3))]
        stride, padding = self.r.choice((1, 2, [2, 1], [1, 2, 2, 1])), self.r.choice(("SAME", "VALID"))
        return f"tf.nn.conv2d(z({s}), z({[self.r.randint(1, 4), self.r.randint(1, 4), c, 6]}), {stride}, {padding!r})"

    def pool(self) -> str:
        # A window larger than the axis takes the whole process down in some of TensorFlow's kernels.
        s = [2, self.r.randint(3, 9), self.r.randint(3, 9), 3]
        function = self.r.choice(("tf.nn.max_pool2d", "tf.nn.avg_pool2d"))
        return (
            f"{function}(z({s}), {self.r.choice((1, 2, 3, [2, 3]))}, {self.r.choice((1, 2, [1, 2]))}, {self.r.choice(('SAME', 'VALID'))!r})"
        )

    def image(self) -> str:
        s = [*self.r.choice(([], [2])), 8, 9, self.r.choice((1, 3, 3))] if self.r.random() < 0.8 else [8, 9]
        call = self.r.choice(
            ("resize({}, [4, 5])", "rgb_to_grayscale({})", "grayscale_to_rgb({})", "flip_left_right({})", "central_crop({}, 0.5)",
             "rot90({})", "resize_with_pad({}, 4, 4)", "random_crop({}, [4, 4, 3])", "per_image_standardization({})",
             "crop_to_bounding_box({}, 1, 1, 4, 8)",
             "adjust_saturation({}, 0.5)", "adjust_contrast({}, 0.5)", "transpose({})", "resize_with_crop_or_pad({}, 12, 4)"),
        )  # fmt: skip
        return "tf.image." + call.format(f"z({s})")

    def losses(self) -> str:
        logits = self.shape(1, 3)
        function = self.r.choice(("sparse_softmax_cross_entropy_with_logits", "sigmoid_cross_entropy_with_logits"))
        if function.startswith("sparse"):
            return f"tf.nn.{function}(labels=z({self.near(logits[:-1])}, tf.int32), logits=z({logits}))"
        return f"tf.nn.{function}(labels=z({self.near(logits)}), logits=z({logits}))"

    def dataset(self) -> str:
        n = self.r.choice((4, 6, 7))
        x = [n, *self.shape(0, 2)]
        y = [n if self.r.random() < 0.8 else n + 1, *self.shape(0, 1)]
        steps = self.r.choices(
            (".batch(2)", ".batch(3, drop_remainder=True)",
             ".map(lambda a, b: (a, tf.expand_dims(b, -1)))", ".shuffle(3)", ".repeat(2)",
             ".take(2)", ".unbatch()", ".map(lambda a, b: (tf.reshape(a, [-1]), b))", ".prefetch(1)", ".skip(1)",
             ".filter(lambda a, b: True)",
             ".cache()", ".padded_batch(2)", ".enumerate().map(lambda i, ab: ab)", ".map(lambda a, b: (tf.concat([a, a], 0), b))"),
            k=self.r.randint(0, 4),
        )  # fmt: skip
        return f"tf.data.Dataset.from_tensor_slices((z({x}), z({y})))" + "".join(steps)

    def variable(self) -> str:
        s = self.shape()
        return f"tf.Variable(z({s})).{self.r.choice(('assign', 'assign_add', 'assign_sub'))}(z({self.near(s)}))"


def generators() -> list[str]:
    return sorted(
        n for n, f in vars(Cases).items() if isinstance(f, Callable) and not n.startswith("_") and n not in ("shape", "axis", "near")
    )


@pytest.mark.parametrize("name", generators())
def test_at_random(name: str, names: dict[str, Any]) -> None:
    cases = Cases(len(name))
    counts: Counter[str] = Counter()
    wrong = []
    for _ in range(20 if name == "dataset" else 150):
        expression = getattr(cases, name)()
        mine, theirs = ours(expression), real(expression, names)
        found = verdict(mine, theirs)
        counts[found] += 1
        if found == "contradict":
            wrong.append(f"{expression}: we say {mine}, TensorFlow {theirs}")
    assert not wrong, "\n".join(wrong[:10])
    assert counts["open"] <= 0.15 * sum(counts.values()), counts
