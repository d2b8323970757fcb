"""What iterating over a value gives, item by item where that is known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..shapes import UNKNOWN_DIM, derived
from .attributes import find_method
from .frames import EnoughYields, Generator, PyRaise, Yields
from .instances import InstanceObj, UserClass
from .values import (
    BROKEN,
    OTHERS,
    UNBOUND,
    UNKNOWN,
    Array,
    Choice,
    DictObj,
    Iteration,
    ListObj,
    OpenItems,
    SetObj,
    Unknown,
    Value,
    fresh,
    fresh_unknown,
    is_text,
    some_text,
)
from .world import blur, one_of

if TYPE_CHECKING:
    from .run import Run

MOST_ITEMS = 4_096
MOST_YIELDS = 12
MOST_STEPS = 200


@cache
def _calls() -> Any:
    """Return the room of calls, which stands on this one."""
    from . import calls

    return calls


def iterate(run: Run, value: Value) -> Iteration:
    """Return what a ``for`` over `value` sees."""
    if isinstance(value, Iteration):
        if value.begun and value.once:
            return _what_is_left(value)
        value.begun = True
        return value
    if isinstance(value, OpenItems):
        return Iteration(None, fresh_unknown(), UNKNOWN_DIM)
    if isinstance(value, tuple):
        return Iteration(tuple(value))
    if isinstance(value, (ListObj, SetObj)):
        seq = value.state
        return Iteration(seq.items, seq.element, seq.length)
    if isinstance(value, DictObj):
        keys = tuple(value.state)
        if OTHERS in keys:
            return Iteration(None, fresh_unknown(), UNKNOWN_DIM)
        return Iteration(keys)
    if isinstance(value, range):
        if len(value) <= MOST_ITEMS:
            return Iteration(tuple(value))
        return Iteration(None, fresh("i", 0), len(value), value[0])
    if isinstance(value, str):
        return Iteration(tuple(value)) if len(value) <= 256 else Iteration(None, some_text(), len(value))
    if isinstance(value, Generator):
        return _generated(run, value)
    if isinstance(value, InstanceObj):
        return _instance(run, value)
    if isinstance(value, UserClass) and value.members is not None:
        return Iteration(value.members)
    if is_text(value):
        # As many characters as ``len`` gives.
        return Iteration(None, some_text(), UNKNOWN_DIM if value.key is None else derived(("len", value.key), "n"))
    if isinstance(value, Unknown):
        if value is BROKEN:
            return Iteration(None, BROKEN, UNKNOWN_DIM)
        return Iteration(None, Unknown((value.key, "item")) if value.key is not None else fresh_unknown(), UNKNOWN_DIM)
    if type(value) is Choice:
        made: Value = run.lifted((value,), lambda v: iterate(run, v))
        return made if isinstance(made, Iteration) else Iteration(None, UNKNOWN, UNKNOWN_DIM)
    model = find_method(run, value, "__iter__")
    if model is not None:
        found = _calls().call_model(run, model, (value,), {})
        if not isinstance(found, Unknown) and found is not value:
            return iterate(run, found)
    elif isinstance(value, Array) and value.shape:
        return Iteration(None, value.reshaped(value.shape[1:]), value.shape[0])
    return Iteration(None, fresh_unknown(), UNKNOWN_DIM)


def _what_is_left(begun: Iteration) -> Iteration:
    """Return what an iterator still gives that someone has looked at: some of its items, if any."""
    if begun.items is None:
        return Iteration(None, begun.element, UNKNOWN_DIM)
    return Iteration(None, one_of(begun.items), UNKNOWN_DIM) if begun.items else begun


def _instance(run: Run, value: InstanceObj) -> Iteration:
    if run.has_attribute(value, "__iter__"):
        found = run.call(run.attribute(value, "__iter__"), (), {})
        if found is not value and not isinstance(found, Unknown):
            return iterate(run, found)
        if found is value and run.has_attribute(value, "__next__"):
            return _one_by_one(run, value)
    elif run.has_attribute(value, "__getitem__"):
        length: Value = UNKNOWN_DIM
        return Iteration(None, run.call(run.attribute(value, "__getitem__"), (fresh_unknown(),), {}), length)
    return Iteration(None, fresh_unknown(), UNKNOWN_DIM)


def _one_by_one(run: Run, value: InstanceObj) -> Iteration:
    """Ask an object for its next item until it has no more, or as often as anyone looks: then what the asking changed is not known."""
    given: list[Value] = []
    before, steps, state = run.opaque_calls, run.steps, value.state
    try:
        while len(given) < MOST_YIELDS and run.steps - steps < MOST_STEPS:
            given.append(run.call(run.attribute(value, "__next__"), (), {}))
    except PyRaise as raised:
        if raised.exception != "StopIteration":
            raise
        if before == run.opaque_calls:
            return Iteration(tuple(given))
    value.put({name: held if state.get(name, UNBOUND) == held else UNKNOWN for name, held in value.state.items()})
    return Iteration(None, blur(given) if given else UNKNOWN, UNKNOWN_DIM)


def _generated(run: Run, generator: Generator) -> Iteration:
    """Run a generator's body as far as anyone looks."""
    if generator.iteration is not None:
        return _what_is_left(generator.iteration)
    generator.iteration = Iteration(None, UNKNOWN, UNKNOWN_DIM)
    yielded = Yields(len(run.world.assumptions))
    run.yields.append(yielded)
    before = run.opaque_calls
    patience, run.patience = run.patience, run.steps + MOST_STEPS
    try:
        _calls().run_body(run, generator.function, generator.arguments, None)
    except EnoughYields:
        yielded.exact = False
    finally:
        run.yields.pop()
        run.patience = patience
    if yielded.exact and yielded and before == run.opaque_calls and len(yielded) < MOST_YIELDS:
        generator.iteration = Iteration(tuple(yielded))
    else:
        generator.iteration = Iteration(None, blur(yielded) if yielded else UNKNOWN, UNKNOWN_DIM)
    return generator.iteration
