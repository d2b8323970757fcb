"""The state of the abstract run, and how a run forks and joins.

Where the program asks a question that its text does not answer (an unknown condition, a value
that is one of several), the run *forks*: it goes each way in turn, under the assumption of that
answer, with every write journalled and undone; then what was written is *joined* into a `Choice` named by the
question's tag. A later test of the same question finds the same tag, so answers stay consistent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from ..shapes import Poly, merge_shapes, symbol
from .values import (
    UNBOUND,
    UNKNOWN,
    AnyScalar,
    Array,
    BlurredDict,
    BlurredList,
    Choice,
    DictObj,
    ListObj,
    NamedItems,
    Obj,
    Real,
    Seq,
    Tag,
    Value,
    births,
    some_text,
)

MOST_NESTED = 4
"""How deep lists may nest to be blurred into one."""
MOST_LEAVES = 4
"""How many alternatives a joined value may hold before it is blurred into one."""


Journal: TypeAlias = dict[tuple[Any, "str | None"], Value]
"""What slots held before they were written: ``(obj, None)`` is an object's state, ``(scope, name)`` a variable."""


class Split(Exception):
    """Raised when a value is read that depends on an open question; the interpreter forks on it and runs the operation anew."""

    def __init__(self, tag: Tag, count: int) -> None:
        super().__init__(tag)
        self.tag = tag
        self.count = count


Kept = TypeVar("Kept", bound=Obj)


class World:
    """Assumptions in force, the journal of undoable writes, and what has been reported so far.

    What is written to objects and scopes born `since` the journal was begun is not journalled: nothing from before leads to them but
    through a write that is. What modules of the project hold is older for every journal (`age`).
    """

    def __init__(self) -> None:
        self.assumptions: dict[Tag, int] = {}
        self.journal: Journal | None = None
        self.since = 0
        self.floor = 0
        self.reports: list[Any] = []
        self.joined = 0
        self.kept: dict[type[Obj], Obj] = {}

    def fork(self, tag: Tag, count: int, run: Callable[[int], Value], *, all_must_fail: bool) -> list[Value]:
        """Run each way of `tag`, join what was written, and return each way's result.

        With `all_must_fail` a report survives only if every way made it (the ways are
        alternatives of one value); without, every report survives (the ways are different code).
        """
        outer, since, reports, assumptions = self.journal, self.since, self.reports, dict(self.assumptions)
        results: list[Value] = []
        written: list[dict[tuple[Any, str | None], Value]] = []
        reported: list[list[Any]] = []
        for way in range(count):
            self.assumptions[tag] = way
            journal = self.begin()
            self.reports = []
            try:
                results.append(run(way))
            finally:
                self.assumptions = dict(assumptions)
                self.resume(outer, since)
                mine, self.reports = self.reports, reports
                new: dict[tuple[Any, str | None], Value] = {}
                for slot, old in journal.items():
                    new[slot] = _peek(slot)
                    _poke(slot, old)
            written.append(new)
            reported.append(mine)
            self.joined += len(new) + 2
        for slot in {s: None for new in written for s in new}:
            before = _peek(slot)
            self.write(slot, join(tag, [new.get(slot, before) for new in written]))
        if all_must_fail:
            common = [r for r in reported[0] if all(any(r.key == o.key for o in others) for others in reported[1:])]
            reports.extend(common)
            reports.extend(r for mine in reported for r in mine if r.always and r not in common)
        else:
            for mine in reported:
                reports.extend(mine)
        return results

    def record(self, run: Callable[[], Value]) -> tuple[Value, dict[tuple[Any, str | None], Value]]:
        """Run something, undo its writes, and return its result with what it wrote."""
        outer, since = self.journal, self.since
        journal = self.begin()
        try:
            result = run()
        finally:
            self.resume(outer, since)
            written: dict[tuple[Any, str | None], Value] = {}
            for slot, old in journal.items():
                written[slot] = _peek(slot)
                _poke(slot, old)
        return result, written

    def read(self, slot: tuple[Any, str | None]) -> Value:
        """Return what a slot holds."""
        return _peek(slot)

    def attempt(self, run: Callable[[], Value]) -> Value:
        """Run something whose writes and reports are undone if it raises."""
        outer, since, reports = self.journal, self.since, self.reports
        journal = self.begin()
        self.reports = []
        try:
            result = run()
        except BaseException:
            for slot, old in journal.items():
                _poke(slot, old)
            self.resume(outer, since)
            self.reports = reports
            raise
        self.resume(outer, since, journal)
        reports.extend(self.reports)
        self.reports = reports
        return result

    def write(self, slot: tuple[Any, str | None], value: Value) -> None:
        """Set a slot: ``(obj, None)`` is an object's state, ``(scope, name)`` a variable."""
        if self.journal is not None and slot[0].born < self.since:
            self.journal.setdefault(slot, _peek(slot))
        _poke(slot, value)

    def begin(self) -> Journal:
        """Begin a new journal, and return it."""
        self.since = births()
        journal: Journal = {}
        self.journal = journal
        return journal

    def resume(self, outer: Journal | None, since: int, inner: Journal | None = None) -> None:
        """Go on with the journal `outer` that was begun at `since`, with what `inner` holds taken over."""
        self.since = since = max(since, self.floor)
        self.journal = outer
        if outer is not None and inner:
            for slot, old in inner.items():
                if slot[0].born < since:
                    outer.setdefault(slot, old)

    def age(self) -> None:
        """Take all that was born so far for older than every journal under way."""
        self.since = self.floor = births()


def _peek(slot: tuple[Any, str | None]) -> Value:
    holder, name = slot
    return holder._state if name is None else holder.variables.get(name, UNBOUND)


def _poke(slot: tuple[Any, str | None], value: Value) -> None:
    holder, name = slot
    if name is None:
        holder._state = value
    elif value is UNBOUND:
        holder.variables.pop(name, None)
    else:
        holder.variables[name] = value


_local = threading.local()


def current() -> World:
    """Return the world of the run that is under way in this thread."""
    world: World | None = getattr(_local, "world", None)
    if world is None:
        world = _local.world = World()
    return world


def kept(kind: type[Kept]) -> Kept:
    """Return the one object of its class that lives as long as the run under way; its state begins as an empty dict."""
    objects = current().kept
    found: Any = objects.get(kind)
    if found is None:
        found = objects[kind] = kind({})
        found.born = 0  # whenever it is first asked for, it has been there all along
    return found  # type: ignore[no-any-return]


def enter(world: World) -> World | None:
    """Make `world` the current one, and return the one before (for `leave`)."""
    before: World | None = getattr(_local, "world", None)
    _local.world = world
    return before


def leave(before: World | None) -> None:
    """Undo `enter`."""
    _local.world = before


def resolve(value: Value) -> Value:
    """Return the alternative that the assumptions in force pick, or raise `Split` where they leave it open."""
    while type(value) is Choice:
        way = current().assumptions.get(value.tag)
        if way is None:
            raise Split(value.tag, len(value.alternatives))
        value = value.alternatives[way]
    return value


def narrow(value: Value) -> Value:
    """Return `value` as far as the assumptions in force decide it; what is open stays a `Choice`.

    Alternatives in which a name was never bound are dropped: a run that got here bound it.
    """
    while type(value) is Choice:
        way = current().assumptions.get(value.tag)
        if way is None:
            bound = [v for v in value.alternatives if v is not UNBOUND]
            if len(bound) == 1:
                value = bound[0]
                continue
            return value
        value = value.alternatives[way]
    return value


def join(tag: Tag, values: list[Value]) -> Value:
    """Return the value that is ``values[i]`` when `tag` is answered i."""
    if Choice in map(type, values):
        values = [_restrict(v, tag, i) for i, v in enumerate(values)]
    first = values[0]
    for v in values:
        if v is not first and not alike(first, v):
            break
    else:
        return first
    meet = getattr(type(first), "__meet__", None)
    if meet is not None and all(type(v) is type(first) for v in values):
        met = first
        for v in values[1:]:
            met = meet(met, v) if met is not None else None
        if met is not None:
            return met
    if len(values) > MOST_LEAVES or sum(map(_leaves, values)) > MOST_LEAVES:
        return blur(leaf for v in values for leaf in leaves(v))
    return Choice(tag, tuple(values))


def _restrict(value: Value, tag: Tag, way: int) -> Value:
    if type(value) is not Choice:
        return value
    if value.tag == tag:
        return _restrict(value.alternatives[way], tag, way)
    alternatives = [_restrict(v, tag, way) if type(v) is Choice else v for v in value.alternatives]
    for a, b in zip(alternatives, value.alternatives):
        if a is not b:
            return join(value.tag, alternatives)
    return value


def _leaves(value: Value) -> int:
    return sum(map(_leaves, value.alternatives)) if type(value) is Choice else 1


def leaves(value: Value) -> list[Value]:
    """Return all that `value` can be, whatever the open questions' answers."""
    return [leaf for v in value.alternatives for leaf in leaves(v)] if type(value) is Choice else [value]


def alike(a: Value, b: Value) -> bool:
    """Tell whether two values are the same as far as the run can tell them apart (``1`` and ``True`` are not)."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(alike(v, b[k]) for k, v in a.items())
    if isinstance(a, Seq):
        if a.items is None or b.items is None:
            return a.items is b.items and alike(a.element, b.element) and alike(a.length, b.length)
        return alike(a.items, b.items)
    try:
        return bool(a == b)
    except Exception:
        return False


def blur(values: Iterable[Value]) -> Value:
    """Return one value that stands for all of `values`: what they agree on is kept, the rest is unknown."""
    values = list(values)
    if len(values) > 2 and type(values[0]) in (int, str) and len(set(map(type, values))) == 1:
        # What a ``range`` or a text is made of: no need to go through it pair by pair.
        return values[0] if len(set(values)) == 1 else AnyScalar(_dtype(values[0]))
    out: Value = UNBOUND
    for v in values:
        if v is UNBOUND:
            continue
        out = v if out is UNBOUND else _blur(out, v)
    return out


def one_of(items: Sequence[Value]) -> Value:
    """Return one value that stands for whichever of `items`: of numbers counted up evenly, one that lies between the first and the last."""
    first = items[0] if items else None
    if type(first) is int and len(items) > 2 and type(items[1]) is type(items[-1]) is int and 0 <= first < items[1]:
        # Their number tells first: between two items there may be room for more than fits in memory.
        counted = range(first, items[-1] + 1, items[1] - first)
        if items[-1] < 1 << 62 and len(counted) == len(items) and tuple(items) == tuple(counted):
            return symbol("i", first, ((1, items[-1]),))
    elif type(first) is tuple and first and all(type(i) is tuple and len(i) == len(first) for i in items):
        return tuple(one_of(column) for column in zip(*items))
    return blur(items)


def _blur(a: Value, b: Value) -> Value:
    if alike(a, b):
        return a
    if type(a) is Choice or type(b) is Choice:
        return blur([*leaves(a), *leaves(b)])
    if isinstance(a, Array) and isinstance(b, Array):
        return Array(
            merge_shapes(a.shape, b.shape),
            a.dtype if a.dtype == b.dtype else None,
            a.kind if a.kind == b.kind else "numpy",
            history=a.history if a.history is b.history else None,
            origin=a.origin,
        )
    if isinstance(a, tuple) and isinstance(b, tuple) and type(a) is type(b) and len(a) == len(b):
        if type(a) is tuple:
            return tuple(_blur(x, y) for x, y in zip(a, b))
        if isinstance(a, NamedItems) and isinstance(b, NamedItems) and a.names == b.names:
            return type(a)(tuple(_blur(x, y) for x, y in zip(a, b)), a.names)
    if isinstance(a, Seq) and isinstance(b, Seq):
        if a.items is not None and b.items is not None and len(a.items) == len(b.items):
            return Seq(tuple(_blur(x, y) for x, y in zip(a.items, b.items)))
        parts = [p for s in (a, b) for p in s.parts]
        return Seq(None, blur(parts) if parts else UNKNOWN, _blur_length(a.length, b.length))
    if isinstance(a, dict) and isinstance(b, dict):
        return {k: _blur(a[k], b[k]) if k in a and k in b else a.get(k, b.get(k)) for k in {**a, **b}}
    if (isinstance(a, ListObj) and isinstance(b, ListObj)) or (isinstance(a, DictObj) and isinstance(b, DictObj)):
        return _blur_held(a, b)
    if _is_scalar(a) and _is_scalar(b):
        one, two = _dtype(a), _dtype(b)
        return some_text() if one == two == "str" else AnyScalar(one if one == two else None)
    for one, other in ((a, b), (b, a)):
        method = getattr(type(one), "__blur__", None)
        if method is not None and (type(one) is type(other) or other is None):
            return method(one, other)
    return UNKNOWN


def _is_scalar(v: Value) -> bool:
    return isinstance(v, (int, float, str, Poly, Real, AnyScalar))


def _dtype(v: Value) -> str | None:
    """Return the dtype of a scalar as NumPy would make it an array."""
    if isinstance(v, AnyScalar):
        return v.dtype
    return "bool" if isinstance(v, bool) else "int64" if isinstance(v, (int, Poly)) else "str" if isinstance(v, str) else "float64"


def _blur_held(a: ListObj | DictObj, b: ListObj | DictObj) -> Value:
    """Return one list, or dict, that stands for two; unknown where they nest deep, as those do that hold themselves."""
    depth = getattr(_local, "depth", 0)
    if depth >= MOST_NESTED:
        return UNKNOWN
    _local.depth = depth + 1
    try:
        state = blur([*leaves(a._state), *leaves(b._state)])
        if isinstance(state, Seq):
            stands_for = [one for v in (a, b) for one in (v.lists if isinstance(v, BlurredList) else (v,)) if isinstance(one, ListObj)]
            return BlurredList(state, tuple(dict.fromkeys(stands_for)))
        return BlurredDict(state) if isinstance(state, dict) else UNKNOWN
    finally:
        _local.depth = depth


def vaguer(state: Value, changed: Value) -> Seq:
    """Return the state of a list that either is as it was or holds what `changed`, the state of it and others together, does now."""
    from ..shapes import UNKNOWN_DIM

    parts = [p for s in (*leaves(state), *leaves(changed)) if isinstance(s, Seq) for p in s.parts]
    return Seq(None, blur(parts) if parts else UNKNOWN, UNKNOWN_DIM)


def _blur_length(a: Any, b: Any) -> Any:
    from ..shapes import UNKNOWN_DIM

    return a if a == b else UNKNOWN_DIM
