"""The linter finds in every fixture what its markers say, nothing more and nothing less, for both Keras majors."""

from __future__ import annotations

from pathlib import Path

import markers
import pytest

from kshape_lint import Finding, check_source

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CASES = [(major, path) for path in sorted(FIXTURES.rglob("*.py")) for major in markers.majors(path.read_text(encoding="utf-8"))]


def disagreements(text: str, findings: list[Finding], major: int) -> list[str]:
    """Return what was said and not found, found and not said, or revealed otherwise than said."""
    out = []
    expected = markers.expected(text, major)
    left = list(expected)
    revealed: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.code == "KSH900":
            revealed.setdefault(finding.place.row, []).append(finding)
        elif (finding.place.row, finding.code) in left:
            left.remove((finding.place.row, finding.code))
        else:
            out.append(f"line {finding.place.row}: not expected: {finding.code} {finding.message}")
    out += [f"line {line}: expected {code}" for line, code in left]
    said = markers.revealed(text, major)
    out += [f"line {line}: reveals {what}, but nothing was shown" for line, what in said.items() if line not in revealed]
    for line, shown in revealed.items():
        if line not in said:
            out.append(f"line {line}: reveals {shown[0].shape}, but the line does not say what")
        else:
            out += [f"line {line}: reveals {said[line]}, shown was {f.message}" for f in shown if not markers.fits(said[line], f.shape)]
    return sorted(out)


@pytest.mark.parametrize(("major", "path"), CASES, ids=[f"{p.relative_to(FIXTURES)}-keras{m}" for m, p in CASES])
def test_finds_what_is_marked(major: int, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert disagreements(text, check_source(text, filename=str(path), keras=major), major) == []


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.py")), ids=lambda p: str(p.relative_to(FIXTURES)))
def test_raises_in_one_place(path: Path) -> None:
    """A script ends at its first error, so a fixture that has two errors for one Keras never shows the second."""
    from kshape_lint.rules import all_rules

    rules = all_rules()
    text = path.read_text(encoding="utf-8")
    for major in markers.majors(text):
        assert len({line for line, code in markers.expected(text, major) if rules[code].severity == "error"}) <= 1
