"""The small program that a script is lowered to: plain nodes, each knowing the syntax node it came from.

The interpreter knows these and nothing of libcst. `origin` is opaque to it: `places` turns it into a place in the text.
"""

from __future__ import annotations

from typing import Any, TypeAlias


class Node:
    """Base of all nodes."""

    __slots__ = ("origin",)

    origin: Any


Expr: TypeAlias = Node
Stmt: TypeAlias = Node


# Expressions


class Const(Node):
    """A literal: number, text, bytes, ``True`` … ``None``, ``...``."""

    __slots__ = ("value",)

    def __init__(self, origin: Any, value: Any) -> None:
        self.origin = origin
        self.value = value


class Name(Node):
    """A name read or assigned."""

    __slots__ = ("id",)

    def __init__(self, origin: Any, id: Any) -> None:
        self.origin = origin
        self.id = id


class Attr(Node):
    """``value.name``."""

    __slots__ = ("value", "name")

    def __init__(self, origin: Any, value: Any, name: Any) -> None:
        self.origin = origin
        self.value = value
        self.name = name


class Call(Node):
    """``func(*args, **keywords)``: `args` may hold `Starred`, `keywords` are ``(name, value)`` with name None for ``**value``."""

    __slots__ = ("func", "args", "keywords")

    def __init__(self, origin: Any, func: Any, args: Any, keywords: Any) -> None:
        self.origin = origin
        self.func = func
        self.args = args
        self.keywords = keywords


class Subscript(Node):
    """``value[index]``."""

    __slots__ = ("value", "index")

    def __init__(self, origin: Any, value: Any, index: Any) -> None:
        self.origin = origin
        self.value = value
        self.index = index


class SliceExpr(Node):
    """``lower:upper:step`` inside a subscript; parts may be None."""

    __slots__ = ("lower", "upper", "step")

    def __init__(self, origin: Any, lower: Any, upper: Any, step: Any) -> None:
        self.origin = origin
        self.lower = lower
        self.upper = upper
        self.step = step


class Binary(Node):
    """``left op right``."""

    __slots__ = ("op", "left", "right")

    def __init__(self, origin: Any, op: Any, left: Any, right: Any) -> None:
        self.origin = origin
        self.op = op
        self.left = left
        self.right = right


class Unary(Node):
    """``op operand``, op one of ``not - + ~``."""

    __slots__ = ("op", "operand")

    def __init__(self, origin: Any, op: Any, operand: Any) -> None:
        self.origin = origin
        self.op = op
        self.operand = operand


class Bool(Node):
    """``left and right``, ``left or right``."""

    __slots__ = ("op", "left", "right")

    def __init__(self, origin: Any, op: Any, left: Any, right: Any) -> None:
        self.origin = origin
        self.op = op
        self.left = left
        self.right = right


class Compare(Node):
    """``left op right op right …``."""

    __slots__ = ("left", "ops", "rights")

    def __init__(self, origin: Any, left: Any, ops: Any, rights: Any) -> None:
        self.origin = origin
        self.left = left
        self.ops = ops
        self.rights = rights


class IfExp(Node):
    """``body if test else orelse``."""

    __slots__ = ("test", "body", "orelse")

    def __init__(self, origin: Any, test: Any, body: Any, orelse: Any) -> None:
        self.origin = origin
        self.test = test
        self.body = body
        self.orelse = orelse


class TupleExpr(Node):
    """``a, b``; items may be `Starred`."""

    __slots__ = ("items",)

    def __init__(self, origin: Any, items: Any) -> None:
        self.origin = origin
        self.items = items


class ListExpr(Node):
    """``[a, b]``."""

    __slots__ = ("items",)

    def __init__(self, origin: Any, items: Any) -> None:
        self.origin = origin
        self.items = items


class SetExpr(Node):
    """``{a, b}``."""

    __slots__ = ("items",)

    def __init__(self, origin: Any, items: Any) -> None:
        self.origin = origin
        self.items = items


class DictExpr(Node):
    """``{k: v, **more}``: ``(key, value)`` pairs, key None for ``**``."""

    __slots__ = ("items",)

    def __init__(self, origin: Any, items: Any) -> None:
        self.origin = origin
        self.items = items


class Comp(Node):
    """A comprehension: kind one of ``list set dict generator``; `element` is the key of a dict."""

    __slots__ = ("kind", "element", "value", "loops")

    def __init__(self, origin: Any, kind: Any, element: Any, value: Any, loops: Any) -> None:
        self.origin = origin
        self.kind = kind
        self.element = element
        self.value = value
        self.loops = loops


class CompLoop(Node):
    """One ``for target in iterable if …`` of a comprehension."""

    __slots__ = ("target", "iterable", "conditions")

    def __init__(self, origin: Any, target: Any, iterable: Any, conditions: Any) -> None:
        self.origin = origin
        self.target = target
        self.iterable = iterable
        self.conditions = conditions


class Lambda(Node):
    """``lambda …``."""

    __slots__ = ("function",)

    def __init__(self, origin: Any, function: Any) -> None:
        self.origin = origin
        self.function = function


class FString(Node):
    """A formatted string: the expressions in it."""

    __slots__ = ("parts",)

    def __init__(self, origin: Any, parts: Any) -> None:
        self.origin = origin
        self.parts = parts


class Formatted(Node):
    """What a formatted string holds under a format of its own: ``value`` and the string ``spec``."""

    __slots__ = ("spec", "value")

    def __init__(self, origin: Any, value: Any, spec: Any) -> None:
        self.origin = origin
        self.value = value
        self.spec = spec


class Starred(Node):
    """``*value``."""

    __slots__ = ("value",)

    def __init__(self, origin: Any, value: Any) -> None:
        self.origin = origin
        self.value = value


class Await(Node):
    """``await value``."""

    __slots__ = ("value",)

    def __init__(self, origin: Any, value: Any) -> None:
        self.origin = origin
        self.value = value


class Yield(Node):
    """``yield value``; `delegate` for ``yield from``."""

    __slots__ = ("value", "delegate")

    def __init__(self, origin: Any, value: Any, delegate: Any) -> None:
        self.origin = origin
        self.value = value
        self.delegate = delegate


class Walrus(Node):
    """``target := value``."""

    __slots__ = ("target", "value")

    def __init__(self, origin: Any, target: Any, value: Any) -> None:
        self.origin = origin
        self.target = target
        self.value = value


class Opaque(Node):
    """An expression or statement that is not understood."""

    __slots__ = ()

    def __init__(self, origin: Any) -> None:
        self.origin = origin


# Statements


class ExprStmt(Node):
    """An expression alone."""

    __slots__ = ("value",)

    def __init__(self, origin: Any, value: Any) -> None:
        self.origin = origin
        self.value = value


class Assign(Node):
    """``a = b = value``; `comment` is the one behind it on its line."""

    __slots__ = ("targets", "value", "comment")

    def __init__(self, origin: Any, targets: Any, value: Any, comment: Any) -> None:
        self.origin = origin
        self.targets = targets
        self.value = value
        self.comment = comment


class AugAssign(Node):
    """``target op= value``."""

    __slots__ = ("target", "op", "value")

    def __init__(self, origin: Any, target: Any, op: Any, value: Any) -> None:
        self.origin = origin
        self.target = target
        self.op = op
        self.value = value


class AnnAssign(Node):
    """``target: annotation = value``; value may be None."""

    __slots__ = ("target", "annotation", "value", "comment")

    def __init__(self, origin: Any, target: Any, annotation: Any, value: Any, comment: Any) -> None:
        self.origin = origin
        self.target = target
        self.annotation = annotation
        self.value = value
        self.comment = comment


class Del(Node):
    """``del a, b``."""

    __slots__ = ("targets",)

    def __init__(self, origin: Any, targets: Any) -> None:
        self.origin = origin
        self.targets = targets


class Return(Node):
    """``return value``."""

    __slots__ = ("value",)

    def __init__(self, origin: Any, value: Any) -> None:
        self.origin = origin
        self.value = value


class Raise(Node):
    """``raise exception``."""

    __slots__ = ("exception",)

    def __init__(self, origin: Any, exception: Any) -> None:
        self.origin = origin
        self.exception = exception


class Assert(Node):
    """``assert test``."""

    __slots__ = ("test",)

    def __init__(self, origin: Any, test: Any) -> None:
        self.origin = origin
        self.test = test


class If(Node):
    """``if`` with its ``else`` (an ``elif`` is an If alone in `orelse`)."""

    __slots__ = ("test", "body", "orelse")

    def __init__(self, origin: Any, test: Any, body: Any, orelse: Any) -> None:
        self.origin = origin
        self.test = test
        self.body = body
        self.orelse = orelse


class For(Node):
    """``for``."""

    __slots__ = ("target", "iterable", "body", "orelse")

    def __init__(self, origin: Any, target: Any, iterable: Any, body: Any, orelse: Any) -> None:
        self.origin = origin
        self.target = target
        self.iterable = iterable
        self.body = body
        self.orelse = orelse


class While(Node):
    """``while``."""

    __slots__ = ("test", "body", "orelse")

    def __init__(self, origin: Any, test: Any, body: Any, orelse: Any) -> None:
        self.origin = origin
        self.test = test
        self.body = body
        self.orelse = orelse


class Try(Node):
    """``try``: handlers are ``(types, name, body)``, types an expression or None."""

    __slots__ = ("body", "handlers", "orelse", "final")

    def __init__(self, origin: Any, body: Any, handlers: Any, orelse: Any, final: Any) -> None:
        self.origin = origin
        self.body = body
        self.handlers = handlers
        self.orelse = orelse
        self.final = final


class With(Node):
    """``with``: items are ``(value, target or None)``."""

    __slots__ = ("items", "body")

    def __init__(self, origin: Any, items: Any, body: Any) -> None:
        self.origin = origin
        self.items = items
        self.body = body


class FunctionDef(Node):
    """``def``."""

    __slots__ = ("function",)

    def __init__(self, origin: Any, function: Any) -> None:
        self.origin = origin
        self.function = function


class ClassDef(Node):
    """``class``."""

    __slots__ = ("name", "bases", "keywords", "body", "decorators")

    def __init__(self, origin: Any, name: Any, bases: Any, keywords: Any, body: Any, decorators: Any) -> None:
        self.origin = origin
        self.name = name
        self.bases = bases
        self.keywords = keywords
        self.body = body
        self.decorators = decorators


class Import(Node):
    """``import a.b as c``: ``(dotted, asname or None)``."""

    __slots__ = ("names",)

    def __init__(self, origin: Any, names: Any) -> None:
        self.origin = origin
        self.names = names


class ImportFrom(Node):
    """``from module import a as b``: names None for ``*``."""

    __slots__ = ("module", "names", "level")

    def __init__(self, origin: Any, module: Any, names: Any, level: Any) -> None:
        self.origin = origin
        self.module = module
        self.names = names
        self.level = level


class Global(Node):
    """``global a``, ``nonlocal a``."""

    __slots__ = ("names", "nonlocal_")

    def __init__(self, origin: Any, names: Any, nonlocal_: Any) -> None:
        self.origin = origin
        self.names = names
        self.nonlocal_ = nonlocal_


class Break(Node):
    """``break``."""

    __slots__ = ()

    def __init__(self, origin: Any) -> None:
        self.origin = origin


class Continue(Node):
    """``continue``."""

    __slots__ = ()

    def __init__(self, origin: Any) -> None:
        self.origin = origin


class Match(Node):
    """``match``: cases are ``(pattern, guard or None, body)``."""

    __slots__ = ("subject", "cases")

    def __init__(self, origin: Any, subject: Any, cases: Any) -> None:
        self.origin = origin
        self.subject = subject
        self.cases = cases


# Parts


class Function(Node):
    """A function: `body` is a list of statements, or one expression for a lambda.

    `annotated` tells whether a parameter has an annotation with brackets, which may state a shape.
    """

    __slots__ = ("name", "params", "body", "decorators", "is_generator", "is_async", "returns", "annotated")

    def __init__(
        self, origin: Any, name: Any, params: Any, body: Any, decorators: Any, is_generator: Any, is_async: Any, returns: Any
    ) -> None:
        self.origin = origin
        self.name = name
        self.params = params
        self.body = body
        self.decorators = decorators
        self.is_generator = is_generator
        self.is_async = is_async
        self.returns = returns
        self.annotated = any(p.annotation.__class__ is Subscript for p in params)


class Param(Node):
    """One parameter; kind one of ``positional normal star keyword double``."""

    __slots__ = ("name", "kind", "default", "annotation")

    def __init__(self, origin: Any, name: Any, kind: Any, default: Any, annotation: Any) -> None:
        self.origin = origin
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation


class Pattern(Node):
    """A pattern: kind one of ``value singleton capture or sequence mapping class star other``.

    The parts of a mapping are pairs of a key and a pattern, and `name` takes the rest; those of a class are the class itself,
    then pairs of an attribute's name, None where the place tells it, and a pattern.
    """

    __slots__ = ("kind", "parts", "name")

    def __init__(self, origin: Any, kind: Any, parts: Any, name: Any) -> None:
        self.origin = origin
        self.kind = kind
        self.parts = parts
        self.name = name
