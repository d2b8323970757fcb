"""``os``, ``sys``, ``glob``, ``time``, ``csv`` and the like: mostly unknown, sometimes a list of unknown length, sometimes the end."""

from __future__ import annotations

import posixpath
import sys

from ...interpreter.values import (
    OTHERS,
    UNKNOWN,
    DictObj,
    Iteration,
    LibObj,
    ListObj,
    Real,
    Seq,
    Unknown,
    Value,
    fresh,
    fresh_unknown,
    some_text,
)
from ...shapes import UNKNOWN_DIM
from ..api import Raises, constant, files, models
from ..files import path_of

for _name in ("os.environ", "sys.argv", "sys.path", "sys.modules", "sys.platform", "os.name", "sys.stdout", "sys.stderr", "sys.stdin"):
    constant(_name, Unknown((_name,)))
constant("sys.version_info", (3, 11, 0, "final", 0))
constant("sys.maxsize", sys.maxsize)
constant("os.sep", "/")
constant("os.path.sep", "/")
constant("os.curdir", ".")


@models("sys.exit", "os._exit", "os.abort")
def leave(*args: Value) -> Value:
    """End the program."""
    raise Raises("SystemExit")


@models("os.scandir")
def entries(path: Value = ".") -> Value:
    """Entries of a directory, it is not known how many."""
    return Iteration(None, fresh_unknown(), fresh("files"))


@models("os.listdir", "glob.glob", "fnmatch.filter")
def names(*args: Value, **kwargs: Value) -> Value:
    """A list of names, it is not known how many."""
    return ListObj(Seq(None, some_text(), fresh("files")))


@models("glob.iglob")
def iglob(*args: Value, **kwargs: Value) -> Value:
    """Names, one by one."""
    return Iteration(None, some_text(), UNKNOWN_DIM)


@models("os.walk")
def walk(*args: Value, **kwargs: Value) -> Value:
    """Directories with their lists of names."""

    def listed() -> ListObj:
        return ListObj(Seq(None, some_text(), UNKNOWN_DIM))

    return Iteration(None, (some_text(), listed(), listed()), UNKNOWN_DIM)


@models("os.path.join")
def join(path: Value, *paths: Value) -> Value:
    """A path."""
    parts = [path_of(p) for p in (path, *paths)]
    return posixpath.join(*parts) if all(isinstance(p, str) for p in parts) else some_text()


@models("os.path.abspath", "os.path.realpath")
def whole_path(path: Value, **kwargs: Value) -> Value:
    """A path from the root on. Where the program will stand when it runs is not known, but what begins at the root stays there."""
    path = path_of(path)
    return posixpath.normpath(path) if isinstance(path, str) and posixpath.isabs(path) else some_text()


@models("os.path.normpath")
def normpath(path: Value) -> Value:
    """The same path, without detours."""
    path = path_of(path)
    return posixpath.normpath(path) if isinstance(path, str) else some_text()


@models("os.path.dirname")
def dirname(p: Value) -> Value:
    """The directory."""
    p = path_of(p)
    return posixpath.dirname(p) if isinstance(p, str) else some_text()


@models("os.path.expanduser")
def expanduser(path: Value) -> Value:
    """A path that begins in nobody's home stays as it is."""
    path = path_of(path)
    return path if isinstance(path, str) and not path.startswith("~") else some_text()


@models("os.path.expandvars", "os.path.relpath", "os.getcwd")
def some_path(*args: Value) -> Value:
    """A path."""
    return some_text()


@models("os.path.basename")
def basename(p: Value) -> Value:
    """The last part of a path."""
    p = path_of(p)
    return posixpath.basename(p) if isinstance(p, str) else some_text()


@models("os.path.split")
def split(p: Value) -> Value:
    """Directory and name."""
    p = path_of(p)
    return posixpath.split(p) if isinstance(p, str) else (some_text(), some_text())


@models("os.path.splitext")
def splitext(p: Value) -> Value:
    """Name and extension."""
    p = path_of(p)
    return posixpath.splitext(p) if isinstance(p, str) else (some_text(), some_text())


@models("os.chdir")
def chdir(path: Value) -> Value:
    """From here on, files are elsewhere."""
    files().leave()
    return None


@models("os.remove", "os.rename", "os.unlink")
def moved(path: Value, *args: Value, **kwargs: Value) -> Value:
    """Files go, or come under another name."""
    for each in (path, *args, *kwargs.values()):
        files().touch(each)
    return None


@models("os.makedirs", "os.mkdir", "time.sleep", "random.seed", "gc.collect")
def effect(*args: Value, **kwargs: Value) -> Value:
    """Called for its effect."""
    return None


@models("time.time", "time.perf_counter", "time.monotonic", "time.process_time")
def clock(*args: Value) -> Value:
    """A number."""
    made = fresh_unknown()
    return Real(("time", made.key), "time")


@models("csv.reader")
def csv_reader(csvfile: Value, *args: Value, **kwargs: Value) -> Value:
    """Rows of texts."""
    return Iteration(None, ListObj(Seq(None, some_text(), fresh("w"))), fresh("n"))


@models("csv.DictReader")
def csv_dict_reader(f: Value, *args: Value, **kwargs: Value) -> Value:
    """Rows as dicts."""
    return Iteration(None, DictObj({OTHERS: UNKNOWN}), fresh("n"))


# --- contexts that do nothing --------------------------------------------------------------------------------------------

_NOTHING = "contextlib.nullcontext"


@models(_NOTHING)
def nullcontext(enter_result: Value = None) -> Value:
    """A context that gives what it was made with."""
    return LibObj(_NOTHING, (enter_result,))


@models(_NOTHING + ".__enter__")
def enter_nothing(self: Value) -> Value:
    """Return what the context was made with."""
    return self.state[0]
