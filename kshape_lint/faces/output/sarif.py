"""``sarif``: SARIF 2.1.0, the form that code scanning services take."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...findings import Finding, Place
from ...rules import Rule, all_rules

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(findings: Sequence[Finding], problems: Sequence[str] = ()) -> str:
    """Return one run: the table of all rules, the results, and whether all could be checked."""
    rules = all_rules()
    index = {code: number for number, code in enumerate(rules)}
    failed = any(finding.code == "KSH000" for finding in findings)
    run = {
        "tool": {
            "driver": {
                "name": "kshape-lint",
                "semanticVersion": __version__,
                "version": __version__,
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not failed and not problems,
                "toolExecutionNotifications": [{"level": "error", "message": {"text": text}} for text in problems],
            }
        ],
        "results": [_result(finding, index) for finding in findings],
    }
    document = {"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def _rule(rule: type[Rule]) -> dict[str, Any]:
    documentation = rule.documentation()
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": documentation.partition("\n")[0]},
        "fullDescription": {"text": documentation.partition("## What it does\n")[2].partition("\n## ")[0].strip() or rule.name},
        "help": {"text": documentation, "markdown": documentation},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    text = finding.message if finding.help is None else f"{finding.message}\n{finding.help}"
    out: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding.filename, finding.place)],
    }
    if finding.cell is not None:
        out["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": f"cell {finding.cell[0]}, line {finding.cell[1]}"}]
    if finding.code in index:
        out["ruleIndex"] = index[finding.code]
    if finding.trail:
        out["relatedLocations"] = [
            {"id": number, **_location(step.filename, step.place), "message": {"text": step.text}}
            for number, step in enumerate(finding.trail, 1)
        ]
    if finding.fix is not None and finding.place.cell is None:
        replacements = [{"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.text}} for edit in finding.fix.edits]
        change = {"artifactLocation": {"uri": _uri(finding.filename)}, "replacements": replacements}
        out["fixes"] = [{"description": {"text": finding.fix.message}, "artifactChanges": [change]}]
    return out


def _location(filename: str, place: Place) -> dict[str, Any]:
    artifact = {"uri": _uri(filename)}
    if place.cell is not None:
        # A region counts lines of the file, and those of a notebook are lines of JSON.
        return {
            "physicalLocation": {"artifactLocation": artifact},
            "logicalLocations": [{"fullyQualifiedName": f"cell {place.cell}, line {place.row}, column {place.column}"}],
        }
    return {"physicalLocation": {"artifactLocation": artifact, "region": _region(place)}}


def _region(place: Place) -> dict[str, int]:
    return {"startLine": place.row, "startColumn": place.column, "endLine": place.end_row, "endColumn": place.end_column}


def _uri(filename: str) -> str:
    path = os.fsencode(filename.replace(os.sep, "/"))
    return ("file://" if os.path.isabs(filename) else "") + quote(path)
