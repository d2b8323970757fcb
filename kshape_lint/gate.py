"""Decides from the text alone whether a file is worth parsing. Nothing is imported here but `re`."""

from __future__ import annotations

import re

_LIBRARIES = "numpy|keras|tensorflow|tf_keras|tensorflow_datasets|keras_core|sklearn|pandas|cv2"
_IMPORT = re.compile(rf"\b(?:import|from)[ \t\\\r\n]+(?:[\w., \t]*,[ \t]*)?(?:{_LIBRARIES})\b")
_WORDS = ("numpy", "keras", "tensorflow", "sklearn", "pandas", "cv2")


def wanted(text: str) -> bool:
    """Tell whether `text` imports a library that we model (or might, as far as a search tells)."""
    return any(w in text for w in _WORDS) and _IMPORT.search(text) is not None
