"""The mutations that ``benchmarks/mutants.py`` makes of working scripts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


def _module(name: str):
    spec = importlib.util.spec_from_file_location(name, TOP / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


mutations = _module("mutations")
mutants = _module("mutants")

SCRIPT = """\
import numpy as np
import keras
from keras import layers

x = np.expand_dims(np.zeros((9, 8)), axis=-1)
x_train, x_test, y_train, y_test = train_test_split(x, y)
inputs = keras.Input(shape=(8, 1))
h = layers.Conv1D(4, 3, padding="same")(inputs)
h = layers.MaxPooling1D(2)(h)
h = layers.Flatten()(h)
model = keras.Sequential(
    [
        layers.LSTM(5, return_sequences=True, input_shape=(8, 1)),
        layers.Dense(3),
    ]
)
model.compile("adam", loss="categorical_crossentropy")
model.fit(x_train, y_train, validation_data=(x_test, y_test))
model.predict(x_test)
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
"""


def edits(kind: str) -> list[tuple[int, str, str]]:
    return [(m.row, m.was, m.now) for m in mutations.mutants_of(Path("script.py"), SCRIPT) if m.kind == kind]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("drop expand_dims", (5, "np.expand_dims(np.zeros((9, 8)), axis=-1)", "np.zeros((9, 8))")),
        ("data rank", (5, "(9, 8)", "(8, 9,)")),
        ("axis", (5, "-1", "0")),
        ("order of names", (6, "x_test, y_train", "y_train, x_test")),
        ("input rank", (7, "(8, 1)", "(8,)")),
        ("window", (8, "3", "23")),
        ("padding", (8, '"same"', '"valid"')),
        ("skip layers", (9, "h", "inputs")),
        ("repeat layer", (9, "layers.MaxPooling1D(2)(h)", "layers.MaxPooling1D(2)(layers.MaxPooling1D(2)(h))")),
        ("drop layer", (10, "layers.Flatten()(h)", "h")),
        ("return_sequences", (13, "True", "False")),
        ("drop input_shape", (13, ", input_shape=(8, 1)", "")),
        ("units", (14, "3", "4")),
        ("single unit", (14, "3", "1")),
        ("loss", (17, '"categorical_crossentropy"', '"sparse_categorical_crossentropy"')),
        ("order of data", (18, "x_train, y_train", "y_train, x_train")),
        ("to_categorical", (18, "y_train", "keras.utils.to_categorical(y_train)")),
        ("labels to classes", (18, "y_train", "np.argmax(y_train, axis=-1)")),
        ("validation data", (18, "(x_test, y_test)", "(x_test, y_test[:-1])")),
        ("drop batch axis", (19, "x_test", "x_test[0]")),
        ("transpose data", (19, "x_test", "x_test.T")),
        ("drop batch", (20, "tf.data.Dataset.from_tensor_slices((x, y)).batch(4)", "tf.data.Dataset.from_tensor_slices((x, y))")),
        (
            "batch twice",
            (20, "tf.data.Dataset.from_tensor_slices((x, y)).batch(4)", "tf.data.Dataset.from_tensor_slices((x, y)).batch(4).batch(4)"),
        ),
        ("drop labels", (20, "(x, y)", "x")),
    ],
)
def test_breaks_one_thing(kind: str, expected: tuple[int, str, str]) -> None:
    assert expected in edits(kind)


def test_layers_of_a_list_change_places_with_their_lines_kept() -> None:
    made = next(m for m in mutations.mutants_of(Path("script.py"), SCRIPT) if m.kind == "order of layers")
    lines = made.text.split("\n")
    assert lines[12].strip() == "layers.Dense(3)," and lines[13].strip().startswith("layers.LSTM(5")


def test_no_mutant_moves_a_line() -> None:
    for mutant in mutations.mutants_of(Path("script.py"), SCRIPT):
        assert mutant.text.count("\n") == SCRIPT.count("\n"), str(mutant)


def test_mutants_are_other_ones_for_another_seed_and_the_same_for_the_same(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")

    def drawn(seed: str) -> list[str]:
        return [m.text for m in mutants.chosen([path], 1, 6, seed)]

    assert drawn("") == drawn("") and len(drawn("")) == 6
    assert drawn("") != drawn("again")


def _verdict(line: int | None, exception: str, *said: int):
    mutant = mutations.Mutant(Path("s.py"), "units", 1, "1", "2", "a\nb\nraise ValueError('no')\n")
    return mutants.Verdict(mutant, line, exception, tuple((row, "KSH301", "") for row in said))


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (_verdict(None, ""), "runs"),
        (_verdict(None, "", 2), "alarm"),
        (_verdict(2, "ValueError: shapes", 2), "hit"),
        (_verdict(2, "ValueError: shapes", 1), "elsewhere"),
        (_verdict(2, "ValueError: shapes"), "miss"),
        (_verdict(2, "NameError: x"), "other"),
        (_verdict(3, "ValueError: no"), "other"),
    ],
)
def test_outcomes(verdict, outcome: str) -> None:
    assert verdict.outcome == outcome


def test_an_error_besides_the_one_is_counted() -> None:
    assert _verdict(2, "ValueError: shapes", 2).besides == 0
    assert _verdict(2, "ValueError: shapes", 1, 2).besides == 1
