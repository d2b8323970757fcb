"""``match``: which case a value takes, and what its patterns bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..libraries import api
from ..syntax import nodes as n
from .assigning import write_name
from .branches import collapse, fork
from .expressions import evaluate
from .frames import Leave
from .statements import execute_block
from .values import OTHERS, DictObj, ListObj, Value, fresh_unknown

if TYPE_CHECKING:
    from .run import Run


def run_match(run: Run, node: n.Match) -> Leave | None:
    """Run a ``match`` statement."""
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
