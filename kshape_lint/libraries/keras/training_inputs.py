"""Data into a model at fit, evaluate and predict: the engine says whether it goes, this module which rule explains it best."""

from __future__ import annotations

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, Unknown, Value
from ...interpreter.world import current
from ...records import replace
from ...rules.base import Rule
from ...rules.contract import DatasetBatching, IndexRange, InputRank, InputSize, MissingBatchAxis, SampleCountDeclared, UnknownRank
from ...rules.layers import LayerRank
from ...shapes import UNKNOWN_DIM, Poly, Shape, is_exact, same
from ..api import Mismatch, keras_major
from ..tensorflow.data import UNRANKED
from ..tensorflow.tracing import first_trace
from .engine import call_with
from .engine_graph import flatten_structure, leaves_of, map_structure
from .engine_inputs import could_be
from .objects import LayerObj, ModelState, model_state, put_model_state
from .training_data import Feed, with_batch_axis
from .training_traces import is_first, of_unknown_rank, traced_anew, traced_before

FITTING = ("fit", "evaluate", "train_on_batch")

STATEFUL = ("keras.layers.LSTM", "keras.layers.GRU", "keras.layers.SimpleRNN")

TEXT_LAYERS = (
    "TextVectorization",
    "StringLookup",
    "Hashing",
    "Lambda",
    "HashedCrossing",
    "CategoryEncoding",
    "IntegerLookup",
    "TFSMLayer",
    "FeatureSpace",
)


def takes_text(model: Value) -> bool:
    """Tell whether a model may take text, or objects: unless its first layer is certainly one for numbers."""
    state = model_state(model)
    if state is None or state.form == "subclass":
        return True
    for leaf in leaves_of(state.inputs) if state.inputs is not None else ():
        if isinstance(leaf, Array) and leaf.dtype not in ("float32", "float64", "float16", "bfloat16", None):
            return True
    for layer in state.layers:
        if not isinstance(layer, LayerObj):
            return True
        name = layer.path.rpartition(".")[2]
        if name in TEXT_LAYERS or not layer.path.startswith("keras."):
            return True
        if name != "InputLayer" and state.form == "sequential":
            return False
    return state.form == "sequential"


def forward(model: Value, feed: Feed, method: str, training: bool) -> Value:
    """Return what the model gives for the data, `UNKNOWN` where that cannot be told; raise what fits best where it refuses them."""
    x = feed.x
    refuse_unranked(model, feed, method)
    if isinstance(x, Unknown) or x is None or any(not isinstance(leaf, Array) for leaf in leaves_of(x)):
        return UNKNOWN
    before = model_state(model)
    seen = as_seen(feed, before)
    if before is not None and method in FITTING:
        refuse_sample_count(model, before, seen, feed)
    traced = "evaluate" if method == "fit" and not training else method
    try:
        with first_trace(certain=is_first(before, seen, feed, traced)):
            return call_with(model, (seen,), training_argument(model, training), training=training)
    except Mismatch as mismatch:
        if before is not None and of_unknown_rank(before, seen, feed, traced):
            put_model_state(model, before)
            return UNKNOWN
        if before is not None and isinstance(mismatch.record, InputSize):
            output = traced_anew(before, seen, feed, traced)
            if output is not None:
                return output
        indices = isinstance(mismatch.record, IndexRange)
        better = explained(mismatch.record, before, feed, method) if before is not None and not indices else None
        if better is None:
            raise
        raise Mismatch(better, _culprit(_leaves(x), mismatch), *mismatch.blame[1:]) from None


def _culprit(given: list[Value], mismatch: Mismatch) -> Value:
    """Return that of the arrays given which the model refused, as the program has it and not as one batch of it."""
    refused = mismatch.blame[0] if mismatch.blame else None
    if isinstance(refused, Array) and refused.origin is not None:
        return next((a for a in given if isinstance(a, Array) and a.origin is refused.origin), given[0])
    return given[0]


def as_seen(feed: Feed, state: ModelState | None) -> Value:
    """Return the data as the model sees them: arrays in batches; open axes as long as the model declares them."""
    x = feed.x
    wanted = flatten_structure(state.inputs) if state is not None and state.inputs is not None else None
    if feed.source == "arrays":
        batch = wanted[0].shape[0] if wanted and wanted[0].shape else None
        x = with_batch_axis(x, batch if isinstance(batch, int) else None, every=feed.every and not jitted(state))
    given = leaves_of(x)
    if wanted is None or len(given) != len(wanted):
        return x
    refs = iter(wanted)

    def fill(leaf: Value) -> Value:
        ref = next(refs)
        if (
            not isinstance(leaf, Array)
            or leaf.shape is None
            or ref.shape is None
            or len(leaf.shape) != len(ref.shape)
            or None not in leaf.shape[1:]
        ):
            return leaf
        shape = (leaf.shape[0], *(r if d is None else d for d, r in zip(leaf.shape[1:], ref.shape[1:])))
        return Array(shape, leaf.dtype, leaf.kind, bounds=leaf.bounds, origin=leaf.origin)

    return map_structure(fill, x)


def jitted(state: ModelState | None) -> bool:
    """Tell whether a model may be compiled by XLA, which takes an index that is too great for the greatest."""
    return state is not None and state.compiled is not None and state.compiled.arguments.get("jit_compile") not in (None, False, "auto")


def refuse_unranked(model: Value, feed: Feed, method: str) -> None:
    """Raise where tensors whose rank TensorFlow does not know reach a model that must know it."""
    state = model_state(model)
    if state is None or state.form == "subclass" or feed.source != "dataset" or method not in FITTING:
        return
    if keras_major() < 3 and state.inputs is not None:
        return
    for leaf in leaves_of(feed.x):
        if isinstance(leaf, Array) and leaf.shape is None and leaf.history is UNRANKED:
            raise Mismatch(UnknownRank(), leaf)


def refuse_other_batches(state: ModelState, feed: Feed, method: str) -> None:
    """Raise where a batch of arrays is of another size than the one that a stateful model keeps states for.

    One sample is stretched, but where Keras 3 knows in its first trace that it is one.
    """
    start = state.inputs
    if feed.source != "arrays" or not isinstance(start, Array) or not start.shape or not isinstance(start.shape[0], int):
        return
    stateful = any(isinstance(v, LayerObj) and v.path in STATEFUL and v.config.get("stateful") is True for v in state.layers)
    x = feed.x
    if not stateful or not isinstance(x, Array) or not x.shape:
        return
    one = keras_major() == 3 and (method == "predict" or feed.length == 1) and not traced_before(state, method)
    for place, size in enumerate(feed.batches):
        if isinstance(size, int) and size != start.shape[0] and (size != 1 or (one and place == 0)):
            raise Mismatch(InputSize((size, *x.shape[1:]), start.shape), x, start)


class _Undo(Exception):
    """Ends a trial whose traces must not stay."""


def refuse_sample_count(model: Value, state: ModelState, seen: Value, feed: Feed) -> None:
    """Raise where the model was declared with the number of samples of unseen data, and its layers depend on that axis.

    ``input_shape=(X.shape[0],)`` would be right for as many samples as there are features, and only then; that is no excuse. To see whether
    a layer minds, the data are tried with an axis that is one longer than the declared one.
    """
    x = feed.x
    declared = flatten_structure(state.inputs) if state.inputs is not None else None
    if feed.source != "arrays" or not isinstance(x, Array) or not isinstance(seen, Array) or declared is None or len(declared) != 1:
        return
    given, expected = x.shape, declared[0].shape
    if given is None or seen.shape is None or expected is None or not counts_declared(given, expected):
        return
    if len(given) < 2 or not isinstance(expected[1], Poly) or same(given[1], expected[1]) is not None:
        return
    other = Array((seen.shape[0], expected[1] + 1, *seen.shape[2:]), seen.dtype, "tensor")

    def trial() -> Value:
        call_with(model, (other,), training_argument(model, True))
        raise _Undo

    try:
        current().attempt(trial)
    except _Undo:
        return
    except Mismatch as mismatch:
        raise Mismatch(SampleCountDeclared(given, expected), x, *mismatch.blame[1:]) from None


def training_argument(model: Value, training: bool) -> dict[str, Value]:
    """Return the ``training`` argument where the program's own ``call`` demands one."""
    if not isinstance(model, InstanceObj):
        return {}
    for cls in model.cls.mro():
        own = getattr(cls, "variables", None)
        if own is not None and "call" in own:
            return {"training": training} if "training" in parameter_names(own["call"]) else {}
    return {}


def parameter_names(function: Value) -> tuple[str, ...]:
    """Return the names of the parameters of a function of the program's, none where they are not known."""
    names = getattr(function, "parameters", None)
    if names is None:
        names = getattr(getattr(function, "node", None), "parameters", None)
    out: list[str] = []
    for p in names or ():
        name = p if isinstance(p, str) else getattr(p, "name", None)
        if isinstance(name, str):
            out.append(name)
    return tuple(out)


def _leaves(nest: Value) -> list[Array]:
    return [leaf for leaf in leaves_of(nest) if isinstance(leaf, Array)]


def explained(record: Rule, state: ModelState, feed: Feed, method: str) -> Rule | None:
    """Return the finding that explains a refusal best, None where the one at hand does."""
    given = _leaves(feed.x)
    wanted = flatten_structure(state.inputs) if state.inputs is not None else None
    if feed.batched is not None and feed.batched >= 2 and wanted is not None and len(given) == len(wanted) == 1:
        shape, expected = given[0].shape, wanted[0].shape
        if shape is not None and expected is not None:
            return DatasetBatching(shape, expected, twice=True)
    if wanted is not None and len(wanted) == len(given):
        for x, ref in zip(given, wanted):
            if x.shape is not None and ref.shape is not None:
                found = against_declared(x.shape, ref.shape, feed, method)
                if found is not None:
                    return found
        if isinstance(record, (InputRank, InputSize, MissingBatchAxis)):
            for x in given:
                if x.shape is not None and len(x.shape) == len(record.given) and x.shape[1:] == record.given[1:]:
                    return replace(record, given=x.shape)
        return None
    if wanted is None and len(given) == 1 and given[0].shape is not None and isinstance(record, LayerRank):
        return against_layer(record, given[0].shape, feed)
    return None


def against_declared(given: Shape, expected: Shape, feed: Feed, method: str) -> Rule | None:
    """Explain data by the input that the model was declared with."""
    if feed.source == "dataset":
        if feed.batched == 0 and len(given) == len(expected) - 1:
            return DatasetBatching(given, expected)
        if feed.batched is not None and feed.batched >= 2 and len(given) == len(expected) + 1:
            return DatasetBatching(given, expected, twice=True)
        return None
    # The length of a batch is no number of samples.
    if feed.source == "arrays" and method in FITTING and counts_declared(given, expected):
        return SampleCountDeclared(given, expected)
    if len(given) == len(expected) - 1 and method in ("predict", "predict_on_batch") and could_be(given, expected[1:]):
        return MissingBatchAxis(given, expected)
    return None


def counts_declared(given: Shape, expected: Shape) -> bool:
    """Tell whether the declared shape holds the number of samples: ``X.shape``, or ``(X.shape[0], ...)``."""
    if len(expected) < 2 or not given or not is_exact(given[0]) or given[0] == 1 or not same(expected[1], given[0]):
        return False
    if len(expected) == len(given) + 1:
        return all(same(a, b) is True for a, b in zip(expected[1:], given))
    return len(expected) == len(given) and len(given) >= 2 and same(expected[1], given[1]) is not True


def against_layer(record: LayerRank, given: Shape, feed: Feed) -> Rule | None:
    """Explain data by the first layer of a model that has no declared input."""
    if len(record.shape) != len(given):
        return None
    if any(same(a, b) is False for a, b in zip(record.shape[1:], given[1:])):
        return None
    rank = record.rank if record.rank is not None else record.min_rank if len(given) < (record.min_rank or 0) else record.max_rank
    if rank is None:
        return None
    expected: Shape = (None, *(UNKNOWN_DIM for _ in range(rank - 1)))
    if feed.source == "dataset":
        if feed.batched == 0 and len(given) == rank - 1:
            return DatasetBatching(given, expected)
        if feed.batched is not None and feed.batched >= 2 and len(given) == rank + 1:
            return DatasetBatching(given, expected, twice=True)
    return InputRank(given, expected)
