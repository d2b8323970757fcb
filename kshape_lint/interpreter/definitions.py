"""``def`` and ``class``: what they bind, decorators and data classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..libraries import api
from ..syntax import nodes as n
from .assigning import write_name
from .calls import call_value
from .entrusting import entrust
from .expressions import evaluate, look_up, make_function
from .frames import Function, Leave, Raised, Scope
from .hooks import begin_class
from .instances import Factory, UserClass
from .naming import last_name, last_name_called
from .statements import execute_block
from .values import Library, Unknown, Value, fresh_unknown

if TYPE_CHECKING:
    from .run import Run


def define_function(run: Run, node: n.FunctionDef) -> Leave | None:
    """Bind the name of a ``def``, decorators applied."""
    function = node.function
    made = make_function(run, function)
    value: Value = made
    for decorator in reversed(function.decorators):
        value = _decorated(run, decorator, value, made)
    write_name(run, function.name, value)
    return None


_ROLES = {"staticmethod": "static", "classmethod": "class", "property": "property", "cached_property": "cached"}


_TRANSPARENT = frozenset({"abstractmethod", "override", "wraps", "lru_cache", "cache", "no_type_check", "contextmanager"})


def _decorated(run: Run, decorator: n.Node, value: Value, made: Function) -> Value:
    name = last_name_called(decorator)
    if name in _ROLES:
        made.role = _ROLES[name]
        return value
    if name in ("setter", "deleter") and not isinstance(decorator, n.Call):
        # What sets a property goes by a name that is none of Python's; the property's own stays with what reads it.
        write_name(run, f"{made.node.name}.{name}", value)
        return look_up(run, run.scope, made.node.name)
    if name in _TRANSPARENT:
        return value
    with_what = evaluate(run, decorator)
    if isinstance(with_what, (Unknown, Library)) and not (isinstance(with_what, Library) and api.lookup(with_what.path) is not None):
        entrust(run, value)
        return fresh_unknown()
    run.node = decorator
    run.arguments = []
    return call_value(run, decorator, with_what, (value,), {})


def define_class(run: Run, node: n.ClassDef) -> Leave | None:
    """Run a class body and bind the class."""
    bases = tuple(_base(evaluate(run, b)) for b in node.bases)
    outer = run.scope
    scope = Scope(outer)
    run.scope = scope
    try:
        outcome = execute_block(run, node.body)
    finally:
        run.scope = outer
    variables = scope.variables
    made = UserClass(node.name, bases, variables, node)
    for value in variables.values():
        if isinstance(value, Function) and value.owner is None:
            value.owner = made
            # A function that a decorator put in the method's place sees the decorator's names.
            if value.scope is scope:
                value.scope = outer
    made.decorated = tuple(map(last_name_called, node.decorators))
    made.is_named_tuple = any(last_name(b) == "NamedTuple" for b in node.bases)
    if "dataclass" in made.decorated or made.is_named_tuple:
        made.fields = tuple(_fields(run, made, node))
    run.node = node
    begin_class(run, made, {name: evaluate(run, value) for name, value in node.keywords})
    write_name(run, node.name, made)
    return outcome if isinstance(outcome, Raised) else None


def _base(value: Value) -> Value:
    return value if isinstance(value, (UserClass, Library)) else fresh_unknown()


def _field_default(run: Run, call: n.Call) -> Value:
    """Return the default that ``field(…)`` of a data class states."""
    for name, expression in call.keywords:
        if name == "default":
            return evaluate(run, expression)
        if name == "default_factory":
            return Factory(evaluate(run, expression))
    return fresh_unknown()


def _fields(run: Run, made: UserClass, node: n.ClassDef) -> list[tuple[str, Value]]:
    out: list[tuple[str, Value]] = []
    for base in made.bases:
        if isinstance(base, UserClass):
            out.extend(base.fields)
    for s in node.body:
        if isinstance(s, n.AnnAssign) and isinstance(s.target, n.Name):
            name = s.target.id
            default = made.variables.get(name, Unknown(("field", id(s), name)))
            if isinstance(s.value, n.Call) and last_name(s.value.func) == "field":
                default = _field_default(run, s.value)
            out = [f for f in out if f[0] != name]
            out.append((name, default))
    return out
