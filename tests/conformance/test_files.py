"""Files as the real libraries write and read them, and what their headers tell the checker."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pytest

from kshape_lint.checker import check

pytestmark = pytest.mark.conformance

PLAIN = "a,b,c\n1,2,3\n4,5,6\n"
LABELLED = "a,b\nx,1,2\ny,3,4\n"
SEMICOLONS = 'a;b;"c;d"\n1;2;3\n'
SPACED = "  a b   c\n 1 2  3\n"
BLANK = "\n\na,b\n\n1,2\n"
TABS = "a\tb c\n1\t2\n"

TABLES = [
    *((PLAIN, options) for options in (
        "", "header=None", "index_col=0", "index_col='b'", "usecols=['a', 'c']", "usecols=[0, 2]", "skiprows=1", "header=1", "sep=';'",
        "nrows=1", "usecols=[0, 1], index_col=0", "names=['x', 'y', 'z']", "names=['x', 'y', 'z'], header=0", "usecols=lambda c: c > 'a'",
        "index_col=False", "index_col=['a', 'b']", "header=[0, 1]", "skiprows=[0]", "dtype=float", "skipfooter=1, engine='python'",
    )),
    ("a,a,b,,a.1,\n1,2,3,4,5,6\n", ""),
    (LABELLED, ""), (LABELLED, "index_col=0"), (LABELLED, "index_col=False"), (LABELLED, "usecols=['a']"),
    ("a,b\n1,2,\n3,4,\n", ""), ("a,b,\n1,2,\n3,4,\n", ""), ("a,b,c\n1,2\n", ""), ("a,b\nx,y,1,2\nx,z,3,4\n", ""),
    (SEMICOLONS, ""), (SEMICOLONS, "sep=';'"), (SEMICOLONS, "delimiter=';'"), (TABS, "sep='\\t'"), (TABS, "sep=r'\\s+'"),
    (TABS, "sep=None, engine='python'"),
    (SPACED, "sep=r'\\s+'"), (SPACED, "header=None, sep=r'\\s+'"), (SPACED, "sep=' '"),
    ("# hi\na,b # x\n1,2\n", "comment='#'"), ("# hi\na,b\n1,2\n", ""),
    ('a,"b,\nx",c\n1,2,3\n', ""), (BLANK, ""), (BLANK, "skiprows=2"), (BLANK, "skiprows=1"), (BLANK, "header=None"),
    (BLANK, "skip_blank_lines=False"), ("\ufeffa,b\n1,2\n", ""), ("a,b\n", ""), ("a, b, c\n1, 2, 3\n", "skipinitialspace=True"),
    ("a,b\r\n1,2\r\n", ""), ("'a,b',c\n1,2,3\n", "quotechar=\"'\""), ("a|b\n1|2\n", "sep='|'"), ("a||b\n1||2\n", "sep='||'"),
]  # fmt: skip


def revealed(program: str) -> list[Any]:
    Path("train.py").write_text(program)
    found = check(program, "train.py", strict=True).findings
    assert not [f for f in found if f.code != "KSH900"]
    return [f.shape for f in found]


@pytest.mark.skipif(importlib.util.find_spec("pandas") is None, reason="needs pandas")
@pytest.mark.parametrize(("text", "options"), TABLES)
def test_columns_as_pandas_reads_them(text, options, tmp_path, monkeypatch):
    import pandas as pd

    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(text, newline="")
    call = f"pd.read_csv('t.csv', {options})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            real = eval(call, {"pd": pd})
    except Exception:
        real = None
    program = f"import pandas as pd\ndf = {call}\nreveal_shape(df)\n"
    if real is not None:
        program += "".join(f"reveal_shape(df[{name!r}])\n" for name in real.columns)
    shape, *columns = revealed(program)
    if real is None:
        return
    assert not isinstance(shape[1], int) or shape[1] == real.shape[1]
    assert len(columns) == real.shape[1], "a column is taken not to be there"
    if text == PLAIN and options in ("", "header=None", "index_col=0", "usecols=[0, 2]", "header=1"):
        assert shape[1] == real.shape[1], "too little is known"


@pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras 3")
def test_models_as_keras_saves_them(tmp_path, monkeypatch):
    import keras

    layers = keras.layers
    monkeypatch.chdir(tmp_path)
    image, table = keras.Input((28, 28, 1)), keras.Input((8,), name="table")
    plain = keras.Sequential([image, layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)])
    plain.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), ["accuracy"])
    joined = layers.Concatenate()([layers.Dense(3)(table), plain(image)])
    two = keras.Model([image, table], [layers.Dense(2, name="a")(joined) + 1.0, layers.Dense(4, name="b")(joined)])
    built = keras.Sequential([layers.Dense(3)])
    built.build((None, 5))
    wrapped = keras.Sequential([
        keras.Input((None, 5)), layers.Bidirectional(layers.LSTM(4, return_sequences=True)), layers.TimeDistributed(layers.Dense(2)),
    ])  # fmt: skip
    sequence = keras.Input((6, 16))
    attended = layers.MultiHeadAttention(2, 8)(sequence, sequence)
    states = layers.LSTM(4, return_state=True)(layers.LayerNormalization()(attended + sequence))
    attention = keras.Model(sequence, states[1:])
    embedded = keras.Sequential([keras.Input((9,), dtype="int32"), layers.Embedding(50, 7), layers.GlobalAveragePooling1D()])
    net = keras.Sequential([
        keras.Input((16, 16, 3)), layers.Rescaling(1 / 255), layers.SeparableConv2D(4, 3), layers.BatchNormalization(), layers.ReLU(),
        layers.Conv2DTranspose(2, 2, strides=2), layers.Dropout(0.5), layers.Reshape((-1, 2)),
    ])  # fmt: skip
    wanted = {"plain": plain, "two": two, "built": built, "wrapped": wrapped, "attention": attention}
    wanted |= {"embedded": embedded, "net": net}
    program = "import keras\n"
    for name, model in wanted.items():
        model.save(f"{name}.keras")
        program += f"model = keras.models.load_model('{name}.keras')\nreveal_shape(model.inputs)\nreveal_shape(model.outputs)\n"
    found = revealed(program)
    for name, model in wanted.items():
        ends = [[list(t.shape) for t in side] for side in (model.inputs, model.outputs)]
        assert [found.pop(0), found.pop(0)] == ends, name
