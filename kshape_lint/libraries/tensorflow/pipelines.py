"""``tf.data``: what the methods of a dataset make of its elements. How they are made, batched and read stands in files of its own."""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, DictObj, LibObj, ListObj, Unknown, Value
from ...records import replace
from ...shapes import UNKNOWN_DIM, Dim
from ...shapes.reshape import lesser, plus, times
from ..api import Raises, alias, bases, call, constant, models
from .common import dim_of, parts_of, whole
from .data import DATASET, DatasetState, Spec, dataset, dataset_state, element, spec_of
from .data_batches import batch, flat_map, ragged_batch, regrouped, unbatch
from .data_specs import apply_function, leaves, merged, returned, state_of, with_count

alias("tensorflow.compat.v1.data", "tensorflow.data")
for _other in ("TFRecordDataset", "TextLineDataset", "FixedLengthRecordDataset", "experimental.CsvDataset"):
    bases(f"tensorflow.data.{_other}", DATASET)
constant("tensorflow.data.AUTOTUNE", -1)
constant("tensorflow.data.experimental.AUTOTUNE", -1)
constant("tensorflow.data.INFINITE_CARDINALITY", -1)
constant("tensorflow.data.UNKNOWN_CARDINALITY", -2)
constant("tensorflow.data.experimental.INFINITE_CARDINALITY", -1)
constant("tensorflow.data.experimental.UNKNOWN_CARDINALITY", -2)


@models(f"{DATASET}.map", f"{DATASET}.map_with_legacy_function")
def map_(
    self: Value,
    map_func: Value,
    num_parallel_calls: Value = None,
    deterministic: Value = None,
    synchronous: Value = None,
    use_unbounded_threadpool: Value = None,
    name: Value = None,
) -> Value:
    """Every element as the function returns it."""
    state = state_of(self)
    result = apply_function(map_func, state.spec)
    return dataset(replace(state, spec=returned(result), class_names=None))


@models(f"{DATASET}.shuffle", f"{DATASET}.prefetch", f"{DATASET}.cache", f"{DATASET}.with_options", f"{DATASET}.snapshot")  # fmt: skip
def unchanged(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The same elements in another order or pace."""
    return dataset(state_of(self))


@models(f"{DATASET}.ignore_errors")
def ignore_errors(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Elements that fail are left out."""
    return with_count(state_of(self), UNKNOWN_DIM)


@models(f"{DATASET}.repeat")
def repeat(self: Value, count: Value = None, name: Value = None) -> Value:
    """All elements again and again."""
    state = state_of(self)
    n = whole(count)
    if count is None or n == -1:
        return dataset(replace(state, cardinality=None, samples=UNKNOWN_DIM))
    return with_count(state, UNKNOWN_DIM if n is None or state.cardinality is None else times(state.cardinality, n))


@models(f"{DATASET}.take")
def take(self: Value, count: Value, name: Value = None) -> Value:
    """The first elements."""
    state = state_of(self)
    n = dim_of(count)
    if isinstance(n, int) and n == -1:
        return dataset(state)
    if state.batched == 1 and isinstance(n, int) and isinstance(state.batch_size, int) and isinstance(state.samples, int):
        # The last batch is the only one that can be shorter.
        state = replace(state, full=state.full or n * state.batch_size <= state.samples)
    return with_count(state, n if state.cardinality is None else lesser(state.cardinality, n))


@models(f"{DATASET}.skip")
def skip(self: Value, count: Value, name: Value = None) -> Value:
    """All but the first elements."""
    state = state_of(self)
    n = dim_of(count)
    left = None if state.cardinality is None else plus(state.cardinality, times(n, -1))
    return with_count(state, max(0, left) if isinstance(left, int) else left)


@models(f"{DATASET}.shard")
def shard(self: Value, num_shards: Value, index: Value, name: Value = None) -> Value:
    """Every n-th element."""
    state = state_of(self)
    n, i = whole(num_shards), whole(index)
    if isinstance(state.cardinality, int) and n and i is not None:
        return with_count(state, max(0, -(-(state.cardinality - i) // n)))
    return with_count(state, UNKNOWN_DIM)


@models(f"{DATASET}.filter", f"{DATASET}.filter_with_legacy_function", f"{DATASET}.take_while", f"{DATASET}.unique")
def filter_(self: Value, predicate: Value = None, name: Value = None) -> Value:
    """Some of the elements."""
    state = state_of(self)
    if predicate is not None:
        apply_function(predicate, state.spec)
    return with_count(state, UNKNOWN_DIM)


@models(f"{DATASET}.enumerate")
def enumerate_(self: Value, start: Value = 0, name: Value = None) -> Value:
    """Elements with their number."""
    state = state_of(self)
    return dataset(replace(state, spec=(Array((), "int64", "tensor"), state.spec)))


@models(f"{DATASET}.zip")
def zip_(*args: Value, datasets: Value = None, name: Value = None) -> Value:
    """Elements of several datasets side by side, as many as the shortest has."""
    given: Value = args[0] if len(args) == 1 and not isinstance(args[0], LibObj) else args if args else datasets
    sides: list[DatasetState] = []

    def side(value: Value) -> Spec:
        if isinstance(value, (tuple, ListObj)):
            parts = parts_of(value)
            return UNKNOWN if parts is None else tuple(side(v) for v in parts)
        if isinstance(value, DictObj):
            return {k: side(v) for k, v in value.state.items()}
        sides.append(state_of(value))
        return sides[-1].spec

    spec = side(given)
    if not sides:
        return dataset(DatasetState(spec, batched=None))
    first = sides[0]
    alike = all(s.batched == first.batched and s.batch_size == first.batch_size for s in sides)
    count, samples = first.cardinality, first.samples
    for s in sides[1:]:
        count = s.cardinality if count is None else count if s.cardinality is None else lesser(count, s.cardinality)
        samples = lesser(samples, s.samples)
    if not alike:
        return dataset(DatasetState(spec, count, None))
    return dataset(DatasetState(spec, count, first.batched, first.batch_size, samples, full=all(s.full for s in sides)))


@models(f"{DATASET}.concatenate")
def concatenate(self: Value, dataset: Value, name: Value = None) -> Value:
    """One dataset after the other; structures and ranks must agree."""
    from .data import dataset as make

    a, b = state_of(self), dataset_state(dataset)
    if b is None:
        return make(replace(a, spec=UNKNOWN, cardinality=UNKNOWN_DIM, samples=UNKNOWN_DIM))
    for x, y in zip(leaves(a.spec), leaves(b.spec)):
        if (
            isinstance(x, Array)
            and isinstance(y, Array)
            and x.shape is not None
            and y.shape is not None
            and x.dtype != y.dtype
            and None not in (x.dtype, y.dtype)
        ):
            raise Raises("TypeError", "Incompatible dataset elements")
    count: Dim = None if a.cardinality is None or b.cardinality is None else plus(a.cardinality, b.cardinality)
    batched = a.batched if a.batched == b.batched else None
    samples = plus(a.samples, b.samples) if batched is not None else UNKNOWN_DIM
    return make(replace(a, spec=merged(a.spec, b.spec), cardinality=count, batched=batched, samples=samples, full=a.full and b.full))


@models(f"{DATASET}.apply")
def apply(self: Value, transformation_func: Value) -> Value:
    """The dataset that a function makes of this one."""
    made = call(transformation_func, self)
    return made if dataset_state(made) is not None else dataset(DatasetState(UNKNOWN, batched=None))


@models(f"{DATASET}.scan")
def scan(self: Value, initial_state: Value, scan_func: Value, name: Value = None) -> Value:
    """Elements made with a state carried along."""
    state = state_of(self)
    result = call(scan_func, initial_state, element(state.spec)) if not isinstance(state.spec, Unknown) else UNKNOWN
    return dataset(replace(state, spec=spec_of(result[1]) if isinstance(result, tuple) and len(result) == 2 else UNKNOWN))


def _register_transformations() -> None:
    from ...interpreter.values import Builtin

    def register(name: str, method: Callable[..., Value]) -> None:
        def transformation(*args: Value, **kwargs: Value) -> Value:
            return Builtin(name, lambda ds: method(ds, *args, **kwargs))

        transformation.__doc__ = f"``tf.data.experimental.{name}``: to be given to ``apply``."
        models(f"tensorflow.data.experimental.{name}")(transformation)

    def assert_cardinality(ds: Value, expected: Value) -> Value:
        return with_count(state_of(ds), dim_of(expected))

    models(f"{DATASET}.assert_cardinality")(assert_cardinality)
    register("assert_cardinality", assert_cardinality)
    register("ignore_errors", ignore_errors)
    register("unbatch", unbatch)
    register("prefetch_to_device", unchanged)
    register("copy_to_device", unchanged)
    register("snapshot", unchanged)
    register("shuffle_and_repeat", lambda ds, size, count=None, seed=None: repeat(ds, count))
    register("map_and_batch", lambda ds, f, size, *a, **k: batch(map_(ds, f), size, k.get("drop_remainder", False)))
    register("parallel_interleave", lambda ds, f, cycle_length, *a, **k: flat_map(ds, f, cycle_length))
    register("enumerate_dataset", enumerate_)
    register("take_while", filter_)
    register("unique", filter_)
    register("dense_to_ragged_batch", ragged_batch)
    register("bucket_by_sequence_length", regrouped)
    register("group_by_window", regrouped)
    register("rejection_resample", regrouped)


_register_transformations()
