"""Binds targets: names, attributes, items, and several at once by unpacking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..libraries import api
from ..shapes import UNKNOWN_DIM
from ..syntax import nodes as n
from .attributes import set_attribute
from .calls import protected
from .expressions import evaluate
from .frames import PyRaise
from .items import get_item, set_item
from .iterate import iterate
from .values import BROKEN, UNKNOWN, Array, Choice, Iteration, ListObj, ResultList, Seq, Unknown, Value, fresh_unknown
from .world import join

if TYPE_CHECKING:
    from .run import Run


def assign(run: Run, target: n.Node, value: Value, source: n.Node | None = None) -> None:
    """Bind a target: a name, an attribute, an item, or several of them by unpacking."""
    cls = target.__class__
    if cls is n.Name:
        write_name(run, target.id, value)  # type: ignore[attr-defined]
    elif isinstance(target, n.Attr):
        holder = evaluate(run, target.value)
        if isinstance(holder, Array):
            run.node = target
            assign(
                run,
                target.value,
                run.lifted(
                    (holder, value), lambda h, v: guarded(run, target, lambda: _array_with(run, h, target.name, v), "numpy.reshape", (h, v))
                ),
            )
        else:
            run.node = target
            run.arguments = [(target.value, holder)] + ([(source, value)] if source is not None else [])
            set_attribute(run, holder, target.name, value)
    elif isinstance(target, n.Subscript):
        holder, index = evaluate(run, target.value), evaluate(run, target.index)
        run.node = target
        run.arguments = [(target.value, holder)] + ([(source, value)] if source is not None else [])

        def work(holder: Value, index: Value) -> None:
            changed = guarded(run, target, lambda: set_item(run, holder, index, value), "[]=", (holder, index, value))
            if isinstance(target.value, (n.Name, n.Attr)) and (changed is BROKEN or (isinstance(changed, Array) and changed != holder)):
                # Arrays are values here: what was known of the elements is forgotten under the name that was assigned through.
                assign(run, target.value, changed)

        run.lifted((holder, index), work)
    elif isinstance(target, (n.TupleExpr, n.ListExpr)):
        unpack(run, target, value, source)
    elif isinstance(target, n.Starred):
        assign(run, target.value, value)


def _array_with(run: Run, holder: Value, name: str, value: Value) -> Value:
    """Return an array after ``holder.name = value``: its shape can be set, the rest makes no difference."""
    if name != "shape" or not isinstance(holder, Array):
        return holder
    return run.call(run.attribute(holder, "reshape"), (value,), {})


def write_name(run: Run, name: str, value: Value) -> None:
    """Bind a name in the scope it belongs to."""
    scope = run.scope
    if scope.foreign is not None and name in scope.foreign:
        scope = scope.foreign[name]
    if run.world.journal is None:
        scope.variables[name] = value
    else:
        run.world.write((scope, name), value)


def guarded(run: Run, node: n.Node, work: Callable[[], Any], op: str, operands: tuple[Value, ...]) -> Any:
    """Do something at a node that is no call and gives no shape."""
    run.node = node
    return protected(run, work, op, operands)


def unpack(run: Run, target: Any, value: Value, source: n.Node | None) -> None:
    """Bind several targets to the items of a value; the wrong number of them is an error."""
    targets: list[n.Node] = target.items
    star = next((i for i, t in enumerate(targets) if isinstance(t, n.Starred)), None)
    run.arguments = [(source, value)] if source is not None else []

    def items_of(value: Value) -> Value:
        if isinstance(value, Unknown):
            return tuple(get_item(run, value, i) for i in range(len(targets)))
        found = iterate(run, value) if not isinstance(value, Array) else _slices(run, value, target, len(targets))
        if found.items is not None:
            if star is None and len(found.items) == len(targets):
                return found.items
            if star is not None and len(found.items) >= len(targets) - 1:
                after = len(targets) - 1 - star
                end = len(found.items) - after
                return (*found.items[:star], ListObj(Seq(found.items[star:end])), *found.items[end:])
        if star is None and isinstance(found.count, int) and found.count != len(targets):
            operands = (value, len(targets))
            return guarded(run, target, lambda: _wrong_count(value, found.count, len(targets)), "unpack", operands)
        return (found.element,) * len(targets) if star is None else UNKNOWN

    parts = run.lifted((value,), items_of)
    for i, t in enumerate(targets):
        assign(run, t, _part(parts, i, len(targets)))


def _slices(run: Run, value: Array, node: n.Node, count: int) -> Iteration:
    found = guarded(run, node, lambda: iterate(run, value), "unpack", (value, count))
    return found if isinstance(found, Iteration) else Iteration(None, fresh_unknown(), UNKNOWN_DIM)


def _part(parts: Value, i: int, count: int) -> Value:
    if type(parts) is Choice:
        return join(parts.tag, [_part(p, i, count) for p in parts.alternatives])
    return parts[i] if isinstance(parts, tuple) and len(parts) == count else BROKEN if parts is BROKEN else fresh_unknown()


def _wrong_count(value: Value, found: Any, wanted: int) -> Value:
    if isinstance(value, (Array, tuple, ResultList)):
        from ..rules.arrays import UnpackCount

        raise api.Mismatch(UnpackCount(wanted, found), value)
    raise PyRaise("ValueError")
