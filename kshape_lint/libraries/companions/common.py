"""Layers of other libraries, made and called as Keras's own are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...interpreter.values import Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape
from ..api import as_dim, bases, host, models
from ..keras.engine_make import PLACE
from ..keras.engine_names import auto_name
from ..keras.layers.common import array_of, output
from ..keras.objects import LayerObj, layer


def layer_class(
    path: str, parameters: Sequence[str] = (), *, own: Callable[[], dict[str, Value]] | None = None, **defaults: Value
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a layer class: what its constructor's positional parameters are called, and what calling it does to shapes.

    `own` gives what each object is made with besides its arguments.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def make(*args: Value, **kwargs: Value) -> Value:
            config = {**defaults, **dict(zip(parameters, args)), **kwargs}
            if not isinstance(config.get("name"), str):
                config["name"] = auto_name(path.rpartition(".")[2])
            config[PLACE] = getattr(host(), "node", None)
            if own is not None:
                config.update(own())
            return LayerObj(path, config)

        make.__doc__ = f"Model of ``{path}``."
        models(path)(make)
        bases(path, "keras.layers.Layer")
        layer(path)(function)
        return function

    return register


def unchanged(inputs: Value) -> Array:
    """Leave the shape as it is."""
    x = array_of(inputs)
    return output(x, x.shape)


def last_axis(x: Array, length: Value) -> Array:
    """Return the input with a last axis of another length."""
    return output(x, None if not x.shape else (*x.shape[:-1], length_of(length)))


def length_of(value: Value) -> Dim:
    """Return an argument as a length, unknown where it is none."""
    d = as_dim(value)
    return UNKNOWN_DIM if d is None else d


def batched(x: Array, *rest: Dim) -> Array:
    """Return one row of this shape for each sample of the input."""
    shape: Shape | None = None if not x.shape else (x.shape[0], *rest)
    return output(x, shape)
