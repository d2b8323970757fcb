"""Random programs of NumPy calls, run by NumPy and by its models: the same shape or the same refusal.

Some lengths are then replaced by symbols: what is inferred must hold for the lengths that they stand for.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

pytest.importorskip("hypothesis")
np = pytest.importorskip("numpy")

from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from kshape_lint.interpreter.values import Array, ListObj, Seq, Unknown, Value  # noqa: E402
from kshape_lint.libraries import api  # noqa: E402
from kshape_lint.shapes import UNKNOWN_DIM, Poly, symbol  # noqa: E402

from ..unit.numpy_host import binary, compare, running, unary  # noqa: E402

EXAMPLES = int(os.environ.get("KSHAPE_EXAMPLES", "300"))


@dataclass(frozen=True)
class Ref:
    """An array made earlier in the program."""

    at: int


@dataclass
class Step:
    """One call: what the model and NumPy are asked, and with what."""

    name: str
    model: Callable[..., Value]
    real: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def function(path: str) -> tuple[str, Callable[..., Value], Callable[..., Any]]:
    real: Any = np
    for part in path.split("."):
        real = getattr(real, part)

    def model(*args: Any, **kwargs: Any) -> Value:
        found = api.lookup(f"numpy.{path}")
        assert found is not None, path
        return found.function(*args, **kwargs)

    return path, model, real


def getitem(a: Any, index: Any) -> Any:
    return a[index]


def setitem(a: Any, index: Any, value: Any) -> Any:
    b = a.copy()
    b[index] = value
    return b


def method(name: str) -> tuple[str, Callable[..., Value], Callable[..., Any]]:
    def real(a: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(a, name)(*args, **kwargs)

    _, model, _ = function(f"ndarray.{name}")
    return f"ndarray.{name}", model, {"__getitem__": getitem, "__setitem__": setitem}.get(name, real)


OPERATORS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "@": np.matmul, "==": np.equal, "<": np.less,
}  # fmt: skip


def operator(op: str) -> tuple[str, Callable[..., Value], Callable[..., Any]]:
    known = compare if op in ("==", "<") else binary
    return op, lambda a, b: known(op, a, b), OPERATORS[op]


axis = st.integers(-5, 5) | st.integers(-2, 1)
axes = st.none() | axis | st.lists(axis, min_size=1, max_size=3).map(tuple)
small = st.integers(0, 4)
shape = st.lists(st.sampled_from([1, 2, 2, 3, 4, 6]), max_size=4).map(tuple)
target = st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6, 8, 12, 24]), min_size=1, max_size=4).map(tuple)
some_axes = axes.filter(lambda x: x is not None)
same_shape = st.sampled_from(["squeeze", "ravel", "atleast_1d", "atleast_2d", "atleast_3d", "exp", "sort", "tril"])
keepdims = st.booleans()
bound = st.none() | st.integers(-5, 6)
slices = st.builds(slice, bound, bound, st.none() | st.sampled_from([1, 2, -1, 3]))


@st.composite
def index(draw: Any) -> Any:
    one = st.integers(-4, 4) | st.integers(-2, 2) | slices | slices | st.none() | st.lists(st.integers(-2, 2), min_size=1, max_size=3)
    parts = draw(st.lists(one, min_size=1, max_size=4))
    if draw(st.booleans()) and len(parts) < 4:
        parts.insert(draw(st.integers(0, len(parts))), ...)
    return tuple(parts) if len(parts) > 1 or draw(st.booleans()) else parts[0]


@st.composite
def step(draw: Any, count: int) -> Step:
    ref = st.integers(0, count - 1).map(Ref)
    refs = st.lists(ref, min_size=1, max_size=3)
    a = draw(ref)
    kind = draw(st.integers(0, 30))
    if kind < 4:
        chosen = draw(st.sampled_from(["sum", "mean", "max", "min", "std", "prod", "all", "median", "var", "count_nonzero", "ptp"]))
        return Step(*function(chosen), (a,), {"axis": draw(axes), "keepdims": draw(keepdims)})
    if kind < 5:
        return Step(*function(draw(st.sampled_from(["argmax", "argmin"]))), (a,), {"axis": draw(st.none() | axis)})
    if kind < 8:
        return Step(*function("reshape"), (a, draw(target)), {})
    if kind < 10:
        return Step(*operator(draw(st.sampled_from(list(OPERATORS)))), (a, draw(ref)), {})
    if kind < 14:
        return Step(*method("__getitem__"), (a, draw(index())), {})
    if kind < 15:
        return Step(*method("__setitem__"), (a, draw(index()), draw(ref)), {})
    if kind < 17:
        chosen = draw(st.sampled_from(["concatenate", "stack"]))
        return Step(*function(chosen), (draw(refs),), {"axis": draw(axis)})
    if kind < 18:
        return Step(*function(draw(st.sampled_from(["vstack", "hstack", "dstack", "column_stack", "array"]))), (draw(refs),), {})
    if kind < 19:
        return Step(*function("transpose"), (a,), {"axes": draw(st.none() | st.lists(axis, min_size=1, max_size=4).map(tuple))})
    if kind < 20:
        return Step(*function(draw(st.sampled_from(["expand_dims", "squeeze", "flip"]))), (a,), {"axis": draw(some_axes)})
    if kind < 21:
        return Step(
            *function(draw(same_shape)),
            (a,),
            {},
        )
    if kind < 22:
        chosen = draw(st.sampled_from(["moveaxis", "swapaxes", "rollaxis"]))
        return Step(*function(chosen), (a, draw(axis), draw(axis)), {})
    if kind < 23:
        chosen = draw(st.sampled_from(["split", "array_split"]))
        where = draw(st.integers(1, 4) | st.lists(st.integers(-2, 4), min_size=1, max_size=3))
        return Step(*function(chosen), (a, where), {"axis": draw(axis)})
    if kind < 24:
        return Step(*function("tile"), (a, draw(small | st.lists(small, min_size=1, max_size=4).map(tuple))), {})
    if kind < 25:
        chosen = draw(st.sampled_from(["repeat", "delete", "take"]))
        return Step(*function(chosen), (a, draw(st.integers(0, 3))), {"axis": draw(st.none() | axis)})
    if kind < 26:
        width = draw(small | st.tuples(small, small) | st.lists(st.tuples(small, small), min_size=1, max_size=4).map(tuple))
        return Step(*function("pad"), (a, width), {})
    if kind < 27:
        return Step(*function(draw(st.sampled_from(["dot", "inner", "outer", "kron", "vdot", "matmul", "append"]))), (a, draw(ref)), {})
    if kind < 28:
        return Step(*function("append"), (a, draw(ref)), {"axis": draw(axis)})
    if kind < 29:
        n = draw(st.integers(0, 3))
        return Step(*function("tensordot"), (a, draw(ref)), {"axes": draw(st.just(n) | st.tuples(axis, axis))})
    if kind < 30:
        letters = st.text("ijk", min_size=0, max_size=3)
        equation = f"{draw(letters)},{draw(letters)}" + draw(st.just("") | letters.map(lambda t: "->" + t))
        return Step(*function("einsum"), (equation, a, draw(ref)), {})
    chosen = draw(st.sampled_from(["diff", "cumsum", "broadcast_to", "percentile", "diagonal", "trace", "where", "insert"]))
    more: dict[str, tuple[Any, ...]] = {
        "diff": (draw(st.integers(0, 3)), draw(axis)),
        "cumsum": (draw(st.none() | axis),),
        "broadcast_to": (draw(shape),),
        "percentile": (draw(st.just(50) | st.just([25, 75])), draw(st.none() | axis)),
        "diagonal": (0, draw(axis), draw(axis)),
        "trace": (0, draw(axis), draw(axis)),
        "where": (draw(ref), draw(ref)),
        "insert": (draw(st.integers(0, 2)), draw(ref), draw(st.none() | axis)),
    }
    return Step(*function(chosen), (a, *more[chosen]), {})


@st.composite
def program(draw: Any) -> tuple[list[tuple[int, ...]], list[Step]]:
    shapes = draw(st.lists(shape, min_size=1, max_size=3))
    return shapes, [draw(step(len(shapes) + i)) for i in range(draw(st.integers(1, 4)))]


def concrete(value: Any, made: list[Any]) -> Any:
    if isinstance(value, Ref):
        return made[value.at]
    if isinstance(value, list):
        return [concrete(v, made) for v in value]
    return value


def abstract(value: Any, made: list[Any]) -> Any:
    if isinstance(value, Ref):
        return made[value.at]
    if isinstance(value, list):
        return ListObj(Seq(tuple(abstract(v, made) for v in value)))
    if isinstance(value, tuple):
        return tuple(abstract(v, made) for v in value)
    return value


def outcome(run: Callable[[], Any], refusals: tuple[type[BaseException], ...]) -> tuple[Any, BaseException | None]:
    try:
        return run(), None
    except refusals as e:
        return None, e


REAL_REFUSALS = (ValueError, IndexError, TypeError, np.exceptions.AxisError, ZeroDivisionError)


def evaluated(d: Any, names: dict[str, int]) -> int | None:
    """The length that an inferred dimension says, None where it says nothing that can be worked out."""
    if isinstance(d, int):
        return d
    if not isinstance(d, Poly):
        return None
    try:
        return int(eval(repr(d), {"min": min, "max": max, "__builtins__": {}}, dict(names)))
    except (NameError, SyntaxError):
        return None


def agree(inferred: Value, real: Any, names: dict[str, int], step: Step) -> None:
    if isinstance(inferred, Array) and inferred.shape is not None:
        shape = np.shape(real)
        assert len(shape) == len(inferred.shape), (step, inferred, shape)
        for d, length in zip(inferred.shape, shape):
            said = evaluated(d, names)
            # Two slices one after the other may take off more than there is, each by itself not.
            assert said is None or said == length or (names and said < 0), (step, inferred, shape, names)
        if inferred.data is not None and isinstance(real, np.ndarray):
            known = [evaluated(v, names) if isinstance(v, Poly) else v for v in inferred.data]
            assert all(k is None or k == v or k != k or abs(k - v) < 1e-9 for k, v in zip(known, real.ravel().tolist())), (
                step,
                inferred.data,
                real,
            )
    elif isinstance(inferred, (ListObj, tuple)):
        parts = api.items(inferred)
        if parts is not None:
            assert len(parts) == len(real), (step, parts, real)
            for p, r in zip(parts, real):
                agree(p, r, names, step)


def reaches_beyond(value: Any, length: int) -> bool:
    """Tell whether a slice takes off more than `length`; of a length not known, scripts are taken not to do that."""
    if isinstance(value, tuple):
        return any(reaches_beyond(v, length) for v in value)
    return isinstance(value, slice) and any(abs(b) > length for b in (value.start, value.stop) if b is not None)


Tell = Callable[[str, str], object]
"""Who is told of each call its name and how it went: "same", "vague" (less said than is known), "missed" (an error not told)."""


def run_program(
    shapes: list[tuple[int, ...]], steps: list[Step], names: dict[int, Poly], tell: Tell = lambda name, how: None
) -> tuple[int, int]:
    """Run both and compare; return how many steps were checked and how many of these were understood."""
    real: list[Any] = [np.arange(int(np.prod(s))).reshape(s) % 7 for s in shapes]
    known: list[Any] = [
        Array(tuple(names.get(d, d) for d in s), "int64", data=None if names else tuple(r.ravel().tolist())) for s, r in zip(shapes, real)
    ]
    values = {repr(p): d for d, p in names.items()}
    checked = understood = 0
    with running(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for s in steps:
            if names and reaches_beyond(s.args, min(names)):
                break
            args, kwargs = concrete(list(s.args), real), {k: concrete(v, real) for k, v in s.kwargs.items()}
            result, raised = outcome(partial(s.real, *args, **kwargs), REAL_REFUSALS)
            said, refused = outcome(partial(s.model, *(abstract(v, known) for v in s.args), **s.kwargs), (api.Mismatch, api.Raises))
            checked += 1
            if refused is not None:
                assert raised is not None, (s, refused, [np.shape(a) for a in args if isinstance(a, np.ndarray)], known)
                if isinstance(refused, api.Mismatch):
                    assert refused.record.message()
                understood += 1
                tell(s.name, "same")
                break
            if raised is not None:
                if not names:  # of a symbol most refusals cannot be known
                    tell(s.name, "missed")
                understood += isinstance(said, Unknown) or (isinstance(said, Array) and said.shape is None)
                MISSES.append((s.name, s.args, s.kwargs, known, raised)) if not names else None
                break
            agree(said, result, values, s)
            tell(s.name, "same" if is_told(said) else "vague")
            if isinstance(said, Array) and said.shape is not None:
                understood += 1
            if not isinstance(result, np.ndarray) or result.size > 5_000:
                break
            real.append(result)
            known.append(said if isinstance(said, Array) else Array(None))
    return checked, understood


def is_told(said: Value) -> bool:
    """Tell whether an answer says all there is to know of the shape."""
    if isinstance(said, Array):
        return said.shape is not None and UNKNOWN_DIM not in said.shape
    if isinstance(said, (ListObj, tuple)):
        parts = api.items(said)
        return parts is not None and all(map(is_told, parts))
    return not isinstance(said, Unknown)


MISSES: list[Any] = []
# The everyday run draws the same programs each time; one that asks for a number of them draws new ones.
FEW = settings(
    max_examples=EXAMPLES, derandomize="KSHAPE_EXAMPLES" not in os.environ, deadline=None, suppress_health_check=list(HealthCheck)
)


@FEW
@given(program())
def test_known_lengths(case: tuple[list[tuple[int, ...]], list[Step]]) -> None:
    run_program(*case, {})


@FEW
@given(program(), st.sets(st.sampled_from([2, 3, 4, 6]), min_size=1, max_size=2))
def test_some_lengths_are_symbols(case: tuple[list[tuple[int, ...]], list[Step]], which: set[int]) -> None:
    run_program(*case, {d: symbol("nmpq"[i], 1) for i, d in enumerate(sorted(which))})


def test_unary() -> None:
    assert unary("-", Array((2,), "int64", data=(1, 2))).data == (-1, -2)
