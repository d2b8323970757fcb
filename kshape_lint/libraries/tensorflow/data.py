"""What the abstract run knows of a ``tf.data.Dataset``: one element, how many there are, and how often they were batched.

The models of the dataset's methods are in `pipelines`, `data_sources`, `data_batches` and `data_reading`; other rooms make datasets with
`dataset` and read them with `dataset_state`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from ...interpreter.values import UNKNOWN, Array, DictObj, LibObj, ListObj, Value
from ...interpreter.world import resolve
from ...records import record
from ...shapes import UNKNOWN_DIM, Dim

DATASET = "tensorflow.data.Dataset"

UNDIVIDED = object()
"""The ``history`` of a batch that a training step gets as it is, not as a pair of data and labels: such a tensor cannot be taken apart."""

UNRANKED = object()
"""History of a tensor whose rank TensorFlow itself does not know (out of ``tf.py_function``), other than one of which we know nothing."""

Spec: TypeAlias = Any
"""One element of a dataset: an `Array`, a tuple of specs, a plain ``dict`` of specs, or any other value (`UNKNOWN`, a nested dataset)."""


@record
class DatasetState:
    """State of a dataset object.

    `spec` is one element. A batch axis is None where batches may be of several lengths. `cardinality` is the number of
    elements (of batches, once batched): `UNKNOWN_DIM` where the text does not tell, None where there is no end
    (``repeat()``). `batched` counts the ``batch`` calls, None where that is not known either; `batch_size` is the size
    asked for by the last one, and `full` tells that every batch has it. `samples` is the number of elements before the
    first ``batch`` where known, and `class_names` is set by the Keras utilities that read directories.
    """

    spec: Spec = UNKNOWN
    cardinality: Dim = UNKNOWN_DIM
    batched: int | None = 0
    batch_size: Dim = UNKNOWN_DIM
    samples: Dim = UNKNOWN_DIM
    class_names: Value = None
    full: bool = False


def dataset(state: DatasetState) -> LibObj:
    """Return a new dataset."""
    return LibObj(DATASET, state)


def dataset_state(value: Value) -> DatasetState | None:
    """Return the state of a dataset, None for what is none. Reading may raise `Split`."""
    if isinstance(value, LibObj) and value.path == DATASET:
        state = value.state
        return state if isinstance(state, DatasetState) else None
    return None


def element(spec: Spec) -> Value:
    """Return one element as the program sees it: dicts become dicts of the program."""
    if isinstance(spec, dict):
        return DictObj({k: element(v) for k, v in spec.items()})
    if type(spec) is tuple:
        return tuple(element(v) for v in spec)
    return spec


def spec_of(value: Value) -> Spec:
    """Return the spec of a value given as an element (what a mapped function returns): lists become one stacked tensor."""
    from .common import tensor

    value = resolve(value)
    if isinstance(value, DictObj):
        return {k: spec_of(v) for k, v in value.state.items()}
    if isinstance(value, tuple):
        return tuple(spec_of(v) for v in value)
    if isinstance(value, LibObj) and value.path == DATASET:
        return value
    if isinstance(value, (Array, ListObj, bool, int, float, complex, str, bytes)) or (value is not None and not isinstance(value, LibObj)):
        made = tensor(value)
        if made is not None:
            return made if made.kind in ("tensor", "ragged", "sparse") else Array(made.shape, made.dtype, "tensor", bounds=made.bounds)
        return UNKNOWN
    return value
