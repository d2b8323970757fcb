"""``functools``, ``operator``, ``copy``: functions of functions, and copies."""

from __future__ import annotations

import copy as python_copy
from typing import Any, cast

from ...interpreter.instances import InstanceObj
from ...interpreter.operators import compare
from ...interpreter.values import UNKNOWN, Array, Builtin, DictObj, ListObj, Obj, Seq, SetObj, Value, fresh_unknown
from ..api import call, host, models

_NOTHING = object()


@models("functools.partial")
def partial(func: Value, *args: Value, **kwargs: Value) -> Value:
    """A function with some arguments given."""
    return Builtin("partial", lambda *more, **named: call(func, *args, *more, **{**kwargs, **named}))


@models("functools.reduce")
def reduce(function: Value, iterable: Value, initial: Value = _NOTHING) -> Value:
    """The items folded into one."""
    over = host().iterate(iterable)
    if over.items is None or len(over.items) > 64:
        return fresh_unknown()
    parts = list(over.items) if initial is _NOTHING else [initial, *over.items]
    if not parts:
        return UNKNOWN
    total = parts[0]
    for p in parts[1:]:
        total = call(function, total, p)
    return total


@models("functools.update_wrapper")
def update_wrapper(wrapper: Value, wrapped: Value, assigned: Value = None, updated: Value = None) -> Value:
    """A function that says it is another."""
    return wrapper


@models("functools.wraps")
def wraps(wrapped: Value, *args: Value, **kwargs: Value) -> Value:
    """A decorator that changes nothing of what a function does."""
    return Builtin("wraps", lambda function: function)


@models("functools.cache", "functools.lru_cache")
def cache(maxsize: Value = None, typed: Value = False) -> Value:
    """A function that remembers what it gave."""
    if maxsize is None or isinstance(maxsize, int):
        return Builtin("lru_cache", lambda function: function)
    return maxsize


def _binary(name: str, sign: str) -> None:
    @models(f"operator.{name}")
    def apply(a: Value, b: Value) -> Value:
        """An operator as a function."""
        return host().binary(sign, a, b)


for _name, _sign in {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "matmul": "@"}.items():
    _binary(_name, _sign)


def _comparison(name: str, sign: str) -> None:
    @models(f"operator.{name}")
    def apply(a: Value, b: Value) -> Value:
        """A comparison as a function."""
        return compare(cast(Any, host()), sign, a, b)


for _name, _sign in {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items():
    _comparison(_name, _sign)


@models("operator.neg")
def neg(a: Value) -> Value:
    """A number with the other sign."""
    return host().binary("*", a, -1) if isinstance(a, (int, float, Array)) else fresh_unknown()


@models("operator.getitem")
def getitem(a: Value, b: Value) -> Value:
    """An item."""
    return host().item(a, b)


@models("operator.truth", "operator.not_")
def truth(a: Value) -> Value:
    """A truth value."""
    return fresh_unknown()


@models("operator.methodcaller")
def methodcaller(name: Value, /, *args: Value, **kwargs: Value) -> Value:
    """A function that calls a method."""
    return (
        Builtin("methodcaller", lambda obj: call(host().attribute(obj, name), *args, **kwargs))
        if isinstance(name, str)
        else fresh_unknown()
    )


@models("operator.itemgetter")
def itemgetter(*keys: Value) -> Value:
    """A function that picks items."""
    if len(keys) == 1:
        return Builtin("itemgetter", lambda obj: host().item(obj, keys[0]))
    return Builtin("itemgetter", lambda obj: tuple(host().item(obj, k) for k in keys))


@models("operator.attrgetter")
def attrgetter(name: Value, *more: Value) -> Value:
    """A function that reads an attribute."""
    if more or not isinstance(name, str) or "." in name:
        return fresh_unknown()
    return Builtin("attrgetter", lambda obj: host().attribute(obj, name))


@models("copy.copy")
def copy(x: Value) -> Value:
    """A copy of the outermost container."""
    if isinstance(x, (ListObj, SetObj, DictObj)):
        return _clone(x)
    return _clone(x) if isinstance(x, Obj) else x.copied() if isinstance(x, Array) else x


@models("copy.deepcopy")
def deepcopy(x: Value, memo: Value = None) -> Value:
    """A copy of all that is in it."""
    return _deep(x, 0, {})


def _deep(x: Value, depth: int, done: dict[int, Value]) -> Value:
    if depth > 8:
        return UNKNOWN
    if id(x) in done:
        return done[id(x)]
    if type(x) is tuple:
        return tuple(_deep(v, depth + 1, done) for v in x)
    if isinstance(x, (ListObj, SetObj)):
        state = x.state
        made = None if state.items is None else tuple(_deep(v, depth + 1, done) for v in state.items)
        return type(x)(Seq(made, _deep(state.element, depth + 1, done), state.length))
    if isinstance(x, DictObj):
        return DictObj({k: _deep(v, depth + 1, done) for k, v in x.state.items()})
    if not isinstance(x, Obj):
        return x.copied() if isinstance(x, Array) else x
    clone = done[id(x)] = _clone(x)
    if isinstance(x, InstanceObj) and isinstance(clone.state, dict):
        # What a library keeps of the object stands under names that are none, and is the library's to copy.
        clone.put({k: _deep(v, depth + 1, done) if isinstance(k, str) and k.isidentifier() else v for k, v in clone.state.items()})
    return clone


def _clone(x: Obj) -> Obj:
    """Return an object of the same class with the same state, which changes apart from the first one."""
    made = python_copy.copy(x)
    made._state = x.state
    return made
