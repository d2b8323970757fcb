"""Decides from the text alone whether a file is worth parsing; libcst is not imported for it."""

from __future__ import annotations

import re

_LIBRARIES = "numpy|keras|tensorflow|tf_keras|tensorflow_datasets|keras_core|sklearn|pandas|cv2"
_IMPORT = re.compile(rf"\b(?:import|from)[ \t\\\r\n]+(?:[\w., \t]*,[ \t]*)?(?:{_LIBRARIES})\b")
_WORDS = ("numpy", "keras", "tensorflow", "sklearn", "pandas", "cv2")

_TRAINS = re.compile(r"\.(?:fit|evaluate|predict|train_on_batch)\(|\breveal_shape\(")
_OWN_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b|import[ \t]+()([\w.]+))", re.MULTILINE)
_MOST_NEIGHBOURS = 16
_LARGEST_NEIGHBOUR = 400_000


def wanted(text: str, filename: str | None = None) -> bool:
    """Tell whether `text` imports a library that we model (or might, as far as a search tells).

    A script that trains or asks a model, and has library and model from modules of its project, is wanted too: with
    `filename` the modules that it imports are searched as well.
    """
    if any(w in text for w in _WORDS) and _IMPORT.search(text) is not None:
        return True
    return filename is not None and _TRAINS.search(text) is not None and _neighbour_wanted(text, filename)


def _neighbour_wanted(text: str, filename: str) -> bool:
    import os

    if not os.path.isfile(filename):
        return False
    from .project import locate

    for match in list(_OWN_IMPORT.finditer(text))[:_MOST_NEIGHBOURS]:
        dots, module = match[1] or "", match[2] or match[4] or ""
        path = locate(module, len(dots), filename)
        if path is None or not path.endswith(".py"):
            continue
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                if wanted(file.read(_LARGEST_NEIGHBOUR)):
                    return True
        except OSError:
            continue
    return False
