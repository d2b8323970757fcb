"""Decides from the text alone whether a file is worth parsing; libcst is not imported for it."""

from __future__ import annotations

import re

_LIBRARIES = "numpy|keras|tensorflow|tf_keras|tensorflow_datasets|keras_core|sklearn|pandas|cv2"
_IMPORT = re.compile(rf"\b(?:import|from)[ \t\\\r\n]+(?:[\w., \t]*,[ \t]*)?(?:{_LIBRARIES})\b")
_WORDS = ("numpy", "keras", "tensorflow", "sklearn", "pandas", "cv2")

_STARTS = re.compile(r"\.(?:fit|evaluate|predict|train_on_batch)\(|\breveal_shape\(|^if __name__ == ['\"]__main__['\"]:", re.MULTILINE)
_OWN_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b[ \t]*\(?([\w, \t]*)|import[ \t]+([\w.]+))", re.MULTILINE)
_CALL = re.compile(r"^(?:\w+[ \t]*(?:,[ \t]*\w+[ \t]*)*=[ \t]*)?(\w+)(?:\.\w+)*\(", re.MULTILINE)
_MOST_NEIGHBOURS = 16
_LARGEST_NEIGHBOUR = 400_000


def wanted(text: str, filename: str | None = None) -> bool:
    """Tell whether `text` imports a library that we model (or might, as far as a search tells).

    A script that trains or asks a model, or is there to be started, or calls what it imports, and has library and model from modules of its
    project, is wanted too: with `filename` the modules that it imports are searched as well, and those that these import.
    """
    if any(w in text for w in _WORDS) and _IMPORT.search(text) is not None:
        return True
    return (
        filename is not None and (_STARTS.search(text) is not None or _calls_its_own(text, filename)) and _neighbour_wanted(text, filename)
    )


def _calls_its_own(text: str, filename: str) -> bool:
    """Tell whether the top level calls what it has from a module of the project."""
    called = {match[1] for match in _CALL.finditer(text)}
    if not called:
        return False
    from .project import locate

    for match in _OWN_IMPORT.finditer(text):
        names = {part.split()[-1] for part in (match[3] or "").split(",") if part.strip()} or {(match[4] or "").partition(".")[0]}
        if not called.isdisjoint(names) and locate(match[2] or match[4] or "", len(match[1] or ""), filename) is not None:
            return True
    return False


def _neighbour_wanted(text: str, filename: str) -> bool:
    import os

    if not os.path.isfile(filename):
        return False
    from .project import locate

    pending = [(text, filename)]
    seen = {os.path.abspath(filename)}
    while pending:
        text, filename = pending.pop(0)
        for dots, module in _imported(text):
            path = locate(module, dots, filename)
            if path is None or path in seen or not path.endswith(".py"):
                continue
            if len(seen) > _MOST_NEIGHBOURS:
                return False
            seen.add(path)
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    found = file.read(_LARGEST_NEIGHBOUR)
            except OSError:
                continue
            if wanted(found):
                return True
            pending.append((found, path))
    return False


def _imported(text: str) -> list[tuple[int, str]]:
    """Return the modules that a text may import: how many dots stand before each, and its name."""
    out: dict[tuple[int, str], None] = {}
    for match in list(_OWN_IMPORT.finditer(text))[:_MOST_NEIGHBOURS]:
        dots, module = len(match[1] or ""), match[2] or match[4] or ""
        out[dots, module] = None
        # What is imported from a package may be a module of it.
        for name in (match[3] or "").split(",")[:_MOST_NEIGHBOURS]:
            if name.strip():
                out[dots, f"{module}.{name.split()[0]}".lstrip(".")] = None
    return list(out)
