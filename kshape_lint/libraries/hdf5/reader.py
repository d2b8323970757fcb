"""What an HDF5 file says of the arrays in it, and of the model that Keras once put there: read by hand, a few bounded pieces of it.

The format is that of the HDF5 File Format Specification: a superblock leads to the root group; a group lists the objects in it by name; an
object's header is a list of messages, of which those on its dataspace, datatype and attributes are read here. What is stored otherwise
than the common libraries do by default (groups of very many members, attributes of their own heap) is not known.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from ...records import record

MOST_BYTES = 1 << 22
"""How much is read of one file in all."""
MOST_OBJECTS = 1_000
DEEPEST = 8
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_DATASPACE, _DATATYPE, _LINK_INFO, _LINK, _ATTRIBUTE, _CONTINUED, _SYMBOLS = 0x01, 0x03, 0x02, 0x06, 0x0C, 0x10, 0x11
_HARD_LINK = 0
_NULL = 2


class Odd(Exception):
    """Raised where a file is not as expected."""


@record
class Stored:
    """An array in a file: its shape, and its dtype's NumPy name where it holds plain numbers."""

    shape: tuple[int, ...]
    dtype: str | None


class _Reader:
    """A file of which only so much is read."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.size = file.seek(0, os.SEEK_END)
        self.left = MOST_BYTES
        self.objects = MOST_OBJECTS
        start = self.at(0, 96 if self.size >= 96 else self.size)
        if start[:8] != _SIGNATURE:
            raise Odd
        version = start[8]
        if version in (0, 1):
            self.offset, self.length = start[13], start[14]
            self._check()
            entry = 24 + 4 * version + 4 * self.offset
            self.root = self.number(start, entry + self.offset, self.offset)
        elif version in (2, 3):
            self.offset, self.length = start[9], start[10]
            self._check()
            self.root = self.number(start, 12 + 3 * self.offset, self.offset)
        else:
            raise Odd

    def _check(self) -> None:
        if self.offset not in (4, 8) or self.length not in (4, 8):
            raise Odd

    def at(self, address: int, count: int) -> bytes:
        """Return bytes of the file."""
        self.left -= count
        if self.left < 0 or count < 0 or not 0 <= address <= self.size - count:
            raise Odd
        self.file.seek(address)
        data: bytes = self.file.read(count)
        if len(data) != count:
            raise Odd
        return data

    def number(self, data: bytes, at: int, size: int) -> int:
        """Return an unsigned number."""
        if at + size > len(data):
            raise Odd
        return int.from_bytes(data[at : at + size], "little")

    def is_address(self, number: int) -> bool:
        """Tell whether a number stands for a place in the file; all ones stand for none."""
        return number != (1 << 8 * self.offset) - 1

    def messages(self, address: int) -> Iterator[tuple[int, bytes]]:
        """Yield the kind and the content of each message in an object's header."""
        self.objects -= 1
        if self.objects < 0:
            raise Odd
        start = self.at(address, 16)
        if start[:4] == b"OHDR":
            flags = start[5]
            at = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
            width = 1 << (flags & 3)
            size = self.number(self.at(address + at, width), 0, width)
            blocks, head, order = [(address + at + width, size)], 4, 2 if flags & 4 else 0
        elif start[0] == 1:
            blocks, head, order = [(address + 16, self.number(start, 8, 4))], 8, 0
        else:
            raise Odd
        for turn, (begin, size) in enumerate(blocks):
            if turn > 64:
                raise Odd
            block = self.at(begin, size)
            at = 0
            if head == 4 and turn:
                if block[:4] != b"OCHK":
                    raise Odd
                block, at = block[:-4], 4
            while at + head + order <= len(block):
                kind = block[at] if head == 4 else self.number(block, at, 2)
                length = self.number(block, at + (1 if head == 4 else 2), 2)
                data = block[at + head + order : at + head + order + length]
                at += head + order + length
                if kind == _CONTINUED:
                    blocks.append((self.number(data, 0, self.offset), self.number(data, self.offset, self.length)))
                else:
                    yield kind, data

    def members(self, tree: int, heap: int) -> Iterator[tuple[str, int]]:
        """Yield the names in a group that is stored as a tree of tables, and where their objects stand."""
        head = self.at(heap, 8 + 2 * self.length + self.offset)
        if head[:4] != b"HEAP":
            raise Odd
        names = self.at(self.number(head, 8 + 2 * self.length, self.offset), min(self.number(head, 8, self.length), 1 << 20))
        pending = [tree]
        while pending:
            node = pending.pop()
            self.objects -= 1
            if self.objects < 0:
                raise Odd
            head = self.at(node, 8)
            count = self.number(head, 6, 2)
            if head[:4] == b"TREE":
                # Keys and children take turns; the names are read at the leaves.
                keys = self.at(node + 8 + 2 * self.offset, count * (self.length + self.offset))
                step = self.length + self.offset
                pending.extend(self.number(keys, i * step + self.length, self.offset) for i in reversed(range(count)))
            elif head[:4] == b"SNOD":
                size = 2 * self.offset + 24
                table = self.at(node + 8, count * size)
                for i in range(count):
                    begin = self.number(table, i * size, self.offset)
                    end = names.index(b"\0", begin)
                    yield names[begin:end].decode("utf-8"), self.number(table, i * size + self.offset, self.offset)
            else:
                raise Odd

    def link(self, data: bytes) -> tuple[str, int] | None:
        """Return the name and place of the object that a link leads to, None where it leads to another file or name."""
        flags = data[1]
        at = 2
        kind = _HARD_LINK
        if flags & 8:
            kind, at = data[at], at + 1
        at += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
        width = 1 << (flags & 3)
        size = self.number(data, at, width)
        at += width
        name = data[at : at + size].decode("utf-8")
        return (name, self.number(data, at + size, self.offset)) if kind == _HARD_LINK else None

    def shape(self, data: bytes) -> tuple[int, ...]:
        """Return the lengths in a dataspace message."""
        if data[0] not in (1, 2) or data[1] > 32:
            raise Odd
        if data[0] == 2 and data[3] == _NULL:
            return (0,)
        begin = 8 if data[0] == 1 else 4
        return tuple(self.number(data, begin + i * self.length, self.length) for i in range(data[1]))

    def text(self, datatype: bytes, data: bytes) -> bytes | None:
        """Return the text that an attribute holds: in its place, or in a heap."""
        kind = datatype[0] & 15
        if kind == 3:
            return data.split(b"\0")[0]
        if kind != 9 or datatype[1] & 15 != 1:
            return None
        length, heap, wanted = self.number(data, 0, 4), self.number(data, 4, self.offset), self.number(data, 4 + self.offset, 4)
        head = self.at(heap, 8 + self.length)
        if head[:4] != b"GCOL":
            raise Odd
        at, end = heap + 8 + self.length, heap + self.number(head, 8, self.length)
        while at + 8 + self.length <= end:
            entry = self.at(at, 8 + self.length)
            size = self.number(entry, 8, self.length)
            at += 8 + self.length
            if self.number(entry, 0, 2) == wanted:
                return self.at(at, size)[:length]
            if size == 0:
                break
            at += (size + 7) // 8 * 8
        return None

    def attribute(self, data: bytes) -> tuple[str, bytes | None]:
        """Return an attribute's name, and its value where it is a text."""
        version = data[0]
        sizes = [self.number(data, 2 + 2 * i, 2) for i in range(3)]
        at = 9 if version == 3 else 8
        parts = []
        for size in sizes:
            parts.append(data[at : at + size])
            at += (size + 7) // 8 * 8 if version == 1 else size
        if version not in (1, 2, 3) or self.shape(parts[2]) != ():
            return parts[0].split(b"\0")[0].decode("utf-8"), None
        return parts[0].split(b"\0")[0].decode("utf-8"), self.text(parts[1], data[at:])


def _dtype(data: bytes) -> str | None:
    kind, size = data[0] & 15, int.from_bytes(data[4:8], "little")
    if kind == 0 and size in (1, 2, 4, 8):
        return f"{'int' if data[1] & 8 else 'uint'}{8 * size}"
    return f"float{8 * size}" if kind == 1 and size in (2, 4, 8) else None


def arrays(file: Any) -> dict[str, Stored | None]:
    """Return the arrays in a file by their paths, such as ``train/x``; a group's value is None."""
    reader = _Reader(file)
    out: dict[str, Stored | None] = {}
    _collect(reader, reader.root, "", out, 0)
    return out


def _collect(reader: _Reader, address: int, path: str, out: dict[str, Stored | None], depth: int) -> None:
    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    inner: list[tuple[str, int]] = []
    for kind, data in reader.messages(address):
        if kind == _DATASPACE:
            shape = reader.shape(data)
        elif kind == _DATATYPE:
            dtype = _dtype(data)
        elif kind == _SYMBOLS:
            inner.extend(reader.members(reader.number(data, 0, reader.offset), reader.number(data, reader.offset, reader.offset)))
        elif kind == _LINK:
            found = reader.link(data)
            inner.extend(() if found is None else (found,))
        elif kind == _LINK_INFO and reader.is_address(reader.number(data, 10 if data[1] & 1 else 2, reader.offset)):
            # So many members that they have a heap of their own.
            raise Odd
    if path:
        out[path] = None if shape is None else Stored(shape, dtype)
    if depth >= DEEPEST and inner:
        raise Odd
    for name, place in inner:
        if not reader.is_address(place):
            # The name of another path.
            continue
        _collect(reader, place, f"{path}/{name}".lstrip("/"), out, depth + 1)


def root_text(file: Any, name: str) -> bytes | None:
    """Return an attribute of the root group that is a text."""
    reader = _Reader(file)
    for kind, data in reader.messages(reader.root):
        if kind == _ATTRIBUTE:
            found, value = reader.attribute(data)
            if found == name:
                return value
    return None


__all__ = ["Odd", "Stored", "arrays", "root_text"]
