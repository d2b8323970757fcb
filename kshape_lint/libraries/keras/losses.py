"""Losses as the program names them: by string, class, object, function, or a function of its own; and losses called directly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...catalogue import facts
from ...interpreter.instances import InstanceObj, UserClass
from ...interpreter.values import UNKNOWN, Array, DictObj, LibObj, Library, ListObj, Unknown, Value
from ...interpreter.world import current
from ...records import field, record
from ...rules.contract import LabelRange, LabelsRank, LabelsSize
from ...rules.silent import LossBroadcasts, OneCategory
from ...shapes import Shape, same
from ..api import Mismatch, bases, call, call_traced, canonical, constant, host, keras_major, models, warn
from ..arraylike import as_array
from ..tensorflow.tracing import in_traced_step
from .engine_graph import Extremes, flatten_structure
from .losses_shapes import LOSSES, OVER_CLASSES, Outcome, Via, outcome
from .objects import History, LayerObj, model_state

_SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "kullbackleiblerdivergence": "kl_divergence",
    "huberloss": "huber",
    "ce": "crossentropy",
    "crossentropy": "crossentropy",
}
_BY_SPELLING = {name.replace("_", ""): name for name in LOSSES} | _SHORT
_BASES = ("keras.Loss", "keras.losses.Loss")


@record
class LossRef:
    """A loss that is understood: a built-in one by name, or one of the program's own.

    `shown` is how the program wrote it. `own` is what to call with (y_true, y_pred) where the program defines the loss; it is called
    ``adjusted`` by Keras (a rank that differs by one is bridged first) where it is a function.
    """

    name: str
    shown: str
    via: Via = "compiled"
    options: Mapping[str, Any] = field(default_factory=dict)
    own: Value = None
    adjusted: bool = True


def name_of(text: str) -> str | None:
    """Return the function name of the built-in loss that a string names, as ``compile`` reads it."""
    return _BY_SPELLING.get(text.replace("_", "").lower())


def resolve_loss(value: Value) -> LossRef | None:
    """Return the loss that a value given to ``compile`` stands for; None where that is not known."""
    if isinstance(value, str):
        name = name_of(value)
        return LossRef(name, value) if name is not None else None
    if isinstance(value, (Library, LibObj)):
        path = canonical(value.path)
        head, _, last = path.rpartition(".")
        if head in ("keras.losses", "keras.metrics"):
            name = name_of(last)
            options = value.state if isinstance(value, LibObj) and isinstance(value.state, dict) else {}
            return LossRef(name, last, options=options) if name is not None and name != "crossentropy" else None
        return None
    if isinstance(value, InstanceObj):
        if any(canonical(p) in _BASES for p in value.cls.library_bases()):
            return LossRef("", value.cls.name, own=_Method(value), adjusted=False)
        return LossRef("", value.cls.name, own=value)
    if value is None or isinstance(value, (Unknown, UserClass, DictObj, ListObj, tuple, bool, int, float, Array)):
        return None
    return LossRef("", str(getattr(value, "name", None) or "the loss"), own=value)


@record
class _Method:
    """The ``call`` of a loss object of the program's own class."""

    of: Value


def call_own(ref: LossRef, labels: Array, output: Array, length: int | None = None, *, again: bool = False) -> Value:
    """Call a loss of the program's own for a batch.

    What fails in it for any batch is told in it by Keras 3, by Keras 2 at the call in which it is traced; what fails for this length of a
    batch alone TensorFlow finds only when it runs what it has traced. `length` is that of the batches where all are of one. A call `again`
    is traced with the axes open that differ from before.
    """
    loss = host().attribute(ref.own.of, "call") if isinstance(ref.own, _Method) else ref.own
    if not in_traced_step():
        return call(loss, labels, output)
    if keras_major() >= 3 and not again:
        before = len(current().reports)
        result = call(loss, _open(labels, length), _open(output, length))
        errors = [r for r in current().reports[before:] if r.record.severity == "error"]
        failed = bool(errors)
        # The loss ends where it fails: labels that suit nothing in it are one mistake.
        later = set(map(id, errors[1:]))
        current().reports[before:] = [r for r in current().reports[before:] if id(r) not in later]
        if length is not None or failed or not (labels.shape and isinstance(labels.shape[0], int)):
            return result
        before = len(current().reports)
        result = call_traced(loss, labels, output)
        # What the program asks to see is what the trace sees.
        current().reports[before:] = [r for r in current().reports[before:] if not r.always]
        return result
    return call_traced(loss, labels, output)


def _open(a: Array, length: int | None) -> Array:
    return Array((length, *a.shape[1:]), a.dtype, "tensor", origin=a.origin) if a.shape else a


_DEEPEST_MODELS = 20
"""How many models in models are looked into for the last activation."""


def is_sigmoid(output: Value) -> bool:
    """Tell whether a symbolic output comes straight out of a sigmoid or softmax, whose input Keras 2 keeps and goes back to."""
    return last_activation(output) in ("sigmoid", "softmax")


def last_activation(output: Value) -> Value:
    """Return the name of the activation that a symbolic output comes straight out of, None where there is none or it is not known."""
    layer: Value = None
    for _ in range(_DEEPEST_MODELS):
        layer = output.history.layer if isinstance(output, Array) and isinstance(output.history, History) else None
        state = model_state(layer)
        ends = flatten_structure(state.outputs) if state is not None and state.outputs is not None else None
        if not ends or len(ends) != 1:
            break
        output = ends[0]
    if not isinstance(layer, LayerObj):
        return None
    activation = layer.config.get("activation")
    if isinstance(activation, Library):
        activation = activation.path.rpartition(".")[2]
    return activation


def choose_crossentropy(labels: Shape, output: Shape) -> str | None:
    """Return the loss that Keras 3 picks for ``"crossentropy"``."""
    if not labels or not output:
        return None
    if same(output[-1], 1):
        return "binary_crossentropy"
    if len(labels) < len(output) or (same(labels[-1], 1) and same(output[-1], 1) is False):
        return "sparse_categorical_crossentropy"
    return "categorical_crossentropy"


# Called directly ------------------------------------------------------------------------------------------------------------------


def _bound(path: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> dict[str, Value] | None:
    """Bind arguments by the signature that the catalogue has; None where they do not fit it."""
    signature = facts(keras_major()).LOSSES.get(path)
    if signature is None:
        return None
    names = [n for n, _ in signature.parameters]
    if len(args) > len(names) or any(k not in names for k in kwargs):
        return None
    return {**dict(zip(names, args)), **kwargs}


def _judge(name: str, shown: str, y: Array, p: Array, via: Via, options: Mapping[str, Any]) -> Outcome:
    if y.shape is None or p.shape is None:
        return Outcome("unknown")
    tensors = y.kind != "numpy" and p.kind != "numpy"
    result = outcome(name, y.shape, p.shape, major=keras_major(), via=via, sigmoid=is_sigmoid(p), tensors=tensors, options=options)
    if result.verdict == "raises":
        if len(y.shape) != len(p.shape):
            raise Mismatch(LabelsRank(shown, y.shape, p.shape), y, p)
        raise Mismatch(LabelsSize(shown, y.shape, p.shape), y, p)
    if result.stretched and y.shape:
        # One number for all outputs is meant for all of them.
        warn(LossBroadcasts(shown, y.shape, p.shape), y, p)
    elif name in OVER_CLASSES and p.shape and same(p.shape[-1], 1):
        warn(OneCategory(shown, p.shape), p)
    return result


def _result(shape: Shape | None, p: Array) -> Array:
    return Array(shape, "float32", "keras" if p.kind == "keras" else "tensor")


def _function(path: str, name: str) -> Callable[..., Value]:
    def loss_function(*args: Value, **kwargs: Value) -> Value:
        bound = _bound(path, args, kwargs)
        if bound is None:
            return UNKNOWN
        y, p = as_array(bound.pop("y_true", UNKNOWN)), as_array(bound.pop("y_pred", UNKNOWN))
        if y is None or p is None:
            return Array(None, "float32", "tensor")
        result = _judge(name, name, y, p, "function", bound)
        if result.verdict == "unknown" and result.values is None:
            return _result(None, p)
        return _result(result.values, p)

    return loss_function


def _class(path: str) -> Callable[..., Value]:
    def loss_class(*args: Value, **kwargs: Value) -> Value:
        bound = _bound(path, args, kwargs)
        return LibObj(path, bound if bound is not None else {"axis": UNKNOWN, "from_logits": UNKNOWN})

    return loss_class


def call_loss_object(self: Value, y_true: Value, y_pred: Value, sample_weight: Value = None) -> Value:
    """Model of ``loss(y_true, y_pred)`` for a loss object."""
    ref = resolve_loss(self)
    y, p = as_array(y_true), as_array(y_pred)
    if ref is None or y is None or p is None:
        return Array(None, "float32", "tensor")
    if ref.own is not None:
        call_own(ref, y, p)
        return Array(None, "float32", "tensor")
    result = _judge(ref.name, ref.shown, y, p, "object", ref.options)
    reduction = ref.options.get("reduction", "sum_over_batch_size")
    if isinstance(reduction, Library):
        reduction = {"NONE": "none", "SUM": "sum"}.get(reduction.path.rpartition(".")[2], "auto")
    if reduction in (None, "none"):
        return _result(result.values if sample_weight is None else None, p)
    return _result(() if isinstance(reduction, str) else None, p)


def class_name(function_name: str) -> str:
    """Return the class that belongs to a loss function."""
    special = {
        "log_cosh": "LogCosh",
        "kl_divergence": "KLDivergence",
        "ctc": "CTC",
        "categorical_generalized_cross_entropy": "CategoricalGeneralizedCrossEntropy",
    }
    return special.get(function_name) or "".join(part.capitalize() for part in function_name.split("_"))


for _name in LOSSES:
    _path = f"keras.losses.{_name}"
    models(_path)(_function(_path, _name))
    _path = f"keras.losses.{class_name(_name)}"
    models(_path)(_class(_path))
    bases(_path, "keras.Loss")
models("keras.Loss.__call__")(call_loss_object)
for _name in ("NONE", "SUM", "AUTO", "SUM_OVER_BATCH_SIZE"):
    constant(f"keras.losses.Reduction.{_name}", {"AUTO": "auto"}.get(_name, _name.lower()))


@models("keras.Loss.__init__")
def loss_init(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of the base constructor that a loss class of the program's own calls."""
    return None


@models("keras.losses.get", "keras.losses.deserialize")
def get(identifier: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of ``keras.losses.get``: a name becomes the function."""
    if isinstance(identifier, str):
        name = name_of(identifier)
        if name is None or name == "crossentropy":
            return UNKNOWN
        path = f"keras.losses.{name}"
        return LibObj(f"keras.losses.{class_name(name)}", {}) if identifier[:1].isupper() and "_" not in identifier else Library(path)
    return identifier


def label_range(labels: Array) -> tuple[int, int] | None:
    """Return the least and greatest label where they certainly occur."""
    values = labels.data
    if values is not None:
        known = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if known and len(known) == len(values):
            return int(min(known)), int(max(known))
        return None
    if labels.bounds is None or labels.shape is None:
        return None
    if any(d is not None and not isinstance(d, int) for d in labels.shape):
        # Who knows how many are left of them is likely some that were picked by what they are.
        return None
    low, high = labels.bounds
    if high != high or low != low or abs(low) > 1e9 or abs(high) > 1e9:
        return None
    many = labels.size
    # Bounds may be those of a draw or of a whole set of which this is a part: with enough elements the extremes do occur.
    if isinstance(many, int) and many < 8 * (high - low + 1):
        return None
    return int(low), int(high)


def extremes_of(numbers: Array) -> Extremes | None:
    """Return between which whole numbers those of an array lie, None where that is not known or they were drawn who knows how often."""
    exact = label_range(numbers)
    if exact is not None or numbers.data is not None:
        return None if exact is None else Extremes(*exact)
    many, bounds = numbers.size, numbers.bounds
    if not isinstance(many, int) or bounds is None or not all(isinstance(b, int) and abs(b) < 1e9 for b in bounds):
        return None
    return Extremes(int(bounds[0]), int(bounds[1]), many)


def check_range(labels: Array, output: Array, where: str, validation: bool = False) -> None:
    """Raise where a label is certainly no index of the outputs."""
    found = extremes_of(labels)
    if found is None or not output.shape or not isinstance(output.shape[-1], int):
        return
    if found.reach(output.shape[-1]) or found.negative:
        raise Mismatch(LabelRange(where, found.low, found.high, output.shape[-1], validation), labels, output)


__all__ = [
    "LossRef", "call_loss_object", "call_own", "check_range", "choose_crossentropy", "class_name", "extremes_of", "is_sigmoid",
    "name_of", "resolve_loss",
]  # fmt: skip
