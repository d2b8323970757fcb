"""``# noqa`` comments, read as flake8 reads them, so that the command and the plugin are silent about the same lines."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable

from ..findings import Finding

_LINE = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+))?", re.IGNORECASE)
_WHOLE_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)


def whole_file(text: str) -> bool:
    """Tell whether a ``# flake8: noqa`` on a line of its own takes the file out of the check."""
    lowered = text.lower()
    if "noqa" not in lowered or "flake8" not in lowered:
        return False
    return any(_WHOLE_FILE.match(line) for line in text.split("\n"))


def kept(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that no ``# noqa`` on their line silences."""
    findings = list(findings)
    if not findings or "# noqa" not in text.lower():
        return findings
    lines = _searched_lines(text)
    return [f for f in findings if not silenced(lines.get(f.place.row, ""), f.code)]


def silenced(line: str, code: str) -> bool:
    """Tell whether the first ``# noqa`` of a line covers a code: a bare one covers all, a list covers by prefix."""
    found = _LINE.search(line)
    if found is None:
        return False
    codes = [each for each in re.split(r"[,\s]", found["codes"] or "") if each]
    return not codes or code.startswith(tuple(codes))


def _searched_lines(text: str) -> dict[int, str]:
    """Return for each row the text in which its ``# noqa`` is looked for.

    That is the physical line, but the lines of a string over several lines, or joined by backslashes, stand together:
    there is no place for a comment in between.
    """
    lines = text.split("\n")
    out: dict[int, str] = {}
    start = end = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            start = min(start, token.start[0]) if start else token.start[0]
            end = max(end, token.end[0])
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                out.update(dict.fromkeys(range(start, end + 1), "\n".join(lines[start - 1 : end])))
                start = end = 0
    except (tokenize.TokenError, SyntaxError):
        return dict(enumerate(lines, 1))
    return out
