"""``keras.Sequential``: layers added one by one, built as soon as an input is known."""

from __future__ import annotations

from ...interpreter.instances import InstanceObj, UserClass
from ...interpreter.values import UNKNOWN, Array, DictObj, Library, ListObj, Unknown, Value
from ...records import replace
from ...rules.layers import LayerInput, LayerInputShape, LayerRank
from ...shapes import same_shape, show_shape
from ..api import Mismatch, Raises, keras_major, models
from .engine import RECURRENT, call_layer, declared_differs, is_layer, layer_title, symbolic_input
from .engine_graph import CallHistory, InputHistory, children, flatten_structure, settle
from .engine_make import INPUT, is_number
from .engine_names import auto_name
from .models_input import checked, input_of, refuse_misplaced, second_input
from .models_object import record_of
from .objects import MAYBE_BUILT, MISPLACED, LayerObj, ModelObj, ModelState, model_state, put_model_state

SOURCE = "<input layer>"
"""Key, in a Sequential model's ``extra``, of its InputLayer, which is not among its layers."""


@models("keras.Sequential")
def sequential(layers: Value = None, trainable: Value = True, name: Value = None) -> Value:
    """Model of ``keras.Sequential``: the class called."""
    if keras_major() == 2 and isinstance(trainable, str):
        name = trainable
    model = ModelObj("keras.Sequential", ModelState("sequential"), name if isinstance(name, str) else auto_name("Sequential"))
    fill(model, layers)
    return model


@models("keras.Sequential.__init__")
def sequential_init(self: Value, layers: Value = None, trainable: Value = True, name: Value = None, **kwargs: Value) -> Value:
    """Model of the constructor as a subclass calls it."""
    if isinstance(self, (InstanceObj, ModelObj)):
        put_model_state(self, ModelState("sequential"))
        fill(self, layers)
    return None


def fill(model: Value, layers: Value) -> None:
    """Add the layers that a constructor was given; an error is raised only at the end, as what came before it has been added."""
    layers = settle(layers)
    if layers is None:
        return
    parts = children(layers)
    if parts is None:
        if is_layer(layers):
            if keras_major() == 3:
                raise Raises("TypeError", f"'{layer_title(layers)}' object is not iterable")
            parts = [layers]
        else:
            parts = [UNKNOWN]
    try:
        for part in parts:
            add_layer(model, part)
    except Mismatch:
        break_model(model)
        raise


def break_model(model: Value) -> None:
    """Note that an error was reported on a model."""
    state = model_state(model)
    if state is not None:
        put_model_state(model, replace(state, broken=True))


@models("keras.Sequential.add")
def add(self: Value, layer: Value, rebuild: Value = True) -> Value:
    """Model of ``Sequential.add``."""
    try:
        add_layer(self, settle(layer))
    except Mismatch:
        break_model(self)
        raise
    return None


@models("keras.Sequential.pop")
def pop(self: Value, rebuild: Value = True) -> Value:
    """Model of ``Sequential.pop``."""
    state = model_state(self)
    if state is None or not state.layers:
        return UNKNOWN
    last, rest = state.layers[-1], state.layers[:-1]
    source = state.extra.get(SOURCE)
    start = input_of(source) if isinstance(source, LayerObj) else None
    if start is None or state.broken:
        put_model_state(self, replace(state, layers=rest, inputs=None, outputs=None))
        return last
    record = record_of(rest[-1]) if rest and keras_major() == 2 else None
    outputs: Value = start
    if record is not None and isinstance(record.output, Array):
        # Keras 2 calls nothing anew.
        outputs = record.output
    else:
        for layer in rest:
            outputs = call_layer(layer, outputs)
    put_model_state(self, replace(state, layers=rest, inputs=start, outputs=outputs))
    return last


def add_layer(model: Value, layer: Value) -> None:
    """Put a layer on top of a Sequential model and, where the model's input is known, build it."""
    state = model_state(model)
    if state is None:
        return
    if isinstance(layer, Array) and isinstance(layer.history, InputHistory):
        layer = layer.history.source
    first = not state.layers and SOURCE not in state.extra
    if isinstance(layer, LayerObj) and layer.path == "keras.layers.InputLayer":
        _put_input(model, state, layer, first)
        return
    if not is_layer(layer):
        _refuse(layer)
        put_model_state(model, replace(state, layers=(*state.layers, UNKNOWN), outputs=UNKNOWN if state.outputs is not None else None))
        return
    name = _name_of(layer)
    names = _names(model, state.layers)
    if name is not None and names.get(name, layer) is not layer:
        raise Raises(
            "ValueError", f"All layers added to a Sequential model should have unique names. Name '{name}' is already the name of a layer"
        )
    if first:
        start = first_input(layer)
        if start is not None:
            source = start.history.source
            state = replace(state, inputs=start, outputs=start, declared=True, extra={**state.extra, SOURCE: source})
    else:
        declared_differs(layer, (state.outputs,))
    layers = (*state.layers, layer)
    names.setdefault(name, layer)
    if isinstance(model, ModelObj):
        model.named = (layers, names)
    if state.outputs is None or state.broken or (isinstance(state.outputs, Unknown)):
        # Keras 2 runs a layer that stands twice in a model not yet built once, where it stands first.
        if isinstance(state.outputs, Unknown) and isinstance(layer, LayerObj) and layer.state is None:
            # On top of what is not understood it is built all the same.
            call_layer(layer, Array(None, None, "keras"))
        again = keras_major() == 2 and state.outputs is None and any(other is layer for other in state.layers)
        put_model_state(model, state if again else replace(state, layers=layers))
        return
    outputs = stack(layer, state)
    put_model_state(model, replace(state, layers=layers, outputs=outputs))


def _put_input(model: Value, state: ModelState, layer: LayerObj, first: bool) -> None:
    start = input_of(layer)
    if not first or start is None:
        if SOURCE in state.extra and keras_major() == 3:
            raise second_input(start, "the model has an input already, and Keras 3 takes no other")
        if keras_major() < 3 and state.layers:
            return  # An InputLayer hands on what it gets.
        refused = keras_major() == 3 and start is not None and bool(state.layers) and all(is_layer(other) for other in state.layers)
        extra = {**state.extra, MISPLACED: start} if refused else state.extra
        put_model_state(model, replace(state, layers=(*state.layers, layer if refused else UNKNOWN), outputs=UNKNOWN, extra=extra))
        return
    put_model_state(model, replace(state, inputs=start, outputs=start, declared=True, extra={**state.extra, SOURCE: layer}))


def stack(layer: Value, state: ModelState) -> Value:
    """Return what a layer gives on top of a model; a rank that does not suit the declared input is said so."""
    try:
        outputs = call_layer(layer, state.outputs)
    except Mismatch as mismatch:
        record = mismatch.record
        if state.outputs is state.inputs and isinstance(record, LayerRank) and isinstance(state.inputs, Array):
            raise unsuitable(layer, state.inputs, record) from None
        raise
    flat = flatten_structure(outputs)
    if flat is not None and len(flat) != 1:
        if keras_major() == 2:
            states = isinstance(layer, LayerObj) and layer.path in RECURRENT
            hint = "leave out return_state=True, or make a Functional model" if states else None
            raise Mismatch(LayerInput(layer_title(layer), f"gives {len(flat)} tensors; a layer of a Sequential model gives one", hint))
        return outputs
    return flat[0] if flat is not None and keras_major() == 2 else outputs


def unsuitable(layer: Value, start: Array, record: LayerRank) -> Mismatch:
    """Return the mismatch for a declared input of a rank that the first layer does not take."""
    shape = start.shape or ()
    title = layer_title(layer)
    wanted = record.rank or record.min_rank or record.max_rank or 0
    axes = {3: "(timesteps, features)", 4: "(height, width, channels)", 5: "(depth, height, width, channels)"}.get(wanted)
    reason = f"with the batch axis that makes {show_shape(shape)} of rank {len(shape)}, {title} takes rank {wanted}"
    hint = None
    if axes is not None and title.startswith(("Conv1D", "MaxPooling1D", "AveragePooling1D")):
        axes = "(steps, channels)"
    if axes is not None:
        hint = f"give {axes}, without the batch axis"
    return Mismatch(LayerInputShape(title, f"input shape {show_shape(shape[1:])}", reason, hint), start)


def first_input(layer: Value) -> Array | None:
    """Return the symbolic input that a model gets from its first layer's ``input_shape=`` or, for a nested model, from its input."""
    if isinstance(layer, LayerObj):
        declared = layer.config.get(INPUT)
        if declared is None:
            _check_declared(layer)
            return None
        _check_declared(layer)
        if isinstance(declared, Unknown):
            return symbolic_input(None, None)
        return symbolic_input(declared, _dtype(layer))
    state = model_state(layer)
    if state is not None and keras_major() == 2 and state.form == "sequential" and state.layers and declared_by(state.layers[0]) is None:
        # Keras 2 looks for an input shape on the first layer of a nested model, and does not see its Input.
        return None
    if state is not None and state.inputs is not None:
        flat = flatten_structure(state.inputs)
        if flat is not None and len(flat) == 1:
            return symbolic_input(flat[0].shape, flat[0].dtype)
    if isinstance(layer, InstanceObj):
        declared = layer.state.get(INPUT)
        if isinstance(declared, tuple):
            return symbolic_input(declared, "float32")
        if isinstance(declared, Unknown):
            return symbolic_input(None, None)
    return None


def declared_by(layer: Value) -> Value:
    """Return the input that a layer declares by its own arguments, or a Functional model by its inputs; None where there is none."""
    if isinstance(layer, LayerObj):
        return layer.config.get(INPUT)
    state = model_state(layer)
    if state is not None and state.form == "sequential":
        return declared_by(state.layers[0]) if state.layers else None
    return None if state is None else state.inputs


def _check_declared(layer: LayerObj) -> None:
    """Raise where ``input_shape=`` is certainly no shape: Keras 3 finds out when the layer is added."""
    if keras_major() != 3:
        return
    given = layer.config.get("input_shape")
    if (given is not None and INPUT in layer.config) or is_number(given) or isinstance(given, str):
        checked(layer_title(layer), given, "input_shape")


def _dtype(layer: LayerObj) -> str:
    dtype = layer.config.get("dtype")
    return dtype if isinstance(dtype, str) else "float32"


def _refuse(layer: Value) -> None:
    """Raise where what is added certainly is no layer."""
    if isinstance(layer, Array) and isinstance(layer.history, CallHistory):
        made = layer.history.layer
        what = "a tensor" if made is None else f"what {layer_title(made)} gives for a tensor"
        hint = "add the layer itself, or make a Functional model of the tensors: Model(inputs, outputs)"
        raise Mismatch(LayerInput("Sequential", f"is given {what}, not a layer", hint), layer)
    wrong = isinstance(layer, (str, int, float, Array, DictObj, ListObj, tuple, UserClass)) or layer is None
    if isinstance(layer, Library):
        from .engine_make import facts_of

        wrong = facts_of(layer.path) is not None
    if wrong:
        raise Raises(
            "ValueError" if keras_major() == 3 else "TypeError", "Only instances of `keras.Layer` can be added to a Sequential model."
        )


def _names(model: Value, layers: tuple[Value, ...]) -> dict[str | None, Value]:
    """Return the first layer of each name; kept with the model for as long as layers are only added."""
    if isinstance(model, ModelObj) and model.named is not None and model.named[0] is layers:
        return model.named[1]
    names: dict[str | None, Value] = {}
    for layer in layers:
        names.setdefault(_name_of(layer), layer)
    return names


def _name_of(layer: Value) -> str | None:
    if isinstance(layer, LayerObj):
        name = layer.config.get("name")
        return name if isinstance(name, str) else None
    return layer.name if isinstance(layer, ModelObj) else None


def build_sequential(model: Value, state: ModelState, input_shape: Value) -> None:
    """Build a Sequential model from the shape given to ``build``."""
    from .engine_make import read_shape
    from .models_run import declare

    if state.broken or not state.layers:
        return
    refuse_misplaced(state)
    value = settle(input_shape)
    shape = None if any(isinstance(p, (tuple, ListObj)) for p in children(value) or ()) else read_shape(value)
    if shape is None:
        put_model_state(model, replace(state, extra={**state.extra, MAYBE_BUILT: True}))
        return
    if state.inputs is not None:
        if keras_major() == 3 and isinstance(state.inputs, Array) and same_shape(state.inputs.shape, shape) is False:
            raise Raises("ValueError", "Sequential model has already been configured to use another input shape")
        return
    try:
        declare(model, state, shape, declared=True)
    except Mismatch:
        break_model(model)
        raise
