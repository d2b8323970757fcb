"""Lowers libcst's tree to the small program of `nodes`, in one walk that looks only at fields with meaning.

Nesting beyond `DEEPEST` becomes `Opaque`: nobody writes it by hand, and the walk must not exhaust the stack.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from . import nodes as n

DEEPEST = 120
"""How deep an expression or statement may nest before it is taken for opaque."""

_BINARY = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "Divide": "/", "FloorDivide": "//", "Modulo": "%", "Power": "**", "MatrixMultiply": "@",
    "LeftShift": "<<", "RightShift": ">>", "BitAnd": "&", "BitOr": "|", "BitXor": "^",
}  # fmt: skip
_UNARY = {"Not": "not", "Minus": "-", "Plus": "+", "BitInvert": "~"}
_COMPARE = {
    "Equal": "==", "NotEqual": "!=", "LessThan": "<", "LessThanEqual": "<=", "GreaterThan": ">", "GreaterThanEqual": ">=",
    "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
}  # fmt: skip
_LONGEST_NUMBER = 400


class Lowering:
    """One walk. `yielding` tells whether the function under way has met a ``yield``."""

    def __init__(self) -> None:
        self.depth = 0
        self.yielding = False

    def expression(self, node: Any) -> n.Expr:
        """Return the lowered expression."""
        lower = _EXPRESSIONS.get(node.__class__)
        if lower is None or self.depth > DEEPEST:
            return n.Opaque(node)
        self.depth += 1
        try:
            return lower(self, node)
        finally:
            self.depth -= 1

    def optional(self, node: Any) -> n.Expr | None:
        """Return the lowered expression, None for None."""
        return None if node is None else self.expression(node)

    def block(self, node: Any) -> list[n.Stmt]:
        """Return the statements of a module body, an indented block or a one-line suite."""
        out: list[n.Stmt] = []
        if self.depth > DEEPEST:
            return [n.Opaque(node)]
        self.depth += 1
        try:
            body = node.body if hasattr(node, "body") else node
            if node.__class__ is cst.SimpleStatementSuite:
                self._simple(node, out)
            else:
                for line in body:
                    if line.__class__ is cst.SimpleStatementLine:
                        self._simple(line, out)
                    else:
                        lower = _STATEMENTS.get(line.__class__)
                        out.append(n.Opaque(line) if lower is None else lower(self, line))
        finally:
            self.depth -= 1
        return out

    def _simple(self, line: Any, out: list[n.Stmt]) -> None:
        comment = line.trailing_whitespace.comment
        text = None if comment is None else comment.value
        for small in line.body:
            cls = small.__class__
            if cls is cst.Expr:
                out.append(n.ExprStmt(small, self.expression(small.value)))
            elif cls is cst.Assign:
                out.append(n.Assign(small, [self.expression(t.target) for t in small.targets], self.expression(small.value), text))
            elif cls is cst.AnnAssign:
                annotation = self.expression(small.annotation.annotation)
                out.append(n.AnnAssign(small, self.expression(small.target), annotation, self.optional(small.value), text))
            elif cls is not cst.Pass:
                lower = _STATEMENTS.get(cls)
                out.append(n.Opaque(small) if lower is None else lower(self, small))

    def function(self, node: Any, name: str, params: Any, body: Any, decorators: Sequence[Any] = ()) -> n.Function:
        """Return a lowered ``def`` or ``lambda``."""
        outer, self.yielding = self.yielding, False
        lowered = self.block(body) if isinstance(body, cst.BaseSuite) else self.expression(body)
        is_generator, self.yielding = self.yielding, outer
        returns = getattr(node, "returns", None)
        return n.Function(
            node,
            name,
            self.parameters(params),
            lowered,
            [self.expression(d.decorator) for d in decorators],
            is_generator,
            getattr(node, "asynchronous", None) is not None,
            None if returns is None else self.expression(returns.annotation),
        )

    def parameters(self, params: Any) -> list[n.Param]:
        """Return the lowered parameters in order."""
        out = [self._param(p, "positional") for p in params.posonly_params]
        out.extend(self._param(p, "normal") for p in params.params)
        if isinstance(params.star_arg, cst.Param):
            out.append(self._param(params.star_arg, "star"))
        out.extend(self._param(p, "keyword") for p in params.kwonly_params)
        if params.star_kwarg is not None:
            out.append(self._param(params.star_kwarg, "double"))
        return out

    def _param(self, p: Any, kind: str) -> n.Param:
        annotation = None if p.annotation is None else self.expression(p.annotation.annotation)
        return n.Param(p, p.name.value, kind, self.optional(p.default), annotation)

    def elements(self, items: Sequence[Any]) -> list[n.Expr]:
        """Return the lowered elements of a display, stars kept."""
        return [n.Starred(e, self.expression(e.value)) if e.__class__ is cst.StarredElement else self.expression(e.value) for e in items]


def _integer(low: Lowering, node: cst.Integer) -> n.Expr:
    text = node.value
    if len(text) > _LONGEST_NUMBER:
        return n.Opaque(node)
    return n.Const(node, int(text.replace("_", ""), 0) if text.strip("0_") else 0)


def _float(low: Lowering, node: cst.Float) -> n.Expr:
    return n.Const(node, float(node.value))


def _imaginary(low: Lowering, node: cst.Imaginary) -> n.Expr:
    return n.Const(node, complex(node.value.replace("_", "").replace("J", "j")))


def _string(low: Lowering, node: cst.SimpleString) -> n.Expr:
    text = node.value
    if "\\" not in text and text[0] in "'\"":
        width = 3 if text[:3] in ("'''", '"""') else 1
        return n.Const(node, text[width:-width])
    try:
        return n.Const(node, literal_eval(text))
    except (ValueError, SyntaxError):
        return n.Opaque(node)


def _concatenated(low: Lowering, node: cst.ConcatenatedString) -> n.Expr:
    left, right = low.expression(node.left), low.expression(node.right)
    if isinstance(left, n.Const) and isinstance(right, n.Const) and type(left.value) is type(right.value):
        return n.Const(node, left.value + right.value)
    return n.FString(node, [left, right])


def _formatted(low: Lowering, node: Any) -> n.Expr:
    return _pieces(low, node, node.parts)


def _pieces(low: Lowering, node: Any, pieces: Any) -> n.Expr:
    parts: list[n.Expr] = []
    for p in pieces:
        if p.__class__ is cst.FormattedStringText:
            text = p.value.replace("{{", "{").replace("}}", "}") if "{" in p.value or "}" in p.value else p.value
            parts.append(n.Opaque(p) if "\\" in text else n.Const(p, text))
        else:
            inner = low.expression(p.expression)
            if p.conversion is not None:
                inner = n.FString(p, [inner, n.Opaque(p)])
            elif p.format_spec is not None:
                inner = n.Formatted(p, inner, _pieces(low, p, p.format_spec))
            parts.append(inner)
    return n.FString(node, parts)


def _name(low: Lowering, node: cst.Name) -> n.Expr:
    value = node.value
    if value in _CONSTANT_NAMES:
        return n.Const(node, _CONSTANT_NAMES[value])
    return n.Name(node, value)


_CONSTANT_NAMES = {"True": True, "False": False, "None": None}


def _attribute(low: Lowering, node: cst.Attribute) -> n.Expr:
    return n.Attr(node, low.expression(node.value), node.attr.value)


def _call(low: Lowering, node: cst.Call) -> n.Expr:
    func = low.expression(node.func)
    args: list[n.Expr] = []
    keywords: list[tuple[str | None, n.Expr]] = []
    for a in node.args:
        value = low.expression(a.value)
        if a.keyword is not None:
            keywords.append((a.keyword.value, value))
        elif not a.star:
            args.append(value)
        elif a.star == "*":
            args.append(n.Starred(a, value))
        else:
            keywords.append((None, value))
    return n.Call(node, func, args, keywords)


def _subscript(low: Lowering, node: Any) -> n.Expr:
    parts: list[n.Expr] = []
    for element in node.slice:
        s = element.slice
        if s.__class__ is cst.Slice:
            parts.append(n.SliceExpr(s, low.optional(s.lower), low.optional(s.upper), low.optional(s.step)))
        else:
            value = low.expression(s.value)
            parts.append(n.Starred(s, value) if getattr(s, "star", None) else value)
    single = len(parts) == 1 and not isinstance(node.slice[0].comma, cst.Comma)
    return n.Subscript(node, low.expression(node.value), parts[0] if single else n.TupleExpr(node, parts))


def _binary(low: Lowering, node: cst.BinaryOperation) -> n.Expr:
    return n.Binary(node, _BINARY[node.operator.__class__.__name__], low.expression(node.left), low.expression(node.right))


def _boolean(low: Lowering, node: cst.BooleanOperation) -> n.Expr:
    op = "and" if isinstance(node.operator, cst.And) else "or"
    return n.Bool(node, op, low.expression(node.left), low.expression(node.right))


def _unary(low: Lowering, node: cst.UnaryOperation) -> n.Expr:
    op = _UNARY[node.operator.__class__.__name__]
    operand = low.expression(node.expression)
    if op == "-" and isinstance(operand, n.Const) and type(operand.value) in (int, float):
        return n.Const(node, -operand.value)
    return n.Unary(node, op, operand)


def _comparison(low: Lowering, node: cst.Comparison) -> n.Expr:
    ops = [_COMPARE[c.operator.__class__.__name__] for c in node.comparisons]
    return n.Compare(node, low.expression(node.left), ops, [low.expression(c.comparator) for c in node.comparisons])


def _if_expression(low: Lowering, node: cst.IfExp) -> n.Expr:
    return n.IfExp(node, low.expression(node.test), low.expression(node.body), low.expression(node.orelse))


def _dict(low: Lowering, node: Any) -> n.Expr:
    pairs: list[tuple[n.Expr | None, n.Expr]] = []
    for e in node.elements:
        key = None if e.__class__ is cst.StarredDictElement else low.expression(e.key)
        pairs.append((key, low.expression(e.value)))
    return n.DictExpr(node, pairs)


def _comprehension(low: Lowering, node: Any) -> n.Expr:
    loops: list[n.CompLoop] = []
    clause: Any = node.for_in
    while clause is not None:
        conditions = [low.expression(i.test) for i in clause.ifs]
        loops.append(n.CompLoop(clause, low.expression(clause.target), low.expression(clause.iter), conditions))
        clause = clause.inner_for_in
    kind = {cst.ListComp: "list", cst.SetComp: "set", cst.DictComp: "dict", cst.GeneratorExp: "generator"}[node.__class__]
    if kind == "dict":
        return n.Comp(node, kind, low.expression(node.key), low.expression(node.value), loops)
    return n.Comp(node, kind, low.expression(node.elt), None, loops)


def _yield(low: Lowering, node: cst.Yield) -> n.Expr:
    low.yielding = True
    if isinstance(node.value, cst.From):
        return n.Yield(node, low.expression(node.value.item), True)
    return n.Yield(node, low.optional(node.value), False)


_EXPRESSIONS: dict[type, Callable[[Lowering, Any], n.Expr]] = {
    cst.Integer: _integer,
    cst.Float: _float,
    cst.Imaginary: _imaginary,
    cst.SimpleString: _string,
    cst.ConcatenatedString: _concatenated,
    cst.FormattedString: _formatted,
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.Subscript: _subscript,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.Comparison: _comparison,
    cst.IfExp: _if_expression,
    cst.Tuple: lambda low, node: n.TupleExpr(node, low.elements(node.elements)),
    cst.List: lambda low, node: n.ListExpr(node, low.elements(node.elements)),
    cst.Set: lambda low, node: n.SetExpr(node, low.elements(node.elements)),
    cst.Dict: _dict,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.Lambda: lambda low, node: n.Lambda(node, low.function(node, "<lambda>", node.params, node.body)),
    cst.Await: lambda low, node: n.Await(node, low.expression(node.expression)),
    cst.Yield: _yield,
    cst.NamedExpr: lambda low, node: n.Walrus(node, low.expression(node.target), low.expression(node.value)),
    cst.Ellipsis: lambda low, node: n.Const(node, ...),
}


def dotted(node: Any) -> str:
    """Return the dotted name that a ``Name`` or ``Attribute`` spells."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    parts.append(node.value if isinstance(node, cst.Name) else "?")
    return ".".join(reversed(parts))


def _aug_assign(low: Lowering, node: cst.AugAssign) -> n.Stmt:
    op = _BINARY[node.operator.__class__.__name__.removesuffix("Assign")]
    return n.AugAssign(node, low.expression(node.target), op, low.expression(node.value))


def _delete(low: Lowering, node: cst.Del) -> n.Stmt:
    target = node.target
    targets = [e.value for e in target.elements] if isinstance(target, (cst.Tuple, cst.List)) else [target]
    return n.Del(node, [low.expression(t) for t in targets])


def _if(low: Lowering, node: cst.If) -> n.Stmt:
    arms: list[tuple[Any, n.Expr, list[n.Stmt]]] = []
    arm: Any = node
    while isinstance(arm, cst.If) and len(arms) < DEEPEST:
        arms.append((arm, low.expression(arm.test), low.block(arm.body)))
        arm = arm.orelse
    rest: list[n.Stmt] = []
    if isinstance(arm, cst.Else):
        rest = low.block(arm.body)
    elif arm is not None:
        rest = [n.Opaque(arm)]
    for origin, test, body in reversed(arms):
        rest = [n.If(origin, test, body, rest)]
    return rest[0]


def _otherwise(low: Lowering, node: Any) -> list[n.Stmt]:
    return [] if node is None else low.block(node.body)


def _for(low: Lowering, node: cst.For) -> n.Stmt:
    return n.For(node, low.expression(node.target), low.expression(node.iter), low.block(node.body), _otherwise(low, node.orelse))


def _while(low: Lowering, node: cst.While) -> n.Stmt:
    return n.While(node, low.expression(node.test), low.block(node.body), _otherwise(low, node.orelse))


def _try(low: Lowering, node: Any) -> n.Stmt:
    handlers = [(low.optional(h.type), None if h.name is None else dotted(h.name.name), low.block(h.body)) for h in node.handlers]
    return n.Try(node, low.block(node.body), handlers, _otherwise(low, node.orelse), _otherwise(low, node.finalbody))


def _with(low: Lowering, node: cst.With) -> n.Stmt:
    items = [(low.expression(i.item), None if i.asname is None else low.expression(i.asname.name)) for i in node.items]
    return n.With(node, items, low.block(node.body))


def _function(low: Lowering, node: cst.FunctionDef) -> n.Stmt:
    return n.FunctionDef(node, low.function(node, node.name.value, node.params, node.body, node.decorators))


def _class(low: Lowering, node: cst.ClassDef) -> n.Stmt:
    bases = [low.expression(b.value) for b in node.bases]
    keywords = [(k.keyword.value, low.expression(k.value)) for k in node.keywords if k.keyword is not None]
    decorators = [low.expression(d.decorator) for d in node.decorators]
    return n.ClassDef(node, node.name.value, bases, keywords, low.block(node.body), decorators)


def _import(low: Lowering, node: cst.Import) -> n.Stmt:
    return n.Import(node, [(dotted(a.name), None if a.asname is None else dotted(a.asname.name)) for a in node.names])


def _import_from(low: Lowering, node: cst.ImportFrom) -> n.Stmt:
    names: list[tuple[str, str | None]] | None = None
    if not isinstance(node.names, cst.ImportStar):
        names = [(dotted(a.name), None if a.asname is None else dotted(a.asname.name)) for a in node.names]
    return n.ImportFrom(node, "" if node.module is None else dotted(node.module), names, len(node.relative))


def _match(low: Lowering, node: cst.Match) -> n.Stmt:
    cases = [(_pattern(low, c.pattern), low.optional(c.guard), low.block(c.body)) for c in node.cases]
    return n.Match(node, low.expression(node.subject), cases)


def _pattern(low: Lowering, node: Any) -> n.Pattern:
    if isinstance(node, (cst.MatchValue, cst.MatchSingleton)):
        return n.Pattern(node, "value" if isinstance(node, cst.MatchValue) else "singleton", [low.expression(node.value)], None)
    if isinstance(node, cst.MatchAs):
        name = None if node.name is None else node.name.value
        return n.Pattern(node, "capture", [] if node.pattern is None else [_pattern(low, node.pattern)], name)
    if isinstance(node, cst.MatchOr):
        return n.Pattern(node, "or", [_pattern(low, p.pattern) for p in node.patterns], None)
    if isinstance(node, (cst.MatchList, cst.MatchTuple)):
        return n.Pattern(node, "sequence", [_pattern(low, getattr(p, "value", p)) for p in node.patterns], None)
    if isinstance(node, cst.MatchMapping):
        pairs = [(low.expression(e.key), _pattern(low, e.pattern)) for e in node.elements]
        return n.Pattern(node, "mapping", pairs, None if node.rest is None else node.rest.value)
    if isinstance(node, cst.MatchClass):
        places = [(None, _pattern(low, p.value)) for p in node.patterns]
        named = [(k.key.value, _pattern(low, k.pattern)) for k in node.kwds]
        return n.Pattern(node, "class", [low.expression(node.cls), *places, *named], None)
    if isinstance(node, cst.MatchStar):
        return n.Pattern(node, "star", [], None if node.name is None else node.name.value)
    return n.Pattern(node, "other", [], None)


_STATEMENTS: dict[type, Callable[[Lowering, Any], n.Stmt]] = {
    cst.AugAssign: _aug_assign,
    cst.Del: _delete,
    cst.Return: lambda low, node: n.Return(node, low.optional(node.value)),
    cst.Raise: lambda low, node: n.Raise(node, low.optional(node.exc)),
    cst.Assert: lambda low, node: n.Assert(node, low.expression(node.test)),
    cst.If: _if,
    cst.For: _for,
    cst.While: _while,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Global: lambda low, node: n.Global(node, [i.name.value for i in node.names], False),
    cst.Nonlocal: lambda low, node: n.Global(node, [i.name.value for i in node.names], True),
    cst.Break: lambda low, node: n.Break(node),
    cst.Continue: lambda low, node: n.Continue(node),
    cst.Match: _match,
}


def lower(module: cst.Module) -> list[n.Stmt]:
    """Return the small program of a parsed module."""
    return Lowering().block(module)
