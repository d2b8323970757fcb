"""Executes statements of the small program. An outcome of None goes on to the next statement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ..libraries import api
from ..syntax import nodes as n
from .attributes import set_attribute
from .branches import collapse, combine, fork, go_on
from .calls import call_value, failed
from .expressions import apply_binary, evaluate, make_function
from .frames import BREAK, CONTINUE, Function, Leave, Mixed, PyRaise, Raised, Returned, Scope
from .instances import Factory, InstanceObj, UserClass
from .items import delete_item, get_item, set_item
from .iterate import iterate
from .outcome import ANY, catches, caught_by
from .run import DEEPEST_FORKS
from .values import OTHERS, UNBOUND, UNKNOWN, Array, DictObj, LibObj, Library, ListObj, Lost, Seq, Unknown, Value, fresh_unknown
from .world import Split, join

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
    return None


def _commented(run: Run, node: n.Assign | n.AnnAssign, value: Value) -> Value:
    """Return a value with what the comment behind its assignment says of its shape."""
    from .claims import believed, stated_in

    if "hape" not in node.comment and "HAPE" not in node.comment:
        return value
    stated = stated_in(run, node.comment)
    if stated is None:
        return value
    run.node = node.value
    run.arguments = []
    return run.lifted((value,), lambda v: believed(run, v, stated))


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
                    (holder, value), lambda h, v: _guard(run, target, lambda: _array_with(run, h, target.name, v), "numpy.reshape", (h, v))
                ),
            )
        else:
            set_attribute(run, holder, target.name, value)
    elif isinstance(target, n.Subscript):
        holder, index = evaluate(run, target.value), evaluate(run, target.index)
        run.node = target
        run.arguments = [(target.value, holder)] + ([(source, value)] if source is not None else [])

        def work(holder: Value, index: Value) -> None:
            changed = _guard(run, target, lambda: set_item(run, holder, index, value), "[]=", (holder, index, value))
            if isinstance(changed, Array) and isinstance(target.value, (n.Name, n.Attr)) and changed != holder:
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


def _guard(run: Run, node: n.Node, work: Callable[[], Any], op: str, operands: tuple[Value, ...]) -> Any:
    run.node = node
    try:
        return work()
    except api.Mismatch as mismatch:
        run.node = node
        return failed(run, mismatch, op, operands)
    except api.Raises as raises:
        raise PyRaise(raises.exception) from None
    except Lost:
        return UNKNOWN


def unpack(run: Run, target: Any, value: Value, source: n.Node | None) -> None:
    """Bind several targets to the items of a value; the wrong number of them is an error."""
    targets: list[n.Node] = target.items
    star = next((i for i, t in enumerate(targets) if isinstance(t, n.Starred)), None)
    run.arguments = [(source, value)] if source is not None else []

    def items_of(value: Value) -> Value:
        if isinstance(value, Unknown):
            return tuple(get_item(run, value, i) for i in range(len(targets)))
        found = iterate(run, value)
        if found.items is not None:
            if star is None and len(found.items) == len(targets):
                return found.items
            if star is not None and len(found.items) >= len(targets) - 1:
                after = len(targets) - 1 - star
                end = len(found.items) - after
                return (*found.items[:star], ListObj(Seq(found.items[star:end])), *found.items[end:])
        if star is None and isinstance(found.count, int) and found.count != len(targets):
            operands = (value, len(targets))
            return _guard(run, source or target, lambda: _wrong_count(value, found.count, len(targets)), "unpack", operands)
        return (found.element,) * len(targets) if star is None else UNKNOWN

    parts = run.lifted((value,), items_of)
    for i, t in enumerate(targets):
        assign(run, t, _part(parts, i, len(targets)))


def _part(parts: Value, i: int, count: int) -> Value:
    from .values import Choice

    if type(parts) is Choice:
        return join(parts.tag, [_part(p, i, count) for p in parts.alternatives])
    return parts[i] if isinstance(parts, tuple) and len(parts) == count else fresh_unknown()


def _wrong_count(value: Value, found: Any, wanted: int) -> Value:
    if isinstance(value, (Array, tuple)):
        from ..rules.arrays import UnpackCount

        raise api.Mismatch(UnpackCount(wanted, found), value)
    raise PyRaise("ValueError")


def _aug_assign(run: Run, node: n.AugAssign) -> Leave | None:
    target = node.target
    old = evaluate(run, target)
    operand = evaluate(run, node.value)
    if isinstance(old, ListObj) and node.op == "+":
        found = iterate(run, operand)
        from .operators import joined

        old.put(joined(old.state, Seq(found.items, found.element, found.count)))
        return None
    new = apply_binary(run, node, node.op, old, operand, [(target, old), (node.value, operand)])
    if isinstance(old, Array) and isinstance(new, Array):
        from ..libraries.numpy.operators import in_place

        kept = new
        new = _guard(run, node, lambda: in_place(old, kept), node.op + "=", (old, operand))
    assign(run, target, new)
    return None


def _ann_assign(run: Run, node: n.AnnAssign) -> Leave | None:
    if node.value is None:
        return None
    value = evaluate(run, node.value)
    if isinstance(node.annotation, n.Subscript):
        from .claims import annotated, believed

        stated = annotated(run, node.annotation)
        if stated is not None:
            run.node = node.value
            run.arguments = []
            value = run.lifted((value,), lambda v: believed(run, v, stated))
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
    return None


def _return(run: Run, node: n.Return) -> Leave | None:
    return Returned(None if node.value is None else evaluate(run, node.value))


def _raise(run: Run, node: n.Raise) -> Leave | None:
    if node.exception is None:
        return Raised("Exception")
    expression = node.exception
    if isinstance(expression, n.Call):
        for a in expression.args:
            evaluate(run, a.value if isinstance(a, n.Starred) else a)
        expression = expression.func
    if isinstance(expression, (n.Name, n.Attr)):
        return Raised(expression.id if isinstance(expression, n.Name) else expression.name)
    return Raised("Exception")


def _assert(run: Run, node: n.Assert) -> Leave | None:
    from .claims import asserted

    value = evaluate(run, node.test)
    caught = caught_by(run.handlers, "AssertionError")
    if not caught and asserted(run, node.test):
        return None
    return Raised("AssertionError") if run.truth(value) is False else None


def _if(run: Run, node: n.If) -> Leave | None:
    condition = evaluate(run, node.test)
    tag, outcomes = fork(run, condition, lambda: execute_block(run, node.body), lambda: execute_block(run, node.orelse))
    outcome: Leave | None = collapse(run, tag, outcomes)
    return outcome


def _for(run: Run, node: n.For) -> Leave | None:
    from .loops import run_for

    return run_for(run, node)


def _while(run: Run, node: n.While) -> Leave | None:
    from .loops import run_while

    return run_while(run, node)


def _handler_names(run: Run, types: n.Node | None) -> tuple[str, ...]:
    if types is None:
        return (ANY,)
    parts = types.items if isinstance(types, n.TupleExpr) else [types]
    return tuple(p.id if isinstance(p, n.Name) else p.name if isinstance(p, n.Attr) else ANY for p in parts)


def _passes_on(body: list[n.Node]) -> bool:
    """Tell whether a handler lets the exception go on in the end, so that it catches nothing for good."""
    return bool(body) and isinstance(body[-1], n.Raise)


def _try(run: Run, node: n.Try) -> Leave | None:
    names = [_handler_names(run, types) for types, _, _ in node.handlers]
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


def _with(run: Run, node: n.With) -> Leave | None:
    catching: list[str] = []
    for expression, target in node.items:
        value = evaluate(run, expression)
        catching.extend(_expected_exceptions(run, expression))
        entered = value
        if isinstance(value, (InstanceObj, LibObj)) and run.has_attribute(value, "__enter__"):
            run.node = expression
            entered = call_value(run, expression, run.attribute(value, "__enter__"), (), {})
        if target is not None:
            assign(run, target, entered)
    if not catching:
        return execute_block(run, node.body)
    run.handlers.append(tuple(catching))
    try:
        outcome = execute_block(run, node.body)
    finally:
        run.handlers.pop()
    if isinstance(outcome, Raised):
        return None
    return _survived(outcome) if isinstance(outcome, Mixed) else outcome


def _expected_exceptions(run: Run, expression: n.Node) -> list[str]:
    """Return the exceptions that ``with pytest.raises(…)``, ``assertRaises`` and ``contextlib.suppress`` take."""
    if not isinstance(expression, n.Call):
        return []
    func = expression.func
    name = func.name if isinstance(func, n.Attr) else func.id if isinstance(func, n.Name) else ""
    if name not in ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesWithLiteralMatch", "assertRaisesRegexp", "suppress"):
        return []
    return [e for a in expression.args for e in _handler_names(run, a)] or [ANY]


def _function(run: Run, node: n.FunctionDef) -> Leave | None:
    function = node.function
    made = make_function(run, function)
    value: Value = made
    for decorator in reversed(function.decorators):
        value = _decorated(run, decorator, value, made)
    write_name(run, function.name, value)
    return None


_ROLES = {"staticmethod": "static", "classmethod": "class", "property": "property", "cached_property": "property"}
_TRANSPARENT = frozenset({"abstractmethod", "override", "wraps", "lru_cache", "cache", "no_type_check", "contextmanager"})


def _decorated(run: Run, decorator: n.Node, value: Value, made: Function) -> Value:
    func = decorator.func if isinstance(decorator, n.Call) else decorator
    name = func.name if isinstance(func, n.Attr) else func.id if isinstance(func, n.Name) else ""
    if name in _ROLES:
        made.role = _ROLES[name]
        return value
    if name in _TRANSPARENT or name == "setter":
        return value
    with_what = evaluate(run, decorator)
    if isinstance(with_what, (Unknown, Library)) and not (isinstance(with_what, Library) and api.lookup(with_what.path) is not None):
        return fresh_unknown()
    run.node = decorator
    run.arguments = []
    return call_value(run, decorator, with_what, (value,), {})


def _class(run: Run, node: n.ClassDef) -> Leave | None:
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
            value.scope = outer
    names = [d.func if isinstance(d, n.Call) else d for d in node.decorators]
    made.decorated = tuple(d.name if isinstance(d, n.Attr) else d.id if isinstance(d, n.Name) else "" for d in names)
    made.is_named_tuple = any(_last_name(b) == "NamedTuple" for b in node.bases)
    if "dataclass" in made.decorated or made.is_named_tuple:
        made.fields = tuple(_fields(run, made, node))
    write_name(run, node.name, made)
    return outcome if isinstance(outcome, Raised) else None


def _last_name(node: n.Node) -> str:
    return node.name if isinstance(node, n.Attr) else node.id if isinstance(node, n.Name) else ""


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
            if isinstance(s.value, n.Call) and _last_name(s.value.func) == "field":
                default = _field_default(run, s.value)
            out = [f for f in out if f[0] != name]
            out.append((name, default))
    return out


def _import(run: Run, node: n.Import) -> Leave | None:
    from .imports import import_module

    for dotted, name in node.names:
        import_module(run, dotted, name)
    return None


def _import_from(run: Run, node: n.ImportFrom) -> Leave | None:
    from .imports import import_names

    import_names(run, node.module, node.names, node.level)
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


def _match(run: Run, node: n.Match) -> Leave | None:
    subject = evaluate(run, node.subject)
    return _cases(run, node, subject, 0)


def _cases(run: Run, node: n.Match, subject: Value, i: int) -> Leave | None:
    if i >= len(node.cases):
        return None
    pattern, guard, body = node.cases[i]
    condition = _matches(run, pattern, subject)

    def here() -> Leave | None:
        if guard is None:
            return execute_block(run, body)
        passed = evaluate(run, guard)
        tag, outcomes = fork(run, passed, lambda: execute_block(run, body), lambda: _cases(run, node, subject, i + 1))
        result: Leave | None = collapse(run, tag, outcomes)
        return result

    tag, outcomes = fork(run, condition, here, lambda: _cases(run, node, subject, i + 1))
    outcome: Leave | None = collapse(run, tag, outcomes)
    return outcome


def _matches(run: Run, pattern: n.Pattern, subject: Value) -> Value:
    """Return whether a pattern matches, as a condition; names it captures are bound."""
    if pattern.kind == "value":
        return run.compare("==", subject, evaluate(run, pattern.parts[0]))
    if pattern.kind == "capture":
        answer: Value = True if not pattern.parts else _matches(run, pattern.parts[0], subject)
        if pattern.name is not None:
            write_name(run, pattern.name, subject)
        return answer
    if pattern.kind == "or":
        answers = [_matches(run, p, subject) for p in pattern.parts]
        known = [run.truth(a) for a in answers]
        return True if True in known else False if all(k is False for k in known) else fresh_unknown()
    if pattern.kind == "sequence":
        return _matches_sequence(run, pattern, subject)
    if pattern.kind == "mapping":
        return _matches_mapping(run, pattern, subject)
    _bind_unknown(run, pattern)
    return fresh_unknown()


def _matches_mapping(run: Run, pattern: n.Pattern, subject: Value) -> Value:
    if subject is None or isinstance(subject, (str, int, float, tuple, ListObj)):
        return False
    if not isinstance(subject, DictObj):
        for _, p in pattern.parts:
            _bind_unknown(run, p)
        return fresh_unknown()
    entries = subject.state
    verdicts: list[bool | None] = []
    for key_node, p in pattern.parts:
        key = evaluate(run, key_node)
        if isinstance(key, (str, int)) and key in entries:
            verdicts.append(run.truth(_matches(run, p, entries[key])))
        else:
            verdicts.append(None if OTHERS in entries else False)
            _bind_unknown(run, p)
    return False if False in verdicts else True if None not in verdicts else fresh_unknown()


def _matches_sequence(run: Run, pattern: n.Pattern, subject: Value) -> Value:
    items = api.items(subject)
    if subject is None or isinstance(subject, (str, int, float, DictObj)):
        return False
    parts: list[n.Pattern] = pattern.parts
    if items is None or any(p.kind == "star" for p in parts):
        _bind_unknown(run, pattern)
        return fresh_unknown()
    if len(items) != len(parts):
        return False
    known = [run.truth(_matches(run, p, v)) for p, v in zip(parts, items)]
    return False if False in known else True if all(k is True for k in known) else fresh_unknown()


def _bind_unknown(run: Run, pattern: n.Pattern) -> None:
    if pattern.kind == "mapping":
        for _, p in pattern.parts:
            _bind_unknown(run, p)
        return
    if pattern.name is not None:
        write_name(run, pattern.name, fresh_unknown())
    for p in pattern.parts:
        if isinstance(p, n.Pattern):
            _bind_unknown(run, p)


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
