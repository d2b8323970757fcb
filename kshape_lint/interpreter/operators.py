"""Operators on scalars and containers; arrays' operators are the libraries'."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from ..libraries import api
from ..shapes import UNKNOWN_DIM, Poly, divide_exactly, same
from ..shapes.dim import UnknownDim, at_least
from .attributes import find_method
from .frames import Function, PyRaise
from .instances import InstanceObj, UserClass
from .outcome import caught_by
from .values import (
    BROKEN,
    OTHERS,
    UNKNOWN,
    AnyScalar,
    Array,
    DictObj,
    Iteration,
    Library,
    ListObj,
    Obj,
    Real,
    Seq,
    SetObj,
    Unknown,
    Value,
    fresh,
    fresh_unknown,
    is_text,
    some_text,
)
from .world import blur

if TYPE_CHECKING:
    from .run import Run

_METHODS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor",
}  # fmt: skip
_ARITHMETIC: dict[str, Any] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
    "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip
_COMPARISONS: dict[str, Any] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COMPARISON_METHODS = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEVER_ADDED = ({str, int}, {str, float}, {str, tuple}, {tuple, int}, {str, type(None)}, {int, type(None)})
_LARGEST = 1 << 64
_LONGEST_TEXT = 10_000
_LONGEST_LIST = 4_096
_LARGEST_KEY = 64


def in_place_method(op: str) -> str:
    """Return the name of the method that ``op=`` calls first."""
    return f"__i{_METHODS[op]}__"


def _arrays() -> Any:
    """Return the array operators, imported when the first array is met."""
    global _array_operators
    if _array_operators is None:
        from ..libraries.numpy import operators

        _array_operators = operators
    return _array_operators


_array_operators: Any = None


def is_number(v: Value) -> bool:
    """Tell whether `v` is a number, known or not."""
    return isinstance(v, (int, float, complex, Poly, Real))


def binary(run: Run, op: str, left: Value, right: Value) -> Value:
    """Return ``left op right``."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if not right and op in ("/", "//", "%") and caught_by(run.handlers, "ZeroDivisionError"):
            raise PyRaise("ZeroDivisionError")
        return _known_numbers(op, left, right)
    if left is BROKEN or right is BROKEN:
        return BROKEN
    if isinstance(left, Array) or isinstance(right, Array):
        own = _own_method(run, op, left, right)
        if own is not NotImplemented:
            return own
        if op == "*":
            for times, many in ((left, right), (right, left)):
                if isinstance(times, Array) and times.shape == () and times.kind == "numpy" and isinstance(many, (tuple, ListObj)):
                    return _repeated_by(run, times, many)
        return api.traced(lambda a, b: _arrays().binary(op, a, b), (left, right), {}, _arrays().binary(op, left, right))
    if is_number(left) and is_number(right):
        return _unknown_numbers(op, left, right)
    own = _own_method(run, op, left, right)
    if own is not NotImplemented:
        return own
    if op == "+" and {type(left), type(right)} in _NEVER_ADDED and caught_by(run.handlers, "TypeError"):
        raise PyRaise("TypeError")
    return _containers(run, op, left, right)


def _repeated_by(run: Run, times: Array, many: Value) -> Value:
    """Return a list or tuple as often as a number of NumPy's says: what is whole repeats it as an ``int`` does, what is not scales it."""
    if times.dtype is None or times.dtype.startswith(("int", "uint")):
        length = api.as_dim(times)
        return fresh_unknown() if times.dtype is None or length is None or length is UNKNOWN_DIM else _containers(run, "*", length, many)
    return _arrays().binary("*", times, many)


def _known_numbers(op: str, left: Any, right: Any) -> Value:
    if op == "**" and (abs(right) > 64 or abs(left) > 1_000_000):
        return UNKNOWN
    if op == "<<" and (not isinstance(right, int) or right > 64):
        return UNKNOWN
    if abs(left) > _LARGEST or abs(right) > _LARGEST:
        return UNKNOWN
    function = _ARITHMETIC.get(op)
    if function is None:
        return UNKNOWN
    try:
        return function(left, right)
    except (ArithmeticError, TypeError, ValueError):
        return UNKNOWN


def _unknown_numbers(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, complex) or isinstance(right, complex):
        return UNKNOWN
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        if op in "+-*" and op != "**":
            return _ARITHMETIC[op](left, right)
        if op in ("//", "%") and not (isinstance(right, int) and right <= 0):
            return _ARITHMETIC[op](left, right)
        if op == "**" and isinstance(right, int) and 0 <= right <= 4:
            power: Any = 1
            for _ in range(right):
                power = power * left
            return power
    key: Any = (op, left, right)
    if op == "/" and isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        exact = divide_exactly(left, right)
        if exact is not None:
            return Real(("exact", exact), repr(exact))
    if too_large(key):
        key = fresh_unknown().key
    return Real(key, f"{_shown(left)} {op} {_shown(right)}")


def _shown(v: Value) -> str:
    return repr(v) if isinstance(v, (int, float)) else f"({v!r})"


def _own_method(run: Run, op: str, left: Value, right: Value) -> Value:
    """Return what a user's class or a library object's class makes of the operator, NotImplemented if it has no say."""
    method = _METHODS[op]
    for receiver, other, name in ((left, right, f"__{method}__"), (right, left, f"__r{method}__")):
        if isinstance(receiver, InstanceObj):
            found = run.attribute(receiver, name)
            return fresh_unknown() if isinstance(found, Unknown) else run.call(found, (other,), {})
        if (isinstance(receiver, Obj) and not isinstance(receiver, (ListObj, DictObj, SetObj))) or (
            isinstance(receiver, tuple) and type(receiver) is not tuple
        ):
            model = find_method(run, receiver, name)
            if model is not None:
                return model.function(receiver, other)
    if isinstance(left, Obj) and not isinstance(left, (ListObj, DictObj, SetObj)):
        return fresh_unknown()
    return NotImplemented


def _containers(run: Run, op: str, left: Value, right: Value) -> Value:
    if op == "%" and is_text(left):
        return _formatted(left, right) if isinstance(left, str) and isinstance(right, (str, int, float, tuple)) else some_text()
    if isinstance(left, str) and isinstance(right, str) and op == "+":
        return left + right if len(left) + len(right) < _LONGEST_TEXT else some_text()
    if op == "+" and is_text(left) and is_text(right):
        return some_text()
    if op in _SCALAR_OPERATORS and _is_scalar(left) and _is_scalar(right):
        return AnyScalar(_dtype_of(op, left, right), (op, key_of(left), key_of(right)) if _keyed(op, left, right) else fresh_unknown().key)
    if isinstance(left, tuple) and isinstance(right, tuple) and op == "+":
        return tuple(left) + tuple(right) if len(left) + len(right) <= _LONGEST_LIST else ListObj(joined(Seq(left), Seq(right)))
    if op == "+" and isinstance(left, ListObj) and isinstance(right, ListObj):
        return ListObj(joined(left.state, right.state))
    if op == "*":
        for many, times in ((left, right), (right, left)):
            if isinstance(many, (tuple, str)) and isinstance(times, int) and len(many) * max(times, 0) <= _LONGEST_LIST:
                return many * times
            if isinstance(many, ListObj) and isinstance(times, (int, Poly)):
                return ListObj(repeated(many.state, times))
    if op in _OF_SETS and isinstance(left, SetObj) and isinstance(right, SetObj):
        return SetObj(_of_sets(op, left.state, right.state))
    if op == "|" and isinstance(left, DictObj) and isinstance(right, DictObj):
        return DictObj({**left.state, **right.state})
    key = (op, key_of(left), key_of(right))
    return fresh_unknown() if None in key or too_large(key) else Unknown(key)


_OF_SETS = frozenset("-&|^")


def _of_sets(op: str, a: Seq, b: Seq) -> Seq:
    """Return the state of what an operator makes of two sets."""
    if a.items is not None and b.items is not None and all(isinstance(v, (int, float, str)) for v in a.items + b.items):
        kept = _ARITHMETIC[op](dict.fromkeys(a.items).keys(), dict.fromkeys(b.items).keys())
        return Seq(tuple(v for v in dict.fromkeys(a.items + b.items) if v in kept))
    parts = a.parts if op in "-&" else (*a.parts, *b.parts)
    return Seq(None, blur(parts) if parts else UNKNOWN, fresh("k", 0))


_SCALAR_OPERATORS = frozenset("+-*/") | {"//", "**"}


def _is_scalar(v: Value) -> bool:
    """Tell whether a value certainly is one number, known or not."""
    return is_number(v) or (isinstance(v, AnyScalar) and v.dtype in ("int64", "float64"))


def _dtype_of(op: str, left: Value, right: Value) -> str | None:
    """Return the dtype that NumPy gives the result of an operation on two numbers, None where that is open."""
    kinds = [v.dtype if isinstance(v, AnyScalar) else "int64" if isinstance(v, (int, Poly)) else "float64" for v in (left, right)]
    if any(isinstance(v, complex) for v in (left, right)) or (op == "**" and kinds == ["int64", "int64"]):
        return None
    return "float64" if op == "/" or "float64" in kinds else "int64"


def _keyed(op: str, left: Value, right: Value) -> bool:
    key = (op, key_of(left), key_of(right))
    return None not in key and not too_large(key)


def _formatted(text: str, values: Any) -> Value:
    parts = values if type(values) is tuple else (values,)
    if len(text) > 1_000 or not all(isinstance(p, (str, int, float)) for p in parts) or any(c.isdigit() or c == "*" for c in text):
        return some_text()
    if sum(len(p) for p in parts if isinstance(p, str)) > _LONGEST_TEXT:
        return some_text()
    try:
        return text % values
    except (TypeError, ValueError, OverflowError):
        return UNKNOWN


def joined(a: Seq, b: Seq) -> Seq:
    """Return the state of a list that holds the items of `a`, then those of `b`."""
    if a.items is not None and b.items is not None and len(a.items) + len(b.items) <= _LONGEST_LIST:
        return Seq(a.items + b.items)
    parts = [p for s in (a, b) for p in s.parts]
    return Seq(None, blur(parts) if parts else UNKNOWN, _sum(a.length, b.length))


def _sum(a: Any, b: Any) -> Any:
    return UNKNOWN_DIM if a is None or b is None else a + b


def repeated(s: Seq, times: Any) -> Seq:
    """Return the state of a list that holds the items of `s`, `times` times over."""
    if isinstance(times, int):
        times = max(times, 0)
        if s.items is not None and len(s.items) * times <= _LONGEST_LIST:
            return Seq(s.items * times)
    element = s.element if s.items is None else (blur(s.items) if s.items else UNKNOWN)
    return Seq(None, element, UNKNOWN_DIM if s.length is None else s.length * times)


def unary(run: Run, op: str, value: Value) -> Value:
    """Return ``op value`` for ``-``, ``+`` and ``~``."""
    if isinstance(value, Array):
        return _arrays().unary(op, value)
    if isinstance(value, (int, float, complex)):
        if op == "-":
            return -value
        if op == "+":
            return +value
        return ~value if isinstance(value, int) else UNKNOWN
    if isinstance(value, Poly):
        return -value if op == "-" else value if op == "+" else UNKNOWN
    if isinstance(value, Real):
        return Real((op, value), f"{op}{_shown(value)}")
    if isinstance(value, Obj):
        name = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op]
        if isinstance(value, InstanceObj):
            return run.call(run.attribute(value, name), (), {}) if run.has_attribute(value, name) else fresh_unknown()
        model = find_method(run, value, name)
        if model is not None:
            return model.function(value)
    return fresh_unknown()


def key_of(v: Value) -> Any:
    """Return a hashable that tells this value from others as long as it is the same value, None where nothing does."""
    if isinstance(v, Unknown):
        return v.key
    if v is None or isinstance(v, (int, float, str, bytes, Poly, Library, Real)):
        return (type(v).__name__, v)
    if isinstance(v, tuple):
        parts = tuple(key_of(p) for p in v)
        return None if None in parts else ("tuple", parts)
    return None


def too_large(key: Any) -> bool:
    """Tell whether a key has so many parts that hashing it would take long: ``x = x + x`` doubles it at each turn of a loop."""
    pending = [key]
    count = 0
    while pending:
        part = pending.pop()
        count += 1
        if count > _LARGEST_KEY:
            return True
        if isinstance(part, tuple):
            pending.extend(part)
        elif isinstance(part, (Real, Unknown)):
            pending.append(part.key)
    return False


def compare(run: Run, op: str, left: Value, right: Value) -> Value:
    """Return ``left op right`` for a comparison: a bool, an array of them, or unknown."""
    if op in ("is", "is not"):
        return _identity(op, left, right)
    if op in ("in", "not in"):
        return _membership(run, op, left, right)
    if left is BROKEN or right is BROKEN:
        return BROKEN
    own = _own_comparison(run, op, left, right)
    if own is not NotImplemented:
        return own
    if isinstance(left, Array) or isinstance(right, Array):
        if left is None or right is None or isinstance(left, str) or isinstance(right, str):
            return fresh_unknown()
        return _arrays().compare(op, left, right)
    answer = _ordered(run, op, left, right)
    return _open(op, left, right) if answer is None else answer


def _own_comparison(run: Run, op: str, left: Value, right: Value) -> Value:
    """Return what the class of an object makes of the comparison, NotImplemented if it has no say."""
    for receiver, other, sign in ((left, right, op), (right, left, _MIRRORED[op])):
        if isinstance(receiver, InstanceObj):
            if run.has_attribute(receiver, _COMPARISON_METHODS[sign]):
                return run.call(run.attribute(receiver, _COMPARISON_METHODS[sign]), (other,), {})
            if sign == "!=" and run.has_attribute(receiver, "__eq__"):
                equal = run.truth(run.call(run.attribute(receiver, "__eq__"), (other,), {}))
                return fresh_unknown() if equal is None else not equal
        elif isinstance(receiver, Obj) and not isinstance(receiver, (ListObj, DictObj, SetObj)):
            model = find_method(run, receiver, _COMPARISON_METHODS[sign])
            if model is not None:
                return model.function(receiver, other)
    return NotImplemented


def _open(op: str, left: Value, right: Value) -> Value:
    a, b = key_of(left), key_of(right)
    if a is None or b is None or too_large((a, b)):
        return fresh_unknown()
    if op in ("!=", "is not", "not in"):
        return Unknown(("not", ({"!=": "==", "is not": "is", "not in": "in"}[op], a, b)))
    return Unknown((op, a, b))


def _ordered(run: Run, op: str, left: Value, right: Value) -> Value | None:
    simple = (int, float, str, bytes, complex)
    if isinstance(left, simple) and isinstance(right, simple):
        try:
            return bool(_COMPARISONS[op](left, right))
        except TypeError:
            return None
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        return _lengths(op, left, right)
    if isinstance(left, UnknownDim) or isinstance(right, UnknownDim):
        return None
    if op in ("==", "!="):
        equal = _equal(left, right)
        return None if equal is None else (equal if op == "==" else not equal)
    if isinstance(left, tuple) and isinstance(right, tuple):
        try:
            return bool(_COMPARISONS[op](left, right)) if _plain(left) and _plain(right) else None
        except TypeError:
            return None
    return None


def _plain(values: tuple[Value, ...]) -> bool:
    return all(isinstance(v, (int, float, str)) for v in values)


def _lengths(op: str, left: Any, right: Any) -> bool | None:
    if op in ("==", "!="):
        equal = same(left, right)
        return None if equal is None else equal == (op == "==")
    if op in (">=", "<"):
        holds = at_least(left - right, 0)
        return None if holds is None else holds == (op == ">=")
    holds = at_least(right - left, 0)
    return None if holds is None else holds == (op == "<=")


def _equal(left: Value, right: Value) -> bool | None:
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        return same(left, right)
    if isinstance(left, (str, bytes)) and isinstance(right, (str, bytes)):
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        if len(left) != len(right):
            return False
        parts = [_equal(a, b) for a, b in zip(left, right)]
        return False if False in parts else None if None in parts else True
    if isinstance(left, ListObj) and isinstance(right, ListObj):
        if left is right:
            return True
        return None if left.items is None or right.items is None else _equal(left.items, right.items)
    if isinstance(left, InstanceObj) and isinstance(right, InstanceObj) and left.cls.members is not None:
        return left is right
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Library) and not isinstance(other, (UserClass, Function)) and (other is not None or type(one) is not Library):
            return one.same_as(other)
    if left is None or right is None:
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return None
        return left is None and right is None
    if isinstance(left, (Library, UserClass, Function)) and isinstance(right, (Library, UserClass, Function)):
        return left == right
    plain = (int, float, str, bytes, tuple, ListObj, DictObj)
    if isinstance(left, plain) and isinstance(right, plain):
        if isinstance(left, (int, float)) != isinstance(right, (int, float)) or isinstance(left, str) != isinstance(right, str):
            return False
        return None
    return None


def _identity(op: str, left: Value, right: Value) -> Value:
    answer: bool | None = None
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        if not isinstance(left, Unknown) and not isinstance(right, Unknown):
            answer = left is right
    elif isinstance(left, Library) and isinstance(right, Library):
        answer = type(left) is type(right) and left == right
    elif (isinstance(left, Obj) and isinstance(right, Obj)) or (isinstance(left, UserClass) and isinstance(right, UserClass)):
        answer = left is right
    if answer is None:
        return _open(op, left, right)
    return answer == (op == "is")


def _membership(run: Run, op: str, left: Value, right: Value) -> Value:
    answer: bool | None = None
    if isinstance(right, str) and isinstance(left, str):
        answer = left in right
    elif isinstance(right, InstanceObj) and run.has_attribute(right, "__contains__"):
        answer = run.truth(run.call(run.attribute(right, "__contains__"), (left,), {}))
    elif isinstance(right, DictObj):
        keys = right.state
        if not isinstance(left, Unknown) and key_of(left) is not None:
            if left in keys:
                answer = True
            elif OTHERS not in keys:
                answer = False
    else:
        members = api.items(right) if not isinstance(right, SetObj) else right.state.items
        if isinstance(right, Iteration):
            # Looked through until it is found.
            right.begun = True
        if isinstance(right, range):
            members = tuple(right) if len(right) <= _LONGEST_LIST else None
        if members is not None:
            parts = [_equal_scalar(left, m) for m in members]
            answer = True if True in parts else None if None in parts else False
    if answer is None:
        return _open(op, left, right)
    return answer == (op == "in")


def _equal_scalar(a: Value, b: Value) -> bool | None:
    if isinstance(a, (int, float, str)) and isinstance(b, (int, float, str)):
        return a == b
    return _equal(a, b)
