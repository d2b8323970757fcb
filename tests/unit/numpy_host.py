"""A stand-in for the interpreter, for tests of the models of NumPy alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kshape_lint.interpreter.values import UNKNOWN, Array, ListObj, Seq, Value
from kshape_lint.libraries import api
from kshape_lint.libraries.files import Files
from kshape_lint.libraries.numpy import operators
from kshape_lint.rules.base import Rule


class FakeHost:
    keras_major = 3

    def __init__(self) -> None:
        self.warnings: list[Rule] = []
        self.training: list[Value] = []
        self.last_opaque = 0
        self.built = 0
        self.files = Files()

    def call(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        return callee(*args, **kwargs) if callable(callee) else UNKNOWN

    call_traced = call
    call_afresh = call

    def warn(self, record: Rule, blame: Sequence[Value]) -> None:
        self.warnings.append(record)

    def supposes(self, operator: str, left: Value, right: Value) -> bool | None:
        return None

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the fake host has no {name}")


@contextmanager
def running() -> Iterator[FakeHost]:
    """Run the block as if inside a check."""
    api.load("numpy")
    host = FakeHost()
    api._host.append(host)  # type: ignore[arg-type]
    try:
        yield host
    finally:
        api._host.pop()


def np_call(path: str, *args: Value, **kwargs: Value) -> Value:
    """Call the model of a NumPy function."""
    model = api.lookup(api.canonical(f"numpy.{path}"))
    assert model is not None, path
    return model.function(*args, **kwargs)


def method(path: str, self: Value, *args: Value, **kwargs: Value) -> Value:
    """Call the model of a method (or read the property) of an array."""
    return np_call(f"ndarray.{path}", self, *args, **kwargs)


def arr(*shape: Any, dtype: str = "float64") -> Array:
    """An array of a shape."""
    return Array(shape, dtype)


def lst(*items: Value) -> ListObj:
    """A list."""
    return ListObj(Seq(tuple(items)))


def refused(function: Any, *args: Any, **kwargs: Any) -> str:
    """Return the code of the finding that a call raises."""
    try:
        made = function(*args, **kwargs)
    except api.Mismatch as e:
        assert e.record.message()
        return e.record.code
    raise AssertionError(f"no refusal, but {made!r}")


binary, compare, unary = operators.binary, operators.compare, operators.unary
