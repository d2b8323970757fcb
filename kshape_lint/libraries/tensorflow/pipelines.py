"""``tf.data``: datasets made from arrays, files and generators, and what the methods of a dataset make of its elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from ...interpreter.values import UNKNOWN, Array, DictObj, Iteration, LibObj, ListObj, Unknown, Value
from ...records import replace
from ...rules.arrays import InconsistentLengths
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, divide_exactly, is_exact, merge_shapes, same, show_shape
from ...shapes.reshape import ceil_divide, lesser, plus, times
from ..api import Mismatch, Raises, alias, bases, call, call_traced, constant, fresh, models
from .common import dim_of, dtype_of, flag, parts_of, shape_of, tensor, whole
from .data import DATASET, UNRANKED, DatasetState, Spec, dataset, dataset_state, element, spec_of
from .refusals import demand
from .tensorshape import tensor_shape

SPEC = "tensorflow.TensorSpec"
NUMPY_ITERATOR = "tensorflow.data.NumpyIterator"
ITERATOR = "tensorflow.data.Iterator"

alias("tensorflow.compat.v1.data", "tensorflow.data")
for _other in ("TFRecordDataset", "TextLineDataset", "FixedLengthRecordDataset", "experimental.CsvDataset"):
    bases(f"tensorflow.data.{_other}", DATASET)
constant("tensorflow.data.AUTOTUNE", -1)
constant("tensorflow.data.experimental.AUTOTUNE", -1)
constant("tensorflow.data.INFINITE_CARDINALITY", -1)
constant("tensorflow.data.UNKNOWN_CARDINALITY", -2)
constant("tensorflow.data.experimental.INFINITE_CARDINALITY", -1)
constant("tensorflow.data.experimental.UNKNOWN_CARDINALITY", -2)


# --- specs -------------------------------------------------------------------------------------------------------------------------


def leaves(spec: Spec) -> list[Value]:
    """Return the components of an element, dicts in the order of their keys."""
    if isinstance(spec, dict):
        return [leaf for k in _in_order(spec) for leaf in leaves(spec[k])]
    if type(spec) is tuple:
        return [leaf for v in spec for leaf in leaves(v)]
    return [spec]


def _in_order(spec: dict[Value, Spec]) -> Iterable[Value]:
    try:
        return sorted(spec)
    except TypeError:
        return spec


def over(spec: Spec, change: Callable[[Value], Value]) -> Spec:
    """Return an element with every component changed."""
    if isinstance(spec, dict):
        return {k: over(v, change) for k, v in spec.items()}
    if type(spec) is tuple:
        return tuple(over(v, change) for v in spec)
    return change(spec)


def _reshaped(a: Array, shape: Shape | None) -> Array:
    return Array(shape, a.dtype, a.kind, bounds=a.bounds)


def _batched(a: Value, length: Dim) -> Value:
    if isinstance(a, Array):
        return a if a.shape is None else _reshaped(a, (length, *a.shape))
    return a if a is None else UNKNOWN


def _sliced(a: Value) -> Value:
    if isinstance(a, Array):
        return _reshaped(a, a.shape[1:] if a.shape else None)
    return a if a is None else UNKNOWN


def _as_tensors(spec: Spec) -> Spec:
    return over(
        spec,
        lambda a: Array(a.shape, a.dtype, "tensor", bounds=a.bounds) if isinstance(a, Array) and a.kind not in ("ragged", "sparse") else a,
    )


def _merged(a: Spec, b: Spec) -> Spec:
    """Return what two elements that come from one dataset have in common."""
    if isinstance(a, Array) and isinstance(b, Array):
        shape = merge_shapes(a.shape, b.shape)
        if shape is not None and a.shape is not None and b.shape is not None:
            shape = tuple(None if same(x, y) is False else d for x, y, d in zip(a.shape, b.shape, shape))
        return Array(shape, a.dtype if a.dtype == b.dtype else None, a.kind)
    if type(a) is tuple and type(b) is tuple and len(a) == len(b):
        return tuple(_merged(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return {k: _merged(v, b[k]) for k, v in a.items()}
    return UNKNOWN


def spec_value(spec: Spec) -> Value:
    """Return ``element_spec`` as the program sees it."""
    if isinstance(spec, dict):
        return DictObj({k: spec_value(v) for k, v in spec.items()})
    if type(spec) is tuple:
        return tuple(spec_value(v) for v in spec)
    return LibObj(SPEC, spec) if isinstance(spec, Array) else UNKNOWN


def spec_from(value: Value) -> Spec:
    """Return the element that an ``output_signature`` describes."""
    if isinstance(value, DictObj):
        return {k: spec_from(v) for k, v in value.state.items()}
    parts = parts_of(value)
    if parts is not None:
        return tuple(spec_from(p) for p in parts)
    if isinstance(value, LibObj) and value.path == SPEC:
        return value.state
    return UNKNOWN


@models(SPEC, "tensorflow.TypeSpec_")
def tensor_spec(shape: Value = None, dtype: Value = None, name: Value = None) -> Value:
    """``tf.TensorSpec``."""
    return LibObj(SPEC, Array(None if shape is None else shape_of(shape), dtype_of(dtype, "float32"), "tensor"))


@models("tensorflow.RaggedTensorSpec", "tensorflow.SparseTensorSpec")
def ragged_spec(shape: Value = None, dtype: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.RaggedTensorSpec``."""
    return LibObj(SPEC, Array(None if shape is None else shape_of(shape), dtype_of(dtype, "float32"), "ragged"))


@models(f"{SPEC}.shape", kind="property")
def spec_shape(self: Value) -> Value:
    """The shape that a spec states."""
    state = self.state if isinstance(self, LibObj) else None
    return tensor_shape(state.shape) if isinstance(state, Array) else UNKNOWN


@models(f"{SPEC}.from_tensor")
def spec_from_tensor(tensor_: Value, name: Value = None) -> Value:
    """``tf.TensorSpec.from_tensor``."""
    x = tensor(tensor_)
    return LibObj(SPEC, x) if x is not None else UNKNOWN


# --- making datasets ---------------------------------------------------------------------------------------------------------------


@models(f"{DATASET}.from_tensor_slices")
def from_tensor_slices(tensors: Value, name: Value = None) -> Value:
    """One element for each row; all first axes must agree."""
    spec = _as_tensors(_sources(tensors))
    arrays = [a for a in leaves(spec) if isinstance(a, Array)]
    for a in arrays:
        if a.shape == ():
            demand(
                "tf.data.Dataset.from_tensor_slices",
                a,
                "arrays of rank 1 or more",
                "tf.data.Dataset.from_tensors takes one element as it is",
            )
    best: Dim = _agree("tf.data.Dataset.from_tensor_slices", arrays, _arrays_of(tensors), tuple(_names(spec)))
    return dataset(DatasetState(over(spec, _sliced), best, samples=best))


def _agree(function: str, arrays: list[Array], blamed: list[Array] | None = None, names: tuple[str, ...] = ()) -> Dim:
    """Return the length that the first axes of all must have, or refuse."""
    lengths = [a.shape[0] for a in arrays if a.shape]
    best: Dim = UNKNOWN_DIM
    for i, d in enumerate(lengths):
        for other in lengths[:i]:
            if same(other, d) is False:
                raise Mismatch(InconsistentLengths(function, tuple(lengths), names), *(blamed or arrays))
        if isinstance(d, int) or (isinstance(d, Poly) and not isinstance(best, int)):
            best = d
    return best


def _arrays_of(value: Value) -> list[Array]:
    if isinstance(value, Array):
        return [value]
    if isinstance(value, tuple):
        return [a for v in value for a in _arrays_of(v)]
    if isinstance(value, DictObj):
        return [a for v in value.state.values() for a in _arrays_of(v)]
    return []


def _names(spec: Spec) -> list[str]:
    return [str(k) for k in _in_order(spec)] if isinstance(spec, dict) and all(isinstance(v, Array) for v in spec.values()) else []


def _sources(value: Value) -> Spec:
    """Return data given as (a nest of) arrays: tuples and dicts are nests, lists become tensors."""
    if isinstance(value, DictObj):
        return {k: _sources(v) for k, v in value.state.items()}
    if isinstance(value, tuple):
        return tuple(_sources(v) for v in value)
    if isinstance(value, LibObj) and value.path == DATASET:
        return value
    made = tensor(value)
    return made if made is not None else UNKNOWN


@models(f"{DATASET}.from_tensors")
def from_tensors(tensors: Value, name: Value = None) -> Value:
    """One element: all that is given."""
    return dataset(DatasetState(_as_tensors(_sources(tensors)), 1, samples=1))


@models(f"{DATASET}.range")
def range_(*args: Value, output_type: Value = None, name: Value = None) -> Value:
    """Whole numbers, one by one."""
    from .creation import tf_range

    made = tf_range(*args[:3]) if args else None
    count = made.shape[0] if isinstance(made, Array) and made.shape else UNKNOWN_DIM
    return dataset(
        DatasetState(
            Array((), dtype_of(output_type, "int64"), "tensor", bounds=made.bounds if isinstance(made, Array) else None),
            count,
            samples=count,
        )
    )


@models(f"{DATASET}.from_generator")
def from_generator(
    generator: Value,
    output_types: Value = None,
    output_shapes: Value = None,
    args: Value = None,
    output_signature: Value = None,
    name: Value = None,
) -> Value:
    """Elements as the signature says; without shapes in it they are unknown, rank and all."""
    if output_signature is not None:
        return dataset(DatasetState(spec_from(output_signature)))
    return dataset(DatasetState(_typed(output_types, output_shapes)))


def _typed(types: Value, shapes: Value) -> Spec:
    if isinstance(types, DictObj):
        known = shapes.state if isinstance(shapes, DictObj) else {}
        return {k: _typed(v, known.get(k)) for k, v in types.state.items()}
    parts = parts_of(types)
    if parts is not None:
        stated = parts_of(shapes) if shapes is not None else None
        each = stated if stated is not None and len(stated) == len(parts) else (None,) * len(parts)
        return tuple(_typed(t, s) for t, s in zip(parts, each))
    if types is None or isinstance(types, Unknown):
        return UNKNOWN
    if shapes is None:
        return Array(None, dtype_of(types), "tensor", history=UNRANKED)
    return Array(None if isinstance(shapes, Unknown) else shape_of(shapes), dtype_of(types), "tensor")


def _of_strings() -> Array:
    return Array((), "str", "tensor")


@models(f"{DATASET}.list_files")
def list_files(file_pattern: Value, shuffle: Value = None, seed: Value = None, name: Value = None) -> Value:
    """File names, as many as match."""
    return dataset(DatasetState(_of_strings()))


@models("tensorflow.data.TFRecordDataset", "tensorflow.data.TextLineDataset", "tensorflow.data.FixedLengthRecordDataset")
def records(filenames: Value, *args: Value, **kwargs: Value) -> Value:
    """Records or lines of files, each a string."""
    return dataset(DatasetState(_of_strings()))


@models("tensorflow.data.experimental.CsvDataset")
def csv_dataset(filenames: Value, record_defaults: Value, *args: Value, **kwargs: Value) -> Value:
    """Rows of CSV files: a tuple of scalars."""
    parts = parts_of(record_defaults)
    return dataset(DatasetState(UNKNOWN if parts is None else tuple(Array((), None, "tensor") for _ in parts)))


@models("tensorflow.data.experimental.make_csv_dataset", "tensorflow.data.experimental.make_batched_features_dataset")
def make_csv_dataset(file_pattern: Value, batch_size: Value, *args: Value, **kwargs: Value) -> Value:
    """Batches of a dict of columns."""
    return dataset(DatasetState(UNKNOWN, UNKNOWN_DIM, 1, dim_of(batch_size)))


@models("tensorflow.data.experimental.SqlDataset", f"{DATASET}.load", "tensorflow.data.experimental.load")
def loaded(*args: Value, **kwargs: Value) -> Value:
    """A dataset from a file: anything may be in it."""
    return dataset(DatasetState(UNKNOWN, batched=None))


@models(f"{DATASET}.random", "tensorflow.data.experimental.RandomDataset")
def random(*args: Value, **kwargs: Value) -> Value:
    """Random whole numbers without end."""
    return dataset(DatasetState(Array((), "int64", "tensor"), None))


@models(f"{DATASET}.counter", "tensorflow.data.experimental.Counter")
def counter(start: Value = 0, step: Value = 1, dtype: Value = None, name: Value = None) -> Value:
    """Whole numbers without end."""
    return dataset(DatasetState(Array((), "int64", "tensor"), None))


@models(f"{DATASET}.sample_from_datasets", f"{DATASET}.choose_from_datasets", "tensorflow.data.experimental.sample_from_datasets",
        "tensorflow.data.experimental.choose_from_datasets")  # fmt: skip
def sample_from_datasets(datasets: Value, *args: Value, **kwargs: Value) -> Value:
    """Elements of several datasets of one structure."""
    parts = parts_of(datasets)
    states = [dataset_state(p) for p in parts or ()]
    if not states or None in states:
        return dataset(DatasetState(UNKNOWN, batched=None))
    known = [s for s in states if s is not None]
    spec = known[0].spec
    for s in known[1:]:
        spec = _merged(spec, s.spec)
    batched = known[0].batched if all(s.batched == known[0].batched for s in known) else None
    return dataset(DatasetState(spec, UNKNOWN_DIM, batched, known[0].batch_size))


# --- methods ----------------------------------------------------------------------------------------------------------------------


def _state(self: Value) -> DatasetState:
    return dataset_state(self) or DatasetState(batched=None)


def _with_count(state: DatasetState, count: Dim, samples: Dim = UNKNOWN_DIM) -> Value:
    return dataset(replace(state, cardinality=count, samples=count if state.batched == 0 else samples))


def apply_function(function: Value, spec: Spec) -> Value:
    """Call a function of the program with one element, unpacked as TensorFlow does it: tuples into arguments, all else as one."""
    value = element(spec)
    if isinstance(spec, Unknown):
        return UNKNOWN
    return call_traced(function, *value) if type(value) is tuple else call_traced(function, value)


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
    state = _state(self)
    result = apply_function(map_func, state.spec)
    return dataset(replace(state, spec=_returned(result), class_names=None))


def _returned(result: Value) -> Spec:
    """Return the element that a mapped function's result makes: a list at the top is taken for a tuple, further in it is stacked."""
    if isinstance(result, ListObj):
        parts = parts_of(result)
        if parts is not None:
            return tuple(spec_of(p) for p in parts)
        return UNKNOWN
    return spec_of(result)


@models(f"{DATASET}.batch")
def batch(
    self: Value,
    batch_size: Value,
    drop_remainder: Value = False,
    num_parallel_calls: Value = None,
    deterministic: Value = None,
    name: Value = None,
) -> Value:
    """Elements stacked; the last batch may be shorter, so the new axis is open unless the rest is dropped."""
    return batches(self, batch_size, drop_remainder)


def batches(self: Value, batch_size: Value, drop_remainder: Value, pad: Callable[[Spec], Spec] | None = None) -> Value:
    """Return a dataset of stacked elements."""
    state = _state(self)
    size = dim_of(batch_size)
    dropped = flag(drop_remainder)
    length: Dim = size if dropped else None if dropped is False else UNKNOWN_DIM
    count = state.cardinality
    if is_exact(count) and isinstance(size, int) and size > 0 and dropped is not None:
        exact = cast("int", count)
        count = exact // size if dropped else ceil_divide(exact, size)
    elif count is not None:
        count = UNKNOWN_DIM
    spec = over(state.spec if pad is None else pad(state.spec), lambda a: _joined(a, length))
    samples = state.samples if not state.batched else UNKNOWN_DIM
    depth = None if state.batched is None else state.batched + 1
    exact_batches = isinstance(size, int) and divide_exactly(state.cardinality, size) is not None
    full = bool(dropped) or state.cardinality is None or exact_batches
    return dataset(replace(state, spec=spec, cardinality=count, batched=depth, batch_size=size, samples=samples, full=full))


def _joined(a: Value, length: Dim) -> Value:
    inner = dataset_state(a)
    return _batched(a, length) if inner is None else UNKNOWN


@models(f"{DATASET}.padded_batch")
def padded_batch(
    self: Value,
    batch_size: Value,
    padded_shapes: Value = None,
    padding_values: Value = None,
    drop_remainder: Value = False,
    name: Value = None,
) -> Value:
    """Elements padded to one shape and stacked."""
    return batches(self, batch_size, drop_remainder, None if padded_shapes is None else lambda spec: _padded(spec, padded_shapes))


def _padded(spec: Spec, shapes: Value) -> Spec:
    if isinstance(spec, dict):
        known = shapes.state if isinstance(shapes, DictObj) else {}
        return {k: _padded(v, known.get(k, UNKNOWN)) for k, v in spec.items()}
    if type(spec) is tuple:
        parts = parts_of(shapes)
        each = parts if parts is not None and len(parts) == len(spec) else (UNKNOWN,) * len(spec)
        return tuple(_padded(v, s) for v, s in zip(spec, each))
    if not isinstance(spec, Array):
        return UNKNOWN
    stated = None if isinstance(shapes, Unknown) else shape_of(shapes)
    if stated is None:
        return _reshaped(spec, None if spec.shape is None else (UNKNOWN_DIM,) * len(spec.shape))
    stated = tuple(None if isinstance(d, int) and d == -1 else d for d in stated)
    if spec.shape is not None:
        shrinks = any(isinstance(a, int) and isinstance(b, int) and b < a for a, b in zip(spec.shape, stated))
        if len(stated) != len(spec.shape) or shrinks:
            demand("padded_batch", spec, f"elements that fit into the padded shape {show_shape(stated)}")
    return _reshaped(spec, stated)


@models(f"{DATASET}.ragged_batch")
def ragged_batch(self: Value, batch_size: Value, drop_remainder: Value = False, *args: Value, **kwargs: Value) -> Value:
    """Elements of several lengths stacked into ragged tensors."""
    return batches(self, batch_size, drop_remainder)


@models(f"{DATASET}.unbatch")
def unbatch(self: Value, name: Value = None) -> Value:
    """Every row an element of its own."""
    state = _state(self)
    for a in leaves(state.spec):
        if isinstance(a, Array) and a.shape == ():
            demand("unbatch", a, "elements of rank 1 or more")
    _agree("unbatch", [a for a in leaves(state.spec) if isinstance(a, Array)])
    batched = None if state.batched is None else max(0, state.batched - 1)
    count: Dim = state.samples if state.batched == 1 else None if state.cardinality is None else UNKNOWN_DIM
    return dataset(
        replace(state, spec=over(state.spec, _sliced), cardinality=count, batched=batched, samples=count, batch_size=UNKNOWN_DIM)
    )


@models(f"{DATASET}.rebatch")
def rebatch(self: Value, batch_size: Value, drop_remainder: Value = False, name: Value = None) -> Value:
    """Batches of another size."""
    state = _state(self)
    length: Dim = dim_of(batch_size) if flag(drop_remainder) else None
    spec = over(state.spec, lambda a: _batched(_sliced(a), length))
    return dataset(replace(state, spec=spec, cardinality=UNKNOWN_DIM, batch_size=dim_of(batch_size), full=bool(flag(drop_remainder))))


@models(f"{DATASET}.shuffle", f"{DATASET}.prefetch", f"{DATASET}.cache", f"{DATASET}.with_options", f"{DATASET}.snapshot")  # fmt: skip
def unchanged(self: Value, *args: Value, **kwargs: Value) -> Value:
    """The same elements in another order or pace."""
    return dataset(_state(self))


@models(f"{DATASET}.ignore_errors")
def ignore_errors(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Elements that fail are left out."""
    return _with_count(_state(self), UNKNOWN_DIM)


@models(f"{DATASET}.repeat")
def repeat(self: Value, count: Value = None, name: Value = None) -> Value:
    """All elements again and again."""
    state = _state(self)
    n = whole(count)
    if count is None or n == -1:
        return dataset(replace(state, cardinality=None, samples=UNKNOWN_DIM))
    return _with_count(state, UNKNOWN_DIM if n is None or state.cardinality is None else times(state.cardinality, n))


@models(f"{DATASET}.take")
def take(self: Value, count: Value, name: Value = None) -> Value:
    """The first elements."""
    state = _state(self)
    n = dim_of(count)
    if isinstance(n, int) and n == -1:
        return dataset(state)
    if state.batched == 1 and isinstance(n, int) and isinstance(state.batch_size, int) and isinstance(state.samples, int):
        # The last batch is the only one that can be shorter.
        state = replace(state, full=state.full or n * state.batch_size <= state.samples)
    return _with_count(state, n if state.cardinality is None else lesser(state.cardinality, n))


@models(f"{DATASET}.skip")
def skip(self: Value, count: Value, name: Value = None) -> Value:
    """All but the first elements."""
    state = _state(self)
    n = dim_of(count)
    left = None if state.cardinality is None else plus(state.cardinality, times(n, -1))
    return _with_count(state, max(0, left) if isinstance(left, int) else left)


@models(f"{DATASET}.shard")
def shard(self: Value, num_shards: Value, index: Value, name: Value = None) -> Value:
    """Every n-th element."""
    state = _state(self)
    n, i = whole(num_shards), whole(index)
    if isinstance(state.cardinality, int) and n and i is not None:
        return _with_count(state, max(0, -(-(state.cardinality - i) // n)))
    return _with_count(state, UNKNOWN_DIM)


@models(f"{DATASET}.filter", f"{DATASET}.filter_with_legacy_function", f"{DATASET}.take_while", f"{DATASET}.unique")
def filter_(self: Value, predicate: Value = None, name: Value = None) -> Value:
    """Some of the elements."""
    state = _state(self)
    if predicate is not None:
        apply_function(predicate, state.spec)
    return _with_count(state, UNKNOWN_DIM)


@models(f"{DATASET}.enumerate")
def enumerate_(self: Value, start: Value = 0, name: Value = None) -> Value:
    """Elements with their number."""
    state = _state(self)
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
        sides.append(_state(value))
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

    a, b = _state(self), dataset_state(dataset)
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
    return make(replace(a, spec=_merged(a.spec, b.spec), cardinality=count, batched=batched, samples=samples, full=a.full and b.full))


@models(f"{DATASET}.window")
def window(self: Value, size: Value, shift: Value = None, stride: Value = 1, drop_remainder: Value = False, name: Value = None) -> Value:
    """Every element a nest of datasets of `size` elements."""
    state = _state(self)
    length: Dim = dim_of(size) if flag(drop_remainder) else UNKNOWN_DIM

    def inner(a: Value) -> Value:
        return dataset(DatasetState(a, length, state.batched, samples=length))

    count: Dim = None if state.cardinality is None else UNKNOWN_DIM
    return dataset(DatasetState(over(state.spec, inner), count, 0))


@models(f"{DATASET}.flat_map", f"{DATASET}.interleave")
def flat_map(
    self: Value,
    map_func: Value,
    cycle_length: Value = None,
    block_length: Value = None,
    num_parallel_calls: Value = None,
    deterministic: Value = None,
    name: Value = None,
) -> Value:
    """The elements of the datasets that the function returns."""
    state = _state(self)
    inner = dataset_state(apply_function(map_func, state.spec))
    if inner is None:
        return dataset(DatasetState(UNKNOWN, UNKNOWN_DIM, None))
    # How often the elements are batched is what the fitting of models asks; a window's batch makes one element.
    depth = None if inner.batched is None or state.batched is None else max(0, inner.batched - 1) if _windows(state.spec) else inner.batched
    return dataset(DatasetState(inner.spec, UNKNOWN_DIM, depth, inner.batch_size))


def _windows(spec: Spec) -> bool:
    return any(dataset_state(leaf) is not None for leaf in leaves(spec))


@models(f"{DATASET}.apply")
def apply(self: Value, transformation_func: Value) -> Value:
    """The dataset that a function makes of this one."""
    made = call(transformation_func, self)
    return made if dataset_state(made) is not None else dataset(DatasetState(UNKNOWN, batched=None))


@models(f"{DATASET}.scan")
def scan(self: Value, initial_state: Value, scan_func: Value, name: Value = None) -> Value:
    """Elements made with a state carried along."""
    state = _state(self)
    result = call(scan_func, initial_state, element(state.spec)) if not isinstance(state.spec, Unknown) else UNKNOWN
    return dataset(replace(state, spec=spec_of(result[1]) if isinstance(result, tuple) and len(result) == 2 else UNKNOWN))


@models(f"{DATASET}.reduce")
def reduce(self: Value, initial_state: Value, reduce_func: Value, name: Value = None) -> Value:
    """All elements folded into one state, which keeps its shape."""
    return element(over(spec_of(initial_state), lambda a: Array(a.shape, a.dtype, "tensor") if isinstance(a, Array) else UNKNOWN))


@models(f"{DATASET}.group_by_window", f"{DATASET}.bucket_by_sequence_length", f"{DATASET}.rejection_resample")
def regrouped(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Elements grouped by a rule of the program."""
    return dataset(DatasetState(UNKNOWN, UNKNOWN_DIM, None))


@models(f"{DATASET}.cardinality")
def cardinality(self: Value) -> Value:
    """How many elements there are: -1 without end, -2 unknown."""
    count = _state(self).cardinality
    data = (count,) if is_exact(count) else (-1,) if count is None else None
    return Array((), "int64", "tensor", data=data)


@models("tensorflow.data.experimental.cardinality")
def cardinality_of(dataset: Value) -> Value:
    """``tf.data.experimental.cardinality``."""
    return cardinality(dataset)


@models(f"{DATASET}.__len__")
def length(self: Value) -> Value:
    """``len(ds)``: an error where there is no end or it is not known."""
    count = _state(self).cardinality
    if count is None:
        raise Raises("TypeError", "The dataset is infinite.")
    return count if is_exact(count) else UNKNOWN


@models(f"{DATASET}.__iter__")
def iterate(self: Value) -> Value:
    """Element by element."""
    state = _state(self)
    count = UNKNOWN_DIM if state.cardinality is None else state.cardinality
    return Iteration(None, element(drawn(state)), count)


def drawn(state: DatasetState) -> Spec:
    """Return an element as a loop sees it: there every length is some number, and a batch's is that of all its components.

    Where all batches are full it is the batch size.
    """
    length: Dim = state.batch_size if state.full and isinstance(state.batch_size, int) else fresh("batch")

    def settled(a: Value) -> Value:
        if not isinstance(a, Array) or a.shape is None or a.kind in ("ragged", "sparse") or None not in a.shape:
            return a
        first: Dim = length if state.batched == 1 and a.shape[0] is None else UNKNOWN_DIM
        return _reshaped(a, tuple((first if i == 0 else UNKNOWN_DIM) if d is None else d for i, d in enumerate(a.shape)))

    return over(state.spec, settled)


@models(f"{DATASET}.as_numpy_iterator")
def as_numpy_iterator(self: Value) -> Value:
    """Elements as NumPy arrays."""
    return LibObj(NUMPY_ITERATOR, _state(self))


@models(f"{NUMPY_ITERATOR}.__iter__")
def iterate_numpy(self: Value) -> Value:
    """Element by element."""
    state = _numpy_state(self)
    return Iteration(None, _as_numpy(drawn(state)), UNKNOWN_DIM if state.cardinality is None else state.cardinality)


@models(f"{NUMPY_ITERATOR}.__next__", f"{NUMPY_ITERATOR}.next")
def next_numpy(self: Value) -> Value:
    """The next element."""
    return _as_numpy(drawn(_numpy_state(self)))


def _numpy_state(self: Value) -> DatasetState:
    state = self.state if isinstance(self, LibObj) else None
    return state if isinstance(state, DatasetState) else DatasetState()


def _as_numpy(spec: Spec) -> Value:
    def bare(a: Value) -> Value:
        if isinstance(a, Array):
            shape = None if a.shape is None else tuple(UNKNOWN_DIM if d is None else d for d in a.shape)
            return Array(shape, "object" if a.dtype == "str" else a.dtype, "numpy", bounds=a.bounds)
        return UNKNOWN

    return element(over(spec, bare))


@models("tensorflow.compat.v1.data.make_one_shot_iterator", f"{DATASET}.make_one_shot_iterator", f"{DATASET}.make_initializable_iterator",
        "tensorflow.data.make_one_shot_iterator", "tensorflow.data.make_initializable_iterator")  # fmt: skip
def one_shot_iterator(dataset: Value) -> Value:
    """An iterator of TensorFlow 1."""
    return LibObj(ITERATOR, _state(dataset))


@models(f"{ITERATOR}.get_next", f"{ITERATOR}.__next__")
def get_next(self: Value, name: Value = None) -> Value:
    """The next element."""
    return element(_numpy_state(self).spec)


@models(f"{DATASET}.element_spec", kind="property")
def element_spec(self: Value) -> Value:
    """What one element is."""
    return spec_value(_state(self).spec)


@models(f"{DATASET}.class_names", f"{DATASET}.file_paths", kind="property")
def class_names(self: Value) -> Value:
    """What the readers of directories leave on the dataset."""
    names = _state(self).class_names
    return names if names is not None else UNKNOWN


@models(f"{DATASET}.get_single_element", "tensorflow.data.experimental.get_single_element")
def get_single_element(self: Value, name: Value = None) -> Value:
    """The one element."""
    return element(_state(self).spec)


@models(f"{DATASET}.save", "tensorflow.data.experimental.save", f"{DATASET}.options", f"{DATASET}.output_shapes", f"{DATASET}.output_types")
def nothing(self: Value, *args: Value, **kwargs: Value) -> Value:
    """What says nothing about shapes."""
    return UNKNOWN


@models("tensorflow.data.Options")
def options() -> Value:
    """``tf.data.Options``: attributes are set on it, none matters."""
    return UNKNOWN


# --- transformations to be applied -------------------------------------------------------------------------------------------------


def _register_transformations() -> None:
    from ...interpreter.values import Builtin

    def register(name: str, method: Callable[..., Value]) -> None:
        def transformation(*args: Value, **kwargs: Value) -> Value:
            return Builtin(name, lambda ds: method(ds, *args, **kwargs))

        transformation.__doc__ = f"``tf.data.experimental.{name}``: to be given to ``apply``."
        models(f"tensorflow.data.experimental.{name}")(transformation)

    def assert_cardinality(ds: Value, expected: Value) -> Value:
        return _with_count(_state(ds), dim_of(expected))

    models(f"{DATASET}.assert_cardinality")(assert_cardinality)
    register("assert_cardinality", assert_cardinality)
    register("ignore_errors", ignore_errors)
    register("unbatch", unbatch)
    register("prefetch_to_device", unchanged)
    register("copy_to_device", unchanged)
    register("snapshot", unchanged)
    register("shuffle_and_repeat", lambda ds, size, count=None, seed=None: repeat(ds, count))
    register("map_and_batch", lambda ds, f, size, *a, **k: batch(map_(ds, f), size, k.get("drop_remainder", False)))
    register("parallel_interleave", flat_map)
    register("enumerate_dataset", enumerate_)
    register("take_while", filter_)
    register("unique", filter_)
    register("dense_to_ragged_batch", ragged_batch)
    register("bucket_by_sequence_length", regrouped)
    register("group_by_window", regrouped)
    register("rejection_resample", regrouped)


_register_transformations()
