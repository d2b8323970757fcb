"""compile, fit, evaluate, predict and their kin: where data, model and loss meet."""

from __future__ import annotations

from typing import Any

from ...interpreter.frames import PyRaise
from ...interpreter.instances import InstanceObj
from ...interpreter.values import OTHERS, UNKNOWN, AnyScalar, Array, DictObj, LibObj, ListObj, ResultList, Seq, Unknown, Value
from ...interpreter.world import current
from ...records import replace
from ...rules.contract import SampleWeights, UsedTooEarly
from ...shapes import UNKNOWN_DIM, Dim, Poly, at_least, same
from ..api import Mismatch, as_dim, host, items, keras_major, models
from ..tensorflow.data import UNDIVIDED, dataset_state
from ..tensorflow.tracing import step
from ..understanding import CONTRACTS, count
from .engine_graph import leaves_of, map_structure
from .losses import resolve_loss
from .metrics import result_name
from .models_saved import keep
from .models_user import user_method
from .objects import TRACED, Compiled, ModelState, mark_broken, model_state, put_model_state
from .training_arguments import (
    note_loss,
    refuse_beside,
    refuse_class_weight,
    refuse_lists_within,
    refuse_parts,
    refuse_split,
    refuse_weight_nest,
    refuse_without_loss,
    weighted_by_class,
)
from .training_callbacks import ask
from .training_data import Feed, batch_sizes, check_counts, check_numbers, lists_as_arrays, read, structure, traced_length
from .training_inputs import forward, refuse_other_batches, takes_text
from .training_labels import LABELLED, judge, pairs_of, refuse_missing_labels, refuse_uneven_batches
from .training_traces import check_trace, traced_before

HISTORY = "keras.callbacks.History"
NEED_LABELS = {3: ("fit", "evaluate", "train_on_batch", "test_on_batch"), 2: ("fit", "train_on_batch")}
"""Methods that raise, by Keras major, where a model compiled with a loss is given no labels."""

_COMPILE_3 = (
    "optimizer",
    "loss",
    "loss_weights",
    "metrics",
    "weighted_metrics",
    "run_eagerly",
    "steps_per_execution",
    "jit_compile",
    "auto_scale_loss",
)
_COMPILE_2 = ("optimizer", "loss", "metrics", "loss_weights", "weighted_metrics", "run_eagerly", "steps_per_execution", "jit_compile")


@models("keras.Model.compile")
def compile_(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``compile``: remembers what it was given; the two Kerases order positional arguments differently."""
    state = model_state(self)
    if state is not None:
        names = _COMPILE_3 if keras_major() >= 3 else _COMPILE_2
        arguments = {**dict(zip(names, args)), **kwargs}
        extra = {k: v for k, v in state.extra.items() if k not in (TRACED, LABELLED)}
        put_model_state(self, replace(state, compiled=Compiled(arguments), extra=extra))
    return None


def overridden(model: Value, *names: str) -> bool:
    """Tell whether the program's own class replaces one of these methods, so that Keras's own steps say nothing."""
    return isinstance(model, InstanceObj) and any(user_method(model, name) for name in names)


def _settle(value: Value) -> Value:
    """Return a number as a plain int, unknown where it is not known."""
    return value if value is None or isinstance(value, (int, float, Poly)) else UNKNOWN


def ready(model: Value, method: str, *, compiled: bool) -> bool:
    """Tell whether anything can be said of a call on this model; raise where it was not compiled and must be."""
    state = model_state(model)
    if state is None or state.broken:
        count(CONTRACTS, ())
        return False
    if compiled and state.compiled is None and not overridden(model, "compile", method):
        mark_broken(model)
        raise Mismatch(UsedTooEarly(f"{method}()"))
    return True


def _count(validation: bool, *sides: Value) -> None:
    """Count a contract: its sides are the data, what the model makes of them, and the labels where there are any."""
    leaves = [leaf for side in sides if side is not None for leaf in leaves_of(side)]
    count(CONTRACTS, leaves, "validation" if validation else "training")


def contract(model: Value, feed: Feed, method: str, *, training: bool, labels: bool, validation: bool = False) -> Value:
    """Hold data and labels against a model and its losses; return the outputs.

    Where that ends in an error, warnings met on the way are dropped, and the model is broken.
    """

    def run() -> Value:
        try:
            refuse_parts(feed)
            check_counts(feed, validation)
            check_numbers(feed, lambda: takes_text(model))
            outputs = forward(model, feed, method, training)
        except Mismatch:
            _count(validation, feed.x)
            raise
        _count(validation, feed.x, outputs, feed.y if labels else None)
        state = model_state(model)
        if state is not None and not state.broken:
            refuse_other_batches(state, feed, "evaluate" if validation else method)
        if labels and state is not None and not state.broken:
            refuse_without_loss(model, state, "evaluate" if validation else method)
            refuse_weight_nest(feed)
        if labels and not isinstance(outputs, Unknown) and state is not None and not state.broken:
            if ("evaluate" if validation else method) in NEED_LABELS[keras_major()]:
                refuse_missing_labels(state, feed, outputs)
            refuse_uneven_batches(state, feed, validation)
            seen = replace(feed, again=traced_before(state, "evaluate" if validation else method))
            judge(pairs_of(state, seen, outputs), seen, validation=validation)
            if isinstance(outputs, DictObj) and keras_major() < 3:
                put_model_state(model, replace(state, extra={**state.extra, LABELLED: True}))
        if method in ("fit", "evaluate", "predict"):
            check_trace(model, feed, "evaluate" if validation else method, labels=labels)
        return outputs

    try:
        with step(eagerly=runs_eagerly(model)):
            return current().attempt(run)
    except Mismatch:
        mark_broken(model)
        raise


def runs_eagerly(model: Value) -> bool:
    """Tell whether a model's steps may be run eagerly, as ``compile`` was told."""
    state = model_state(model)
    return state is not None and state.compiled is not None and state.compiled.arguments.get("run_eagerly") not in (None, False)


def own_step(model: Value, name: str, feed: Feed) -> None:
    """Run the program's own ``train_step`` or ``test_step`` on one batch, packed as Keras packs it; what it returns is not looked at."""
    _count(False, feed.x, feed.y)
    try:
        check_counts(feed)  # Keras cuts the batches itself, whatever is done with them.
    except Mismatch:
        mark_broken(model)
        raise
    method = host().attribute(model, name) if isinstance(model, InstanceObj) and user_method(model, name) else None
    parameters = getattr(getattr(getattr(method, "function", None), "node", None), "params", ())
    if len(parameters) != 2 or any(p.kind not in ("positional", "normal") for p in parameters):
        # Such as JAX's steps, which also take and return the state.
        return
    x, y, weights = (map_structure(_open_batch, side) if feed.source == "arrays" else side for side in (feed.x, feed.y, feed.weights))
    data: Value = x if y is None and not isinstance(x, tuple) else tuple(side for side in (x, y, weights) if side is not None)
    if isinstance(data, Array) and feed.source != "unknown" and data.shape is not None:
        data = Array(data.shape, data.dtype, data.kind, bounds=data.bounds, history=UNDIVIDED, origin=data.origin)
    if isinstance(feed.x, Unknown):
        data = UNKNOWN
    try:
        with step(eagerly=runs_eagerly(model)):
            host().call(method, (data,), {})
    except PyRaise:
        return


def own_loss(model: Value, feed: Feed, outputs: Value) -> None:
    """Run the program's own ``compute_loss`` on one batch."""
    if not isinstance(model, InstanceObj) or not user_method(model, "compute_loss") or isinstance(outputs, Unknown):
        return
    method = host().attribute(model, "compute_loss")
    parameters = getattr(getattr(getattr(method, "function", None), "node", None), "params", ())
    sides = [map_structure(_open_batch, side) if feed.source == "arrays" else side for side in (feed.x, feed.y, outputs, feed.weights)]
    named = dict(zip(("x", "y", "y_pred", "sample_weight"), sides)) | {"training": True}
    taken = {p.name for p in parameters if p.kind in ("normal", "keyword")}
    if {"x", "y", "y_pred"} - taken or any(isinstance(leaf, Unknown) for side in sides for leaf in leaves_of(side)):
        return
    try:
        with step(eagerly=runs_eagerly(model)):
            host().call(method, (), {k: v for k, v in named.items() if k in taken})
    except PyRaise:
        return


@models("keras.Model.compute_loss")
def compute_loss(
    self: Value, x: Value = None, y: Value = None, y_pred: Value = None, sample_weight: Value = None, training: Value = True
) -> Value:
    """Model of ``compute_loss``, as steps of the program's own call it: the labels are held against the outputs."""
    state = model_state(self)
    if state is not None and not state.broken and y is not None:
        feed = Feed(UNKNOWN, structure(y), structure(sample_weight), "dataset")
        judge(pairs_of(state, feed, structure(y_pred)), feed)
    return Array((), "float32", "tensor") if state is not None and _all_reduced(state) else UNKNOWN


_REDUCING = ("mean", "sum", "sum_over_batch_size", "mean_with_sample_weight")


def _all_reduced(state: ModelState) -> bool:
    """Tell whether a model was compiled with losses of which each gives one number: it may be told not to, with ``reduction="none"``."""
    losses = leaves_of(state.compiled.arguments.get("loss")) if state.compiled is not None else []
    for each in losses:
        found = resolve_loss(each)
        if isinstance(each, Unknown) or (found is not None and found.options.get("reduction", "mean") not in _REDUCING):
            return False
    return bool(losses)


@models("keras.Model.compiled_loss", kind="property")
def compiled_loss(self: Value) -> Value:
    """Model of ``compiled_loss``: the losses of ``compile``, to be called on labels and outputs."""
    return LibObj(COMPILED_LOSS, {"model": self})


COMPILED_LOSS = "<compiled loss>"


@models(f"{COMPILED_LOSS}.__call__")
def call_compiled_loss(self: Value, y_true: Value = None, y_pred: Value = None, sample_weight: Value = None, **kwargs: Value) -> Value:
    """Model of calling ``model.compiled_loss``."""
    if not isinstance(self, LibObj) or not isinstance(self.state, dict):
        return UNKNOWN
    return compute_loss(self.state["model"], None, y_true, y_pred, sample_weight)


def _open_batch(leaf: Value) -> Value:
    """Return an array of all samples as a batch of it arrives in a step: a tensor whose first axis Keras leaves open."""
    if not isinstance(leaf, Array):
        return leaf
    return Array((None, *leaf.shape[1:]) if leaf.shape else leaf.shape, leaf.dtype, "tensor", bounds=leaf.bounds, origin=leaf.origin)


@models("keras.Model.fit")
def fit(
    self: Value,
    x: Value = None,
    y: Value = None,
    batch_size: Value = None,
    epochs: Value = 1,
    verbose: Value = "auto",
    callbacks: Value = None,
    validation_split: Value = 0.0,
    validation_data: Value = None,
    shuffle: Value = True,
    class_weight: Value = None,
    sample_weight: Value = None,
    initial_epoch: Value = 0,
    steps_per_epoch: Value = None,
    validation_steps: Value = None,
    validation_batch_size: Value = None,
    validation_freq: Value = 1,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Model of ``fit``."""
    if "nb_epoch" in kwargs:
        epochs = kwargs["nb_epoch"]
    history = make_history(epochs)
    if not ready(self, "fit", compiled=True):
        return history
    keep(self, callbacks)
    refuse_both_weights(self, sample_weight, class_weight)
    refuse_beside(x, y, sample_weight, validation_split if validation_data is None else 0.0)
    refuse_lists_within(x)
    if keras_major() < 3:
        x, y = _as_lists_2(x, y)
    feed = read(x, y, sample_weight, batch_size=_settle(batch_size), steps=_settle(steps_per_epoch))
    if _is_fraction(validation_split) and validation_data is None:
        refuse_split(feed, validation_split)
        feed = without_validation(feed, validation_split, batch_size, steps_per_epoch)
    labels = not overridden(self, "train_step", "compute_loss", "make_train_function")
    refuse_class_weight(self, feed, class_weight)
    if at_least(as_dim(epochs), 1) is False:
        return history
    if overridden(self, "train_step", "make_train_function"):
        own_step(self, "train_step", feed)
        ask(self, callbacks)
        return history
    outputs = contract(self, weighted_by_class(feed, class_weight), "fit", training=True, labels=labels)
    own_loss(self, feed, outputs)
    if validation_data is not None and not isinstance(validation_data, Unknown) and not overridden(self, "test_step"):
        size = validation_batch_size if validation_batch_size is not None else batch_size
        seldom = isinstance(validation_freq, int) and isinstance(epochs, int) and validation_freq > epochs
        held = read_validation(validation_data, _settle(size), _settle(validation_steps))
        if held is not None and not seldom:
            contract(self, held, "fit", training=False, labels=labels, validation=True)
    ask(self, callbacks)
    return history


def _is_fraction(value: Value) -> bool:
    return isinstance(value, (int, float)) and 0 < value <= 1


def _as_lists_2(x: Value, y: Value) -> tuple[Value, Value]:
    """Return data as Keras 2 takes them: x and y that are both plain lists become arrays."""
    new_x, new_y = lists_as_arrays(x), lists_as_arrays(y)
    if y is None or (new_x is not x and new_y is not y):
        return new_x, new_y
    return x, y


def refuse_both_weights(model: Value, sample_weight: Value, class_weight: Value) -> None:
    """Raise where samples are weighted in two ways at once."""
    if isinstance(sample_weight, Array) and isinstance(class_weight, DictObj):
        mark_broken(model)
        raise Mismatch(SampleWeights("sample_weight and class_weight cannot be given together"), sample_weight)


def without_validation(feed: Feed, split: float, batch_size: Value, steps: Value) -> Feed:
    """Return the data without the part that ``validation_split`` sets aside (what is left has the same shapes)."""
    samples: Dim = UNKNOWN_DIM
    batches, length = feed.batches, feed.length
    if isinstance(feed.samples, int):
        samples = int(feed.samples * (1.0 - split))
        batches = batch_sizes(samples, _settle(batch_size), _settle(steps))
        length = traced_length(samples, _settle(batch_size), _settle(steps))

    def cut(leaf: Value) -> Value:
        # x says where all are split and where they end: what is longer loses its rest, and nobody complains.
        if not isinstance(leaf, Array) or not leaf.shape or same(leaf.shape[0], feed.samples) is True:
            return leaf
        count = leaf.shape[0]
        first = min(count, feed.samples) if isinstance(count, int) and isinstance(feed.samples, int) else UNKNOWN_DIM
        return Array((first, *leaf.shape[1:]), leaf.dtype, leaf.kind, bounds=leaf.bounds, origin=leaf.origin)

    if feed.source == "arrays":
        feed = replace(feed, y=map_structure(cut, feed.y), weights=map_structure(cut, feed.weights))
    return replace(feed, batches=batches, length=length)


def read_validation(data: Value, batch_size: Value, steps: Value) -> Feed | None:
    """Read ``validation_data``: a pair or triple as a tuple or list, or what x itself may be."""
    parts = items(data)
    if parts is None and isinstance(data, ListObj):
        return None
    if parts is not None:
        if not (1 if keras_major() >= 3 else 2) <= len(parts) <= 3:
            return None
        x, y, weights = (*parts, None, None)[:3]
        if keras_major() < 3:
            x, y = _as_lists_2(x, y)
        return read(x, y, weights, batch_size=batch_size, steps=steps)
    if isinstance(data, Array) and keras_major() < 3:
        return None
    return read(data, batch_size=batch_size, steps=steps)


def make_history(epochs: Value) -> LibObj:
    """Return what ``fit`` returns."""
    length = as_dim(epochs)
    curve = ListObj(Seq(None, UNKNOWN, UNKNOWN_DIM if length is None else length))
    return LibObj(HISTORY, {"history": DictObj({OTHERS: curve})})


@models(HISTORY + ".history", kind="property")
def history_curves(self: Value) -> Value:
    """Model of ``history.history``: one curve for each metric."""
    return self.state["history"] if isinstance(self, LibObj) and isinstance(self.state, dict) else UNKNOWN


@models("keras.Model.evaluate")
def evaluate(
    self: Value,
    x: Value = None,
    y: Value = None,
    batch_size: Value = None,
    verbose: Value = "auto",
    sample_weight: Value = None,
    steps: Value = None,
    callbacks: Value = None,
    *args: Value,
    return_dict: Value = False,
    **kwargs: Value,
) -> Value:
    """Model of ``evaluate``: the loss, or the loss and the metrics."""
    if not ready(self, "evaluate", compiled=True):
        return UNKNOWN
    refuse_beside(x, y, sample_weight)
    refuse_lists_within(x)
    if keras_major() < 3:
        x, y = _as_lists_2(x, y)
    feed = read(x, y, sample_weight, batch_size=_settle(batch_size), steps=_settle(steps))
    if overridden(self, "test_step", "make_test_function"):
        own_step(self, "test_step", feed)
        return UNKNOWN
    contract(self, feed, "evaluate", training=False, labels=not overridden(self, "compute_loss"))
    if return_dict is True:
        return DictObj({OTHERS: UNKNOWN})
    return scores(self)


def scores(model: Value) -> Value:
    """Return what ``evaluate`` and ``train_on_batch`` return: a number, or a list with one number more than there are metrics."""
    state = model_state(model)
    if state is None or state.compiled is None or state.form == "subclass" or isinstance(model, InstanceObj):
        return UNKNOWN
    if len(leaves_of(state.outputs)) != 1 or state.compiled.arguments.get("weighted_metrics") is not None:
        return UNKNOWN
    metrics = state.compiled.arguments.get("metrics")
    if metrics is None:
        return UNKNOWN
    parts = items(metrics)
    names = [result_name(m) for m in parts or ()]
    # Metrics of one name are told once.
    if parts is None or not parts or None in names or len(set(names)) != len(names):
        return UNKNOWN
    return ResultList(Seq((AnyScalar("float64"),) * (1 + len(parts))))


@models("keras.Model.predict")
def predict(
    self: Value,
    x: Value = None,
    batch_size: Value = None,
    verbose: Value = "auto",
    steps: Value = None,
    callbacks: Value = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Model of ``predict``: a NumPy array for each output, one row for each sample."""
    if not ready(self, "predict", compiled=False) or overridden(self, "predict_step", "make_predict_function"):
        return UNKNOWN
    if keras_major() < 3:
        x = lists_as_arrays(x)
    feed = read(x, batch_size=_settle(batch_size), steps=_settle(steps), predicting=True)
    outputs = contract(self, feed, "predict", training=False, labels=False)
    rows = feed.samples if feed.source == "arrays" and steps is None else UNKNOWN_DIM
    state = dataset_state(x)
    if state is not None and state.batched == 1 and steps is None and state.samples is not UNKNOWN_DIM:
        rows = state.samples
    made = predicted(outputs, rows)
    return ResultList(made.state) if type(made) is ListObj else made


def predicted(outputs: Value, rows: Dim) -> Value:
    """Return a model's outputs as ``predict`` gives them: NumPy arrays of so many rows."""

    def exchange(leaf: Value) -> Value:
        if not isinstance(leaf, Array):
            return leaf
        if leaf.shape is None:
            return Array(None, leaf.dtype, "numpy")
        if not leaf.shape:
            return Array(None, leaf.dtype, "numpy")
        length = rows if leaf.shape[0] is None else UNKNOWN_DIM
        return Array((length, *(UNKNOWN_DIM if d is None else d for d in leaf.shape[1:])), leaf.dtype or "float32", "numpy")

    return map_structure(exchange, outputs)


def _on_batch(model: Value, method: str, x: Value, y: Value, weights: Value, labels: bool, training: bool) -> Value:
    feed = read(x, y, weights, one_batch=True)
    return contract(model, feed, method, training=training, labels=labels)


@models("keras.Model.train_on_batch")
def train_on_batch(
    self: Value,
    x: Value = None,
    y: Value = None,
    sample_weight: Value = None,
    class_weight: Value = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Model of ``train_on_batch``."""
    if not ready(self, "train_on_batch", compiled=True) or overridden(self, "train_step", "make_train_function"):
        return UNKNOWN
    refuse_class_weight(self, read(x, y, sample_weight, one_batch=True), class_weight)
    _on_batch(self, "train_on_batch", x, y, sample_weight, not overridden(self, "compute_loss"), True)
    return DictObj({OTHERS: UNKNOWN}) if kwargs.get("return_dict") is True else scores(self)


@models("keras.Model.test_on_batch")
def test_on_batch(self: Value, x: Value = None, y: Value = None, sample_weight: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``test_on_batch``."""
    if not ready(self, "test_on_batch", compiled=True) or overridden(self, "test_step", "make_test_function"):
        return UNKNOWN
    _on_batch(self, "test_on_batch", x, y, sample_weight, not overridden(self, "compute_loss"), False)
    return DictObj({OTHERS: UNKNOWN}) if kwargs.get("return_dict") is True else scores(self)


@models("keras.Model.predict_on_batch")
def predict_on_batch(self: Value, x: Value = None) -> Value:
    """Model of ``predict_on_batch``."""
    if not ready(self, "predict_on_batch", compiled=False) or overridden(self, "predict_step", "make_predict_function"):
        return UNKNOWN
    outputs = _on_batch(self, "predict_on_batch", x, None, None, False, False)
    return map_structure(_as_numpy, outputs)


def _as_numpy(leaf: Value) -> Value:
    if not isinstance(leaf, Array):
        return leaf
    shape = None if leaf.shape is None else tuple(UNKNOWN_DIM if d is None else d for d in leaf.shape)
    return Array(shape, leaf.dtype or "float32", "numpy", origin=leaf.origin)


@models("keras.layers.Layer.add_loss", "keras.Model.add_loss")
def add_loss(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``add_loss``: what it adds is not looked at."""
    note_loss(self)
    return None


@models("keras.Model.fit_generator")
def fit_generator(
    self: Value,
    generator: Value = None,
    steps_per_epoch: Value = None,
    epochs: Value = 1,
    verbose: Value = 1,
    callbacks: Value = None,
    validation_data: Value = None,
    validation_steps: Value = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Model of ``fit_generator``, the name of old: `fit` takes generators itself today."""
    kept: dict[str, Any] = {
        k: v for k, v in kwargs.items() if k in ("validation_freq", "class_weight", "initial_epoch", "shuffle", "nb_epoch")
    }
    return fit(
        self,
        generator,
        epochs=epochs,
        steps_per_epoch=steps_per_epoch,
        validation_data=validation_data,
        validation_steps=validation_steps,
        **kept,
    )


@models("keras.Model.evaluate_generator")
def evaluate_generator(self: Value, generator: Value = None, steps: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``evaluate_generator``, the name of old."""
    return evaluate(self, generator, steps=steps)


@models("keras.Model.predict_generator")
def predict_generator(self: Value, generator: Value = None, steps: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``predict_generator``, the name of old."""
    return predict(self, generator, steps=steps)


@models("keras.Model.add_metric", "keras.Model.reset_metrics", "keras.Model.reset_states")
def no_result(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of methods that leave shapes alone."""
    return None
