"""Whether the program asked TensorFlow to trace nothing, and whether a step of training is being traced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

from ...interpreter.values import Value
from ...interpreter.world import World, current
from ..api import models

_eager: WeakSet[World] = WeakSet()


@models("tensorflow.config.run_functions_eagerly", "tensorflow.config.experimental_run_functions_eagerly")
def run_functions_eagerly(run_eagerly: Value) -> Value:
    """``tf.config.run_functions_eagerly``: from then on nothing is traced, or everything again."""
    world = current()
    if run_eagerly is not False:
        _eager.add(world)
    elif not world.assumptions:
        _eager.discard(world)
    return None


def traces() -> bool:
    """Tell whether functions are traced."""
    return current() not in _eager


_steps: list[bool] = []


@contextmanager
def step(*, eagerly: bool) -> Iterator[None]:
    """Say that what is run is a step of ``fit`` and kin, which TensorFlow traces unless it is run eagerly."""
    _steps.append(not eagerly and traces())
    try:
        yield
    finally:
        _steps.pop()


def in_traced_step() -> bool:
    """Tell whether a traced step of training is under way."""
    return bool(_steps) and _steps[-1]


_first: list[bool] = []


@contextmanager
def first_trace(*, certain: bool) -> Iterator[None]:
    """Say whether the step that is run is certainly traced for data of just these shapes, as the first one of its method is."""
    _first.append(certain)
    try:
        yield
    finally:
        _first.pop()


def in_first_trace() -> bool:
    """Tell whether a step is being traced that knows its shapes: there TensorFlow infers those of what comes out, and looks at them."""
    return in_traced_step() and bool(_first) and _first[-1]
