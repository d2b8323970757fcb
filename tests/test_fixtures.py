"""The linter finds in every fixture what its markers say, nothing more and nothing less, for both Keras majors."""

from __future__ import annotations

from pathlib import Path

import pytest

import markers
from kshape_lint import check_source

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CASES = [(major, path) for path in sorted(FIXTURES.rglob("*.py")) for major in markers.majors(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("major", "path"), CASES, ids=[f"{p.relative_to(FIXTURES)}-keras{m}" for m, p in CASES])
def test_finds_what_is_marked(major: int, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert markers.disagreements(text, check_source(text, filename=str(path), keras=major), major) == []


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.py")), ids=lambda p: str(p.relative_to(FIXTURES)))
def test_raises_in_one_place(path: Path) -> None:
    """A script ends at its first error, so a fixture that has two errors for one Keras never shows the second."""
    from kshape_lint.rules import all_rules

    rules = all_rules()
    text = path.read_text(encoding="utf-8")
    for major in markers.majors(text):
        assert len({line for line, code in markers.expected(text, major) if rules[code].severity == "error"}) <= 1
