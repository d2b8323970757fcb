"""Putting arrays together and taking them apart: concatenate, stack, split, tile, repeat, pad, insert, delete."""

from __future__ import annotations

from collections.abc import Sequence

from ...interpreter.values import UNKNOWN, Array, ListObj, Seq, Value
from ...rules.arrays import InconsistentLengths, IndexBounds, Join, RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, is_exact, same, size
from ...shapes import joining as join
from ...shapes.axes import axis_index, replace_axis
from ...shapes.reshape import plus, tile, times
from ..api import Mismatch, Raises, items, models
from ..refusals import refusing
from .convert import UNCLEAR, as_array, axes, is_foreign, joined_bounds, joined_data, lengths, number, rows_of, whole
from .dtypes import dtype_name, promote
from .reshaping import raveled


def _parts(arrays: Value, function: str) -> list[Array] | None:
    """The arrays to be joined one by one, None where they are not known so."""
    known = items(arrays)
    if known is not None:
        return [as_array(a, function) for a in known]
    if isinstance(arrays, Array) and arrays.shape and isinstance(arrays.shape[0], int) and arrays.shape[0] <= 64:
        return [as_array(rows_of(arrays), function)] * arrays.shape[0]
    return None


def _many(arrays: Value, function: str) -> tuple[Array, Dim] | None:
    """One array that stands for all, and how many there are."""
    if isinstance(arrays, ListObj):
        state = arrays.state
        return as_array(state.element, function), UNKNOWN_DIM if state.length is None else state.length
    if isinstance(arrays, Array) and arrays.shape:
        return as_array(rows_of(arrays), function), arrays.shape[0]
    return None


def _dtype(parts: Sequence[Array]) -> str | None:
    made = parts[0].dtype if parts else None
    for a in parts[1:]:
        made = promote(made, a.dtype)
    return made


def concatenated(arrays: Value, axis: Value, function: str, dtype: Value = None) -> Value:
    """Return the arrays joined along an axis; None joins them flattened."""
    parts = _parts(arrays, function)
    at = whole(axis)
    if parts is None:
        many = _many(arrays, function)
        if many is None or many[0].shape is None or not isinstance(at, int):
            return Array(None)
        element, count = many
        with refusing(function, element):
            where = axis_index(at, len(element.shape or ()))
        shape = element.shape or ()
        # The parts may differ on the axis they are joined along: only what they agree on is known.
        length = times(shape[where], count) if isinstance(shape[where], int) else UNKNOWN_DIM
        return Array(replace_axis(shape, where, length), element.dtype, bounds=element.bounds)
    if not parts:
        raise Raises("ValueError", "need at least one array to concatenate")
    wanted = dtype_name(dtype) or _dtype(parts)
    if axis is None:
        parts, at = [raveled(p) for p in parts], 0
    if not isinstance(at, int):
        return Array(None, wanted)
    scalar = next((i for i, p in enumerate(parts) if p.shape == ()), None)
    if scalar is not None:
        other = next((p.shape for i, p in enumerate(parts) if i != scalar and p.shape is not None), ())
        raise Mismatch(Join(function, other, (), scalar), *parts)
    with refusing(function, *parts):
        made = join.concatenate([p.shape for p in parts], at)
    data = joined_data(parts) if made is not None and (len(made) == 1 or at == 0) and wanted == parts[0].dtype else None
    return Array(made, wanted, data=data, bounds=joined_bounds(parts))


def stacked(arrays: Value, axis: Value, function: str, dtype: Value = None) -> Value:
    """Return the arrays joined along a new axis."""
    parts = _parts(arrays, function)
    at = whole(axis)
    if not isinstance(at, int):
        return Array(None)
    if parts is None:
        many = _many(arrays, function)
        if many is None:
            return Array(None)
        element, count = many
        with refusing(function, element):
            return Array(join.stack([element.shape], at, count), element.dtype, bounds=element.bounds)
    if not parts:
        raise Raises("ValueError", "need at least one array to stack")
    with refusing(function, *parts):
        made = join.stack([p.shape for p in parts], at)
    wanted = dtype_name(dtype) or _dtype(parts)
    return Array(made, wanted, data=joined_data(parts) if at == 0 and wanted == parts[0].dtype else None, bounds=joined_bounds(parts))


@models("numpy.concatenate", "numpy.concat")
def concatenate(arrays: Value, /, axis: Value = 0, out: Value = None, *, dtype: Value = None, casting: Value = "same_kind") -> Value:
    """Arrays joined along an axis they have."""
    return concatenated(arrays, axis, "np.concatenate", dtype)


@models("numpy.stack")
def stack(arrays: Value, axis: Value = 0, out: Value = None, *, dtype: Value = None, casting: Value = "same_kind") -> Value:
    """Arrays joined along a new axis."""
    return stacked(arrays, axis, "np.stack", dtype)


def _lifted(tup: Value, function: str, lift: dict[int, Shape], axis_by_rank: dict[int, int], axis: int) -> Value:
    """Join after giving arrays of low rank more axes: `lift` says, by rank, where the old axes go (-1) among ones."""
    parts = _parts(tup, function)
    if parts is None:
        many = _many(tup, function)
        if many is None or many[0].shape is None:
            return Array(None)
        element, count = many
        shape = _lift(element.shape or (), lift)
        at = axis_by_rank.get(len(element.shape or ()), axis)
        if at >= len(shape):
            return Array(None, element.dtype)
        length = times(shape[at], count) if isinstance(shape[at], int) else UNKNOWN_DIM
        return Array(replace_axis(shape, at, length), element.dtype, bounds=element.bounds)
    if not parts:
        raise Raises("ValueError", "need at least one array to concatenate")
    raised = [Array(None if p.shape is None else _lift(p.shape, lift), p.dtype, data=p.data, bounds=p.bounds) for p in parts]
    first = parts[0].shape
    at = axis if first is None else axis_by_rank.get(len(first), axis)
    if first is None and axis_by_rank:
        return Array(None, _dtype(parts))
    with refusing(function, *parts):
        made = join.concatenate([p.shape for p in raised], at)
    data = joined_data(raised) if made is not None and (len(made) == 1 or at == 0) else None
    return Array(made, _dtype(parts), data=data, bounds=joined_bounds(raised))


def _lift(shape: Shape, lift: dict[int, Shape]) -> Shape:
    pattern = lift.get(len(shape))
    if pattern is None:
        return shape
    rest = iter(shape)
    return tuple(next(rest) if d == -1 else d for d in pattern)


@models("numpy.vstack", "numpy.row_stack")
def vstack(tup: Value, *, dtype: Value = None, casting: Value = "same_kind") -> Value:
    """Rows on top of each other; 1-D arrays are rows."""
    return _lifted(tup, "np.vstack", {0: (1, 1), 1: (1, -1)}, {}, 0)


@models("numpy.hstack")
def hstack(tup: Value, *, dtype: Value = None, casting: Value = "same_kind") -> Value:
    """Arrays side by side; 1-D arrays end to end."""
    return _lifted(tup, "np.hstack", {0: (1,)}, {0: 0, 1: 0}, 1)


@models("numpy.dstack")
def dstack(tup: Value) -> Value:
    """Arrays behind each other."""
    return _lifted(tup, "np.dstack", {0: (1, 1, 1), 1: (1, -1, 1), 2: (-1, -1, 1)}, {}, 2)


@models("numpy.column_stack")
def column_stack(tup: Value) -> Value:
    """1-D arrays as columns, beside 2-D ones."""
    return _lifted(tup, "np.column_stack", {0: (1, 1), 1: (-1, 1)}, {}, 1)


@models("numpy.r_.__getitem__")
def r_(self: Value, index: Value) -> Value:
    """``np.r_[...]``: joined along the first axis, slices are ranges."""
    return _bracketed(index, "np.r_")


@models("numpy.c_.__getitem__")
def c_(self: Value, index: Value) -> Value:
    """``np.c_[...]``: 1-D arrays as columns, joined along the last axis."""
    parts = _bracket_parts(index)
    if parts is None:
        return Array(None)
    columns = [Array(None if p.shape is None else _lift(p.shape, {0: (1, 1), 1: (-1, 1)}), p.dtype, bounds=p.bounds) for p in parts]
    with refusing("np.c_", *parts):
        return Array(join.concatenate([c.shape for c in columns], -1), _dtype(columns), bounds=joined_bounds(columns))


def _bracketed(index: Value, function: str) -> Value:
    parts = _bracket_parts(index)
    if parts is None:
        return Array(None)
    raised = [Array((1,), p.dtype, data=p.data, bounds=p.bounds) if p.shape == () else p for p in parts]
    with refusing(function, *parts):
        return Array(join.concatenate([p.shape for p in raised], 0), _dtype(raised), data=joined_data(raised), bounds=joined_bounds(raised))


def _bracket_parts(index: Value) -> list[Array] | None:
    out = []
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, str):
            return None
        if isinstance(part, slice):
            if isinstance(part.step, complex):
                out.append(Array((int(abs(part.step)),), "float64"))
                continue
            from .creation import arange

            out.append(arange(0 if part.start is None else part.start, part.stop, 1 if part.step is None else part.step))
        else:
            out.append(as_array(part))
    return out


@models("numpy.block")
def block(arrays: Value) -> Value:
    """Arrays put together from nested lists of blocks."""
    rows = items(arrays)
    if rows is None:
        return Array(None)
    if all(items(r) is not None for r in rows):
        made = [concatenated(r, -1, "np.block") if all(as_array(p).rank == 2 for p in items(r) or ()) else Array(None) for r in rows]
        return concatenated(tuple(made), -2, "np.block") if made and all(m.rank == 2 for m in made) else Array(None)
    if any(items(r) is not None for r in rows):
        return Array(None)
    return concatenated(arrays, -1, "np.block") if all((as_array(r).rank or 0) > 0 for r in rows) else Array(None)


_MOST_PARTS = 256


def _split(ary: Value, sections: Value, axis: Value, function: str, uneven: bool = False) -> Value:
    a = as_array(ary, function)
    at = whole(axis)
    if a.shape is None or not isinstance(at, int):
        return _unknown_list(Array(None, a.dtype))
    count = whole(sections)
    with refusing(function, a):
        if isinstance(count, int):
            if count < 1:
                return _unknown_list(Array(None, a.dtype))
            if count > _MOST_PARTS and not uneven:
                return ListObj(Seq(None, Array(join.split_equally(a.shape, count, at), a.dtype), count))
            if uneven and count > _MOST_PARTS:
                return ListObj(Seq(None, Array(replace_axis(a.shape, axis_index(at, len(a.shape)), UNKNOWN_DIM), a.dtype), count))
            if uneven:
                return ListObj(Seq(tuple(Array(s, a.dtype) for s in join.split_array(a.shape, count, at))))
            part = Array(join.split_equally(a.shape, count, at), a.dtype)
            return ListObj(Seq((part,) * count))
        places = items(sections)
        if places is None and isinstance(sections, Array) and sections.rank == 1:
            places = sections.data
        if places is not None:
            edges: list[Dim] = [n if isinstance(n := number(p), (int, Poly)) else UNKNOWN_DIM for p in places]
            return ListObj(Seq(tuple(Array(s, a.dtype) for s in join.split_at(a.shape, edges, at))))
        where = axis_index(at, len(a.shape))
    exact = number(sections)
    length: Dim = exact if isinstance(exact, Poly) else UNKNOWN_DIM
    return ListObj(Seq(None, Array(replace_axis(a.shape, where, UNKNOWN_DIM), a.dtype), length))


def _unknown_list(element: Value) -> ListObj:
    return ListObj(Seq(None, element, UNKNOWN_DIM))


@models("numpy.split")
def split(ary: Value, indices_or_sections: Value, axis: Value = 0) -> Value:
    """Equal parts, or the pieces between indices."""
    return _split(ary, indices_or_sections, axis, "np.split")


@models("numpy.array_split")
def array_split(ary: Value, indices_or_sections: Value, axis: Value = 0) -> Value:
    """Parts as equal as can be."""
    return _split(ary, indices_or_sections, axis, "np.array_split", True)


@models("numpy.vsplit")
def vsplit(ary: Value, indices_or_sections: Value) -> Value:
    """Parts along the first axis."""
    _at_least(ary, 2, "np.vsplit")
    return _split(ary, indices_or_sections, 0, "np.vsplit")


def _at_least(ary: Value, least: int, function: str) -> None:
    a = as_array(ary)
    if a.shape is not None and len(a.shape) < least:
        raise Mismatch(RankDemanded(function, a.shape, f"rank {least} or more"), a)


@models("numpy.hsplit")
def hsplit(ary: Value, indices_or_sections: Value) -> Value:
    """Parts along the second axis; the only one of a 1-D array."""
    return _split(ary, indices_or_sections, 0 if as_array(ary).rank == 1 else 1, "np.hsplit")


@models("numpy.dsplit")
def dsplit(ary: Value, indices_or_sections: Value) -> Value:
    """Parts along the third axis."""
    _at_least(ary, 3, "np.dsplit")
    return _split(ary, indices_or_sections, 2, "np.dsplit")


@models("numpy.unstack")
def unstack(x: Value, /, *, axis: Value = 0) -> Value:
    """The arrays along one axis."""
    a = as_array(x)
    at = whole(axis)
    if a.shape is None or not isinstance(at, int):
        return UNKNOWN
    with refusing("np.unstack", a):
        at = axis_index(at, len(a.shape))
    count = a.shape[at]
    part = Array(a.shape[:at] + a.shape[at + 1 :], a.dtype)
    return (part,) * count if isinstance(count, int) and count <= 64 else UNKNOWN


@models("numpy.tile")
def tile_(A: Value, reps: Value) -> Value:
    """The array repeated along each axis."""
    a = as_array(A, "np.tile")
    many = lengths(reps)
    if a.shape is None or many is None:
        return Array(None, a.dtype, bounds=a.bounds)
    return Array(tile(a.shape, many), a.dtype, bounds=a.bounds)


@models("numpy.repeat", "numpy.ndarray.repeat")
def repeat(a: Value, repeats: Value, axis: Value = None) -> Value:
    """Each element repeated."""
    x = as_array(a, "np.repeat")
    count = number(repeats)
    at = whole(axis) if axis is not None else 0
    if axis is None:
        x = raveled(x)
    if x.shape is None or not isinstance(at, int):
        return Array(None, x.dtype, bounds=x.bounds)
    if not x.shape:
        return Array(None, x.dtype)
    with refusing("np.repeat", x):
        at = axis_index(at, len(x.shape))
    length: Dim
    if isinstance(count, (int, Poly)):
        length = times(x.shape[at], count)
    else:
        each = as_array(repeats)
        if (
            each.shape is not None
            and len(each.shape) == 1
            and same(each.shape[0], x.shape[at]) is False
            and same(each.shape[0], 1) is False
        ):
            raise Mismatch(InconsistentLengths("np.repeat", (x.shape[at], each.shape[0]), ("elements", "repeats")), x, each)
        known = each.data is not None and all(isinstance(v, int) for v in each.data)
        length = sum(each.data or ()) if known and each.rank == 1 and len(each.data or ()) > 1 else UNKNOWN_DIM
    return Array(replace_axis(x.shape, at, length), x.dtype, bounds=x.bounds if count != 0 else None)


@models("numpy.pad")
def pad(array: Value, pad_width: Value, mode: Value = "constant", **kwargs: Value) -> Value:
    """Elements added around the edges."""
    a = as_array(array, "np.pad")
    if a.shape is None:
        return Array(None, a.dtype)
    rank = len(a.shape)
    each = _pad_widths(pad_width, rank)
    table = as_array(pad_width).shape
    if table is not None and len(table) == 2 and isinstance(table[0], int) and table[0] not in (1, rank):
        raise Mismatch(RankDemanded("np.pad", a.shape, f"rank {table[0]} with {table[0]} pairs of widths"), a)
    if each is None:
        return Array((UNKNOWN_DIM,) * rank, a.dtype)
    return Array(tuple(plus(d, plus(b, e)) for d, (b, e) in zip(a.shape, each)), a.dtype)


def _pad_widths(width: Value, rank: int) -> list[tuple[Dim, Dim]] | None:
    one = number(width)
    if isinstance(one, (int, Poly)):
        return [(one, one)] * rank
    table = as_array(width, "np.pad")
    if table.shape is None or table.data is None or not all(isinstance(d, int) for d in table.shape):
        return None
    values: list[Dim] = [v if isinstance(v, (int, Poly)) else UNKNOWN_DIM for v in table.data]
    if table.shape == (2,) or table.shape == (1, 2):
        return [(values[0], values[1])] * rank
    if table.shape == (1,):
        return [(values[0], values[0])] * rank
    if table.shape == (rank, 2):
        return [(values[2 * i], values[2 * i + 1]) for i in range(rank)]
    if table.shape == (rank, 1):
        return [(v, v) for v in values]
    return None


@models("numpy.append")
def append(arr: Value, values: Value, axis: Value = None) -> Value:
    """Values joined at the end; all flattened without an axis."""
    return concatenated((arr, values), axis, "np.append")


@models("numpy.insert")
def insert(arr: Value, obj: Value, values: Value, axis: Value = None) -> Value:
    """Values put in before indices."""
    return _resized(arr, obj, axis, "np.insert", 1, as_array(values, "np.insert"))


@models("numpy.delete")
def delete(arr: Value, obj: Value, axis: Value = None) -> Value:
    """Elements taken out."""
    return _resized(arr, obj, axis, "np.delete", -1, None)


def _resized(arr: Value, obj: Value, axis: Value, function: str, sign: int, values: Array | None) -> Value:
    a = as_array(arr, function)
    at = whole(axis) if axis is not None else 0
    if axis is None:
        a = raveled(a)
    if a.shape is None or not isinstance(at, int):
        return Array(None, a.dtype)
    if not a.shape:
        return Array(None, a.dtype)
    with refusing(function, a):
        at = axis_index(at, len(a.shape))
    length: Dim = UNKNOWN_DIM
    place = whole(obj)
    if isinstance(obj, slice) and values is None:
        left = _without(a.shape[at], obj)
        length = UNKNOWN_DIM if left is None else left
    elif isinstance(place, int):
        if values is None:
            old = a.shape[at]
            if isinstance(old, int) and not -old <= place < old:
                raise Mismatch(IndexBounds(place, old, at, a.shape), a)
            length = plus(old, -1)
        elif isinstance(old := a.shape[at], int) and not -old <= place <= old:
            raise Mismatch(IndexBounds(place, old, at, a.shape), a)
        elif values.shape == ():
            length = plus(a.shape[at], 1)
        elif axis is None:
            length = plus(a.shape[at], size(values.shape or (UNKNOWN_DIM,)))
        elif values.shape is not None and len(values.shape) < len(a.shape) and len(a.shape) > 1:
            length = plus(a.shape[at], 1)
    else:
        places = items(obj)
        distinct = {whole(p) for p in places} if places is not None else set()
        if places is not None and UNCLEAR not in distinct and places and all(isinstance(p, int) and p >= 0 for p in distinct):
            length = plus(a.shape[at], sign * (len(distinct) if sign < 0 else len(places)))
    return Array(replace_axis(a.shape, at, length), a.dtype)


def _without(length: Dim, taken: slice) -> int | None:
    """Return how much is left of a length when a slice is taken away."""
    if (
        not isinstance(length, int)
        or not all(p is None or isinstance(p, int) for p in (taken.start, taken.stop, taken.step))
        or taken.step == 0
    ):
        return None
    return length - len(range(length)[taken])


@models("numpy.trim_zeros")
def trim_zeros(filt: Value, trim: Value = "fb", axis: Value = None) -> Value:
    """Zeros at the ends taken away."""
    if not isinstance(filt, Array):
        return ListObj(Seq(None, UNKNOWN, UNKNOWN_DIM)) if isinstance(filt, ListObj) else UNKNOWN
    return Array((UNKNOWN_DIM,) if as_array(filt).rank == 1 else None, as_array(filt).dtype)


@models("numpy.diff")
def diff(a: Value, n: Value = 1, axis: Value = -1, prepend: Value = None, append: Value = None) -> Value:
    """Differences of neighbours."""
    if is_foreign(a):
        return UNKNOWN
    x = as_array(a, "np.diff")
    times_, at = whole(n), whole(axis)
    if x.shape is None or not isinstance(at, int):
        return Array(None, x.dtype)
    if not x.shape or times_ == 0:
        return Array(x.shape if times_ == 0 else None, x.dtype)
    with refusing("np.diff", x):
        at = axis_index(at, len(x.shape))
    if not isinstance(times_, int) or not is_exact(x.shape[at]):
        return Array(replace_axis(x.shape, at, UNKNOWN_DIM), x.dtype)
    longer: Dim = x.shape[at]
    for more in (prepend, append):
        if more is not None:
            added = as_array(more)
            known = added.shape is not None and len(added.shape) in (0, len(x.shape))
            longer = plus(longer, added.shape[at] if added.shape else 1) if known else UNKNOWN_DIM
    length = plus(longer, -times_)
    return Array(replace_axis(x.shape, at, max(length, 0) if isinstance(length, int) else length), x.dtype)


@models("numpy.ediff1d")
def ediff1d(ary: Value, to_end: Value = None, to_begin: Value = None) -> Value:
    """Differences of neighbours of all elements."""
    return diff(raveled(as_array(ary))) if to_end is None and to_begin is None else Array((UNKNOWN_DIM,))


@models("numpy.gradient")
def gradient(f: Value, *varargs: Value, axis: Value = None, edge_order: Value = 1) -> Value:
    """Slopes: one array for each axis."""
    a = as_array(f)
    which = axes(axis)
    if a.shape is None or which is UNCLEAR:
        return UNKNOWN
    count = len(a.shape) if not isinstance(which, tuple) else len(which)
    one = Array(a.shape, "float64" if a.dtype != "float32" else "float32")
    return one if count == 1 else (one,) * count
