"""Elements put together and taken apart: ``batch``, ``padded_batch``, ``unbatch``, ``window``, ``flat_map`` and kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ...interpreter.values import UNKNOWN, Array, DictObj, Unknown, Value
from ...records import replace
from ...shapes import UNKNOWN_DIM, Dim, divide_exactly, is_exact, show_shape
from ...shapes.reshape import ceil_divide
from ..api import models
from .common import dim_of, flag, parts_of, shape_of
from .data import DATASET, DatasetState, Spec, dataset, dataset_state
from .data_sources import _agree
from .data_specs import apply_function, batched, leaves, over, reshaped, sliced, state_of
from .refusals import demand


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
    state = state_of(self)
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
    return batched(a, length) if inner is None else UNKNOWN


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
        return reshaped(spec, None if spec.shape is None else (UNKNOWN_DIM,) * len(spec.shape))
    stated = tuple(None if isinstance(d, int) and d == -1 else d for d in stated)
    if spec.shape is not None:
        shrinks = any(isinstance(a, int) and isinstance(b, int) and b < a for a, b in zip(spec.shape, stated))
        if len(stated) != len(spec.shape) or shrinks:
            demand("padded_batch", spec, f"elements that fit into the padded shape {show_shape(stated)}")
    return reshaped(spec, stated)


@models(f"{DATASET}.ragged_batch")
def ragged_batch(self: Value, batch_size: Value, drop_remainder: Value = False, *args: Value, **kwargs: Value) -> Value:
    """Elements of several lengths stacked into ragged tensors."""
    return batches(self, batch_size, drop_remainder)


@models(f"{DATASET}.unbatch")
def unbatch(self: Value, name: Value = None) -> Value:
    """Every row an element of its own."""
    state = state_of(self)
    for a in leaves(state.spec):
        if isinstance(a, Array) and a.shape == ():
            demand("unbatch", a, "elements of rank 1 or more")
    _agree("unbatch", [a for a in leaves(state.spec) if isinstance(a, Array)])
    batched = None if state.batched is None else max(0, state.batched - 1)
    count: Dim = state.samples if state.batched == 1 else None if state.cardinality is None else UNKNOWN_DIM
    return dataset(replace(state, spec=over(state.spec, sliced), cardinality=count, batched=batched, samples=count, batch_size=UNKNOWN_DIM))


@models(f"{DATASET}.rebatch")
def rebatch(self: Value, batch_size: Value, drop_remainder: Value = False, name: Value = None) -> Value:
    """Batches of another size."""
    state = state_of(self)
    length: Dim = dim_of(batch_size) if flag(drop_remainder) else None
    spec = over(state.spec, lambda a: batched(sliced(a), length))
    return dataset(replace(state, spec=spec, cardinality=UNKNOWN_DIM, batch_size=dim_of(batch_size), full=bool(flag(drop_remainder))))


@models(f"{DATASET}.window")
def window(self: Value, size: Value, shift: Value = None, stride: Value = 1, drop_remainder: Value = False, name: Value = None) -> Value:
    """Every element a nest of datasets of `size` elements."""
    state = state_of(self)
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
    state = state_of(self)
    inner = dataset_state(apply_function(map_func, state.spec))
    if inner is None:
        return dataset(DatasetState(UNKNOWN, UNKNOWN_DIM, None))
    # How often the elements are batched is what the fitting of models asks; a window's batch makes one element.
    depth = None if inner.batched is None or state.batched is None else max(0, inner.batched - 1) if _windows(state.spec) else inner.batched
    return dataset(DatasetState(inner.spec, UNKNOWN_DIM, depth, inner.batch_size))


def _windows(spec: Spec) -> bool:
    return any(dataset_state(leaf) is not None for leaf in leaves(spec))


@models(f"{DATASET}.group_by_window", f"{DATASET}.bucket_by_sequence_length", f"{DATASET}.rejection_resample")
def regrouped(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Elements grouped by a rule of the program."""
    return dataset(DatasetState(UNKNOWN, UNKNOWN_DIM, None))
