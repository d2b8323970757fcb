"""Random layers with random inputs, valid and invalid, for comparing the models of layers with the real ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from kshape_lint.catalogue import facts

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Inner:
    """A layer made as an argument of another."""

    name: str
    config: dict[str, Any]


@dataclass(frozen=True)
class Tensor:
    """A tensor given to the call beside the inputs: a mask, a state."""

    shape: Shape
    dtype: str = "float32"


@dataclass(frozen=True)
class Case:
    """One layer to make and what to call it on: batch shapes, several of them as a list unless `spread` over parameters.

    `given` are arguments by position, before those of `config`. With `again` the layer is called a second time, and that call counts.
    """

    name: str
    config: dict[str, Any]
    shapes: tuple[Shape, ...]
    listed: bool = False
    spread: bool = False
    held: tuple[str, dict[str, Any]] | None = None
    call: tuple[tuple[str, Any], ...] = ()
    given: tuple[Any, ...] = ()
    again: tuple[Shape, ...] | None = None
    dtype: str | None = None

    def __str__(self) -> str:
        made = f"{self.name}({self.given} {self.config}{'' if self.held is None else f', {self.held}'})"
        then = "" if self.again is None else f", then on {self.again}"
        return f"{made} on {self.shapes} {self.dtype or ''} {dict(self.call)}{then}"


Maker = Callable[[random.Random, int], Case]
_makers: dict[str, Maker] = {}


def makes(*names: str) -> Callable[[Callable[[str, random.Random, int], Case]], Any]:
    def register(function: Callable[[str, random.Random, int], Case]) -> Any:
        for name in names:
            _makers[name] = lambda r, major, name=name: function(name, r, major)
        return function

    return register


def names() -> list[str]:
    return sorted(_makers)


def cases(name: str, count: int, major: int, seed: int = 0) -> Iterator[Case]:
    """Yield `count` cases for a layer, the same ones at every run."""
    source = random.Random(f"{name} {seed}")
    for _ in range(count):
        yield _makers[name](source, major)


def varied(name: str, count: int, major: int, seed: int = 0) -> Iterator[Case]:
    """Yield cases like `cases`, some with arguments by position, integers as inputs, or a layer that is called twice."""
    source = random.Random(f"{name} varied {seed}")
    signature = facts(major).LAYERS.get(f"keras.layers.{name}")
    order = [n for n, _ in signature.parameters] if signature is not None else []
    for _ in range(count):
        case = _makers[name](source, major)
        chance = source.random()
        if chance < 0.25 and case.held is None:
            leading = [n for n, _ in zip(order, takewhile(lambda n: n in case.config, order))]  # noqa: B023
            count_given = source.randint(0, len(leading))
            by_position = leading[:count_given]
            rest = {k: v for k, v in case.config.items() if k not in by_position}
            case = replace(case, given=tuple(case.config[n] for n in by_position), config=rest)
        elif chance < 0.5:
            case = replace(case, again=_other(source, case, major))
        elif chance < 0.55:
            case = replace(case, dtype=source.choice(["int32", "float64"]))
        yield case


def _other(r: random.Random, case: Case, major: int) -> tuple[Shape, ...]:
    """Return shapes for a second call: the same, those with a length changed, or those of another case."""
    another = _makers[case.name](r, major).shapes
    if r.random() < 0.3 and len(another) == len(case.shapes):
        return another
    shapes = [list(s) for s in case.shapes]
    where = r.randrange(max(map(len, shapes)))
    new = length(r)
    for one in shapes:
        if where < len(one) and r.random() < 0.8:
            one[where] = new
    return tuple(map(tuple, shapes))


def often(r: random.Random, usual: Any, *odd: Any, chance: float = 0.15) -> Any:
    return r.choice(odd) if r.random() < chance else usual


def batch(r: random.Random) -> int | None:
    return r.choice([None, None, None, 2, 4])


def length(r: random.Random, low: int = 1, high: int = 12, none: float = 0.1) -> int | None:
    return None if r.random() < none else r.randint(low, high)


def shape(r: random.Random, rank: int, low: int = 1, high: int = 12, none: float = 0.1, last: float = 0.03) -> Shape:
    if not rank:
        return ()
    rest = [length(r, low, high, none) for _ in range(rank - 1)]
    if rest and rest[-1] is None and r.random() > last:
        rest[-1] = r.randint(low, high)
    return (batch(r), *rest)


def near(r: random.Random, rank: int) -> int:
    """Return mostly `rank`, sometimes one beside it."""
    return max(1, often(r, rank, rank - 1, rank + 1, chance=0.1))


def window(r: random.Random, rank: int, low: int = 1, high: int = 4) -> Any:
    one = r.randint(low, high)
    return r.choice([one, one, tuple(r.randint(low, high) for _ in range(rank)), often(r, one, 0, -1, (one,) * (rank + 1), 2.0, None)])


def rank_of(name: str) -> int:
    return int(next(c for c in name if c.isdigit()))


def form(r: random.Random) -> dict[str, Any]:
    return r.choice([{}, {}, {"data_format": "channels_last"}, {"data_format": "channels_first"}, often(r, {}, {"data_format": "bad"})])


def some(r: random.Random, **options: Callable[[], Any]) -> dict[str, Any]:
    return {k: v() for k, v in options.items() if r.random() < 0.5}


@makes("Conv1D", "Conv2D", "Conv3D")
def convolution(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = {"filters": often(r, r.randint(1, 8), 0, -1, chance=0.05), "kernel_size": window(r, rank), **form(r)}
    config |= some(
        r, strides=lambda: window(r, rank, 1, 3), padding=lambda: r.choice(["same", "valid", "SAME", often(r, "same", "causal", "full")])
    )
    if r.random() < 0.3:
        config["dilation_rate"] = window(r, rank, 1, 3)
    if r.random() < 0.3:
        config["groups"] = r.choice([1, 2, 3, often(r, 2, 0, -1)])
    return Case(name, config, (shape(r, near(r, rank + 2)),))


@makes("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def transposed(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = {"filters": r.randint(1, 8), "kernel_size": window(r, rank), **form(r)}
    config |= some(r, strides=lambda: window(r, rank, 1, 3), padding=lambda: r.choice(["same", "valid", "SAME", often(r, "same", "full")]))
    if r.random() < 0.3:
        config["output_padding"] = r.choice([0, 1, 1, (1,) * rank, (0,) * rank, 2])
    if r.random() < 0.2:
        config["dilation_rate"] = window(r, rank, 1, 2)
    return Case(name, config, (shape(r, near(r, rank + 2)),))


@makes("DepthwiseConv1D", "DepthwiseConv2D")
def depthwise(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = {"kernel_size": window(r, rank), **form(r)}
    config |= some(
        r, strides=lambda: r.randint(1, 3), padding=lambda: r.choice(["same", "valid"]), depth_multiplier=lambda: r.randint(1, 3)
    )
    if r.random() < 0.2:
        config["dilation_rate"] = r.randint(1, 2)
    return Case(name, config, (shape(r, near(r, rank + 2)),))


@makes("SeparableConv1D", "SeparableConv2D")
def separable(name: str, r: random.Random, major: int) -> Case:
    case = depthwise(name, r, major)
    return Case(name, {"filters": r.randint(1, 8), **case.config}, case.shapes)


@makes("LocallyConnected1D", "LocallyConnected2D")
def local(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = {"filters": r.randint(1, 4), "kernel_size": window(r, rank), **form(r)}
    config |= some(r, strides=lambda: r.randint(1, 2))
    return Case(name, config, (shape(r, near(r, rank + 2), high=7),))


@makes(*(f"{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)))
def pooling(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = {"pool_size": window(r, rank), **form(r)}
    config |= some(r, strides=lambda: often(r, window(r, rank, 1, 3), None), padding=lambda: r.choice(["same", "valid"]))
    return Case(name, config, (shape(r, near(r, rank + 2)),))


@makes(*(f"Global{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)))
def global_pooling(name: str, r: random.Random, major: int) -> Case:
    return Case(name, {**form(r), **some(r, keepdims=lambda: r.choice([True, False]))}, (shape(r, near(r, rank_of(name) + 2), last=1),))


@makes(*(f"Adaptive{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)))
def adaptive(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    return Case(name, {"output_size": window(r, rank), **form(r)}, (shape(r, rank + 2),))


@makes("Dense")
def dense(name: str, r: random.Random, major: int) -> Case:
    return Case(name, {"units": often(r, r.randint(1, 9), 0, -1, 2.0, None, "4")}, (shape(r, r.randint(1, 5), last=0.5),))


@makes("Embedding")
def embedding(name: str, r: random.Random, major: int) -> Case:
    config = {"input_dim": often(r, 10, 0, -1, 2.0), "output_dim": often(r, 3, 0, 2.0)}
    return Case(name, config, (shape(r, r.randint(1, 4), last=1),))


@makes("EinsumDense")
def einsum_dense(name: str, r: random.Random, major: int) -> Case:
    equation, output = r.choice(
        [
            ("ab,bc->ac", 5), ("abc,cd->abd", (None, 5)), ("...x,xy->...y", 5), ("abc,cde->abde", (None, 2, 3)), ("abc,bd->adc", (4, None)),
            ("ab...,bc->ac...", 5),
            ("abc,cd->abd", (7, 5)), ("ab,bd->ac", 5), ("ab,cd->ad", 5), ("abcd,cde->abe", (None, 4)), ("a,b", 3), ("abc,cd->abd", 5),
        ]
    )  # fmt: skip
    return Case(name, {"equation": equation, "output_shape": output}, (shape(r, r.randint(2, 4), last=0.2),))


SAME = (
    "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "PReLU", "Masking", "Identity", "ActivityRegularization", "Dropout",
    "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "ThresholdedReLU",
)  # fmt: skip


@makes(*SAME)
def same(name: str, r: random.Random, major: int) -> Case:
    config: dict[str, Any] = {}
    if name == "Activation":
        config = {"activation": r.choice(["relu", "tanh"])}
    elif "Drop" in name:
        config = {"rate": often(r, 0.5, 0, 1, 1.5, -0.5)}
    elif name == "GaussianNoise":
        config = {"stddev": 0.1}
    elif name == "Softmax":
        config = some(r, axis=lambda: r.randint(-3, 3))
    elif name == "PReLU":
        config = some(r, shared_axes=lambda: r.choice([[1], [1, 2], 1]))
    rank = rank_of(name) + 2 if name[-2:-1].isdigit() else r.randint(1, 5)
    return Case(name, config, (shape(r, near(r, rank), last=0.3),))


@makes("BatchNormalization", "LayerNormalization", "UnitNormalization", "RMSNormalization", "GroupNormalization")
def normalization(name: str, r: random.Random, major: int) -> Case:
    config = some(r, axis=lambda: often(r, r.choice([-1, 1, -2]), 3, -4, 5))
    if name in ("LayerNormalization", "UnitNormalization") and r.random() < 0.2:
        config["axis"] = r.choice([[1, 2], [-2, -1], (1,)])
    if name == "GroupNormalization":
        config |= some(r, groups=lambda: often(r, r.choice([1, 2, 3, -1]), 0, 32))
    return Case(name, config, (shape(r, r.randint(2, 5), last=0.2),))


@makes("Flatten")
def flatten(name: str, r: random.Random, major: int) -> Case:
    return Case(name, form(r), (shape(r, r.randint(1, 5), last=0.5),))


@makes("Reshape")
def reshape(name: str, r: random.Random, major: int) -> Case:
    given = shape(r, r.randint(2, 4), high=6, none=0.05)
    target = tuple(r.choice([-1, 1, 2, 3, 4, 6]) for _ in range(r.randint(1, 3)))
    known = [d for d in given[1:] if d is not None]
    if r.random() < 0.4 and len(known) == len(given) - 1:
        total = 1
        for d in known:
            total *= d
        divisors = [d for d in range(1, total + 1) if total % d == 0]
        first = r.choice(divisors)
        target = r.choice([(first, total // first), (first, -1), (-1, first), (total,), (-1,)])
    return Case(name, {"target_shape": often(r, target, 4, list(target), chance=0.1)}, (given,))


@makes("Permute")
def permute(name: str, r: random.Random, major: int) -> Case:
    dims = often(r, r.choice([(1,), (2, 1), (1, 2), (3, 1, 2), (2, 3, 1), (1, 3, 2)]), (0, 1), (1, 1), (2, 3))
    return Case(name, {"dims": dims}, (shape(r, near(r, len(dims) + 1), last=0.3),))


@makes("RepeatVector")
def repeat_vector(name: str, r: random.Random, major: int) -> Case:
    return Case(name, {"n": often(r, r.randint(1, 5), 0, -1, 2.0, "3")}, (shape(r, near(r, 2)),))


def margin(r: random.Random, rank: int) -> Any:
    one = r.randint(0, 3)
    pairs = tuple((r.randint(0, 3), r.randint(0, 3)) for _ in range(rank))
    if rank == 1:
        return r.choice([one, pairs[0], list(pairs[0]), often(r, one, -1, (1, 1, 1), 1.0)])
    return r.choice([one, pairs, tuple(r.randint(0, 3) for _ in range(rank)), often(r, one, -1, (1,), 1.0, (1,) * (rank + 1))])


@makes(*(f"{kind}{rank}D" for kind in ("Cropping", "ZeroPadding") for rank in (1, 2, 3)))
def margins(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = some(r, **{"cropping" if name.startswith("Crop") else "padding": lambda: margin(r, rank)})
    if rank > 1 or (name == "ZeroPadding1D" and major == 3):
        config |= form(r)
    return Case(name, config, (shape(r, near(r, rank + 2), high=8, last=0.3),))


@makes("UpSampling1D", "UpSampling2D", "UpSampling3D")
def up(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = some(r, size=lambda: window(r, rank, 1, 3) if rank > 1 else often(r, 2, 3, 0, 2.0, (2,)))
    return Case(name, config | (form(r) if rank > 1 else {}), (shape(r, near(r, rank + 2), high=6),))


@makes("LSTM", "GRU", "SimpleRNN")
def recurrent(name: str, r: random.Random, major: int) -> Case:
    config = {"units": often(r, r.randint(1, 6), 0, -2, 2.0, chance=0.06)}
    config |= some(
        r, return_sequences=lambda: r.choice([True, False]), return_state=lambda: r.choice([True, False]), go_backwards=lambda: True
    )
    if r.random() < 0.1:
        config["stateful"] = True
    given = shape(r, near(r, 3), high=6)
    call: dict[str, Any] = {}
    if len(given) == 3:
        if r.random() < 0.15:
            call["mask"] = Tensor((given[0], often(r, given[1], 7)), "bool")
        if r.random() < 0.2 and isinstance(config["units"], int):
            one = Tensor((often(r, given[0], 3, chance=0.1), often(r, max(config["units"], 1), 7, chance=0.2)))
            states = [one] * often(r, 2 if name == "LSTM" else 1, 1, 2, chance=0.2)
            call["initial_state"] = states if name == "LSTM" or r.random() < 0.6 else one
    return Case(name, config, (given,), call=tuple(call.items()))


@makes("LSTMCell", "GRUCell", "SimpleRNNCell")
def recurrent_cell(name: str, r: random.Random, major: int) -> Case:
    units = r.randint(1, 5)
    given = shape(r, near(r, 2), high=6)
    one = Tensor((given[0], often(r, units, 7, chance=0.15)))
    return Case(name, {"units": units}, (given,), call=(("states", [one] * (2 if name == "LSTMCell" else 1)),))


@makes("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
def conv_lstm(name: str, r: random.Random, major: int) -> Case:
    rank = rank_of(name)
    config = {"filters": r.randint(1, 4), "kernel_size": window(r, rank, 1, 3), **form(r)}
    config |= some(
        r,
        return_sequences=lambda: r.choice([True, False]),
        return_state=lambda: r.choice([True, False]),
        padding=lambda: r.choice(["same", "valid"]),
    )
    if r.random() < 0.2:
        config["strides"] = r.randint(1, 2)
    return Case(name, config, (shape(r, near(r, rank + 3), high=6, none=0.05),))


@makes("Bidirectional")
def bidirectional(name: str, r: random.Random, major: int) -> Case:
    held = recurrent(r.choice(["LSTM", "GRU", "SimpleRNN"]), r, major)
    inner = {**held.config, "units": r.randint(1, 5)}
    inner.pop("go_backwards", None)
    return Case(
        name,
        some(r, merge_mode=lambda: often(r, r.choice(["concat", "sum", "mul", "ave", None]), "max")),
        held.shapes,
        held=(held.name, inner),
    )


@makes("TimeDistributed")
def time_distributed(name: str, r: random.Random, major: int) -> Case:
    if r.random() < 0.25:
        return _nested(r, major)
    held = r.choice(["Dense", "Conv2D", "MaxPooling2D", "Flatten", "LSTM", "Dropout", "GlobalAveragePooling2D", "Conv1D", "Reshape"])
    inner = _makers[held](r, major)
    given = inner.shapes[0]
    return Case(name, {}, ((given[0], length(r, 1, 5, 0.3), *given[1:]),), held=(held, inner.config))


def _nested(r: random.Random, major: int) -> Case:
    """A wrapper around a wrapper, over time."""
    kind = r.choice(["Bidirectional", "TimeDistributed", "RNN"])
    if kind == "Bidirectional":
        inner = bidirectional(kind, r, major)
        assert inner.held is not None
        layer = Inner(kind, {**inner.config, "layer": Inner(*inner.held)})
    elif kind == "TimeDistributed":
        held = r.choice(["Dense", "Conv1D", "Flatten", "Dropout"])
        inner = _makers[held](r, major)
        layer = Inner(kind, {"layer": Inner(held, inner.config)})
        given = inner.shapes[0]
        inner = replace(inner, shapes=((given[0], length(r, 1, 4), *given[1:]),))
    else:
        inner = over_cells(kind, r, major)
        layer = Inner(kind, inner.config)
    given = inner.shapes[0]
    return Case("TimeDistributed", {"layer": layer}, ((given[0], length(r, 1, 4), *given[1:]),))


@makes("SpectralNormalization")
def spectral(name: str, r: random.Random, major: int) -> Case:
    held = r.choice(["Dense", "Conv2D"])
    inner = _makers[held](r, major)
    return Case(name, {}, inner.shapes, held=(held, inner.config))


@makes("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
def elementwise(name: str, r: random.Random, major: int) -> Case:
    count = often(r, 2, 1, 3, chance=0.2)
    base = shape(r, r.randint(2, 4), high=4, none=0.2, last=0.3)
    shapes = []
    for _ in range(count):
        one = [often(r, d, 1, None, 3, chance=0.12) for d in base]
        one[0] = base[0]
        if r.random() < 0.1 and len(one) > 2:
            del one[r.randrange(1, len(one))]
        shapes.append(tuple(one))
    return Case(name, {}, tuple(shapes), listed=r.random() > 0.03)


@makes("Concatenate")
def concatenate(name: str, r: random.Random, major: int) -> Case:
    count = often(r, 2, 1, 3, chance=0.3)
    base = shape(r, r.randint(2, 4), high=4, none=0.2, last=0.3)
    axis = r.choice([-1, -1, 1, 2, -2])
    shapes = []
    for _ in range(count):
        one = [often(r, d, None, 3, chance=0.05) for d in base]
        one[0] = base[0]
        if -len(one) < axis < len(one) and axis % len(one):
            one[axis] = length(r, 1, 5)
        if r.random() < 0.05 and len(one) > 2:
            del one[r.randrange(1, len(one))]
        shapes.append(tuple(one))
    return Case(name, often(r, {"axis": axis}, {}), tuple(shapes), listed=r.random() > 0.03)


@makes("Dot")
def dot(name: str, r: random.Random, major: int) -> Case:
    first = shape(r, r.randint(2, 3), high=4, none=0.05)
    second = (first[0], *shape(r, r.randint(2, 3), high=4, none=0.05)[1:])
    axes = r.choice([1, -1, 2, (1, 1), (2, 1), (1, 2), (2, 2), (-1, -1)])
    if r.random() < 0.5:
        i, j = (axes, axes) if isinstance(axes, int) else axes
        if -len(first) < i < len(first) and -len(second) < j < len(second):
            changed = list(second)
            changed[j] = first[i]
            second = tuple(changed)
    shapes = often(r, (first, second), (first,), (first, second, second), chance=0.05)
    return Case(name, {"axes": often(r, axes, "1", (1, 2, 3), chance=0.04)}, shapes, listed=True)


@makes("Attention", "AdditiveAttention")
def attention(name: str, r: random.Random, major: int) -> Case:
    b, t, d = batch(r), length(r, 1, 5), r.randint(1, 5)
    query = (b, length(r, 1, 5), often(r, d, 3))
    value = (b, t, often(r, d, 4))
    shapes = r.choice([(query, value), (query, value, (b, often(r, t, 2), d)), often(r, (query, value), (query,))])
    return Case(name, {}, shapes, listed=True, call=(("return_attention_scores", True),) if r.random() < 0.2 else ())


@makes("MultiHeadAttention", "GroupQueryAttention")
def heads(name: str, r: random.Random, major: int) -> Case:
    b, t = batch(r), length(r, 1, 5)
    rank = often(r, 3, 4, 2)
    query = (b, *(length(r, 1, 5) for _ in range(rank - 2)), often(r, r.randint(1, 5), None, chance=0.05))
    value = (b, *([t] * (rank - 2)), r.randint(1, 5))
    key = (b, *([often(r, t, 2)] * (rank - 2)), r.randint(1, 5))
    if name == "MultiHeadAttention":
        config: dict[str, Any] = {"num_heads": often(r, 2, 3, 0, 2.0), "key_dim": often(r, 4, 0, chance=0.05)}
        config |= some(r, output_shape=lambda: r.choice([7, (7,), (2, 3)]))
    else:
        config = {"head_dim": 3, "num_query_heads": r.choice([2, 4]), "num_key_value_heads": often(r, 2, 1, 3)}
    shapes = r.choice([(query, value), (query, value, key)])
    return Case(name, config, shapes, spread=True, call=(("return_attention_scores", True),) if r.random() < 0.2 else ())


IMAGES = (
    "AutoContrast", "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom",
    "Rescaling", "Solarization", "RandomGrayscale", "RandomPosterization", "RandomErasing", "MixUp", "CutMix", "Equalization",
    "RandomShear", "RandomHue", "RandomSaturation", "RandomSharpness", "RandomInvert", "RandomPerspective", "RandomGaussianBlur",
    "RandomElasticTransform", "RandomColorJitter", "AugMix", "RandAugment",
)  # fmt: skip


@makes(*IMAGES)
def image(name: str, r: random.Random, major: int) -> Case:
    config: dict[str, Any] = {}
    if name in (
        "RandomBrightness",
        "RandomContrast",
        "RandomRotation",
        "RandomHue",
        "RandomSaturation",
        "RandomSharpness",
        "RandomPosterization",
    ):
        config = {"factor": 4 if name == "RandomPosterization" else 0.2}
    elif name in ("RandomTranslation",):
        config = {"height_factor": 0.1, "width_factor": 0.1}
    elif name == "RandomZoom":
        config = {"height_factor": 0.1}
    elif name == "Rescaling":
        config = {"scale": 0.5}
    return Case(name, config, ((batch(r), length(r, 4, 9), length(r, 4, 9), 3),))


@makes("Resizing", "CenterCrop", "RandomCrop")
def sized(name: str, r: random.Random, major: int) -> Case:
    config = {"height": r.randint(1, 6), "width": r.randint(1, 6)} | (
        {} if major == 2 else r.choice([{}, {"data_format": "channels_first"}])
    )
    rank = r.choice([3, 4, 4, often(r, 4, 2, 5)]) if name == "CenterCrop" and major == 3 else r.choice([4, 4, 3])
    side = 3 if "data_format" in config else length(r, 6, 9)
    shapes = {2: (8, 8), 3: (8, 8, 3), 4: (batch(r), side, length(r, 6, 9), 3), 5: (None, 2, 8, 8, 3)}
    return Case(name, config, (shapes[rank],))


@makes("CategoryEncoding")
def category(name: str, r: random.Random, major: int) -> Case:
    config = {"num_tokens": often(r, 7, 0, None)} | some(
        r, output_mode=lambda: often(r, r.choice(["one_hot", "multi_hot", "count"]), "bad")
    )
    return Case(name, config, (r.choice([(None, 1), (None, 3), (4, 3), (None,), (None, 2, 3)]),))


@makes("Discretization", "Hashing", "Normalization")
def numbers(name: str, r: random.Random, major: int) -> Case:
    config: dict[str, Any] = {"Discretization": {"bin_boundaries": [0.0, 1.0]}, "Hashing": {"num_bins": 5}}.get(
        name, {"mean": 0.0, "variance": 1.0}
    )
    if name == "Hashing":
        config = config | some(r, output_mode=lambda: r.choice(["int", "multi_hot", "count"]))
    return Case(name, config, (r.choice([(None, 1), (None, 3), (4, 3), (None, 2, 3)]),))


@makes("MelSpectrogram", "STFTSpectrogram")
def sound(name: str, r: random.Random, major: int) -> Case:
    if name == "MelSpectrogram":
        return Case(name, some(r, num_mel_bins=lambda: 20, sequence_stride=lambda: 64), (r.choice([(None, 16000), (2, 4096), (4096,)]),))
    config = some(
        r,
        frame_length=lambda: 64,
        frame_step=lambda: 16,
        fft_length=lambda: 512,
        padding=lambda: "same",
        mode=lambda: r.choice(["stft", "log"]),
    )
    return Case(name, config | some(r, expand_dims=lambda: True), (r.choice([(None, 16000, 1), (2, 4096, 2), (None, 100, 1), (None, 50)]),))


def cell(r: random.Random) -> Inner:
    return Inner(r.choice(["LSTMCell", "GRUCell", "SimpleRNNCell"]), {"units": r.randint(1, 5)})


@makes("RNN")
def over_cells(name: str, r: random.Random, major: int) -> Case:
    stack = [cell(r) for _ in range(r.randint(1, 3))]
    cells = r.choice(
        [cell(r), cell(r), stack, Inner("StackedRNNCells", {"cells": stack}), often(r, cell(r), 4, Inner("Dense", {"units": 2}))]
    )
    config = {"cell": cells} | some(r, return_sequences=lambda: r.choice([True, False]), return_state=lambda: True)
    return Case(name, config, (shape(r, near(r, 3), high=6),))


@makes("StackedRNNCells")
def stacked(name: str, r: random.Random, major: int) -> Case:
    cells = often(r, [cell(r)], cell(r), [3], [Inner("Dense", {"units": 2})], chance=0.7)
    return Case("RNN", {"cell": Inner(name, {"cells": cells})}, (shape(r, 3, high=6),))


@makes("StringLookup", "IntegerLookup")
def lookup(name: str, r: random.Random, major: int) -> Case:
    config: dict[str, Any] = {"vocabulary": ["a", "b", "c"] if name == "StringLookup" else [1, 2, 3]}
    config |= some(r, output_mode=lambda: r.choice(["int", "one_hot", "multi_hot", "count"]))
    if r.random() < 0.3:
        config |= {"max_tokens": 9, "pad_to_max_tokens": True}
    return Case(name, config, (r.choice([(None, 1), (None, 3), (4, 3), (None, 2, 3), (None,)]),))


@makes("TextVectorization")
def text(name: str, r: random.Random, major: int) -> Case:
    config: dict[str, Any] = {"vocabulary": ["a", "b"]} | some(r, output_mode=lambda: r.choice(["int", "int", "multi_hot", "count"]))
    if config.get("output_mode", "int") == "int":
        config |= some(r, output_sequence_length=lambda: r.randint(1, 9))
    elif r.random() < 0.5:
        config |= {"max_tokens": 9, "pad_to_max_tokens": True}
    return Case(name, config, (r.choice([(None, 1), (None,), (4, 1), (None, 3)]),))


@makes("HashedCrossing")
def crossing(name: str, r: random.Random, major: int) -> Case:
    first = r.choice([(None, 1), (4, 1), (None,)])
    return Case(name, {"num_bins": 5}, tuple(often(r, first, (None, 2), chance=0.1) for _ in range(often(r, 2, 1))), listed=True)


@makes("Pipeline")
def piped(name: str, r: random.Random, major: int) -> Case:
    parts = [
        r.choice([Inner("Rescaling", {"scale": 0.5}), Inner("Resizing", {"height": r.randint(1, 6), "width": 4}), Inner("RandomFlip", {})])
        for _ in range(r.randint(1, 3))
    ]
    return Case(name, {"layers": parts}, ((batch(r), length(r, 4, 9), length(r, 4, 9), 3),))


@makes("ReversibleEmbedding")
def reversible(name: str, r: random.Random, major: int) -> Case:
    return Case(name, {"input_dim": often(r, 10, 0, 2.0), "output_dim": 3}, (shape(r, r.randint(1, 4), last=1),))


@makes("RandomHeight", "RandomWidth", "RandomColorDegeneration", "ContrastLimitedAdaptiveHistogramEqualization", "MaxNumBoundingBoxes")
def more_images(name: str, r: random.Random, major: int) -> Case:
    config: dict[str, Any] = {"factor": 0.2} if name.startswith("Random") else {}
    if name == "MaxNumBoundingBoxes":
        config = {"max_number": r.randint(1, 4), "bounding_box_format": "xyxy"}
    return Case(name, config, ((batch(r), length(r, 4, 9), length(r, 4, 9), 3),))
