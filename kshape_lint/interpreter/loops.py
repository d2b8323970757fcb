"""Loops: run iteration by iteration where the items are known and few, else summed up.

Summing up runs the body once as the first iteration, blurs what it changed with what was before, runs it once more on that, and
keeps what both agree on. A list that grew by the same number of items each time has grown by that times the number of iterations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from ..shapes import UNKNOWN_DIM, Dim, Poly, at_least
from ..syntax import nodes as n
from .assigning import assign
from .branches import asked, collapse, combine, fork, go_on, truth
from .expressions import evaluate
from .frames import BREAK, CONTINUE, Jump, Leave, Mixed
from .iterate import iterate
from .statements import execute_block
from .values import BROKEN, UNBOUND, UNKNOWN, AnyScalar, Choice, ListObj, Obj, Seq, Unknown, Value, births, fresh, fresh_unknown, renewed
from .world import alike, blur, leaves, one_of

if TYPE_CHECKING:
    from .run import Run

MOST_ITERATIONS = 256
MOST_LOOP_STEPS = 300
MOST_BUILDING_STEPS = 1_500
"""After how many steps a loop is summed up: later where it builds a model, each iteration of which is to be told apart."""
MOST_WHILE = 16
MOST_STEPS_AGAIN = 60
"""Up to how many steps an iteration may take that is run a third time, where the second changed what the first had left."""
FEWEST_SKIPPED = 4
"""How many items a loop must have for the rest to be left out, once two iterations in turn changed nothing."""


def run_for(run: Run, node: n.For) -> Leave | None:
    """Run a ``for`` statement."""
    value = evaluate(run, node.iterable)
    run.node = node.iterable
    over = iterate(run, value)

    def body(item: Value) -> Leave | None:
        assign(run, node.target, item)
        return execute_block(run, node.body)

    if over.items is not None and len(over.items) <= MOST_ITERATIONS:
        return _each(run, node, over.items, 0, body, _Patience(run))
    head = over.first if over.items is None else over.items[0]
    # ``if i == 0:`` tells the first iteration from the others.
    apart = head is not UNBOUND and _steered(run, node)
    in_turn = _in_turn(over.element if over.items is None else one_of(over.items), head if apart else UNBOUND)
    return _then(run, sum_up(run, lambda: body(next(in_turn)), over.count, same=not apart), node)


def _in_turn(element: Value, head: Value) -> Iterator[Value]:
    """Return what iterations in turn go over in a loop that is summed up: one item that stands for all, a known `head` first."""
    yield element if head is UNBOUND else head
    while True:
        yield renewed(element)


class _Patience:
    """How long a loop is followed one by one."""

    __slots__ = ("built", "steps")

    def __init__(self, run: Run) -> None:
        self.built = run.built
        self.steps = run.steps

    def ends(self, run: Run) -> bool:
        """Tell whether the loop has taken all the steps that it may."""
        return run.steps - self.steps > (MOST_BUILDING_STEPS if run.built > self.built else MOST_LOOP_STEPS)


def _each(
    run: Run, node: Any, items: tuple[Value, ...], start: int, body: Callable[[Value], Leave | None], patience: _Patience
) -> Leave | None:
    still = 0
    for i in range(start, len(items)):
        if patience.ends(run):
            rest = items[i:]
            return _then(run, _rest_of(run, rest, body, len(rest)), node)
        changed: list[bool] = []
        outcome = _watched(run, partial(body, items[i]), _targets(node), changed)
        if outcome is BREAK:
            return None
        if isinstance(outcome, Jump):
            outcome = None
        if isinstance(outcome, Mixed):
            if _has_break(outcome):
                rest = items[i + 1 :]
                left = _without_jumps(run, outcome)
                if not rest:
                    return _then(run, left if isinstance(left, Mixed) else None, node)
                again = _rest_of(run, rest, body, UNKNOWN_DIM)
                return _then(run, again if again is not None else left, node)
            outcome = _without_jumps(run, outcome)
            if isinstance(outcome, Mixed):
                return go_on(run, outcome, partial(_each, run, node, items, i + 1, body, patience))
        if outcome is not None:
            return outcome
        still = 0 if changed else still + 1
        if still >= 2 and len(items) > FEWEST_SKIPPED and not _steered(run, node):
            assign(run, node.target, items[-1])
            break
    return execute_block(run, node.orelse)


def _rest_of(run: Run, rest: tuple[Value, ...], body: Callable[[Value], Leave | None], count: Dim) -> Leave | None:
    """Sum up what a loop does with the items that are left."""
    in_turn = _in_turn(one_of(rest), UNBOUND)
    return sum_up(run, lambda: body(next(in_turn)), count)


def _targets(node: Any) -> set[str]:
    """Return the names that a loop binds itself."""
    names: set[str] = set()
    pending = [node.target] if isinstance(node, n.For) else []
    while pending:
        t = pending.pop()
        if isinstance(t, n.Name):
            names.add(t.id)
        elif isinstance(t, (n.TupleExpr, n.ListExpr)):
            pending.extend(t.items)
        elif isinstance(t, n.Starred):
            pending.append(t.value)
    return names


def _steered(run: Run, node: n.For) -> bool:
    """Tell whether what a loop does may hang on which iteration it is: a condition in it reads the loop's own variables."""
    known = run.steered.get(id(node))
    if known is None:
        known = run.steered[id(node)] = _reads(node.body, _targets(node), False)
    return known


def _reads(part: Any, names: set[str], in_test: bool) -> bool:
    if isinstance(part, (list, tuple)):
        return any(_reads(p, names, in_test) for p in part)
    if isinstance(part, n.Name):
        return in_test and part.id in names
    if not isinstance(part, n.Node):
        return False
    for slot in part.__slots__:
        deeper = in_test or slot in ("test", "conditions", "subject")
        if _reads(getattr(part, slot), names, deeper):
            return True
    return False


def _watched(run: Run, work: Callable[[], Leave | None], ignored: set[str], changed: list[bool]) -> Leave | None:
    """Run one iteration, and note whether it changed anything but the loop's own variables, or gave a generator's item."""
    given = _given(run)
    world = run.world
    outer, since = world.journal, world.since
    journal = world.begin()
    try:
        return work()
    finally:
        world.resume(outer, since, journal)
        if _given(run) != given:
            changed.append(True)
        for slot, old in journal.items():
            if not changed and not (slot[0] is run.scope and slot[1] in ignored) and not _as_before(old, world.read(slot)):
                changed.append(True)


def _given(run: Run) -> int:
    """Return how many items the generator under way has given."""
    return len(run.yields[-1]) if run.yields else 0


def _as_before(old: Value, new: Value) -> bool:
    """Tell whether a value is as it was before an iteration; of what is unknown before and after, one is as good as the other."""
    if isinstance(old, AnyScalar):
        return isinstance(new, AnyScalar) and old.dtype == new.dtype
    return (type(old) is Unknown and type(new) is Unknown) or alike(old, new)


def _has_break(outcome: Leave | None) -> bool:
    return outcome is BREAK or (isinstance(outcome, Mixed) and any(_has_break(o) for o in outcome.outcomes))


def _without_jumps(run: Run, outcome: Leave | None) -> Leave | None:
    """Return an outcome with ``break`` and ``continue`` taken for going on."""
    if isinstance(outcome, Jump):
        return None
    if isinstance(outcome, Mixed):
        return combine(run, outcome.tag, [_without_jumps(run, o) for o in outcome.outcomes])
    return outcome


def _then(run: Run, outcome: Leave | None, node: Any) -> Leave | None:
    """Go on behind a loop that was summed up: with its ``else``, if perhaps no ``break`` ended it."""
    if not node.orelse:
        return outcome
    if outcome is None:
        return _perhaps_else(run, node)
    return go_on(run, outcome, lambda: _perhaps_else(run, node)) if isinstance(outcome, Mixed) else outcome


def _perhaps_else(run: Run, node: Any) -> Leave | None:
    if not _breaks(node.body):
        return execute_block(run, node.orelse)
    tag = ("else", fresh_unknown().key)
    ways = run.world.fork(tag, 2, lambda way: None if way else execute_block(run, node.orelse), all_must_fail=False)
    outcome: Leave | None = collapse(run, tag, ways)
    return outcome


def _breaks(part: Any) -> bool:
    """Tell whether a loop's body holds a ``break`` of its own."""
    if isinstance(part, (list, tuple)):
        return any(map(_breaks, part))
    if isinstance(part, n.Break):
        return True
    if not isinstance(part, n.Node) or isinstance(part, (n.For, n.While, n.FunctionDef, n.ClassDef)):
        return isinstance(part, (n.For, n.While)) and _breaks(part.orelse)
    return any(_breaks(getattr(part, slot)) for slot in part.__slots__)


def sum_up(run: Run, body: Callable[[], Leave | None], count: Dim, *, same: bool = True) -> Leave | None:
    """Run a loop's body for an unknown number of iterations (or too many to follow one by one).

    `same` says that the first iteration is like any other but for what it finds changed.
    """
    world = run.world
    lengths: dict[Any, tuple[int, Dim]] = {}
    lost: dict[Any, Value] = {}
    outcome: Leave | None = None
    conditions = len(world.assumptions)
    given = _given(run)
    outer, first = world.reports, []
    moved, steps = False, run.steps
    for round_ in range(3):
        if round_ == 2 and (not moved or run.steps - steps > MOST_STEPS_AGAIN):
            break
        world.reports = []
        start = births()
        steps = run.steps
        try:
            result, written = world.record(body)
        finally:
            made, world.reports = world.reports, outer
        # What an iteration makes for itself is as it leaves it, however many iterations there are.
        for slot in [s for s in written if s[1] is None and getattr(s[0], "born", 0) > start]:
            world.write(slot, written.pop(slot))
        if round_ == 0:
            # What goes wrong under a condition may not be reached before a later iteration, with other values.
            first = made
            outcome = _without_jumps(run, result)
        elif round_ == 2:
            outer.extend(r for r in made if r.always)
        else:
            again = {r.key for r in made}
            outer.extend(r for r in first if r.always or r.conditions <= conditions or r.key in again)
            outer.extend(made)
        certain = result is None or result is CONTINUE
        first_known = round_ == 0 and certain and _runs(count)
        other = [slot for slot, after in written.items() if world.read(slot) is not UNBOUND and not _as_before(world.read(slot), after)]
        settled = not other
        moved = any(slot[1] is not None for slot in other)
        for slot, after in written.items():
            old = world.read(slot)
            if round_ == 2 and slot[1] is None:
                # What objects hold is joined already: a third round would only forget more of it.
                continue
            if round_ < 2 and slot[1] is not None and isinstance(after, Obj) and after.born > start:
                if round_ == 0:
                    lost[slot] = UNKNOWN if certain and _runs(count) else UNBOUND
                elif lost.get(slot) is UNKNOWN and isinstance(old, Obj) and not alike(old, after):
                    lost[slot] = after
            if _is_broken(after) and not _is_broken(old):
                # What failed is to fail again, and with all that may have come of the first iteration elsewise: only then is it told.
                elsewise = [leaf for leaf in leaves(after) if not _is_broken(leaf)]
                if round_:
                    world.write(slot, after)
                elif elsewise:
                    world.write(slot, blur([old, *elsewise]))
                continue
            if first_known and type(after) is not Choice and not (isinstance(old, Seq) and isinstance(after, Seq)):
                # A loop over something runs: what was before the first iteration is gone after it. (A choice stays joined with what was
                # before: the next iteration asks its questions anew.)
                world.write(slot, after)
                continue
            world.write(slot, _summed(slot, old, after, count if certain else UNKNOWN_DIM, lengths, round_))
        if settled and same and round_ == 0:
            # A second round would see what the first saw.
            outer.extend(first)
            break
    _renew(run, body, {slot: after for slot, after in lost.items() if isinstance(after, Obj)})
    if _given(run) != given:
        run.yields[-1].exact = False
    return outcome if isinstance(outcome, Mixed) else None


def _is_broken(value: Value) -> bool:
    """Tell whether something was reported to fail that gave this value, or state of an object."""
    return any(v is BROKEN or getattr(v, "broken", False) is True for v in leaves(value))


def _renew(run: Run, body: Callable[[], Leave | None], renewed: dict[Any, Obj]) -> None:
    """Bind names to the objects of a last iteration, where each iteration makes an object of its own and none looks at the one before."""
    world = run.world
    lost = [slot for slot, after in renewed.items() if isinstance(world.read(slot), Unknown)]
    if not lost:
        return
    outer, world.reports = world.reports, []
    start = births()
    try:
        result, written = world.record(body)
    finally:
        world.reports = outer
    if result is not None and result is not CONTINUE:
        return
    for slot, after in written.items():
        fresh = getattr(slot[0], "born", 0) > start if slot[1] is None else slot in lost and type(after) is type(renewed[slot])
        if fresh:
            world.write(slot, after)


def _runs(count: Dim) -> bool:
    """Tell whether a loop is over so many things that it may be taken to run, more than once even."""
    return isinstance(count, (int, Poly)) and at_least(count, 2) is not False


def _summed(slot: Any, old: Value, after: Value, count: Dim, lengths: dict[Any, tuple[int, Dim]], round_: int) -> Value:
    """Return what a slot holds after an iteration: all that it may hold by then.

    `lengths` notes by how much a list grew in the first iteration, and what length that makes in the end: so long it is only where the
    next iteration finds the same, and until then it is of some length on the way.
    """
    if old is UNBOUND or alike(old, after):
        return after
    if not (isinstance(old, Seq) and isinstance(after, Seq) and isinstance(slot[0], ListObj)):
        return blur([old, after])
    parts = [*old.parts, *after.parts]
    grown = _growth(old, after)
    if grown is None:
        return Seq(None, blur(parts) if parts else old.element, UNKNOWN_DIM)
    if round_ == 0:
        lengths[slot] = grown, UNKNOWN_DIM if old.length is None or count is None else old.length + count * grown
        return Seq(None, blur(parts), fresh("k"))
    first, length = lengths.get(slot, (0, UNKNOWN_DIM))
    return Seq(None, blur(parts), length if grown == first else UNKNOWN_DIM)


def _growth(old: Seq, after: Seq) -> int | None:
    """Return by how many items a list has grown, None where that is open."""
    if old.items is not None and after.items is not None:
        size = len(old.items)
        return len(after.items) - size if len(after.items) > size and alike(after.items[:size], old.items) else None
    if old.length is None or after.length is None:
        return None
    more: Any = after.length - old.length
    return more if isinstance(more, int) and more > 0 else None


def run_while(run: Run, node: n.While) -> Leave | None:
    """Run a ``while`` statement: as long as its condition is decided one by one, else summed up."""
    patience = _Patience(run)
    for _ in range(MOST_WHILE):
        value = asked(run, node.test, evaluate(run, node.test))
        known = truth(run, value) if type(value) is not Choice else None
        if known is False:
            return execute_block(run, node.orelse)
        if known is None or patience.ends(run):
            break
        changed: list[bool] = []
        outcome = _watched(run, lambda: execute_block(run, node.body), set(), changed)
        if outcome is BREAK:
            return None
        if isinstance(outcome, Mixed):
            if _has_break(outcome):
                left = _without_jumps(run, outcome)
                again = sum_up(run, lambda: execute_block(run, node.body), UNKNOWN_DIM)
                return _then(run, again if again is not None else left, node)
            outcome = _without_jumps(run, outcome)
            if isinstance(outcome, Mixed):
                return go_on(run, outcome, lambda: run_while(run, node))
        if outcome is not None and not isinstance(outcome, Jump):
            return outcome
        if not changed:
            break
    outcome = sum_up(run, lambda: _guarded_body(run, node), UNKNOWN_DIM)
    return _then(run, outcome, node)


def _guarded_body(run: Run, node: n.While) -> Leave | None:
    value = evaluate(run, node.test)
    tag, outcomes = fork(run, value, lambda: execute_block(run, node.body), lambda: BREAK)
    return outcomes[0] if tag is None else _without_jumps(run, outcomes[0] if outcomes[0] is not BREAK else outcomes[-1])
