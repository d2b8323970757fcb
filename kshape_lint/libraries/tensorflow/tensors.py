"""Attributes, methods and indexing of tensors and variables, and what variables are assigned."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Library, Unknown, Value
from ...rules.contract import FitArguments
from ...shapes import UNKNOWN_DIM, Poly, Shape, is_exact, show_shape
from ...shapes.indexing import WHOLE, Index, Mask, Span, index_shape
from ..api import Mismatch, Raises, bases, keras_major, models
from ..in_place import restate
from .common import (
    Varying,
    all_same,
    dim_of,
    dtype_of,
    dtype_value,
    op,
    out,
    parts_of,
    refusing,
    shape_of,
    tensor,
)
from .data import UNDIVIDED, UNRANKED
from .shaping import ensured, masked
from .tensorshape import tensor_shape

TENSOR = "tensorflow.Tensor"
VARIABLE = "tensorflow.Variable"
RAGGED = "tensorflow.RaggedTensor"
SPARSE = "tensorflow.SparseTensor"
SYMBOLIC = "keras.KerasTensor"

bases(VARIABLE, TENSOR)
bases(RAGGED, TENSOR)
bases(SPARSE, TENSOR)
bases("tensorflow.SymbolicTensor", TENSOR)
bases(SYMBOLIC, TENSOR)


@models(f"{TENSOR}.shape", kind="property")
def shape(self: Array) -> Value:
    """The static shape; of Keras 3's symbolic tensors a plain tuple."""
    made = tensor_shape(self.shape)
    return tuple(made) if self.kind == "keras" and isinstance(made, tuple) and keras_major() == 3 else made


@models(f"{TENSOR}.get_shape")
def get_shape(self: Array) -> Value:
    """The static shape."""
    return tensor_shape(self.shape)


@models(f"{TENSOR}.ndim", kind="property")
def ndim(self: Array) -> Value:
    """How many axes there are."""
    return UNKNOWN if self.shape is None else len(self.shape)


@models(f"{TENSOR}.dtype", kind="property")
def dtype(self: Array) -> Value:
    """The type of the elements."""
    return dtype_value(self.dtype)


@models(f"{TENSOR}.name", f"{TENSOR}.device", f"{TENSOR}.graph", f"{TENSOR}.op", f"{VARIABLE}.trainable", kind="property")
def opaque(self: Array) -> Value:
    """Attributes that say nothing about shapes."""
    return UNKNOWN


@models(f"{TENSOR}.numpy", f"{TENSOR}.__array__", f"{TENSOR}.eval")
def numpy(self: Array, *args: Value, **kwargs: Value) -> Value:
    """The elements as a NumPy array; scalars too, whose value may be known."""
    if self.kind in ("ragged", "sparse", "keras"):
        return UNKNOWN
    kind = "object" if self.dtype == "str" else self.dtype
    data = None if self.data is None or any(isinstance(v, Unknown) for v in self.data) else self.data
    return Array(self.shape, kind, "numpy", data=data, bounds=self.bounds)


@models(f"{TENSOR}.item", f"{TENSOR}.tolist")
def missing(self: Array, *args: Value) -> Value:
    """What NumPy arrays have and tensors have not."""
    return UNKNOWN


@models(f"{TENSOR}.set_shape")
def set_shape(self: Array, shape: Value) -> Value:
    """State the static shape.

    The tensor itself learns it, whoever holds it. What was known stays, so nothing that was said of it is undone.
    """
    made = ensured("set_shape", self, shape)
    # From here on TensorFlow knows the rank: no claim that it does not.
    history = None if self.history is UNRANKED or self.history is UNDIVIDED else self.history
    restate(self, made.shape if isinstance(made, Array) else self.shape, history)
    return None


@models(f"{TENSOR}.ref", f"{TENSOR}.experimental_ref")
def ref(self: Array) -> Value:
    """A hashable reference."""
    return UNKNOWN


@models(f"{TENSOR}.__len__")
def length(self: Array) -> Value:
    """The length of the first axis."""
    if self.shape is None:
        return UNKNOWN
    if not self.shape:
        raise Raises("TypeError", "Scalar tensor has no `len()`")
    d = self.shape[0]
    return d if is_exact(d) else UNKNOWN


# --- indexing ----------------------------------------------------------------------------------------------------------------------


@models(f"{TENSOR}.__getitem__")
def getitem(self: Array, key: Value) -> Value:
    """``x[...]``: numbers, slices, new axes, ``...`` and one boolean mask; no lists of numbers as NumPy has them."""
    if isinstance(key, Array) and key.dtype == "bool" and key.rank:
        return masked("tensor[mask]", self, key, None)
    if self.shape is None:
        return out(None, self.dtype, self)
    parts = parts_of(key) if isinstance(key, tuple) else None
    given = parts if parts is not None else (key,)
    indices: list[Index] = []
    for part in given:
        index = _index(part)
        if isinstance(index, _Open):
            return out(None, self.dtype, self)
        indices.append(index)
    with refusing("[]", self):
        made = index_shape(self.shape, indices)
    return out(made, self.dtype, self, data=_picked(self, given), bounds=self.bounds)


class _Open:
    """An index of which not even its effect on the rank is known."""


def _index(part: Value) -> Index | _Open:
    if part is None or part is ... or (isinstance(part, Library) and part.path.endswith(".newaxis")):
        return None if part is not ... else ...
    if isinstance(part, bool):
        return _Open()
    if isinstance(part, (int, Poly)):
        return part
    if isinstance(part, Varying):
        return Poly_unknown()
    if isinstance(part, slice):
        if part.start is None and part.stop is None and part.step is None:
            return WHOLE
        return Span(*(_bound(b) for b in (part.start, part.stop, part.step)))
    if isinstance(part, Array) and part.shape == () and part.dtype != "bool":
        d = dim_of(part)
        return d if isinstance(d, (int, Poly)) else Poly_unknown()
    if isinstance(part, Array) and part.dtype == "bool" and part.shape:
        return Mask(part.shape, None)
    return _Open()


def Poly_unknown() -> Poly:
    """Return a whole number of which nothing is known."""
    from ...shapes import symbol

    return symbol("i", 0)


def _bound(b: Value) -> Value:
    if b is None:
        return None
    d = dim_of(b)
    return UNKNOWN_DIM if d is None else d


def _picked(x: Array, given: tuple[Value, ...]) -> tuple[Value, ...] | None:
    """The elements picked from a vector whose elements are known."""
    if x.data is None or x.rank != 1 or len(given) != 1:
        return None
    part = given[0]
    if isinstance(part, int) and -len(x.data) <= part < len(x.data):
        return (x.data[part],)
    if isinstance(part, slice) and all(b is None or isinstance(b, int) for b in (part.start, part.stop, part.step)) and part.step != 0:
        return x.data[part]
    return None


@models(f"{TENSOR}.__iter__")
def iterate(self: Array) -> Value:
    """The slices along the first axis."""
    from ...interpreter.values import Iteration

    if self.shape is None:
        return Iteration(None, UNKNOWN, UNKNOWN_DIM)
    if not self.shape:
        raise Raises("TypeError", "Cannot iterate over a scalar tensor.")
    if self.history is UNDIVIDED:
        if keras_major() < 3:
            return Iteration(None, UNKNOWN, UNKNOWN_DIM)
        reason = f"the step got data alone, one tensor of shape {show_shape(self.shape)}, and no pair"
        raise Mismatch(FitArguments(reason, "give fit() labels"), self)
    first = self.shape[0]
    if isinstance(first, int) and first <= 64:
        if self.data is not None and len(self.shape) == 1:
            return Iteration(tuple(out((), self.dtype, self, data=(d,)) for d in self.data))
        return Iteration((out(self.shape[1:], self.dtype, self, bounds=self.bounds),) * first)
    return Iteration(None, out(self.shape[1:], self.dtype, self, bounds=self.bounds), first)


# --- variables ---------------------------------------------------------------------------------------------------------------------


@models(VARIABLE, "tensorflow.compat.v1.Variable")
def variable(
    initial_value: Value = None,
    trainable: Value = None,
    validate_shape: Value = True,
    caching_device: Value = None,
    name: Value = None,
    variable_def: Value = None,
    dtype: Value = None,
    import_scope: Value = None,
    constraint: Value = None,
    synchronization: Value = None,
    aggregation: Value = None,
    shape: Value = None,
    collections: Value = None,
    expected_shape: Value = None,
    use_resource: Value = None,
) -> Value:
    """``tf.Variable``: of its initial value's shape, unless `shape` leaves some of it open."""
    from ..api import call

    x = tensor(initial_value)
    if x is None and initial_value is not None and not isinstance(initial_value, Unknown):
        x = tensor(call(initial_value))
    kind = dtype_of(dtype) or (x.dtype if x is not None else None)
    if shape is not None:
        return Array(shape_of(shape), kind, "variable")
    return Array(None if x is None else x.shape, kind, "variable", bounds=None)


@models("tensorflow.get_variable", "tensorflow.compat.v1.get_variable")
def get_variable(name: Value, shape: Value = None, dtype: Value = None, initializer: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.compat.v1.get_variable``."""
    if shape is None:
        x = tensor(initializer)
        return Array(x.shape if x is not None else None, dtype_of(dtype), "variable")
    return Array(shape_of(shape), dtype_of(dtype, "float32"), "variable")


def _assigned(self: Array, value: Value, what: str) -> Value:
    x = tensor(value)
    if x is not None and x.shape is not None and self.shape is not None and all_same(x.shape, self.shape) is False:
        from ...rules.arrays import AssignedShape
        from .common import refuse

        refuse(AssignedShape(self.shape, x.shape), x, self)
    return self


@models(f"{VARIABLE}.assign")
def assign(self: Array, value: Value, use_locking: Value = None, name: Value = None, read_value: Value = True) -> Value:
    """Assign a value of the variable's shape; nothing is broadcast."""
    return _assigned(self, value, "assign")


@models(f"{VARIABLE}.assign_add", f"{VARIABLE}.assign_sub")
def assign_add(self: Array, delta: Value, use_locking: Value = None, name: Value = None, read_value: Value = True) -> Value:
    """Add a value of the variable's shape; nothing is broadcast."""
    return _assigned(self, delta, "assign_add")


@models("tensorflow.assign", "tensorflow.compat.v1.assign")
def assign_function(ref: Value, value: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.compat.v1.assign``."""
    return _assigned(ref, value, "assign") if isinstance(ref, Array) and ref.kind == "variable" else UNKNOWN


@models("tensorflow.assign_add", "tensorflow.assign_sub", "tensorflow.compat.v1.assign_add", "tensorflow.compat.v1.assign_sub")
def assign_add_function(ref: Value, value: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.compat.v1.assign_add``."""
    return assign_function(ref, value)


@models(f"{VARIABLE}.value", f"{VARIABLE}.read_value", f"{VARIABLE}.initialized_value")
def value(self: Array) -> Value:
    """The variable's value as a tensor."""
    return Array(self.shape, self.dtype, "tensor", bounds=self.bounds)


@models(f"{VARIABLE}.scatter_nd_update", f"{VARIABLE}.scatter_nd_add", f"{VARIABLE}.scatter_update", f"{VARIABLE}.scatter_add")
def scatter(self: Array, *args: Value, **kwargs: Value) -> Value:
    """Change some elements."""
    return self


# --- ragged and sparse -------------------------------------------------------------------------------------------------------------


@models("tensorflow.ragged.constant")
def ragged_constant(
    pylist: Value,
    dtype: Value = None,
    ragged_rank: Value = None,
    inner_shape: Value = None,
    name: Value = None,
    row_splits_dtype: Value = None,
) -> Value:
    """``tf.ragged.constant``: lists of lists, all axes but the first open."""
    depth = _depth(pylist)
    parts = parts_of(pylist)
    if depth is None or parts is None or inner_shape is not None or ragged_rank is not None:
        return Array(None, dtype_of(dtype), "ragged")
    return Array((len(parts), *(None,) * (depth - 1)), dtype_of(dtype), "ragged" if depth > 1 else "tensor")


def _depth(value: Value) -> int | None:
    parts = parts_of(value)
    if parts is None:
        return None if isinstance(value, (Unknown, Array)) else 0
    depths = [_depth(p) for p in parts]
    if any(d is None for d in depths) or not depths:
        return None
    return 1 + max(d for d in depths if d is not None)


@models("tensorflow.ragged.stack")
def ragged_stack(values: Value, axis: Value = 0, name: Value = None) -> Value:
    """``tf.ragged.stack``."""
    parts = parts_of(values)
    arrays = [tensor(p) for p in parts] if parts else []
    if not arrays or axis != 0:
        return UNKNOWN
    ranks = {a.rank if a is not None else None for a in arrays}
    if len(ranks) != 1 or None in ranks:
        return Array(None, None, "ragged")
    rank = ranks.pop() or 0
    return Array((len(arrays), *(None,) * rank), arrays[0].dtype if arrays[0] else None, "ragged")


@models(f"{RAGGED}.from_row_splits", f"{RAGGED}.from_row_lengths", f"{RAGGED}.from_value_rowids", f"{RAGGED}.from_row_starts",
        f"{RAGGED}.from_row_limits")  # fmt: skip
def from_rows(values: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.RaggedTensor.from_row_splits`` and kin: one axis more."""
    x = tensor(values)
    return Array(None if x is None or not x.shape else (UNKNOWN_DIM, None, *x.shape[1:]), x.dtype if x else None, "ragged")


@models(f"{RAGGED}.from_tensor")
def from_tensor(tensor: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.RaggedTensor.from_tensor``."""
    if not isinstance(tensor, Array) or tensor.shape is None or len(tensor.shape) < 2:
        return UNKNOWN
    return Array((tensor.shape[0], None, *tensor.shape[2:]), tensor.dtype, "ragged")


@models(f"{RAGGED}.from_sparse")
def from_sparse(st_input: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.RaggedTensor.from_sparse``."""
    rank = st_input.rank if isinstance(st_input, Array) else None
    return Array(None if rank is None else (UNKNOWN_DIM, *(None,) * (rank - 1)), None, "ragged")


@models(f"{RAGGED}.to_tensor")
def to_tensor(self: Array, default_value: Value = None, name: Value = None, shape: Value = None) -> Value:
    """The dense tensor, filled up; open axes are as long as the longest row."""
    wanted = shape_of(shape) if shape is not None else None
    if self.shape is None:
        return Array(wanted, self.dtype, "tensor")
    made: Shape = self.shape
    if wanted is not None and len(wanted) == len(made):
        made = tuple(w if is_exact(w) else d for w, d in zip(wanted, made))
    elif shape is not None:
        made = (UNKNOWN_DIM,) * len(made)
    return Array(made, self.dtype, "tensor")


@models(f"{RAGGED}.to_sparse")
def to_sparse(self: Array, name: Value = None) -> Value:
    """The sparse tensor."""
    return Array(self.shape, self.dtype, "sparse")


@models(f"{RAGGED}.to_list", f"{RAGGED}.values", f"{RAGGED}.flat_values", f"{RAGGED}.row_splits", f"{RAGGED}.row_lengths",
        f"{RAGGED}.bounding_shape", f"{RAGGED}.merge_dims", f"{RAGGED}.nested_row_lengths")  # fmt: skip
def ragged_parts(self: Array, *args: Value, **kwargs: Value) -> Value:
    """The parts of a ragged tensor."""
    return UNKNOWN


@models(SPARSE, "tensorflow.sparse.SparseTensor")
def sparse_tensor(indices: Value, values: Value, dense_shape: Value) -> Value:
    """``tf.SparseTensor``."""
    x = tensor(values)
    return Array(shape_of(dense_shape), x.dtype if x else None, "sparse")


@models("tensorflow.sparse.to_dense")
def to_dense(sp_input: Value, default_value: Value = None, validate_indices: Value = True, name: Value = None) -> Value:
    """``tf.sparse.to_dense``."""
    return Array(sp_input.shape, sp_input.dtype, "tensor") if isinstance(sp_input, Array) else UNKNOWN


@models("tensorflow.sparse.from_dense")
def from_dense(tensor: Value, name: Value = None) -> Value:
    """``tf.sparse.from_dense``."""
    return Array(tensor.shape, tensor.dtype, "sparse") if isinstance(tensor, Array) else UNKNOWN


@models("tensorflow.sparse.reorder", "tensorflow.sparse.retain", "tensorflow.sparse.softmax")
def reorder(sp_input: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.sparse.reorder``."""
    return sp_input


@models(f"{SPARSE}.values", f"{SPARSE}.indices", f"{SPARSE}.dense_shape", kind="property")
def sparse_parts(self: Array) -> Value:
    """The parts of a sparse tensor."""
    return UNKNOWN


# --- types -------------------------------------------------------------------------------------------------------------------------


def _register_dtype_attributes() -> None:
    from ..api import constant

    for name in ("float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                 "bool",
                 "string", "complex64", "complex128"):  # fmt: skip
        constant(f"tensorflow.{name}.name", name)
        constant(f"tensorflow.{name}.is_floating", "float" in name)
        constant(f"tensorflow.{name}.is_integer", "int" in name)
        constant(f"tensorflow.{name}.is_bool", name == "bool")


_register_dtype_attributes()


@models("tensorflow.as_dtype", "tensorflow.dtypes.as_dtype", "tensorflow.DType")
def as_dtype(type_value: Value) -> Value:
    """``tf.as_dtype``."""
    return dtype_value(dtype_of(type_value))


@op("tensorflow.dtypes.cast")
def dtypes_cast(x: Value, dtype: Value, name: Value = None) -> Value:
    """``tf.dtypes.cast``."""
    from .creation import cast

    return cast(x, dtype)
