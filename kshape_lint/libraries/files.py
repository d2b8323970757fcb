"""Files that a program reads and writes: what lies on the disk, by its header alone, and what the program itself has put where.

A file is never executed, unpickled or read as a whole: a fixed number of bytes is read of it, a shape is picked from them by
pattern, and whatever is not as expected is not known. Only regular files are opened.
"""

from __future__ import annotations

import importlib
import os
import re
import stat
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ..interpreter.values import OTHERS, UNKNOWN, DictObj, LibObj, Value
from ..interpreter.world import leaves
from ..records import record

if TYPE_CHECKING:
    from .hdf5.reader import Stored

T = TypeVar("T")

MOST_HEADER = 10_000
"""The longest header of an array; NumPy itself refuses longer ones."""
MOST_TEXT = 1 << 16
"""How much is read of the beginning of a text file."""
MOST_DIRECTORY = 1 << 20
"""The longest table of contents of an archive."""
MOST_CONFIG = 1 << 22
"""The longest description of a model."""
MOST_RANK = 64

_HEADER = re.compile(
    r"\{\s*'descr':\s*(?P<descr>'[^']*'|\[.*\]),\s*'fortran_order':\s*(?:True|False),\s*'shape':\s*\((?P<shape>[\d, L]*)\)\s*,?\s*\}\s*"
)


TEXT_FILE, BINARY_FILE = "builtins.TextFile", "builtins.BinaryFile"
"""The classes of what ``open`` returns; the state is the file's path alone."""


class _NothingWritten:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _NothingWritten()
"""Says that the program has put nothing at a path."""


PATH = "pathlib.Path"


@record
class Text:
    """Text that the program has put into a file."""

    text: str


@record
class Table:
    """A table that the program has put into a text file.

    `labels` are those of its columns, in order, None where they are not written or not all known; `dtypes` go with them.
    """

    rows: Any
    width: Any
    labels: tuple[Any, ...] | None
    dtypes: tuple[str | None, ...] | None
    separator: str


def path_of(value: Value) -> Value:
    """Return a path as text where it is a ``pathlib.Path``."""
    return value.state if isinstance(value, LibObj) and value.path == PATH else value


@record
class Header:
    """What an array's file says of it. `descr` is NumPy's description of the elements, such as ``<f4``; None for records."""

    shape: tuple[int, ...]
    descr: str | None


class Files:
    """The files of one run. `folders` are those in which relative paths are looked for; with None nothing on the disk is read."""

    def __init__(self, folders: Sequence[str] | None = None) -> None:
        self.folders = None if folders is None else tuple(dict.fromkeys(folders))
        # An object of the run, so that what a branch has written is undone and joined like all else.
        self._written = DictObj({})
        self._read: dict[tuple[str, str], Any] = {}

    # What the program writes.

    def write(self, path: Value, value: Value) -> None:
        """Note that the program puts `value` at `path`; where that is not known, it may be any place it has written to."""
        state = self._written.state
        path = path_of(path)
        if isinstance(path, str):
            self._written.put({**state, _key(path): value})
        else:
            self._written.put(dict.fromkeys(state, UNKNOWN))

    def touch(self, path: Value) -> None:
        """Note that something unknown may have been put at `path`."""
        if isinstance(path_of(path), str):
            self.write(path, UNKNOWN)

    def forget(self) -> None:
        """Forget what has been written: the code that follows may run at any time."""
        # What some branch has written is forgotten too, so the open questions are not asked here.
        written = {path: UNKNOWN for way in leaves(self._written._state) if isinstance(way, dict) for path in way}
        if written:
            self._written.put(written)

    def leave(self) -> None:
        """Note that relative paths begin elsewhere from here on."""
        self._written.put({OTHERS: UNKNOWN})

    def written(self, path: Value) -> Value:
        """Return what the program has put at `path`: `NOTHING` where nothing, `UNKNOWN` where that cannot be told."""
        path = path_of(path)
        if not isinstance(path, str):
            return UNKNOWN
        state = self._written.state
        key = _key(path)
        if key in state:
            return state[key]
        return UNKNOWN if (OTHERS in state and not os.path.isabs(path)) or self._may_be_in(state, key) else NOTHING

    def _may_be_in(self, state: dict[Any, Value], key: str) -> bool:
        """Tell whether a path may be one of those written to, where one of the two begins at the root and the other does not."""
        whole, others = os.path.isabs(key), [k for k in state if isinstance(k, str) and os.path.isabs(k) != os.path.isabs(key)]
        return bool(others) and any(
            key == os.path.normpath(os.path.join(folder, other)) if whole else other == os.path.normpath(os.path.join(folder, key))
            for folder in self.folders or ()
            for other in others
        )

    # What lies on the disk.

    def array(self, path: str) -> Header | None:
        """Return the shape of the array in a ``.npy`` file."""
        return self._agreed("npy", path, lambda file: _npy(file.read))

    def arrays(self, path: str) -> dict[str, Header | None] | None:
        """Return the shapes of the arrays in a ``.npz`` file, by name, in the file's order."""
        return self._agreed("npz", path, _npz)

    def text(self, path: str) -> tuple[str, bool] | None:
        """Return how a text file begins, whole lines only, and whether that is all of it; one that is packed is unpacked as far."""
        return self._agreed("text", path, _unpacking(path.rpartition(".")[2]))

    def config(self, path: str) -> dict[str, Any] | None:
        """Return the description of the model in a ``.keras`` or ``.h5`` file."""
        return self._agreed("keras", path, _config if path.endswith(".keras") else _old_config)

    def tables(self, path: str) -> dict[str, Stored | None] | None:
        """Return the arrays in an HDF5 file by their paths; a group's value is None."""
        from .hdf5.reader import arrays

        return self._agreed("hdf5", path, arrays)

    def _agreed(self, form: str, path: str, read: Callable[[Any], T | None]) -> T | None:
        """Return what the file at `path` says; None where files in several folders go by that path and differ."""
        if self.folders is None or path.startswith(("\\\\", "//")) or "://" in path or "\0" in path:
            return None
        key = (form, path)
        if key not in self._read:
            found: list[T | None] = []
            for candidate in dict.fromkeys(os.path.join(folder, path) for folder in self.folders):
                if os.path.lexists(candidate):
                    found.append(_opened(candidate, read))
            self._read[key] = found[0] if found and all(f == found[0] for f in found) else None
        answer: T | None = self._read[key]
        return answer


def _key(path: str) -> str:
    return os.path.normpath(path)


def _opened(path: str, read: Callable[[Any], T | None]) -> T | None:
    try:
        # Not the open first: that of a pipe waits until somebody writes.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return read(file)
    except Exception:
        # A file can be broken in more ways than there are names for. Nothing of the run is asked in there.
        return None


def _npy(read: Callable[[int], bytes]) -> Header | None:
    start = read(8)
    if start[:6] != b"\x93NUMPY" or len(start) < 8:
        return None
    wide = start[6] >= 2
    (length,) = struct.unpack("<I" if wide else "<H", read(4 if wide else 2))
    if length > MOST_HEADER:
        return None
    data = read(length)
    match = _HEADER.fullmatch(data.decode("utf-8" if start[6] >= 3 else "latin1"))
    if match is None or len(data) < length:
        return None
    shape = tuple(int(d.rstrip("L")) for d in match["shape"].replace(" ", "").split(",") if d)
    descr = match["descr"]
    return Header(shape, descr.strip("'") if descr.startswith("'") else None) if len(shape) <= MOST_RANK else None


def _npz(file: Any) -> dict[str, Header | None] | None:
    archive = _archive(file)
    if archive is None:
        return None
    out: dict[str, Header | None] = {}
    with archive:
        for info in archive.infolist():
            if not info.filename.endswith(".npy"):
                return None
            out[info.filename.removesuffix(".npy")] = None
            if info.compress_type in (0, 8) and not info.flag_bits & 1 and len(out) <= 1000:
                with archive.open(info) as member:
                    out[info.filename.removesuffix(".npy")] = _npy(member.read)
    return out


def _config(file: Any) -> dict[str, Any] | None:
    archive = _archive(file)
    if archive is None:
        return None
    with archive:
        info = next((i for i in archive.infolist() if i.filename == "config.json"), None)
        if info is None or info.compress_type not in (0, 8) or info.flag_bits & 1 or info.file_size > MOST_CONFIG:
            return None
        with archive.open(info) as member:
            data = member.read(MOST_CONFIG + 1)
    import json

    found = json.loads(data) if len(data) <= MOST_CONFIG else None
    return found if isinstance(found, dict) else None


def _archive(file: Any) -> Any:
    """Open an archive whose table of contents is not too long to be read."""
    import zipfile

    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        return None
    (length,) = struct.unpack("<I", tail[at + 12 : at + 16])
    # All ones stand for a longer number elsewhere, as in archives of many gigabytes.
    if length > MOST_DIRECTORY:
        return None
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        return None


def _old_config(file: Any) -> dict[str, Any] | None:
    """Read the description of a model in an HDF5 file, and how it was compiled, as a ``.keras`` file has it."""
    import json

    from .hdf5.reader import root_text

    described = root_text(file, "model_config")
    found = None if described is None else json.loads(described)
    if not isinstance(found, dict):
        return None
    training = root_text(file, "training_config")
    return {**found, "compile_config": None if training is None else json.loads(training)}


def _unpacking(suffix: str) -> Callable[[Any], tuple[str, bool] | None]:
    """Return what reads a text file of this suffix, as pandas and NumPy unpack it by its name."""
    if suffix in ("gz", "bz2", "xz"):

        def read(file: Any) -> tuple[str, bool] | None:
            module = importlib.import_module({"gz": "gzip", "bz2": "bz2", "xz": "lzma"}[suffix])
            with module.open(file) as unpacked:
                return _text(unpacked)

        return read
    return _zipped_text if suffix == "zip" else _text


def _zipped_text(file: Any) -> tuple[str, bool] | None:
    archive = _archive(file)
    if archive is None:
        return None
    with archive:
        if len(archive.infolist()) != 1:
            return None
        (info,) = archive.infolist()
        if info.compress_type not in (0, 8) or info.flag_bits & 1:
            return None
        with archive.open(info) as member:
            return _text(member)


def _text(file: Any) -> tuple[str, bool] | None:
    data = file.read(MOST_TEXT + 1)
    whole = len(data) <= MOST_TEXT
    if not whole:
        data = data[: data.rfind(b"\n") + 1]
    if b"\0" in data:
        return None
    text = data.decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n"), whole
