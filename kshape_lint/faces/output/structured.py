"""``json`` and ``github``: what a program reads."""

from __future__ import annotations

import json as _json
import os
from collections.abc import Iterable
from typing import Any

from ...findings import Finding, Fix, Place


def json(findings: Iterable[Finding]) -> str:
    """Return a list of objects with the keys that Ruff's output has, and ours: severity, trail, help, shape, keras."""
    return _json.dumps([as_json(finding) for finding in findings], indent=2) + "\n"


def as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON has it.

    With a notebook's `cell` the location is the cell's. In a script of ``# %%`` cells it is the file's, and `row_in_cell` comes too.
    """
    out: dict[str, Any] = {
        "code": finding.code,
        "message": finding.message,
        "filename": finding.filename,
        **_places(finding.place),
        "fix": None if finding.fix is None else _fix(finding.fix),
        "url": None,
        "severity": finding.severity,
        "trail": [{"text": step.text, "filename": step.filename, **_places(step.place)} for step in finding.trail],
        "help": finding.help,
    }
    if finding.severity == "info":
        out["shape"] = finding.shape
    if finding.cell is not None:
        out["cell"], out["row_in_cell"] = finding.cell
    if finding.keras:
        out["keras"] = list(finding.keras)
    return out


def _fix(fix: Fix) -> dict[str, Any]:
    return {"message": fix.message, "edits": [{"content": edit.text, **_places(edit.place)} for edit in fix.edits]}


def _places(place: Place) -> dict[str, Any]:
    out: dict[str, Any] = {
        "location": {"row": place.row, "column": place.column},
        "end_location": {"row": place.end_row, "column": place.end_column},
    }
    if place.cell is not None:
        out["cell"] = place.cell
    return out


def github(findings: Iterable[Finding]) -> str:
    """Return a workflow command a finding, which GitHub shows at the line of the change."""
    return "".join(_command(finding) for finding in findings)


_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def _command(finding: Finding) -> str:
    place = finding.place
    properties = {
        "file": _in_workspace(finding.filename),
        "line": place.row,
        "col": place.column,
        "endLine": place.end_row,
        "endColumn": place.end_column,
        "title": finding.code,
    }
    text = finding.message if finding.help is None else f"{finding.message}\n{finding.help}"
    if finding.cell is not None:
        text = f"cell {finding.cell[0]}, line {finding.cell[1]}: {text}"
    if place.cell is not None:
        # GitHub shows a notebook as its JSON, whose lines are not the cell's.
        text = f"cell {place.cell}, line {place.row}: {text}"
        properties = {"file": properties["file"], "title": properties["title"]}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(text)}\n"


def _in_workspace(filename: str) -> str:
    """GitHub finds a file by its path from the top of the repository."""
    top = os.environ.get("GITHUB_WORKSPACE")
    if not os.path.isabs(filename) and not top:
        return filename.replace(os.sep, "/")
    try:
        relative = os.path.relpath(filename, top or os.curdir)
    except ValueError:
        return filename
    return filename if relative.startswith(os.pardir) else relative.replace(os.sep, "/")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
