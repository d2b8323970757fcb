"""What a check has to say: a finding, its place, its trail and its fix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]
"""error: the line raises. warning: it runs, but not as meant. info: an answer to ``reveal_shape``."""

JsonShape: TypeAlias = "list[int | str | None] | list[JsonShape] | None"
"""A shape as the JSON output spells it; see `Finding.shape`."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of source text. Rows and columns count from 1, columns in characters; the end is exclusive.

    In a notebook `cell` is the number of the code cell, from 1, and rows count in it.
    """

    row: int
    column: int
    end_row: int
    end_column: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way on which a shape came about: ``x is (100, 28, 28) from np.random.rand`` at a place."""

    text: str
    filename: str
    place: Place


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to put in the place of what stands there."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that together mend a finding, and what they do, in a few words."""

    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the user.

    `shape` is set for ``reveal_shape`` alone: None where the rank is unknown, else a list of int, None (Keras's None) or
    str (a symbol, ``"?"`` for unknown); a list of these for several values. `keras` names the Keras majors the
    finding holds for, where it does not hold for all that were asked about. `repro` is a small program that raises
    the same, where one was asked for. `via` is the place in the file under check whose doing it is, where the finding
    itself stands in another file of the project. `cell` says, for a script of ``# %%`` cells, in which of them it stands and on which
    line of that; `place` is the file's all the same.
    """

    code: str
    message: str
    filename: str
    place: Place
    severity: Severity
    trail: tuple[Step, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    shape: JsonShape = None
    keras: tuple[int, ...] = field(default=())
    repro: str | None = None
    via: Place | None = None
    cell: tuple[int, int] | None = None
