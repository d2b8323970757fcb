"""``keras.applications``: pretrained architectures as models whose inside is not followed, only what goes in and what comes out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...catalogue import REQUIRED, ApplicationFacts, application_modules, applications
from ...interpreter.values import UNKNOWN, Array, ListObj, Seq, Unknown, Value
from ...rules.contract import InputSize
from ...rules.layers import ApplicationInput
from ...shapes import UNKNOWN_DIM, Dim, Shape, at_least, is_exact, same, show_shape
from ..api import Mismatch, as_dim, as_shape, is_sequence, keras_major, models
from .applications_inside import INSIDE, Inside, feature_side
from .engine import record_op, symbolic_input
from .engine_graph import InputHistory, any_symbolic, attach
from .layers.common import LAST, default_layout
from .models_run import CALL
from .objects import History, LayerObj, ModelObj, ModelState

CHANNELS = 3


def refuse(title: str, reason: str, hint: str | None = None) -> Mismatch:
    """Return the error for arguments that an architecture does not accept."""
    return Mismatch(ApplicationInput(title, reason, hint))


def bind(known: ApplicationFacts, args: Sequence[Value], kwargs: dict[str, Value]) -> dict[str, Value] | None:
    """Return the arguments by name, defaults filled in; None where they do not fit the signature."""
    names = [name for name, _ in known.parameters]
    if len(args) > known.positional or any(k in names[: len(args)] for k in kwargs):
        return None
    given = {**dict(zip(names, args)), **kwargs}
    for name, default in known.parameters:
        if name not in given and default is not REQUIRED:
            given[name] = default
    return given


def make(path: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """Return the model that an architecture's function makes, or raise where Keras certainly does."""
    known = applications(keras_major()).get(path)
    given = None if known is None else bind(known, args, kwargs)
    if known is None or given is None or default_layout() != LAST:
        return UNKNOWN
    title = path.rpartition(".")[2]
    top, weights = given["include_top"], given["weights"]
    pretrained = isinstance(weights, str) and weights == "imagenet"
    top = bool(top) if isinstance(top, (bool, int)) else None
    classes = as_dim(given["classes"])
    if pretrained and top and same(classes, known.classes) is False:
        hint = "give weights=None, or include_top=False and a Dense layer of your own"
        raise refuse(title, f"with the imagenet weights and include_top=True `classes` must be {known.classes}, got {classes!r}", hint)
    shape = sample_shape(title, known, given["input_shape"], pretrained, top, given["input_tensor"] is not None)
    start = input_of(given["input_tensor"], shape)
    if start is None:
        return UNKNOWN
    if given["input_tensor"] is not None and start.shape is not None:
        check_tensor(title, start, pretrained)
    name = given.get("name")
    return assemble(path, known, given, start, top, name if isinstance(name, str) else None)


def sample_shape(title: str, known: ApplicationFacts, given: Value, pretrained: bool, top: bool | None, tensor: bool) -> Shape | None:
    """Return the shape of one image as Keras works it out from ``input_shape``; None where it is not known."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        raise refuse(title, f"`input_shape` must be a tuple (height, width, channels), got {given!r}")
    default: Shape = (known.default_size or None, known.default_size or None, CHANNELS)
    if given is None or (is_sequence(given) and as_shape(given) == ()):
        if top is None:
            return None
        return default if top else (None, None, CHANNELS)
    shape = as_shape(given)
    if shape is None:
        return None
    if len(shape) != 3:
        raise refuse(title, f"`input_shape` must be (height, width, channels), got {show_shape(shape)}", "leave the batch out")
    if pretrained and top and known.default_size:
        own = shape[0] if "alpha" in dict(known.parameters) and shape[0] in (128, 160, 192) and shape[0] == shape[1] else known.default_size
        wanted = (own, own, CHANNELS)
        if any(d is None or same(d, w) is False for d, w in zip(shape, wanted)):
            hint = "give include_top=False for another size"
            raise refuse(
                title, f"with the imagenet weights and include_top=True `input_shape` must be {wanted}, got {show_shape(shape)}", hint
            )
    if pretrained and same(shape[2], CHANNELS) is False:
        reason = f"the imagenet weights take images of 3 channels, got {show_shape(shape)}"
        raise refuse(title, reason, "repeat the one channel three times, or give weights=None" if shape[2] == 1 else None)
    for side in shape[:2]:
        if is_exact(side) and at_least(side, known.min_size) is False:
            raise refuse(title, f"images must be at least {known.min_size} by {known.min_size}, got {show_shape(shape)}")
    if top and known.default_size and None in shape:
        raise refuse(title, f"with include_top=True `input_shape` must be without None, got {show_shape(shape)}")
    return shape


def input_of(tensor: Value, shape: Shape | None) -> Array | None:
    """Return the symbolic tensor that the network starts from: a new one, or the one given."""
    if tensor is None:
        return symbolic_input(None if shape is None else (None, *shape))
    if isinstance(tensor, Array) and tensor.kind == "keras" and sources_of(tensor):
        return tensor
    return None


def sources_of(tensor: Array) -> list[Array]:
    """Return the inputs that a symbolic tensor comes from, none where that is not known."""
    found: list[Array] = []
    pending, seen = [tensor], set()
    while pending:
        each = pending.pop()
        if isinstance(each.history, InputHistory):
            if all(each.history is not f.history for f in found):
                found.append(each)
        elif not isinstance(each.history, History) or not each.history.inputs:
            return []
        elif id(each.history) not in seen:
            seen.add(id(each.history))
            pending.extend(each.history.inputs)
    return found


def check_tensor(title: str, start: Array, pretrained: bool) -> None:
    """Refuse an ``input_tensor`` that the pretrained weights do not fit."""
    assert start.shape is not None
    if pretrained and len(start.shape) == 4 and same(start.shape[3], CHANNELS) is False:
        record = ApplicationInput(title, f"the imagenet weights take images of 3 channels, `input_tensor` is {show_shape(start.shape)}")
        raise Mismatch(record, start)


def assemble(path: str, known: ApplicationFacts, given: dict[str, Value], start: Array, top: bool | None, name: str | None) -> ModelObj:
    """Return the model from its input on."""
    depth = channels(path, known, given)
    classes = as_dim(given["classes"])
    pooling = given["pooling"]
    sides = start.shape[1:3] if start.shape is not None and len(start.shape) == 4 else (UNKNOWN_DIM, UNKNOWN_DIM)
    offset = padded_offset(known, sides)

    def run(fed: list[Array]) -> Value:
        shape = fed[0].shape if fed else None
        batch: Dim = UNKNOWN_DIM if not shape else shape[0]
        asked = not any_symbolic(*fed[:1]) or keras_major() < 3
        other = shape and start.shape and other_channels(shape, start.shape)
        if shape and start.shape and other and (same(start.shape[3], 1) or (asked and within.convolves_first())):
            # Keras does not compare an axis of 1, the first convolution does.
            raise Mismatch(InputSize(shape, start.shape), fed[0])
        if top is None:
            return Array(None, "float32", "tensor")
        if top:
            return Array((batch, UNKNOWN_DIM if classes is None else classes), "float32", "tensor")
        if pooling in ("avg", "max"):
            return Array((batch, depth), "float32", "tensor")
        if isinstance(pooling, Unknown):
            return Array(None, "float32", "tensor")
        lengths = shape[1:3] if shape is not None and len(shape) == 4 else (UNKNOWN_DIM, UNKNOWN_DIM)
        return Array((batch, *(feature_side(d, known.stride, offset) for d in lengths), depth), "float32", "tensor")

    def repeat(args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        return run([a for a in args if isinstance(a, Array)])

    inside = LayerObj(path, {"name": UNKNOWN})
    within = Inside(path, known, given, start, top, inside)
    outputs = attach(repeat, inside, (start,), {}, run([start]))
    if not isinstance(start.history, InputHistory):
        from .models_functional import connect

        sources = sources_of(start)
        made = ModelObj("keras.Model", ModelState("functional"), name)
        connect(made, sources[0] if len(sources) == 1 else ListObj(Seq(tuple(sources))), outputs)
        return made
    extra = {CALL: run, INSIDE: within}
    state = ModelState("functional", inputs=start, outputs=outputs, declared=True, extra=extra)
    return ModelObj("keras.Model", state, name)


def other_channels(given: Shape, expected: Shape) -> bool:
    """Tell whether images have other channels than a network was made for, which Keras compares neither for one channel nor always."""
    return len(given) == len(expected) == 4 and same(given[3], expected[3]) is False


def padded_offset(known: ApplicationFacts, sides: Shape) -> int | None:
    """Return the offset for a network made for images of these sides: some pad otherwise where the height is open."""
    if known.offset == known.open_offset:
        return known.offset
    if any(d is UNKNOWN_DIM for d in sides) or (sides[0] is not None and sides[1] is None):
        return None
    return known.open_offset if sides[0] is None else known.offset


def channels(path: str, known: ApplicationFacts, given: dict[str, Value]) -> Dim:
    """Return the depth of the feature map; the width multiplier ``alpha`` changes it."""
    alpha = given.get("alpha", 1.0)
    if isinstance(alpha, (int, float)) and alpha == 1:
        return known.channels
    if isinstance(alpha, (int, float)) and path.endswith(".MobileNet"):
        return int(known.channels * alpha)
    if isinstance(alpha, (int, float)) and path.endswith(".MobileNetV2"):
        return known.channels if alpha <= 1 else _round_to(known.channels * alpha, 8)
    return UNKNOWN_DIM


def _round_to(value: float, divisor: int) -> int:
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else math.floor(rounded)


def _architecture(path: str) -> None:
    @models(path)
    def application(*args: Value, **kwargs: Value) -> Value:
        return make(path, args, kwargs)


def _helpers(module: str) -> None:
    def preprocess(x: Value, data_format: Value = None, mode: Value = "caffe", **kwargs: Value) -> Value:
        if not isinstance(x, Array):
            return UNKNOWN
        result = Array(x.shape, "float32" if x.dtype is None or "float" not in x.dtype else x.dtype, x.kind)
        if x.kind == "keras":
            return record_op(preprocess, (x,), {}, result)
        return result

    models(f"{module}.preprocess_input")(preprocess)

    @models(f"{module}.decode_predictions")
    def decode(preds: Value, top: Value = 5) -> Value:
        if isinstance(preds, Array) and preds.shape is not None:
            wrong = len(preds.shape) != 2 or same(preds.shape[1], 1000) is False
            if wrong:
                record = ApplicationInput(
                    "decode_predictions", f"takes predictions of shape (samples, 1000), got {show_shape(preds.shape)}"
                )
                raise Mismatch(record, preds)
        return UNKNOWN


def register() -> None:
    """Register every architecture that some Keras has."""
    for path in dict.fromkeys((*applications(3), *applications(2))):
        _architecture(path)
    for module in dict.fromkeys((*application_modules(3), *application_modules(2))):
        _helpers(module)


register()
