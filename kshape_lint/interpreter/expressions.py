"""Evaluates expressions of the small program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..libraries import api
from ..libraries.understanding import count_unknown
from ..rules.arrays import AxisOutOfRange
from ..shapes import UNKNOWN_DIM
from ..syntax import nodes as n
from .attributes import get_attribute
from .branches import asked, collapse, fork, negated, truth
from .calls import call_value, protected, unknown_call
from .entrusting import forget
from .frames import BoundLibrary, BoundMethod, EnoughYields, Function, Scope, Super
from .items import get_item, is_known_key
from .iterate import MOST_YIELDS, iterate
from .modules import Promised, member
from .naming import expects, with_origin
from .operators import binary, compare, unary
from .outcome import caught_by
from .values import (
    OTHERS,
    UNBOUND,
    UNKNOWN,
    Array,
    Choice,
    DictObj,
    Iteration,
    Library,
    ListObj,
    Obj,
    Seq,
    SetObj,
    Unknown,
    Value,
    bounded,
    fresh,
    fresh_unknown,
    some_text,
)
from .world import alike, blur, narrow, one_of

if TYPE_CHECKING:
    from .run import Run

_LONGEST_COMPREHENSION = 256
_MOST_STEPS = 1_500


def evaluate(run: Run, node: n.Node) -> Value:
    """Return the value of an expression; raises `PyRaise` where the program certainly raises."""
    return _EVALUATE[node.__class__](run, node)


def _constant(run: Run, node: n.Const) -> Value:
    return node.value


def _name(run: Run, node: n.Name) -> Value:
    scope = run.scope
    if scope.foreign is None:
        # What most names are: a variable of this scope, its value decided.
        found = scope.variables.get(node.id, UNBOUND)
        if found is not UNBOUND and type(found) is not Choice and type(found) is not Promised:
            return found
    return look_up(run, scope, node.id)


def look_up(run: Run, scope: Scope | None, name: str) -> Value:
    """Return what a name stands for: the nearest scope's, a starred import's, a builtin, or unknown."""
    if scope is not None and scope.foreign is not None and name in scope.foreign:
        scope = scope.foreign[name]
    while scope is not None:
        found = scope.variables.get(name, UNBOUND)
        if found is not UNBOUND:
            if type(found) is Choice:
                return narrow(found)
            if type(found) is Promised:
                found = _kept(run, scope, name, found)
            return found
        if scope.stars is not None:
            for module in scope.stars:
                path = api.canonical(f"{module}.{name}")
                try:
                    return api.lookup_constant(path)
                except KeyError:
                    if api.lookup(path) is not None:
                        return Library(path)
        scope = scope.parent
    if name in _BUILTIN_NAMES or api.lookup(f"builtins.{name}") is not None:
        return Library(f"builtins.{name}")
    if run.handlers:
        # It may be that there is no such name, and that the program asks for it to find out.
        run.opaque()
    return Unknown(("name", name))


def _kept(run: Run, scope: Scope, name: str, promised: Promised) -> Value:
    """Return what an imported name stands for, unbound meanwhile: ``from . import a`` in a package means its module."""
    scope.variables[name] = UNBOUND
    found: Value = promised
    try:
        found = member(run, promised.module, promised.name)
    finally:
        scope.variables[name] = found
    return found


_BUILTIN_NAMES = frozenset(dir(__import__("builtins")))


def _attribute(run: Run, node: n.Attr) -> Value:
    value = _EVALUATE[node.value.__class__](run, node.value)
    run.node = node
    return get_attribute(run, value, node.name)


def _call(run: Run, node: n.Call) -> Value:
    func = node.func
    kind = func.__class__
    if kind is n.Name and func.id in _SPECIAL:
        special = _SPECIAL[func.id](run, node)
        if special is not NotImplemented:
            return special
    callee = evaluate(run, func)
    if kind is n.Attr and isinstance(callee, Unknown):
        run.node = node
        count_unknown(func.name, [name for name, _ in node.keywords if name is not None])
        if func.value.__class__ is n.Name or func.value.__class__ is n.Attr:
            holder = evaluate(run, func.value)
            if isinstance(holder, (ListObj, DictObj, SetObj)):
                # A method that is not known may change what it is called on.
                forget(holder)
    args: list[Value] = []
    arguments: list[tuple[n.Node, Value]] = []
    if kind is n.Attr and isinstance(callee, _WITH_RECEIVER):
        arguments.append((func.value, callee.receiver))
    inexact = False
    for a in node.args:
        if a.__class__ is n.Starred:
            spread = iterate(run, evaluate(run, a.value))
            if spread.items is not None:
                args.extend(spread.items)
            else:
                columns = _columns(spread) if len(node.args) == 1 and not node.keywords and callee == _ZIP else None
                if columns is not None:
                    return columns
                inexact = True
        else:
            value = _EVALUATE[a.__class__](run, a)
            args.append(value)
            arguments.append((a, value))
    kwargs: dict[str, Value] = {}
    for name, expression in node.keywords:
        value = _EVALUATE[expression.__class__](run, expression)
        if name is not None:
            kwargs[name] = value
            arguments.append((expression, value))
        elif isinstance(value, DictObj) and all(isinstance(k, str) for k in value.state):
            kwargs.update(value.state)
        else:
            inexact = True
    if Function in map(type, args) and expects(func):
        # What is handed to ``pytest.raises`` is there to fail.
        for v in args:
            if type(v) is Function:
                v.called = True
    run.node = node
    run.arguments = arguments
    if inexact:
        return unknown_call(run, tuple(args), kwargs)
    return call_value(run, node, callee, tuple(args), kwargs)


_ZIP = Library("builtins.zip")
_WITH_RECEIVER = (BoundLibrary, BoundMethod, Super)


def _columns(rows: Iteration) -> Iteration | None:
    """Return what ``zip(*rows)`` gives for any number of rows of one form: one sequence for each place in a row."""
    row = rows.element.items if isinstance(rows.element, ListObj) else rows.element
    return Iteration(tuple(ListObj(Seq(None, part, rows.count)) for part in row)) if isinstance(row, tuple) else None


def _super(run: Run, node: n.Call) -> Value:
    closure = run.closure
    if closure.function is None or closure.function.owner is None:
        return NotImplemented
    return Super(closure.function.owner, closure.receiver)


def _reveal(run: Run, node: n.Call) -> Value:
    if look_up(run, run.scope, "reveal_shape") != Unknown(("name", "reveal_shape")) or not node.args or node.keywords:
        return NotImplemented
    from .reveal import reveal

    values = _elements(run, node.args).items
    if values is None:
        return fresh_unknown()
    value = values[0] if len(values) == 1 else values
    run.node = node
    reveal(run, value)
    return value


_SPECIAL: dict[str, Callable[[Any, n.Call], Value]] = {"super": _super, "reveal_shape": _reveal}


def _subscript(run: Run, node: n.Subscript) -> Value:
    value = evaluate(run, node.value)
    index = evaluate(run, node.index)
    run.node = node
    run.arguments = [(node.value, value)]
    parts = index if type(index) is tuple else (index,)
    count = len(parts)
    whole = type(index) is not tuple

    def work(value: Value, *parts: Value) -> Value:
        place = parts[0] if whole and count == 1 else tuple(parts)
        return _shape_safe(run, node, lambda: _item(run, node, value, place), (value,), "[]", (value, place))

    return run.lifted((value, *parts), work)


def _item(run: Run, node: n.Subscript, value: Value, index: Value) -> Value:
    """Return ``value[index]``; ``x.shape[2]`` of an array of two axes is a matter of shapes, unlike other tuples' items."""
    if type(value) is tuple and type(index) is int and not -len(value) <= index < len(value):
        attribute = node.value
        if isinstance(attribute, n.Attr) and attribute.name == "shape" and not caught_by(run.handlers, "IndexError"):
            array = narrow(evaluate(run, attribute.value)) if isinstance(attribute.value, n.Name) else None
            raise api.Mismatch(AxisOutOfRange(index, len(value), "shape"), *([array] if isinstance(array, Array) else []))
    return get_item(run, value, index)


def _shape_safe(
    run: Run, node: n.Node, work: Callable[[], Value], operands: tuple[Value, ...], op: str, args: tuple[Value, ...] | None = None
) -> Value:
    """Do something at a node that is no call, and remember it as the origin of the result's shape."""
    run.node = node
    return with_origin(run, node, protected(run, work, op, operands if args is None else args), operands)


def _slice(run: Run, node: n.SliceExpr) -> Value:
    lower, upper, step = (None if p is None else evaluate(run, p) for p in (node.lower, node.upper, node.step))
    return run.lifted((lower, upper, step), slice)


def _binary(run: Run, node: n.Binary) -> Value:
    left = evaluate(run, node.left)
    right = evaluate(run, node.right)
    return apply_binary(run, node, node.op, left, right, [(node.left, left), (node.right, right)])


def apply_binary(run: Run, node: n.Node, op: str, left: Value, right: Value, arguments: list[tuple[n.Node, Value]]) -> Value:
    """Return ``left op right`` as it stands at `node`."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return binary(run, op, left, right)
    run.node = node
    run.arguments = arguments
    return run.lifted((left, right), lambda a, b: _shape_safe(run, node, lambda: binary(run, op, a, b), (a, b), op))


def _unary(run: Run, node: n.Unary) -> Value:
    value = evaluate(run, node.operand)
    if node.op == "not":
        return run.lifted((value,), lambda v: _not(run, asked(run, node.operand, v)))
    return run.lifted((value,), lambda v: _shape_safe(run, node, lambda: unary(run, node.op, v), (v,), node.op))


def _not(run: Run, value: Value) -> Value:
    known = truth(run, value)
    return negated(value) if known is None else not known


def _bool(run: Run, node: n.Bool) -> Value:
    left = asked(run, node.left, evaluate(run, node.left))
    if node.op == "and":
        falsy = False if isinstance(left, Unknown) else left
        return narrow(collapse(run, *fork(run, left, lambda: evaluate(run, node.right), lambda: falsy)))
    truthy = True if isinstance(left, Unknown) and isinstance(left.key, tuple) and left.key and left.key[0] in _COMPARING else left
    return narrow(collapse(run, *fork(run, left, lambda: truthy, lambda: evaluate(run, node.right))))


_COMPARING = frozenset({"==", "not", "is", "in", "<", ">", "<=", ">="})


def _compare(run: Run, node: n.Compare) -> Value:
    left = evaluate(run, node.left)
    result: Value = True
    for op, expression in zip(node.ops, node.rights):
        right = evaluate(run, expression)
        run.arguments = [(node.left, left), (expression, right)]

        def work(a: Value, b: Value, op: str = op) -> Value:
            return _shape_safe(run, node, lambda: compare(run, op, a, b), (a, b), op)

        this = run.lifted((left, right), work)
        if len(node.ops) == 1:
            return this
        if expression is not node.rights[-1]:
            this = asked(run, node, this)
        known = truth(run, this) if type(this) is not Choice else None
        if known is False:
            return False
        if known is None:
            result = fresh_unknown()
        left = right
    return result


def _if_expression(run: Run, node: n.IfExp) -> Value:
    condition = asked(run, node.test, evaluate(run, node.test))
    return narrow(collapse(run, *fork(run, condition, lambda: evaluate(run, node.body), lambda: evaluate(run, node.orelse))))


def _elements(run: Run, nodes: list[n.Node]) -> Seq:
    items: list[Value] = []
    for i, e in enumerate(nodes):
        if e.__class__ is n.Starred:
            spread = iterate(run, evaluate(run, e.value))
            if spread.items is None:
                rest = [evaluate(run, r.value if isinstance(r, n.Starred) else r) for r in nodes[i + 1 :]]
                return Seq(None, blur([*items, spread.element, *rest]), UNKNOWN_DIM)
            items.extend(spread.items)
        else:
            items.append(_EVALUATE[e.__class__](run, e))
    return Seq(bounded(items))


def _tuple(run: Run, node: n.TupleExpr) -> Value:
    seq = _elements(run, node.items)
    return seq.items if seq.items is not None else fresh_unknown()


def _list(run: Run, node: n.ListExpr) -> Value:
    return ListObj(_elements(run, node.items))


def _set(run: Run, node: n.SetExpr) -> Value:
    return SetObj(_distinct(_elements(run, node.items)))


def _distinct(seq: Seq) -> Seq:
    """Return the items of a set: equal ones once; how many there are is open where that cannot be told."""
    if seq.items is not None and all(isinstance(v, (int, float, str)) for v in seq.items):
        return Seq(tuple(dict.fromkeys(seq.items)))
    if seq.items is not None and len(seq.items) <= 1:
        return seq
    return Seq(None, seq.element if seq.items is None else blur(seq.items), UNKNOWN_DIM)


def _dict(run: Run, node: n.DictExpr) -> Value:
    entries: dict[Any, Value] = {}
    for key_node, value_node in node.items:
        value = evaluate(run, value_node)
        if key_node is None:
            if isinstance(value, DictObj):
                entries.update(value.state)
            else:
                entries[OTHERS] = UNKNOWN
            continue
        key = evaluate(run, key_node)
        if key.__class__ is not str and not is_known_key(key):
            key = OTHERS
            if key in entries:
                value = blur([entries[key], value])
        entries[key] = value
    return DictObj(entries)


def _comprehension(run: Run, node: n.Comp) -> Value:
    outer = run.scope
    run.scope = Scope(outer)
    try:
        first = iterate(run, evaluate(run, node.loops[0].iterable))
        found = _comprehend(run, node, 0, first)
    finally:
        run.scope = outer
    if node.kind == "dict":
        if found.items is not None:
            try:
                return DictObj(dict(found.items))
            except TypeError:
                pass
        pair = found.element
        return DictObj({OTHERS: pair[1] if isinstance(pair, tuple) and len(pair) == 2 else UNKNOWN})
    if node.kind == "set":
        return SetObj(_distinct(found))
    if node.kind == "generator":
        return Iteration(found.items, found.element, found.length, once=True)
    return ListObj(found)


def _comprehend(run: Run, node: n.Comp, depth: int, over: Iteration) -> Seq:
    """Return the items that the loops from `depth` on give."""
    loop: n.CompLoop = node.loops[depth]
    if over.items is not None and len(over.items) <= _LONGEST_COMPREHENSION:
        out: list[Seq] = []
        steps = run.steps
        for i, item in enumerate(over.items):
            if i == 4 and len(over.items) > 16 and _uniform(out):
                _assigning.assign(run, loop.target, over.items[-1])
                if _passes(run, loop) is True and _uniform([out[0], _inner(run, node, depth)]):
                    return Seq((out[0].items or ()) * len(over.items))
            if run.steps - steps > _MOST_STEPS:
                return Seq(None, blur([i for s in out for i in (s.items or (s.element,))]), UNKNOWN_DIM)
            run.step()
            _assigning.assign(run, loop.target, item)
            passed = _passes(run, loop)
            if passed is False:
                continue
            inner = _inner(run, node, depth)
            out.append(inner if passed else Seq(None, blur(inner.items) if inner.items else inner.element, UNKNOWN_DIM))
        if all(s.items is not None for s in out):
            return Seq(tuple(i for s in out for i in s.items or ()))
        elements = [i for s in out for i in s.parts]
        return Seq(None, blur(elements), UNKNOWN_DIM)
    _assigning.assign(run, loop.target, over.element if over.items is None else one_of(over.items))
    passed = _passes(run, loop)
    inner = _inner(run, node, depth)
    if inner.items is not None and len(inner.items) == 1 and passed is True:
        return Seq(None, inner.items[0], over.count)
    element = blur(inner.items) if inner.items else inner.element
    return Seq(None, element, fresh("m", 0) if inner.items is not None and len(inner.items) == 1 else UNKNOWN_DIM)


def _uniform(made: list[Seq]) -> bool:
    """Tell whether each iteration gave one and the same item (and nothing that can change)."""
    first = made[0].items if made else None
    if first is None or len(first) != 1 or isinstance(first[0], (Obj, int, float, str)):
        return False
    return all(s.items is not None and len(s.items) == 1 and alike(s.items[0], first[0]) for s in made[1:])


def _passes(run: Run, loop: n.CompLoop) -> bool | None:
    verdict: bool | None = True
    for condition in loop.conditions:
        value = asked(run, condition, evaluate(run, condition))
        known = truth(run, value) if type(value) is not Choice else None
        if known is False:
            return False
        if known is None:
            verdict = None
    return verdict


def _inner(run: Run, node: n.Comp, depth: int) -> Seq:
    if depth + 1 < len(node.loops):
        return _comprehend(run, node, depth + 1, iterate(run, evaluate(run, node.loops[depth + 1].iterable)))
    element = evaluate(run, node.element)
    if node.kind == "dict":
        return Seq(((element, evaluate(run, node.value)),))
    return Seq((element,))


def make_function(run: Run, node: n.Function) -> Function:
    """Return the function that a ``def`` or ``lambda`` makes here."""
    defaults = {p.name: evaluate(run, p.default) for p in node.params if p.default is not None}
    made = Function(node, run.scope, defaults, run.filename, run.module)
    run.functions.append(made)
    return made


def _lambda(run: Run, node: n.Lambda) -> Value:
    return make_function(run, node.function)


def _fstring(run: Run, node: n.FString) -> Value:
    parts = [evaluate(run, p) for p in node.parts]
    if all(isinstance(p, (str, int, float)) or p is None for p in parts):
        text = "".join(str(p) for p in parts)
        return text if len(text) < 10_000 else some_text()
    return some_text()


def _formatted(run: Run, node: n.Formatted) -> Value:
    value, spec = evaluate(run, node.value), evaluate(run, node.spec)
    run.node = node
    return run.call(Library("builtins.format"), (value, spec), {})


def _starred(run: Run, node: n.Starred) -> Value:
    return evaluate(run, node.value)


def _await(run: Run, node: n.Await) -> Value:
    return evaluate(run, node.value)


def _yield(run: Run, node: n.Yield) -> Value:
    value = None if node.value is None else evaluate(run, node.value)
    if run.yields:
        into = run.yields[-1]
        if len(run.world.assumptions) > into.conditions:
            into.exact = False
        if node.delegate:
            found = iterate(run, value)
            into.exact = into.exact and found.items is not None
            into.extend(found.items if found.items is not None else (found.element, found.element))
        else:
            into.append(value)
        if len(into) >= MOST_YIELDS or (len(into) > 1 and run.steps > run.patience):
            raise EnoughYields
    return fresh_unknown()


def _walrus(run: Run, node: n.Walrus) -> Value:
    value = evaluate(run, node.value)
    _assigning.assign(run, node.target, value)
    return value


def _opaque(run: Run, node: n.Opaque) -> Value:
    return fresh_unknown()


_EVALUATE: dict[type, Callable[[Any, Any], Value]] = {
    n.Const: _constant,
    n.Name: _name,
    n.Attr: _attribute,
    n.Call: _call,
    n.Subscript: _subscript,
    n.SliceExpr: _slice,
    n.Binary: _binary,
    n.Unary: _unary,
    n.Bool: _bool,
    n.Compare: _compare,
    n.IfExp: _if_expression,
    n.TupleExpr: _tuple,
    n.ListExpr: _list,
    n.SetExpr: _set,
    n.DictExpr: _dict,
    n.Comp: _comprehension,
    n.Lambda: _lambda,
    n.FString: _fstring,
    n.Formatted: _formatted,
    n.Starred: _starred,
    n.Await: _await,
    n.Yield: _yield,
    n.Walrus: _walrus,
    n.Opaque: _opaque,
}


# The rooms below call back into this one, so they are imported once it stands.
from . import assigning as _assigning  # noqa: E402
