"""What a library model is written with.

A model is a function with the signature of the real one, registered under its canonical dotted path::

    @models("numpy.expand_dims")
    def expand_dims(a: Value, axis: Value) -> Value: ...

It gets abstract values (`interpreter.values`): plain Python for what is known, `Poly` for whole numbers that are fixed but not
known, `Array`, `ListObj`, … and `Unknown` for the rest, and never a `Choice`. It returns a value, `UNKNOWN` where it cannot tell,
or raises `Mismatch` where the real library certainly raises for shapes, or `Raises` for another certain exception. `warn` reports
what runs but is not meant.

Methods are models too, registered under the class's path and found through `bases`; their first parameter is the
object. Properties say ``kind="property"``. A path of a plain constant is given with `constant`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Literal, NoReturn, Protocol, TypeVar

from ..interpreter.values import UNKNOWN, Array, DictObj, Iteration, Library, ListObj, Obj, Unknown, Value, fresh, fresh_unknown
from ..rules.base import Rule
from ..shapes import UNKNOWN_DIM, Dim, Poly, Shape, derived, is_exact
from .files import Files

F = TypeVar("F", bound=Callable[..., Any])

ModelKind = Literal["function", "property"]


class Model:
    """A registered library model: the function, how it is called, and for a method its class (`owner`)."""

    __slots__ = ("bind", "function", "kind", "owner", "path", "raw")

    def __init__(self, path: str, function: Callable[..., Value], kind: ModelKind, raw: bool) -> None:
        self.path = path
        self.function = function
        self.kind: ModelKind = kind
        self.raw = raw
        self.owner = _owner(path, function)
        self.bind: Any = None


def _owner(path: str, function: Callable[..., Value]) -> str | None:
    """Return the class whose method a model is: its first parameter is the object, and what it stands in is no module."""
    code = getattr(function, "__wrapped__", function).__code__
    if not code.co_argcount or code.co_varnames[0] != "self":
        return None
    owner = path.rpartition(".")[0]
    root, _, name = owner.rpartition(".")
    return owner if root and (name[0] in "<" or not name.islower() or root in ("builtins", "numpy") or path.endswith("__")) else None


_models: dict[str, Model] = {}
_constants: dict[str, Value] = {}
_aliases: dict[str, str] = {}
_bases: dict[str, tuple[str, ...]] = {}


def models(*paths: str, kind: ModelKind = "function", raw: bool = False) -> Callable[[F], F]:
    """Register a function as the model of the public API at each of `paths`.

    `raw` models get their arguments as they are: lists as `ListObj` and even `Choice`. All models get `ListObj` as it is;
    use `items` to look into one.
    """

    def register(function: F) -> F:
        for path in paths:
            _models[path] = Model(path, function, kind, raw)
        _methods.clear()
        return function

    return register


def constant(path: str, value: Value) -> None:
    """Register the value of a public constant, such as ``numpy.newaxis``."""
    _constants[path] = value
    _named.clear()


def alias(path: str, of: str) -> None:
    """Say that `path` (a module, class or function, with all below it) is another name of `of`."""
    _aliases[path] = of


def bases(path: str, *of: str) -> None:
    """Say that the class at `path` inherits from the classes at `of`: their methods are looked up too."""
    _bases[path] = of
    _methods.clear()
    _mros.clear()


def mro(path: str) -> list[str]:
    """Return the class at `path` and all it inherits from, nearest first."""
    out = _mros.get(path)
    if out is None:
        out = [path]
        for base in _bases.get(path, ()):
            out.extend(p for p in mro(base) if p not in out)
        if path in _bases:
            _mros[path] = out
    return out


_MOST_REMEMBERED = 20_000
_methods: dict[tuple[str, str], Model | None] = {}
_mros: dict[str, list[str]] = {}


def method(path: str, name: str) -> Model | None:
    """Return the model of a method or property of the class at `path`: its own, or the nearest that it inherits."""
    try:
        return _methods[path, name]
    except KeyError:
        pass
    if len(_methods) > _MOST_REMEMBERED:
        _methods.clear()
    found = next((model for p in mro(path) if (model := _models.get(f"{p}.{name}")) is not None), None)
    _methods[path, name] = found
    return found


class Mismatch(Exception):
    """The real library raises here, because of shapes (or what stands in for them). `blame` are the arrays whose trail explains it.

    `instead` is what the call under way would have given had it worked, where there is no doubt of that whatever the author mends: the
    run goes on with it, and with unknown lengths wherever the mistake may have a part in them. Only the model of the call that the
    program itself makes may set it: what fails deep inside says nothing of what comes out.
    """

    def __init__(self, record: Rule, *blame: Value, instead: Value = UNKNOWN) -> None:
        super().__init__(record)
        self.record = record
        self.blame = blame
        self.instead = instead


class Raises(Exception):
    """The real library raises `exception` (a builtin exception's name) here, for a reason that is not ours to report."""

    def __init__(self, exception: str, text: str = "") -> None:
        super().__init__(text)
        self.exception = exception


class Host(Protocol):
    """What the interpreter offers to library models."""

    keras_major: int
    files: Files
    options: DictObj
    training: list[Value]
    last_opaque: int
    built: int

    def call(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """Call any value as the program would."""
        ...

    def call_traced(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value as TensorFlow's tracing does: what fails in it is told at the operation under way."""
        ...

    def call_afresh(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value that no tracing copies: what fails in it is told in it."""
        ...

    def attribute(self, value: Value, name: str) -> Value:
        """Read an attribute."""
        ...

    def has_attribute(self, value: Value, name: str) -> bool | None:
        """Tell whether there is such an attribute, None where that is open."""
        ...

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """Set an attribute."""
        ...

    def item(self, value: Value, index: Value) -> Value:
        """Read an item."""
        ...

    def iterate(self, value: Value) -> Iteration:
        """Return what a ``for`` over the value sees."""
        ...

    def truth(self, value: Value) -> bool | None:
        """Tell whether a value counts as true, None where that is open."""
        ...

    def supposes(self, operator: str, left: Value, right: Value) -> bool | None:
        """Tell how a comparison was answered that the program made on its way here, None where it made none."""
        ...

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        """Apply a binary operator."""
        ...

    def repeat(self, work: Callable[[], None], count: Dim) -> None:
        """Do something as often as a loop of `count` iterations would: what it changes each time is known as after such a loop."""
        ...

    def handled(self) -> bool:
        """Tell whether the program has a handler for what fails at the operation under way."""
        ...

    def warn(self, record: Rule, blame: Sequence[Value]) -> None:
        """Report a warning at the call under way."""
        ...

    def type_paths(self, value: Value) -> list[str]:
        """Return the canonical paths of a value's class and its bases."""
        ...


_host: list[Host] = []


def host() -> Host:
    """Return the interpreter under way."""
    return _host[-1]


def place() -> Any:
    """Return the operation under way, None outside a run."""
    return getattr(_host[-1], "node", None) if _host else None


def keras_major() -> int:
    """Return the Keras major the check is for: 3 or 2."""
    return host().keras_major


def files() -> Files:
    """Return the files that the program reads and writes."""
    found = getattr(host(), "files", None)
    return found if isinstance(found, Files) else Files()


def tracing() -> bool:
    """Tell whether TensorFlow traces what runs: lengths stand open there that are known when it is run as it is written."""
    return getattr(_host[-1], "traced", None) is not None


def building() -> None:
    """Note that a part of a model is made: a loop that does so is followed further than one that computes."""
    _host[-1].built += 1


def supposed_single(d: Dim) -> bool:
    """Tell whether the run is where the program has found an open length to be 1."""
    return isinstance(d, Poly) and (host().supposes("==", d, 1) is True or host().supposes(">", d, 1) is False)


def untouched(value: Obj) -> bool:
    """Tell whether no code that is not followed has run since an object was made."""
    return value.born > host().last_opaque


def call(callee: Value, *args: Value, **kwargs: Value) -> Value:
    """Call any value as the program would: a user's function, a layer, another library function."""
    return host().call(callee, args, kwargs)


def call_traced(callee: Value, *args: Value) -> Value:
    """Call a function of the program as tracing does: an error in it stands where the operation under way does."""
    return host().call_traced(callee, args, {})


def warn(record: Rule, *blame: Value) -> None:
    """Report that this line runs, but not as meant."""
    host().warn(record, blame)


def items(value: Value) -> tuple[Value, ...] | None:
    """Return the items of a tuple or list where all are known one by one, else None."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, ListObj):
        return value.items
    return None


def is_sequence(value: Value) -> bool:
    """Tell whether `value` is a tuple or a list, its items known or not."""
    return isinstance(value, (tuple, ListObj))


def as_dim(value: Value) -> Dim:
    """Return a value that stands for a length as a dimension: None stays None, what is not a whole number is unknown."""
    if value is None or is_exact(value):
        dim: Dim = int(value) if isinstance(value, bool) else value
        return dim
    if isinstance(value, Array) and value.shape == () and value.data:
        return as_dim(value.data[0])
    if isinstance(value, Unknown) and value.key is not None:
        return named_length(value.key)
    return UNKNOWN_DIM


def named_length(key: Hashable) -> Poly:
    """Return the symbol for an unknown value where it stands for a length: the same value gives the same symbol."""
    return derived(("length", key), "n", low=1)


def as_shape(value: Value) -> Shape | None:
    """Return a value given as a shape (an int, a tuple, a list, a 1-D array) as one; None where its length is unknown."""
    if is_exact(value):
        return (as_dim(value),)
    if isinstance(value, Array):
        if value.shape == ():
            return (as_dim(value),)
        if value.data is not None and value.rank == 1:
            return tuple(as_dim(v) for v in value.data)
        length = value.shape[0] if value.shape is not None and len(value.shape) == 1 else None
        return (UNKNOWN_DIM,) * length if isinstance(length, int) else None
    parts = items(value)
    return None if parts is None else tuple(as_dim(p) for p in parts)


_tracers: list[Callable[[Callable[..., Value], tuple[Value, ...], dict[str, Value], Value], Value]] = []


def tracer(function: F) -> F:
    """Register who gives symbolic tensors without a history theirs: called with the model, its arguments and its result."""
    _tracers.append(function)
    return function


def traced(function: Callable[..., Value], args: tuple[Value, ...], kwargs: dict[str, Value], result: Value) -> Value:
    """Return a model's result, a symbolic tensor in it remembering the operation that it came from."""
    first = result
    if type(result) is not Array:
        if not isinstance(result, (tuple, ListObj)):
            return result
        parts = items(result)
        first = parts[0] if parts else None
    if type(first) is Array and first.kind == "keras" and first.history is None:
        for trace in _tracers:
            result = trace(function, args, kwargs, result)
    return result


def lookup(path: str) -> Model | None:
    """Return the model registered at a canonical path."""
    return _models.get(path)


def lookup_constant(path: str) -> Value:
    """Return the constant registered at a canonical path, else raise KeyError."""
    return _constants[path]


_named: dict[str, Value] = {}


def named(path: str) -> Value:
    """Return what a dotted library name stands for: a constant's value, else the name itself, by its canonical path."""
    try:
        return _named[path]
    except KeyError:
        pass
    if len(_named) > _MOST_REMEMBERED:
        _named.clear()
    at = canonical(path)
    found = _named[path] = _constants[at] if at in _constants else Library(at)
    return found


_canonical: dict[str, str] = {}


def canonical(path: str) -> str:
    """Return the path under which the thing at `path` is modelled: aliases of it and of what it stands in are followed."""
    found = _canonical.get(path)
    if found is None:
        if len(_canonical) > _MOST_REMEMBERED:
            _canonical.clear()
        found = _canonical[path] = _follow(path)
    return found


def _follow(path: str) -> str:
    for _ in range(12):
        head, tail = path, ""
        while head:
            if head in _aliases:
                path = _aliases[head] + tail
                break
            head, dot, last = head.rpartition(".")
            tail = dot + last + tail if dot else ""
            if not dot:
                return path
        else:
            return path
    return path


_ROOMS: dict[str, tuple[str, ...]] = {}
_loaded: set[str] = set()


def room(root: str, *modules: str) -> None:
    """Say which of our modules model the library whose top-level name is `root`; they are imported when a script imports it."""
    _ROOMS[root] = modules


def modelled(root: str) -> bool:
    """Tell whether any model exists for the library with this top-level name."""
    return root in _ROOMS


OTHER_ARRAYS = frozenset({"torch", "paddle", "mxnet", "mindspore", "oneflow"})
"""Libraries whose arrays are none of NumPy's, with methods that go by the same names and do something else."""


def load(root: str) -> None:
    """Import the models of one library, once."""
    if root in _loaded:
        return
    _loaded.add(root)
    for module in _ROOMS.get(root, ()):
        importlib.import_module(module)
    _canonical.clear()
    _named.clear()


def unreachable(reason: str) -> NoReturn:
    """Fail loudly on a case that the caller has excluded."""
    raise AssertionError(reason)


__all__ = [
    "UNKNOWN", "UNKNOWN_DIM", "Array", "Dim", "Host", "Iteration", "ListObj", "Mismatch", "Model", "Poly", "Raises", "Shape",
    "Unknown", "Value", "alias", "as_dim", "as_shape", "bases", "building", "call", "call_traced", "canonical", "constant", "files",
    "fresh", "fresh_unknown", "host", "is_sequence", "items", "keras_major", "load", "lookup", "lookup_constant", "modelled", "models",
    "mro", "named_length", "place", "room", "traced", "tracer", "tracing", "untouched", "warn",
]  # fmt: skip
