"""Notebooks: their code cells read as one script, and places in it told as cell and line."""

from __future__ import annotations

import json
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..findings import Finding, Fix, Place
from ..syntax.cells import as_python, assigned, imported, mentioned, percent_places, used

SUFFIX = ".ipynb"


@dataclass(frozen=True)
class Notebook:
    """The script that a notebook's code cells make, and the row at which each cell begins there.

    `disordered` are the numbers of the cells that were last run after a cell below them that binds a name which they read: what that cell
    makes of them, and not the order in which they stand, is what their author saw.
    """

    text: str
    starts: tuple[int, ...]
    disordered: frozenset[int] = frozenset()
    originals: tuple[str, ...] | None = None

    def silent(self, finding: Finding) -> bool:
        """Tell whether a finding stands in a cell that only makes sense out of order."""
        return bool(self.disordered) and finding.severity != "info" and self.place(finding.place).cell in self.disordered

    def place(self, place: Place) -> Place:
        """Return a place in the script as a place in its cell."""
        cell = max(1, bisect_right(self.starts, place.row))
        offset = self.starts[cell - 1] - 1 if self.starts else 0
        return Place(place.row - offset, place.column, max(place.end_row - offset, 1), place.end_column, cell)

    def finding(self, finding: Finding) -> Finding:
        """Return a finding in the script as one in the cells; what it says of other files stays."""
        message = finding.message
        for step in finding.trail:
            said = f"({step.text} on line {step.place.row})"
            if step.filename == finding.filename and said in message:
                at = self.place(step.place)
                message = message.replace(said, f"({step.text} in cell {at.cell}, line {at.row})")
        trail = tuple(replace(step, place=self.place(step.place)) if step.filename == finding.filename else step for step in finding.trail)
        fix = finding.fix
        if fix is not None:
            fix = Fix(fix.message, tuple(replace(edit, place=self.place(edit.place)) for edit in fix.edits))
        return replace(finding, message=message, place=self.place(finding.place), trail=trail, fix=fix)

    def without_broken(self) -> tuple[str, tuple[str, int, int]] | None:
        """Return the script without the cells that are no Python, and the message, row and column of the first error in them.

        What they may bind or change goes by names that nothing defines, so that nothing is said of what depends on them.
        None where no cell is broken on its own.
        """
        lines = self.text.split("\n")
        ends = [start - 1 for start in self.starts[1:]] + [len(lines)]
        first: tuple[str, int, int] | None = None
        whole, broken = [], []
        for start, end in zip(self.starts, ends):
            part = "\n".join(lines[start - 1 : end])
            fault = _fault(part)
            if fault is None:
                whole.append(part)
                continue
            message, row, column = fault
            first = first or (message, min(start + row - 1, end), column)
            broken.append((start, end))
        if first is None:
            return None
        kept = imported(whole)
        for start, end in broken:
            names = [name for name in mentioned("\n".join(lines[start - 1 : end])) if name not in kept]
            lines[start - 1 : end] = ["".join(f"{name} = " for name in names) + "__magic__" if names else "", *[""] * (end - start)]
        return "\n".join(lines), first

    def cells(self) -> list[str]:
        """Return the text of each cell, as its author wrote it where that is known."""
        if self.originals is not None:
            return list(self.originals)
        lines = self.text.split("\n")
        ends = [start - 1 for start in self.starts[1:]] + [len(lines)]
        return ["\n".join(lines[start - 1 : end]) for start, end in zip(self.starts, ends)]


def _fault(part: str) -> tuple[str, int, int] | None:
    """Return the message, row and column of what is no Python in a cell, None where it is."""
    from ..syntax.parse import Unparsable, parse

    try:
        parse(part)
    except Unparsable as error:
        return error.message, error.row, error.column
    return None


def in_percent_cells(text: str, filename: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings in a script of ``# %%`` cells with the cell, and the line in it, of each."""
    cells = percent_places(text)
    rows = [row for row, _ in cells]
    out = []
    for finding in findings:
        at = bisect_right(rows, finding.place.row) - 1 if finding.filename == filename else -1
        if at >= 0 and cells[at][1]:
            finding = replace(finding, cell=(cells[at][1], finding.place.row - rows[at] + 1))
        out.append(finding)
    return out


def read(text: str) -> Notebook:
    """Read a notebook; raise ValueError where it is none. One in another language than Python has no cells."""
    # The format has had four versions, which its own library knows to convert; here, since it takes long to import.
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
            metadata = found.get("metadata", {})
            language = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language") or "python"
            cells = found["cells"] if language.lower() in ("python", "ipython") else []
            code = [cell for cell in cells if cell["cell_type"] == "code"]
            sources = [str(cell["source"]) for cell in code]
            counts = [cell.get("execution_count") for cell in code]
    except Exception as error:
        raise ValueError(f"this is no notebook: {_why_not(text, error)}") from None
    starts, parts, row = [], [], 1
    originals = tuple(source.replace("\r\n", "\n").replace("\r", "\n") for source in sources)
    for source in originals:
        part = as_python(source)
        starts.append(row)
        parts.append(part)
        row += part.count("\n") + 1
    return Notebook("\n".join(parts), tuple(starts), _disordered(parts, counts), originals)


def _why_not(text: str, error: Exception) -> str:
    """Say what a text lacks to be a notebook; the format's library says it in the terms of its own code."""
    try:
        found = json.loads(text)
    except RecursionError:
        return "its JSON is nested too deep"
    except ValueError as fault:
        return f"it is not JSON ({fault})" if text.strip() else "it is empty"
    if not isinstance(found, dict):
        return "its JSON is not an object"
    cells = found.get("cells")
    if "worksheets" not in found and not (isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells)):
        return "it has no list of cells"
    return " ".join(str(error).split())[:200]


def _disordered(cells: list[str], counts: list[object]) -> frozenset[int]:
    """Return the numbers of the cells that read what a cell below them bound before they were run."""
    ran = [count if isinstance(count, int) else 0 for count in counts]
    known = [count for count in ran if count]
    if known == sorted(known):
        return frozenset()
    bound = [frozenset(assigned(cell)) if count else frozenset() for cell, count in zip(cells, ran)]
    out = set()
    for index, cell in enumerate(cells):
        before = [b for b, count in zip(bound[index + 1 :], ran[index + 1 :]) if 0 < count < ran[index]]
        if before and not frozenset().union(*before).isdisjoint(used(cell)):
            out.add(index + 1)
    return frozenset(out)
