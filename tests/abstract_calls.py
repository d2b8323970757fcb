"""Call library models directly, written as the real calls are: ``tf.reshape(tf.zeros([2, 3]), [6])`` gives the abstract result."""

from __future__ import annotations

from typing import Any

from kshape_lint.interpreter.values import Array, Builtin, DictObj, Iteration, LibObj, Library, ListObj, Seq, Value
from kshape_lint.libraries import api
from kshape_lint.libraries.files import Files
from kshape_lint.libraries.numpy import operators

CLASSES = {
    "numpy": "numpy.ndarray", "tensor": "tensorflow.Tensor", "variable": "tensorflow.Variable", "keras": "keras.KerasTensor",
    "ragged": "tensorflow.RaggedTensor", "sparse": "tensorflow.SparseTensor",
}  # fmt: skip


class Host:
    """The few services of the interpreter that models ask for."""

    def __init__(self, keras_major: int = 3) -> None:
        self.keras_major = keras_major
        self.files = Files()
        self.warnings: list[Any] = []

    def call(self, callee: Value, args: Any, kwargs: dict[str, Value]) -> Value:
        if isinstance(callee, Builtin):
            return callee.call(*args, **kwargs)
        if isinstance(callee, Library):
            return lower(Name(callee.path)(*args, **kwargs))
        return api.UNKNOWN

    call_traced = call

    def attribute(self, value: Value, name: str) -> Value:
        return lower(getattr(lift(value), name))

    def warn(self, record: Any, blame: Any) -> None:
        self.warnings.append(record)

    def iterate(self, value: Value) -> Iteration:
        return Iteration(None)

    def truth(self, value: Value) -> bool | None:
        return value if isinstance(value, bool) else None


class Name:
    """A dotted name in a library."""

    def __init__(self, path: str) -> None:
        self.__dict__["path"] = path

    def __getattr__(self, name: str) -> Any:
        path = f"{self.path}.{name}"
        try:
            return api.lookup_constant(api.canonical(path))
        except KeyError:
            return Name(path)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        model = api.lookup(api.canonical(self.path))
        if model is None:
            raise LookupError(f"no model of {self.path}")
        return lift(model.function(*map(lower, args), **{k: lower(v) for k, v in kwargs.items()}))


class Thing:
    """An abstract value with the attributes and operators that its models give it."""

    def __init__(self, value: Value) -> None:
        self.__dict__["value"] = value

    def _model(self, name: str) -> Any:
        path = CLASSES[self.value.kind] if isinstance(self.value, Array) else self.value.type_path
        for each in api.mro(path):
            model = api.lookup(f"{each}.{name}")
            if model is not None:
                return model
        raise AttributeError(f"no model of {path}.{name}")

    def __getattr__(self, name: str) -> Any:
        model = self._model(name)
        if model.kind == "property":
            return lift(model.function(self.value))
        return lambda *a, **k: lift(model.function(self.value, *map(lower, a), **{n: lower(v) for n, v in k.items()}))

    def __getitem__(self, key: Any) -> Any:
        if isinstance(self.value, ListObj):
            return lift((self.value.items or ())[key])
        return lift(self._model("__getitem__").function(self.value, lower(key)))

    def __iter__(self) -> Any:
        if isinstance(self.value, ListObj):
            return iter([lift(i) for i in self.value.items or ()])
        run = self._model("__iter__").function(self.value)
        return iter([lift(i) for i in (run.items if run.items is not None else (run.element,))])

    def _binary(self, op: str, other: Any, swapped: bool = False) -> Any:
        a, b = self.value, lower(other)
        return lift(operators.binary(op, *((b, a) if swapped else (a, b))))

    __add__ = lambda s, o: s._binary("+", o)  # noqa: E731
    __radd__ = lambda s, o: s._binary("+", o, True)  # noqa: E731
    __sub__ = lambda s, o: s._binary("-", o)  # noqa: E731
    __mul__ = lambda s, o: s._binary("*", o)  # noqa: E731
    __rmul__ = lambda s, o: s._binary("*", o, True)  # noqa: E731
    __truediv__ = lambda s, o: s._binary("/", o)  # noqa: E731
    __floordiv__ = lambda s, o: s._binary("//", o)  # noqa: E731
    __matmul__ = lambda s, o: s._binary("@", o)  # noqa: E731
    __gt__ = lambda s, o: lift(operators.compare(">", s.value, lower(o)))  # noqa: E731
    __lt__ = lambda s, o: lift(operators.compare("<", s.value, lower(o)))  # noqa: E731


def lower(value: Any) -> Value:
    """Return a value as models see it."""
    if isinstance(value, Thing):
        return value.value
    if isinstance(value, Name):
        return Library(api.canonical(value.path))
    if type(value) is tuple:
        return tuple(map(lower, value))
    if isinstance(value, list):
        return ListObj(Seq(tuple(map(lower, value))))
    if isinstance(value, dict):
        return DictObj({k: lower(v) for k, v in value.items()})
    if isinstance(value, slice):
        return slice(lower(value.start), lower(value.stop), lower(value.step))
    if callable(value) and not isinstance(value, (Builtin, LibObj)):
        return Builtin("lambda", lambda *a, **k: lower(value(*map(lift, a), **{n: lift(v) for n, v in k.items()})))
    return value


def lift(value: Value) -> Any:
    """Return a value as an expression uses it."""
    if isinstance(value, (Array, LibObj, ListObj)):
        return Thing(value)
    if type(value) is tuple:
        return tuple(map(lift, value))
    if isinstance(value, DictObj):
        return {k: lift(v) for k, v in value.state.items()}
    return value


def evaluate(expression: str, keras_major: int = 3, **names: Any) -> Any:
    """Evaluate an expression over ``tf``, ``np``, ``keras``, ``K`` and ``z`` (``tf.zeros``) on abstract values."""
    for root in ("tensorflow", "keras", "numpy"):
        api.load(root)
    host = Host(keras_major)
    api._host.append(host)
    tf, keras = Name("tensorflow"), Name("keras")
    known = {"tf": tf, "np": Name("numpy"), "keras": keras, "ops": keras.ops, "K": keras.backend, "z": tf.zeros, **names}
    try:
        return lower(eval(expression, known))
    finally:
        api._host.pop()
