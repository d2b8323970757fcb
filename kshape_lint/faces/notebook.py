"""Notebooks: their code cells read as one script, and places in it told as cell and line."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from dataclasses import dataclass, replace

from ..findings import Finding, Fix, Place

SUFFIX = ".ipynb"

_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "tensorflow_version"})
"""Cell magics whose cell is Python that runs in the notebook's own process."""

_LINE_MAGIC = re.compile(r"(?P<before>\s*(?:[\w.,()\[\] ]+=\s*)?)(?:!|%{1,2}(?=[A-Za-z_])).*")
_HELP = re.compile(r"\s*(\?{1,2}[\w.%]+|[\w.%]+\?{1,2})\s*;?\s*$")


@dataclass(frozen=True)
class Notebook:
    """The script that a notebook's code cells make, and the row at which each cell begins there."""

    text: str
    starts: tuple[int, ...]

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

    def cells(self) -> list[str]:
        """Return the text of each cell."""
        lines = self.text.split("\n")
        ends = [start - 1 for start in self.starts[1:]] + [len(lines)]
        return ["\n".join(lines[start - 1 : end]) for start, end in zip(self.starts, ends)]


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
            sources = [str(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except Exception as error:
        raise ValueError(f"this is no notebook: {' '.join(str(error).split())[:200]}") from None
    starts, parts, row = [], [], 1
    for source in sources:
        part = as_python(source.replace("\r\n", "\n").replace("\r", "\n"))
        starts.append(row)
        parts.append(part)
        row += part.count("\n") + 1
    return Notebook("\n".join(parts), tuple(starts))


def as_python(source: str) -> str:
    """Return a cell with what is the notebook's own language taken out, each line where it was."""
    if _compiles(source):
        return source
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    magic = re.match(r"%%(\w+)", lines[first])
    if magic is not None:
        if magic[1] not in _PYTHON_CELLS:
            return "\n" * source.count("\n")
        lines[first] = ""
    out: list[str] = []
    continued = False
    for line in lines:
        of_magic = continued or _LINE_MAGIC.fullmatch(line) is not None
        out.append("" if continued else _line(line))
        continued = of_magic and line.endswith("\\")
    return "\n".join(out)


def _line(line: str) -> str:
    magic = _LINE_MAGIC.fullmatch(line)
    if magic is not None and not line.lstrip().startswith("!="):
        # A name that nothing defines: what a magic gives is not known.
        before = magic["before"]
        return f"{before}__magic__" if "=" in before else f"{before}pass"
    if _HELP.fullmatch(line):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


def _compiles(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
