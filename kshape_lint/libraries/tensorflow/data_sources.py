"""Datasets made from arrays, generators and files."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, DictObj, LibObj, Unknown, Value
from ...interpreter.world import resolve
from ...rules.arrays import InconsistentLengths
from ...shapes import UNKNOWN_DIM, Dim, Poly, same
from ..api import Mismatch, models
from .common import dim_of, dtype_of, parts_of, shape_of, tensor
from .data import DATASET, UNRANKED, DatasetState, Spec, dataset, dataset_state
from .data_specs import as_tensors, in_order, leaves, merged, over, sliced, spec_from
from .refusals import demand


@models(f"{DATASET}.from_tensor_slices")
def from_tensor_slices(tensors: Value, name: Value = None) -> Value:
    """One element for each row; all first axes must agree."""
    spec = as_tensors(_sources(tensors))
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
    return dataset(DatasetState(over(spec, sliced), best, samples=best))


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
    return [str(k) for k in in_order(spec)] if isinstance(spec, dict) and all(isinstance(v, Array) for v in spec.values()) else []


def _sources(value: Value) -> Spec:
    """Return data given as (a nest of) arrays: tuples and dicts are nests, lists become tensors."""
    value = resolve(value)
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
    return dataset(DatasetState(as_tensors(_sources(tensors)), 1, samples=1))


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


@models("tensorflow.data.experimental.make_csv_dataset")
def make_csv_dataset(
    file_pattern: Value,
    batch_size: Value,
    column_names: Value = None,
    column_defaults: Value = None,
    label_name: Value = None,
    select_columns: Value = None,
    *args: Value,
    num_epochs: Value = None,
    **kwargs: Value,
) -> Value:
    """Batches of a dict of columns, one vector each, and of the label where one is named."""
    names = parts_of(select_columns if select_columns is not None else column_names)
    size = dim_of(batch_size)
    full = num_epochs is None and len(args) < 3
    if names is None or not all(isinstance(n, str) for n in names) or (label_name is not None and label_name not in names):
        return dataset(DatasetState(UNKNOWN, UNKNOWN_DIM, 1, size))
    # Without an end there is no last batch that is shorter.
    each = Array((size if full else None,), None, "tensor")
    features = {n: each for n in names if n != label_name}
    return dataset(DatasetState(features if label_name is None else (features, each), None if full else UNKNOWN_DIM, 1, size, full=full))


@models("tensorflow.data.experimental.make_batched_features_dataset")
def make_batched_features_dataset(file_pattern: Value, batch_size: Value, *args: Value, **kwargs: Value) -> Value:
    """Batches of a dict of features."""
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
        spec = merged(spec, s.spec)
    batched = known[0].batched if all(s.batched == known[0].batched for s in known) else None
    return dataset(DatasetState(spec, UNKNOWN_DIM, batched, known[0].batch_size))
