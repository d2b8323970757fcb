"""What a layer or model would give for an input that it refuses, where its own weights leave no doubt of that."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...rules.base import Rule
from ...rules.contract import InputRank, InputSize
from ...rules.layers import LayerAxis
from ...shapes import Dim, Shape, same
from ..api import Mismatch, Raises
from .engine import call_with
from .engine_graph import any_symbolic, as_kind, attach, map_structure
from .objects import Built, LayerObj, ModelState


def output_all_the_same(layer: Value, before: ModelState | None, record: Rule, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Return what a call that breaks `record` would give for the input that the layer's weights were made for; else `UNKNOWN`.

    `before` is the state that a model had before the call.
    """
    if len(args) != 1 or kwargs:
        return UNKNOWN
    if isinstance(layer, LayerObj) and isinstance(record, LayerAxis):
        output = _of_layer(layer, args[0])
    elif before is not None and isinstance(record, (InputRank, InputSize)):
        output = _of_model(before)
    else:
        return UNKNOWN
    if not any_symbolic(args[0]):
        return output
    # Run anew on other data, the call would be refused anew; it has been told once.
    return attach(lambda a, k: UNKNOWN, layer, args, {}, map_structure(_symbolic, output))


def _symbolic(leaf: Value) -> Value:
    return as_kind(leaf, "keras") if isinstance(leaf, Array) else leaf


def _of_layer(layer: LayerObj, given: Value) -> Value:
    built = layer.state
    if not isinstance(given, Array) or given.shape is None or not isinstance(built, Built):
        return UNKNOWN
    shape: list[Dim] = list(given.shape)
    for axis, length in built.fixed:
        if -len(shape) <= axis < len(shape) and same(shape[axis], length) is False:
            shape[axis] = length
    fitting: Shape = tuple(shape)
    try:
        return call_with(layer, (Array(fitting, given.dtype, "tensor"),), {})
    except (Mismatch, Raises):
        return UNKNOWN


def _of_model(state: ModelState) -> Value:
    if state.broken or state.outputs is None:
        return UNKNOWN
    return map_structure(lambda leaf: as_kind(leaf, "tensor") if isinstance(leaf, Array) else leaf, state.outputs)
