"""Small programs that train, evaluate and predict, drawn at random: the linter and the real Keras must not contradict each other."""

from __future__ import annotations

import os
import random

import pytest

from kshape_lint import check_source

pytestmark = pytest.mark.conformance

CASES = int(os.environ.get("KSHAPE_CONTRACT_CASES", "60"))

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
LOSSES = ["mse", "mae", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "huber", "hinge", "kl_divergence"]
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


def _layers(stack: str) -> list[str]:
    out, depth, start = [], 0, 0
    for position, character in enumerate(stack + ","):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            out.append(stack[start:position].strip())
            start = position + 1
    return out


@pytest.mark.parametrize("major", [3, 2])
def test_contract(major: int) -> None:
    pytest.importorskip("keras" if major == 3 else "tf_keras")
    draw = random.Random(os.environ.get("KSHAPE_SEED", f"contract {major}"))
    wrong: list[str] = []
    for _ in range(CASES):
        text, line = program(draw)
        real = _run(text, major)
        findings = check_source(text, filename="case.py", keras=major)
        errors = [f for f in findings if f.severity == "error"]
        shown = next((f.shape for f in findings if f.code == "KSH900"), None)
        if errors and real[0] != "raises":
            wrong.append(f"{text}real {real}, said {errors[0].message}\n")
        elif not errors and real[0] == "raises":
            wrong.append(f"{text}real {real}, said nothing\n")
        elif shown is not None and real[0] == "runs" and real[1] is not None and list(real[1]) != list(shown):
            wrong.append(f"{text}real {real}, shown {shown}\n")
        elif errors and errors[0].place.row != line and real[1] is None:
            wrong.append(f"{text}place {errors[0].place.row}, raised on {line}\n")
    assert not wrong, f"{len(wrong)} of {CASES}\n" + "\n".join(wrong)


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
