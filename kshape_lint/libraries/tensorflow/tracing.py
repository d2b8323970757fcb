"""Whether the program asked TensorFlow to trace nothing."""

from __future__ import annotations

from weakref import WeakSet

from ...interpreter.values import Value
from ...interpreter.world import World, current
from ..api import models

_eager: WeakSet[World] = WeakSet()


@models("tensorflow.config.run_functions_eagerly", "tensorflow.config.experimental_run_functions_eagerly")
def run_functions_eagerly(run_eagerly: Value) -> Value:
    """``tf.config.run_functions_eagerly``: from then on nothing is traced."""
    if run_eagerly is not False:
        _eager.add(current())
    return None


def traces() -> bool:
    """Tell whether functions are traced."""
    return current() not in _eager
