"""What the program's author says about shapes: assertions, shape comments and shape annotations.

A claim about a value whose shape is not known is believed; one that contradicts what is known is a finding.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..rules.arrays import StatedShape
from ..shapes import UNKNOWN_DIM, Dim, Poly, Shape, same_shape, show_shape, symbol
from ..syntax import nodes as n
from .values import Array, Unknown, Value

if TYPE_CHECKING:
    from .run import Run

_COMMENT = re.compile(r"#\s*(?:shape|Shape|SHAPE)\s*(?::|=|is)?\s*[(\[]([^()\[\]]*)[)\]]")
_DIM = re.compile(r"^(?:\d+|None|-1|\?|\.\.\.|[A-Za-z_]\w*)$")
_OPEN = frozenset({"None", "-1", "?"})


def _contradicted(run: Run, record: StatedShape, value: Array, stated: Shape | int) -> None:
    repro = None if run.recorder is None else run.recorder(record, "shape", (value, stated), {})
    run.report(record, (value,), repro=repro)


def believed(run: Run, value: Value, stated: Shape) -> Value:
    """Return `value` with what `stated` adds to what is known of its shape; a contradiction is reported and not believed.

    A value of which nothing is known is taken for an array of NumPy's, unless the program has other arrays too.
    """
    if isinstance(value, Array):
        if value.shape is None:
            return value.reshaped(stated)
        if same_shape(value.shape, stated) is False:
            _contradicted(run, StatedShape(show_shape(stated), value.shape), value, tuple(stated))
            return value
        merged = tuple(
            d if isinstance(d, int) else (s if isinstance(s, int) or d is UNKNOWN_DIM else d) for d, s in zip(value.shape, stated)
        )
        if merged == value.shape:
            return value
        return Array(merged, value.dtype, value.kind, bounds=value.bounds, history=value.history, origin=value.origin)
    if isinstance(value, Unknown) and not run.other_arrays:
        return Array(stated)
    return value


def stated_in(run: Run, comment: str | None) -> Shape | None:
    """Return the shape that a comment such as ``# shape: (n, 28, 28, 1)`` states, None where it states none.

    A name stands for one length throughout the program; where the program has a variable of that name that is a number, for that.
    """
    if comment is None:
        return None
    match = _COMMENT.search(comment)
    return None if match is None else _dims(run, [part.strip() for part in match[1].split(",")])


def _dims(run: Run, parts: list[str]) -> Shape | None:
    if parts and not parts[-1]:
        parts.pop()
    if not all(_DIM.match(p) for p in parts) or "..." in parts:
        return None
    return tuple(_dim(run, p) for p in parts)


def _dim(run: Run, word: str) -> Dim:
    if word.isdigit():
        return int(word)
    if word in _OPEN or word == "_":
        return UNKNOWN_DIM
    from .expressions import look_up

    found = look_up(run, run.scope, word)
    if isinstance(found, (int, Poly)):
        return found
    return run.stated_lengths.setdefault(word, symbol(word))


def annotated(run: Run, annotation: n.Node | None) -> Shape | None:
    """Return the shape that a jaxtyping annotation such as ``Float[np.ndarray, "n 28 28 1"]`` states, None for any other."""
    if not isinstance(annotation, n.Subscript) or not isinstance(annotation.index, n.TupleExpr) or len(annotation.index.items) != 2:
        return None
    text = annotation.index.items[1]
    if not isinstance(text, n.Const) or not isinstance(text.value, str):
        return None
    parts = text.value.split()
    if any(p.startswith(("*", "...", "#", "?")) or "=" in p for p in parts):
        return None
    return _dims(run, parts)


def asserted(run: Run, test: n.Node) -> bool:
    """Learn from an assertion about a shape, or report that it contradicts what is known. Return whether it was about one."""
    if isinstance(test, n.Bool) and test.op == "and":
        left = asserted(run, test.left)
        return asserted(run, test.right) or left
    if not isinstance(test, n.Compare) or test.ops != ["=="]:
        return False
    from .expressions import evaluate

    subject, right = test.left, evaluate(run, test.rights[0])
    holder = _shape_of(run, subject)
    if holder is not None:
        stated = _as_shape(right)
        return stated is not None and _learn(run, test, holder, stated)
    holder, begin = _end_of_shape(run, subject)
    if holder is not None:
        stated = _as_shape(right)
        return stated is not None and _learn(run, test, holder, (UNKNOWN_DIM,) * begin + stated)
    holder = _rank_of(run, subject)
    if holder is not None and isinstance(right, int) and 0 <= right < 32:
        return _learn(run, test, holder, (UNKNOWN_DIM,) * right, rank_only=True)
    return False


def _as_shape(value: Value) -> Shape | None:
    from ..libraries.api import items

    parts = items(value)
    if parts is None:
        return None
    return tuple(p if isinstance(p, (int, Poly)) else UNKNOWN_DIM for p in parts)


def _shape_of(run: Run, node: n.Node) -> n.Node | None:
    """Return ``x`` of ``x.shape``."""
    if not isinstance(node, n.Attr) or node.name != "shape":
        return None
    holder: n.Node = node.value
    return holder


def _end_of_shape(run: Run, node: n.Node) -> tuple[n.Node | None, int]:
    """Return ``x`` of ``x.shape[k:]``, and k."""
    if not isinstance(node, n.Subscript) or not isinstance(node.index, n.SliceExpr):
        return None, 0
    cut = node.index
    begin = cut.lower.value if isinstance(cut.lower, n.Const) else None
    if cut.upper is not None or cut.step is not None or not isinstance(begin, int) or begin < 1:
        return None, 0
    return _shape_of(run, node.value), begin


def _rank_of(run: Run, node: n.Node) -> n.Node | None:
    """Return ``x`` of ``x.ndim`` and ``len(x.shape)``."""
    if isinstance(node, n.Attr) and node.name in ("ndim", "rank"):
        holder: n.Node = node.value
        return holder
    if isinstance(node, n.Call) and isinstance(node.func, n.Name) and node.func.id == "len" and len(node.args) == 1:
        return _shape_of(run, node.args[0])
    return None


def _learn(run: Run, test: n.Node, holder: n.Node, stated: Shape, *, rank_only: bool = False) -> bool:
    from .assigning import assign
    from .expressions import evaluate

    value = evaluate(run, holder)
    run.node = test
    run.arguments = [(holder, value)]
    if isinstance(value, Array) and value.shape is not None and rank_only:
        if len(value.shape) != len(stated):
            _contradicted(run, StatedShape(f"of rank {len(stated)}", value.shape), value, len(stated))
        return True
    if not isinstance(value, (Array, Unknown)) or (isinstance(value, Unknown) and isinstance(holder, n.Attr)):
        return False
    new = believed(run, value, stated)
    if new is not value and isinstance(holder, (n.Name, n.Attr)):
        assign(run, holder, new)
    return True


def unpacked(run: Run, targets: list[n.Node], holder: n.Node) -> None:
    """Learn from ``n, h, w, c = x.shape`` how many axes x has: it would have failed else.

    What has a shape of two lengths may be a table as well as an array.
    """
    from ..libraries.api import as_dim
    from .assigning import assign
    from .expressions import evaluate

    names = [t for t in targets if isinstance(t, n.Name)]
    if not isinstance(holder, n.Name) or len(names) < len(targets):
        return
    value = evaluate(run, holder)
    known = isinstance(value, Array) and value.shape is None
    if known or (isinstance(value, Unknown) and len(names) > 2):
        lengths = [as_dim(evaluate(run, t)) for t in names]
        stated = tuple(symbol(t.id) if d is UNKNOWN_DIM or d is None else d for t, d in zip(names, lengths))
        assign(run, holder, believed(run, value, stated))
        for t, d in zip(names, stated):
            if t.id != holder.id:
                assign(run, t, d)
