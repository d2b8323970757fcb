"""Executes statements of the small program. An outcome of None goes on to the next statement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ..shapes import Shape
from ..syntax import nodes as n
from .assigning import assign, guarded
from .attributes import delete_attribute
from .branches import asked, collapse, combine, fork, go_on
from .expressions import apply_binary, evaluate
from .frames import BREAK, CONTINUE, Leave, Mixed, PyRaise, Raised, Returned
from .instances import InstanceObj
from .items import delete_item
from .iterate import iterate
from .limits import DEEPEST_FORKS
from .naming import last_name_called
from .operators import in_place_method, joined
from .outcome import caught_by
from .values import UNBOUND, Array, ListObj, Seq, Value
from .world import Split

if TYPE_CHECKING:
    from .run import Run


def execute_block(run: Run, statements: list[n.Node], start: int = 0) -> Leave | None:
    """Run statements in order until control leaves."""
    for i in range(start, len(statements)):
        outcome = execute(run, statements[i])
        if outcome is not None:
            if isinstance(outcome, Mixed):
                return go_on(run, outcome, partial(execute_block, run, statements, i + 1))
            return outcome
    return None


def execute(run: Run, node: n.Node) -> Leave | None:
    """Run one statement."""
    run.step()
    try:
        return _EXECUTE[node.__class__](run, node)
    except PyRaise as raised:
        return Raised(raised.exception)
    except Split as open_question:
        tag, count = open_question.tag, open_question.count
    if run.forks >= DEEPEST_FORKS:
        return None
    run.forks += 1
    try:
        outcomes = run.world.fork(tag, count, lambda _: execute(run, node), all_must_fail=True)
    finally:
        run.forks -= 1
    return combine(run, tag, outcomes)


def _expression(run: Run, node: n.ExprStmt) -> Leave | None:
    evaluate(run, node.value)
    return None


def _assign(run: Run, node: n.Assign) -> Leave | None:
    value = evaluate(run, node.value)
    if node.comment is not None:
        value = _commented(run, node, value)
    for target in node.targets:
        assign(run, target, value, node.value)
    if node.value.__class__ is n.Attr and node.value.name == "shape" and node.targets[0].__class__ is n.TupleExpr:
        _unpacked_shape(run, node)
    return None


def _unpacked_shape(run: Run, node: n.Assign) -> None:
    from .claims import unpacked

    unpacked(run, node.targets[0].items, node.value.value)


def _commented(run: Run, node: n.Assign | n.AnnAssign, value: Value) -> Value:
    """Return a value with what the comment behind its assignment says of its shape."""
    if "hape" not in node.comment and "HAPE" not in node.comment:
        return value
    return _stated(run, node.value, value, _claims.stated_in(run, node.comment))


def _stated(run: Run, node: n.Node, value: Value, stated: Shape | None) -> Value:
    """Return a value with what its author states of its shape."""
    if stated is None:
        return value
    run.node = node
    run.arguments = []
    return run.lifted((value,), lambda v: _claims.believed(run, v, stated))


def _aug_assign(run: Run, node: n.AugAssign) -> Leave | None:
    target = node.target
    old = evaluate(run, target)
    operand = evaluate(run, node.value)
    if isinstance(old, ListObj) and node.op == "+":
        found = iterate(run, operand)
        old.put(joined(old.state, Seq(found.items, found.element, found.count)))
        return None
    if isinstance(old, InstanceObj) and run.has_attribute(old, in_place_method(node.op)):
        run.node = node
        assign(run, target, run.call(run.attribute(old, in_place_method(node.op)), (operand,), {}))
        return None
    new = apply_binary(run, node, node.op, old, operand, [(target, old), (node.value, operand)])
    if isinstance(old, Array) and isinstance(new, Array):
        from ..libraries.numpy.operators import in_place

        kept = new
        new = guarded(run, node, lambda: in_place(old, kept), node.op + "=", (old, operand))
    assign(run, target, new)
    return None


def _ann_assign(run: Run, node: n.AnnAssign) -> Leave | None:
    if node.value is None:
        return None
    value = evaluate(run, node.value)
    if isinstance(node.annotation, n.Subscript):
        value = _stated(run, node.value, value, _claims.annotated(run, node.annotation))
    if node.comment is not None:
        value = _commented(run, node, value)
    assign(run, node.target, value, node.value)
    return None


def _delete(run: Run, node: n.Del) -> Leave | None:
    for target in node.targets:
        if isinstance(target, n.Name):
            run.world.write((run.scope, target.id), UNBOUND)
        elif isinstance(target, n.Subscript):
            delete_item(run, evaluate(run, target.value), evaluate(run, target.index))
        elif isinstance(target, n.Attr):
            holder = evaluate(run, target.value)
            if isinstance(holder, InstanceObj):
                delete_attribute(run, holder, target.name)
    return None


def _return(run: Run, node: n.Return) -> Leave | None:
    return Returned(None if node.value is None else evaluate(run, node.value))


def _raise(run: Run, node: n.Raise) -> Leave | None:
    if isinstance(node.exception, n.Call):
        for a in node.exception.args:
            evaluate(run, a.value if isinstance(a, n.Starred) else a)
    return Raised(last_name_called(node.exception) or "Exception")


def _assert(run: Run, node: n.Assert) -> Leave | None:
    value = evaluate(run, node.test)
    caught = caught_by(run.handlers, "AssertionError")
    if not caught and _claims.asserted(run, node.test):
        return None
    return Raised("AssertionError") if run.truth(asked(run, node.test, value)) is False else None


def _if(run: Run, node: n.If) -> Leave | None:
    condition = asked(run, node.test, evaluate(run, node.test))
    tag, outcomes = fork(run, condition, lambda: execute_block(run, node.body), lambda: execute_block(run, node.orelse))
    outcome: Leave | None = collapse(run, tag, outcomes)
    return outcome


def _for(run: Run, node: n.For) -> Leave | None:
    return _loops.run_for(run, node)


def _while(run: Run, node: n.While) -> Leave | None:
    return _loops.run_while(run, node)


def _import(run: Run, node: n.Import) -> Leave | None:
    for dotted, name in node.names:
        _imports.import_module(run, dotted, name)
    return None


def _import_from(run: Run, node: n.ImportFrom) -> Leave | None:
    _imports.import_names(run, node.module, node.names, node.level)
    return None


def _global(run: Run, node: n.Global) -> Leave | None:
    scope = run.scope
    foreign = dict(scope.foreign or {})
    for name in node.names:
        if not node.nonlocal_:
            foreign[name] = run.module
        else:
            holder = scope.parent
            while holder is not None and name not in holder.variables:
                holder = holder.parent
            if holder is not None:
                foreign[name] = holder
    scope.foreign = foreign
    return None


def _try(run: Run, node: n.Try) -> Leave | None:
    return _guards.run_try(run, node)


def _with(run: Run, node: n.With) -> Leave | None:
    return _guards.run_with(run, node)


def _function(run: Run, node: n.FunctionDef) -> Leave | None:
    return _definitions.define_function(run, node)


def _class(run: Run, node: n.ClassDef) -> Leave | None:
    return _definitions.define_class(run, node)


def _match(run: Run, node: n.Match) -> Leave | None:
    return _matching.run_match(run, node)


_EXECUTE: dict[type, Callable[[Any, Any], Leave | None]] = {
    n.ExprStmt: _expression,
    n.Assign: _assign,
    n.AugAssign: _aug_assign,
    n.AnnAssign: _ann_assign,
    n.Del: _delete,
    n.Return: _return,
    n.Raise: _raise,
    n.Assert: _assert,
    n.If: _if,
    n.For: _for,
    n.While: _while,
    n.Try: _try,
    n.With: _with,
    n.FunctionDef: _function,
    n.ClassDef: _class,
    n.Import: _import,
    n.ImportFrom: _import_from,
    n.Global: _global,
    n.Break: lambda run, node: BREAK,
    n.Continue: lambda run, node: CONTINUE,
    n.Match: _match,
    n.Opaque: lambda run, node: None,
}


# The rooms below stand on this one, so they are imported once it stands.
from . import claims as _claims  # noqa: E402
from . import definitions as _definitions  # noqa: E402
from . import guards as _guards  # noqa: E402
from . import imports as _imports  # noqa: E402
from . import loops as _loops  # noqa: E402
from . import matching as _matching  # noqa: E402
