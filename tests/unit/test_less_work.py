"""What the run need not do: the same findings come of less work."""

from __future__ import annotations

import gc
from pathlib import Path

from kshape_lint.checker import check
from kshape_lint.interpreter.frames import Scope
from kshape_lint.interpreter.program import run_program
from kshape_lint.interpreter.values import UNKNOWN, AnyScalar, ListObj, Seq
from kshape_lint.interpreter.world import World, blur, enter, leave
from kshape_lint.syntax.lower import lower
from kshape_lint.syntax.parse import parse


def steps(text: str) -> int:
    return run_program(lower(parse(text)), "script.py", size=text.count("\n")).steps


def codes(text: str, filename: str = "script.py") -> list[str]:
    return [f"{finding.code}:{finding.place.row}" for finding in check(text, filename).findings]


def test_writes_to_what_is_newer_than_the_journal_are_not_journalled() -> None:
    world = World()
    before = enter(world)
    try:
        old = ListObj(Seq((1,)))
        journal = world.begin()
        new, scope = ListObj(Seq(())), Scope()
        new.put(Seq((2,)))
        world.write((scope, "x"), 3)
        old.put(Seq((1, 2)))
        assert list(journal) == [(old, None)]
        world.age()
        new.put(Seq((3,)))
        assert (new, None) in journal
    finally:
        leave(before)


def test_what_a_way_makes_is_as_the_way_left_it() -> None:
    text = (
        "import numpy as np\n"
        "if flag:\n"
        "    parts = []\n"
        "    parts.append(np.zeros((2, 3)))\n"
        "else:\n"
        "    parts = []\n"
        "    parts.append(np.zeros((4, 3)))\n"
        "if flag:\n"
        "    parts[0].reshape(6)\n"
        "    parts[0].reshape(12)\n"
        "else:\n"
        "    parts[0].reshape(12)\n"
        "    parts[0].reshape(6)\n"
    )
    assert codes(text) == ["KSH101:10", "KSH101:13"]


def test_what_a_module_holds_is_undone_with_the_branch_that_imports_it(tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text("import numpy as np\nkept = [np.zeros((2, 3))]\n")
    script = tmp_path / "script.py"
    text = (
        "import numpy as np\n"
        "if flag:\n"
        "    import store\n"
        "    store.kept.append(1)\n"
        "else:\n"
        "    import store\n"
        "    store.kept[0].reshape(5)\n"
        "    a, = store.kept\n"
    )
    script.write_text(text)
    assert codes(text, str(script)) == ["KSH101:7"]


def test_a_loop_that_changes_nothing_is_left_early() -> None:
    head = "import numpy as np\nx = np.zeros((4, 5))\ndef half(v):\n    w = v / 2\n    parts = []\n    parts.append(w)\n    return parts\n"
    loop = "for i in range({}):\n    y = half(x)[0]\n    z = unknown(y)\n"
    assert steps(head + loop.format(200)) == steps(head + loop.format(20))
    assert codes(head + loop.format(200) + "z = half(x)[0].reshape(19)\n") == ["KSH101:11"]


def test_a_loop_that_changes_something_is_gone_through() -> None:
    head = "import numpy as np\ntotal = 0\nfor i in range(20):\n    total = total + 2\n"
    text = head + "np.zeros(40).reshape(total)\nnp.zeros(41).reshape(total)\n"
    assert codes(text) == ["KSH101:6"]


def test_many_numbers_are_blurred_as_a_few_are() -> None:
    many = blur(range(1_000))
    assert isinstance(many, AnyScalar) and many.dtype == "int64"
    assert blur([7, 7, 7]) == 7
    text = blur(["a", "b", "c"])
    assert isinstance(text, AnyScalar) and text.dtype == "str"
    assert type(blur([1, 2, UNKNOWN])) is not int


def test_ten_times_the_layers_take_ten_times_as_long() -> None:
    # Not a matter of seconds: each layer's name is asked for once.
    from kshape_lint.libraries.keras import models_sequential

    asked = 0
    real = models_sequential._name_of

    def counted(layer: object) -> str | None:
        nonlocal asked
        asked += 1
        return real(layer)

    models_sequential._name_of = counted
    try:
        check("import keras\nmodel = keras.Sequential()\n" + "model.add(keras.layers.Dense(8))\n" * 200, "script.py")
    finally:
        models_sequential._name_of = real
    assert 200 <= asked <= 1_000


def test_a_name_given_twice_is_still_seen() -> None:
    text = (
        "import numpy as np\nimport keras\nmodel = keras.Sequential()\n"
        "model.add(keras.Input((8,)))\n"
        "model.add(keras.layers.Dense(4, name='a'))\n"
        "{}"
        "try:\n    model.add(keras.layers.Dense(5, name='a'))\n    y = np.zeros(1)\nexcept ValueError:\n    y = np.zeros(2)\n"
        "reveal_shape(y)\n"
    )
    for between in ("", "model.add(keras.layers.Dense(6))\n", "model.pop()\nmodel.add(keras.layers.Dense(6, name='a'))\n"):
        shapes = [finding.shape for finding in check(text.format(between), "script.py").findings]
        assert shapes == [[2]], between
    gone = text.format("model.pop()\n")
    assert [finding.shape for finding in check(gone, "script.py").findings] == [[1]]


def test_the_garbage_collector_is_as_it_was_after_a_check() -> None:
    for text in ("import numpy as np\nnp.zeros(3)\n", "import numpy as np\n)\n"):
        assert gc.isenabled()
        check(text, "script.py")
        assert gc.isenabled()
        gc.disable()
        try:
            check(text, "script.py")
            assert not gc.isenabled()
        finally:
            gc.enable()


BRANCHES = "".join(f"    if a[{i}]:\n        x = f{i % 3}(x, {i})\n    elif b[{i}]:\n        x = f{(i + 1) % 3}(x)\n" for i in range(40))
ENDLESS = (
    "def endless(a, b, x):\n"
    + "".join(f"    def f{k}(x, y=0):\n        return endless(a, x, y) if a else x\n" for k in range(3))
    + BRANCHES
)


def test_a_function_without_end_leaves_the_others_their_steps() -> None:
    text = f"import numpy as np\n{ENDLESS}\ndef last():\n    return np.zeros((3, 4)).reshape(5)\n"
    result = check(text)
    assert result.stats["exhausted"] == 1
    assert [f.code for f in result.findings] == ["KSH101"]


def test_a_function_that_calls_itself_in_a_loop_ends() -> None:
    text = """
import numpy as np
def grown(grammar):
    out = []
    for part in grammar:
        out.append(grown(grammar))
        out.append(grown(part))
    return out
grown([[1, 2], [3, [4, 5]], [6, 7], [8, 9]])
np.zeros((3, 4)).reshape(5)
"""
    result = check(text)
    assert "exhausted" not in result.stats
    assert [f.code for f in result.findings] == ["KSH101"]
