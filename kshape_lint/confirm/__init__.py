"""Asks the real TensorFlow whether it raises what a finding says it raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..findings import Finding
from .judge import Judgement, Verdict, available, judge

__all__ = ["Confirmation", "Judgement", "Verdict", "available", "confirm", "judge", "shown_exception", "with_programs"]


@dataclass(frozen=True)
class Confirmation:
    """A finding, the program that shows it (None where none can be made), and what TensorFlow made of that."""

    finding: Finding
    keras: int
    program: str | None
    judgement: Judgement


def with_programs(text: str, filename: str, keras: int, data_roots: Sequence[str] | None = ()) -> list[Finding]:
    """Return the errors of a program's text, each with a program of its own."""
    from ..checker import check

    return [
        f
        for f in check(text, filename, keras=keras, repro=True, data_roots=data_roots).findings
        if f.severity == "error" and f.code != "KSH000"
    ]


def confirm(findings: Iterable[tuple[Finding, int]]) -> list[Confirmation]:
    """Let TensorFlow judge findings that come with programs, each for a Keras major; one process does all of a major."""
    wanted = list(findings)
    out: list[Confirmation | None] = [None] * len(wanted)
    for keras in sorted({major for _, major in wanted}):
        ours = [(i, f) for i, (f, major) in enumerate(wanted) if major == keras]
        asked = [(i, f, f.repro) for i, f in ours if f.repro is not None]
        for (i, f, program), judgement in zip(asked, judge([program for _, _, program in asked], keras)):
            out[i] = Confirmation(f, keras, program, judgement)
        for i, f in ours:
            if f.repro is None:
                out[i] = Confirmation(f, keras, None, Judgement("unclear", "no program can be made of what is known"))
    return [c for c in out if c is not None]


def shown_exception(text: str, lines: int = 4) -> str:
    """Return an exception's text without colours, blank lines, graph nodes and the list of arguments that Keras appends."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    plain = re.split(r"\n\s*(?:Arguments received by|Call arguments received by)", plain)[0]
    parts: Sequence[str] = [line.strip() for line in plain.split("\n") if line.strip()]
    if len(parts) > 1 and ("Graph execution error" in parts[0] or "in user code" in parts[0]):
        kind = parts[0].partition(":")[0]
        said = [p for p in parts[1:] if not p.startswith(("File ", "[[", "Detected", "[Op"))]
        parts = [f"{kind}: {said[-1]}"] if said else parts
    parts = [p for p in parts if not p.startswith("[[{{node")]
    return "\n".join(parts[:lines])
