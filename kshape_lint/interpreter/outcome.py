"""Which exceptions the program's own handlers catch."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

ANY = "BaseException"

_UNRELATED = frozenset(
    {
        "ImportError", "ModuleNotFoundError", "KeyError", "OSError", "IOError", "FileNotFoundError", "FileExistsError", "PermissionError",
        "KeyboardInterrupt", "StopIteration", "AttributeError", "NameError", "ZeroDivisionError", "UnicodeDecodeError", "UnicodeError",
        "TimeoutError", "EOFError", "SystemExit", "NotFoundError", "OutOfRangeError", "ConnectionError", "JSONDecodeError",
        "HTTPError", "URLError",
    }
)  # fmt: skip


def catches(handler: str, exception: str) -> bool:
    """Tell whether ``except handler`` takes an exception of the class named `exception` (names only; unknown ones match by name)."""
    if handler in (exception, ANY):
        return True
    known, raised = getattr(builtins, handler, None), getattr(builtins, exception, None)
    if isinstance(known, type) and isinstance(raised, type):
        return issubclass(raised, known)
    return handler == "Exception" and exception not in ("SystemExit", "KeyboardInterrupt")


def caught_by(handlers: Sequence[tuple[str, ...]], exception: str, *, lenient: bool = False) -> bool:
    """Tell whether any of the enclosing handlers catches the exception.

    `lenient` is for shape errors, whose very class differs from library to library: all but handlers for plainly unrelated things count.
    """
    for names in handlers:
        for name in names:
            if catches(name, exception) or (lenient and name not in _UNRELATED):
                return True
    return False
