"""One rule, one code, told of everywhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

import kshape_lint
import markers
from kshape_lint.rules import all_rules

TOP = Path(__file__).parents[1]
RULES = all_rules()
TOLD_WITHOUT_A_FIXTURE = {"KSH000"}
"""A failure of our own: no script may bring it about."""


@pytest.mark.parametrize("code", RULES)
def test_a_rule_is_documented(code):
    rule = RULES[code]
    text = rule.documentation()
    first, _, rest = text.partition("\n")
    assert re.fullmatch(r"KSH[0-9]{3}", code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert first.endswith(".")
    assert rest.startswith("\n## What it does\n")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    allowed = ["What it does", "Why it is bad", "Example", "Use instead", "References"]
    assert headings == [heading for heading in allowed if heading in headings]
    assert headings[:3] == allowed[:3]
    assert text.count("```") % 2 == 0
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        compile(block, code, "exec")


def test_names_are_taken_once():
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_every_rule_stands_in_the_changelog():
    told = set(re.findall(r"KSH\d{3}", (TOP / "CHANGELOG.md").read_text()))
    assert told >= set(RULES)


def test_every_rule_stands_in_a_fixture():
    told = set()
    for path in (TOP / "fixtures").rglob("*.py"):
        text = path.read_text()
        told |= {code for major in markers.majors(text) for _, code in markers.expected(text, major)}
        if markers.revealed(text, 3):
            told.add("KSH900")
    documents = "".join(path.read_text() for path in (TOP / "tests" / "shapes").glob("*.md"))
    if "# reveals:" in documents:
        told.add("KSH900")
    assert set(RULES) - TOLD_WITHOUT_A_FIXTURE == told


def test_the_made_documents_are_current():
    make = runpy.run_path(str(TOP / "docs" / "make.py"))
    for path, text in make["made"]().items():
        assert path.read_text(encoding="utf-8") == text, "run python docs/make.py"


def test_the_changelog_begins_with_the_version():
    versions = re.findall(r"^## (\S+)", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == kshape_lint.__version__
