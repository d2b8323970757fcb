"""What is fed to a model: arrays, frames, datasets, generators and sequences, read as nests of arrays with a batch axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from ...interpreter.frames import Generator
from ...interpreter.instances import InstanceObj
from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Iteration, LibObj, ListObj, Obj, Seq, SetObj, Unknown, Value
from ...records import record
from ...rules.contract import InputRank, PlainLists, SampleCounts, TextData
from ...shapes import UNKNOWN_DIM, Dim, Poly, at_least, is_exact, same
from ..api import Mismatch, as_shape, canonical, host, keras_major
from ..arraylike import as_array, nested
from ..tensorflow.data import dataset_state
from .engine_graph import leaves_of, map_structure
from .losses import extremes_of

Source: TypeAlias = Literal["arrays", "batch", "dataset", "generator", "sequence", "unknown"]

SEQUENCES = ("keras.utils.PyDataset", "keras.utils.Sequence")

FLOW = "keras.preprocessing.image.Iterator"
"""Path of what yields batches of images; its state has a ``spec``, as a dataset's."""

DEFAULT_BATCH = 32


@record
class Feed:
    """What one call feeds: nests of arrays whose first axis is the batch (or all samples, where `source` is "arrays").

    A nest is an `Array`, a tuple or a `DictObj` of nests, None, or `UNKNOWN`. `batches` are the sizes of batch that will certainly be met,
    none where that is not known. `batched` is how often a dataset was batched. `parts` is how many parts an element of a dataset or
    generator has, where they are more or fewer than Keras takes. `by_class` says that the weights come of ``class_weight``,
    `every` that all samples are certainly used. `length` is that of the batch axis as a trace sees it: None where batches of several
    lengths come. `again` says that the method was traced before, with the axes left open that differ now.
    """

    x: Value = UNKNOWN
    y: Value = None
    weights: Value = None
    source: Source = "unknown"
    samples: Dim = UNKNOWN_DIM
    batches: tuple[Dim, ...] = ()
    batched: int | None = None
    parts: int = 0
    again: bool = False
    length: int | None = None
    by_class: bool = False
    every: bool = False


UNKNOWN_FEED = Feed(UNKNOWN, UNKNOWN, UNKNOWN)


def spec_of_iterator(value: Value) -> Value | None:
    """Return one batch, (x, y) and so on, of a library object that yields batches; None for what is none."""
    if isinstance(value, LibObj) and (value.path == FLOW or value.path.startswith(FLOW + ".")):
        spec = getattr(value.state, "spec", None)
        return spec if spec is not None else UNKNOWN
    return None


def is_user_sequence(value: Value) -> bool:
    """Tell whether a value is an object of the program's own ``keras.utils.Sequence`` (or PyDataset) class."""
    return isinstance(value, InstanceObj) and any(canonical(p) in SEQUENCES for p in value.cls.library_bases())


def read(
    x: Value,
    y: Value = None,
    weights: Value = None,
    *,
    batch_size: Value = None,
    steps: Value = None,
    one_batch: bool = False,
    predicting: bool = False,
) -> Feed:
    """Return what is known of the data given to `fit` and its kin. Raises where Keras certainly refuses them for what they are."""
    state = dataset_state(x)
    if state is not None:
        return unpack(
            _plain_spec(state.spec), "dataset", predicting, batched=state.batched, batches=_dataset_batches(state.batch_size, state.samples)
        )
    spec = spec_of_iterator(x)
    if spec is not None:
        return unpack(spec, "sequence", predicting)
    if is_user_sequence(x):
        return unpack(structure(host().item(x, 0)), "sequence", predicting)
    if isinstance(x, (Iteration, Generator)):
        return unpack(structure(_first(x)), "generator", predicting)
    refuse_lists(x, y, weights, one_batch)
    feed_x, feed_y, feed_w = (structure(side, in_columns=not one_batch) for side in (x, y, weights))
    refuse_scalars(feed_x, feed_y)
    samples = first_length(feed_x)
    if one_batch:
        whole = samples if isinstance(samples, int) else None
        return Feed(feed_x, feed_y, feed_w, "batch", samples, (samples,) if is_exact(samples) else (), length=whole)
    if isinstance(feed_x, Unknown):
        return Feed(feed_x, feed_y, feed_w, "unknown")
    sizes = batch_sizes(samples, batch_size, steps)
    length = traced_length(samples, batch_size, steps)
    return Feed(feed_x, feed_y, feed_w, "arrays", samples, sizes, length=length, every=steps is None)


def refuse_scalars(x: Value, y: Value) -> None:
    """Raise where a NumPy scalar is fed, which has no axis of samples: ``x[0]`` of an array of one axis."""
    for nest, what in ((x, "data"), (y, "labels")):
        for leaf in leaves_of(nest):
            if isinstance(leaf, Array) and leaf.shape == () and leaf.kind == "numpy":
                raise Mismatch(InputRank((), (None,), what=what), leaf)


def _first(value: Value) -> Value:
    steps = value if isinstance(value, Iteration) else host().iterate(value)
    if not isinstance(steps, Iteration):
        return UNKNOWN
    if steps.items is not None:
        return steps.items[0] if steps.items else UNKNOWN
    return steps.element


def _plain_spec(spec: Value) -> Value:
    if isinstance(spec, dict):
        return DictObj({k: _plain_spec(v) for k, v in spec.items()})
    if type(spec) is tuple:
        return tuple(_plain_spec(v) for v in spec)
    return spec


def _dataset_batches(size: Dim, samples: Dim) -> tuple[Dim, ...]:
    if not isinstance(size, int) or size < 1:
        return ()
    if isinstance(samples, int):
        return (samples,) if samples <= size else (size,)
    return (size,)


def unpack(batch: Value, source: Source, predicting: bool, *, batched: int | None = None, batches: tuple[Dim, ...] = ()) -> Feed:
    """Split one batch of a dataset or generator into data, labels and weights, as Keras does."""
    if isinstance(batch, Unknown):
        return Feed(UNKNOWN, UNKNOWN, UNKNOWN, source, batched=batched)
    parts: tuple[Value, ...] = batch if isinstance(batch, tuple) else (batch,)
    if not 1 <= len(parts) <= 3:
        return Feed(UNKNOWN, UNKNOWN, UNKNOWN, source, parts=len(parts))
    x = parts[0]
    length = first_length(x)
    if not batches and is_exact(length):
        batches = (length,)
    y = parts[1] if len(parts) > 1 else None
    weights = parts[2] if len(parts) > 2 else None
    return Feed(x, None if predicting else y, None if predicting else weights, source, UNKNOWN_DIM, batches, batched)


def structure(value: Value, *, in_columns: bool = False) -> Value:
    """Return data as a nest of arrays; what is not understood is `UNKNOWN` in it.

    `in_columns` makes a matrix of one column of a pandas Series, as `fit` and its kin do.
    """
    if value is None or isinstance(value, (Unknown, Array)):
        return value
    if isinstance(value, tuple):
        return tuple(structure(v, in_columns=in_columns) for v in value)
    if isinstance(value, ListObj):
        state = value.state
        if not isinstance(state, Seq) or state.items is None:
            return UNKNOWN
        return tuple(structure(v, in_columns=in_columns) for v in state.items)
    if isinstance(value, DictObj):
        content = value.state
        if not isinstance(content, dict) or OTHERS in content:
            return UNKNOWN
        return DictObj({k: structure(v, in_columns=in_columns) for k, v in content.items()})
    found = as_array(value) if isinstance(value, Obj) else None
    if found is not None:
        if in_columns and found.shape is not None and len(found.shape) == 1 and isinstance(value, LibObj) and value.path == "pandas.Series":
            return Array((found.shape[0], 1), found.dtype, bounds=found.bounds, origin=found.origin)
        return found
    if isinstance(value, (LibObj, InstanceObj)) and host().has_attribute(value, "shape") is True:
        shape = as_shape(host().attribute(value, "shape"))
        return Array(shape) if shape is not None else UNKNOWN
    return UNKNOWN


def lists_as_arrays(value: Value) -> Value:
    """Return data with plain lists of numbers made arrays, as Keras 2 does."""
    made = nested(value) if isinstance(value, (tuple, ListObj)) and is_plain(value) else None
    return made if made is not None else value


def is_plain(value: Value) -> bool:
    """Tell whether a list or tuple certainly holds numbers (or text), however deep."""
    return isinstance(_first_inside(value), (int, float, Poly, str))


def _first_inside(value: Value) -> Value:
    """Return the first thing in nested lists and tuples that is none itself, None where there is none."""
    for _ in range(8):
        if isinstance(value, tuple):
            if not value:
                return None
            value = value[0]
        elif isinstance(value, ListObj):
            state = value.state
            if not isinstance(state, Seq):
                return None
            if state.items is not None:
                if not state.items:
                    return None
                value = state.items[0]
            else:
                value = state.element
        else:
            break
    return value


def refuse_lists(x: Value, y: Value, weights: Value, one_batch: bool) -> None:
    """Raise where plain lists stand for arrays."""
    plain = {name: isinstance(v, (tuple, ListObj, SetObj)) and is_plain(v) for name, v in (("x", x), ("y", y), ("sample_weight", weights))}
    if keras_major() >= 3 or one_batch:
        for name, is_list in plain.items():
            if is_list and not (one_batch and name != "x"):
                inside = _first_inside({"x": x, "y": y}.get(name, weights))
                raise Mismatch(PlainLists(name, "text" if isinstance(inside, str) else "numbers"))
        return
    if plain["sample_weight"] and not plain["x"] and isinstance(structure(x), Array):
        # Keras 2 takes a list of weights for one for each output.
        raise Mismatch(PlainLists("sample_weight"))
    if plain["x"] != plain["y"] and y is not None and not isinstance(y, Unknown) and not isinstance(x, Unknown):
        known_other = isinstance(structure(x if plain["y"] else y), Array)
        if known_other:
            raise Mismatch(PlainLists("x" if plain["x"] else "y"))


def first_length(nest: Value) -> Dim:
    """Return the length of the first axis of the first array in a nest."""
    for leaf in leaves_of(nest):
        if isinstance(leaf, Array) and leaf.shape:
            return leaf.shape[0]
    return UNKNOWN_DIM


def traced_length(samples: Dim, batch_size: Value, steps: Value) -> int | None:
    """Return how long the batch axis of arrays is in a trace: batches are of one length where they use up all samples."""
    if batch_size is None:
        batch_size = DEFAULT_BATCH if steps is None else None
    whole = isinstance(samples, int) and isinstance(batch_size, int) and batch_size > 0 and samples % batch_size == 0
    return batch_size if whole else None


def batch_sizes(samples: Dim, batch_size: Value, steps: Value) -> tuple[Dim, ...]:
    """Return the sizes of batch that arrays of so many samples are cut into."""
    if batch_size is None:
        if steps is not None:
            if isinstance(steps, int) and isinstance(samples, int) and steps > 0:
                return (-(-samples // steps),)
            return ()
        batch_size = DEFAULT_BATCH
    if not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size < 1:
        if is_exact(samples) and is_exact(batch_size) and same(samples, batch_size):
            return (samples,)
        return ()
    if isinstance(samples, int):
        if samples <= batch_size:
            return (samples,)
        rest = samples % batch_size
        return (batch_size, rest) if rest and steps is None else (batch_size,)
    # Of unseen data the script itself assumes that there are enough for one batch.
    return (batch_size,) if is_exact(samples) or at_least(samples, batch_size) is None else ()


def check_counts(feed: Feed, validation: bool = False) -> None:
    """Raise where arrays hold different numbers of samples."""
    if feed.source not in ("arrays", "batch"):
        return
    seen: list[tuple[str, Dim, Array]] = []
    for name, nest in (("x", feed.x), ("y", feed.y), ("sample_weight", feed.weights)):
        leaves = [(leaf.shape[0], leaf) for leaf in leaves_of(nest) if isinstance(leaf, Array) and leaf.shape]
        for index, (length, leaf) in enumerate(leaves):
            seen.append((name if len(leaves) == 1 else f"{name}[{index}]", length, leaf))
    for position, (label, count, leaf) in enumerate(seen):
        for other, length, against in seen[:position]:
            if same(count, length) is False:
                raise Mismatch(SampleCounts(((other, length), (label, count)), validation), leaf, against)


def check_numbers(feed: Feed, takes_text: Callable[[], bool]) -> None:
    """Raise where text or objects are given for numbers."""
    for name, nest in (("x", feed.x), ("y", feed.y)):
        for leaf in leaves_of(nest):
            if not isinstance(leaf, Array) or leaf.dtype not in ("str", "object") or not leaf.shape:
                continue
            if leaf.dtype == "str" and keras_major() >= 3 and leaf.kind == "numpy" and feed.source in ("arrays", "batch"):
                # Keras 3 does not take NumPy's text even where the model does: tensors and arrays of objects it does.
                raise Mismatch(TextData(name, leaf.shape, leaf.dtype), leaf)
            if name == "y" or not takes_text():
                raise Mismatch(TextData(name, leaf.shape, leaf.dtype), leaf)


def with_batch_axis(nest: Value, length: Dim, *, every: bool = False) -> Value:
    """Return a nest with every array's first axis set to `length`: what the model sees of arrays, of `every` sample or of some."""

    def exchange(leaf: Value) -> Value:
        if not isinstance(leaf, Array) or not leaf.shape:
            return leaf
        history = extremes_of(leaf) if every and leaf.known and isinstance(leaf.size, int) else None
        return Array((length, *leaf.shape[1:]), leaf.dtype, "tensor", bounds=leaf.bounds, history=history, origin=leaf.origin)

    return map_structure(exchange, nest)
