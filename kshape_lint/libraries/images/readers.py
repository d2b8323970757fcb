"""Readers and resizers of other libraries: matplotlib, imageio, scikit-image, SciPy."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import as_shape, items, models
from ..arraylike import as_array


@models(
    *("matplotlib.pyplot.imread", "matplotlib.image.imread", "imageio.imread", "imageio.v2.imread", "imageio.v3.imread"),
    *("skimage.data.imread", "scipy.misc.imread", "scipy.ndimage.imread"),
)
def imread(uri: Value, *args: Value, **kwargs: Value) -> Value:
    """A grey image or one in colour: which is in the file."""
    return Array(None)


@models("skimage.io.imread")
def skimage_imread(fname: Value, as_gray: Value = False, *args: Value, **kwargs: Value) -> Value:
    """A grey image where that is asked for."""
    return Array((fresh("h"), fresh("w"))) if as_gray is True else Array(None)


@models("skimage.transform.resize")
def resize(image: Value, output_shape: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape given, (rows, columns, …); axes not given are kept."""
    a, shape = as_array(image), as_shape(output_shape)
    if a is None or a.shape is None or shape is None:
        return Array(None)
    return Array((*shape, *a.shape[len(shape) :]), None)


@models("skimage.color.rgb2gray")
def rgb2gray(rgb: Value, *args: Value, **kwargs: Value) -> Value:
    """The last axis goes."""
    a = as_array(rgb)
    return Array(None) if a is None or a.shape is None or len(a.shape) < 3 else Array(a.shape[:-1], None)


@models("skimage.color.gray2rgb")
def gray2rgb(image: Value, *args: Value, **kwargs: Value) -> Value:
    """A last axis of three comes."""
    a = as_array(image)
    return Array(None) if a is None or a.shape is None else Array((*a.shape, 3), a.dtype)


_FILTERS = ("gaussian_filter", "median_filter", "uniform_filter", "maximum_filter", "minimum_filter", "sobel", "laplace", "shift")


@models(*(f"scipy.ndimage.{name}" for name in _FILTERS), *(f"scipy.ndimage.filters.{name}" for name in _FILTERS))
def ndimage_filter(input: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    a = as_array(input)
    return Array(None) if a is None else Array(a.shape, a.dtype)


@models("scipy.ndimage.zoom", "scipy.ndimage.interpolation.zoom")
def zoom(input: Value, zoom: Value, *args: Value, **kwargs: Value) -> Value:
    """Each axis times its factor, rounded."""
    a = as_array(input)
    if a is None or a.shape is None:
        return Array(None)
    factors = items(zoom) if not isinstance(zoom, (int, float)) else (zoom,) * len(a.shape)
    if factors is None or len(factors) != len(a.shape):
        return Array((UNKNOWN_DIM,) * len(a.shape), a.dtype)
    return Array(tuple(_zoomed(d, f) for d, f in zip(a.shape, factors)), a.dtype)


def _zoomed(d: Dim, factor: Value) -> Dim:
    if isinstance(factor, (int, float)) and factor == 1:
        return d
    if isinstance(factor, int) and is_exact(d):
        return d * factor
    return round(d * factor) if isinstance(d, int) and isinstance(factor, float) else UNKNOWN_DIM


@models("scipy.ndimage.rotate", "scipy.ndimage.interpolation.rotate")
def rotate(input: Value, angle: Value, axes: Value = (1, 0), reshape: Value = True, *args: Value, **kwargs: Value) -> Value:
    """The same shape, unless it is reshaped to hold all."""
    a = as_array(input)
    if a is None or a.shape is None:
        return Array(None)
    return Array(a.shape if reshape is False else (UNKNOWN_DIM,) * len(a.shape), a.dtype)


@models("scipy.stats.zscore", "scipy.special.expit", "scipy.special.softmax", "scipy.signal.detrend", "scipy.signal.savgol_filter")
def same_shape(a: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    made = as_array(a)
    return Array(None) if made is None else Array(made.shape, "float64")


@models("scipy.misc.imresize")
def imresize(arr: Value, size: Value, *args: Value, **kwargs: Value) -> Value:
    """Old SciPy: the size is (height, width)."""
    a, parts = as_array(arr), items(size)
    if a is None or a.shape is None or parts is None or len(parts) < 2:
        return Array(None)
    h, w = (p if is_exact(p) else UNKNOWN_DIM for p in parts[:2])
    return Array((h, w, *a.shape[2:]), a.dtype)


@models("scipy.sparse.csr_matrix", "scipy.sparse.csc_matrix", "scipy.sparse.coo_matrix")
def sparse_matrix(arg1: Value, shape: Value = None, *args: Value, **kwargs: Value) -> Value:
    """A sparse matrix of an array."""
    from ...interpreter.values import LibObj

    a = as_array(arg1) if isinstance(arg1, Array) else None
    return (
        LibObj("scipy.sparse.csr_matrix", Array(a.shape, a.dtype))
        if a is not None and a.shape is not None and len(a.shape) == 2
        else UNKNOWN
    )
