"""``match``: which case a value takes, and what its patterns bind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..libraries import api
from ..syntax import nodes as n
from .assigning import write_name
from .branches import collapse, fork
from .expressions import evaluate
from .frames import Leave
from .instances import InstanceObj, UserClass
from .statements import execute_block
from .values import OTHERS, UNKNOWN, Array, DictObj, Iteration, Library, ListObj, Seq, SetObj, Value, fresh_unknown
from .world import resolve

Bound = dict[str, Value]
"""What the names in a pattern are bound to where it matches."""

if TYPE_CHECKING:
    from .run import Run


def run_match(run: Run, node: n.Match) -> Leave | None:
    """Run a ``match`` statement."""
    subject = resolve(evaluate(run, node.subject))
    return _cases(run, node, subject, 0)


def _cases(run: Run, node: n.Match, subject: Value, i: int) -> Leave | None:
    if i >= len(node.cases):
        return None
    pattern, guard, body = node.cases[i]
    bound: Bound = {}
    verdict = _matches(run, pattern, subject, bound)
    condition: Value = fresh_unknown() if verdict is None else verdict
    if pattern.kind == "value" and verdict is None:
        # The same question wherever it is asked.
        condition = run.compare("==", subject, evaluate(run, pattern.parts[0]))

    def here() -> Leave | None:
        for name, value in bound.items():
            write_name(run, name, value)
        if guard is None:
            return execute_block(run, body)
        passed = evaluate(run, guard)
        tag, outcomes = fork(run, passed, lambda: execute_block(run, body), lambda: _cases(run, node, subject, i + 1))
        result: Leave | None = collapse(run, tag, outcomes)
        return result

    tag, outcomes = fork(run, condition, here, lambda: _cases(run, node, subject, i + 1))
    outcome: Leave | None = collapse(run, tag, outcomes)
    return outcome


def _matches(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    """Tell whether a pattern matches, None where that is open; what its names capture is put into `bound`."""
    verdict = _MATCHES[pattern.kind](run, pattern, subject, bound)
    if verdict is None:
        for name in _names(pattern):
            bound.setdefault(name, fresh_unknown())
    return verdict


def _all(verdicts: list[bool | None]) -> bool | None:
    return False if False in verdicts else None if None in verdicts else True


def _value(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    return run.truth(run.compare("==", subject, evaluate(run, pattern.parts[0])))


def _singleton(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    return run.truth(run.compare("is", subject, evaluate(run, pattern.parts[0])))


def _capture(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    verdict = _matches(run, pattern.parts[0], subject, bound) if pattern.parts else True
    if pattern.name is not None:
        bound[pattern.name] = subject
    return verdict


def _or(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    verdict: bool | None = False
    for part in pattern.parts:
        captured: Bound = {}
        one = _matches(run, part, subject, captured)
        if one is True:
            if verdict is False:
                bound.update(captured)
            else:
                bound.update((name, fresh_unknown()) for name in captured)
            return True
        verdict = None if one is None else verdict
    return verdict


def _sequence(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    if subject is None or isinstance(subject, (str, bytes, int, float, Array, DictObj, SetObj, Iteration)) or _of_own_class(subject):
        return False
    parts: list[n.Pattern] = pattern.parts
    star = next((i for i, p in enumerate(parts) if p.kind == "star"), None)
    found = tuple(subject) if isinstance(subject, range) and len(subject) <= _MOST_ITEMS else api.items(subject)
    if found is None:
        return None
    if len(found) != len(parts) if star is None else len(found) < len(parts) - 1:
        return False
    if star is not None:
        behind = len(found) - (len(parts) - 1 - star)
        if parts[star].name is not None:
            bound[parts[star].name] = ListObj(Seq(tuple(found[star:behind])))
        parts, found = [*parts[:star], *parts[star + 1 :]], (*found[:star], *found[behind:])
    return _all([_matches(run, p, v, bound) for p, v in zip(parts, found)])


_MOST_ITEMS = 64


def _of_own_class(subject: Value) -> bool:
    """Tell whether an object is of a class of the program that inherits from no other: neither a sequence nor a mapping."""
    return isinstance(subject, InstanceObj) and all(isinstance(c, UserClass) for c in subject.cls.mro())


def _mapping(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    if subject is None or isinstance(subject, (str, bytes, int, float, tuple, range, Array, ListObj, SetObj)) or _of_own_class(subject):
        return False
    if not isinstance(subject, DictObj):
        return None
    entries = subject.state
    left = dict(entries)
    verdicts: list[bool | None] = []
    for key_node, part in pattern.parts:
        key = evaluate(run, key_node)
        if isinstance(key, (str, int)) and key in entries:
            left.pop(key, None)
            verdicts.append(_matches(run, part, entries[key], bound))
        else:
            verdicts.append(None if OTHERS in entries or not isinstance(key, (str, int)) else False)
    if pattern.name is not None:
        bound[pattern.name] = DictObj(left if None not in verdicts else {OTHERS: UNKNOWN})
    return _all(verdicts)


_OF_ITSELF = frozenset({"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"})
"""Builtin classes whose one place in a pattern is the object itself."""


def _class(run: Run, pattern: n.Pattern, subject: Value, bound: Bound) -> bool | None:
    cls = evaluate(run, pattern.parts[0])
    run.node = pattern.parts[0]
    verdicts = [run.truth(run.call(Library("builtins.isinstance"), (subject, cls), {}))]
    if verdicts[0] is False:
        return False
    if isinstance(cls, Library) and cls.path.startswith("builtins.") and cls.path[len("builtins.") :] in _OF_ITSELF:
        return _all(verdicts + [_matches(run, p, subject, bound) for name, p in pattern.parts[1:] if name is None])
    places = _places(run, cls)
    for i, (name, part) in enumerate(pattern.parts[1:]):
        which = name if name is not None else places[i] if i < len(places) else None
        known = isinstance(subject, InstanceObj) and isinstance(which, str)
        there = run.has_attribute(subject, which) if known and which is not None else None
        verdicts.append(_matches(run, part, run.attribute(subject, which), bound) if there and which is not None else there)
    return _all(verdicts)


def _places(run: Run, cls: Value) -> tuple[Value, ...]:
    """Return the names of the attributes that the places in a pattern of a class stand for."""
    if not isinstance(cls, UserClass):
        return ()
    if run.has_attribute(cls, "__match_args__"):
        return api.items(run.attribute(cls, "__match_args__")) or ()
    return tuple(name for name, _ in cls.fields)


def _names(pattern: n.Pattern) -> list[str]:
    """Return the names that a pattern binds."""
    out: list[str] = [] if pattern.name is None else [pattern.name]
    for part in pattern.parts:
        inner = part[1] if isinstance(part, tuple) else part
        if isinstance(inner, n.Pattern):
            out.extend(_names(inner))
    return out


_MATCHES: dict[str, Callable[[Run, n.Pattern, Value, Bound], bool | None]] = {
    "value": _value,
    "singleton": _singleton,
    "capture": _capture,
    "or": _or,
    "sequence": _sequence,
    "mapping": _mapping,
    "class": _class,
    "star": lambda run, pattern, subject, bound: None,
    "other": lambda run, pattern, subject, bound: None,
}
