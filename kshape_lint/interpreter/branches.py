"""Conditions: whether a value counts as true, and how a run goes both ways where that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..libraries.api import Mismatch
from ..rules.arrays import AmbiguousTruth
from ..shapes import Poly, at_least
from ..shapes.dim import never_zero
from ..syntax import nodes as n
from .calls import protected
from .frames import BoundLibrary, BoundMethod, Function, Leave, Mixed, Raised
from .instances import InstanceObj, UserClass
from .values import BROKEN, OTHERS, Array, Builtin, Choice, DictObj, LibObj, Library, ListObj, SetObj, Tag, Unknown, Value, fresh_unknown
from .world import join, narrow

if TYPE_CHECKING:
    from .run import Run

MOST_DOUBLINGS = 4
"""How many statements on the way may each have what follows them run more than once."""


def truth(run: Run, value: Value) -> bool | None:
    """Tell whether `value` counts as true: yes, no, or None where that is open."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, tuple, complex, range)):
        return bool(value)
    if isinstance(value, Poly):
        return True if never_zero(value) else None
    if isinstance(value, (ListObj, SetObj)):
        length = value.state.length
        if isinstance(length, int):
            return length > 0
        return True if isinstance(length, Poly) and never_zero(length) else None
    if isinstance(value, DictObj):
        keys = value.state
        return None if OTHERS in keys else bool(keys)
    if isinstance(value, Array):
        if value.data is not None and len(value.data) == 1 and isinstance(value.data[0], (bool, int, float)):
            return bool(value.data[0])
        return None
    if isinstance(value, InstanceObj):
        for name in ("__bool__", "__len__"):
            there = run.has_attribute(value, name)
            if there:
                return truth(run, run.call(run.attribute(value, name), (), {}))
            if there is None:
                return None
        return True
    if isinstance(value, (Function, BoundMethod, BoundLibrary, UserClass, Library, Builtin)):
        return True
    if isinstance(value, LibObj):
        return None
    return None


def asked(run: Run, node: n.Node, value: Value) -> Value:
    """Return a value that a condition at `node` asks for; NumPy refuses an array of several elements, which is told."""
    if type(value) is not Array or not value.shape or value.kind != "numpy" or value.dtype in (None, "object", "void"):
        return value
    # That there are several of something not seen is no more than likely.
    if not any(isinstance(d, int) and d > 1 for d in value.shape) or not all(at_least(d, 1) for d in value.shape):
        return value
    run.node = node
    run.arguments = [(node, value)]

    def refuse() -> Value:
        raise Mismatch(AmbiguousTruth(value.shape or ()), value)

    return protected(run, refuse, "builtins.bool", (value,))


def question(value: Value) -> tuple[Tag, bool]:
    """Return the tag of the open question whether `value` is true, and whether the answer is to be turned round."""
    flip = False
    key = value.key if isinstance(value, Unknown) else None
    while isinstance(key, tuple) and len(key) == 2 and key[0] == "not":
        flip = not flip
        key = key[1]
    return ("if", key if key is not None else fresh_unknown().key), flip


def negated(value: Value) -> Value:
    """Return the unknown that is true where the unknown `value` is not."""
    key = value.key if isinstance(value, Unknown) else None
    if key is None:
        return fresh_unknown()
    if isinstance(key, tuple) and len(key) == 2 and key[0] == "not":
        return Unknown(key[1])
    return Unknown(("not", key))


def fork(run: Run, condition: Value, on_true: Callable[[], Any], on_false: Callable[[], Any]) -> tuple[Tag | None, list[Any]]:
    """Go the ways that `condition` leaves open.

    Returns None and one result where only one way is possible, else the question's tag and the results in the order of its answers.
    """
    condition = narrow(condition)
    if type(condition) is Choice:
        known = [truth(run, v) for v in condition.alternatives]
        if all(k is True for k in known):
            return None, [on_true()]
        if all(k is False for k in known):
            return None, [on_false()]
        alternatives = condition.alternatives

        def way(i: int) -> Any:
            result = collapse(run, *fork(run, alternatives[i], on_true, on_false))
            if alternatives[i] is BROKEN:
                # The condition itself has failed here, and not everywhere, or it were told: no run comes this way.
                run.world.reports[:] = [r for r in run.world.reports if r.always]
            return result

        return condition.tag, run.world.fork(condition.tag, len(alternatives), way, all_must_fail=False)
    known_truth = truth(run, condition)
    if known_truth is not None:
        return None, [on_true() if known_truth else on_false()]
    tag, flip = question(condition)
    assumed = run.world.assumptions.get(tag)
    if assumed is not None:
        return None, [on_true() if (assumed == 0) != flip else on_false()]
    ways = [on_false, on_true] if flip else [on_true, on_false]
    return tag, run.world.fork(tag, 2, lambda i: ways[i](), all_must_fail=False)


def collapse(run: Run, tag: Tag | None, results: list[Any]) -> Any:
    """Make one of the results of a fork: outcomes of statements are combined, values joined."""
    if tag is None:
        return results[0]
    if all(r is None or isinstance(r, Leave) for r in results):
        return combine(run, tag, results)
    return join(tag, results)


def combine(run: Run, tag: Tag, outcomes: list[Leave | None]) -> Leave | None:
    """Return one outcome of a statement whose ways ended in `outcomes`.

    A way that ends in an exception nobody catches is one on which nothing more happens: what follows is
    run under the other answers.
    """
    first = outcomes[0]
    if all(o is first for o in outcomes):
        return first
    if not run.handlers:
        alive = [i for i, o in enumerate(outcomes) if not isinstance(o, Raised)]
        if len(alive) == 1:
            run.world.assumptions[tag] = alive[0]
            return outcomes[alive[0]]
        if not alive:
            return first
    return Mixed(tag, tuple(outcomes))


def go_on(run: Run, outcome: Mixed, rest: Callable[[], Leave | None]) -> Leave | None:
    """Run what follows a statement under those answers that let control go on."""

    if not outcome.going:
        return outcome

    def way(i: int) -> Leave | None:
        alternative = outcome.outcomes[i]
        if alternative is None:
            return rest()
        return go_on(run, alternative, rest) if isinstance(alternative, Mixed) else alternative

    assumed = run.world.assumptions.get(outcome.tag)
    if assumed is not None:
        return way(assumed)
    if outcome.going > 1 and run.doublings >= MOST_DOUBLINGS:
        return _go_on_once(run, outcome, rest)
    if run.forks > 24:
        return rest()
    run.forks += 1
    run.doublings += outcome.going > 1
    try:
        results = run.world.fork(outcome.tag, len(outcome.outcomes), way, all_must_fail=False)
    finally:
        run.forks -= 1
        run.doublings -= outcome.going > 1
    return combine(run, outcome.tag, results)


def _left(outcome: Leave | None) -> Leave | None:
    """Return how a statement that may go on ends where it does not."""
    if not isinstance(outcome, Mixed):
        return outcome
    return next((left for o in outcome.outcomes if (left := _left(o)) is not None), None)


def _go_on_once(run: Run, outcome: Mixed, rest: Callable[[], Leave | None]) -> Leave | None:
    """Run what follows a statement once, without telling apart the answers that let control go on."""
    tag = ("goes on", fresh_unknown().key)
    results = run.world.fork(tag, 2, lambda i: rest() if i == 0 else _left(outcome), all_must_fail=False)
    return combine(run, tag, results)
