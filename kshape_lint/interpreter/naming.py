"""What things are called: the program's own words for an operation and its operands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..syntax import nodes as n
from .values import Array, ListObj, Origin, Seq, Value

if TYPE_CHECKING:
    from .run import Run

MOST_NAMED = 8
"""Of how many arrays that come together each is told apart."""


def text_of(node: n.Node | None) -> str:
    """Return a short text for an expression: names and attributes as written, calls by what is called."""
    parts: list[str] = []
    while node is not None:
        if isinstance(node, n.Attr):
            parts.append("." + node.name)
            node = node.value
        elif isinstance(node, n.Call):
            if not parts:
                node = node.func
                continue
            parts.append("(…)")
            node = node.func
        elif isinstance(node, n.Subscript):
            parts.append(f"[{_index(node.index)}]")
            node = node.value
        elif isinstance(node, n.Name):
            parts.append(node.id)
            break
        elif isinstance(node, n.Binary):
            parts.append(
                f"({text_of(node.left)} {node.op} {text_of(node.right)})"
                if parts
                else f"{text_of(node.left)} {node.op} {text_of(node.right)}"
            )
            break
        elif isinstance(node, n.Const):
            parts.append(repr(node.value))
            break
        else:
            parts.append("…")
            break
    text = "".join(reversed(parts))
    return text if len(text) <= 60 else text[:57] + "..."


def last_name(node: n.Node | None) -> str:
    """Return the last word of a dotted name, empty for any other expression."""
    return node.name if isinstance(node, n.Attr) else node.id if isinstance(node, n.Name) else ""


def last_name_called(node: n.Node | None) -> str:
    """Return the last word of a dotted name, called or not: ``dataclass`` of ``@dataclasses.dataclass(frozen=True)``."""
    return last_name(node.func if isinstance(node, n.Call) else node)


def expects(callee: n.Node) -> bool:
    """Tell whether what is called by this name expects its block or its argument to raise: ``pytest.raises``, ``assertRaisesRegex`` …"""
    name = last_name(callee).lower()
    return name == "suppress" or ("raise" in name and "not_raise" not in name and "notraise" not in name)


def _index(node: n.Node) -> str:
    """Return a short text for what stands between brackets, ``…`` for what is long."""
    if isinstance(node, n.TupleExpr):
        return ", ".join(_index(i) for i in node.items) if len(node.items) <= 4 else "…"
    if isinstance(node, n.SliceExpr):
        low, high, by = ("" if p is None else _index(p) for p in (node.lower, node.upper, node.step))
        return f"{low}:{high}" + (f":{by}" if by else "")
    if isinstance(node, n.Const):
        return "..." if node.value is ... else repr(node.value)
    return node.id if isinstance(node, n.Name) else "…"


def named(run: Run, blame: Sequence[Value]) -> tuple[tuple[str, Array], ...]:
    """Pair each blamed array with what the program calls it at the operation under way, empty where it has no name."""
    out: list[tuple[str, Array]] = []
    for value in blame:
        if isinstance(value, Array):
            name = next((text_of(node) for node, v in run.arguments if v is value and isinstance(node, (n.Name, n.Attr, n.Subscript))), "")
            out.append((name, value))
    return tuple(out)


_COMPUTED = (n.Binary, n.Unary, n.Compare)
"""What these give lies in memory of its own; of all else it is taken to lie where an operand does."""


def with_origin(run: Run, node: n.Node, result: Value, operands: Sequence[Value]) -> Value:
    """Return a result that remembers which operation gave it its shape; one that kept an operand's shape keeps its story."""
    if type(result) is Array:
        if result.kin is None and result.kind == "numpy" and result.shape != () and node.__class__ not in _COMPUTED:
            for v in operands:
                if type(v) is Array and v.known and v.dtype == result.dtype:
                    v.shared_with(result)
                    break
        if result.origin is not None or result.shape is None:
            return result
        before: list[Origin] = []
        for v in operands:
            if type(v) is Array and v.origin is not None:
                if v.shape == result.shape:
                    return result.with_origin(v.origin)
                before.append(v.origin)
        return result.with_origin(Origin(node.origin, node, result.shape, tuple(before[:2]), run.filename))
    if type(result) is tuple and len(result) <= MOST_NAMED:
        return tuple(with_origin(run, node, v, operands) for v in result)
    if isinstance(result, ListObj) and type(result._state) is Seq and result._state.items is not None:
        items = result._state.items
        if len(items) <= MOST_NAMED and any(isinstance(v, Array) and v.origin is None for v in items):
            # The same arrays as before to all who ask but the one who tells.
            result.put(Seq(tuple(with_origin(run, node, v, operands) if isinstance(v, Array) else v for v in items)))
    return result
