"""``try`` and ``with``: which exceptions the program takes, and what it goes on with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..syntax import nodes as n
from .assigning import assign, write_name
from .branches import collapse, go_on
from .calls import call_value
from .expressions import evaluate
from .frames import Function, Generator, Leave, Mixed, Raised
from .instances import InstanceObj, UserClass
from .naming import expects, last_name
from .outcome import ANY, catches, caught_by
from .statements import execute_block
from .values import LibObj, Unknown, Value, fresh_unknown

if TYPE_CHECKING:
    from .run import Run


def handler_names(run: Run, types: n.Node | None) -> tuple[str, ...]:
    """Return the names of the exceptions that a handler, or a call such as ``pytest.raises``, takes."""
    if types is None:
        return (ANY,)
    parts = types.items if isinstance(types, n.TupleExpr) else [types]
    return tuple(last_name(p) or ANY for p in parts)


def _passes_on(body: list[n.Node]) -> bool:
    """Tell whether a handler lets the exception go on in the end, so that it catches nothing for good."""
    return bool(body) and isinstance(body[-1], n.Raise)


def run_try(run: Run, node: n.Try) -> Leave | None:
    """Run a ``try`` statement; where its body may raise unseen, its handlers are gone through as well."""
    names = [handler_names(run, types) for types, _, _ in node.handlers]
    catching = tuple(name for group, (_, _, body) in zip(names, node.handlers) if not _passes_on(body) for name in group)
    opaque = run.opaque_calls
    if catching:
        run.handlers.append(catching)
    try:
        outcome, written = run.world.record(lambda: execute_block(run, node.body))
    finally:
        if catching:
            run.handlers.pop()

    def handle(i: int) -> Leave | None:
        name = node.handlers[i][1]
        if name is not None:
            write_name(run, name, fresh_unknown())
        return execute_block(run, node.handlers[i][2])

    def keep() -> None:
        for slot, value in written.items():
            run.world.write(slot, value)

    def ended() -> Leave | None:
        keep()
        if outcome is None:
            return execute_block(run, node.orelse)
        if isinstance(outcome, Mixed):
            return go_on(run, _survived(outcome) if catching else outcome, lambda: execute_block(run, node.orelse))
        left: Leave = outcome
        return left

    result: Leave | None
    if isinstance(outcome, Raised):
        taken = next((i for i, group in enumerate(names) if any(catches(name, outcome.exception) for name in group)), None)
        if taken is None and caught_by(names, outcome.exception, lenient=outcome.exception == "ValueError"):
            taken = 0
        keep()
        result = outcome if taken is None else handle(taken)
    elif node.handlers and run.opaque_calls != opaque and not _only_imports(node.body):
        ways = [ended, *(lambda i=i: handle(i) for i in range(min(len(node.handlers), 2)))]
        tag = ("try", fresh_unknown().key)
        outcomes = run.world.fork(tag, len(ways), lambda i: ways[i](), all_must_fail=False)
        collapsed: Leave | None = collapse(run, tag, outcomes)
        result = collapsed
    else:
        result = ended()
    if node.final:
        last = execute_block(run, node.final)
        if last is not None:
            return last
    return result


def _survived(outcome: Mixed) -> Mixed:
    """Return an outcome whose exceptions were caught: control goes on behind the statement."""
    return Mixed(
        outcome.tag, tuple(None if isinstance(o, Raised) else _survived(o) if isinstance(o, Mixed) else o for o in outcome.outcomes)
    )


def _only_imports(body: list[n.Node]) -> bool:
    return all(isinstance(s, (n.Import, n.ImportFrom)) for s in body)


def run_with(run: Run, node: n.With) -> Leave | None:
    """Run a ``with`` statement."""
    catching: list[str] = []
    leaving: list[Value] = []
    for expression, target in node.items:
        value = evaluate(run, expression)
        catching.extend(_expected_exceptions(run, expression, value) or _swallowed(run, value))
        if isinstance(value, InstanceObj) and run.has_attribute(value, "__exit__"):
            leaving.append(run.attribute(value, "__exit__"))
        entered = value
        if isinstance(value, (InstanceObj, LibObj)) and run.has_attribute(value, "__enter__"):
            run.node = expression
            entered = call_value(run, expression, run.attribute(value, "__enter__"), (), {})
        elif isinstance(value, Generator):
            # A function made a context manager: what it yields is what the block gets.
            over = run.iterate(value)
            entered = over.element if over.items is None else over.items[0] if over.items else fresh_unknown()
        if target is not None:
            assign(run, target, entered)
    outcome: Leave | None
    if not catching:
        outcome = execute_block(run, node.body)
    else:
        run.handlers.append(tuple(catching))
        try:
            outcome = execute_block(run, node.body)
        finally:
            run.handlers.pop()
        outcome = None if isinstance(outcome, Raised) else _survived(outcome) if isinstance(outcome, Mixed) else outcome
    for method in reversed(leaving):
        run.call(method, (fresh_unknown(), fresh_unknown(), fresh_unknown()), {})
    return outcome


def _expected_exceptions(run: Run, expression: n.Node, value: Value) -> list[str]:
    """Return the exceptions that ``with pytest.raises(…)``, ``assertRaises`` and ``contextlib.suppress`` take.

    A context that is handed in, such as a test's parameter, may take any.
    """
    if isinstance(expression, n.Name) and isinstance(value, Unknown):
        return [ANY]
    if not isinstance(expression, n.Call) or not expects(expression.func):
        return []
    return [e for a in expression.args for e in handler_names(run, a)] or [ANY]


def _swallowed(run: Run, value: Value) -> list[str]:
    """Return the exceptions that may end in a context manager of the program's own: in its ``__exit__``, or around its ``yield``."""
    if isinstance(value, InstanceObj):
        leave = next((c.variables["__exit__"] for c in value.cls.mro() if isinstance(c, UserClass) and "__exit__" in c.variables), None)
        if not isinstance(leave, Function):
            return []
        results = [r.value for r in _within(leave.node.body, n.Return)]
        return [] if all(r is None or (isinstance(r, n.Const) and not r.value) for r in results) else [ANY]
    if isinstance(value, Generator):
        tries = [t for t in _within(value.function.node.body, n.Try) if any(_within(t.body, n.Yield))]
        return [name for t in tries for types, _, body in t.handlers if not _passes_on(body) for name in handler_names(run, types)]
    return []


def _within(part: Any, kind: type[n.Node]) -> Iterator[Any]:
    """Yield the nodes of a kind in a function's body, those of functions in it apart."""
    if isinstance(part, (list, tuple)):
        for each in part:
            yield from _within(each, kind)
    elif isinstance(part, n.Node) and not isinstance(part, (n.FunctionDef, n.ClassDef)):
        if isinstance(part, kind):
            yield part
        for name in part.__slots__:
            yield from _within(getattr(part, name, None), kind)
