"""One mistake is reported once, two mistakes twice."""

from __future__ import annotations

import textwrap

import pytest

from kshape_lint.checker import check

TOP = """\
import numpy as np
import keras
from keras import layers
"""


def errors(text: str) -> list[tuple[int, str]]:
    """Return the errors of a program, its lines counted from after the imports."""
    found = check(TOP + textwrap.dedent(text), "program.py", strict=True).findings
    return [(f.place.row - TOP.count("\n"), f.code) for f in found if f.severity == "error"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """\
            inputs = keras.Input((28, 28))
            x = layers.Flatten()(layers.Conv2D(4, 3)(inputs))
            model = keras.Model(inputs, layers.Dense(10)(x))
            model.compile("adam", "mse")
            model.fit(np.zeros((20, 28, 28, 3)), np.zeros((20, 10)))
            """,
            [(2, "KSH201")],
            id="an input that suits neither the layer nor the data",
        ),
        pytest.param(
            """\
            model = keras.Sequential([keras.Input((5,)), layers.Dense(2)])
            model.compile("adam", "mse")
            first = model(np.zeros((3, 4)))
            model.fit(np.zeros((20, 4)), np.zeros((20, 2)))
            """,
            [(3, "KSH302")],
            id="a model called and trained",
        ),
        pytest.param(
            """\
            model = keras.Sequential([layers.Flatten(input_shape=(28,)), layers.Dense(2)])
            model(np.zeros((3, 28, 28)))
            chances = keras.Sequential([model, layers.Softmax()])
            chances.predict(np.zeros((5, 28, 28)))
            """,
            [(2, "KSH301")],
            id="a model and one that it stands in",
        ),
        pytest.param(
            """\
            def build():
                model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
                model.compile("adam", "binary_crossentropy")
                return model

            build().fit(np.zeros((8, 3)), np.zeros(8))
            build().fit(np.zeros((9, 3)), np.zeros((9, 1)))
            """,
            [(6, "KSH307")],
            id="two models that one function made",
        ),
        pytest.param(
            """\
            rows = 29
            a, b = np.zeros((6, 28, 28)), np.zeros((7, 28, 28))
            a.reshape(a.shape[0], rows, 28, 1) if len(a) < 3 else a.reshape((a.shape[0], rows, rows))
            b.reshape((b.shape[0], rows, rows))
            """,
            [(3, "KSH101")],
            id="a number given by its name to two calls",
        ),
        pytest.param(
            """\
            x = np.zeros((20, 6))
            one = keras.Sequential([keras.Input((5,)), layers.Dense(2)])
            two = keras.Sequential([keras.Input((5, 2)), layers.Dense(2)])
            one.predict(x)
            two.predict(x[:4])
            """,
            [(4, "KSH302")],
            id="data that suit neither of two models",
        ),
        pytest.param(
            """\
            def train(x, y):
                model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
                model.compile("adam", "mse")
                model.fit(x, y)

            train(np.zeros((8, 4)), np.zeros(8))
            train(np.zeros((8, 3)), np.zeros(9))
            """,
            [(4, "KSH302")],
            id="one line for two reasons",
        ),
        pytest.param(
            """\
            model = keras.Sequential([keras.Input((4,)), layers.Dense(4)])
            x = np.zeros((8, 5))
            y = model(x)
            model.predict(np.zeros((8, 4))) - x
            """,
            [(3, "KSH302")],
            id="data that suit neither a model nor its output",
        ),
        pytest.param(
            """\
            inputs = keras.Input((28, 28))
            x = layers.Conv2D(4, 3)(inputs)
            y = layers.MaxPooling2D()(layers.Dense(3)(inputs))
            """,
            [(2, "KSH201")],
            id="one input of a rank that suits neither of two layers",
        ),
        pytest.param(
            """\
            inputs = keras.Input(32)
            model = keras.Model(inputs, layers.Dense(4)(inputs))
            model.predict(np.zeros((8, 5, 5)))
            """,
            [(1, "KSH207")],
            id="what came of a call that failed",
        ),
    ],
)
def test_one_mistake_is_reported_once(text: str, expected: list[tuple[int, str]]) -> None:
    assert errors(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """\
            x, y = np.zeros((20, 6)), np.zeros((20, 3))
            x.reshape(20, 7)
            model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
            model.compile("adam", "categorical_crossentropy")
            model.fit(x, y)
            """,
            [(2, "KSH101"), (5, "KSH307")],
            id="a reshape and labels",
        ),
        pytest.param(
            """\
            a, b = np.zeros((6, 28, 28)), np.zeros((7, 28, 28))
            a.reshape(-1, 28, 29)
            b.reshape(-1, 28, 29)
            """,
            [(2, "KSH102"), (3, "KSH102")],
            id="a number that stands in two calls",
        ),
        pytest.param(
            """\
            def build(width):
                model = keras.Sequential([keras.Input((width,)), layers.Dense(2)])
                model.compile("adam", "binary_crossentropy")
                return model

            build(3).fit(np.zeros((8, 3)), np.zeros(8))
            build(4).fit(np.zeros((9, 3)), np.zeros((9, 2)))
            """,
            [(6, "KSH307"), (7, "KSH302")],
            id="two models that one function made and two reasons",
        ),
        pytest.param(
            """\
            one = keras.Sequential([keras.Input((5,)), layers.Dense(2)])
            two = keras.Sequential([keras.Input((7,)), layers.Dense(2)])
            one.predict(np.zeros((20, 6)))
            two.predict(np.zeros((20, 8)))
            """,
            [(3, "KSH302"), (4, "KSH302")],
            id="two models and their own data",
        ),
        pytest.param(
            """\
            one, two = keras.Input((28, 28)), keras.Input((9,))
            layers.Conv2D(4, 3)(one)
            layers.LSTM(4)(two)
            """,
            [(2, "KSH201"), (3, "KSH201")],
            id="two layers on two inputs",
        ),
    ],
)
def test_two_mistakes_are_reported_both(text: str, expected: list[tuple[int, str]]) -> None:
    assert errors(text) == expected
