"""Builtin classes as callables, and what ``isinstance`` and ``type`` tell."""

from __future__ import annotations

from typing import Any, cast

from ...interpreter.attributes import keep_attribute
from ...interpreter.frames import BoundMethod, Function
from ...interpreter.instances import InstanceObj, UserClass
from ...interpreter.values import AnyScalar, DictObj, Library, Obj, Real, Seq, SetObj, fresh_unknown, is_text, some_text
from ...interpreter.world import blur
from ...shapes import is_exact
from .. import api
from ..api import UNKNOWN, Array, Iteration, ListObj, Poly, Raises, Unknown, Value, as_dim, bases, host, models
from ..files import path_of
from .functions import whole

bases("builtins.bool", "builtins.int")


def own_conversion(obj: InstanceObj, *names: str) -> Value:
    """Return what the first of these methods that an object's class has makes of it, None where it has none of them."""
    for name in names:
        if host().has_attribute(obj, name):
            return host().call(host().attribute(obj, name), (), {})
    return None


@models("builtins.int")
def int_(x: Value = 0, base: Value = 10) -> Value:
    """Return a whole number."""
    if isinstance(x, (int, float)):
        try:
            return int(x)
        except (ValueError, OverflowError):
            raise Raises("ValueError") from None
    if isinstance(x, str) and isinstance(base, int):
        try:
            return int(x, base) if len(x) < 30 else UNKNOWN
        except ValueError:
            raise Raises("ValueError") from None
    if isinstance(x, Poly):
        return x
    if isinstance(x, Real):
        return whole("int", x)
    if isinstance(x, Array):
        if x.shape == () and x.data and isinstance(x.data[0], (int, float, Real)):
            return int_(x.data[0])
        found = as_dim(x)
        return found if is_exact(found) else fresh_unknown()
    if isinstance(x, InstanceObj):
        made = own_conversion(x, "__int__", "__index__")
        return fresh_unknown() if made is None else made
    return AnyScalar("int64", ("int", x.key if isinstance(x, Unknown) and x.key is not None else fresh_unknown().key))


@models("builtins.float")
def float_(x: Value = 0.0) -> Value:
    """Return a number."""
    if isinstance(x, (int, float)):
        return float(x)
    if isinstance(x, str):
        try:
            return float(x)
        except ValueError:
            raise Raises("ValueError") from None
    if isinstance(x, Poly):
        return Real(("exact", x), repr(x))
    if isinstance(x, Array) and x.shape == () and x.data:
        return float_(x.data[0])
    if isinstance(x, Real):
        return x
    return AnyScalar("float64", ("float", x.key if isinstance(x, Unknown) and x.key is not None else fresh_unknown().key))


@models("builtins.bool")
def bool_(x: Value = False) -> Value:
    """Return whether a value counts as true."""
    known = host().truth(x)
    return fresh_unknown() if known is None else known


@models("builtins.str")
def str_(object: Value = "", encoding: Value = None, errors: Value = None) -> Value:
    """Return text."""
    if isinstance(object, InstanceObj):
        return own_conversion(object, "__str__", "__repr__") or some_text()
    object = path_of(object)
    if object is None or isinstance(object, (str, int, float)):
        return str(object)
    return some_text(("str", object.key) if isinstance(object, Unknown) and object.key is not None else None)


@models("builtins.bytes", "builtins.bytearray", "builtins.memoryview", "builtins.complex")
def opaque(*args: Value, **kwargs: Value) -> Value:
    """Return something of which nothing is known."""
    return fresh_unknown()


@models("builtins.list")
def list_(iterable: Value = ()) -> Value:
    """Return a list."""
    over = host().iterate(iterable)
    return ListObj(Seq(over.items, over.element, over.count))


@models("builtins.tuple")
def tuple_(iterable: Value = ()) -> Value:
    """Return a tuple, unknown where its items are."""
    if isinstance(iterable, tuple):
        return iterable
    over = host().iterate(iterable)
    return over.items if over.items is not None else ListObj(Seq(None, over.element, over.count))


@models("builtins.set", "builtins.frozenset")
def set_(iterable: Value = ()) -> Value:
    """Return a set."""
    if isinstance(iterable, str):
        return SetObj(Seq(tuple(dict.fromkeys(iterable))))
    over = host().iterate(iterable)
    if over.items is not None and all(isinstance(v, (int, float, str)) for v in over.items):
        return SetObj(Seq(tuple(dict.fromkeys(over.items))))
    element = over.element if over.items is None else (blur(over.items) if over.items else UNKNOWN)
    # Nobody looks for the different characters, words or labels of something that has but one; lengths on the other hand should be equal.
    several = isinstance(iterable, Unknown) or isinstance(element, str) or is_text(element)
    return SetObj(Seq(None, element, api.fresh("k", 2 if several else 0)))


@models("builtins.dict")
def dict_(mapping: Value = (), /, **kwargs: Value) -> Value:
    """Return a dict."""
    from ...interpreter.values import OTHERS

    if isinstance(mapping, DictObj):
        return DictObj({**mapping.state, **kwargs})
    over = host().iterate(mapping)
    if over.items is not None and all(isinstance(p, tuple) and len(p) == 2 and isinstance(p[0], (str, int, tuple)) for p in over.items):
        return DictObj({**dict(over.items), **kwargs})
    return DictObj({OTHERS: UNKNOWN, **kwargs})


@models("builtins.slice")
def slice_(start: Value, *rest: Value) -> Value:
    """Return a slice."""
    return slice(None, start, None) if not rest else slice(start, *rest[:2])


@models("builtins.object")
def object_() -> Value:
    """Return a bare object."""
    return fresh_unknown()


@models("builtins.object.__setattr__")
def object_setattr(self: Value, name: Value, value: Value, /) -> Value:
    """Set an attribute whatever the object's class says."""
    if isinstance(self, InstanceObj):
        keep_attribute(cast(Any, host()), self, name, value)
    return None


@models("builtins.type")
def type_(object: Value, *rest: Value) -> Value:
    """Return a value's class."""
    if isinstance(object, InstanceObj):
        return object.cls
    if isinstance(object, Array) and object.shape == () and object.kind == "numpy":
        # A number of NumPy's is no array, and an array of no axes is.
        return fresh_unknown()
    paths = host().type_paths(object)
    return Library(paths[0]) if paths and not rest else fresh_unknown()


@models("builtins.isinstance")
def isinstance_(obj: Value, class_or_tuple: Value) -> Value:
    """Tell whether a value is of a class, where both are known well enough."""
    known = _is_of(obj, class_or_tuple)
    if known is not None:
        return known
    from ...interpreter.operators import key_of

    key = key_of(obj)
    kind = class_or_tuple.path if isinstance(class_or_tuple, Library) else None
    return Unknown(("isinstance", key, kind)) if key is not None and kind is not None else fresh_unknown()


@models("builtins.issubclass")
def issubclass_(cls: Value, class_or_tuple: Value) -> Value:
    """Tell whether a class of the program inherits from another."""
    wanted = api.items(class_or_tuple) or (class_or_tuple,)
    if not isinstance(cls, UserClass) or not all(isinstance(w, UserClass) for w in wanted):
        return fresh_unknown()
    line = cls.mro()
    return True if any(w in line for w in wanted) else fresh_unknown() if any(isinstance(c, Unknown) for c in line) else False


_KNOWN_CLASSES = frozenset({"int", "float", "str", "bool", "tuple", "list", "dict", "set", "bytes", "NoneType", "function", "range"})


_NUMBERS = {
    "numbers.Number": ("int", "bool", "float", "complex"),
    "numbers.Complex": ("int", "bool", "float", "complex"),
    "numbers.Real": ("int", "bool", "float"),
    "numbers.Rational": ("int", "bool"),
    "numbers.Integral": ("int", "bool"),
}
"""Python's own numbers that count as one of the abstract classes."""
_OF_NUMPY = {
    "builtins.float": (None, "float64"),
    "builtins.complex": (None, "complex128"),
    "builtins.str": (None, "str"),
    "builtins.bytes": (None, "bytes"),
}
"""Classes of Python's from which numbers and texts of NumPy's derive, of these dtypes."""
_ARRAYS = frozenset(
    {"numpy.ndarray", "tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor", "pandas.DataFrame", "pandas.Series", "pandas.Index"}
)


def _is_of(obj: Value, cls: Value) -> bool | None:
    parts = api.items(cls)
    if parts is not None:
        answers = [_is_of(obj, p) for p in parts]
        return True if True in answers else None if None in answers else False
    if isinstance(obj, Unknown):
        return True if is_text(obj) and isinstance(cls, Library) and cls.path == "builtins.str" else None
    if isinstance(obj, InstanceObj):
        if cls in obj.cls.mro():
            return True
        if isinstance(cls, UserClass):
            return None if any(isinstance(c, Unknown) for c in obj.cls.mro()) else False
        if isinstance(cls, Library) and cls.path.startswith("builtins.") and all(isinstance(c, UserClass) for c in obj.cls.mro()):
            return cls.path == "builtins.object"
    if isinstance(cls, UserClass) and (obj is None or type(obj) in (bool, int, float, str, bytes, tuple)):
        # What derives from a class of numbers, such as ``IntEnum``, makes numbers.
        return False if all(isinstance(c, UserClass) for c in cls.mro()) else None
    if not isinstance(cls, Library):
        return None
    derived = cls.path == "numpy.ndarray" or (isinstance(obj, Array) and obj.dtype in _OF_NUMPY.get(cls.path, ()))
    if derived and isinstance(obj, Array) and obj.shape == () and obj.kind == "numpy":
        # A number of NumPy's, which may be one of Python's as well, or an array of no axes.
        return None
    paths = host().type_paths(obj)
    if cls.path in paths:
        return True
    if not paths or isinstance(obj, (Function, BoundMethod)):
        return None
    builtin = cls.path.startswith("builtins.") and cls.path.rpartition(".")[2] in _KNOWN_CLASSES
    plain = paths[0].startswith("builtins.")
    if builtin and (plain or isinstance(obj, (Array, Obj, Iteration))):
        return False
    if plain and cls.path in _NUMBERS and paths[0].rpartition(".")[2] in _KNOWN_CLASSES:
        return paths[0].rpartition(".")[2] in _NUMBERS[cls.path]
    if (plain or paths[0].startswith("pandas.")) and cls.path == "numpy.ndarray":
        return False
    if plain and not builtin and not cls.path.startswith(("builtins.", "typing.", "collections.", "numbers.", "numpy.")):
        return False
    if isinstance(obj, Array) and obj.shape and cls.path in _NUMBERS:
        return False
    if isinstance(obj, Array) and cls.path in _ARRAYS:
        return None if obj.kind == "variable" else False
    return None
