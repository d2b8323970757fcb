"""Files: what is read has the shape that the program gave it, or that the file's header tells, where there is one."""

from __future__ import annotations

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Iteration, LibObj, ListObj, Seq, Value, fresh
from ...rules.arrays import RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same
from ..api import Mismatch, files, items, models
from ..files import NOTHING, Header, Table, Text, path_of
from .convert import as_array, number, whole
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
    file = path_of(file)
    if not isinstance(file, str):
        return UNKNOWN
    written = files().written(file)
    if written is not NOTHING:
        if isinstance(written, Array):
            return written
        if isinstance(written, DictObj):
            return LibObj(NPZ, written.state)
        return LibObj(NPZ) if file.endswith(".npz") else UNKNOWN
    if file.endswith(".npz"):
        found = files().arrays(file)
        return LibObj(NPZ, None if found is None else {name: _stored(header, allow_pickle) for name, header in found.items()})
    if file.endswith(".npy"):
        return _stored(files().array(file), allow_pickle)
    return UNKNOWN


NPZ = "numpy.lib.npyio.NpzFile"


def _stored(header: Header | None, allow_pickle: Value) -> Value:
    """Return the array that a header describes. Objects may be anything, a dict in an array of no axes as well."""
    if header is None or (header.descr is not None and "O" in header.descr):
        return UNKNOWN if allow_pickle is not False else Array(None)
    return Array(header.shape, None if header.descr is None else dtype_name(header.descr))


@models(f"{NPZ}.__getitem__")
def npz_getitem(self: Value, key: Value) -> Value:
    """One of the arrays."""
    known = self.state
    if not isinstance(known, dict) or not isinstance(key, str):
        return Array(None)
    return known.get(key.removesuffix(".npy"), known.get(key, UNKNOWN))


@models(f"{NPZ}.get")
def npz_get(self: Value, key: Value, default: Value = None) -> Value:
    """One of the arrays, where there is one of that name."""
    known = self.state
    return known[key] if isinstance(known, dict) and isinstance(key, str) and key in known else UNKNOWN


def _names(self: Value) -> tuple[str, ...] | None:
    known = self.state
    return tuple(known) if isinstance(known, dict) and OTHERS not in known else None


@models(f"{NPZ}.files", kind="property")
def npz_files(self: Value) -> Value:
    """The arrays' names."""
    names = _names(self)
    return UNKNOWN if names is None else ListObj(Seq(names))


@models(f"{NPZ}.keys", f"{NPZ}.__iter__")
def npz_keys(self: Value) -> Value:
    """The arrays' names, one by one."""
    return Iteration(_names(self), UNKNOWN, UNKNOWN_DIM)


@models(f"{NPZ}.values")
def npz_values(self: Value) -> Value:
    """The arrays, one by one."""
    names = _names(self)
    return Iteration(None if names is None else tuple(self.state[name] for name in names), UNKNOWN, UNKNOWN_DIM)


@models(f"{NPZ}.items")
def npz_items(self: Value) -> Value:
    """The arrays with their names, one by one."""
    names = _names(self)
    return Iteration(None if names is None else tuple((name, self.state[name]) for name in names), (UNKNOWN, UNKNOWN), UNKNOWN_DIM)


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
    made = _table(dtype, usecols, unpack, ndmin)
    simple = converters is None and max_rows is None and quotechar is None and encoding in (None, "utf-8", "bytes")
    return _counted(made, fname, comments, delimiter, skiprows, ndmin) if simple and usecols is None else made


@models("numpy.genfromtxt", "numpy.recfromcsv")
def genfromtxt(
    fname: Value, dtype: Value = float, *args: Value, usecols: Value = None, unpack: Value = False, ndmin: Value = 0, **options: Value
) -> Value:
    """A table from a text file, gaps filled."""
    if dtype is None:
        return Array(None)
    made = _table(None if dtype is float else dtype, usecols, unpack, ndmin)
    said = dict(zip(("comments", "delimiter", "skip_header"), args))
    said.update(options)
    if usecols is not None or len(args) > 3 or said.keys() - _COUNTABLE:
        return made
    return _counted(made, fname, said.get("comments", "#"), said.get("delimiter"), said.get("skip_header", 0), ndmin)


_COUNTABLE = frozenset(("comments", "delimiter", "skip_header", "filling_values", "missing_values", "autostrip"))
"""Options of ``genfromtxt`` with which the columns are those of the text."""


def _counted(made: Value, name: Value, comments: Value, delimiter: Value, skipped: Value, ndmin: Value) -> Value:
    """Return a table with the number of columns that the file's first lines of data have, two at least: one line alone loses its axis."""
    plain = isinstance(comments, str) and (delimiter is None or (isinstance(delimiter, str) and len(delimiter) == 1))
    name = path_of(name)
    if not isinstance(made, Array) or not plain or not isinstance(skipped, int) or ndmin not in (0, 2):
        return made
    written = Text(name.state) if isinstance(name, LibObj) and isinstance(name.state, str) else files().written(name)
    if isinstance(written, Table):
        same_sign = written.separator == delimiter or (delimiter is None and written.separator.isspace())
        if not same_sign or written.labels is not None or skipped or not is_exact(written.rows) or not is_exact(written.width):
            return made
        return Array(_squeezed(written.rows, written.width, ndmin), made.dtype)
    if written is not NOTHING and not isinstance(written, Text):
        return made
    text = (written.text, True) if isinstance(written, Text) else files().text(name) if isinstance(name, str) else None
    if text is None:
        return made
    widths = []
    for line in text[0].split("\n")[skipped:]:
        line = line.split(comments)[0].strip() if comments else line.strip()
        if line:
            widths.append(len(line.split(delimiter)))
    if len(widths) < 2 or len(set(widths)) > 1:
        return made
    if isinstance(written, Text):
        return Array(_squeezed(len(widths), widths[0], ndmin), made.dtype)
    return Array((fresh("n"),) if widths[0] == 1 and ndmin == 0 else (fresh("n"), widths[0]), made.dtype)


def _table(dtype: Value, usecols: Value, unpack: Value, ndmin: Value) -> Value:
    wanted = dtype_name(dtype) if dtype is not None else "float64"
    if unpack is not False or (dtype is not None and wanted in (None, "void")):
        return UNKNOWN
    columns = items(usecols)
    if columns is not None and len(columns) > 1:
        return Array((fresh("n"), len(columns)), wanted)
    if isinstance(whole(usecols), int) and ndmin == 0:
        return Array((fresh("n"),), wanted)
    if ndmin == 2:
        return Array((fresh("n"), UNKNOWN_DIM), wanted)
    return Array(None, wanted, history=TABLE)


TABLE = object()
"""History of an array that has two axes at the most: what is asked for a row and a column of it has both."""


def _squeezed(rows: Dim, width: Dim, ndmin: Value) -> Shape | None:
    """Return the shape of a table that was read: without ``ndmin`` an axis of 1 is lost."""
    if ndmin == 2:
        return (rows, width)
    if any(same(d, 1) is None for d in (rows, width)):
        return None
    return tuple(d for d in (rows, width) if not same(d, 1))


@models("numpy.fromfile", "numpy.frombuffer", "numpy.fromstring")
def fromfile(file: Value, dtype: Value = None, count: Value = -1, sep: Value = "", offset: Value = 0, *, like: Value = None) -> Value:
    """Numbers from bytes, on one axis."""
    many = number(count)
    length: Dim = many if isinstance(many, int) and many >= 0 else fresh("n", 0)
    return Array((length,), dtype_name(dtype) if dtype is not None else "float64")


@models("numpy.memmap")
def memmap(
    filename: Value, dtype: Value = "uint8", mode: Value = "r+", offset: Value = 0, shape: Value = None, order: Value = "C"
) -> Value:
    """An array that lies in a file."""
    from .convert import lengths

    return Array((fresh("n"),) if shape is None else lengths(shape), dtype_name(dtype))


@models("numpy.save")
def save(file: Value, arr: Value, allow_pickle: Value = True, fix_imports: Value = True) -> Value:
    """Write an array to a file, whose name ends in ``.npy`` whatever it was given as."""
    stored = as_array(arr)
    files().write(_ending(file, ".npy"), Array(stored.shape, stored.dtype, data=stored.data, bounds=stored.bounds))
    return None


@models("numpy.savez", "numpy.savez_compressed")
def savez(file: Value, *args: Value, **kwds: Value) -> Value:
    """Write arrays to one file, by their names or as ``arr_0``, ``arr_1`` …."""
    named = {f"arr_{i}": a for i, a in enumerate(args)} | {k: v for k, v in kwds.items() if k != "allow_pickle"}
    stored = {name: as_array(value) for name, value in named.items()}
    plain = {name: Array(a.shape, a.dtype, data=a.data, bounds=a.bounds) for name, a in stored.items()}
    files().write(_ending(file, ".npz"), DictObj(plain))
    return None


def _ending(file: Value, suffix: str) -> Value:
    file = path_of(file)
    return file if not isinstance(file, str) or file.endswith(suffix) else file + suffix


@models("numpy.savetxt")
def savetxt(fname: Value, X: Value, *args: Value, **options: Value) -> Value:
    """Write a table as text."""
    named = dict(zip(("fmt", "delimiter", "newline", "header", "footer", "comments", "encoding"), args)) | options
    table, separator = as_array(X), named.get("delimiter", " ")
    if table.shape is not None and len(table.shape) not in (1, 2):
        raise Mismatch(RankDemanded("np.savetxt", table.shape, "one or two axes", "reshape it to a matrix, or use np.save"), table)
    plain = table.shape is not None and len(table.shape) in (1, 2) and isinstance(separator, str)
    if not plain or table.shape is None or named.get("header", "") != "" or named.get("footer", "") != "":
        files().write(fname, UNKNOWN)
    else:
        files().write(fname, Table(table.shape[0], table.shape[1] if len(table.shape) == 2 else 1, None, None, separator))
    return None


@models("numpy.set_printoptions", "numpy.seterr", "numpy.info")
def option(*args: Value, **kwargs: Value) -> Value:
    """Set an option; nothing that has a shape comes back."""
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
