"""Models that are saved and loaded: one that the program has saved comes back as it was, one on the disk by its description."""

from __future__ import annotations

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, LibObj, Value, fresh_unknown
from ...records import record, replace
from ...shapes import Shape
from ..api import files, items, keras_major, models
from ..files import NOTHING
from .models_described import described
from .models_weights import compare, refuse_open, weights_of
from .objects import Compiled, LayerObj, ModelObj, ModelState, model_state, put_model_state


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
    if written is not NOTHING or not isinstance(filepath, str):
        return fresh_unknown()
    # A class of the program's own goes by its bare name in an HDF5 file, which may be that of one of Keras's.
    old = filepath.endswith((".h5", ".hdf5")) and custom_objects is None
    if not old and (not filepath.endswith(".keras") or keras_major() == 2):
        return fresh_unknown()
    config = files().config(filepath)
    return fresh_unknown() if config is None else described(config, compile is not False)


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
    """Model of ``Model.save_weights``, which Keras 3 refuses before the model is built."""
    if keras_major() >= 3:
        refuse_open(self, "save_weights()")
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
    if keras_major() >= 3:
        refuse_open(self, "load_weights()")
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
