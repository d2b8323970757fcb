"""A layer or a model as an object: ``layers``, ``get_layer``, ``input``, ``output``, shapes, ``summary`` and what else is asked of it."""

from __future__ import annotations

import re

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, ListObj, Seq, Unknown, Value
from ...records import replace
from ...rules.contract import UsedTooEarly
from ...shapes import UNKNOWN_DIM
from ..api import Mismatch, keras_major, models, untouched
from .applications_inside import inner_layers, layer_list
from .engine import BUILT, call_with, is_layer, layer_title, several_shapes, shape_value, shapes_of
from .engine_graph import attach, children, flatten_structure, settle
from .engine_make import read_shape
from .models_user import INNER, NAME
from .objects import MAYBE_BUILT, Built, History, LayerObj, ModelObj, ModelState, model_state


@models("keras.Model.layers", "keras.Sequential.layers", kind="property")
def layers(self: Value) -> Value:
    """Model of ``Model.layers``."""
    state = model_state(self)
    if state is None or state.broken:
        return UNKNOWN
    if state.form == "subclass":
        return _attribute_layers(self)
    inner = inner_layers(state)
    if inner is not None:
        return layer_list(inner)
    if not state.layers and (state.form != "sequential" or state.outputs is not None):
        return UNKNOWN
    if any(stands_for_many(v) for v in state.layers):
        return UNKNOWN
    return ListObj(Seq(state.layers))


def stands_for_many(layer: Value) -> bool:
    """Tell whether a layer stands for all that is inside a pretrained architecture."""
    return isinstance(layer, LayerObj) and layer.path.startswith("keras.applications.")


def _attribute_layers(self: Value) -> Value:
    """Return the layers that a model of the program's own holds as attributes, in order of assignment."""
    if not isinstance(self, InstanceObj) or not isinstance(self.state, dict):
        return UNKNOWN
    found = [v for v in self.state.values() if is_layer(v)]
    nested = any(isinstance(v, (ListObj, Unknown)) for v in self.state.values())
    return UNKNOWN if nested else ListObj(Seq(tuple(found)))


@models("keras.Model.get_layer")
def get_layer(self: Value, name: Value = None, index: Value = None) -> Value:
    """Model of ``Model.get_layer``."""
    state = model_state(self)
    if state is None or state.broken:
        return UNKNOWN
    inner = inner_layers(state)
    if inner is not None and (isinstance(index, int) or isinstance(name, str)):
        if isinstance(index, int):
            return inner[index] if -len(inner) <= index < len(inner) else UNKNOWN
        return next((layer for layer in inner if name_of(layer) == name), UNKNOWN)
    if isinstance(index, int) and not any(stands_for_many(v) for v in state.layers):
        return state.layers[index] if -len(state.layers) <= index < len(state.layers) else UNKNOWN
    if not isinstance(name, str):
        return UNKNOWN
    for layer in state.layers:
        if name_of(layer) == name:
            return layer
    return inner_layer(self, state, name)


NOT_OF_IMAGES = re.compile(
    r"flatten|^fc\d|^predictions|^probs|^head|_head_|global|^avg_pool|^dropout|^top_dropout|_se_|squeeze_excite|^reshape|^act_softmax|^dense|^conv_preds"
)
"""Names of layers in pretrained networks behind (or beside) the convolutions: what they give is of another rank, or sometimes is."""


def _makers(state: ModelState) -> list[Value]:
    """Return what gives the outputs of a model whose layers are not listed."""
    outputs = flatten_structure(state.outputs) if state.outputs is not None and not state.layers else None
    return [v.history.layer for v in outputs or () if isinstance(v.history, History)][:1]


def inner_layer(model: Value, state: ModelState, name: str) -> Value:
    """Return a layer inside a pretrained network by its name: what it gives has four axes, the rest is not known."""
    networks = [v for v in (*state.layers, *_makers(state)) if stands_for_many(v)]
    others = [v for v in state.layers if not stands_for_many(v)]
    inputs = flatten_structure(state.inputs) if state.inputs is not None else None
    if len(networks) != 1 or any(isinstance(name_of(v), Unknown) for v in others) or not inputs or len(inputs) != 1:
        return UNKNOWN
    start = inputs[0]
    if start.shape is None or len(start.shape) != 4 or NOT_OF_IMAGES.search(name):
        return UNKNOWN

    def features(given: Array) -> Array:
        batch = given.shape[0] if given.shape else UNKNOWN_DIM
        return Array((batch, UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM), "float32", "tensor")

    def repeat(args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        return features(args[0]) if args and isinstance(args[0], Array) else UNKNOWN

    made = LayerObj("keras.layers.Identity", {"name": name})
    made.put(Built((), None, start, attach(repeat, networks[0], (start,), {}, features(start))))
    return made


def name_of(layer: Value) -> Value:
    """Return a layer's or model's name, `UNKNOWN` where it is not known."""
    if isinstance(layer, LayerObj):
        name = layer.config.get("name")
    elif isinstance(layer, ModelObj):
        name = layer.name
    elif isinstance(layer, InstanceObj) and isinstance(layer.state, dict):
        name = layer.state.get(NAME)
    else:
        name = None
    return name if isinstance(name, str) else UNKNOWN


@models("keras.layers.Layer.name", kind="property")
def layer_name(self: Value) -> Value:
    """Model of ``Layer.name``."""
    return name_of(self)


def record_of(layer: Value) -> Built | None:
    """Return what is remembered of a layer's calls."""
    if isinstance(layer, LayerObj):
        found = layer.state
    elif isinstance(layer, InstanceObj):
        found = layer.state.get(BUILT) if isinstance(layer.state, dict) else None
    else:
        state = model_state(layer)
        found = state.extra.get(BUILT) if state is not None else None
    return found if isinstance(found, Built) else None


def _end(self: Value, which: str) -> Value:
    state = model_state(self)
    if state is not None and state.form != "subclass":
        found = state.inputs if which == "input" else state.outputs
        if state.broken or found is None:
            return UNKNOWN
        return found
    record = record_of(self)
    found = None if record is None else (record.input if which == "input" else record.output)
    return UNKNOWN if found is None else found


@models("keras.layers.Layer.input", kind="property")
def layer_input(self: Value) -> Value:
    """Model of ``Layer.input`` and ``Model.input``."""
    refuse_never_called(self, "input")
    return _single(_called(self, "input"))


@models("keras.layers.Layer.output", kind="property")
def layer_output(self: Value) -> Value:
    """Model of ``Layer.output`` and ``Model.output``."""
    refuse_never_called(self, "output")
    return _single(_called(self, "output"))


def _called(self: Value, which: str) -> Value:
    """Return what a layer was called on or gave; of Keras 3's Sequential models too, which are layers to themselves."""
    state = model_state(self)
    if keras_major() < 3 or state is None or state.form != "sequential":
        return _end(self, which)
    record = record_of(self)
    found = None if record is None or state.broken else (record.input if which == "input" else record.output)
    return UNKNOWN if found is None else found


def refuse_never_called(layer: Value, what: str) -> None:
    """Raise where a layer or model that was never called is asked what it was called on or gave."""
    state = model_state(layer)
    never = isinstance(layer, LayerObj) and layer.state is None and layer.path != "keras.layers.InputLayer" and not _foreign(layer)
    never = never and untouched(layer)
    if never or (state is not None and unbuilt(layer) and not state.extra.get(MAYBE_BUILT)) or _never_a_layer(layer):
        raise Mismatch(UsedTooEarly(f"{layer_title(layer)}.{what}", "call"))


def _never_a_layer(model: Value) -> bool:
    """Tell whether a model is Sequential and was never called as a layer: Keras 3 knows no ``output`` of it then, built or not."""
    state = model_state(model)
    return (
        keras_major() >= 3
        and isinstance(model, ModelObj)
        and state is not None
        and state.form == "sequential"
        and not state.broken
        and BUILT not in state.extra
        and untouched(model)
    )


def _single(value: Value) -> Value:
    """Return the one tensor of a list of one, as Keras 2 does for models made with such lists."""
    parts = children(value)
    return parts[0] if keras_major() == 2 and isinstance(value, ListObj) and parts is not None and len(parts) == 1 else value


@models("keras.Model.inputs", "keras.Sequential.inputs", kind="property")
def model_inputs(self: Value) -> Value:
    """Model of ``Model.inputs``."""
    return _flat(_end(self, "input"))


@models("keras.Model.outputs", "keras.Sequential.outputs", kind="property")
def model_outputs(self: Value) -> Value:
    """Model of ``Model.outputs``."""
    return _flat(_end(self, "output"))


def _flat(value: Value) -> Value:
    arrays = flatten_structure(value)
    return UNKNOWN if arrays is None else ListObj(Seq(tuple(arrays)))


def _shape(value: Value) -> Value:
    if isinstance(value, Unknown):
        return UNKNOWN
    parts = children(settle(value))
    return shapes_of(parts[0] if parts is not None and len(parts) == 1 else value)


@models("keras.layers.Layer.input_shape", kind="property")
def input_shape(self: Value) -> Value:
    """Model of ``Model.input_shape`` (and, in Keras 2, ``Layer.input_shape``)."""
    return _shape(_end(self, "input"))


@models("keras.layers.Layer.output_shape", kind="property")
def output_shape(self: Value) -> Value:
    """Model of ``Model.output_shape`` (and, in Keras 2, ``Layer.output_shape``)."""
    return _shape(_end(self, "output"))


@models("keras.layers.InputLayer.batch_shape", kind="property")
def batch_shape(self: Value) -> Value:
    """Model of ``InputLayer.batch_shape``."""
    record = record_of(self)
    return shape_value(record.shape) if record is not None else UNKNOWN


@models(
    "keras.layers.Layer.get_input_at",
    "keras.layers.Layer.get_output_at",
    "keras.layers.Layer.get_input_shape_at",
    "keras.layers.Layer.get_output_shape_at",
)
def get_at(self: Value, node_index: Value = 0) -> Value:
    """Model of Keras 2's ``get_output_at`` and kin: which node is meant is not followed."""
    return UNKNOWN


@models("keras.layers.Layer.__getattr__")
def configured(self: Value, name: Value) -> Value:
    """Return an attribute that a layer's constructor was given, such as ``layer.units``."""
    if isinstance(self, InstanceObj) and isinstance(self.state, dict):
        self = self.state.get(INNER)
    if isinstance(self, LayerObj) and isinstance(name, str) and name in self.config and not name.startswith("<"):
        value = self.config[name]
        if isinstance(value, int) and name in ("kernel_size", "strides", "pool_size", "dilation_rate", "padding", "size", "cropping"):
            return UNKNOWN
        return value
    return UNKNOWN


@models("keras.layers.Layer.compute_output_shape")
def compute_output_shape(self: Value, input_shape: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``compute_output_shape``."""
    shape = None if several_shapes(self, input_shape) else read_shape(settle(input_shape))
    if shape is None:
        return UNKNOWN
    return shapes_of(call_with(self, (Array(shape, "float32", "tensor"),), {}))


def unbuilt(model: Value) -> bool:
    """Tell whether a model certainly is Sequential and has no input yet."""
    state = model_state(model)
    return (
        state is not None
        and state.form == "sequential"
        and state.inputs is None
        and not state.broken
        and not state.extra.get(MAYBE_BUILT)
        and all(is_layer(v) and not _foreign(v) for v in state.layers)
    )


def _foreign(layer: Value) -> bool:
    """Tell whether a layer is another library's, which may be a whole model, built when it is made, or tell its input's shape."""
    return isinstance(layer, LayerObj) and not layer.path.startswith("keras.")


@models("keras.Model.summary")
def summary(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``Model.summary``, which Keras 2 refuses before the model is built."""
    if keras_major() == 2 and unbuilt(self):
        raise Mismatch(UsedTooEarly("summary()", "build"))
    return None


@models("keras.layers.Layer.count_params")
def count_params(self: Value) -> Value:
    """Model of ``count_params``, which is refused before the model is built."""
    from .models_weights import made_unbuilt

    if unbuilt(self):
        raise Mismatch(UsedTooEarly("count_params()", "build"))
    if made_unbuilt(self):
        raise Mismatch(UsedTooEarly(f"{layer_title(self)}.count_params()", "build"))
    return UNKNOWN


NOTHING = (
    "keras.layers.Layer.add_metric",
    "keras.layers.Layer.add_update", "keras.layers.Layer.adapt", "keras.layers.Layer.reset_states", "keras.layers.Layer.reset_state",
    "keras.Model.reset_states", "keras.Model.reset_metrics",
)  # fmt: skip
"""Methods that change no shape and return None."""


@models(*NOTHING)
def nothing(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of methods that change no shape and return None."""
    return None


@models("keras.models.clone_model")
def clone_model(model: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``clone_model``: the same shapes, nothing compiled."""
    state = model_state(model)
    if not isinstance(model, ModelObj) or state is None or len(args) > 0 or kwargs:
        return UNKNOWN
    return ModelObj(model.path, replace(state, compiled=None), model.name)


@models("keras.Sequential.__len__", "keras.Model.__len__")
def length(self: Value) -> Value:
    """Models have no length."""
    return UNKNOWN
