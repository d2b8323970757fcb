"""Programs that ask for more than anybody has, are nested deeper than anybody writes, or are hardly programs at all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kshape_lint.faces.cli import main

from .nasty import LARGE

pytestmark = pytest.mark.robustness
N = 1_000
"""Fewer where libcst itself, whose time grows with the square of the depth, takes many seconds."""

DEEP = {
    "brackets": "x = " + "(" * N + "1" + ")" * N,
    "lists": "x = " + "[" * N + "]" * N,
    "tuples": "x = " + "(" * N + "1" + ",)" * N,
    "dicts": "x = " + "{1: " * N + "1" + "}" * N,
    "calls in calls": "x = " + "f(" * N + "1" + ")" * N,
    "known calls in calls": "import numpy as np\nx = " + "np.squeeze(" * 300 + "np.zeros((2, 3))" + ")" * 300,
    "layers on layers": "import keras\nx = " + "keras.layers.Dense(3)(" * 150 + "keras.Input((3,))" + ")" * 150,
    "attributes": "x = a" + ".b" * N,
    "calls": "x = f" + "()" * N,
    "methods": "import numpy as np\nx = np.zeros(3)" + ".ravel()" * N,
    "items": "x = a" + "[0]" * N,
    "additions": "x = 1" + " + 1" * N,
    "texts": "x = 'a'" + " + 'a'" * N,
    "array additions": "import numpy as np\ny = np.ones(3)\nx = y" + " + y" * N,
    "powers": "x = 2" + " ** 1" * N,
    "products": "import numpy as np\ny = np.ones((3, 3))\nx = y" + " @ y" * N,
    "comparisons": "x = 1" + " < 2" * N,
    "and": "x = a" + " and a" * N,
    "not": "x = " + "not " * N + "a",
    "minus": "x = " + "-" * N + "1",
    "invert": "x = " + "~" * N + "a",
    "lambdas": "x = " + "lambda: " * N + "1",
    "conditionals": "x = " + "1 if a else " * N + "2",
    "conditionals on the left": "x = " + "(" * 300 + "1" + " if a else 2)" * 300,
    "comprehensions": "x = " + "[" * 200 + "1" + " for _ in a]" * 200,
    "one comprehension": "x = [1" + " for a in b" * 500 + "]",
    "await": "async def f():\n    x = " + "await " * N + "a",
    "walrus": "".join(f"(a{i} := " for i in range(300)) + "1" + ")" * 300,
    "stars": "f(" + "*[" * 300 + "]" * 300 + ")",
    "targets": "[" * 500 + "a" + "]" * 500 + " = " + "[" * 500 + "b" + "]" * 500,
    "elifs": "if a:\n    x = 0\n" + "".join(f"elif a == {i}:\n    x = {i}\n" for i in range(N)),
    "ifs": "".join(" " * i + "if a:\n" for i in range(99)) + " " * 99 + "x = 1\n",
    "loops": "".join(" " * i + "for a in b:\n" for i in range(20)) + " " * 20 + "x = 1\n",
    "whiles": "".join(" " * i + "while a:\n" for i in range(90)) + " " * 90 + "x = 1\n",
    "tries": "".join(" " * i + "try:\n" for i in range(60))
    + " " * 60
    + "x = 1\n"
    + "".join(" " * i + "except E:\n" + " " * i + " pass\n" for i in reversed(range(60))),
    "withs": "".join(" " * i + "with a as b:\n" for i in range(20)) + " " * 20 + "x = 1\n",
    "functions": "".join(" " * i + f"def f{i}():\n" for i in range(99)) + " " * 99 + "return 1\n",
    "classes": "".join(" " * i + f"class A{i}:\n" for i in range(99)) + " " * 99 + "x = 1\n",
    "decorators": "@a\n" * N + "def f(): pass\n",
    "f-strings": "x = " + "f'{" * 3 + "1" + "}'" * 3 + "\n" + "y = f'" + "{x}" * N + "'\n",
    "chained targets": "a = " * N + "1\n",
    "bases": "".join(f"class A{i}(A{i - 1}):\n    def f(self): return super().f()\n" if i else "class A0: pass\n" for i in range(300))
    + "A299().f()",
    "cases": "match a:\n" + "".join(f"    case {i}:\n        x = {i}\n" for i in range(N)),
    "patterns": "match a:\n    case " + "[" * 12 + "x" + "]" * 12 + ":\n        pass\n",
    "more patterns than libcst survives": "match a:\n    case " + "[" * 200 + "x" + "]" * 200 + ":\n        pass\n",
}

LONG = {
    "assignments": "".join(f"x{i} = {i}\n" for i in range(10_000)),
    "arrays": "import numpy as np\n" + "x = np.zeros((2, 3)).reshape(3, 2)\n" * 10_000,
    "layers": "import keras\nm = keras.Sequential()\n" + "m.add(keras.layers.Dense(3))\n" * 9_998,
    "graph": "import keras\nx = keras.Input((3,))\n" + "x = keras.layers.Dense(3)(x)\n" * 2_000 + "keras.Model(x, x)\n",
    "appends": "x = []\n" + "x.append(1)\n" * 10_000 + "import numpy as np\nnp.array(x)\n",
    "functions": "".join(f"def f{i}(x):\n    return x\n\n" for i in range(3_000)),
    "comments": "# nothing\n" * 10_000,
    "blank": "\n" * 100_000,
    "ifs": "x = 0\n" + "if a:\n    x = x + 1\n" * 5_000,
    "errors": "import numpy as np\n" + "np.zeros(3).reshape(2)\n" * 5_000,
    "one text": "x = '" + "a" * 1_000_000 + "'\n",
    "one list": "x = [" + "1, " * 340_000 + "]\n",
    "one array": "import numpy as np\nx = np.array([" + "1, " * 40_000 + "])\nx.reshape(7, -1)\n",
    "one list of lists": "import numpy as np\nx = np.array([" + "[1, 2], " * 30_000 + "])\n",
    "one dict": "x = {" + ", ".join(f"{i}: {i}" for i in range(20_000)) + "}\n",
    "one call": "print(" + "1, " * 40_000 + ")\n",
    "one line of statements": "x = 1; " * 40_000 + "\n",
    "one name": "a" * 1_000_000 + " = 1\n",
    "one comment": "x = 1  # " + "a" * 1_000_000 + "\n",
    "one number": "x = 1" + "0" * 4_000 + "\n",
    "continued": "x = 1" + " + \\\n1" * 3_000 + "\n",
}

ODD = {
    "empty": "",
    "a line": "\n",
    "no line end": "import numpy as np",
    "blanks": "   ",
    "a tab": "\t\n",
    "a comment": "# x",
    "a byte order mark": "\ufeffimport numpy as np\nnp.zeros(3).reshape(2)\n",
    "only a byte order mark": "\ufeff",
    "NUL": "import numpy as np\0\n",
    "only NUL": "\0",
    "form feeds": "\fimport numpy as np\n\f\nx = np.zeros(3)\n\f x = 1\n",
    "carriage returns": "import numpy as np\rx = np.zeros(3)\r",
    "mixed line ends": "import numpy as np\r\nx = 1\ny = 2\rz = 3\r\n",
    "vertical tab": "x = 1\x0b\n",
    "line separators": "x = 'a\u2028b\x85c'\nimport numpy as np\n",
    "surrogates": "x = '\ud800'\n",
    "a lone backslash": "\\",
    "a continued end": "x = 1 \\\n",
    "an open bracket": "f(",
    "an open text": "'",
    "an open long text": "'''",
    "an open f-string": "f'{",
    "control": "\x1a",
    "names in other letters": "naïve = 1\n变量 = naïve\n𝐱 = 2\n",
    "tabs and blanks": "if a:\n\tx = 1\n        y = 2\n",
    "dedent": "if a:\n        x = 1\n    y = 2\n",
    "coding": "# -*- coding: latin-1 -*-\nx = 'é'\n",
    "unknown coding": "# -*- coding: nothing -*-\nx = 1\n",
    "python 2": "print 'a'\n",
    "new syntax": "type X = int\ndef f[T](x: T) -> T: return x\nx = f'{'a'}'\n",
    "star": "*",
    "return outside": "return 1\n",
    "break outside": "break\n",
    "yield outside": "yield 1\n",
    "await outside": "await x\n",
    "global": "global x\nnonlocal y\n",
    "del": "del x, y[0], z.a\n",
    "double star": "f(**{1: 2}, **x, *y)\n",
    "too many": "a, b, *c, d = ()\n*x, = 1\n",
    "self in class": "class A:\n    x = A\n    y = A()\n",
    "future": "from __future__ import annotations\nfrom __future__ import braces\n",
    "import star": "from numpy import *\nfrom keras.layers import *\nx = zeros((2, 3)); Dense(3)(x)\n",
    "relative": "from . import *\nfrom .. import a\nfrom ...b import c\n",
    "shadowed": "import numpy as np\nnp = np.zeros\nnp = np(3)\nnp.np = np\nlist = dict = int = str = print\nlist(dict(int(str(1))))\n",
}


@pytest.mark.parametrize("text", LARGE, ids=range(len(LARGE)))
def test_asks_for_too_much(text, in_time):
    in_time(text)


@pytest.mark.parametrize("name", DEEP)
def test_deep(name, in_time):
    in_time(DEEP[name], seconds=20)


@pytest.mark.parametrize("name", LONG)
def test_long(name, in_time):
    in_time(LONG[name], seconds=60)


@pytest.mark.parametrize("name", ODD)
def test_odd(name, in_time):
    in_time(ODD[name])


REAL = [
    *(("deep", name) for name in ("brackets", "calls", "additions", "array additions", "not", "elifs")),
    *(("long", name) for name in ("arrays", "one text")),
    *(("odd", name) for name in ("empty", "a byte order mark", "form feeds", "carriage returns", "an open bracket", "line separators")),
]


@pytest.mark.parametrize("kind, name", REAL, ids=[f"{kind}: {name}" for kind, name in REAL])
def test_through_a_notebook(kind, name, tmp_path, capsys):
    """A cell is checked, or is no Python; nothing else is wrong with it."""
    text = "import numpy\n" + {"deep": DEEP, "long": LONG, "odd": ODD}[kind][name]
    cell = {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), encoding="utf-8")
    code = main(["--output-format", "concise", "--jobs", "1", str(path)])
    shown, told = capsys.readouterr()
    assert "Traceback" not in told
    failures = [line for line in shown.split("\n") if "KSH000" in line]
    assert all("syntax error" in line for line in failures)
    assert code == (2 if failures else 1 if "KSH" in shown else 0)


@pytest.mark.parametrize("kind, name", REAL, ids=[f"{kind}: {name}" for kind, name in REAL])
def test_through_flake8(kind, name, tmp_path):
    """No failure of ours and no crash, whatever flake8 itself makes of the file."""
    text = {"deep": DEEP, "long": LONG, "odd": ODD}[kind][name]
    path = tmp_path / "a.py"
    path.write_bytes(("import numpy\n" + text if kind == "deep" else text).encode("utf-8", "surrogatepass"))
    ran = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select", "KSH,E999,E902", "-j1", str(path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode in (0, 1), ran.stderr[-2000:]
    assert "KSH000" not in ran.stdout and "Traceback" not in ran.stderr
