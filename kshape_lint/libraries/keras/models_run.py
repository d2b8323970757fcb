"""Running models: from inputs to outputs, on symbolic tensors and on data."""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, ListObj, Unknown, Value
from ...records import replace
from ...rules.contract import IndexRange
from ...shapes import UNKNOWN_DIM, Dim, Shape, same, same_shape
from ..api import Mismatch, Raises, keras_major
from .engine import BUILT, call_layer, call_with, callers, open_ended, symbolic_input, unknown_output
from .engine_graph import Extremes, any_symbolic, as_kind, attach, children, flatten_structure, map_structure, run_graph, settle
from .engine_inputs import accept, explains
from .models_input import refuse_misplaced
from .objects import LATE, MAYBE_BUILT, Built, LayerObj, ModelObj, ModelState, mark_broken, model_state, put_model_state

CALL = "call"
"""Key, in a model state's ``extra``, of a function from a list of arrays to the outputs, for models not made of layers one by one."""


def call_model(model: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Call a Sequential or Functional model."""
    if not args:
        if "inputs" not in kwargs:
            return unknown_output(args, kwargs)
        args = (kwargs["inputs"],)
    inputs = settle(args[0])
    state = model_state(model)
    if state is None or state.broken:
        return unknown_output(args, kwargs)
    try:
        output = _outputs_for(model, inputs, "call")
    except Mismatch:
        mark_broken(model)
        raise
    if any_symbolic(inputs):
        made = attach(lambda a, k: call_with(model, a, k), model, (inputs,), {}, output)
        remember_call(model, inputs, made)
        return made
    return unpacked(output)


def unpacked(outputs: Value) -> Value:
    """Return the one output of a list of one, as Keras gives it for data (Keras 3 leaves the list for symbolic tensors)."""
    parts = children(outputs) if isinstance(outputs, ListObj) or (type(outputs) is tuple and keras_major() == 3) else None
    return parts[0] if parts is not None and len(parts) == 1 else outputs


callers["model"] = call_model


def outputs_for(model: Value, inputs: Value, where: str = "call") -> Value:
    """Return a model's outputs for data (or for symbolic tensors): checks of the inputs first, then its layers on the shapes that came.

    `UNKNOWN` where a rank is not known: there the number of outputs is open, too.
    """
    output = _outputs_for(model, inputs, where)
    return UNKNOWN if open_ended(output) else output


def _outputs_for(model: Value, inputs: Value, where: str) -> Value:
    state = model_state(model)
    if state is None or state.broken:
        return unknown_output((inputs,), {})
    if state.form == "subclass":
        return call_layer(model, inputs)
    refuse_misplaced(state)
    if state.outputs is None:
        return build_on(model, state, inputs)
    fed = accept(model, inputs, where)
    if fed is None:
        return blurred(state)
    if any_symbolic(inputs) and keras_major() == 3 and not _fits(state, fed):
        # Keras 3 then asks the layers for their output shapes without their own checks: what comes out is not followed.
        return blurred(state)
    if LATE in state.extra and not any_symbolic(inputs):
        raise state.extra[LATE]
    try:
        return run_model(state, [as_kind(a, "tensor") for a in fed])
    except Mismatch as mismatch:
        explanation = explains(model, inputs) if not isinstance(mismatch.record, IndexRange) else None
        if explanation is not None:
            raise explanation from None
        raise


def _fits(state: ModelState, fed: list[Array]) -> bool:
    wanted = flatten_structure(state.inputs) or []
    return all(_same_sample(a.shape, w.shape) is not False for a, w in zip(fed, wanted))


def _same_sample(a: Shape | None, b: Shape | None) -> bool | None:
    if a is None or b is None:
        return None
    return same_shape(a[1:], b[1:]) if len(a) == len(b) else False


def run_model(state: ModelState, fed: list[Array]) -> Value:
    """Return the outputs of a built model for arrays that it has accepted."""
    wanted = flatten_structure(state.inputs) or []
    if all(a.shape == w.shape for a, w in zip(fed, wanted)) and len(fed) == len(wanted) and not any(map(_believed, state.layers)):
        refuse_indices(state, wanted, fed)
        return map_structure(_plain, state.outputs)
    known: Callable[[list[Array]], Value] | None = state.extra.get(CALL)
    if known is not None:
        return known(fed)
    if state.form == "sequential" and len(fed) == 1:
        return run_layers(state.layers, fed[0])
    output = run_graph(wanted, state.outputs, list(fed))
    if output is None or any(isinstance(v, Unknown) for v in _leaves(output)):
        same_samples = all(_same_sample(a.shape, w.shape) for a, w in zip(fed, wanted))
        return with_batch(state, fed) if same_samples else blurred(state)
    return output


def refuse_indices(state: ModelState, wanted: list[Array], fed: list[Array]) -> None:
    """Raise where data of the shape that a model was built for hold indices outside an Embedding's table."""
    if not any(type(a.history) is Extremes or a.data is not None for a in fed):
        return
    if not any(isinstance(layer, LayerObj) and layer.path == "keras.layers.Embedding" for layer in state.layers):
        return
    try:
        if state.form == "sequential" and len(fed) == 1:
            call_layer(next(layer for layer in state.layers if getattr(layer, "path", "") != "keras.layers.InputLayer"), fed[0])
        else:
            run_graph(wanted, state.outputs, list(fed))
    except Mismatch as mismatch:
        if isinstance(mismatch.record, IndexRange):
            raise


def _believed(layer: Value) -> bool:
    """Tell whether a layer's function is first called with data: Keras 3 believes the output shape that it states."""
    if isinstance(layer, InstanceObj):
        from .models_user import states_output

        return keras_major() == 3 and states_output(layer)
    if not isinstance(layer, LayerObj) or layer.path != "keras.layers.Lambda":
        return False
    return layer.config.get("output_shape") is not None and keras_major() == 3


def run_layers(layers: tuple[Value, ...], x: Value) -> Value:
    """Return what a stack of layers gives."""
    for layer in layers:
        x = call_layer(layer, x)
    return x


def _leaves(value: Value) -> list[Value]:
    from .engine_graph import leaves_of

    return leaves_of(value)


def _plain(leaf: Value) -> Value:
    return as_kind(leaf, "tensor") if isinstance(leaf, Array) else leaf


def with_batch(state: ModelState, fed: list[Array]) -> Value:
    """Return a model's outputs with the batch axis of the data, where it is the same for all."""
    batch: Dim = UNKNOWN_DIM
    shapes = [a.shape for a in fed if a.shape]
    if shapes and all(s[0] is None or same(s[0], shapes[0][0]) for s in shapes):
        batch = shapes[0][0]

    def exchange(leaf: Value) -> Value:
        if not isinstance(leaf, Array) or not leaf.shape:
            return _plain(leaf)
        return as_kind(leaf, "tensor", ((batch if leaf.shape[0] is None else leaf.shape[0]), *leaf.shape[1:]))

    return map_structure(exchange, state.outputs)


def blurred(state: ModelState) -> Value:
    """Return a model's outputs with nothing said but how many there are and of which rank."""

    def forget(leaf: Value) -> Value:
        return Array(None, leaf.dtype, "tensor") if isinstance(leaf, Array) else leaf

    return map_structure(forget, state.outputs) if state.outputs is not None else Array(None, None, "tensor")


def build_on(model: Value, state: ModelState, inputs: Value, *, declared: bool = False) -> Value:
    """Build a Sequential model that has no input yet from the first thing it is called on, and return its outputs for it."""
    if state.form != "sequential" or not state.layers or any(isinstance(v, Unknown) for v in state.layers):
        if state.form == "sequential" and not state.layers:
            if keras_major() == 3:
                raise Raises("ValueError", "Sequential model cannot be built because it has no layers. Call `model.add(layer)`.")
            return map_structure(_plain, inputs)
        return unknown_output((inputs,), {})
    inputs = settle(inputs)
    if state.extra.get(MAYBE_BUILT):
        try:
            return run_layers(state.layers, map_structure(_plain, inputs))
        except Mismatch:
            return unknown_output((inputs,), {})
    output = run_layers(state.layers, map_structure(_plain, inputs))
    if isinstance(inputs, Array) and inputs.shape is not None:
        declare(model, state, (None, *inputs.shape[1:]), inputs.dtype, declared=declared)
    else:
        # It is built now, for what is not known.
        put_model_state(model, replace(state, extra={**state.extra, MAYBE_BUILT: True}))
    return output


def declare(model: Value, state: ModelState, shape: Shape, dtype: str | None = "float32", *, declared: bool) -> Value:
    """Give a Sequential model its input, and return its symbolic outputs."""
    start = symbolic_input(shape, dtype)
    outputs = run_layers(state.layers, start)
    put_model_state(model, replace(state, inputs=start, outputs=outputs, declared=declared))
    return outputs


def remember_call(model: Value, inputs: Value, outputs: Value) -> None:
    """Note on what a model was called, for ``model.output`` where it serves as a layer."""
    state = model_state(model)
    if state is not None and isinstance(model, ModelObj):
        before = state.extra.get(BUILT)
        again = isinstance(before, Built)
        record = Built((), None, UNKNOWN if again else inputs, UNKNOWN if again else outputs)
        put_model_state(model, replace(state, extra={**state.extra, BUILT: record}))
