"""What code that is not followed may do with what it gets hold of: fill what is empty, call functions and methods as often as it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..shapes import UNKNOWN_DIM
from ..syntax import nodes as n
from .frames import BoundLibrary, BoundMethod, Function, Generator, Scope
from .instances import InstanceObj, UserClass
from .values import OTHERS, UNBOUND, UNKNOWN, Array, Choice, DictObj, LibObj, ListObj, Seq, SetObj, Unknown, Value
from .world import leaves

if TYPE_CHECKING:
    from .run import Run

DEEPEST = 3
"""Through how many values, one held by the other, things are looked for that others may fill."""
MOST_HELD = 16
"""Of how many things that one value holds each is looked at."""

_NOTHING_IN_THEM = frozenset({int, float, str, bool, type(None), Array})


def forget(value: Value) -> None:
    """Note that unknown code had its hands on `value`."""
    if isinstance(value, (ListObj, SetObj)):
        value.put(Seq(None, UNKNOWN, UNKNOWN_DIM))
    elif isinstance(value, DictObj):
        value.put({OTHERS: UNKNOWN})
    elif isinstance(value, LibObj) and hasattr(value, "lose"):
        value.lose()


def entrust(run: Run, value: Value) -> None:
    """Note that code which is not followed got hold of `value`: lists that it can reach are no longer taken for empty.

    It reaches what `value` holds, and what the functions change that it finds there.
    """
    if value.__class__ not in _NOTHING_IN_THEM:
        _reach(run, value, 0, set())


def let_fill(run: Run, made: Value) -> None:
    """Forget that what an object begins with is empty, or None: its methods are there to fill it, before others read it."""
    _reach_attributes(run, made, 0, set(), ())
    if isinstance(made, InstanceObj) and isinstance(made._state, dict):
        unset = {name: Unknown(("attribute", id(made), name)) for name, held in made._state.items() if held is None}
        if unset:
            made.put({**made._state, **unset})


def _reach(run: Run, value: Value, depth: int, seen: set[int]) -> None:
    if type(value) is Choice:
        for leaf in leaves(value):
            _reach(run, leaf, depth, seen)
        return
    if value.__class__ in _NOTHING_IN_THEM or depth > DEEPEST or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Function):
        _reach_names(run, value, depth, seen)
    elif isinstance(value, BoundMethod):
        _reach(run, value.receiver, depth, seen)
        _reach_names(run, value.function, depth, seen)
    elif isinstance(value, BoundLibrary):
        # A method of a list, such as its ``append``, is there to be called.
        forget(value.receiver)
    elif isinstance(value, Generator):
        _reach_names(run, value.function, depth, seen)
    elif isinstance(value, InstanceObj):
        _reach_attributes(run, value, depth, seen, value.cls.mro())
    elif isinstance(value, UserClass):
        _reach_methods(run, value.mro(), depth, seen)
    elif isinstance(value, tuple):
        for part in value[:MOST_HELD]:
            _reach(run, part, depth + 1, seen)
    elif isinstance(value, (ListObj, SetObj, DictObj)):
        if _is_empty(value):
            forget(value)
            return
        for state in leaves(value._state):
            held = state.parts if isinstance(state, Seq) else list(state.values()) if isinstance(state, dict) else ()
            for part in held[:MOST_HELD]:
                _reach(run, part, depth + 1, seen)


def _is_empty(value: Value) -> bool:
    if isinstance(value, (ListObj, SetObj)):
        return isinstance(value._state, Seq) and value._state.items == ()
    return isinstance(value, DictObj) and value._state == {}


def _reach_attributes(run: Run, value: Value, depth: int, seen: set[int], classes: list[Value] | tuple[()]) -> None:
    if not isinstance(value, InstanceObj):
        return
    for state in leaves(value._state):
        for name, held in state.items() if isinstance(state, dict) else ():
            if any(isinstance(one, Array) and one.shape is not None and 0 in one.shape for one in leaves(held)):
                value.put(_without(value._state, name))
            else:
                _reach(run, held, depth + 1, seen)
    _reach_methods(run, classes, depth, seen)


def _without(state: Value, name: str) -> Value:
    """Return an object's state with nothing known of an attribute."""
    if type(state) is Choice:
        return Choice(state.tag, tuple(_without(s, name) for s in state.alternatives))
    return {**state, name: UNKNOWN} if isinstance(state, dict) and name in state else state


def _reach_methods(run: Run, classes: list[Value] | tuple[()], depth: int, seen: set[int]) -> None:
    for cls in classes:
        if isinstance(cls, UserClass):
            for method in cls.variables.values():
                if isinstance(method, Function):
                    _reach_names(run, method, depth, seen)


def _reach_names(run: Run, function: Function, depth: int, seen: set[int]) -> None:
    """Note that a function may be called: what the names stand for that it reads from outside, and that it sets itself outside."""
    known = run.outer_names.get(id(function.node))
    if known is None:
        known = run.outer_names[id(function.node)] = _outer_names(function.node)
    read, rebound = known
    for name in read:
        scope = _scope_of(function.scope, name)
        if scope is None:
            continue
        if name in rebound:
            run.world.write((scope, name), UNKNOWN)
        else:
            _reach(run, scope.variables[name], depth + 1, seen)


def _scope_of(scope: Scope | None, name: str) -> Scope | None:
    while scope is not None and scope.variables.get(name, UNBOUND) is UNBOUND:
        scope = scope.parent
    return scope


def _outer_names(function: n.Function) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a function has from outside, and those of them that it sets."""
    names: set[str] = set()
    rebound: set[str] = set()
    own = {p.name for p in function.params}
    pending: list[object] = [function.body]
    while pending:
        part = pending.pop()
        if isinstance(part, (list, tuple)):
            pending.extend(part)
        elif isinstance(part, n.Name):
            names.add(part.id)
        elif isinstance(part, n.Global):
            names.update(part.names)
            rebound.update(part.names)
        elif isinstance(part, n.Node):
            pending.extend(getattr(part, slot) for slot in part.__slots__)
    return frozenset(names - own), frozenset(rebound)
