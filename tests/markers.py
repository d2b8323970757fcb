"""What a fixture says about itself, read from its comments.

Three kinds of comment speak:

* ``# expect: KSH301`` on a line: exactly these codes are reported there (several codes are separated by commas; a code
  written twice is reported twice). ``# expect[keras2]: KSH402`` says it for one Keras major alone.
* ``# reveals: (None, 26, 26, 32)`` on a line that calls ``reveal_shape``: what is shown there. ``# reveals[keras2]: …`` likewise.
* ``# keras: 3`` on a line of its own: the fixture is meant for that major alone.

A comment may hold several of them, one after the other. Text in strings does not speak.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kshape_lint.findings import Finding

_MARKER = re.compile(r"#\s*(expect|reveals)(?:\[keras([23])\])?:\s*([^#]*)")
_MAJOR = re.compile(r"#\s*keras:\s*([23])\s*$")
_CODE = re.compile(r"KSH[0-9]{3}$")


@dataclass(frozen=True)
class Marker:
    """One marker: its line (from 1), what kind, for which majors, and its text."""

    line: int
    kind: str
    majors: tuple[int, ...]
    text: str


def markers(text: str) -> Iterator[Marker]:
    """Yield the markers of `text` in order of lines."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            for kind, major, said in _MARKER.findall(token.string):
                yield Marker(token.start[0], kind, (int(major),) if major else (2, 3), said.strip())


def majors(text: str) -> tuple[int, ...]:
    """Return the Keras majors that a fixture is meant for."""
    for line in text.split("\n"):
        found = _MAJOR.match(line)
        if found:
            return (int(found[1]),)
    return (3, 2)


def expected(text: str, keras: int) -> list[tuple[int, str]]:
    """Return the (line, code) pairs that a check of `text` must give for a Keras major, sorted."""
    out: list[tuple[int, str]] = []
    for marker in markers(text):
        if marker.kind == "expect" and keras in marker.majors:
            codes = [code.strip() for code in marker.text.split(",")]
            for code in codes:
                if not _CODE.match(code):
                    raise ValueError(f"line {marker.line}: {code!r} is no code")
                out.append((marker.line, code))
    return sorted(out)


def revealed(text: str, keras: int) -> dict[int, str]:
    """Return what each ``reveal_shape`` line must show for a Keras major."""
    return {m.line: m.text for m in markers(text) if m.kind == "reveals" and keras in m.majors}


def fits(said: str, shape: object) -> bool:
    """Tell whether a ``# reveals:`` text fits the shape that was found.

    `shape` is None (rank unknown), a list of int, None or str (a symbol's text, or ``?``), or a list of such lists.
    Whole numbers and ``None`` must agree exactly, ``?`` fits ``?``, and a name or a formula fits any symbol's text.
    """
    said = said.strip()
    if said == "unknown":
        return shape is None
    if said.startswith("[") and said.endswith("]"):
        parts = split_outside_brackets(said[1:-1])
        return isinstance(shape, list) and len(parts) == len(shape) and all(map(fits, parts, shape))
    if not (said.startswith("(") and said.endswith(")")):
        raise ValueError(f"{said!r} is no shape")
    dims = split_outside_brackets(said[1:-1])
    return isinstance(shape, list) and len(dims) == len(shape) and all(map(dimension_fits, dims, shape))


def dimension_fits(said: str, dim: object) -> bool:
    """Tell whether one dimension of a ``# reveals:`` text fits."""
    if said == "None":
        return dim is None
    if re.fullmatch(r"-?\d+", said):
        return type(dim) is int and dim == int(said)
    if said == "?":
        return dim == "?"
    ast.parse(said, mode="eval")
    return isinstance(dim, str) and dim != "?"


def split_outside_brackets(text: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    if current.strip():
        parts.append(current.strip())
    return parts


def disagreements(text: str, findings: Iterable[Finding], major: int) -> list[str]:
    """Return what was said and not found, found and not said, or revealed otherwise than said."""
    out = []
    left = expected(text, major)
    shown: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.code == "KSH900":
            shown.setdefault(finding.place.row, []).append(finding)
        elif (finding.place.row, finding.code) in left:
            left.remove((finding.place.row, finding.code))
        else:
            out.append(f"line {finding.place.row}: not expected: {finding.code} {finding.message}")
    out += [f"line {line}: expected {code}" for line, code in left]
    said = revealed(text, major)
    out += [f"line {line}: reveals {what}, but nothing was shown" for line, what in said.items() if line not in shown]
    for line, answers in shown.items():
        if line not in said:
            out.append(f"line {line}: reveals {answers[0].shape}, but the line does not say what")
        else:
            out += [f"line {line}: reveals {said[line]}, shown was {f.message}" for f in answers if not fits(said[line], f.shape)]
    return sorted(out)
