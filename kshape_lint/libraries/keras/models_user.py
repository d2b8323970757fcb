"""Layers and models that the program writes itself: ``build`` run once, then its ``call``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...interpreter.frames import Function
from ...interpreter.instances import InstanceObj, UserClass
from ...interpreter.values import UNKNOWN, Array, ListObj, Unknown, Value
from ...interpreter.world import current
from ...rules.layers import LayerRank
from ...shapes import Shape
from ..api import UNKNOWN_DIM, Mismatch, Raises, as_dim, as_shape, host, keras_major, models
from ..tensorflow.tracing import in_traced_step
from .engine import (
    BUILT,
    call_with,
    callers,
    fixed_axes,
    keras_base,
    outer_training,
    refuse_non_tensors,
    several_shapes,
    shape_value,
    shapes_of,
    unknown_output,
)
from .engine_graph import any_symbolic, as_kind, attach, leaves_of, map_structure, settle
from .engine_make import INPUT, facts_of, is_number, make_layer, read_shape
from .models_run import call_model
from .objects import Built, LayerObj, model_state

INNER = "<inner>"
"""Key, in the state of an object whose class inherits from a layer of Keras's own, of that layer as its constructor made it."""

NAME = "<name>"


def user_method(instance: InstanceObj, name: str) -> bool:
    """Tell whether the program's own classes define a method of this name for the object."""
    return any(isinstance(c, UserClass) and name in c.variables for c in instance.cls.mro())


def call_user(layer: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Call an object of the program's own layer or model class."""
    assert isinstance(layer, InstanceObj)
    fields = layer.state
    if not isinstance(fields, dict):
        return unknown_output(args, kwargs)
    state = model_state(layer)
    if state is not None and (state.form != "subclass" and not user_method(layer, "call")):
        return call_model(layer, args, kwargs)
    if state is not None and state.broken:
        return unknown_output(args, kwargs)
    inner = fields.get(INNER)
    if not user_method(layer, "call"):
        return call_with(inner, args, kwargs) if isinstance(inner, LayerObj) else unknown_output(args, kwargs)
    refuse_non_tensors(layer.cls.name, args)
    symbolic = any_symbolic(*args, *kwargs.values())
    if symbolic and keras_major() >= 3 and isinstance(inner, LayerObj) and not user_method(layer, "build"):
        # Keras's own layers tell their output shape without a call, and so does what inherits from them.
        output = map_structure(_plain, call_with(LayerObj(inner.path, inner.config), args, kwargs))
        if user_method(layer, "compute_output_shape") or user_method(layer, "compute_output_spec"):
            output = unknown_output(args, kwargs)
        output = attach(lambda a, k: call_with(layer, a, k), layer, args, kwargs, output)
        note_call(layer, args[0] if args else None, output)
        return output
    if symbolic:
        # The user's code is followed on plain tensors: what it does inside is one step of the graph.
        plain_args = tuple(map_structure(_plain, a) for a in args)
        plain_kwargs = {k: map_structure(_plain, v) for k, v in kwargs.items()}
    else:
        plain_args, plain_kwargs = tuple(map_structure(_tensor, a) for a in args), kwargs
    ensure_built(layer, plain_args)
    stated = stated_output(layer, args) if symbolic and keras_major() >= 3 else None
    if stated is not None:
        output = attach(lambda a, k: call_with(layer, a, k), layer, args, kwargs, stated)
        note_call(layer, args[0], output)
        return output
    if plain_kwargs.get("training") is None and takes_training(layer, len(args)):
        # Keras passes on what the call around this one was told.
        outer = outer_training()
        if outer is not None:
            plain_kwargs = {**plain_kwargs, "training": outer}
        else:
            host().training[-1] = default_training(layer)
    if "training" not in plain_kwargs and needs_training(layer):
        plain_kwargs = {**plain_kwargs, "training": UNKNOWN}
    method = host().attribute(layer, "call")
    before = len(current().reports)
    if keras_major() >= 3:
        output = host().call_afresh(method, plain_args, plain_kwargs)
    elif symbolic or in_traced_step():
        # Keras 2 has a copy of the program's code made for its graph: of its own lines the one that called stands in the traceback.
        output = host().call_traced(method, plain_args, plain_kwargs)
    else:
        output = host().call(method, plain_args, plain_kwargs)
    _keep_first_error(before)
    if isinstance(output, Unknown):
        output = unknown_output(args, kwargs)
    if symbolic:
        if not any(isinstance(leaf, Array) for leaf in leaves_of(output)):
            return output
        output = attach(lambda a, k: call_with(layer, a, k), layer, args, kwargs, output)
        note_call(layer, args[0] if args else None, output)
    return output


callers["user"] = call_user


def _keep_first_error(before: int) -> None:
    """Leave of the errors reported since the first: a layer's call ends with it."""
    reports = current().reports
    errors = [r for r in reports[before:] if r.record.severity == "error"]
    if len(errors) > 1:
        reports[before:] = [r for r in reports[before:] if r is errors[0] or r.record.severity != "error"]


def states_output(layer: Value) -> bool:
    """Tell whether Keras 3 believes what the program's own layer says of its output shape, and calls it with data only."""
    return isinstance(layer, InstanceObj) and user_method(layer, "compute_output_shape") and not user_method(layer, "compute_output_spec")


def stated_output(layer: InstanceObj, args: tuple[Value, ...]) -> Array | None:
    """Return the output that the program's ``compute_output_shape`` tells of a symbolic call on one tensor; None where it does not."""
    if not states_output(layer) or len(args) != 1 or not isinstance(args[0], Array) or args[0].shape is None:
        return None
    shape = as_shape(host().call(host().attribute(layer, "compute_output_shape"), (shape_value(args[0].shape),), {}))
    return None if shape is None else Array(shape, "float32", "tensor")


def own_call(layer: InstanceObj) -> Function | None:
    """Return the ``call`` that the program wrote for a layer."""
    found = next((c.variables["call"] for c in layer.cls.mro() if isinstance(c, UserClass) and "call" in c.variables), None)
    return found if isinstance(found, Function) else None


def call_parameters(layer: InstanceObj) -> Sequence[Any]:
    """Return the parameters of the program's ``call``, the object itself left out."""
    function = own_call(layer)
    return function.node.params[1:] if function is not None else ()


def default_training(layer: InstanceObj) -> Value:
    """Return what ``training`` is where nobody says, by the signature of the program's ``call``."""
    function = own_call(layer)
    found = function.defaults.get("training") if function is not None else None
    return found if isinstance(found, bool) else None


def needs_training(layer: InstanceObj) -> bool:
    """Tell whether the program's ``call`` has a parameter ``training`` without a default, which Keras fills in."""
    return any(p.name == "training" and p.default is None and p.kind in ("normal", "keyword") for p in call_parameters(layer))


def takes_training(layer: InstanceObj, given: int) -> bool:
    """Tell whether the program's ``call`` has a parameter ``training`` that `given` positional arguments do not reach."""
    return any(p.name == "training" and p.kind in ("normal", "keyword") for p in call_parameters(layer)[given:])


def _plain(leaf: Value) -> Value:
    return as_kind(leaf, "keras" if keras_major() == 3 else "tensor") if isinstance(leaf, Array) and leaf.kind == "keras" else leaf


def _tensor(leaf: Value) -> Value:
    return as_kind(leaf, "tensor") if isinstance(leaf, Array) and leaf.kind == "numpy" and leaf.shape is not None else leaf


def ensure_built(layer: InstanceObj, args: tuple[Value, ...]) -> None:
    """Run the ``build`` that the program wrote, at the first call, with the shapes of what the layer is called on."""
    if layer.state.get("built") is True:
        return
    if user_method(layer, "build"):
        shapes = tuple(shapes_of(a) for a in args if any(isinstance(leaf, (Array, Unknown)) for leaf in leaves_of(a)))
        build = host().attribute(layer, "build")
        host().call_afresh(build, shapes[:1] or (UNKNOWN,), {})
    host().set_attribute(layer, "built", True)


def note_call(layer: InstanceObj, inputs: Value, outputs: Value) -> None:
    """Remember what a layer was called on, for ``layer.output``."""
    before = layer.state.get(BUILT)
    again = isinstance(before, Built)
    shape = inputs.shape if isinstance(inputs, Array) else None
    layer.put({**layer.state, BUILT: Built((), shape, UNKNOWN if again else inputs, UNKNOWN if again else outputs)})


@models("keras.layers.Layer.__init__")
def layer_init(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of the base constructor as a layer of the program's own calls it."""
    if not isinstance(self, InstanceObj):
        return None
    base = keras_base(self)
    fields = dict(self.state) if isinstance(self.state, dict) else {}
    fields.setdefault("built", False)
    if isinstance(kwargs.get("name"), str):
        fields[NAME] = kwargs["name"]
    declared = declared_of_user(kwargs)
    if declared is not None:
        fields[INPUT] = declared
    if base is not None and base not in ("keras.layers.Layer", "keras.Model", "keras.Sequential") and facts_of(base) is not None:
        # A class that nobody calls is looked at without its arguments.
        inner = make_layer(base, args, kwargs) if args or kwargs else UNKNOWN
        if isinstance(inner, LayerObj):
            fields[INNER] = inner
            if INPUT in inner.config:
                fields[INPUT] = inner.config[INPUT]
    self.put(fields)
    return None


def declared_of_user(kwargs: dict[str, Value]) -> Shape | Unknown | None:
    """Return the batch shape that the base constructor's keywords declare."""
    if kwargs.get("batch_input_shape") is not None and keras_major() == 2:
        shape = read_shape(kwargs["batch_input_shape"])
        return UNKNOWN if shape is None else shape
    if kwargs.get("input_shape") is not None and not is_number(kwargs["input_shape"]):
        shape = read_shape(kwargs["input_shape"])
        return UNKNOWN if shape is None else (None, *shape)
    if kwargs.get("input_dim") is not None:
        return (None, as_dim(kwargs["input_dim"]))
    return None


@models("keras.layers.Layer.call", "keras.Model.call", "keras.Sequential.call")
def base_call(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``super().call(x)`` and of ``model.call(x)``."""
    if isinstance(self, InstanceObj):
        inner = self.state.get(INNER) if isinstance(self.state, dict) else None
        if isinstance(inner, LayerObj):
            return call_with(inner, args, kwargs)
        state = model_state(self)
        if state is not None and state.form != "subclass":
            return call_model(self, tuple(settle(a) for a in args), kwargs)
        if state is not None and not user_method(self, "call"):
            raise Raises("NotImplementedError", "Model does not have a `call()` method implemented.")
        return unknown_output(args, kwargs)
    return call_with(self, args, kwargs)


@models("keras.layers.Layer.build", "keras.Model.build", "keras.Sequential.build")
def build(self: Value, input_shape: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``build``: for a Sequential model it fixes the input."""
    from .models_sequential import build_sequential

    state = model_state(self)
    if state is not None and state.form == "sequential":
        build_sequential(self, state, input_shape)
    elif isinstance(self, LayerObj) and self.state is None:
        shape = None if several_shapes(self, input_shape) else read_shape(input_shape)
        known = facts_of(self.path)
        if shape is not None and known is not None and known.min_rank is not None and len(shape) < known.min_rank:
            # The rank is checked in a call alone; Dense builds itself from the last axis.
            self.put(Built(fixed_axes(known, self.config, shape), None, None, None))
        elif shape is not None:
            try:
                call_with(self, (Array(shape, "float32", "tensor"),), {})
            except Mismatch as mismatch:
                if mismatch.record.code != LayerRank.code:
                    raise
                # So is a rank that is stated otherwise.
                self.put(UNKNOWN)
        if self.state is None:
            self.put(Built((), None, UNKNOWN, UNKNOWN))
    elif state is not None and isinstance(self, InstanceObj) and state.form == "subclass" and user_method(self, "call"):
        shape = read_shape(input_shape)
        if keras_major() < 3 and shape is not None and shape and not isinstance(settle(input_shape), ListObj):
            call_with(self, (Array(shape, "float32", "tensor"),), {})
    elif isinstance(self, InstanceObj):
        host().set_attribute(self, "built", True)
    return None


@models("keras.layers.Layer.add_weight", "keras.layers.Layer.add_variable")
def add_weight(
    self: Value,
    shape: Value = None,
    initializer: Value = None,
    dtype: Value = None,
    trainable: Value = True,
    autocast: Value = True,
    regularizer: Value = None,
    constraint: Value = None,
    aggregation: Value = "none",
    overwrite_with_gradient: Value = False,
    name: Value = None,
    **kwargs: Value,
) -> Value:
    """Model of ``Layer.add_weight``; Keras 2 takes the name first."""
    if isinstance(shape, str) or (keras_major() == 2 and shape is None and name is not None and initializer is not None):
        shape = initializer if isinstance(shape, str) else shape
    given = () if shape is None else as_shape(settle(shape))
    return Array(
        None if given is None else tuple(UNKNOWN_DIM if d is None else d for d in given),
        dtype if isinstance(dtype, str) else "float32",
        "variable",
    )
