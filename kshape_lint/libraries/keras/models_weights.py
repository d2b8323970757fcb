"""The weights of layers and models: their shapes, ``get_weights`` and ``set_weights``."""

from __future__ import annotations

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, ListObj, ResultList, Seq, Value
from ...rules.contract import UsedTooEarly
from ...rules.layers import WeightShapes
from ...shapes import Dim, Shape, divide_exactly, is_exact, same_shape, show_shape
from ..api import Mismatch, as_dim, keras_major, models, untouched
from .engine import layer_title
from .engine_graph import children, settle
from .engine_make import facts_of
from .models_object import record_of, unbuilt
from .objects import MAYBE_BUILT, LayerObj, model_state

WITHOUT = frozenset((
    "keras.layers.Activation", "keras.layers.Add", "keras.layers.Average", "keras.layers.AveragePooling1D",
    "keras.layers.AveragePooling2D", "keras.layers.AveragePooling3D", "keras.layers.Concatenate", "keras.layers.Cropping1D",
    "keras.layers.Cropping2D", "keras.layers.Cropping3D", "keras.layers.Dot", "keras.layers.ELU", "keras.layers.Flatten",
    "keras.layers.GaussianNoise", "keras.layers.GlobalAveragePooling1D", "keras.layers.GlobalAveragePooling2D",
    "keras.layers.GlobalAveragePooling3D", "keras.layers.GlobalMaxPooling1D", "keras.layers.GlobalMaxPooling2D",
    "keras.layers.GlobalMaxPooling3D", "keras.layers.InputLayer", "keras.layers.LeakyReLU", "keras.layers.Masking",
    "keras.layers.MaxPooling1D", "keras.layers.MaxPooling2D", "keras.layers.MaxPooling3D", "keras.layers.Maximum",
    "keras.layers.Minimum", "keras.layers.Multiply", "keras.layers.Permute", "keras.layers.ReLU", "keras.layers.RepeatVector",
    "keras.layers.Rescaling", "keras.layers.Reshape", "keras.layers.Resizing", "keras.layers.Softmax", "keras.layers.Subtract",
    "keras.layers.UpSampling1D", "keras.layers.UpSampling2D", "keras.layers.UpSampling3D", "keras.layers.ZeroPadding1D",
    "keras.layers.ZeroPadding2D", "keras.layers.ZeroPadding3D",
))  # fmt: skip
"""Layers that have no weights."""

SEEDED = frozenset(f"keras.layers.{name}" for name in ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"))
"""Layers that have no weights, and a random seed, which Keras 3 counts among the variables."""

GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}


def weights_of(layer: Value) -> list[Shape] | None:
    """Return the shapes of a built layer's or model's weights, in the order of ``get_weights``; None where they are not known."""
    state = model_state(layer)
    if state is not None:
        if state.broken or state.outputs is None or not state.layers:
            return None
        out: list[Shape] = []
        for one in state.layers:
            part = weights_of(one)
            if part is None:
                return None
            out.extend(part)
        return out
    if not isinstance(layer, LayerObj):
        return None
    if layer.path in WITHOUT or layer.path in SEEDED:
        return []
    if layer.path == "keras.layers.Embedding":
        return _known([(as_dim(layer.config.get("input_dim")), as_dim(layer.config.get("output_dim")))])
    record = record_of(layer)
    return None if record is None or not record.shape else _weights(layer, record.shape)


def _weights(layer: LayerObj, shape: Shape) -> list[Shape] | None:
    config, title = layer.config, layer_title(layer)
    last = shape[-1]
    bias = config.get("use_bias", True)
    if title == "Dense" and isinstance(bias, bool):
        units = as_dim(config.get("units"))
        return _known([(last, units), *([(units,)] if bias else [])])
    if (
        title in ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose")
        and isinstance(bias, bool)
        and config.get("data_format") in (None, "channels_last")
    ):
        kernel = _kernel(config.get("kernel_size"), int(title[4]))
        inside = divide_exactly(last, config.get("groups", 1) if isinstance(config.get("groups", 1), int) else 0)
        filters = as_dim(config.get("filters"))
        if kernel is None or inside is None:
            return None
        ends = (filters, inside) if title == "Conv2DTranspose" else (inside, filters)
        return _known([(*kernel, *ends), *([(filters,)] if bias else [])])
    if title in GATES and isinstance(bias, bool):
        units = as_dim(config.get("units"))
        if not is_exact(units):
            return None
        width: Dim = units * GATES[title]
        biases: list[Shape] = [(width,)]
        if title == "GRU":
            after = config.get("reset_after", True)
            if not isinstance(after, bool):
                return None
            biases = [(2, width)] if after else biases
        return _known([(last, width), (units, width), *(biases if bias else [])])
    if title == "BatchNormalization" and config.get("axis", -1) in (-1, len(shape) - 1):
        flags = [config.get("center", True), config.get("scale", True)]
        if all(isinstance(f, bool) for f in flags):
            return _known([(last,)] * (2 + sum(flags)))
    return None


def _kernel(value: Value, rank: int) -> tuple[Dim, ...] | None:
    if is_exact(value):
        return (as_dim(value),) * rank
    parts = children(settle(value))
    return tuple(as_dim(p) for p in parts) if parts is not None and len(parts) == rank else None


def _known(shapes: list[Shape]) -> list[Shape] | None:
    return shapes if all(is_exact(d) for s in shapes for d in s) else None


def made_unbuilt(layer: Value) -> bool:
    """Tell whether a layer certainly has made no weights yet, and makes them when it is built."""
    return isinstance(layer, LayerObj) and layer.state is None and untouched(layer) and _makes_weights_when_built(layer)


def refuse_open(model: Value, what: str) -> None:
    """Raise where something is asked of a Sequential model that certainly has layers and no input yet."""
    state = model_state(model)
    if unbuilt(model) and state is not None and state.layers and not state.extra.get(MAYBE_BUILT):
        raise Mismatch(UsedTooEarly(what, "build"))


def refuse_unbuilt(model: Value, what: str) -> None:
    """Raise where Keras 2 is asked for the weights of a model that has no input yet; Keras 3 has none to give, and says nothing."""
    if keras_major() < 3:
        refuse_open(model, what)


def _own_weights(layer: Value) -> list[Shape] | None:
    """Return the shapes of the weights that a layer or model has at this point, none before it is built; None where that is not known."""
    if made_unbuilt(layer):
        return []
    if isinstance(layer, LayerObj) and record_of(layer) is None and layer.path not in WITHOUT | SEEDED:
        return None
    if isinstance(layer, InstanceObj) and model_state(layer) is None:
        return None
    return weights_of(layer)


@models("keras.layers.Layer.get_weights")
def get_weights(self: Value) -> Value:
    """Model of ``get_weights``."""
    refuse_unbuilt(self, "get_weights()")
    shapes = _own_weights(self)
    return UNKNOWN if shapes is None else ResultList(Seq(tuple(Array(s, "float32", "numpy") for s in shapes)))


@models("keras.layers.Layer.weights", kind="property")
def weights(self: Value) -> Value:
    """Model of ``weights``."""
    refuse_unbuilt(self, "weights")
    shapes = _own_weights(self)
    return UNKNOWN if shapes is None else _variables(shapes)


@models("keras.layers.Layer.variables", kind="property")
def variables(self: Value) -> Value:
    """Model of ``variables``: the weights, and in Keras 3 random seeds."""
    refuse_unbuilt(self, "variables")
    shapes = _own_weights(self)
    return UNKNOWN if shapes is None or (keras_major() >= 3 and _keeps_seeds(self)) else _variables(shapes)


def _keeps_seeds(layer: Value) -> bool:
    """Tell whether variables that are no weights, such as the seed of a dropout, may stand among the variables."""
    state = model_state(layer)
    if state is not None:
        return any(_keeps_seeds(v) for v in state.layers)
    if not isinstance(layer, LayerObj) or layer.path in WITHOUT:
        return False
    return layer_title(layer) not in (*NAMED, "BatchNormalization", *GATES) or layer.config.get("dropout") not in (None, 0, 0.0)


@models("keras.layers.Layer.trainable_weights", "keras.layers.Layer.trainable_variables", kind="property")
def trainable_weights(self: Value) -> Value:
    """Model of ``trainable_weights``: all of them, but for the moving averages of BatchNormalization."""
    refuse_unbuilt(self, "trainable_weights")
    shapes = _sorted_out(self, trainable=True)
    if shapes is None:
        return UNKNOWN
    made = _variables(shapes)
    # How many a model trains is decided layer by layer, in ways that may not have been seen.
    return made if isinstance(self, LayerObj) else ListObj(made.state)


@models("keras.layers.Layer.non_trainable_weights", "keras.layers.Layer.non_trainable_variables", kind="property")
def non_trainable_weights(self: Value) -> Value:
    """Model of ``non_trainable_weights``: the moving averages of BatchNormalization."""
    refuse_unbuilt(self, "non_trainable_weights")
    if keras_major() >= 3 and _keeps_seeds(self):
        return UNKNOWN
    shapes = _sorted_out(self, trainable=False)
    return UNKNOWN if shapes is None else ListObj(_variables(shapes).state)


def _sorted_out(layer: Value, *, trainable: bool) -> list[Shape] | None:
    """Return the shapes of the weights that are trained, or of those that are not; None where some may have been frozen."""
    state = model_state(layer)
    if state is not None:
        if state.broken or state.outputs is None or not state.layers or isinstance(layer, InstanceObj):
            return None
        parts = [_sorted_out(v, trainable=trainable) for v in state.layers]
        return None if any(p is None for p in parts) else [s for p in parts for s in p or ()]
    shapes = _own_weights(layer)
    if not isinstance(layer, LayerObj) or shapes is None or layer.config.get("trainable", True) is not True or FROZEN in layer.config:
        return None
    if layer_title(layer) == "BatchNormalization" and shapes:
        return shapes[:-2] if trainable else shapes[-2:]
    return shapes if trainable else []


FROZEN = "<frozen>"
"""Key, in a layer's configuration, that says the program has set its ``trainable``."""


@models("keras.layers.Layer.__setattr__")
def set_attribute(self: Value, name: Value, value: Value) -> Value:
    """Model of setting an attribute: ``trainable`` is handed down to the layers within."""
    if name == "trainable":
        _mark_frozen(self)
    return None


def _mark_frozen(layer: Value, depth: int = 0) -> None:
    if isinstance(layer, LayerObj):
        layer.config[FROZEN] = True
    if depth > 4:
        return
    state = model_state(layer)
    inner = list(state.layers) if state is not None else []
    if isinstance(layer, InstanceObj) and isinstance(layer.state, dict):
        inner += [v for v in layer.state.values() if isinstance(v, (LayerObj, InstanceObj)) or model_state(v) is not None]
    for one in inner:
        _mark_frozen(one, depth + 1)


def _variables(shapes: list[Shape]) -> ResultList:
    return ResultList(Seq(tuple(Array(s, "float32", "variable") for s in shapes)))


NAMED = {
    "Dense": ("kernel", "bias"),
    "Conv1D": ("kernel", "bias"),
    "Conv2D": ("kernel", "bias"),
    "Conv3D": ("kernel", "bias"),
    "Conv2DTranspose": ("kernel", "bias"),
    "Embedding": ("embeddings",),
}
"""The attributes that hold a layer's weights, in the order of ``get_weights``."""


def _named_weight(name: str) -> None:
    @models(f"keras.layers.Layer.{name}", kind="property")
    def weight(self: Value) -> Value:
        """Model of a weight's attribute: a variable, None where the layer is made without one."""
        if made_unbuilt(self) and name in NAMED.get(layer_title(self), ()):
            raise Mismatch(UsedTooEarly(f"{layer_title(self)}.{name}", "build"))
        if not isinstance(self, LayerObj) or record_of(self) is None:
            return UNKNOWN
        names, shapes = NAMED.get(layer_title(self), ()), weights_of(self)
        if name not in names or shapes is None:
            return UNKNOWN
        at = names.index(name)
        return Array(shapes[at], "float32", "variable") if at < len(shapes) else None


for _name in ("kernel", "bias", "embeddings"):
    _named_weight(_name)


_MOMENTS = ("gamma", "beta", "moving_mean", "moving_variance")


def _moment(name: str) -> None:
    @models(f"keras.layers.BatchNormalization.{name}", kind="property")
    def weight(self: Value) -> Value:
        """Model of one of the vectors that BatchNormalization keeps."""
        record = record_of(self) if isinstance(self, LayerObj) else None
        axis = self.config.get("axis", -1) if isinstance(self, LayerObj) else None
        if record is None or not record.shape or axis not in (-1, len(record.shape) - 1) or record.shape[-1] is None:
            return UNKNOWN
        switch = {"gamma": "scale", "beta": "center"}.get(name)
        if switch is not None and self.config.get(switch, True) is not True:
            return UNKNOWN
        return Array((record.shape[-1],), "float32", "variable")


for _name in _MOMENTS:
    _moment(_name)


@models("keras.layers.Layer.set_weights")
def set_weights(self: Value, weights: Value) -> Value:
    """Model of ``set_weights``, which wants the number and the shapes that the layer has."""
    given = children(settle(weights))
    if given is None or not all(isinstance(g, Array) for g in given):
        return None
    title = layer_title(self)
    if made_unbuilt(self) and given:
        reason = f"has no weights before it is built, got {len(given)}"
        raise Mismatch(WeightShapes(title, reason), *given[:1])
    if not unbuilt(self):
        compare(self, given)
    return None


def compare(layer: Value, given: list[Value]) -> None:
    """Raise where the weights given to a layer or model certainly are not its own in number or shape."""
    wanted, title = weights_of(layer), layer_title(layer)
    if wanted is None:
        return
    if len(wanted) != len(given):
        raise Mismatch(WeightShapes(title, f"has {len(wanted)} weights, got {len(given)}"), *given[:1])
    for want, got in zip(wanted, given):
        if same_shape(want, got.shape) is False:
            raise Mismatch(WeightShapes(title, f"has a weight of shape {show_shape(want)}, got {show_shape(got.shape)}"), got)


def check_initial(layer: LayerObj) -> None:
    """Raise where ``weights=[...]``, which Keras 2 takes for every layer and reads when the layer is built, does not suit it."""
    given = children(settle(layer.config.get("weights")))
    if given and all(isinstance(g, Array) for g in given) and keras_major() == 2:
        compare(layer, given)


MADE_WHEN_BUILT = frozenset(
    ("Dense", "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Embedding", "LSTM", "GRU", "SimpleRNN", "BatchNormalization")
)


def _makes_weights_when_built(layer: LayerObj) -> bool:
    """Tell whether an unbuilt layer certainly has no weights yet: not where the constructor may have built it."""
    known = facts_of(layer.path)
    return known is not None and layer_title(layer) in MADE_WHEN_BUILT and layer.config.get("weights") is None
