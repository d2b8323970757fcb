"""What training makes of callbacks: those that the program writes are given the model, and asked as often as training goes on."""

from __future__ import annotations

from ...interpreter.frames import PyRaise
from ...interpreter.instances import InstanceObj
from ...interpreter.values import OTHERS, UNKNOWN, DictObj, LibObj, Value, fresh
from ...shapes import UNKNOWN_DIM
from ..api import host, items
from .models_user import user_method

_LAMBDA = "keras.callbacks.LambdaCallback"
_STEPS = (
    ("on_epoch_begin", "epoch"),
    ("on_train_batch_begin", "batch"),
    ("on_batch_begin", "batch"),
    ("on_train_batch_end", "batch"),
    ("on_batch_end", "batch"),
    ("on_epoch_end", "epoch"),
)
"""What is asked again and again while a model is trained, in this order, and what the number means that it is asked with."""


def ask(model: Value, callbacks: Value) -> None:
    """Ask the callbacks that are the program's own, at the beginning, at each step, and at the end."""
    own = [c for c in items(callbacks) or (callbacks,) if _is_own(c)]
    if not own:
        return
    try:
        for callback in own:
            _introduce(callback, model)
        _all(own, "on_train_begin")

        def epoch() -> None:
            for name, number in _STEPS:
                _all(own, name, fresh(number, low=0))

        # How many batches there are, and whether all epochs are run, is left open.
        host().repeat(epoch, UNKNOWN_DIM)
        _all(own, "on_train_end")
    except PyRaise:
        return


def _is_own(callback: Value) -> bool:
    if isinstance(callback, InstanceObj):
        return "keras.callbacks.Callback" in callback.cls.library_bases()
    return isinstance(callback, LibObj) and callback.path == _LAMBDA and isinstance(callback.state, dict)


def _introduce(callback: Value, model: Value) -> None:
    if not isinstance(callback, InstanceObj):
        return
    host().set_attribute(callback, "params", DictObj({OTHERS: UNKNOWN}))
    if user_method(callback, "set_model"):
        host().call(host().attribute(callback, "set_model"), (model,), {})
    else:
        host().set_attribute(callback, "model", model)


def _all(callbacks: list[Value], name: str, *number: Value) -> None:
    for callback in callbacks:
        if isinstance(callback, InstanceObj):
            function = host().attribute(callback, name) if user_method(callback, name) else None
        else:
            function = callback.state.get(name)
        if function is not None:
            host().call(function, (*number, DictObj({OTHERS: UNKNOWN})), {})
