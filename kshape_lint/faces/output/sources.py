"""The lines of the files that are shown, and how they look on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from ..reading import decode

_TAB = "    "


class Sources:
    """Source lines by file, cell of a notebook, and row. What the run did not keep is read again; what cannot be read has no lines."""

    def __init__(self, texts: Mapping[tuple[str, int | None], str]) -> None:
        self._texts = dict(texts)
        self._lines: dict[tuple[str, int | None], list[str]] = {}

    def line(self, filename: str, row: int, cell: int | None = None) -> str | None:
        """Return a line without its newline, or None where there is none."""
        lines = self._lines.get((filename, cell))
        if lines is None:
            text = self._text(filename, cell)
            lines = self._lines[filename, cell] = text.split("\n") if text else []
        return lines[row - 1] if 1 <= row <= len(lines) else None

    def _text(self, filename: str, cell: int | None) -> str:
        text = self._texts.get((filename, cell))
        if text or cell is not None:
            return text or ""
        try:
            with open(filename, "rb") as file:
                return decode(file.read())
        except (OSError, ValueError):
            return ""


def excerpt(line: str, column: int, end_column: int | None, width: int) -> tuple[str, int, int]:
    """Return a line fit to be shown, with how many cells stand before the place and how many it fills.

    Columns count characters from 1; `end_column` is None where the place goes on past the line. A line much longer than
    `width` is cut around the place, tabs become blanks, and control characters are made visible, so that no source can
    steer the terminal.
    """
    line = line.rstrip("\r")
    start = min(max(column - 1, 0), len(line))
    stop = len(line.rstrip()) if end_column is None else end_column - 1
    stop = min(max(stop, start + 1), max(len(line), start + 1))
    head, place, tail = line[:start], line[start:stop], line[stop:]
    if len(line) > width:
        before = min(len(head), max(10, width // 3))
        if before < len(head):
            head = "…" + head[len(head) - before :]
        room = max(20, width - before)
        if len(place) > room:
            place, tail = place[:room] + "…", ""
        if len(tail) > room - len(place):
            tail = tail[: max(0, room - len(place))] + "…"
    head, place, tail = _visible(head), _visible(place), _visible(tail)
    return (head + place + tail).rstrip(), _cells(head), max(1, _cells(place))


def visible(text: str) -> str:
    """Return text on one line that holds no control characters."""
    return _visible(text.replace("\n", " "))


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_TAB if char == "\t" else char if _shows(char) else "\N{REPLACEMENT CHARACTER}" for char in text)


def _shows(char: str) -> bool:
    # Format characters include those that turn the direction of writing, which can make code read otherwise than it runs.
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
