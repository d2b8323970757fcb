"""Programs that show an error: small, runnable as they stand, and with nothing in them of the user's text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kshape_lint.confirm import shown_exception, with_programs

FIXTURES = sorted((Path(__file__).resolve().parents[2] / "fixtures").rglob("*.py"))


def only_program(text: str) -> str:
    (finding,) = with_programs(text, "train.py", 3)
    assert finding.repro is not None
    return finding.repro


def test_an_array_operation():
    program = only_program("import numpy as np\nsecret = np.random.rand(100, 20)\nsecret.reshape(20, 5, 4)\n")
    assert program == "import numpy as np\n\nnp.zeros((100, 20)).reshape(20, 5, 4)\n"


def test_an_operator_and_a_subscript():
    assert only_program("import numpy as np\nnp.ones((2, 3)) @ np.ones((2, 3))\n").endswith("np.zeros((2, 3)) @ np.zeros((2, 3))\n")
    assert only_program("import numpy as np\nnp.ones(3)[:, 0]\n").endswith("np.zeros(3)[:, 0]\n")
    assert only_program("import numpy as np\nh, w = np.ones((2, 3, 4)).shape\n").endswith("a, b = (2, 3, 4)\n")


def test_lengths_that_are_not_known_are_made_up_alike():
    program = only_program("import pandas as pd\nt = pd.read_csv('f', names=['a', 'b', 'c']).values\nt.reshape(len(t), 2)\n")
    assert program.endswith("np.zeros((7, 3)).reshape(7, 2)\n") or "object" in program


def test_a_layer_called_on_a_tensor_needs_no_model():
    program = only_program(
        "import keras\nfrom keras import layers\nx = keras.Input((28, 28, 1))\nx = layers.Flatten()(x)\nlayers.Conv2D(8, 3)(x)\n"
    )
    assert program == "import keras\n\ninputs = keras.Input((784,))\nkeras.layers.Conv2D(filters=8, kernel_size=3)(inputs)\n"


def test_a_model_and_its_loss():
    program = only_program(
        "import keras\nimport numpy as np\n"
        "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation='softmax', name='mine')])\n"
        "m.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])\n"
        "m.fit(np.zeros((8, 4)), np.zeros(8, dtype=int), epochs=20, callbacks=[print])\n"
    )
    assert program == (
        "import keras\nimport numpy as np\n\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units=3, activation='softmax')])\n"
        "model.compile(loss='categorical_crossentropy', metrics=['accuracy'])\n"
        "model.fit(x=np.zeros((8, 4)), y=np.zeros(8, dtype='int64'), verbose=0)\n"
    )


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.name)
def test_every_error_of_the_fixtures_has_a_program(path):
    for major in (3, 2):
        for finding in with_programs(path.read_text(), path.name, major):
            assert finding.repro is not None
            ast.parse(finding.repro)


def test_an_exception_is_shown_without_what_surrounds_it():
    assert shown_exception(
        "ValueError: Exception when calling X.call().\n\n\x1b[1mbad shape\x1b[0m\n\nArguments received by X.call():\n  • a"
    ) == ("ValueError: Exception when calling X.call().\nbad shape")
    where = "Detected at node a\n  File 'x'\n"
    graph = f"InvalidArgumentError: Graph execution error:\n\n{where}Incompatible shapes: [5] vs. [5,10]\n\t [[{{{{node}}}}]]"
    assert shown_exception(graph) == "InvalidArgumentError: Incompatible shapes: [5] vs. [5,10]"
