"""One abstract run of one program: its state, its budget, and what it offers to library models (`libraries.api.Host`)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from ..libraries import api
from ..libraries.files import Files
from ..rules.base import Rule
from ..shapes import Dim, Poly
from ..syntax import nodes as n
from . import attributes as _attributes
from . import branches as _branches
from . import calls as _calls
from . import items as _items
from . import iterate as _iterate
from . import naming as _naming
from . import operators as _operators
from .frames import Closure, Exhausted, Function, PyRaise, Scope, Yields
from .limits import DEEPEST_FORKS, STEPS_AT_LEAST, WRITES_A_STEP
from .mistakes import blamed_objects, numbers_named
from .modules import UserModule
from .outcome import caught_by
from .values import UNBOUND, UNKNOWN, Array, Choice, DictObj, Iteration, Obj, Unknown, Value, births
from .world import Split, World, join, narrow

Recorder: TypeAlias = Callable[[Rule, str, tuple[Value, ...], dict[str, Value]], "str | None"]
"""Takes the rule broken, the path or operator, and the arguments; returns a program that shows it."""


@dataclass(eq=False)
class Report:
    """A rule broken at a node, before its place is known.

    `always` reports survive every fork (answers to questions). `conditions` is how many open questions had been answered on the way.
    `about` is the model at fault, `numbers` those that the operation is given by name: they tell errors of one cause (`mistakes`).
    """

    record: Rule
    node: Any
    filename: str
    blame: tuple[tuple[str, Array], ...] = ()
    always: bool = False
    shape: Any = None
    conditions: int = 0
    repro: str | None = None
    via: Any = None
    inner: tuple[Any, str] | None = None
    about: tuple[Obj, ...] = ()
    numbers: frozenset[tuple[str, int]] = frozenset()

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells this report from others."""
        return (self.record.code, id(self.node), repr(self.shape) if self.always else None)


@dataclass
class Stats:
    """How much of a file was understood: a count by name."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, by: int = 1) -> None:
        """Count."""
        self.counts[name] = self.counts.get(name, 0) + by


class Run:
    """The state of one run."""

    def __init__(self, filename: str, keras_major: int = 3, *, strict: bool = False) -> None:
        self.filename = filename
        self.keras_major = keras_major
        self.strict = strict
        self.world = World()
        self.module = Scope()
        self.scope = self.module
        self.closure = Closure(None, None)
        self.steps = 0
        self.most_steps = STEPS_AT_LEAST
        self.depth = 0
        self.forks = 0
        self.doublings = 0
        self.opaque_calls = 0
        self.last_opaque = 0
        self.failures = 0
        self.built = 0
        self.node: n.Node | None = None
        self.alone = False
        self.follow = False
        self.other_arrays = False
        self.modules: dict[str, UserModule] = {}
        self.sources: dict[str, Any] = {}
        self.followed_lines = 0
        self.sites: list[tuple[n.Node | None, str]] = []
        self.main = filename
        self.traced: tuple[n.Node, str] | None = None
        self.stated_lengths: dict[str, Poly] = {}
        self.steered: dict[int, bool] = {}
        self.outer_names: dict[int, tuple[frozenset[str], frozenset[str]]] = {}
        self.patience = 0
        self.arguments: list[tuple[n.Node, Value]] = []
        self.handlers: list[tuple[str, ...]] = []
        self.yields: list[Yields] = []
        self.stack: list[Function] = []
        self.entered: list[int] = []
        self.functions: list[Function] = []
        self.stats = Stats()
        self.met: dict[str, dict[tuple[Hashable, int | None], tuple[bool, bool]]] = {}
        self.faults: list[str] = []
        self.recorder: Recorder | None = None
        self.files = Files()
        self.options = DictObj({})
        self.training: list[Value] = []

    def step(self, cost: int = 1) -> None:
        """Spend budget; raises `Exhausted` when there is none left."""
        self.steps += cost
        if self.steps + self.world.joined // WRITES_A_STEP > self.most_steps:
            raise Exhausted

    def spent(self) -> int:
        """Return how much of the budget is spent."""
        return self.steps + self.world.joined // WRITES_A_STEP

    def opaque(self) -> None:
        """Note that code ran which is not followed: it may have done anything with the objects that there are."""
        self.opaque_calls += 1
        self.last_opaque = births()

    # What library models ask for.

    def call(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """Call any value."""
        node, arguments = self.node, self.arguments
        assert node is not None
        try:
            return _calls.call_value(self, node, callee, tuple(args), kwargs)
        finally:
            self.node, self.arguments = node, arguments

    def call_traced(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value as TensorFlow's tracing does: what fails in it is told at the operation under way."""
        outer = self.traced
        if outer is None and self.node is not None:
            self.traced = (self.node, self.filename)
        try:
            return self.call(callee, args, kwargs)
        finally:
            self.traced = outer

    def call_afresh(self, callee: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """Call a value that is run as it is written even where a function around it is traced: what fails in it is told in it."""
        outer, self.traced = self.traced, None
        try:
            return self.call(callee, args, kwargs)
        finally:
            self.traced = outer

    def attribute(self, value: Value, name: str) -> Value:
        """Read an attribute."""
        return _attributes.get_attribute(self, value, name)

    def has_attribute(self, value: Value, name: str) -> bool | None:
        """Tell whether there is such an attribute."""
        return _attributes.has_attribute(self, value, name)

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """Set an attribute."""
        _attributes.set_attribute(self, value, name, new)

    def item(self, value: Value, index: Value) -> Value:
        """Read an item."""
        return _items.get_item(self, value, index)

    def iterate(self, value: Value) -> Iteration:
        """Iterate over a value."""
        return _iterate.iterate(self, value)

    def truth(self, value: Value) -> bool | None:
        """Tell whether a value counts as true."""
        return _branches.truth(self, value)

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        """Apply a binary operator."""
        return _operators.binary(self, operator, left, right)

    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Apply a comparison."""
        return _operators.compare(self, operator, left, right)

    def supposes(self, operator: str, left: Value, right: Value) -> bool | None:
        """Tell how a comparison was answered that the program made on its way here, None where it made none."""
        if not self.world.assumptions:
            return None
        asked = _operators.compare(self, operator, left, right)
        if not isinstance(asked, Unknown):
            return None
        tag, flip = _branches.question(asked)
        answer = self.world.assumptions.get(tag)
        return None if answer is None else (answer == 0) != flip

    def type_paths(self, value: Value) -> list[str]:
        """Return the canonical paths of a value's class and its bases, nearest first."""
        return _attributes.type_paths(self, value)

    def handled(self) -> bool:
        """Tell whether the program has a handler for what fails at the operation under way."""
        return caught_by(self.handlers, "ValueError", lenient=True)

    def warn(self, record: Rule, blame: Sequence[Value]) -> None:
        """Report a warning at the call under way."""
        self.report(record, blame)

    def repeat(self, work: Callable[[], None], count: Dim) -> None:
        """Do something as often as a loop of `count` iterations would."""
        from .loops import sum_up

        sum_up(self, work, count)

    def count(self, name: str, by: int = 1) -> None:
        """Count something for the statistics."""
        self.stats.add(name, by)

    def note(self, name: str, subject: Hashable, ranked: bool, exact: bool, *, here: bool = True) -> None:
        """Note how much is known of a call of `subject`: of the one that the program makes here, or (not `here`) of one within it."""
        if self.filename != self.main or self.node is None:
            return
        met = self.met.setdefault(name, {})
        place = (subject, id(self.node.origin) if here else None)
        before = met.get(place, (False, False))
        met[place] = (before[0] or ranked, before[1] or exact)

    def count_places(self) -> None:
        """Put the places met into the statistics; calls within others count only for what the program never calls itself."""
        for name, met in self.met.items():
            direct = {subject for subject, node in met if node is not None}
            kept = [known for (subject, node), known in met.items() if node is not None or subject not in direct]
            self.stats.add(name, len(kept))
            self.stats.add(f"{name} of known rank", sum(ranked for ranked, _ in kept))
            self.stats.add(f"{name} of known shape", sum(exact for _, exact in kept))

    def report(
        self,
        record: Rule,
        blame: Sequence[Value],
        *,
        always: bool = False,
        shape: Any = None,
        repro: str | None = None,
        operands: Sequence[Value] = (),
    ) -> None:
        """Report at the operation under way, naming the blamed arrays as the program does; `operands` are all that it works on."""
        node, filename = self.node, self.filename
        if node is None:
            return
        inner = None
        if self.traced is not None and record.severity == "error":
            # A function that is traced is run as a copy: of the program's own lines, its call alone stands in the traceback.
            inner = (node.origin, filename)
            node, filename = self.traced
        self.world.reports.append(
            Report(
                record,
                node.origin,
                filename,
                _naming.named(self, blame),
                always,
                shape,
                len(self.world.assumptions),
                repro,
                self._via(),
                inner,
                blamed_objects(operands),
                numbers_named(self.arguments) if record.severity == "error" else frozenset(),
            )
        )

    def _via(self) -> Any:
        """Return the node in the file under check that led to where the run is, None where the run is in that file."""
        if self.filename == self.main:
            return None
        for node, filename in reversed(self.sites):
            if filename == self.main and node is not None:
                return node.origin
        return None

    # Alternatives.

    def lifted(self, values: tuple[Value, ...], work: Callable[..., Value]) -> Value:
        """Return ``work(*values)``, done once for each alternative where a value (or what it holds) is a `Choice`."""
        for i, v in enumerate(values):
            if type(v) is Choice:
                narrowed = narrow(v)
                values = (*values[:i], narrowed, *values[i + 1 :])
                if type(narrowed) is Choice:
                    return self.split(narrowed.tag, len(narrowed.alternatives), partial(self.lifted, values, work))
        try:
            return work(*values)
        except Split as open_question:
            tag, count = open_question.tag, open_question.count
        return self.split(tag, count, lambda: self.lifted(values, work))

    def split(self, tag: Any, count: int, again: Callable[[], Value]) -> Value:
        """Do something under each answer of an open question, and join the results; reports stand if every answer makes them."""
        if self.forks >= DEEPEST_FORKS:
            return UNKNOWN
        self.forks += 1
        self.world.joined += WRITES_A_STEP
        raised: list[PyRaise] = []

        def way(_: int) -> Value:
            try:
                return again()
            except PyRaise as e:
                raised.append(e)
                return UNBOUND

        try:
            results = self.world.fork(tag, count, way, all_must_fail=True)
        finally:
            self.forks -= 1
        if len(raised) == count:
            raise raised[0]
        return narrow(join(tag, results))


def host_of(run: Run) -> api.Host:
    """Return `run` as the host of library models (and let the type checker hold it to that)."""
    return run
