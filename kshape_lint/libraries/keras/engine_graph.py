"""Symbolic tensors: nested structures of them, how they came about, and running a graph of layer calls again on other shapes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from ...interpreter.values import OTHERS, Array, Choice, DictObj, Kind, ListObj, NamedItems, ResultList, Seq, Unknown, Value
from ...interpreter.world import resolve
from ...shapes import Shape
from ..api import UNKNOWN, building
from .objects import History

_serial = itertools.count(1)


class Event:
    """One call on symbolic tensors. `run` repeats it: it gets the call's arguments with the symbolic tensors in them exchanged."""

    __slots__ = ("args", "kwargs", "layer", "run", "serial")

    def __init__(
        self,
        run: Callable[[tuple[Value, ...], dict[str, Value]], Value],
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        layer: Value = None,
    ) -> None:
        self.run = run
        self.args = args
        self.kwargs = kwargs
        self.layer = layer
        self.serial = next(_serial)


class CallHistory(History):
    """How one output of a call came about; `index` counts the call's outputs, flattened."""

    __slots__ = ("event", "index")

    def __init__(self, layer: Value, inputs: tuple[Array, ...], event: Event, index: int) -> None:
        super().__init__(layer, inputs)
        self.event = event
        self.index = index


class InputHistory(History):
    """How an ``Input`` came about; `source` is its InputLayer."""

    __slots__ = ("source",)

    def __init__(self, name: str | None, source: Value) -> None:
        super().__init__(None, (), name)
        self.source = source


def settle(value: Value, depth: int = 0) -> Value:
    """Return a nest of lists, tuples and dicts with every open alternative in it decided (which may raise `Split`)."""
    if type(value) is Array:
        return value
    if type(value) is Choice:
        value = resolve(value)
    if depth > 6:
        return value
    if type(value) is tuple:
        return tuple(settle(v, depth + 1) for v in value)
    if isinstance(value, ListObj):
        state = value.state
        if not isinstance(state, Seq) or state.items is None:
            return value
        parts = tuple(settle(v, depth + 1) for v in state.items)
        return value if all(a is b for a, b in zip(parts, state.items)) else ListObj(Seq(parts))
    if isinstance(value, DictObj):
        content = value.state
        if not isinstance(content, dict):
            return value
        settled = {k: settle(v, depth + 1) for k, v in content.items()}
        return value if all(settled[k] is v for k, v in content.items()) else DictObj(settled)
    return value


def children(value: Value) -> list[Value] | None:
    """Return the parts of a nest in the order in which Keras flattens it, None for a leaf or where the parts are not all known."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, ListObj):
        state = value.state
        return list(state.items) if isinstance(state, Seq) and state.items is not None else None
    if isinstance(value, DictObj):
        content = value.state
        if not isinstance(content, dict) or OTHERS in content:
            return None
        return [content[k] for k in _in_order(content)]
    return None


def leaves_of(value: Value) -> list[Value]:
    """Return the leaves of a nest, in Keras's order; what cannot be looked into counts as a leaf."""
    if type(value) is Array:
        return [value]
    out: list[Value] = []
    _gather(value, out)
    return out


def _gather(value: Value, into: list[Value]) -> None:
    value = settle(value)
    parts = children(value)
    if parts is None:
        into.append(value)
        return
    for part in parts:
        if type(part) is Array:
            into.append(part)
        else:
            _gather(part, into)


def flatten_structure(value: Value) -> list[Array] | None:
    """Return the arrays of a nest in Keras's order (dicts by sorted keys), or None where a leaf is no array."""
    leaves = leaves_of(value)
    return leaves if all(isinstance(leaf, Array) for leaf in leaves) else None


def map_structure(function: Callable[[Value], Value], value: Value) -> Value:
    """Return the same nest with `function` applied to every leaf."""
    if type(value) is Array:
        return function(value)
    value = settle(value)
    if isinstance(value, NamedItems):
        return type(value)(tuple(map_structure(function, v) for v in value), value.names)
    if isinstance(value, tuple):
        return tuple(map_structure(function, v) for v in value)
    if isinstance(value, ListObj):
        state = value.state
        if isinstance(state, Seq) and state.items is not None:
            kind = ResultList if type(value) is ResultList else ListObj
            return kind(Seq(tuple(map_structure(function, v) for v in state.items)))
        return function(value)
    if isinstance(value, DictObj):
        content = value.state
        if isinstance(content, dict):
            return DictObj({k: map_structure(function, content[k]) for k in _in_order(content)})
        return function(value)
    return function(value)


def _in_order(content: dict[Any, Value]) -> list[Any]:
    """Return a dict's keys as Keras goes through them: sorted, where they can be."""
    try:
        return sorted(content)
    except TypeError:
        return list(content)


def is_symbolic(value: Value) -> bool:
    """Tell whether a value is a Keras symbolic tensor."""
    return isinstance(value, Array) and value.kind == "keras"


def any_symbolic(*values: Value) -> bool:
    """Tell whether any leaf of the nests is a symbolic tensor."""
    for value in values:
        if type(value) is Array:
            if value.kind == "keras":
                return True
        elif any(is_symbolic(leaf) for leaf in leaves_of(value)):
            return True
    return False


class Extremes:
    """History of a batch of data as they were given: between which whole numbers they lie.

    Both occur where `many` is None, else so many were drawn.
    """

    __slots__ = ("high", "low", "many")

    def __init__(self, low: int, high: int, many: int | None = None) -> None:
        self.low = low
        self.high = high
        self.many = many

    def reach(self, limit: int) -> bool:
        """Tell whether one of the numbers certainly is `limit` or more."""
        return self.high >= limit and self._occurs(self.high - max(limit, self.low) + 1)

    @property
    def negative(self) -> bool:
        """Whether one of the numbers certainly is less than 0."""
        return self.low < 0 and self._occurs(min(-1, self.high) - self.low + 1)

    def _occurs(self, values: int) -> bool:
        return self.many is None or self.many * values >= 8 * (self.high - self.low + 1)


def as_kind(a: Array, kind: Kind, shape: Shape | Unknown | None = UNKNOWN) -> Array:
    """Return the same array as another kind, without its history but for `Extremes`, and with another shape where one is given."""
    return Array(
        a.shape if isinstance(shape, Unknown) else shape,
        a.dtype,
        kind,
        data=a.data if isinstance(shape, Unknown) else None,
        bounds=a.bounds,
        history=a.history if type(a.history) is Extremes else None,
        origin=a.origin,
    )


def attach(
    run: Callable[[tuple[Value, ...], dict[str, Value]], Value],
    layer: Value,
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
    output: Value,
) -> Value:
    """Return `output` with every array in it a symbolic tensor that remembers the call it came from."""
    if len(args) == 1 and type(args[0]) is Array and not kwargs:
        inputs = args if args[0].kind == "keras" else ()
    else:
        inputs = tuple([leaf for value in (*args, *kwargs.values()) for leaf in leaves_of(value) if is_symbolic(leaf)])
    event = Event(run, args, kwargs, layer)
    building()
    if type(output) is Array:
        history = CallHistory(layer, inputs, event, 0)
        return Array(output.shape, output.dtype, "keras", bounds=output.bounds, history=history, origin=output.origin)
    count = itertools.count()

    def remember(leaf: Value) -> Value:
        index = next(count)
        if not isinstance(leaf, Array):
            return leaf
        history = CallHistory(layer, inputs, event, index)
        return Array(leaf.shape, leaf.dtype, "keras", bounds=leaf.bounds, history=history, origin=leaf.origin)

    return map_structure(remember, output)


def events_between(outputs: Iterable[Array], inputs: Iterable[Array]) -> tuple[list[Event], list[Array], bool]:
    """Return the calls between two ends, in order; the ``Input`` tensors met that are none of `inputs`; whether all was known."""
    stops = {id(a.history) for a in inputs if a.history is not None}
    events: dict[int, Event] = {}
    foreign: list[Array] = []
    seen: set[int] = set()
    known = True
    todo = list(outputs)
    while todo:
        a = todo.pop()
        history = a.history
        if history is None:
            known = False
            continue
        if id(history) in stops or id(history) in seen:
            continue
        seen.add(id(history))
        if isinstance(history, CallHistory):
            events[history.event.serial] = history.event
            todo.extend(history.inputs)
        elif history.layer is None and isinstance(history, InputHistory):
            foreign.append(a)
        else:
            known = False
            todo.extend(history.inputs)
    return [events[s] for s in sorted(events)], foreign, known


def run_graph(inputs: list[Array], outputs: Value, feed: list[Value]) -> Value | None:
    """Run the calls between `inputs` and `outputs` on other arrays; None where the graph is not all known."""
    ends = flatten_structure(outputs)
    if ends is None or len(inputs) != len(feed):
        return None
    events, foreign, known = events_between(ends, inputs)
    if foreign or not known:
        return None
    values: dict[int, Value] = {id(a.history): f for a, f in zip(inputs, feed)}
    results: dict[tuple[int, int], Value] = {}

    def exchange(leaf: Value) -> Value:
        if not is_symbolic(leaf) or leaf.history is None:
            return leaf
        found = values.get(id(leaf.history))
        if found is None and isinstance(leaf.history, CallHistory):
            found = results.get((leaf.history.event.serial, leaf.history.index))
        return UNKNOWN if found is None else found

    for event in events:
        args = tuple(map_structure(exchange, a) for a in event.args)
        kwargs = {k: map_structure(exchange, v) for k, v in event.kwargs.items()}
        for index, leaf in enumerate(leaves_of(event.run(args, kwargs))):
            results[event.serial, index] = leaf
    return map_structure(exchange, outputs)
