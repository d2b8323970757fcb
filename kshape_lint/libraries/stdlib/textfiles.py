"""Text that a program writes and reads again: files opened for writing, ``io.StringIO``, ``csv.writer``, temporary names, ``pathlib``.

Only what tables need is followed: how many lines there are, and how many fields in each. A number that is not known stands as ``0``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from ...interpreter.values import AnyScalar, Array, Iteration, LibObj, Real, Value, fresh_unknown, some_text
from ...shapes import Poly
from ..api import UNKNOWN, bases, files, fresh, host, items, models
from ..files import PATH, TEXT_FILE, Text, path_of

SINK = "builtins.TextSink"
WRITER = "csv.writer"
STRING_IO = "io.StringIO"
_LONGEST = 200_000
"""The longest text that is kept."""

bases(SINK, TEXT_FILE)
bases(STRING_IO, TEXT_FILE)


class TextSink(LibObj):
    """A text file to be written to. Its state is what has been written, None where that is not known."""

    __slots__ = ("name",)

    def __init__(self, name: Value, path: str = SINK) -> None:
        super().__init__(path, "")
        self.name = name
        files().write(name, Text(""))

    def add(self, text: Value) -> None:
        """Write more."""
        before = self.state
        known = isinstance(before, str) and isinstance(text, str) and len(before) + len(text) <= _LONGEST
        self.put(before + text if known else AnyScalar("str"))
        files().write(self.name, Text(before + text) if known else UNKNOWN)

    def lose(self) -> None:
        """Note that somebody may have written to it."""
        self.add(None)


@models(f"{SINK}.write", f"{STRING_IO}.write")
def write(self: Value, s: Value) -> Value:
    """Write text."""
    if isinstance(self, TextSink):
        self.add(s)
    elif isinstance(self, LibObj):
        self.put(AnyScalar("str"))
    return fresh_unknown()


@models(f"{SINK}.writelines")
def writelines(self: Value, lines: Value) -> Value:
    """Write several texts."""
    parts = items(lines)
    if isinstance(self, TextSink):
        self.add("".join(parts) if parts is not None and all(isinstance(p, str) for p in parts) else None)
    return None


@models(STRING_IO)
def string_io(initial_value: Value = "", newline: Value = "\n") -> Value:
    """Text to be read as a file."""
    return LibObj(STRING_IO, initial_value)


@models(f"{STRING_IO}.read", f"{STRING_IO}.getvalue")
def string_value(self: Value, size: Value = -1) -> Value:
    """The text, or what is left of it."""
    return some_text()


# --- csv -----------------------------------------------------------------------------------------------------------------


@models("csv.writer")
def csv_writer(csvfile: Value, dialect: Value = "excel", *, delimiter: Value = ",", **options: Value) -> Value:
    """A writer of rows."""
    return LibObj(WRITER, (csvfile, delimiter if not options.keys() - {"lineterminator"} and dialect == "excel" else None))


def _line(row: Value, delimiter: Value) -> str | None:
    fields: list[str] = []
    for v in items(row) or ():
        if isinstance(v, str):
            fields.append(f'"{v}"' if set(v) & set('",\n;\t') else v)
        elif isinstance(v, (int, float, Poly, Real)) or (isinstance(v, AnyScalar) and v.dtype in ("int64", "float64", "bool")):
            fields.append(str(v) if isinstance(v, (int, float)) else "0")
        elif isinstance(v, Array) and v.shape == () and v.dtype not in (None, "object", "str"):
            fields.append("0")
        else:
            return None
    return delimiter.join(fields) + "\n" if fields and isinstance(delimiter, str) else None


def _write_row(self: Value, row: Value) -> None:
    state = self.state
    if type(state) is tuple and len(state) == 2 and isinstance(state[0], TextSink):
        state[0].add(_line(row, state[1]))


@models(f"{WRITER}.writerow")
def writerow(self: Value, row: Value) -> Value:
    """Write one row."""
    _write_row(self, row)


@models(f"{WRITER}.writerows")
def writerows(self: Value, rows: Value) -> Value:
    """Write several rows."""
    over = host().iterate(rows)
    for row in over.items if over.items is not None else (UNKNOWN,):
        _write_row(self, row)


# --- names ---------------------------------------------------------------------------------------------------------------

_TEMPORARY = "<temporary>"


@models("tempfile.gettempdir")
def gettempdir() -> Value:
    """Where temporary files go."""
    return _TEMPORARY


def _fresh_name(suffix: Value) -> str:
    return posixpath.join(_TEMPORARY, f"{fresh_unknown().key}{suffix if isinstance(suffix, str) else ''}")


@models("tempfile.mkdtemp")
def mkdtemp(suffix: Value = None, prefix: Value = None, dir: Value = None) -> Value:
    """A new directory."""
    return _fresh_name(None)


@models("tempfile.mktemp")
def mktemp(suffix: Value = "", prefix: Value = None, dir: Value = None) -> Value:
    """A new name."""
    return _fresh_name(suffix)


@models("tempfile.mkstemp")
def mkstemp(suffix: Value = None, prefix: Value = None, dir: Value = None, text: Value = False) -> Value:
    """A new file: its number and its name."""
    return (fresh_unknown(), _fresh_name(suffix))


_DIRECTORY = "tempfile.TemporaryDirectory"
_NAMED = "tempfile.NamedTemporaryFile"
bases(_NAMED, SINK)


@models(_DIRECTORY)
def temporary_directory(*args: Value, **kwargs: Value) -> Value:
    """A directory that goes away."""
    return LibObj(_DIRECTORY, _fresh_name(None))


@models(f"{_DIRECTORY}.__enter__")
def enter_directory(self: Value) -> Value:
    """Return its name."""
    return self.state


@models(f"{_DIRECTORY}.name", kind="property")
def directory_name(self: Value) -> Value:
    """Its name."""
    return self.state


@models(f"{_DIRECTORY}.cleanup")
def cleanup(self: Value) -> Value:
    """Remove it."""
    return None


@models(_NAMED)
def named_temporary_file(mode: Value = "w+b", *args: Value, suffix: Value = None, **kwargs: Value) -> Value:
    """A file with a name."""
    return TextSink(_fresh_name(suffix), _NAMED)


@models(f"{SINK}.name", kind="property")
def file_name(self: Value) -> Value:
    """Its name."""
    return self.name if isinstance(self, TextSink) else fresh_unknown()


@models(f"{SINK}.close", f"{SINK}.flush", f"{SINK}.seek", f"{SINK}.__exit__", f"{STRING_IO}.seek", f"{STRING_IO}.close")
def done(self: Value, *args: Value) -> Value:
    """What is written stays."""
    return None


# --- pathlib -------------------------------------------------------------------------------------------------------------


def _joined(*parts: Value) -> Value:
    names = [path_of(p) for p in parts]
    return LibObj(PATH, posixpath.join(*names) if names and all(isinstance(n, str) for n in names) else some_text())


def _of_text(self: Value, part: Callable[[str], str]) -> Value:
    """Return a part of a path, some text where the path is not known."""
    return part(self.state) if isinstance(self.state, str) else some_text()


@models(PATH, "pathlib.PosixPath", "pathlib.PurePath")
def make_path(*parts: Value) -> Value:
    """A path."""
    return _joined(*parts) if parts else LibObj(PATH, ".")


@models(f"{PATH}.__truediv__", f"{PATH}.joinpath")
def below(self: Value, *others: Value) -> Value:
    """A path below."""
    return _joined(self, *others)


@models(f"{PATH}.__str__", f"{PATH}.as_posix", f"{PATH}.__fspath__")
def as_text(self: Value) -> Value:
    """The path as text."""
    return path_of(self)


@models(f"{PATH}.name", kind="property")
def last_part(self: Value) -> Value:
    """The last part."""
    return _of_text(self, posixpath.basename)


@models(f"{PATH}.stem", kind="property")
def stem(self: Value) -> Value:
    """The last part without its ending."""
    return _of_text(self, lambda path: posixpath.splitext(posixpath.basename(path))[0])


@models(f"{PATH}.suffix", kind="property")
def suffix(self: Value) -> Value:
    """The ending."""
    return _of_text(self, lambda path: posixpath.splitext(path)[1])


@models(f"{PATH}.parent", kind="property")
def parent(self: Value) -> Value:
    """The directory."""
    return LibObj(PATH, _of_text(self, lambda path: posixpath.dirname(path) or "."))


@models(f"{PATH}.parents", kind="property")
def parents(self: Value) -> Value:
    """The directories that it lies in, from the nearest on."""
    if not isinstance(self.state, str) or not posixpath.isabs(self.state):
        return fresh_unknown()
    out, path = [], posixpath.normpath(self.state)
    while path != (above := posixpath.dirname(path)):
        out.append(LibObj(PATH, above))
        path = above
    return tuple(out)


@models(f"{PATH}.with_name")
def with_name(self: Value, name: Value) -> Value:
    """Another file beside it."""
    return LibObj(
        PATH, _of_text(self, lambda path: posixpath.join(posixpath.dirname(path), name)) if isinstance(name, str) else some_text()
    )


@models(f"{PATH}.with_suffix")
def with_suffix(self: Value, suffix: Value) -> Value:
    """The same with another ending."""
    return LibObj(PATH, _of_text(self, lambda path: posixpath.splitext(path)[0] + suffix) if isinstance(suffix, str) else some_text())


@models(f"{PATH}.glob", f"{PATH}.rglob", f"{PATH}.iterdir")
def paths(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Paths of files, it is not known how many."""
    return Iteration(None, LibObj(PATH, some_text()), fresh("files"))


@models(f"{PATH}.mkdir")
def mkdir(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Make a directory."""
    return None


@models(f"{PATH}.absolute", f"{PATH}.resolve")
def whole_path(self: Value, **kwargs: Value) -> Value:
    """The path from the root on. Where the program will stand when it runs is not known, but what begins at the root stays there."""
    known = isinstance(self.state, str) and posixpath.isabs(self.state)
    return LibObj(PATH, posixpath.normpath(self.state) if known else some_text())


@models(f"{PATH}.expanduser")
def expanduser(self: Value) -> Value:
    """A path that begins in nobody's home stays as it is."""
    return LibObj(PATH, self.state if isinstance(self.state, str) and not self.state.startswith("~") else some_text())


@models(f"{PATH}.write_text")
def write_text(self: Value, data: Value, *args: Value, **kwargs: Value) -> Value:
    """Write a whole file."""
    files().write(self, Text(data) if isinstance(data, str) else UNKNOWN)
    return fresh_unknown()


@models(f"{PATH}.unlink", f"{PATH}.rename", f"{PATH}.replace", f"{PATH}.write_bytes", f"{PATH}.touch")
def changed(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Who knows what is there now."""
    files().touch(self)
    for other in args:
        files().touch(other)
    return fresh_unknown()


@models(f"{PATH}.read_text")
def read_text(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Text."""
    return some_text()


@models(f"{PATH}.open")
def open_path(self: Value, mode: Value = "r", *args: Value, **kwargs: Value) -> Value:
    """Open the file."""
    from ..api import lookup

    model: Any = lookup("builtins.open")
    return model.function(self, mode, *args, **kwargs)
