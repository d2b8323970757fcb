"""What one element of a dataset is: specs of tensors, and what happens to each of them when elements are batched, sliced or merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...interpreter.values import UNKNOWN, Array, DictObj, LibObj, ListObj, Unknown, Value
from ...records import replace
from ...shapes import UNKNOWN_DIM, Dim, Shape, merge_shapes, same
from ..api import call_traced, models
from .common import dtype_of, parts_of, shape_of, tensor
from .data import DatasetState, Spec, dataset, dataset_state, element, spec_of
from .tensorshape import tensor_shape

SPEC = "tensorflow.TensorSpec"


def leaves(spec: Spec) -> list[Value]:
    """Return the components of an element, dicts in the order of their keys."""
    if isinstance(spec, dict):
        return [leaf for k in in_order(spec) for leaf in leaves(spec[k])]
    if type(spec) is tuple:
        return [leaf for v in spec for leaf in leaves(v)]
    return [spec]


def in_order(spec: dict[Value, Spec]) -> Iterable[Value]:
    """Return the keys of a dict of specs as TensorFlow orders them."""
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


def reshaped(a: Array, shape: Shape | None) -> Array:
    """Return an array of another shape."""
    return Array(shape, a.dtype, a.kind, bounds=a.bounds)


def batched(a: Value, length: Dim) -> Value:
    """Return a tensor with an axis of this length in front."""
    if isinstance(a, Array):
        return a if a.shape is None else reshaped(a, (length, *a.shape))
    return a if a is None else UNKNOWN


def sliced(a: Value) -> Value:
    """Return one of the elements along the first axis."""
    if isinstance(a, Array):
        return reshaped(a, a.shape[1:] if a.shape else None)
    return a if a is None else UNKNOWN


def as_tensors(spec: Spec) -> Spec:
    """Return a spec whose arrays are tensors."""
    return over(
        spec,
        lambda a: Array(a.shape, a.dtype, "tensor", bounds=a.bounds) if isinstance(a, Array) and a.kind not in ("ragged", "sparse") else a,
    )


def merged(a: Spec, b: Spec) -> Spec:
    """Return what two elements that come from one dataset have in common."""
    if isinstance(a, Array) and isinstance(b, Array):
        shape = merge_shapes(a.shape, b.shape)
        if shape is not None and a.shape is not None and b.shape is not None:
            shape = tuple(None if same(x, y) is False else d for x, y, d in zip(a.shape, b.shape, shape))
        return Array(shape, a.dtype if a.dtype == b.dtype else None, a.kind)
    if type(a) is tuple and type(b) is tuple and len(a) == len(b):
        return tuple(merged(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return {k: merged(v, b[k]) for k, v in a.items()}
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


def state_of(self: Value) -> DatasetState:
    """Return what is known of a dataset."""
    return dataset_state(self) or DatasetState(batched=None)


def with_count(state: DatasetState, count: Dim, samples: Dim = UNKNOWN_DIM) -> Value:
    """Return a dataset of the same elements, and of so many."""
    return dataset(replace(state, cardinality=count, samples=count if state.batched == 0 else samples))


def apply_function(function: Value, spec: Spec) -> Value:
    """Call a function of the program with one element, unpacked as TensorFlow does it: tuples into arguments, all else as one."""
    value = element(spec)
    if isinstance(spec, Unknown):
        return UNKNOWN
    return call_traced(function, *value) if type(value) is tuple else call_traced(function, value)


def returned(result: Value) -> Spec:
    """Return the element that a mapped function's result makes: a list at the top is taken for a tuple, further in it is stacked."""
    if isinstance(result, ListObj):
        parts = parts_of(result)
        if parts is not None:
            return tuple(spec_of(p) for p in parts)
        return UNKNOWN
    return spec_of(result)
