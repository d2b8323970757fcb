"""Labels against outputs under the compiled losses: what Keras does with them, and which rule says so best."""

from __future__ import annotations

from ...interpreter.frames import BoundMethod, Function
from ...interpreter.instances import InstanceObj
from ...interpreter.values import Array, DictObj, LibObj, Library, ListObj, Origin, Unknown, Value
from ...interpreter.world import current
from ...records import record, replace
from ...rules.base import Rule
from ...rules.contract import FitArguments, LabelEncoding, LabelsRank, LabelsSize, OutputCount, SampleCounts, SampleWeights
from ...rules.silent import LossBroadcasts, OneCategory
from ...shapes import Dim, Shape, same, show_shape
from ..api import Mismatch, fresh, host, items, keras_major, warn
from .engine_graph import children, leaves_of
from .losses import LossRef, call_own, check_range, choose_crossentropy, is_sigmoid, last_activation, resolve_loss
from .losses_shapes import OVER_CLASSES, Outcome, Undecided, outcome, prepared, weighted
from .metrics import MetricRef, metric_outcome, resolve_metric
from .objects import History, LayerObj, ModelObj, ModelState
from .training_arguments import certain_loss
from .training_data import Feed

LABELLED = "<labelled>"
"""Key, in a model state's ``extra``, that says Keras 2 has put metrics on outputs in a dict, and asks no more how labels come."""

KEEP_BATCHES = frozenset(
    f"keras.layers.{name}"
    for name in (
        *(
            "Dense",
            "Dropout",
            "Flatten",
            "Activation",
            "BatchNormalization",
            "Conv1D",
            "Conv2D",
            "MaxPooling1D",
            "MaxPooling2D",
            "Embedding",
        ),
        *(
            "LSTM",
            "GRU",
            "SimpleRNN",
            "Bidirectional",
            "GlobalAveragePooling1D",
            "GlobalAveragePooling2D",
            "GlobalMaxPooling1D",
            "Rescaling",
        ),
        *("AveragePooling2D", "InputLayer", "LeakyReLU", "ReLU", "Softmax", "TimeDistributed"),
    )
)
"""Layers that give one row for each sample, and are used in most models."""


@record
class Pair:
    """One output with its labels, its loss and its weights. `symbolic` is the output as the model was built, if it is."""

    labels: Value
    output: Value
    loss: LossRef
    weights: Value = None
    name: str | None = None
    symbolic: Value = None
    metrics: tuple[MetricRef, ...] = ()
    own_metrics: tuple[LossRef, ...] = ()


def names_of(outputs: Value) -> list[str | None]:
    """Return the names of a model's symbolic outputs: the names of the layers they come from."""
    out: list[str | None] = []
    for leaf in leaves_of(outputs):
        layer = leaf.history.layer if isinstance(leaf, Array) and isinstance(leaf.history, History) else None
        name: Value = None
        if isinstance(layer, LayerObj):
            name = layer.config.get("name")
        elif isinstance(layer, ModelObj):
            name = layer.name
        out.append(name if isinstance(name, str) else None)
    return out


def _keys(value: Value) -> list[str] | None:
    """Return the keys of a dict whose keys are all known text."""
    if not isinstance(value, DictObj) or not isinstance(value.state, dict):
        return None
    keys = list(value.state)
    return keys if all(isinstance(k, str) for k in keys) else None


def pairs_of(state: ModelState, feed: Feed, outputs: Value) -> list[Pair]:
    """Return each output with the labels and the loss that Keras puts it together with. Raises where they do not correspond."""
    arguments = state.compiled.arguments if state.compiled is not None else {}
    loss = arguments.get("loss")
    if loss is None or isinstance(loss, Unknown) or isinstance(feed.y, Unknown):
        return []
    flat = leaves_of(outputs)
    if not flat or any(not isinstance(p, Array) for p in flat) or (len(flat) == 1 and flat[0].shape is None):
        return []
    if any(not isinstance(part, Array) for part in children(outputs) or ()):
        return []  # outputs within outputs, with labels built as they are
    symbolic: list[Value] = leaves_of(state.outputs) if state.outputs is not None else []
    if len(symbolic) != len(flat):
        symbolic = [None] * len(flat)
    by_key = sorted(_keys(outputs) or []) if isinstance(outputs, DictObj) else None
    names: list[str | None] = list(by_key) if by_key is not None else names_of(state.outputs)
    if len(names) != len(flat):
        names = [None] * len(flat)
    losses = _losses(loss, len(flat), names, by_key is not None)
    _check_loss_weights(loss, arguments.get("loss_weights"), len(flat), names, by_key is not None)
    _check_metrics([arguments.get("metrics"), arguments.get("weighted_metrics")], len(flat), names, by_key is not None)
    labels = _labels(feed.y, loss, len(flat), names, by_key is not None, LABELLED not in state.extra)
    weights = _per_output(feed.weights, len(flat), names)
    metrics = _metrics([arguments.get("metrics"), arguments.get("weighted_metrics")], len(flat), names)
    own = _own_metrics(arguments.get("metrics")) if len(flat) == 1 else ()
    return [
        Pair(y, p, ref, w, name if len(flat) > 1 else None, s, m, own)
        for y, p, refs, w, name, s, m in zip(labels, flat, losses, weights, names, symbolic, metrics)
        for ref in refs
    ]


def refuse_missing_labels(state: ModelState, feed: Feed, outputs: Value) -> None:
    """Raise where data come without labels to a model that was compiled with losses, of Keras's own or functions of the program."""
    if feed.y is not None or feed.source == "unknown" or state.compiled is None or not certain_loss(state.compiled.arguments.get("loss")):
        return
    data, results = leaves_of(feed.x), leaves_of(outputs)
    if data and results and all(isinstance(leaf, Array) for leaf in (*data, *results)):
        raise Mismatch(OutputCount("labels", 0, len(results)), *data[:1])


def _check_loss_weights(loss: Value, weights: Value, count: int, names: list[str | None], by_key: bool) -> None:
    """Raise where the weights of the losses correspond to no losses or outputs."""
    three = keras_major() >= 3
    if isinstance(weights, DictObj) and not three and not by_key:
        keys = _keys(weights)
        if keys is not None and None not in names:
            strangers = tuple(k for k in keys if k not in names)
            if strangers:
                raise Mismatch(OutputCount("loss weights", len(keys), count, strangers, tuple(n for n in names if n is not None)))
    elif isinstance(weights, (tuple, ListObj)) and three:
        losses = items(loss) if isinstance(loss, (tuple, ListObj)) else (loss,) if count == 1 and not isinstance(loss, DictObj) else None
        parts = items(weights)
        if losses and parts is not None and None not in losses and len(parts) != len(losses):
            raise Mismatch(OutputCount("loss weights", len(parts), len(losses)))


def _check_metrics(given: list[Value], count: int, names: list[str | None], by_key: bool) -> None:
    """Raise where metrics are given for another number of outputs, or for outputs that are not there."""
    three = keras_major() >= 3
    for metrics in given:
        if isinstance(metrics, (tuple, ListObj)) and three and count > 1 and not by_key:
            parts = items(metrics)
            if parts and len(parts) != count:
                raise Mismatch(OutputCount("metrics", len(parts), count))
        elif isinstance(metrics, DictObj) and not by_key and None not in names and (count > 1 or not three):
            keys = _keys(metrics)
            strangers = tuple(k for k in keys or () if k not in names)
            if keys is not None and strangers:
                raise Mismatch(OutputCount("metrics", len(keys), count, strangers, tuple(n for n in names if n is not None)))


def refuse_uneven_batches(state: ModelState, feed: Feed, validation: bool = False) -> None:
    """Raise where a sequence or generator gives more data than labels in a batch, or fewer, and the losses are Keras's own."""
    loss = state.compiled.arguments.get("loss") if state.compiled is not None else None
    if feed.source not in ("sequence", "generator") or state.form != "sequential" or not isinstance(loss, (str, Library, LibObj)):
        return
    if resolve_loss(loss) is None or not all(isinstance(layer, LayerObj) and layer.path in KEEP_BATCHES for layer in state.layers):
        return
    x, y = leaves_of(feed.x), leaves_of(feed.y)
    if len(x) != 1 or len(y) != 1 or not isinstance(x[0], Array) or not isinstance(y[0], Array) or not x[0].shape or not y[0].shape:
        return
    many, labels = x[0].shape[0], y[0].shape[0]
    if isinstance(many, int) and isinstance(labels, int) and many != labels and 1 not in (many, labels):
        raise Mismatch(SampleCounts((("x", many), ("y", labels)), validation), x[0], y[0])


def _metrics(given: list[Value], count: int, names: list[str | None]) -> list[tuple[MetricRef, ...]]:
    """Return the built-in metrics of each output, where it is plain which belong to which."""
    out: list[list[MetricRef]] = [[] for _ in range(count)]
    for metrics in given:
        if isinstance(metrics, DictObj) and _keys(metrics) is not None and None not in names:
            for position, name in enumerate(names):
                out[position].extend(_metric_refs(metrics.state.get(name)))
        elif count == 1:
            out[0].extend(_metric_refs(metrics))
        elif keras_major() < 3 or not isinstance(metrics, (tuple, ListObj)):
            continue
        else:
            parts = items(metrics)
            for position, part in enumerate(parts if parts is not None and len(parts) == count else ()):
                out[position].extend(_metric_refs(part))
    return [tuple(refs) for refs in out]


def _own_metrics(given: Value) -> tuple[LossRef, ...]:
    """Return the program's own functions and objects among the metrics of one output. Keras 3 gives them the labels as they are."""
    parts = items(given) if isinstance(given, (tuple, ListObj)) else (given,)
    refs = [resolve_loss(part) for part in parts or () if isinstance(part, (Function, BoundMethod))]
    updates = [update for update in map(_own_update, parts or ()) if update is not None]
    return (
        *(replace(ref, adjusted=keras_major() < 3) for ref in refs if ref is not None),
        *(LossRef(update.function.node.name, update.function.node.name, own=update, adjusted=False) for update in updates),
    )


def _own_update(metric: Value) -> BoundMethod | None:
    """Return the ``update_state`` that the program wrote for a metric."""
    if keras_major() < 3 or not isinstance(metric, InstanceObj) or "keras.Metric" not in metric.cls.library_bases():
        return None
    update = host().attribute(metric, "update_state")
    return update if isinstance(update, BoundMethod) else None


def _metric_refs(metrics: Value) -> list[MetricRef]:
    parts = items(metrics) if isinstance(metrics, (tuple, ListObj)) else (metrics,)
    found = [resolve_metric(m) for part in parts or () for m in (items(part) or () if isinstance(part, (tuple, ListObj)) else (part,))]
    return [ref for ref in found if ref is not None]


def _losses(loss: Value, count: int, names: list[str | None], by_key: bool) -> list[list[LossRef]]:
    none: list[list[LossRef]] = [[] for _ in range(count)]
    if isinstance(loss, DictObj):
        keys = _keys(loss)
        if keys is None or any(n is None for n in names):
            return none
        strangers = tuple(k for k in keys if k not in names)
        three = keras_major() >= 3
        if strangers and (three or not by_key):
            raise Mismatch(OutputCount("losses", len(keys), count, strangers, tuple(n for n in names if n is not None)))
        if three and not by_key and len(keys) < count:
            raise Mismatch(OutputCount("losses", len(keys), count))
        return [_resolved([loss.state.get(n)]) for n in names]
    if isinstance(loss, (tuple, ListObj)):
        parts = items(loss)
        if parts is None:
            return none
        if count == 1:
            return [_resolved(list(parts))]
        if keras_major() >= 3 and len(parts) > count and None not in parts:
            raise Mismatch(OutputCount("losses", len(parts), count))
        return [_resolved([p]) for p in parts] if len(parts) == count else none
    return [_resolved([loss]) for _ in range(count)]


def _resolved(losses: list[Value]) -> list[LossRef]:
    return [ref for ref in (resolve_loss(loss) for loss in losses) if ref is not None]


def _labels(y: Value, loss: Value, count: int, names: list[str | None], by_key: bool, first: bool) -> list[Value]:
    unknown: list[Value] = [None] * count
    if y is None:
        return unknown
    three = keras_major() >= 3
    partial = _is_partial(loss, count)
    given = _given_losses(loss)
    own = given is not None and any(map(_is_own, given))
    if three and by_key and own and isinstance(loss, (tuple, ListObj)) and given is not None and len(given) != count:
        # Each of the losses is called on the dicts themselves.
        raise Mismatch(OutputCount("losses", len(given), count), *_arrays(y))
    if isinstance(y, DictObj):
        keys = _keys(y)
        if three and count == 1 and keys and not by_key and (len(keys) > 1 or own):
            raise Mismatch(OutputCount("labels", len(keys), count), *_arrays(y))
        if keys is None or any(n is None for n in names) or (three and count == 1 and not by_key):
            return unknown
        strangers = tuple(k for k in keys if k not in names)
        if strangers and (_unlike(given, own, len(keys), count) if three and partial else not partial or (not three and not by_key)):
            raise Mismatch(OutputCount("labels", len(keys), count, strangers, tuple(n for n in names if n is not None)), *_arrays(y))
        if three and any(n not in keys for n in names) and (not partial or _unlike(given, own, len(keys), count)):
            raise Mismatch(OutputCount("labels", len(keys), count), *_arrays(y))
        return [y.state.get(n) for n in names]
    parts = children(y) if not isinstance(y, Array) else None
    if parts is None:
        if count == 1:
            return [y]
        if three and isinstance(y, Array) and not partial:
            raise Mismatch(OutputCount("labels", 1, count), y)
        return [y] * count if not three else unknown
    if by_key and not three and len(parts) > 1 and first:
        reason = "the model gives its outputs as a dict, the labels are a list or tuple, which Keras 2 does not take for them"
        raise Mismatch(FitArguments(reason, "give the labels as a dict with the outputs' keys"), *_arrays(y))
    if three and count == 1 and len(parts) > 1 and _unlike(given, own, len(parts), len(parts)):
        raise Mismatch(OutputCount("labels", len(parts), count), *_arrays(y))
    if len(parts) == count:
        return list(parts) if not by_key or three else unknown
    if count == 1 and not three:
        return parts[:1] or unknown
    # Keras 2 holds how labels are built against the outputs the first time alone.
    if (three and (not partial or _unlike(given, False, len(parts), count))) or (not three and not partial and not by_key):
        raise Mismatch(OutputCount("labels", len(parts), count), *_arrays(y))
    return unknown


def _given_losses(loss: Value) -> list[Value] | None:
    """Return the losses of `compile` one by one, those that are None left out; None where they are not all known."""
    if isinstance(loss, DictObj):
        parts: list[Value] | None = None if _keys(loss) is None else list(loss.state.values())
    elif isinstance(loss, (tuple, ListObj)):
        found = items(loss)
        parts = None if found is None else list(found)
    else:
        parts = [loss]
    if parts is None or any(isinstance(p, (Unknown, DictObj, ListObj, tuple)) for p in parts):
        return None
    return [p for p in parts if p is not None]


def _unlike(given: list[Value] | None, own: bool, labels: int, count: int) -> bool:
    """Tell whether Keras 3 certainly refuses labels that are not built as the outputs are.

    As many as there are outputs are packed anew, the keys of a dict in place of its values, which no loss of Keras's `own` takes; as many
    as there are losses are packed as these are; other numbers are refused.
    """
    return given is not None and (own if labels == count else labels != len(given))


def _is_own(loss: Value) -> bool:
    """Tell whether a loss certainly is one of Keras's own, alone."""
    return isinstance(loss, (str, Library)) or (isinstance(loss, LibObj) and loss.path.startswith("keras.losses."))


def _is_partial(loss: Value, count: int) -> bool:
    """Tell whether some outputs may go without a loss, so that fewer labels than outputs may be right."""
    if isinstance(loss, (tuple, ListObj)):
        parts = items(loss)
        return parts is None or None in parts or len(parts) != count
    if isinstance(loss, DictObj):
        keys = _keys(loss)
        return keys is None or len(keys) != count or None in loss.state.values()
    return False


def _arrays(nest: Value) -> list[Value]:
    return [leaf for leaf in leaves_of(nest) if isinstance(leaf, Array)][:1]


def _per_output(weights: Value, count: int, names: list[str | None]) -> list[Value]:
    if isinstance(weights, Array) or weights is None:
        return [weights] * count
    if isinstance(weights, DictObj) and _keys(weights) is not None:
        return [weights.state.get(n) for n in names]
    parts = children(weights)
    return list(parts) if parts is not None and len(parts) == count else [None] * count


def judge(pairs: list[Pair], feed: Feed, *, validation: bool = False) -> None:
    """Warn of what runs but is not meant, and raise the first mismatch."""
    failed: Mismatch | None = None
    for pair in pairs:
        try:
            judge_pair(pair, feed, validation=validation)
        except Mismatch as mismatch:
            failed = failed or mismatch
    if failed is not None:
        raise failed


def judge_pair(pair: Pair, feed: Feed, *, validation: bool = False) -> None:
    """Hold one output against its labels."""
    y, p, ref = pair.labels, pair.output, pair.loss
    if not isinstance(y, Array) or not isinstance(p, Array) or y.shape is None or p.shape is None:
        return
    sizes: tuple[Dim, ...] = feed.batches or (fresh("b"),)
    if ref.own is not None:
        failures = len(current().reports)
        _call_own(ref, y, p, sizes[0], feed)
        if all(r.record.severity != "error" for r in current().reports[failures:]):
            _call_metrics(pair, y, p, sizes[0], feed)
        return
    name = ref.name
    if name == "crossentropy":
        chosen = choose_crossentropy(y.shape, p.shape) if keras_major() >= 3 else None
        if chosen is None:
            return
        name = chosen
    sigmoid = is_sigmoid(pair.symbolic)
    results = [_outcome(name, ref, labels_in(y.shape, feed, b), output_in(p.shape, b), sigmoid, feed) for b in sizes]
    shown_p: Shape = (None, *p.shape[1:])
    for result in results:
        if result.verdict == "raises":
            raise Mismatch(rule_for(name, ref.shown, y, shown_p, pair.name, validation, feed), y, p)
    if results[0].stretched:
        warn(LossBroadcasts(ref.shown, y.shape, shown_p, pair.name, "validation labels" if validation else "labels"), y, p)
    elif name in OVER_CLASSES and p.shape and same(p.shape[-1], 1) and all(r.verdict == "runs" for r in results):
        warn(OneCategory(ref.shown, shown_p), p)
    elif p.shape and same(p.shape[-1], 1) and last_activation(pair.symbolic) == "softmax":
        warn(OneCategory("softmax", shown_p), p)
    if name == "sparse_categorical_crossentropy":
        check_range(y, p, f"an output of {p.shape[-1]!r} units" if p.shape else "the output", validation)
    for metric in pair.metrics:
        for b in sizes:
            if _metric_outcome(metric, labels_in(y.shape, feed, b), output_in(p.shape, b), sigmoid, feed).verdict == "raises":
                raise Mismatch(rule_for("", f"the metric {metric.shown}", y, shown_p, pair.name, validation, feed), y, p)
    _call_metrics(pair, y, p, sizes[0], feed)
    if isinstance(pair.weights, Array) and pair.weights.shape is not None and results[0].values is not None:
        _check_weights(pair.weights, results[0].values, p.shape, sizes[0], feed)


def _call_metrics(pair: Pair, y: Array, p: Array, batch: Dim, feed: Feed) -> None:
    """Run the program's own metrics on one batch."""
    for metric in pair.own_metrics:
        _call_own(metric, y, p, batch, feed)


def _given_by_model(p: Array) -> Origin | None:
    """Return the origin of an output as the program's own losses and metrics get it: it is what the model gave."""
    shape = (None, *p.shape[1:]) if p.shape else p.shape
    if p.origin is not None:
        return p.origin.given_by_model(shape)
    under_way = getattr(host(), "node", None)
    node = getattr(under_way, "origin", None)
    return None if node is None else Origin(node, under_way, shape).given_by_model()


def _outcome(name: str, ref: LossRef, y: Shape, p: Shape, sigmoid: bool, feed: Feed) -> Outcome:
    return outcome(name, y, p, major=keras_major(), via="compiled", sigmoid=sigmoid, dynamic=_dynamic(feed), options=ref.options)


def _metric_outcome(metric: MetricRef, y: Shape, p: Shape, sigmoid: bool, feed: Feed) -> Outcome:
    return metric_outcome(metric, y, p, major=keras_major(), sigmoid=sigmoid, dynamic=_dynamic(feed))


def _dynamic(feed: Feed) -> bool:
    """Tell whether Keras learns of the data's shapes only as they come."""
    return keras_major() < 3 and feed.source in ("generator", "sequence")


def labels_in(shape: Shape, feed: Feed, batch: Dim) -> Shape:
    """Return the labels of one batch."""
    if not shape or feed.source == "batch" or feed.batched == 0:
        return shape
    return (batch, *shape[1:])


def output_in(shape: Shape, batch: Dim) -> Shape:
    """Return the output for one batch: one row for each sample, whatever the model's own code made us think of its batch axis."""
    return (batch, *shape[1:]) if shape else shape


def _call_own(ref: LossRef, y: Array, p: Array, batch: Dim, feed: Feed) -> None:
    """Run a loss or metric of the program's own on one batch."""
    assert y.shape is not None and p.shape is not None
    length: Dim = batch if isinstance(batch, int) else None
    labels: Shape = (length, *y.shape[1:]) if y.shape else y.shape
    output: Shape = (length, *p.shape[1:]) if p.shape else p.shape
    if ref.adjusted:
        try:
            labels, output = prepared(labels, output, major=keras_major(), via="compiled")
        except Undecided:
            return
    dtype = "float32" if keras_major() >= 3 or (y.dtype or "").startswith("float") else y.dtype
    operands = (Array(labels, dtype, "tensor", origin=y.origin), Array(output, p.dtype or "float32", "tensor", origin=_given_by_model(p)))
    call_own(ref, *operands, length=feed.length, again=feed.again)


def _check_weights(weights: Array, values: Shape, output: Shape, batch: Dim, feed: Feed) -> None:
    assert weights.shape is not None
    shape = labels_in(weights.shape, feed, batch)
    if keras_major() == 2 and len(shape) == 1 and len(output) == 2:
        shape = (*shape, 1)
    if weighted(values, shape, major=keras_major()).verdict == "raises":
        told = show_shape((None, *values[1:])) if values else "()"
        if feed.by_class:
            reason = f"class_weight gives one weight for each sample, the losses have shape {told}"
            raise Mismatch(SampleWeights(f"{reason}; give sample_weight of the labels' shape"), weights)
        raise Mismatch(
            SampleWeights(f"sample_weight of shape {show_shape(weights.shape)} does not go with losses of shape {told}"), weights
        )


def rule_for(name: str, shown: str, y: Array, output: Shape, output_name: str | None, validation: bool, feed: Feed) -> Rule:
    """Return the finding that says best what the user must change."""
    labels = y.shape or ()
    if name in ("categorical_crossentropy", "categorical_focal_crossentropy") and _integers(labels, output):
        return LabelEncoding(shown, labels, output, output_name, validation)
    counted = y.bounds is not None and y.bounds[1] > 1 and _agree(labels[-1:], output[-1:]) is False
    if name == "sparse_categorical_crossentropy" and _one_hot(labels, output) and not counted:
        return LabelEncoding(shown, labels, output, output_name, validation, one_hot=True)
    if len(labels) == len(output) or (len(labels) == 1 and len(output) == 2):
        unless: Dim = None
        if len(labels) == 1 and len(output) == 2 and name not in ("categorical_crossentropy", "binary_crossentropy") and keras_major() >= 3:
            known = feed.batches and all(isinstance(b, int) for b in feed.batches) and isinstance(feed.samples, int)
            unless = None if known else output[-1]
        return LabelsSize(shown, labels, output, output_name, validation, unless)
    return LabelsRank(shown, labels, output, output_name, validation)


def _integers(labels: Shape, output: Shape) -> bool:
    """Tell whether labels look like one integer for each place of the output."""
    places = output[:-1]
    if not output or same(output[-1], 1) or (len(labels) > 1 and len(labels) != len(output) and same(labels[-1], output[-1])):
        return False
    if len(labels) == len(places) + 1:
        if same(labels[-1], 1) is not True:
            return False
        labels = labels[:-1]
    return len(labels) == len(places) and all(same(a, b) is not False for a, b in zip(labels[1:], places[1:]))


def _agree(a: Shape, b: Shape) -> bool | None:
    return same(a[0], b[0]) if a and b else None


def _one_hot(labels: Shape, output: Shape) -> bool:
    """Tell whether labels look like one row of classes for each place of the output."""
    if len(labels) != len(output) or len(labels) < 2:
        return False
    return same(labels[-1], 1) is False and all(same(a, b) is not False for a, b in zip(labels[1:-1], output[1:-1]))
