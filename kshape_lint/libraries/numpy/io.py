"""Files: what is read has a shape that the script does not tell."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, LibObj, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim
from ..api import models
from .convert import number, whole
from .dtypes import dtype_name


@models("numpy.load")
def load(
    file: Value,
    mmap_mode: Value = None,
    allow_pickle: Value = False,
    fix_imports: Value = True,
    encoding: Value = "ASCII",
    *,
    max_header_size: Value = 10000,
) -> Value:
    """An array from a ``.npy`` file, or a table of arrays from an ``.npz`` one."""
    if isinstance(file, str) and file.endswith(".npz"):
        return LibObj("numpy.lib.npyio.NpzFile", file)
    if isinstance(file, str) and file.endswith(".npy"):
        return UNKNOWN if allow_pickle is not False else Array(None)
    return UNKNOWN


@models("numpy.lib.npyio.NpzFile.__getitem__")
def npz_getitem(self: Value, key: Value) -> Value:
    """One of the arrays."""
    return Array(None)


@models("numpy.lib.npyio.NpzFile.__enter__")
def npz_enter(self: Value) -> Value:
    """The table itself, in a ``with`` block."""
    return self


@models("numpy.lib.npyio.NpzFile.__exit__", "numpy.lib.npyio.NpzFile.close")
def npz_exit(self: Value, *args: Value) -> Value:
    """Close the file."""
    return None


@models("numpy.loadtxt")
def loadtxt(
    fname: Value,
    dtype: Value = None,
    comments: Value = "#",
    delimiter: Value = None,
    converters: Value = None,
    skiprows: Value = 0,
    usecols: Value = None,
    unpack: Value = False,
    ndmin: Value = 0,
    encoding: Value = None,
    max_rows: Value = None,
    *,
    quotechar: Value = None,
    like: Value = None,
) -> Value:
    """A table from a text file: its rank hangs on how many columns there are."""
    return _table(dtype, usecols, unpack, ndmin)


@models("numpy.genfromtxt", "numpy.recfromcsv")
def genfromtxt(
    fname: Value, dtype: Value = float, *args: Value, usecols: Value = None, unpack: Value = False, ndmin: Value = 0, **options: Value
) -> Value:
    """A table from a text file, gaps filled."""
    if dtype is None:
        return Array(None)
    return _table(None if dtype is float else dtype, usecols, unpack, ndmin)


def _table(dtype: Value, usecols: Value, unpack: Value, ndmin: Value) -> Value:
    wanted = dtype_name(dtype) if dtype is not None else "float64"
    if unpack is not False or (dtype is not None and wanted is None):
        return UNKNOWN
    from ..api import items

    columns = items(usecols)
    if columns is not None and len(columns) > 1:
        return Array((fresh("n"), len(columns)), wanted)
    if isinstance(whole(usecols), int) and ndmin == 0:
        return Array((fresh("n"),), wanted)
    if ndmin == 2:
        return Array((fresh("n"), UNKNOWN_DIM), wanted)
    return Array(None, wanted)


@models("numpy.fromfile", "numpy.frombuffer", "numpy.fromstring")
def fromfile(file: Value, dtype: Value = None, count: Value = -1, sep: Value = "", offset: Value = 0, *, like: Value = None) -> Value:
    """Numbers from bytes, on one axis."""
    many = number(count)
    length: Dim = many if isinstance(many, int) and many >= 0 else fresh("n")
    return Array((length,), dtype_name(dtype) if dtype is not None else "float64")


@models("numpy.memmap")
def memmap(
    filename: Value, dtype: Value = "uint8", mode: Value = "r+", offset: Value = 0, shape: Value = None, order: Value = "C"
) -> Value:
    """An array that lies in a file."""
    from .convert import lengths

    return Array((fresh("n"),) if shape is None else lengths(shape), dtype_name(dtype))


@models("numpy.save", "numpy.savez", "numpy.savez_compressed", "numpy.savetxt", "numpy.set_printoptions", "numpy.seterr", "numpy.info")
def save(*args: Value, **arrays: Value) -> Value:
    """Write to a file, or set an option; nothing that has a shape comes back."""
    return None


@models("numpy.vectorize.__call__")
def vectorized(self: Value, *args: Value, **kwargs: Value) -> Value:
    """A function applied element by element."""
    from .convert import as_array, is_foreign
    from .elementwise import common_shape

    if self.state is not None or any(is_foreign(a) for a in args) or not args:
        return UNKNOWN
    return Array(common_shape("np.vectorize", [as_array(a) for a in args]))


@models("numpy.vectorize")
def vectorize(
    pyfunc: Value = None, otypes: Value = None, doc: Value = None, excluded: Value = None, cache: Value = False, signature: Value = None
) -> Value:
    """A function that works element by element."""
    return LibObj("numpy.vectorize", "given" if signature is not None or excluded is not None else None)


@models("numpy.frompyfunc")
def frompyfunc(func: Value, /, nin: Value, nout: Value, *, identity: Value = None) -> Value:
    """A function that works element by element."""
    return LibObj("numpy.vectorize", None if nout == 1 else "several")


@models("numpy.lib.stride_tricks.sliding_window_view")
def sliding_window_view(x: Value, window_shape: Value, axis: Value = None, *, subok: Value = False, writeable: Value = False) -> Value:
    """All windows along axes: the windows' lengths come last."""
    from ...shapes.reshape import plus
    from .convert import as_array, axes, lengths

    a, window, which = as_array(x), lengths(window_shape), axes(axis)
    if a.shape is None or window is None:
        return Array(None, a.dtype)
    chosen = tuple(range(len(a.shape))) if which is None else which
    if not isinstance(chosen, tuple) or len(chosen) != len(window) or any(not -len(a.shape) <= c < len(a.shape) for c in chosen):
        return Array(None, a.dtype)
    out = list(a.shape)
    for c, w in zip(chosen, window):
        out[c] = plus(out[c], plus(1, -w if isinstance(w, int) else UNKNOWN_DIM))
    return Array((*out, *window), a.dtype)


@models("numpy.lib.stride_tricks.as_strided")
def as_strided(x: Value, shape: Value = None, strides: Value = None, subok: Value = False, writeable: Value = True) -> Value:
    """The memory seen under any shape."""
    from .convert import as_array, lengths

    return Array(as_array(x).shape if shape is None else lengths(shape), as_array(x).dtype)
