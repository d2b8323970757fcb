"""Models that are saved and loaded: one that the program has saved comes back as it was, one on the disk by its description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, LibObj, Library, ListObj, Seq, Unknown, Value, fresh_unknown
from ...interpreter.world import current
from ...records import record, replace
from ...shapes import Shape
from ..api import call, files, host, items, keras_major, lookup, models
from ..files import NOTHING
from .engine_make import facts_of
from .models_weights import compare, weights_of
from .objects import Compiled, LayerObj, ModelObj, ModelState, model_state, put_model_state

MOST_LAYERS = 2_000


@record
class SavedModel:
    """A model as it was when it was saved."""

    model: Value
    state: ModelState


@record(eq=False)
class KeptModel:
    """A model that training saves as it goes, compiled as it then was."""

    model: Value
    layers: tuple[Value, ...]
    compiled: Compiled | None


@record
class SavedWeights:
    """The weights that were saved of a model: its layers' classes, and the shapes of each one's weights, None where they are not known."""

    classes: tuple[str, ...]
    shapes: tuple[tuple[Shape, ...] | None, ...]


def _save(model: Value, path: Value) -> None:
    state = model_state(model)
    files().write(path, UNKNOWN if state is None else SavedModel(model, state))


@models("keras.Model.save", "keras.Model.export")
def save(self: Value, filepath: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``Model.save``."""
    _save(self, kwargs.get("path") if filepath is None else filepath)
    return None


@models("keras.models.save_model")
def save_model(model: Value, filepath: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``keras.models.save_model``."""
    _save(model, filepath)
    return None


CHECKPOINT = "keras.callbacks.ModelCheckpoint"


@models(CHECKPOINT)
def checkpoint(filepath: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``ModelCheckpoint``: what lies at its path from here on, training decides."""
    files().write(filepath, UNKNOWN)
    return LibObj(CHECKPOINT, {"filepath": filepath, **{f"argument {i}": a for i, a in enumerate(args, 1)}, **kwargs})


def keep(model: Value, callbacks: Value) -> None:
    """Note that training saves a model where its ``ModelCheckpoint`` says."""
    state = model_state(model)
    for callback in items(callbacks) or (callbacks,):
        if not isinstance(callback, LibObj) or callback.path != CHECKPOINT or not isinstance(callback.state, dict):
            continue
        path, weights_only = callback.state.get("filepath"), callback.state.get("save_weights_only", False)
        if isinstance(path, str) and "{" not in path and state is not None:
            known = weights_only is False and "argument 4" not in callback.state
            files().write(path, KeptModel(model, state.layers, state.compiled) if known else UNKNOWN)


@models("keras.models.load_model")
def load_model(
    filepath: Value, custom_objects: Value = None, compile: Value = True, safe_mode: Value = True, options: Value = None
) -> Value:
    """Model of ``keras.models.load_model``."""
    written = files().written(filepath)
    if isinstance(written, KeptModel):
        state = model_state(written.model)
        if state is not None and len(state.layers) == len(written.layers) and all(a is b for a, b in zip(state.layers, written.layers)):
            written = SavedModel(written.model, replace(state, compiled=written.compiled))
    if isinstance(written, SavedModel):
        return _again(written, compile)
    if written is not NOTHING or not isinstance(filepath, str) or not filepath.endswith(".keras") or keras_major() == 2:
        return fresh_unknown()
    config = files().config(filepath)
    return fresh_unknown() if config is None else _quietly(lambda: _described(config, compile is not False))


def _again(saved: SavedModel, compile: Value) -> Value:
    """Return the model that was saved: another object with the same layers, as far as shapes go."""
    state = saved.state
    if state.form == "sequential" and state.inputs is not None and not state.declared:
        if keras_major() == 2:
            return fresh_unknown()
        # Keras 3 stores the input that the first data gave it.
        state = replace(state, declared=True)
    if compile is not True:
        state = replace(state, compiled=None, broken=state.broken or compile is not False)
    if isinstance(saved.model, ModelObj):
        return ModelObj(saved.model.path, state, saved.model.name)
    if isinstance(saved.model, InstanceObj) and isinstance(saved.model.state, dict):
        made = InstanceObj(saved.model.cls)
        made.put(dict(saved.model.state))
        put_model_state(made, state)
        return made
    return fresh_unknown()


# --- weights -----------------------------------------------------------------------------------------------------------------


@models("keras.Model.save_weights")
def save_weights(self: Value, filepath: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``Model.save_weights``."""
    layers = _layers_of(self)
    if layers is None:
        files().write(filepath, UNKNOWN)
    else:
        found = [weights_of(layer) for layer in layers]
        shapes = tuple(None if each is None else tuple(each) for each in found)
        files().write(filepath, SavedWeights(tuple(layer.path for layer in layers), shapes))
    return None


@models("keras.Model.load_weights")
def load_weights(self: Value, filepath: Value, skip_mismatch: Value = False, by_name: Value = False, **kwargs: Value) -> Value:
    """Model of ``Model.load_weights``: layer by layer the weights must have the shapes that were saved."""
    written = files().written(filepath)
    plain = skip_mismatch is False and by_name is False and not kwargs
    layers = _layers_of(self) if plain and isinstance(written, SavedWeights) else None
    if layers is not None and tuple(layer.path for layer in layers) == written.classes:
        for layer, shapes in zip(layers, written.shapes):
            if shapes is not None:
                compare(layer, [Array(shape, "float32") for shape in shapes])
    return None if keras_major() == 3 else fresh_unknown()


def _layers_of(model: Value) -> tuple[LayerObj, ...] | None:
    """Return a built model's layers, where they are Keras's own and none is a model."""
    state = model_state(model)
    if not isinstance(model, ModelObj) or state is None or state.broken or state.outputs is None:
        return None
    if not all(isinstance(v, LayerObj) for v in state.layers):
        return None
    return tuple(v for v in state.layers if v.path != "keras.layers.InputLayer")


# --- from a description --------------------------------------------------------------------------------------------------------


class _NotUnderstood(Exception):
    """A part of a description that is not known to us, or of which our models think that it cannot be."""


def _quietly(make: Callable[[], Value]) -> Value:
    """Return what `make` makes; unknown, and without a word, where it fails: a model that was saved was a working one."""

    def work() -> Value:
        made = make()
        if current().reports:
            raise _NotUnderstood
        return made

    try:
        return current().attempt(work)
    except _NotUnderstood:
        return fresh_unknown()


def _known(value: Value) -> Value:
    if isinstance(value, Unknown):
        raise _NotUnderstood
    return value


def _described(config: dict[str, Any], compiled: bool) -> Value:
    kind, inner = config.get("class_name"), config.get("config")
    if kind == "Sequential":
        made = _sequential(inner)
    elif kind in ("Functional", "Model"):
        made = _functional(inner)
    else:
        raise _NotUnderstood
    arguments = config.get("compile_config")
    if compiled and isinstance(arguments, dict) and arguments:
        call(host().attribute(made, "compile"), optimizer=UNKNOWN, loss=_loss(arguments.get("loss")), metrics=UNKNOWN)
    return made


def _loss(stored: Any) -> Value:
    if stored is None or isinstance(stored, str):
        return stored
    if isinstance(stored, dict) and stored.get("module") == "keras.losses" and isinstance(stored.get("config"), dict):
        given = {k: v for k, v in stored["config"].items() if isinstance(v, (bool, int, float, str)) and k != "dtype"}
        return call(Library(f"keras.losses.{stored.get('class_name')}"), **given)
    return UNKNOWN


def _layers(config: Any) -> list[dict[str, Any]]:
    found = config.get("layers") if isinstance(config, dict) else None
    if not isinstance(found, list) or len(found) > MOST_LAYERS or not all(isinstance(each, dict) for each in found):
        raise _NotUnderstood
    return found


def _sequential(config: Any) -> Value:
    made = [_input(each) if each.get("class_name") == "InputLayer" else _layer(each) for each in _layers(config)]
    return _known(call(Library("keras.Sequential"), ListObj(Seq(tuple(made)))))


def _input(stored: dict[str, Any]) -> Value:
    config = stored.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("batch_shape"), list):
        raise _NotUnderstood
    dtype = config.get("dtype")
    given: dict[str, Value] = {"batch_shape": _plain(config["batch_shape"]), "name": config.get("name")}
    return _known(call(Library("keras.Input"), **given, dtype=dtype if isinstance(dtype, str) else None))


def _layer(stored: dict[str, Any]) -> Value:
    """Return the layer (or the model within a model) that was stored."""
    kind, config = stored.get("class_name"), stored.get("config")
    if not isinstance(kind, str) or not isinstance(config, dict):
        raise _NotUnderstood
    if kind == "Sequential":
        return _sequential(config)
    if kind == "Functional":
        return _functional(config)
    path = f"keras.layers.{kind}"
    known = facts_of(path)
    if stored.get("module") != "keras.layers" or known is None:
        raise _NotUnderstood
    wanted = {name for name, _ in known.parameters} | {"name"}
    given = {name: _argument(value) for name, value in config.items() if name in wanted}
    if "backward_layer" in given and kind == "Bidirectional":
        # It is stored even where Keras made it of the other.
        del given["backward_layer"]
    return _known(call(Library(path), **given))


def _argument(value: Any) -> Value:
    if isinstance(value, dict):
        return _layer(value) if value.get("module") == "keras.layers" else UNKNOWN
    return _plain(value)


def _plain(value: Any) -> Value:
    """Return what is plain in JSON, lists as tuples: that is how shapes and sizes are stored."""
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else UNKNOWN


def _functional(config: Any) -> Value:
    tensors: dict[tuple[str, int, int], Value] = {}
    for each in _layers(config):
        name, nodes = each.get("name"), each.get("inbound_nodes")
        if not isinstance(name, str) or not isinstance(nodes, list):
            raise _NotUnderstood
        if each.get("class_name") == "InputLayer":
            tensors[name, 0, 0] = _input(each)
            continue
        layer = _callee(each)
        for number, node in enumerate(nodes):
            if not isinstance(node, dict) or not isinstance(node.get("args"), list) or not isinstance(node.get("kwargs"), dict):
                raise _NotUnderstood
            args = [_operand(a, tensors) for a in node["args"]]
            kwargs = {k: _operand(v, tensors) for k, v in node["kwargs"].items() if v is not None}
            result = _known(host().call(layer, args, kwargs))
            parts = result.items if isinstance(result, ListObj) else result if isinstance(result, tuple) else (result,)
            for index, part in enumerate(parts or ()):
                tensors[name, number, index] = part
    ends = [_ends(config.get(which), tensors) for which in ("input_layers", "output_layers")]
    return _known(call(Library("keras.Model"), *ends))


def _callee(stored: dict[str, Any]) -> Value:
    """Return what was called: a layer, or one of the operations that Keras records of arithmetic on symbolic tensors."""
    module, kind = stored.get("module"), stored.get("class_name")
    if isinstance(module, str) and module.startswith("keras.src.ops.") and isinstance(kind, str):
        path = "keras.ops." + "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).lstrip("_")
        config = stored.get("config")
        if lookup(path) is None or not isinstance(config, dict) or config.keys() - {"name", "dtype"}:
            raise _NotUnderstood
        return Library(path)
    return _layer(stored)


def _operand(stored: Any, tensors: dict[tuple[str, int, int], Value]) -> Value:
    if isinstance(stored, list):
        return ListObj(Seq(tuple(_operand(each, tensors) for each in stored)))
    if isinstance(stored, dict):
        config = stored.get("config")
        if stored.get("class_name") != "__keras_tensor__" or not isinstance(config, dict):
            raise _NotUnderstood
        return _tensor(config.get("keras_history"), tensors)
    return stored


def _ends(stored: Any, tensors: dict[tuple[str, int, int], Value]) -> Value:
    if isinstance(stored, list) and len(stored) == 3 and isinstance(stored[0], str):
        return _tensor(stored, tensors)
    if isinstance(stored, list) and stored:
        return ListObj(Seq(tuple(_tensor(each, tensors) for each in stored)))
    raise _NotUnderstood


def _tensor(history: Any, tensors: dict[tuple[str, int, int], Value]) -> Value:
    if not isinstance(history, list) or len(history) != 3 or not isinstance(history[0], str):
        raise _NotUnderstood
    found = tensors.get((history[0], history[1], history[2]))
    if not isinstance(found, Array):
        raise _NotUnderstood
    return found
