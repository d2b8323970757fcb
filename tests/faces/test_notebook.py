"""Notebooks: cells in order, magics out of the way, places told as cell and line."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from kshape_lint.checker import check_source
from kshape_lint.faces import notebook
from kshape_lint.faces.output import text
from kshape_lint.faces.output.sources import Sources
from kshape_lint.findings import Finding, Place, Step
from kshape_lint.syntax import cells


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


def test_the_cells_beside_a_broken_one_are_checked(run):
    put("a.ipynb", "import keras\nbad(1)", "bad(2)\ny = (", "x = 3\nwarn(3)", "for i in x print(i)")
    ran = run("--output-format", "json")
    assert ran.code == 2
    found = [(f["code"], f["cell"], f["location"]["row"]) for f in json.loads(ran.out)]
    assert found == [("KSH101", 1, 2), ("KSH000", 2, 2), ("KSH401", 3, 2)]
    assert "1 error and 1 warning. 1 file could not be checked." in run().out


def test_nothing_is_said_of_what_depends_on_a_broken_cell():
    book = notebook.Notebook("import numpy as np\nx = y = z = np.zeros((3, 4))\nx = np.ones(5\n.5 + z\nreveal_shape(y)", (1, 3, 5))
    rest = book.without_broken()
    assert rest is not None
    assert rest[0] == "import numpy as np\nx = y = z = np.zeros((3, 4))\nx = z = __magic__\n\nreveal_shape(y)"
    assert rest[1][1] in (3, 4)
    assert notebook.Notebook("x = 1\ny = 2", (1, 2)).without_broken() is None


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
        ("for i in x:\n    !ls {i}\n    %time f(i)", "for i in x:\n    pass\n    0;    f(i)"),
        ("%time x = f(1)", "0;    x = f(1)"),
        ("x = %time f(1)", "x =       f(1)"),
        ("%time for i in x: f(i)", "for i in x: f(i)"),
        ("%timeit x = f(1)", "pass"),
        ("%time", "pass"),
        ("%time -n f()", "pass"),
        ("%matplotlib inline\nx = (a\n     % b)\ny = 1", "pass\nx = (a\n     % b)\ny = 1"),
        ("!ls\ns = '''\n!no\n%d of \"\n'''\n%cd x", "pass\ns = '''\n!no\n%d of \"\n'''\nimport os as __os__; __os__.chdir('')"),
        ("!ls  # it's (\nx = 'a(' \\\n  '!b'\n!ls", "pass\nx = 'a(' \\\n  '!b'\npass"),
        ("x = a \\\n% b\n!ls", "x = a \\\n% b\npass"),
        ("pip install keras\nx = 1", "pass\nx = 1"),
        ("!!ls\nout = !!ls", "pass\nout = __magic__"),
        ("d['a'] = !ls", "d['a'] = __magic__"),
        ("  x = 1\n  if x:\n      y = 2", "x = 1\nif x:\n    y = 2"),
        ("%%timeit\nx = 1", "\n"),
        ("%%wandb\nx, y = 1, 2\ndef f(): pass", "f = x = y = __magic__\n\n"),
        ("%%capture out\n!ls\nx = 1", "\npass\nx = 1"),
        ("%%time\n\n%%bash", "\n\npass"),
        ("x.shape?\n%timeit?", "pass\npass"),
        ("!=", "!="),
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
    assert cells.as_python(source) == script


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


def test_lines_are_shown_as_they_were_written(run):
    put("a.ipynb", "import keras\n%time bad(1)")
    assert "2 | %time bad(1)\n  |       ^^^^^^" in run("--output-format", "full").out


def test_cells_that_were_run_in_another_order_than_they_stand(run):
    def ran(*counts: int | None) -> str:
        made = nbformat.v4.new_notebook()
        texts = ("import keras\nx = 1", "bad(x)", "x = 2", "bad(1)")
        made.cells = [nbformat.v4.new_code_cell(text, execution_count=count) for text, count in zip(texts, counts)]
        nbformat.write(made, "a.ipynb")
        return "".join(line.split(":")[1][-1] for line in run("--output-format", "concise").out.splitlines())

    assert ran(None, None, None, None) == "24"
    assert ran(1, 2, 3, 4) == "24"
    assert ran(9, 2, 3, 4) == "24", "the first cell was run again: from the top it is all the same"
    assert ran(1, 3, 2, 4) == "4", "what the third cell binds was there before the second was run"
    assert ran(1, 3, None, 2) == "24", "the fourth binds nothing that the second reads"


def test_scripts_of_cells(tmp_path):
    text = """# %% one
import numpy as np
%matplotlib inline
!pip install keras

# %% [markdown]
# %% two
%time x = np.zeros((2, 3))
#%%
%%bash
ls (
# %%
x.reshape(7)
"""
    found = check_source(text, "a.py")
    assert [(f.code, f.place.row, f.place.column) for f in found] == [("KSH101", 13, 1)]
    assert "x is (2, 3) from np.zeros on line 8" in found[0].message
    assert check_source(text.replace("# %%", "#").replace("#%%", "#"), "a.py") == [], "a script without cells is no Python"
    assert check_source(text.replace("x.reshape(7)", "x.reshape(7"), "a.py") == []


def test_cells_of_a_percent_script_are_told_beside_the_lines_of_its_file(run, monkeypatch):
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    Path("a.py").write_text("# ---\n# title: x\n# ---\n\n# %% [markdown]\n# Text\n\n# %%\nimport keras\n\n# %% two\nx = 1\ny = bad(1)\n")
    (found,) = json.loads(run("--output-format", "json", "a.py").out)
    assert (found["location"]["row"], found["cell"], found["row_in_cell"]) == (13, 2, 2)
    assert run("--output-format", "concise", "a.py").out.startswith("a.py:13:5: KSH101 ")
    for form in ("concise", "full"):
        assert run("--output-format", form, "a.py").out.split("\n")[0].endswith(" [cell 2, line 2]")
    command = run("--output-format", "github", "a.py").out
    assert "line=13," in command and "::cell 2, line 2: " in command
    result = json.loads(run("--output-format", "sarif", "a.py").out)["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 13
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "cell 2, line 2"}]
    Path("a.py").write_text("import keras\ny = bad(1)\n")
    (found,) = json.loads(run("--output-format", "json", "a.py").out)
    assert "cell" not in found and "row_in_cell" not in found


def test_where_the_cells_of_a_percent_script_begin():
    assert cells.percent_places("x = 1\n") == []
    assert cells.percent_places("# %%\nx = 1\n#%% b\n") == [(2, 1), (4, 2)]
    assert cells.percent_places('"""Text."""\n# %% [markdown]\n# %%\n') == [(1, 1), (3, 0), (4, 2)]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"", "it is empty"),
        (b"{", "it is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        (b"\0", "it is not JSON (Expecting value: line 1 column 1 (char 0))"),
        (b"[]", "its JSON is not an object"),
        (b"null", "its JSON is not an object"),
        (b"[" * 100_000, "its JSON is nested too deep"),
        (b'{"cells": 3}', "it has no list of cells"),
        (b'{"cells": [null]}', "it has no list of cells"),
        ('{"cells": [], "x": "é"}'.encode("latin-1"), "it is not UTF-8 (byte 0xe9)"),
    ],
)
def test_what_is_no_notebook(run, written, told):
    Path("a.ipynb").write_bytes(written)
    ran = run("--output-format", "concise", "a.ipynb")
    assert (ran.code, ran.out) == (2, f"a.ipynb:1:1: KSH000 could not check this file: this is no notebook: {told}\n")


def test_a_notebook_with_a_byte_order_mark(run):
    put("a.ipynb", "import keras\nbad(1)")
    Path("a.ipynb").write_bytes(b"\xef\xbb\xbf" + Path("a.ipynb").read_bytes())
    assert [f["code"] for f in json.loads(run("--output-format", "json", "a.ipynb").out)] == ["KSH101"]
