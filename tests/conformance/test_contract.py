"""Small programs that train, evaluate and predict, drawn at random: the linter and the real Keras must not contradict each other."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from kshape_lint import check_source

pytestmark = pytest.mark.conformance

CASES = int(os.environ.get("KSHAPE_CONTRACT_CASES", "40"))

STACKS = {
    "Dense(3)": [(4,)],
    "Dense(3, activation='softmax')": [(4,), (5, 4)],
    "Dense(1, activation='sigmoid')": [(4,), (1,)],
    "LSTM(3), Dense(2)": [(5, 4)],
    "LSTM(3, return_sequences=True), Dense(2)": [(5, 4)],
    "Conv1D(3, 2), GlobalAveragePooling1D(), Dense(1)": [(6, 1), (6, 4)],
    "Conv2D(2, 2), Flatten(), Dense(3)": [(6, 6, 1), (6, 6, 3)],
    "Conv2D(2, 2), GlobalAveragePooling2D(), Dense(3)": [(6, 6, 1), (6, 6, 3)],
    "Flatten(), Dense(2)": [(6, 6), (4,)],
    "Embedding(9, 3), GlobalAveragePooling1D(), Dense(1)": [(5,)],
}
LOSSES = [
    "mse",
    "mae",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "huber",
    "hinge",
    "kl_divergence",
]
METRICS = ["None", "['accuracy']", "['mae']", "['AUC']"]
LABELS = ["(N,)", "(N, 1)", "(N, 2)", "(N, 3)", "(N, 5, 2)", "(N, 5)", "(N, 5, 1)"]


def program(draw: random.Random) -> tuple[str, int]:
    """Return a program and the line that may raise."""
    stack = draw.choice(sorted(STACKS))
    shape = draw.choice(STACKS[stack])
    form = draw.choice(["declared", "declared", "functional", "open"])
    samples = draw.choice([5, 10, 64, 67])
    batch = draw.choice(["None", "3", "5", "2"])
    given = list(shape)
    change = draw.random()
    if change < 0.15:
        given[draw.randrange(len(given))] += 1
    elif change < 0.25:
        given.append(1)
    elif change < 0.35 and len(given) > 1:
        given.pop()
    elif change < 0.4:
        given.insert(0, 2)
    labels = draw.choice(LABELS).replace("N", str(samples if draw.random() > 0.07 else samples + 1))
    lines = ["import numpy as np", "import keras", "from keras.layers import *"]
    if form == "functional":
        layers = "".join(f"\nx = {layer}(x)" for layer in _layers(stack)).split("\n")[1:]
        lines += [f"i = x = keras.Input({shape})", *layers, "model = keras.Model(i, x)"]
    else:
        first = f"keras.Input({shape}), " if form == "declared" else ""
        lines.append(f"model = keras.Sequential([{first}{stack}])")
    lines.append(f"model.compile('sgd', '{draw.choice(LOSSES)}', metrics={draw.choice(METRICS)})")
    data = f"np.zeros({(samples, *given)})"
    call = draw.random()
    if call < 0.7:
        method = draw.choice(["fit", "fit", "evaluate"])
        lines.append(f"model.{method}({data}, np.zeros({labels}), batch_size={batch}, verbose=0)")
    elif call < 0.8:
        lines.append(f"model.train_on_batch({data}, np.zeros({labels}))")
    elif call < 0.9:
        lines.append(f"r = model.predict({data}, batch_size={batch}, verbose=0); reveal_shape(r)")
    else:
        lines.append(f"r = model.predict(np.zeros({tuple(given)}), verbose=0); reveal_shape(r)")
    return "\n".join(lines) + "\n", len(lines)


def fed_otherwise(draw: random.Random) -> tuple[str, int]:
    """Return a program whose data come from a data set, generator or sequence, or whose model has several ends."""
    lines = ["import numpy as np", "import tensorflow as tf", "import keras", "from keras.layers import *"]
    loss = draw.choice(LOSSES)
    units = draw.choice([1, 3])
    lines += [
        draw.choice([f"model = keras.Sequential([keras.Input((4,)), Dense({units})])", f"model = keras.Sequential([Dense({units})])"]),
        f"model.compile('sgd', '{loss}')",
    ]
    wide = draw.choice([4, 4, 4, 5])
    labels = draw.choice(["", ", 1", ", 3", ", 1, 3"])
    kind = draw.choice(["dataset", "dataset", "generator", "sequence", "validation", "weights", "ends", "ends", "ends", "inputs"])
    if kind == "dataset":
        batching = draw.choice([".batch(3)", ".batch(2, drop_remainder=True)", "", ".batch(4).batch(2)", ".shuffle(4).batch(8)"])
        arrays = (
            f"np.zeros((8, {wide}), 'float32'), np.zeros((8{labels}), 'float32')"
            if labels
            else f"np.zeros((8, {wide}), 'float32'), np.zeros(8, 'float32')"
        )
        lines += [f"ds = tf.data.Dataset.from_tensor_slices(({arrays})){batching}", "model.fit(ds, verbose=0)"]
    elif kind == "generator":
        lines += ["def gen():", "    while True:", f"        yield np.zeros((4, {wide})), np.zeros((4{labels or ','}))"]
        lines.append("model.fit(gen(), steps_per_epoch=2, verbose=0)")
    elif kind == "sequence":
        lines += [
            "class Rows(keras.utils.Sequence):",
            "    def __init__(self):",
            "        super().__init__()",
            "    def __len__(self):",
            "        return 3",
            "    def __getitem__(self, i):",
            f"        return np.zeros((4, {wide})), np.zeros((4{labels or ','}))",
            "model.fit(Rows(), verbose=0)",
        ]
    elif kind == "validation":
        good = f"np.zeros((8, {units}))"
        held = f"(np.zeros((6, {wide})), np.zeros((6{labels or ','})))"
        held = draw.choice([held, held.replace("(np", "[np", 1)[:-1] + "]"])
        lines.append(f"model.fit(np.zeros((8, 4)), {good}, validation_data={held}, verbose=0)")
    elif kind == "weights":
        weights = draw.choice(["np.ones(8)", "np.ones((8, 1))", "np.ones((8, 3))", "np.ones(7)", "np.ones((8, 2))"])
        lines.append(f"model.fit(np.zeros((8, 4)), np.zeros((8, {units})), sample_weight={weights}, verbose=0)")
    elif kind == "ends":
        outputs = draw.choice(["[a, b]", "[a, b]", "{'a': a, 'b': b}", "a"])
        losses = draw.choice(
            ["'mse'", "['mse', 'mae']", "{'a': 'mse', 'b': 'categorical_crossentropy'}", "{'a': 'mse'}", "{'a': 'mse', 'c': 'mae'}"]
        )
        target = draw.choice(
            [
                "np.zeros((8, 1))",
                "[np.zeros((8, 1)), np.zeros((8, 2))]",
                "{'a': np.zeros((8, 1)), 'b': np.zeros((8, 2))}",
                "[np.zeros((8, 2)), np.zeros((8, 3))]",
                "{'a': np.zeros((8, 1)), 'b': np.zeros(8)}",
                "{'a': np.zeros((8, 1)), 'c': np.zeros((8, 2))}",
                "[np.zeros(8), np.zeros((8, 2)), np.zeros(8)]",
            ]
        )
        lines[4:] = [
            "i = keras.Input((4,), name='i')",
            "a = Dense(1, name='a')(i)",
            "b = Dense(2, name='b')(i)",
            f"model = keras.Model(i, {outputs})",
        ]
        lines += [f"model.compile('sgd', {losses})", f"model.fit(np.zeros((8, 4)), {target}, verbose=0)"]
    else:
        inputs = draw.choice(["[i, j]", "{'i': i, 'j': j}"])
        data = draw.choice(
            [
                "[np.zeros((8, 4)), np.zeros((8, 3))]",
                "{'i': np.zeros((8, 4)), 'j': np.zeros((8, 3))}",
                "[np.zeros((8, 3)), np.zeros((8, 4))]",
                "np.zeros((8, 4))",
                "{'i': np.zeros((8, 4)), 'k': np.zeros((8, 3))}",
                "(np.zeros((8, 4)), np.zeros((7, 3)))",
                "[np.zeros((8, 4))] * 3",
            ]
        )
        lines[4:] = ["i = keras.Input((4,), name='i')", "j = keras.Input((3,), name='j')", "x = Dense(1)(Concatenate()([i, j]))"]
        lines += [f"model = keras.Model({inputs}, x)", "model.compile('sgd', 'mse')"]
        lines.append(draw.choice([f"model.fit({data}, np.zeros(8), verbose=0)", f"r = model.predict({data}, verbose=0); reveal_shape(r)"]))
    return "\n".join(lines) + "\n", len(lines)


def _layers(stack: str) -> list[str]:
    out, depth, start = [], 0, 0
    for position, character in enumerate(stack + ","):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            out.append(stack[start:position].strip())
            start = position + 1
    return out


@pytest.mark.parametrize("draw_program", [program, fed_otherwise], ids=["arrays", "otherwise"])
@pytest.mark.parametrize("major", [3, 2])
def test_contract(major: int, draw_program: Callable[[random.Random], tuple[str, int]]) -> None:
    pytest.importorskip("keras" if major == 3 else "tf_keras")
    draw = random.Random(os.environ.get("KSHAPE_SEED", f"contract {major}"))
    wrong: list[str] = []
    missed: list[str] = []
    for _ in range(CASES):
        text, line = draw_program(draw)
        real = _run(text, major)
        findings = check_source(text, filename="case.py", keras=major)
        errors = [f for f in findings if f.severity == "error"]
        shown = next((f.shape for f in findings if f.code == "KSH900"), None)
        if errors and real[0] != "raises":
            wrong.append(f"{text}real {real}, said {errors[0].message}\n")
        elif not errors and real[0] == "raises":
            missed.append(f"{text}real {real}, said nothing\n")
        elif shown is not None and real[0] == "runs" and real[1] is not None and list(real[1]) != list(shown):
            wrong.append(f"{text}real {real}, shown {shown}\n")
        elif errors and errors[0].place.row != line and real[1] is None:
            wrong.append(f"{text}place {errors[0].place.row}, raised on {line}\n")
    assert not wrong, f"{len(wrong)} of {CASES}\n" + "\n".join(wrong)
    assert len(missed) <= CASES * 0.1, f"missed {len(missed)} of {CASES}\n" + "\n".join(missed)


def _run(text: str, major: int) -> tuple[str, object]:
    if major == 2:
        text = text.replace("import keras", "import tf_keras as keras").replace("from keras.layers", "from tf_keras.layers")
    shapes: list[tuple[int, ...]] = []
    scope = {"reveal_shape": lambda r: shapes.append(tuple(r.shape))}
    try:
        exec(compile(text, "case.py", "exec"), scope)
    except Exception as e:
        return "raises", f"{type(e).__name__}: {str(e)[:150]}"
    return "runs", shapes[0] if shapes else None
