"""Which errors come of one mistake: a program stops at the first of them, and with it mended the others are gone.

What fails yields an unknown value, so that nothing which depends on it is blamed. These are the errors that do not depend on one another
and have one cause all the same: an array that suits neither of two models, an ``Input`` that neither a layer nor the data suit,
a model built twice by one function, a number that two calls are given by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..syntax import nodes as n
from .instances import InstanceObj
from .naming import text_of
from .values import Obj, Origin, Value

if TYPE_CHECKING:
    from .run import Report

_MOST_ANCESTORS = 200
BROADCAST = "KSH105"
"""What follows where data that do not suit a model meet what it makes of them."""
_CONTRACTS = ("KSH115", "KSH117", "KSH120")
"""What estimators and tables demand of data is a contract as that of models is."""
_INNOCENT = (0, 1, -1)
"""Numbers that say nothing of what is meant: in a new shape they stand beside the ones that matter."""


def one_mistake(later: Report, earlier: Report) -> bool:
    """Tell whether two errors, `later` told after `earlier`, most likely have one cause."""
    if later.node is earlier.node or _came_of(later, earlier):
        return True
    same_code = later.record.code == earlier.record.code
    if same_code and (_same_array(later, earlier) or _same_site(later, earlier) or later.numbers & earlier.numbers):
        return True
    if same_code and _family(later) == "2" and _same_source(later, earlier):
        return True
    if _family(earlier) == "3" and later.record.code == BROADCAST and _same_data(later, earlier):
        return True
    if _family(later) != "3":
        return False
    if earlier.record.code == BROADCAST and _meet(_origins(later, symbolic=False), _origins(earlier, symbolic=False)):
        return True
    if _family(earlier) == "3" and (_same_object(later, earlier) or _same_data(later, earlier)):
        return True
    return _same_input(later, earlier)


def _family(report: Report) -> str:
    return "3" if report.record.code in _CONTRACTS else report.record.code[3]


def _came_of(later: Report, earlier: Report) -> bool:
    """Tell whether what is blamed came of the call that failed before, where its result was beyond doubt all the same."""
    failed = (earlier.node,) if earlier.inner is None else (earlier.node, earlier.inner[0])
    return any(o.node is node for node in failed for o in _with_ancestors(a.origin for _, a in later.blame if a.origin is not None))


def _same_array(later: Report, earlier: Report) -> bool:
    """Tell whether an array is blamed that came about where one blamed before did."""
    places = {id(a.origin.node) for _, a in earlier.blame if a.origin is not None and a.origin.node is not earlier.node}
    return any(a.origin is not None and a.origin.node is not later.node and id(a.origin.node) in places for _, a in later.blame)


def _same_object(later: Report, earlier: Report) -> bool:
    """Tell whether both are about one model, or one that stands in the other."""
    return any(a is b or b in _parts(a) or a in _parts(b) for a in later.about for b in earlier.about)


def _parts(thing: Obj) -> Sequence[Value]:
    layers = getattr(thing._state, "layers", ())
    return layers if isinstance(layers, tuple) else ()


def _same_site(later: Report, earlier: Report) -> bool:
    """Tell whether both are about objects made by the same piece of the program: a function that builds a model, a class."""
    sites = [site for site in (_site(a, earlier) for a in earlier.about) if site is not None]
    return any(_site(a, later) is site for a in later.about for site in sites)


def _site(thing: Obj, report: Report) -> Any:
    if isinstance(thing, InstanceObj):
        return thing.cls if _family(report) == "3" else None
    return getattr(thing, "made", None)


def _same_data(later: Report, earlier: Report) -> bool:
    """Tell whether data blamed now are those blamed before, a part of them, or what those are a part of."""
    ours, theirs = _origins(later, symbolic=False), _origins(earlier, symbolic=False)
    return _meet(ours, _with_ancestors(theirs)) or _meet(theirs, _with_ancestors(ours))


def _same_input(later: Report, earlier: Report) -> bool:
    """Tell whether a symbolic tensor blamed now is one from which those came that were blamed before, such as the model's ``Input``."""
    return _meet(_origins(later, symbolic=True), _with_ancestors(_origins(earlier, symbolic=True)))


def _same_source(later: Report, earlier: Report) -> bool:
    """Tell whether symbolic tensors blamed now and before came of the same one."""
    ours, theirs = _origins(later, symbolic=True), _origins(earlier, symbolic=True)
    return _meet(_with_ancestors(ours), _with_ancestors(theirs))


def _origins(report: Report, *, symbolic: bool) -> list[Origin]:
    return [a.origin for _, a in report.blame if a.origin is not None and (a.kind == "keras") is symbolic]


def _with_ancestors(origins: Iterable[Origin]) -> list[Origin]:
    out: dict[int, Origin] = {}
    pending = list(origins)
    while pending and len(out) < _MOST_ANCESTORS:
        origin = pending.pop()
        if id(origin) not in out:
            out[id(origin)] = origin
            pending.extend(origin.before)
    return list(out.values())


def _meet(some: Sequence[Origin], others: Sequence[Origin]) -> bool:
    return any(a is b for a in some for b in others)


def numbers_named(arguments: Iterable[tuple[n.Node, Value]]) -> frozenset[tuple[str, int]]:
    """Return the numbers that an operation is given by name alone, with their names; none where it is given any that stand there."""
    named: set[tuple[str, int]] = set()
    for node, value in arguments:
        if not _gather(node, value, named):
            return frozenset()
    return frozenset(named)


def _gather(node: n.Node, value: Value, into: set[tuple[str, int]]) -> bool:
    """Note the named numbers of an argument; tell whether there are no others."""
    if isinstance(node, n.Const):
        return type(value) is not int or value in _INNOCENT
    if isinstance(node, (n.TupleExpr, n.ListExpr)):
        parts = value if isinstance(value, tuple) else getattr(value, "items", None)
        if not isinstance(parts, tuple) or len(parts) != len(node.items):
            return False
        return all(_gather(item, part, into) for item, part in zip(node.items, parts))
    if isinstance(node, (n.Name, n.Attr)) and type(value) is int and value not in _INNOCENT:
        into.add((text_of(node), value))
    return True


def blamed_objects(operands: Iterable[Value]) -> tuple[Obj, ...]:
    """Return the model, or object of the program's own class, that an operation is a method or a call of."""
    return tuple(v for v in list(operands)[:1] if isinstance(v, InstanceObj) or (isinstance(v, Obj) and hasattr(v, "made")))
