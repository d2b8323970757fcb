"""Asks the checker about one text, for one Keras major or for several, and never fails."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..findings import Finding, Place

Key: TypeAlias = "tuple[str, Place, str, str]"


@dataclass(frozen=True)
class Examined:
    """What came of one text. `syntax_error` is message, row and column where it is no Python."""

    findings: tuple[Finding, ...] = ()
    syntax_error: tuple[str, int, int] | None = None
    stats: dict[str, int] = field(default_factory=dict)


def examine(text: str, filename: str, majors: Sequence[int], data_roots: Sequence[str] | None = ()) -> Examined:
    """Check `text` for each of the Keras majors and put the answers together; a failure of our own is a KSH000.

    `data_roots` are further folders of data files; with None none is looked into.
    """
    by_major: dict[int, tuple[Finding, ...]] = {}
    stats: dict[str, int] = {}
    for major in majors:
        try:
            from ..checker import check

            result = check(text, filename, keras=major, data_roots=data_roots)
        except Exception as error:
            return Examined((failure(filename, f"{type(error).__name__}: {error}"),))
        if result.syntax_error is not None:
            return Examined(syntax_error=result.syntax_error)
        by_major[major] = tuple(result.findings)
        for key, count in result.stats.items():
            stats[key] = stats.get(key, 0) + count
    return Examined(merged(by_major), stats=stats)


def failure(filename: str, reason: str, row: int = 1, column: int = 1) -> Finding:
    """Return the finding that says that a file could not be checked."""
    from ..rules.tool import CheckFailed

    rule = CheckFailed(" ".join(reason.split()))
    return Finding(rule.code, rule.message(), filename, Place(row, column, row, column + 1), rule.severity)


def here(finding: Finding, filename: str) -> Finding:
    """Return a finding that stands in another file of the project as one at the place in this file that leads to it."""
    if finding.filename == filename:
        return finding
    where = f"{os.path.basename(finding.filename)}, line {finding.place.row}"
    return replace(finding, message=f"{finding.message} [in {where}]", filename=filename, place=finding.via or Place(1, 1, 1, 2), fix=None)


def merged(by_major: dict[int, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Put the findings for several majors together; one that does not hold for all says for which it does.

    The same code at the same place is the same finding, in the words of the first major; answers to ``reveal_shape``
    must agree in the shape too.
    """
    if len(by_major) == 1:
        return ordered(next(iter(by_major.values())))
    first: dict[Key, Finding] = {}
    holds: dict[Key, list[int]] = {}
    for major, findings in by_major.items():
        for finding in findings:
            key = (finding.filename, finding.place, finding.code, finding.message if finding.severity == "info" else "")
            first.setdefault(key, finding)
            majors = holds.setdefault(key, [])
            if major not in majors:
                majors.append(major)
    out = []
    for key, finding in first.items():
        if len(holds[key]) < len(by_major):
            only = " and ".join(str(major) for major in holds[key])
            finding = replace(finding, message=f"{finding.message} [Keras {only} only]", keras=tuple(holds[key]))
        out.append(finding)
    return ordered(out)


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings in order of their places, each once."""
    once = {(finding.filename, finding.place, finding.code, finding.message): finding for finding in findings}
    return tuple(once[key] for key in sorted(once))
