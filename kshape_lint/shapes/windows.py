"""Windows that slide along an axis: convolution, pooling, and convolution backwards."""

from __future__ import annotations

from .dim import UNKNOWN_DIM, Dim, at_least, is_exact
from .errors import WindowExhausts
from .reshape import ceil_divide, plus, times
from .shape import Shape


def window_extent(kernel: Dim, dilation: Dim = 1) -> Dim:
    """Return how many elements a dilated kernel spans."""
    return plus(times(plus(kernel, -1), dilation), 1)


def window_length(length: Dim, kernel: Dim, stride: Dim = 1, padding: str = "valid", dilation: Dim = 1, axis: int = 0) -> Dim:
    """Return how often a window fits along an axis: convolution and pooling. `padding` is valid, same, causal or full.

    Raises `WindowExhausts` where nothing is left.
    """
    if padding in ("same", "causal"):
        return ceil_divide(length, stride) if isinstance(stride, int) and stride > 0 else UNKNOWN_DIM
    extent = window_extent(kernel, dilation)
    if padding == "full":
        length = plus(length, plus(extent, -1))
    elif padding != "valid":
        return UNKNOWN_DIM
    left = plus(length, times(extent, -1))
    if not is_exact(left):
        return left
    if left < 0 if isinstance(left, int) else at_least(-left, 1):
        raise WindowExhausts(length, extent, axis)
    if not isinstance(stride, int) or stride < 1:
        return UNKNOWN_DIM
    return left + 1 if stride == 1 else left // stride + 1


def window_shape(
    lengths: Shape, kernel: Shape, strides: Shape | None = None, padding: str = "valid", dilation: Shape | None = None
) -> Shape:
    """Return `window_length` along each of several spatial axes; the error names the axis by its place in `lengths`."""
    ones = (1,) * len(lengths)
    return tuple(
        window_length(d, k, s, padding, r, i) for i, (d, k, s, r) in enumerate(zip(lengths, kernel, strides or ones, dilation or ones))
    )


def transposed_length(
    length: Dim, kernel: Dim, stride: Dim = 1, padding: str = "valid", output_padding: Dim = None, dilation: Dim = 1
) -> Dim:
    """Return the length after a transposed convolution. `output_padding` None means that Keras works it out."""
    if length is None:
        return None
    extent = window_extent(kernel, dilation)
    if output_padding is None:
        grown = times(length, stride)
        if padding == "same":
            return grown
        if isinstance(extent, int) and isinstance(stride, int):
            return plus(grown, max(extent - stride, 0))
        return UNKNOWN_DIM
    spanned = plus(times(plus(length, -1), stride), plus(extent, output_padding))
    if padding == "same":
        half = extent // 2 if isinstance(extent, int) else UNKNOWN_DIM
        return plus(spanned, times(half, -2))
    return spanned


def transposed_shape(
    lengths: Shape,
    kernel: Shape,
    strides: Shape | None = None,
    padding: str = "valid",
    output_padding: Shape | None = None,
    dilation: Shape | None = None,
) -> Shape:
    """Return `transposed_length` along each of several spatial axes."""
    ones = (1,) * len(lengths)
    extra: Shape = output_padding if output_padding is not None else (None,) * len(lengths)
    return tuple(
        transposed_length(d, k, s, padding, o, r) for d, k, s, o, r in zip(lengths, kernel, strides or ones, extra, dilation or ones)
    )
