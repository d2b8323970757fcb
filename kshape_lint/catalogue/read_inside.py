"""Reads what stands inside the architectures of ``keras.applications``: each layer's name, its class, and how its output follows.

For every architecture a text is written, one layer a line: ``name class channels stride offset`` for feature maps, whose sides are
``(side + offset) // stride``; ``name class width`` for vectors; ``name class`` where neither holds. A name that Keras makes up is ``-``.
What the top adds stands behind a line ``#``.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

from .read_light import light

SIZES = (224, 237, 255, 331)
MORE_SIZES = (229, 235, 241, 243, 246, 249, 251, 259, 267, 275, 283, 299)
STRIDES = (1, 2, 4, 8, 16, 32, 64)


def _rows(model: Any) -> list[tuple[str, str, tuple[Any, ...] | None]]:
    out = []
    for layer in model.layers:
        given = layer.output
        shape = tuple(given.shape) if hasattr(given, "shape") else None
        out.append((layer.name, type(layer).__name__, shape))
    return out


def _fits(stride: int, offset: int, sides: dict[int, int]) -> bool:
    return all(s == (n + offset) // stride for n, s in sides.items())


def _follow(sides: dict[int, int]) -> list[tuple[int, int]]:
    """Return the strides and offsets from which these sides follow, likely ones first."""
    found = []
    for stride in STRIDES:
        likely = dict.fromkeys((0, stride - 1, *sorted(range(-2 * stride - 16, 2 * stride + 7), key=abs)))
        found += [(stride, offset) for offset in likely if _fits(stride, offset, sides)]
    return found


def inside(make: Any, major: int) -> str:
    """Return the text for one architecture."""
    made: dict[int, list[Any]] = {}

    def at(size: int) -> list[Any]:
        if size not in made:
            made[size] = _rows(make(weights=None, include_top=False, input_shape=(size, size, 3)))
        return made[size]

    with light(major):
        first, again = at(SIZES[0]), at(SIZES[1])
        body = [_line(i, first, again, at) for i in range(len(first))]
        return "\n".join([*body, *_top(first, again, _rows(make(weights=None)), _rows(make(weights=None)))])


def _top(first: list[Any], again: list[Any], top: list[Any], same_top: list[Any]) -> list[str]:
    """Return the lines for what the top adds, none where it does not stand on all of the rest.

    A name that two networks do not share is one that Keras made up.
    """
    if len(top) < len(first) or any(a[1] != c[1] or (a[0] != c[0] and a[0] == b[0]) for a, b, c in zip(first, again, top)):
        return []
    lines = ["#"]
    for (name, kind, shape), (other, *_) in list(zip(top, same_top))[len(first) :]:
        lines.append(f"{name if name == other else '-'} {kind}{f' {shape[1]}' if shape is not None and len(shape) == 2 else ''}")
    return lines


def _line(index: int, first: list[Any], again: list[Any], at: Any) -> str:
    name, kind, shape = first[index]
    head = f"{name if name == again[index][0] and kind != 'InputLayer' else '-'} {kind}"
    if shape is None or len(shape) != 4:
        return head + (f" {shape[1]}" if shape is not None and len(shape) == 2 else "")
    sides = {size: at(size)[index][2][1] for size in SIZES}
    found = _follow(sides)
    if found and not any(offset in (0, stride - 1) for stride, offset in found[:1]):
        sides |= {size: at(size)[index][2][1] for size in MORE_SIZES}
        found = _follow(sides)
    stride, offset = found[0] if found else (0, 0)
    return f"{head} {shape[-1]} {stride} {offset}"


def follows(make: Any, text: str, size: int) -> bool:
    """Tell whether an architecture of Keras 2, with its top, has the inside that a text says, up to names that Keras makes up.

    What Keras 2 calls a layer of TensorFlow's own is made up, too.
    """
    with light(2):
        rows = _rows(make(weights=None))
    lines = [line.split() for line in text.replace("\n#\n", "\n").split("\n")]
    if len(rows) != len(lines):
        return False
    for (name, _, shape), (wanted, _, *numbers) in zip(rows, lines):
        if wanted not in ("-", name) and not name.startswith("tf."):
            return False
        counts = [int(n) for n in numbers]
        if counts and shape is None:
            return False
        shape = shape or ()
        if len(counts) == 1 and tuple(shape) != (None, counts[0]):
            return False
        if len(counts) == 3 and counts[1] and tuple(shape[1:]) != ((size + counts[2]) // counts[1],) * 2 + (counts[0],):
            return False
    return True


def module(texts: dict[str, str], alike: list[str]) -> str:
    """Return the source of what ships, after its head."""
    whole = packed(texts)
    lines = "".join(f'    "{whole[i : i + 120]}"\n' for i in range(0, len(whole), 120))
    paths = "".join(f'    "{path}",\n' for path in sorted(alike))
    return f"\nALIKE_IN_KERAS_2 = frozenset((\n{paths}))\n\nPACKED = (\n{lines})\n"


def packed(texts: dict[str, str]) -> str:
    """Return all texts in one, packed."""
    whole = "\n\n".join(f"{path}\n{text}" for path, text in texts.items())
    return base64.b85encode(zlib.compress(whole.encode(), 9)).decode()
