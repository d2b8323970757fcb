"""Layers that hold another layer: TimeDistributed, Bidirectional, SpectralNormalization, Wrapper."""

from __future__ import annotations

from ....interpreter.values import UNKNOWN, Array, Value
from ....rules.layers import LayerArgument, LayerAxis, LayerInput, LayerRank
from ....shapes import UNKNOWN_DIM, Dim, Shape, same
from ....shapes.reshape import times
from ...api import Mismatch, is_sequence, items, keras_major
from ..objects import Built, LayerObj, constructor, layer
from .common import array_of, config_of, label, output, refuse, several, show, want_rank
from .states import given_states


def _inner(wrapped: Value, inputs: Array) -> Value:
    """Call the layer that a wrapper holds."""
    from ..engine import call_layer

    return call_layer(wrapped, inputs)


def _unchecked(wrapped: Value, inputs: Array) -> Value:
    """Call the layer that a wrapper holds, where Keras 3 asks it for its output shape without checking the input's rank first."""
    try:
        return _inner(wrapped, inputs)
    except Mismatch as mismatch:
        kind = wrapped.path.rpartition(".")[2] if isinstance(wrapped, LayerObj) else ""
        pooling = kind.startswith(("MaxPooling", "AveragePooling"))
        # One side and several windows, or several sides and one window, are broadcast.
        window = "Conv" in kind or (pooling and not kind.endswith("1D") and len(inputs.shape or ()) != 3)
        if keras_major() == 3 and inputs.kind == "keras":
            if isinstance(mismatch.record, LayerRank) and not window:
                return output(inputs, None)
            if isinstance(mismatch.record, LayerAxis) and mismatch.record.axis not in (-1, len(inputs.shape or ()) - 1):
                return output(inputs, None)  # of the lengths that weights have fixed, the wrapper looks at the last alone
        raise


def _no_layer(name: str) -> None:
    @constructor(f"keras.layers.{name}")
    def check(*, layer: Value) -> None:
        if layer is None or isinstance(layer, (int, float, str, tuple, Array)):
            what = "a tensor" if isinstance(layer, Array) else show(layer)
            raise Mismatch(LayerArgument(name, f"`layer` must be a layer, got {what}", f"write {name}(layer)(x)"))


for _name in ("TimeDistributed", "SpectralNormalization", "Wrapper"):
    _no_layer(_name)


@layer("keras.layers.TimeDistributed")
def time_distributed(inputs: Value, *, layer: Value, self: Value = None, built: Built | None = None) -> Value:
    """Apply a layer to every step: axis 1 is taken off before it and put back behind it."""
    x = array_of(inputs)
    if x.shape is None:
        return output(x, None)
    want_rank(self, x, 3, at_least_=True)
    if keras_major() == 2 and x.kind != "keras" and built is not None and built.shape is not None:
        _as_built(self, x, built.shape)
    step = Array((x.shape[0], *x.shape[2:]), x.dtype, x.kind, origin=x.origin)
    result = _unchecked(layer, step)
    if not isinstance(result, Array):
        parts = items(result) if is_sequence(result) else None
        # On data, Keras 3 stacks the tensors where they are of one shape.
        plain = x.kind == "keras" and isinstance(layer, LayerObj) and layer.path.rpartition(".")[2] in ("LSTM", "GRU", "SimpleRNN")
        if plain and parts and len(parts) > 1 and all(isinstance(part, Array) for part in parts):
            raise refuse("TimeDistributed", f"`layer` must give one tensor, this one gives {len(parts)}", "leave out return_state=True")
        return UNKNOWN
    if result.shape is None or not result.shape:
        return output(x, None)
    return output(x, (result.shape[0], x.shape[1], *result.shape[1:]), result.dtype)


def _as_built(self: Value, x: Array, made_for: Shape) -> None:
    """Refuse data of another shape than the layer was built for, but for samples and steps: Keras 2 keeps all of it."""
    assert x.shape is not None
    if len(x.shape) != len(made_for):
        raise Mismatch(LayerRank(label(self), x.shape, len(made_for)), x)
    for axis in range(2, len(made_for)):
        if made_for[axis] is not None and same(x.shape[axis], made_for[axis]) is False:
            raise Mismatch(LayerAxis(label(self), x.shape, axis, made_for[axis]), x)


@constructor("keras.layers.Bidirectional")
def bidirectional_arguments(*, layer: Value, merge_mode: Value = "concat", backward_layer: Value = None) -> None:
    """Check that a layer is held, that it can run backwards, and how the two are merged."""
    if layer is None or isinstance(layer, (int, float, str, tuple, Array)):
        what = "a tensor" if isinstance(layer, Array) else show(layer)
        raise Mismatch(LayerArgument("Bidirectional", f"`layer` must be a layer, got {what}", "write Bidirectional(LSTM(units))(x)"))
    kind = layer.path.rpartition(".")[2] if isinstance(layer, LayerObj) else None
    if kind in ("Dense", "Conv1D", "Dropout", "Flatten", "Embedding"):
        raise refuse("Bidirectional", f"`layer` must be a recurrent layer, got {kind}: it cannot run backwards")
    if isinstance(merge_mode, str) and merge_mode not in ("sum", "mul", "ave", "concat"):
        raise refuse("Bidirectional", f"`merge_mode` must be 'sum', 'mul', 'ave', 'concat' or None, got {merge_mode!r}")
    if isinstance(layer, LayerObj) and isinstance(backward_layer, LayerObj):
        forward, backward = (config_of(one, "go_backwards", False) for one in (layer, backward_layer))
        if isinstance(forward, bool) and isinstance(backward, bool) and forward == backward:
            raise refuse("Bidirectional", f"both layers have go_backwards={forward}, one must run the other way")
        for name in ("return_sequences", "return_state", "stateful"):
            a, b = (config_of(one, name, False) for one in (layer, backward_layer))
            if isinstance(a, bool) and isinstance(b, bool) and a != b:
                raise refuse("Bidirectional", f"the layers differ in {name}: {a} and {b}")


@layer("keras.layers.Bidirectional")
def bidirectional(
    inputs: Value,
    initial_state: Value = None,
    *,
    layer: Value,
    merge_mode: Value = "concat",
    backward_layer: Value = None,
    self: Value = None,
    built: Built | None = None,
) -> Value:
    """Run a recurrent layer both ways and merge the results."""
    parts = items(inputs) if is_sequence(inputs) else None
    x = parts[0] if parts and isinstance(parts[0], Array) else array_of(inputs)
    states_given = _halves(self, x, given_states(inputs, initial_state), initial_state)
    forward = _run(layer, x, built, states_given[0])
    if states_given[1] is not None and not isinstance(backward_layer, LayerObj):
        _run(layer, x, built, states_given[1])
    with_state = config_of(layer, "return_state", False if isinstance(layer, LayerObj) else UNKNOWN)
    states: tuple[Value, ...] = ()
    if with_state is True:
        given = items(forward) if is_sequence(forward) else None
        if not given:
            return UNKNOWN
        forward, states = given[0], tuple(given[1:])
    elif with_state is not False:
        return UNKNOWN
    backward = forward
    if isinstance(backward_layer, LayerObj):
        other = _run(backward_layer, x, built)
        if with_state is True:
            return UNKNOWN
        backward = other
    if not isinstance(forward, Array) or not isinstance(backward, Array):
        return UNKNOWN
    if merge_mode is None:
        return several(forward, backward, *states, *states)
    if merge_mode == "concat":
        merged = output(x, _joined(forward.shape, backward.shape))
    elif isinstance(merge_mode, str):
        merged = output(x, forward.shape)
    else:
        merged = output(x, None if forward.shape is None else (*forward.shape[:-1], UNKNOWN_DIM))
    return several(merged, *states, *states) if with_state is True else merged


def _joined(a: Shape | None, b: Shape | None) -> Shape | None:
    if not a:
        return None
    if b and b[-1] is not a[-1] and b[-1] != a[-1]:
        last: Dim = UNKNOWN_DIM
        if isinstance(a[-1], int) and isinstance(b[-1], int):
            last = a[-1] + b[-1]
        return (*a[:-1], last)
    return (*a[:-1], times(a[-1], 2))


def _halves(self: Value, x: Array, states: list[Value] | None, given: Value) -> tuple[Value, Value]:
    """Return the initial states of the two layers, None where they are not understood."""
    if states is None or (keras_major() == 3 and not is_sequence(given)):
        return None, None
    if keras_major() == 2 and len(states) % 2:
        reason = f"takes the initial states of its two layers, an even number, called with {len(states)}"
        raise Mismatch(LayerInput("Bidirectional", reason), *states[:1])
    half = len(states) // 2
    return (several(*states[:half]), several(*states[half:])) if half else (None, None)


def _run(wrapped: Value, x: Array, built: Built | None, states: Value = None) -> Value:
    """Call a copy of the held layer, as Bidirectional makes it of the configuration, with weights where the wrapper has them."""
    from ..engine import call_layer

    if isinstance(wrapped, LayerObj):
        wrapped = LayerObj(wrapped.path, wrapped.config)
        if built is not None:
            wrapped.put(Built((), built.shape, None, None))
    return call_layer(wrapped, x, None if states is None else {"initial_state": states})


@layer("keras.layers.SpectralNormalization")
def spectral_normalization(inputs: Value, *, layer: Value) -> Value:
    """Give what the held layer gives."""
    x = array_of(inputs)
    if keras_major() == 2:
        return output(x, None)
    return _unchecked(layer, x) if x.shape is not None else output(x, None)
