"""``h5py``: files of arrays by name, those that the program writes itself and those whose headers lie on the disk."""

from __future__ import annotations

from typing import Any

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Iteration, LibObj, Value, fresh_unknown
from ...records import record
from ...shapes import UNKNOWN_DIM, Dim
from ..api import as_shape, bases, files, host, items, models
from ..arraylike import as_array, dtype_name
from ..files import NOTHING

_FILE, _GROUP, _DATASET = "h5py.File", "h5py.Group", "h5py.Dataset"
bases(_FILE, _GROUP)


@record
class Folder:
    """State of a file or of a group in it: the file's path, and the group's within it."""

    file: Value
    prefix: str = ""
    mode: Value = "r"


def _contents(folder: Folder) -> dict[Any, Any] | None:
    """Return what is known of the file: arrays by their paths, None for a group; `OTHERS` says that there may be more."""
    written = files().written(folder.file)
    if isinstance(written, DictObj):
        return written.state
    if written is not NOTHING or not isinstance(folder.file, str):
        return None
    found = files().tables(folder.file)
    if found is None:
        return None
    return {name: None if stored is None else Array(stored.shape, stored.dtype) for name, stored in found.items()}


@models(_FILE)
def open_file(name: Value, mode: Value = "r", *args: Value, **kwargs: Value) -> Value:
    """A file of arrays."""
    folder = Folder(name, "", mode)
    if mode in ("w", "w-", "x"):
        files().write(name, DictObj({}))
    elif mode != "r":
        known = _contents(folder) if isinstance(mode, str) else None
        if known is not None:
            files().write(name, DictObj(known))
        elif mode == "a" and files().written(name) is NOTHING:
            files().write(name, DictObj({OTHERS: UNKNOWN}))
        else:
            files().touch(name)
    return LibObj(_FILE, folder)


def _folder(self: Value) -> Folder:
    state = self.state
    return state if isinstance(state, Folder) else Folder(UNKNOWN)


def _path(folder: Folder, name: str) -> str:
    return name.strip("/") if name.startswith("/") or not folder.prefix else f"{folder.prefix}/{name.strip('/')}"


def _put(self: Value, name: Value, value: Array | None) -> None:
    folder = _folder(self)
    known = _contents(folder)
    if not isinstance(name, str) or known is None:
        files().touch(folder.file)
        return
    files().write(folder.file, DictObj({**known, _path(folder, name): value}))


@models(_GROUP + ".create_dataset", _GROUP + ".require_dataset")
def create_dataset(
    self: Value, name: Value, shape: Value = None, dtype: Value = None, data: Value = None, maxshape: Value = None, **kwargs: Value
) -> Value:
    """An array in the file: of the shape that is given, else of that of the data."""
    given = None if data is None else as_array(data)
    dims = as_shape(shape) if shape is not None else given.shape if given is not None else None
    kind = dtype_name(dtype) if dtype is not None else given.dtype if given is not None else "float32" if data is None else None
    if dims is not None and maxshape is not None:
        # What may grow is as long as the program last made it.
        most = items(maxshape)
        dims = tuple(UNKNOWN_DIM if most is None or i >= len(most) or most[i] is None else d for i, d in enumerate(dims))
    made = Array(dims, kind)
    _put(self, name, made)
    return LibObj(_DATASET, made)


@models(_GROUP + ".__setitem__")
def set_item(self: Value, name: Value, value: Value) -> Value:
    """An array in the file."""
    a = as_array(value)
    _put(self, name, Array(None) if a is None else Array(a.shape, a.dtype))
    return None


@models(_GROUP + ".create_group", _GROUP + ".require_group")
def create_group(self: Value, name: Value, *args: Value, **kwargs: Value) -> Value:
    """A folder of arrays."""
    folder = _folder(self)
    if not isinstance(name, str):
        files().touch(folder.file)
        return UNKNOWN
    known = _contents(folder)
    if known is None or _path(folder, name) not in known:
        _put(self, name, None)
    return LibObj(_GROUP, Folder(folder.file, _path(folder, name), folder.mode))


@models(_GROUP + ".__getitem__", _GROUP + ".get")
def item(self: Value, name: Value, *args: Value, **kwargs: Value) -> Value:
    """An array, or a group, by its name or path."""
    folder = _folder(self)
    known = _contents(folder)
    if not isinstance(name, str) or known is None or args or kwargs:
        return UNKNOWN
    path = _path(folder, name)
    if path in known or any(isinstance(k, str) and k.startswith(path + "/") for k in known):
        found = known.get(path)
        return LibObj(_GROUP, Folder(folder.file, path, folder.mode)) if found is None else LibObj(_DATASET, found)
    return UNKNOWN


def _names(self: Value) -> tuple[str, ...] | None:
    folder = _folder(self)
    known = _contents(folder)
    if known is None or OTHERS in known:
        return None
    begin = f"{folder.prefix}/" if folder.prefix else ""
    return tuple(sorted({k[len(begin) :].partition("/")[0] for k in known if isinstance(k, str) and k.startswith(begin)}))


@models(_GROUP + ".keys", _GROUP + ".__iter__")
def keys(self: Value) -> Value:
    """The names, in their order."""
    names = _names(self)
    return Iteration(names, fresh_unknown(), UNKNOWN_DIM)


@models(_GROUP + ".values")
def values(self: Value) -> Value:
    """What goes by the names."""
    names = _names(self)
    return Iteration(None if names is None else tuple(item(self, name) for name in names), UNKNOWN, UNKNOWN_DIM)


@models(_GROUP + ".items")
def pairs(self: Value) -> Value:
    """The names, with what goes by them."""
    names = _names(self)
    return Iteration(None if names is None else tuple((name, item(self, name)) for name in names), (UNKNOWN, UNKNOWN), UNKNOWN_DIM)


@models(_GROUP + ".__len__")
def count(self: Value) -> Value:
    """How many names there are."""
    names = _names(self)
    return UNKNOWN if names is None else len(names)


@models(_FILE + ".__enter__")
def enter(self: Value) -> Value:
    """The file itself, in a ``with`` block."""
    return self


@models(_FILE + ".__exit__", _FILE + ".close", _FILE + ".flush")
def leave(self: Value, *args: Value) -> Value:
    """Close the file."""
    return None


# --- an array in a file ---------------------------------------------------------------------------------------------------------


def _array(self: Value) -> Array:
    state = self.state
    return state if isinstance(state, Array) else Array(None)


@models(_DATASET + ".__getitem__")
def dataset_item(self: Value, key: Value) -> Value:
    """A part of the array, read into memory; all of it for ``[:]``, ``[...]`` and ``[()]``."""
    a = _array(self)
    if key == ():
        return a if a.shape != () else UNKNOWN
    return host().item(a, key)


@models(_DATASET + ".__setitem__")
def set_part(self: Value, key: Value, value: Value) -> Value:
    """A part of the array is written."""
    return None


@models(_DATASET + ".__array__", _DATASET + ".astype")
def whole(self: Value, *args: Value, **kwargs: Value) -> Value:
    """All of the array."""
    return _array(self)


@models(_DATASET + ".shape", kind="property")
def shape(self: Value) -> Value:
    """The lengths."""
    return host().attribute(_array(self), "shape")


@models(_DATASET + ".ndim", kind="property")
def ndim(self: Value) -> Value:
    """The number of axes."""
    return host().attribute(_array(self), "ndim")


@models(_DATASET + ".value", kind="property")
def value(self: Value) -> Value:
    """All of the array, as it was once read."""
    return _array(self)


@models(_DATASET + ".__len__")
def length(self: Value) -> Value:
    """The length of the first axis."""
    a = _array(self)
    rows: Dim = a.shape[0] if a.shape else UNKNOWN_DIM
    return rows


@models(_DATASET + ".__iter__")
def iterate(self: Value) -> Value:
    """The parts along the first axis."""
    return host().iterate(_array(self))


@models(_DATASET + ".resize")
def resize(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Another length, which is taken for open from the beginning."""
    return None
