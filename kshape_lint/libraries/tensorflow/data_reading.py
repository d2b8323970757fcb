"""What a dataset tells of itself and gives when it is read: its length, its elements, its ``element_spec``."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Iteration, LibObj, Value
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import Raises, fresh, models
from .data import DATASET, DatasetState, Spec, element, spec_of
from .data_specs import over, reshaped, spec_value, state_of

NUMPY_ITERATOR = "tensorflow.data.NumpyIterator"
ITERATOR = "tensorflow.data.Iterator"


@models(f"{DATASET}.reduce")
def reduce(self: Value, initial_state: Value, reduce_func: Value, name: Value = None) -> Value:
    """All elements folded into one state, which keeps its shape."""
    return element(over(spec_of(initial_state), lambda a: Array(a.shape, a.dtype, "tensor") if isinstance(a, Array) else UNKNOWN))


@models(f"{DATASET}.cardinality")
def cardinality(self: Value) -> Value:
    """How many elements there are: -1 without end, -2 unknown."""
    count = state_of(self).cardinality
    data = (count,) if is_exact(count) else (-1,) if count is None else None
    return Array((), "int64", "tensor", data=data)


@models("tensorflow.data.experimental.cardinality")
def cardinality_of(dataset: Value) -> Value:
    """``tf.data.experimental.cardinality``."""
    return cardinality(dataset)


@models(f"{DATASET}.__len__")
def length(self: Value) -> Value:
    """``len(ds)``: an error where there is no end or it is not known."""
    count = state_of(self).cardinality
    if count is None:
        raise Raises("TypeError", "The dataset is infinite.")
    return count if is_exact(count) else UNKNOWN


@models(f"{DATASET}.__iter__")
def iterate(self: Value) -> Value:
    """Element by element."""
    state = state_of(self)
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
        return reshaped(a, tuple((first if i == 0 else UNKNOWN_DIM) if d is None else d for i, d in enumerate(a.shape)))

    return over(state.spec, settled)


@models(f"{DATASET}.as_numpy_iterator")
def as_numpy_iterator(self: Value) -> Value:
    """Elements as NumPy arrays."""
    return LibObj(NUMPY_ITERATOR, state_of(self))


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
    return LibObj(ITERATOR, state_of(dataset))


@models(f"{ITERATOR}.get_next", f"{ITERATOR}.__next__")
def get_next(self: Value, name: Value = None) -> Value:
    """The next element."""
    return element(_numpy_state(self).spec)


@models(f"{DATASET}.element_spec", kind="property")
def element_spec(self: Value) -> Value:
    """What one element is."""
    return spec_value(state_of(self).spec)


@models(f"{DATASET}.class_names", f"{DATASET}.file_paths", kind="property")
def class_names(self: Value) -> Value:
    """What the readers of directories leave on the dataset."""
    names = state_of(self).class_names
    return names if names is not None else UNKNOWN


@models(f"{DATASET}.get_single_element", "tensorflow.data.experimental.get_single_element")
def get_single_element(self: Value, name: Value = None) -> Value:
    """The one element."""
    return element(state_of(self).spec)


@models(f"{DATASET}.save", "tensorflow.data.experimental.save", f"{DATASET}.options", f"{DATASET}.output_shapes", f"{DATASET}.output_types")
def nothing(self: Value, *args: Value, **kwargs: Value) -> Value:
    """What says nothing about shapes."""
    return UNKNOWN


@models("tensorflow.data.Options")
def options() -> Value:
    """``tf.data.Options``: attributes are set on it, none matters."""
    return UNKNOWN
