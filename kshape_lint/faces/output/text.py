"""``concise`` and ``full``: what a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from ...findings import Finding, Place, Step
from .sources import Sources, excerpt, visible

Piece: TypeAlias = "tuple[str, str]"
"""Text and its style, in rich's words; the plain output leaves the styles out."""

_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}


def concise(findings: Iterable[Finding]) -> Iterator[list[Piece]]:
    """Yield a line a finding: ``path:row:column: code message``."""
    for finding in findings:
        yield [*_header(finding, ""), ("\n", "")]


def full(findings: Iterable[Finding], sources: Sources, width: int = 140) -> Iterator[list[Piece]]:
    """Yield a finding with its code, the place underlined, the way the shape came about, and what to do."""
    for finding in findings:
        style = _STYLES[finding.severity]
        steps = [step for step in finding.trail if (step.filename, step.place) != (finding.filename, finding.place)]
        gutter = len(str(max([finding.place.row, *(step.place.row for step in steps)])))
        named = "" if finding.severity == "error" else f" {finding.severity}:"
        pieces = [*_header(_without_trail(finding), named), ("\n", "")]
        pieces += _frame(sources, finding.filename, finding.place, gutter, width, "^", style)
        for step in steps:
            pieces += [(f"{' ' * gutter} = ", "blue"), (_where(step, finding), "bold"), (f" {visible(step.text)}\n", "")]
            pieces += _frame(sources, step.filename, step.place, gutter, width, "-", "blue")
        for name, text in (("help", finding.help), ("fix", finding.fix.message if finding.fix else None)):
            if text:
                pieces += [(f"{' ' * gutter} = ", "blue"), (f"{name}: ", "bold green"), (f"{visible(text)}\n", "")]
        yield [*pieces, ("\n", "")]


def _without_trail(finding: Finding) -> Finding:
    """Take out of the message what it says in brackets of the trail, where the trail is shown itself."""
    message = finding.message
    for step in finding.trail:
        where = f"on line {step.place.row}" if step.place.cell is None else f"in cell {step.place.cell}, line {step.place.row}"
        message = message.removesuffix(f" ({step.text} {where})")
    return replace(finding, message=message)


def _header(finding: Finding, named: str) -> list[Piece]:
    place = finding.place
    return [
        (f"{visible(finding.filename)}:{_cell(place)}{place.row}:{place.column}: ", "bold"),
        (finding.code + named, _STYLES[finding.severity]),
        (f" {visible(finding.message)}", ""),
        *([(f" [cell {finding.cell[0]}, line {finding.cell[1]}]", "blue")] if finding.cell else []),
    ]


def _where(step: Step, finding: Finding) -> str:
    if step.filename != finding.filename:
        return f"{visible(step.filename)}:{_cell(step.place)}{step.place.row}:"
    cell = "" if step.place.cell == finding.place.cell else f"cell {step.place.cell}, "
    return f"{cell}line {step.place.row}:"


def _cell(place: Place) -> str:
    return "" if place.cell is None else f"cell {place.cell}:"


def _frame(sources: Sources, filename: str, place: Place, gutter: int, width: int, mark: str, style: str) -> list[Piece]:
    line = sources.line(filename, place.row, place.cell)
    if line is None or not line.strip():
        return []
    several = place.end_row > place.row
    text, before, cells = excerpt(line, place.column, None if several else place.end_column, width)
    return [
        (f"{place.row:>{gutter}} | ", "blue"),
        (f"{text}\n", ""),
        (f"{' ' * gutter} | ", "blue"),
        (f"{' ' * before}{mark * cells}{'...' if several else ''}\n", style),
    ]


def summary(findings: Sequence[Finding], files: int, failed: int) -> list[Piece]:
    """Say in a line what a run found."""
    counts = [_count(sum(f.severity == s and f.code != "KSH000" for f in findings), s) for s in ("error", "warning")]
    told = [count for count in counts if not count.startswith("0 ")]
    said = []
    if told or files > failed or not failed:
        found = f"Found {' and '.join(told)}" if told else "No shape mistakes found"
        # In a notebook that could not be checked as a whole, something may have been found all the same.
        said.append(f"{found} in {_count(files - failed, 'file')}." if files > failed or not failed else f"{found}.")
    if failed:
        said.append(f"{_count(failed, 'file')} could not be checked.")
    text = " ".join(said)
    return [(f"{text}\n", "bold red" if failed else "bold" if told else "green")]


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
