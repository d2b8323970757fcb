"""One rule, one code, told of everywhere."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest

import kshape_lint
import markers
from kshape_lint.checker import check_source
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


PREAMBLE = """\
import numpy as np, pandas as pd, tensorflow as tf, keras
from keras import Input, Model, Sequential
from keras.applications import VGG16
from keras.layers import *
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
"""
GIVEN = {"np", "pd", "tf", "keras", "Input", "Model", "Sequential", "VGG16", "train_test_split", "MinMaxScaler", "reveal_shape"}


def example(code: str, heading: str) -> str:
    part = RULES[code].documentation().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return "".join(re.findall(r"```python\n(.*?)```", part, re.DOTALL))


def stands_alone(script: str) -> bool:
    """Tell whether a script uses only names that it makes itself, that Python has, or that the preamble imports."""
    import builtins

    names = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Name)]
    made = {node.id for node in names if not isinstance(node.ctx, ast.Load)} | GIVEN | set(dir(builtins))
    return all(node.id in made or node.id[0].isupper() for node in names)


def codes(script: str) -> set[str]:
    return {finding.code for finding in check_source(PREAMBLE + script)}


@pytest.mark.parametrize("code", [code for code in RULES if example(code, "Example")])
def test_the_bad_example_is_found(code):
    script = example(code, "Example")
    found = codes(script)
    assert found <= {code}
    if stands_alone(script):
        assert found == {code}


@pytest.mark.parametrize("code", [code for code in RULES if example(code, "Use instead")])
def test_the_good_example_is_not(code):
    assert codes(example(code, "Use instead")) == set()
