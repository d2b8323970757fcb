"""Every output format, held against a picture of what it was when somebody looked at it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from kshape_lint.faces.cli import _show
from kshape_lint.faces.output import structured, text
from kshape_lint.faces.output.sarif import sarif
from kshape_lint.faces.output.sources import Sources, excerpt
from kshape_lint.findings import Edit, Finding, Fix, Place, Step

SCRIPT = """\
import numpy as np
from data import load

x = np.random.rand(100, 20)
\ty = np.reshape(x, (100 // 5, 5, 4)); z = "été \N{CJK UNIFIED IDEOGRAPH-65E5}"; model.fit(x, z)
model = keras.Sequential([
    keras.layers.Dense(3),
])
evil = "\x1b[31m\u202e"; bad(evil)
"""
OTHER = "def load():\n    return np.zeros((5, 4))\n"


def place(row: int, text: str, end: tuple[int, int] | None = None) -> Place:
    start = SCRIPT.split("\n")[row - 1].index(text) + 1
    return Place(row, start, *(end or (row, start + len(text))))


FINDINGS = [
    Finding(
        "KSH101",
        "cannot reshape (100, 20), 2000 elements, into (20, 5, 4), 400 elements (x is (100, 20) from np.random.rand on line 4)",
        "train.py",
        place(5, "(100 // 5, 5, 4)"),
        "error",
        trail=(Step("x is (100, 20) from np.random.rand", "train.py", place(4, "np.random.rand(100, 20)")),),
        help="write (100, 5, 4), or -1 for the first axis",
        fix=Fix("Let the first axis follow", (Edit(place(5, "100 // 5"), "-1"),)),
    ),
    Finding(
        "KSH306",
        "labels (5,) against output (None, 10), 100% sure",
        "train.py",
        place(5, "model.fit(x, z)"),
        "error",
        trail=(
            Step("the labels are (5,) from np.zeros", "data,a:b.py", Place(2, 12, 2, 28)),
            Step("the output is (None, 10) from Dense", "train.py", place(7, "keras.layers.Dense(3)")),
        ),
        keras=(3,),
    ),
    Finding("KSH401", "Keras appends an axis", "train.py", place(6, "keras.Sequential", (8, 3)), "warning"),
    Finding("KSH900", "shape is (3, None, n, ?)", "train.py", place(9, "bad(evil)"), "info", shape=[3, None, "n", "?"]),
    Finding("KSH000", "could not check this file: No such\nthing", "gone.py", Place(1, 1, 1, 2), "error"),
]
SOURCES = Sources({("train.py", None): SCRIPT, ("data,a:b.py", None): OTHER})


def plain(blocks) -> str:
    return "".join(piece for block in blocks for piece, _ in block)


def test_full(snapshot):
    assert plain(text.full(FINDINGS, SOURCES)) == snapshot


def test_concise(snapshot):
    assert plain(text.concise(FINDINGS)) == snapshot


def test_json(snapshot):
    assert structured.json(FINDINGS) == snapshot
    assert json.loads(structured.json([])) == []


def test_github(snapshot, monkeypatch):
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert structured.github(FINDINGS) == snapshot


def test_github_finds_files_from_the_top_of_the_repository(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    finding = Finding("KSH101", "m", str(tmp_path / "sub" / "a.py"), Place(1, 1, 1, 2), "error")
    assert structured.github([finding]).startswith("::error file=sub/a.py,line=1,")


def test_sarif(snapshot):
    document = json.loads(sarif(FINDINGS, ["gone.py: no such file or directory"]))
    rules = document["runs"][0]["tool"]["driver"].pop("rules")
    document["runs"][0]["tool"]["driver"].pop("version")
    document["runs"][0]["tool"]["driver"].pop("semanticVersion")
    for result in document["runs"][0]["results"]:
        if "ruleIndex" in result:
            assert rules[result.pop("ruleIndex")]["id"] == result["ruleId"]
    assert document == snapshot
    assert next(rule for rule in rules if rule["id"] == "KSH101") == snapshot


@pytest.mark.parametrize(
    ("errors", "warnings", "files", "failed", "said"),
    [
        (0, 0, 1, 0, "No shape mistakes found in 1 file.\n"),
        (1, 0, 3, 0, "Found 1 error in 3 files.\n"),
        (2, 1, 3, 1, "Found 2 errors and 1 warning in 2 files. 1 file could not be checked.\n"),
        (0, 0, 2, 1, "No shape mistakes found in 1 file. 1 file could not be checked.\n"),
        (0, 0, 1, 1, "1 file could not be checked.\n"),
        (0, 0, 0, 0, "No shape mistakes found in 0 files.\n"),
    ],
)
def test_summary(errors, warnings, files, failed, said):
    findings = [Finding("KSH101", "m", "a", Place(1, 1, 1, 2), "error")] * errors
    findings += [Finding("KSH401", "m", "a", Place(1, 1, 1, 2), "warning")] * warnings
    assert plain([text.summary(findings, files, failed)]) == said


def test_a_very_long_line_is_cut_around_the_place():
    line = "x" * 5000 + "HERE" + "y" * 5000
    shown, before, cells = excerpt(line, 5001, 5005, 80)
    assert len(shown) <= 90
    assert shown[before : before + cells] == "HERE"
    shown, before, cells = excerpt(line, 1, 10001, 80)
    assert len(shown) <= 90


@pytest.mark.parametrize("column", [0, 1, 4, 5, 99])
def test_a_place_outside_its_line_does_no_harm(column):
    for end in (None, 0, 1, 5, 99):
        shown, _, cells = excerpt("abc", column, end, 80)
        assert shown == "abc"
        assert cells >= 1


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Terminal, {"TERM": "xterm"}, True),
        (Terminal, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (io.StringIO, {"TERM": "xterm"}, False),
    ],
)
def test_colour_is_for_terminals(monkeypatch, stream, environment, coloured):
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = stream()
    monkeypatch.setattr(sys, "stdout", out)
    _show("concise", FINDINGS[:1], [], [], False)
    assert ("\x1b[" in out.getvalue()) is coloured
    assert "cannot reshape (100, 20)" in out.getvalue()


def test_control_characters_never_reach_the_terminal():
    shown = plain(text.full(FINDINGS, SOURCES))
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_trail_steps_in_files_that_were_not_checked_are_read(tmp_path: Path):
    (tmp_path / "lib.py").write_text("a = 1\nb = 2\n")
    sources = Sources({})
    assert sources.line(str(tmp_path / "lib.py"), 2) == "b = 2"
    assert sources.line(str(tmp_path / "lib.py"), 9) is None
    assert sources.line(str(tmp_path / "gone.py"), 1) is None
