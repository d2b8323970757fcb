"""No model of NumPy may fail on a value it does not expect: it answers, or refuses as NumPy would."""

from __future__ import annotations

import inspect
import random

import pytest

from kshape_lint.interpreter.values import UNKNOWN, Array, DictObj, LibObj, Library, Real, Value
from kshape_lint.libraries import api
from kshape_lint.shapes import UNKNOWN_DIM, symbol

from .numpy_host import binary, compare, lst, running, unary

n = symbol("n")
ODD: tuple[Value, ...] = (
    UNKNOWN,
    None,
    True,
    0,
    1,
    -1,
    2,
    2.5,
    "text",
    b"bytes",
    ...,
    slice(None, n, UNKNOWN),
    n,
    Real("k", "0.5*n"),
    (),
    (2, n),
    (UNKNOWN, 3),
    (1, (2, 3)),
    Array(None),
    Array((), "float64"),
    Array((3,), "int64", data=(0, 1, 2)),
    Array((n, 4), "float32"),
    Array((n,), "bool"),
    Array((UNKNOWN_DIM, None, 2), None),
    Array((2, 3), "float32", "keras"),
    Array((2, 3), "float32", "tensor"),
    Array((2,), "str", data=("a", "b")),
    lst(),
    lst(1, 2, UNKNOWN),
    lst(lst(1, 2), lst(3)),
    lst(Array((2, 2)), Array((n, 2))),
    DictObj({}),
    LibObj("somewhere.Thing"),
    Library("numpy.float32"),
    range(3),
    lambda *args: UNKNOWN,
)


def _names() -> list[str]:
    api.load("numpy")
    return sorted(path for path in api._models if path.startswith("numpy."))


@pytest.mark.parametrize("name", _names())
def test_answers_whatever_it_is_given(name: str) -> None:
    model = api._models[name]
    parameters = [p for p in inspect.signature(model.function).parameters.values() if p.kind is not p.VAR_KEYWORD]
    pick = random.Random(name)
    owner = name.rpartition(".")[0]
    for _ in range(60):
        args: list[Value] = []
        kwargs: dict[str, Value] = {}
        for p in parameters:
            if p.kind is p.VAR_POSITIONAL:
                args.extend(pick.choice(ODD) for _ in range(pick.randrange(3)))
            elif p.name == "self" and owner == "numpy.ndarray":
                args.append(pick.choice([v for v in ODD if isinstance(v, Array) and v.kind == "numpy"]))
            elif p.name == "self":
                args.append(LibObj(owner))
            elif p.kind is p.KEYWORD_ONLY:
                if pick.random() < 0.5:
                    kwargs[p.name] = pick.choice(ODD)
            elif p.default is p.empty or pick.random() < 0.6:
                args.append(pick.choice(ODD))
            else:
                args.append(p.default)
        with running():
            try:
                model.function(*args, **kwargs)
            except api.Mismatch as mismatch:
                assert mismatch.record.message()
            except api.Raises:
                pass


@pytest.mark.parametrize("op", ["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>", "==", "<"])
def test_operators_answer_whatever_they_are_given(op: str) -> None:
    for left in ODD:
        for right in ODD:
            if not isinstance(left, Array) and not isinstance(right, Array):
                continue
            with running():
                try:
                    (compare if op in ("==", "<") else binary)(op, left, right)
                except api.Mismatch as mismatch:
                    assert mismatch.record.message()
    for operand in ODD:
        if isinstance(operand, Array):
            unary("~", operand), unary("-", operand)
