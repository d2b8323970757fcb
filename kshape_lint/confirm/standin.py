"""Programs for findings about models that cannot be written down: another model of the same input and output stands in."""

from __future__ import annotations

import math
from typing import Any

from ..interpreter.values import Array, Value
from ..libraries.keras.objects import model_state
from ..rules.base import Rule
from ..rules.contract import RankChanged, SampleCounts
from ..shapes import Shape
from .writer import Unwritable, Writer


def stand_in(writer: Writer, record: Rule, args: tuple[Value, ...]) -> str | None:
    """Return the statement that raises, having written a model that stands in; None where the finding is not about a model's contract."""
    state = model_state(args[0]) if args else None
    if state is None:
        return None
    labels: Any = getattr(record, "labels", None)
    output: Any = getattr(record, "output", None)
    if isinstance(labels, tuple) and isinstance(output, tuple):
        return _against_labels(writer, state, labels, output)
    if isinstance(record, SampleCounts):
        # That batches are uneven shows with arrays as well.
        inputs, dense = (writer.path(f"keras.{name}") for name in ("Input", "layers.Dense"))
        model = writer.bind(state, "model", f"{writer.path('keras.Sequential')}([{inputs}((1,)), {dense}(1)])")
        writer.lines.append(f"{model}.compile(loss='mse')")
        x, y = (writer.value(Array((count, 1), "float32")) for _, count in record.counts)
        return f"{model}.fit({x}, {y}, verbose=0)"
    given: Any = getattr(record, "given", None)
    expected: Any = getattr(record, "expected", None)
    if isinstance(given, tuple) and isinstance(expected, tuple) and all(not isinstance(d, tuple) for d in (*given, *expected)):
        x = writer.bind(record, "inputs", f"{writer.path('keras.Input')}({_sample(writer, expected)})")
        # A last axis of 1 is one that Keras may drop: only a layer with weights holds data to it.
        held = len(expected) > 1 and 1 in (expected[-1], *given[-1:])
        body = f"{writer.path('keras.layers.Dense')}(1)({x})" if held else x
        model = f"{writer.path('keras.Model')}({x}, {writer.path('keras.layers.Flatten')}()({body}))"
        return f"{model}.predict({writer.value(Array(given, 'float32'))}, verbose=0)"
    return None


def earlier(record: RankChanged, args: tuple[Value, ...], kwargs: dict[str, Value]) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """Return the arguments of the call that came before: the array in question with the rank that it had there."""

    def before(value: Value) -> Value:
        if isinstance(value, Array) and value.shape is not None and len(value.shape) == len(record.given):
            return Array((*value.shape[:1], *record.before[1:]), value.dtype)
        return value

    if record.what == "labels":
        changed = {k: before(v) if k == "y" else v for k, v in kwargs.items()}
        return tuple(before(v) if i == 2 else v for i, v in enumerate(args)), changed

    def beside(value: Value) -> Value:
        # Labels that follow the data axis by axis did so then.
        if isinstance(value, Array) and value.shape is not None and len(value.shape) == len(record.given):
            return Array((value.shape[0], *record.before[1:-1], value.shape[-1]), value.dtype)
        return value

    changed = {k: before(v) if k == "x" else beside(v) if k == "y" else v for k, v in kwargs.items()}
    return tuple(before(v) if i == 1 else beside(v) if i == 2 else v for i, v in enumerate(args)), changed


def _against_labels(writer: Writer, state: Any, labels: Shape, output: Shape) -> str:
    width = math.prod(writer.dim(d) for d in output[1:])
    inputs, dense, reshape = (writer.path(f"keras.{name}") for name in ("Input", "layers.Dense", "layers.Reshape"))
    made = f"{writer.path('keras.Sequential')}([{inputs}((1,)), {dense}({width}), {reshape}({_sample(writer, output)})])"
    model = writer.bind(state, "model", made)
    if state.compiled is None:
        raise Unwritable("a model that was not compiled")
    writer.compiled(model, state)
    x = Array((labels[0] if labels else None, 1), "float32")
    return f"{model}.fit({writer.value(x)}, {writer.value(Array(labels, 'int64'))}, verbose=0)"


def _sample(writer: Writer, shape: Shape) -> str:
    dims = ["None" if d is None else str(writer.dim(d)) for d in shape[1:]]
    return f"({', '.join(dims)}{',' if len(dims) == 1 else ''})"
