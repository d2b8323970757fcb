"""``struct`` and ``string``: numbers read from bytes, which are as many as their format says, and the letters there are."""

from __future__ import annotations

import string
import struct

from ...interpreter.values import Real, Value, fresh, fresh_unknown
from ..api import Raises, constant, models

_LARGEST = 4_096

for _name in (
    *("ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "octdigits", "punctuation", "printable", "whitespace"),
):
    constant(f"string.{_name}", getattr(string, _name))


def _size(format: Value) -> int | None:
    if not isinstance(format, (str, bytes)):
        return None
    try:
        return struct.calcsize(format)
    except struct.error:
        return None


@models("struct.calcsize")
def calcsize(format: Value, /) -> Value:
    """How many bytes a format takes."""
    size = _size(format)
    return fresh_unknown() if size is None else size


@models("struct.unpack", "struct.unpack_from")
def unpack(format: Value, buffer: Value, /, offset: Value = 0) -> Value:
    """The numbers that bytes stand for: as many as the format says, where the bytes are not known."""
    size = _size(format)
    if size is None or size > _LARGEST:
        return fresh_unknown()
    if isinstance(buffer, bytes) and isinstance(offset, int):
        try:
            return struct.unpack_from(format, buffer, offset)
        except struct.error:
            raise Raises("struct.error") from None
    return tuple(map(_like, struct.unpack(format, bytes(size))))


def _like(example: object) -> Value:
    if isinstance(example, int) and not isinstance(example, bool):
        return fresh("n", 0)
    return Real(("unpacked", fresh_unknown().key), "number") if isinstance(example, float) else fresh_unknown()
