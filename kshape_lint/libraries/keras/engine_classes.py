"""Every layer class as the program calls it: one model a class, made from the catalogue and from what `objects.layer` registered."""

from __future__ import annotations

from collections.abc import Callable

from ...catalogue import facts
from ...interpreter.values import Value
from ..api import Mismatch, bases, keras_major, lookup, models
from .engine import call_with, count_call, declared_differs, refuse_missing
from .engine_anyway import output_all_the_same
from .engine_make import make_layer
from .models_input import input_layer
from .objects import LayerObj, ModelObj, _calls, model_state


def register() -> None:
    """Register a model for each layer class that has none."""
    bases("keras.Model", "keras.layers.Layer")
    bases("keras.Sequential", "keras.Model")
    paths = set(_calls) | set(facts(3).LAYERS) | set(facts(2).LAYERS)
    paths.discard("keras.layers.Layer")
    for path in sorted(paths):
        if lookup(path) is None:
            models(path)(_maker(path))
        if path not in ("keras.Model", "keras.Sequential"):
            bases(path, "keras.layers.Layer")


def _maker(path: str) -> Callable[..., Value]:
    if path == "keras.layers.InputLayer":
        return lambda *args, **kwargs: input_layer(args, kwargs)

    def make(*args: Value, **kwargs: Value) -> Value:
        return make_layer(path, args, kwargs)

    make.__doc__ = f"Model of ``{path}``."
    return make


@models("keras.layers.Layer.__call__")
def call(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of calling a layer or a model."""
    declared_differs(self, args)
    if isinstance(self, LayerObj):
        count_call(self, args, kwargs, here=True)
        refuse_missing(self, args, kwargs)
    before = model_state(self) if isinstance(self, ModelObj) else None
    try:
        return call_with(self, args, kwargs, counted=True)
    except Mismatch as mismatch:
        mismatch.instead = output_all_the_same(self, before, mismatch.record, args, kwargs)
        raise


@models("keras.layers.Layer")
def base_layer(*args: Value, **kwargs: Value) -> Value:
    """Model of ``keras.layers.Layer`` itself: the identity."""
    return make_layer("keras.layers.Identity", (), {k: v for k, v in kwargs.items() if k == "name"}) if keras_major() == 3 else None


register()
