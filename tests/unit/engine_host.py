"""A stand-in for the interpreter, for tests of the models of Keras alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from kshape_lint.interpreter.instances import InstanceObj, UserClass
from kshape_lint.interpreter.values import UNKNOWN, Array, DictObj, Library, ListObj, Seq, Value
from kshape_lint.interpreter.world import World, enter, leave
from kshape_lint.libraries import api
from kshape_lint.libraries.files import Files
from kshape_lint.rules.base import Rule


class FakeHost:
    def __init__(self, keras_major: int = 3) -> None:
        self.keras_major = keras_major
        self.files = Files()
        self.warnings: list[Rule] = []
        self.training: list[Value] = []
        self.last_opaque = 0
        self.built = 0
        self.node: object = None

    def call(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        return callee(*args, **kwargs) if callable(callee) else UNKNOWN

    call_traced = call
    call_afresh = call

    def handled(self) -> bool:
        return False

    def warn(self, record: Rule, blame: Sequence[Value]) -> None:
        self.warnings.append(record)

    def count(self, name: str, by: int = 1) -> None:
        """Statistics are of no interest here."""

    def attribute(self, value: Value, name: str) -> Value:
        assert isinstance(value, InstanceObj)
        if name in value.state:
            return value.state[name]
        for c in value.cls.mro():
            if isinstance(c, UserClass) and name in c.variables:
                return partial(c.variables[name], value)
        return UNKNOWN

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        value.put({**value.state, name: new})

    def note(self, *args: Value, **kwargs: Value) -> None:
        """Count nothing."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the fake host has no {name}")


@contextmanager
def running(keras_major: int = 3) -> Iterator[FakeHost]:
    """Run the block as if inside a check."""
    api.load("keras")
    host = FakeHost(keras_major)
    before = enter(World())
    api._host.append(host)  # type: ignore[arg-type]
    try:
        yield host
    finally:
        api._host.pop()
        leave(before)


def make(path: str, *args: Value, **kwargs: Value) -> Value:
    """Call the model at a path, short paths meaning layers."""
    path = path if path.startswith("keras.") else f"keras.layers.{path}"
    model = api.lookup(api.canonical(path))
    assert model is not None, path
    return model.function(*args, **kwargs)


def method(self: Value, name: str, *args: Value, **kwargs: Value) -> Value:
    """Call a method, or read a property, of a Keras object."""
    for path in api.mro(self.type_path):
        model = api.lookup(f"{path}.{name}")
        if model is not None:
            return model.function(self, *args, **kwargs)
    raise AssertionError(name)


def data(*shape: Any, kind: str = "numpy") -> Array:
    return Array(tuple(shape), "float32", kind)  # type: ignore[arg-type]


def items(*values: Value) -> ListObj:
    return ListObj(Seq(values))


def mapping(**values: Value) -> DictObj:
    return DictObj(values)


def instance(base: str, *args: Value, init: Any = None, **methods: Any) -> InstanceObj:
    """Return an object of a class of the program that inherits from a Keras class; `init` plays its ``__init__``."""
    made = InstanceObj(UserClass("Mine", (Library(base),), dict(methods)))
    if init is not None:
        init(made, *args)
    return made


def super_init(self: InstanceObj, *args: Value, **kwargs: Value) -> None:
    """Call the base constructor."""
    path = self.cls.library_bases()[0]
    for base in api.mro(path):
        model = api.lookup(f"{base}.__init__")
        if model is not None:
            model.function(self, *args, **kwargs)
            return
    raise AssertionError(path)
