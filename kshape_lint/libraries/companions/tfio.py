"""TensorFlow I/O: operations on sound that keep its axes."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Value
from ...shapes import UNKNOWN_DIM
from ..api import models
from ..tensorflow.common import out, tensor

ROOT = "tensorflow_io.audio"


@models(*(f"{ROOT}.{name}" for name in ("dbscale", "freq_mask", "time_mask", "fade")))
def unchanged(input: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape stays."""
    a = tensor(input)
    return UNKNOWN if a is None else out(a.shape, a.dtype, a)


@models(f"{ROOT}.resample")
def resample(input: Value, rate_in: Value, rate_out: Value, quality: Value = None, name: Value = None) -> Value:
    """Another number of samples on the first axis, the channels as they are."""
    a = tensor(input)
    return UNKNOWN if a is None else out(None if not a.shape else (UNKNOWN_DIM,) * len(a.shape), a.dtype, a)
