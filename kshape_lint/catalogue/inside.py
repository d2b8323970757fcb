"""Unpacks what `read_inside` has written of the insides of ``keras.applications``."""

from __future__ import annotations

import base64
import zlib

from . import InnerLayer


def read(packed: str) -> dict[str, tuple[tuple[InnerLayer, ...], tuple[InnerLayer, ...] | None]]:
    """Return the layers of each architecture, by path: without the top, and what the top adds."""
    out = {}
    for path, text in unpacked(packed).items():
        body, mark, top = text.partition("\n#\n")
        out[path] = _layers(body), _layers(top) if mark else None
    return out


def unpacked(packed: str) -> dict[str, str]:
    """Return what was written of each architecture, by path."""
    parts = (part.partition("\n") for part in zlib.decompress(base64.b85decode(packed)).decode().split("\n\n"))
    return {path: text for path, _, text in parts}


def _layers(text: str) -> tuple[InnerLayer, ...]:
    return tuple(_layer(line) for line in text.split("\n"))


def _layer(line: str) -> InnerLayer:
    name, kind, *rest = line.split()
    numbers = [int(n) for n in rest]
    named = None if name == "-" else name
    if len(numbers) == 1:
        return InnerLayer(named, kind, numbers[0])
    return InnerLayer(named, kind, None, *numbers) if numbers else InnerLayer(named, kind)
