"""Notebooks: cells in order, magics out of the way, places told as cell and line."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from kshape_lint.faces import notebook
from kshape_lint.faces.output import text
from kshape_lint.faces.output.sources import Sources
from kshape_lint.findings import Finding, Place, Step


def put(name: str, *cells: str, language: str = "python") -> None:
    made = nbformat.v4.new_notebook(metadata={"language_info": {"name": language}})
    made.cells = [nbformat.v4.new_markdown_cell("# Title\nbad(0)"), *(nbformat.v4.new_code_cell(cell) for cell in cells)]
    nbformat.write(made, name)


def test_places_in_cells(run, snapshot, monkeypatch):
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    put("a.ipynb", "import keras\n%matplotlib inline", "x = 1\n\ny = bad(1)", "warn(2)  # noqa\nshown(3)")
    ran = run("--output-format", "json")
    assert ran.code == 1
    found = json.loads(ran.out)
    assert [(f["code"], f["cell"], f["location"]["row"], f["location"]["column"]) for f in found] == [
        ("KSH101", 2, 3, 5),
        ("KSH900", 3, 2, 1),
    ]
    assert [(step["cell"], step["location"]["row"]) for step in found[0]["trail"]] == [(1, 1)]
    assert run("--output-format", "concise").out == snapshot
    assert run("--output-format", "full").out == snapshot
    assert run("--output-format", "github").out == snapshot
    result = json.loads(run("--output-format", "sarif").out)["runs"][0]["results"][0]
    assert result.pop("ruleIndex")
    assert result == snapshot


def test_a_syntax_error_is_told_with_its_cell(run):
    put("a.ipynb", "import keras", "x = 1\ny = (")
    ran = run("--output-format", "concise")
    assert ran.code == 2
    assert ran.out.startswith("a.ipynb:cell 2:2:5: KSH000 could not check this file: syntax error on line 2 of cell 2:")


def test_what_is_no_notebook_is_told(run):
    Path("a.ipynb").write_text("import keras")
    Path("b.ipynb").write_text("[1]")
    ran = run("--output-format", "concise")
    assert ran.code == 2
    assert [line.partition(" KSH000 could not check this file: this is no notebook: ")[0] for line in ran.out.splitlines()] == [
        "a.ipynb:1:1:",
        "b.ipynb:1:1:",
    ]


def test_notebooks_of_other_languages_and_empty_ones(run):
    put("a.ipynb", "import keras\nbad(1)", language="julia")
    put("b.ipynb")
    assert run().code == 0


def test_old_formats_are_read(run):
    old = {
        "metadata": {},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "input": ["import keras\n", "bad(1)"],
                        "language": "python",
                        "metadata": {},
                        "outputs": [],
                    }
                ]
            }
        ],
    }
    Path("a.ipynb").write_text(json.dumps(old))
    assert run("--output-format", "concise").out == "a.ipynb:cell 1:2:1: KSH101 cannot reshape 1\n"


@pytest.mark.parametrize(
    ("source", "script"),
    [
        ("x = 1 % y", "x = 1 % y"),
        ("x = (a\n% b)", "x = (a\n% b)"),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install keras\nx = 1", "pass\nx = 1"),
        ("!pip install \\\n  keras\nx = 1", "pass\n\nx = 1"),
        ("for i in x:\n    !ls {i}\n    %time f(i)", "for i in x:\n    pass\n    pass"),
        ("files = !ls", "files = __magic__"),
        ("a, b.c = %who", "a, b.c = __magic__"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%bash\nls -l\nrm x", "\n\n"),
        ("\n%%html\n<p>", "\n\n"),
        ("np.zeros?", "pass"),
        ("?np.zeros\nx = 1", "pass\nx = 1"),
        ("await f()", "await f()"),
        ("x = (\n", "x = (\n"),
    ],
)
def test_magics(source, script):
    assert notebook.as_python(source) == script


def test_a_message_that_names_a_line_names_the_cell():
    book = notebook.Notebook("a\nb\nc", (1, 3))
    step = Step("x is (3,) from np.zeros", "a.ipynb", Place(2, 1, 2, 2))
    finding = Finding("KSH101", "no (x is (3,) from np.zeros on line 2)", "a.ipynb", Place(3, 1, 3, 2), "error", (step,))
    told = book.finding(finding)
    assert told.message == "no (x is (3,) from np.zeros in cell 1, line 2)"
    shown = "".join(piece for block in text.full([told], Sources({})) for piece, _ in block)
    assert shown.startswith("a.ipynb:cell 2:1:1: KSH101 no\n")


def test_cells_and_places():
    book = notebook.Notebook("a\nb\n\nc", (1, 3, 4))
    assert book.cells() == ["a\nb", "", "c"]
    assert [book.place(Place(row, 1, row, 2)) for row in (1, 2, 3, 4)] == [
        Place(1, 1, 1, 2, 1),
        Place(2, 1, 2, 2, 1),
        Place(1, 1, 1, 2, 2),
        Place(1, 1, 1, 2, 3),
    ]
