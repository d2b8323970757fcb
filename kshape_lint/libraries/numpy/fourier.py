"""Fourier transforms: which axes they leave as they are, and to what length they bring the others."""

from __future__ import annotations

from ...interpreter.values import Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape
from ...shapes.axes import axis_index
from ...shapes.reshape import times
from ..api import models
from ..refusals import refusing
from .convert import as_array, axes, lengths, number, whole


def _exact(n: Value) -> Dim:
    count = number(n)
    return count if isinstance(count, (int, Poly)) else UNKNOWN_DIM


def _halved(length: Dim) -> Dim:
    return length // 2 + 1 if isinstance(length, (int, Poly)) else UNKNOWN_DIM


def _doubled(length: Dim) -> Dim:
    twice = times(length, 2)
    return twice - 2 if isinstance(twice, (int, Poly)) else UNKNOWN_DIM


def _transform(name: str, real: str = "") -> None:
    @models(f"numpy.fft.{name}")
    def model(a: Value, n: Value = None, axis: Value = -1, norm: Value = None, out: Value = None) -> Value:
        x, at = as_array(a), whole(axis)
        if x.shape is None or not isinstance(at, int):
            return Array(None, "complex128")
        with refusing(f"np.fft.{name}", x):
            at = axis_index(at, len(x.shape))
        length = x.shape[at] if n is None else _exact(n)
        if real == "half":
            length = _halved(length)
        elif real == "double" and n is None:
            length = _doubled(length)
        return Array((*x.shape[:at], length, *x.shape[at + 1 :]), "float64" if real == "double" else "complex128")


for _name, _real in {"fft": "", "ifft": "", "rfft": "half", "irfft": "double", "hfft": "double", "ihfft": "half"}.items():
    _transform(_name, _real)


def _several(name: str, default: tuple[int, ...] | None, real: str = "") -> None:
    @models(f"numpy.fft.{name}")
    def model(a: Value, s: Value = None, axes: Value = default, norm: Value = None, out: Value = None) -> Value:
        return _along(f"np.fft.{name}", as_array(a), s, axes, real)


def _along(function: str, x: Array, s: Value, which: Value, real: str) -> Value:
    dtype = "float64" if real == "double" else "complex128"
    wanted: Shape | None = None if s is None else lengths(s)
    over = which if isinstance(which, tuple) or which is None else axes(which)
    if x.shape is None or (s is not None and wanted is None) or not (over is None or isinstance(over, tuple)):
        return Array(None, dtype)
    if over is None:
        over = tuple(range(-len(x.shape if wanted is None else wanted), 0))
    if (wanted is not None and len(wanted) != len(over)) or not all(isinstance(i, int) for i in over):
        return Array(None, dtype)
    out = list(x.shape)
    with refusing(function, x):
        places = [axis_index(i, len(out)) for i in over]
    if len(set(places)) < len(places):
        return Array(tuple(UNKNOWN_DIM if i in places else d for i, d in enumerate(out)), dtype)
    for at, n in zip(places, wanted or [None] * len(places)):
        out[at] = out[at] if n is None else n
    if places and real == "half":
        out[places[-1]] = _halved(out[places[-1]])
    elif places and real == "double" and wanted is None:
        out[places[-1]] = _doubled(out[places[-1]])
    return Array(tuple(out), dtype)


for _name, _real in {"fft": "", "ifft": "", "rfft": "half", "irfft": "double"}.items():
    _several(_name + "2", (-2, -1), _real)
    _several(_name + "n", None, _real)


@models("numpy.fft.fftshift", "numpy.fft.ifftshift")
def fftshift(x: Value, axes: Value = None) -> Value:
    """The zero frequency moved to the middle."""
    a = as_array(x)
    return Array(a.shape, a.dtype)


@models("numpy.fft.fftfreq")
def fftfreq(n: Value, d: Value = 1.0, device: Value = None) -> Value:
    """The frequencies of a transform."""
    return Array((_exact(n),), "float64")


@models("numpy.fft.rfftfreq")
def rfftfreq(n: Value, d: Value = 1.0, device: Value = None) -> Value:
    """The frequencies of a transform of real numbers."""
    return Array((_halved(_exact(n)),), "float64")
