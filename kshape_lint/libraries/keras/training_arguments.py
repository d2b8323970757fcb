"""What `fit` and its kin are given, held against itself: data beside data, weights beside labels, labels beside losses."""

from __future__ import annotations

from ...interpreter.frames import Function, Generator
from ...interpreter.instances import InstanceObj
from ...interpreter.values import OTHERS, Array, DictObj, LibObj, Library, ListObj, Unknown, Value
from ...records import replace
from ...rules.contract import FitArguments, SampleWeights
from ...shapes import at_least, show_shape
from ..api import Mismatch, host, items, keras_major
from ..tensorflow.data import dataset_state
from .engine_graph import children, leaves_of, settle
from .objects import LayerObj, ModelState, mark_broken, model_state, put_model_state
from .training_data import Feed, is_user_sequence, spec_of_iterator

OWN_LOSSES = "<own losses>"
"""Key, in a model state's ``extra`` and in a layer's configuration, that says ``add_loss`` was called on it."""


def source_of(x: Value) -> str | None:
    """Return what brings its own labels and weights, in Keras's words; None for arrays and what is not known."""
    if dataset_state(x) is not None:
        return "a tf.data.Dataset"
    if is_user_sequence(x) or spec_of_iterator(x) is not None:
        return "a PyDataset" if keras_major() >= 3 else "a Sequence"
    return "a generator" if isinstance(x, Generator) else None


def _given(value: Value) -> bool:
    """Tell whether data certainly are given: neither None nor what may be None."""
    return isinstance(value, (Array, tuple, ListObj, DictObj))


def refuse_beside(x: Value, y: Value, sample_weight: Value, validation_split: Value = 0.0) -> None:
    """Raise where labels, weights or a split are given beside what brings its own."""
    source = source_of(x)
    if source is None:
        return
    for value, name, what in ((y, "y", "labels"), (sample_weight, "sample_weight", "weights")):
        if _given(value):
            raise Mismatch(
                FitArguments(f"`{name}` is given beside {source}, whose elements must hold the {what} themselves", f"leave out `{name}`")
            )
    if isinstance(validation_split, (int, float)) and validation_split:
        hint = "split the data beforehand, with take() and skip()" if dataset_state(x) is not None else "split the data beforehand"
        raise Mismatch(FitArguments(f"validation_split goes with arrays only, x is {source}", hint))


def refuse_lists_within(x: Value) -> None:
    """Raise where a generator gives something else than a tuple, or a generator or sequence lists of arrays in its tuples (Keras 3)."""
    if keras_major() < 3:
        return
    if isinstance(x, Generator):
        steps = host().iterate(x)
        batch = settle(steps.items[0] if steps.items else steps.element)
        hint = "yield a tuple: (inputs, targets)"
        if isinstance(batch, ListObj):
            raise Mismatch(FitArguments("the generator yields a list, and Keras 3 wants a tuple", hint))
        if isinstance(batch, Array):
            raise Mismatch(
                FitArguments(f"the generator yields one array of shape {show_shape(batch.shape)}, and Keras 3 wants a tuple", "yield (x,)"),
                batch,
            )
        what = "generator yields"
    elif is_user_sequence(x):
        batch = settle(host().item(x, 0))
        what = "sequence gives"
    else:
        return
    for part in batch if isinstance(batch, tuple) else ():
        inside = items(part) if isinstance(part, ListObj) else None
        if inside and all(isinstance(p, Array) for p in inside):
            reason = f"the {what} a list of {len(inside)} arrays in its tuple, which TensorFlow does not take in Keras 3"
            raise Mismatch(FitArguments(reason, "make the list a tuple, or a dict by the inputs' names"), *inside[:1])


def refuse_split(feed: Feed, split: float) -> None:
    """Raise where ``validation_split`` leaves nothing on one side."""
    if isinstance(feed.samples, int) and feed.source == "arrays" and int(feed.samples * (1.0 - split)) in (0, feed.samples):
        many = f"{feed.samples} sample{'' if feed.samples == 1 else 's'}"
        raise Mismatch(FitArguments(f"validation_split={split} of {many} leaves none on one side"), *_arrays(feed.x))


def refuse_parts(feed: Feed) -> None:
    """Raise where an element of a dataset or generator has more than data, labels and weights."""
    if feed.parts > 3:
        what = "dataset's elements have" if feed.source == "dataset" else "batches have"
        hint = "put several inputs, or several targets, in a tuple or dict of their own: ((a, b), y)"
        raise Mismatch(FitArguments(f"the {what} {feed.parts} parts: Keras takes (x, y) or (x, y, sample_weight)", hint))


def _arrays(nest: Value) -> list[Value]:
    return [leaf for leaf in leaves_of(nest) if isinstance(leaf, Array)][:1]


def certain_loss(loss: Value) -> bool:
    """Tell whether something certainly is a loss, or losses without exception."""
    if isinstance(loss, (tuple, ListObj)):
        parts = items(loss)
        return bool(parts) and all(certain_loss(p) for p in parts or ())
    if isinstance(loss, DictObj):
        return bool(loss.state) and OTHERS not in loss.state and all(certain_loss(p) for p in loss.state.values())
    if isinstance(loss, (Library, LibObj)):
        return loss.path.startswith(("keras.", "tensorflow."))
    return isinstance(loss, (str, Function))


def refuse_without_loss(model: Value, state: ModelState, method: str) -> None:
    """Raise where there is certainly nothing to train on: no compiled loss, no regularizer, no ``add_loss``."""
    if state.compiled is None or ("loss" in state.compiled.arguments and state.compiled.arguments["loss"] is not None):
        return
    if keras_major() < 3 and method not in ("fit", "train_on_batch"):
        return
    if isinstance(model, InstanceObj) or state.form not in ("sequential", "functional") or not state.layers or state.extra.get(OWN_LOSSES):
        return
    if "partial" in state.extra or not all(_adds_no_loss(layer) for layer in state.layers):
        return
    raise Mismatch(FitArguments(f"{method}() has no loss to compute: compile() was given none", "model.compile(optimizer, loss=...)"))


def _adds_no_loss(layer: Value) -> bool:
    if not isinstance(layer, LayerObj) or not layer.path.startswith("keras.layers.") or layer.config.get(OWN_LOSSES):
        return False
    if layer.path in ("keras.layers.ActivityRegularization", "keras.layers.Lambda"):
        return False
    for key, value in layer.config.items():
        if key.endswith("_regularizer") and value is not None:
            return False
        if key in ("layer", "backward_layer", "cell", "cells") and value is not None:
            parts = children(value) if isinstance(value, (tuple, ListObj)) else [value]
            if parts is None or not all(_adds_no_loss(p) for p in parts):
                return False
    return True


def note_loss(target: Value) -> None:
    """Remember that ``add_loss`` was called on a layer or model."""
    state = model_state(target)
    if state is not None:
        put_model_state(target, replace(state, extra={**state.extra, OWN_LOSSES: True}))
    elif isinstance(target, LayerObj):
        target.config[OWN_LOSSES] = True


def refuse_class_weight(model: Value, feed: Feed, class_weight: Value) -> None:
    """Raise where ``class_weight`` is no dict, or does not go with the labels."""
    if class_weight is None or isinstance(class_weight, Unknown):
        return
    try:
        _check_class_weight(feed, class_weight)
    except Mismatch:
        mark_broken(model)
        raise


def _check_class_weight(feed: Feed, class_weight: Value) -> None:
    y = feed.y
    if isinstance(y, Unknown) or y is None or feed.source == "unknown":
        return
    parts = None if isinstance(y, Array) else children(y)
    if parts is not None:
        reason = f"class_weight goes with one output alone, the labels are given for {len(parts)}"
        raise Mismatch(SampleWeights(f"{reason} (a {'dict' if isinstance(y, DictObj) else 'list'})" if len(parts) == 1 else reason))
    if isinstance(class_weight, (ListObj, tuple, Array)):
        what = "a list" if isinstance(class_weight, ListObj) else "a tuple" if isinstance(class_weight, tuple) else "an array"
        raise Mismatch(SampleWeights(f"class_weight must be a dict from class to weight, got {what}; dict(enumerate(weights)) makes one"))
    if not isinstance(class_weight, DictObj) or not isinstance(y, Array):
        return
    keys = list(class_weight.state)
    if keras_major() < 3 and OTHERS not in keys and all(isinstance(k, (int, str)) for k in keys) and set(keys) != set(range(len(keys))):
        shown = ", ".join(map(repr, keys))
        raise Mismatch(SampleWeights(f"class_weight must have the keys 0 to {len(keys) - 1}, one for each class, got {shown}"))
    if keras_major() < 3 and OTHERS not in keys and keys and y.shape is not None and len(y.shape) == 1 and y.data:
        greatest = max((v for v in y.data if type(v) is int), default=0)
        if greatest >= len(keys):
            raise Mismatch(SampleWeights(f"class_weight has {len(keys)} classes, the labels hold {greatest}"), y)
    if keras_major() >= 3 and feed.source in ("arrays", "batch") and y.shape is not None and len(y.shape) >= 3:
        left = y.shape[1:-1]
        if len(left) >= 1 and any(d is not None and at_least(d, 2) is True for d in left):
            reason = f"class_weight goes with one label for each sample, the labels have shape {show_shape(y.shape)}"
            raise Mismatch(SampleWeights(f"{reason}; give sample_weight of the labels' shape"), y)


def weighted_by_class(feed: Feed, class_weight: Value) -> Feed:
    """Return data with the weights that Keras 3 makes of ``class_weight``: one for each sample, whatever shape its label has."""
    y = feed.y
    if keras_major() < 3 or feed.weights is not None or feed.source not in ("arrays", "batch"):
        return feed
    if not isinstance(class_weight, DictObj) or not isinstance(y, Array) or not y.shape:
        return feed
    return replace(feed, weights=Array(y.shape[:1], "float64", origin=y.origin), by_class=True)


def refuse_weight_nest(feed: Feed) -> None:
    """Raise where the weights of several outputs come in another form than the labels (Keras 3)."""
    if keras_major() < 3 or feed.source not in ("arrays", "batch") or isinstance(feed.weights, Array):
        return
    labels = children(feed.y) if isinstance(feed.y, tuple) else None
    if labels is None or len(labels) < 2:
        return
    if isinstance(feed.weights, DictObj):
        raise Mismatch(SampleWeights("sample_weight is a dict, the labels are a list: give one as the other"))
    weights = children(feed.weights) if isinstance(feed.weights, tuple) else None
    if weights is not None and len(weights) != len(labels):
        raise Mismatch(SampleWeights(f"sample_weight holds {len(weights)} arrays, the labels {len(labels)}"))
