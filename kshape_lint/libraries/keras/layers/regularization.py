"""Dropout and noise: the shape stays."""

from __future__ import annotations

from ....interpreter.values import Array, Value
from ...api import keras_major
from ..objects import constructor, layer
from .common import array_of, output, refuse, show

DROPOUTS = ("Dropout", "AlphaDropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")


def _rated(name: str) -> None:
    @constructor(f"keras.layers.{name}")
    def check(*, rate: Value) -> None:
        number = isinstance(rate, (int, float)) and not isinstance(rate, bool)
        if number and not 0 <= rate <= 1 and (keras_major() == 3 or name not in ("AlphaDropout", "GaussianDropout")):
            raise refuse(name, f"`rate` is a fraction from 0 to 1, got {show(rate)}")


for _name in DROPOUTS:
    _rated(_name)


@layer(*(f"keras.layers.{name}" for name in (*DROPOUTS, "GaussianNoise")))
def noise(inputs: Value) -> Array:
    """Leave the shape as it is."""
    x = array_of(inputs)
    return output(x, x.shape)
