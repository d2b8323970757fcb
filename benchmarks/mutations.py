"""The small edits that break a shape, or might, in a script that works.

An edit replaces a piece of the source and leaves all lines where they are. Each finder below looks at one node of the syntax tree and
yields the edits of one idea: an ``expand_dims`` or a ``Flatten`` left out, another number in an ``input_shape``, data and labels exchanged.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """A script with one edit."""

    origin: Path
    kind: str
    row: int
    was: str
    now: str
    text: str

    def __str__(self) -> str:
        return f"{self.origin.name}:{self.row} {self.kind}: {short(self.was)} -> {short(self.now) or 'nothing'}"


def short(text: str, length: int = 70) -> str:
    """Return a text on one line, cut off where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


@dataclass(frozen=True)
class Span:
    """A piece of the source that is no node: lines from 1, columns in bytes, as nodes have them."""

    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int


Edit = tuple[str, "ast.AST | Span", str]
"""A kind of mutation, the node (or piece) whose text goes, and the text that comes in its place."""


class Script:
    """A working script: its text and tree, and what the edits have to know of it."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.data = text.encode()
        self._starts = [0, *itertools.accumulate(len(line) + 1 for line in self.data.split(b"\n"))]
        self.spelled = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        self.inputs = self._named("Input")
        self.models = self._named("Sequential", "Model")

    def _named(self, *classes: str) -> list[str]:
        """Return the names that are assigned a call of one of these, in order."""
        return [
            target.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and name_of(node.value) in classes
            for target in node.targets
            if isinstance(target, ast.Name)
        ]

    def bounds(self, node: Any) -> tuple[int, int]:
        """Return where a node begins and ends in the bytes of the text."""
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset

    def source(self, node: Any) -> str:
        """Return the text of a node."""
        begin, end = self.bounds(node)
        return self.data[begin:end].decode()

    def to_categorical(self) -> str | None:
        """Return how the script spells ``to_categorical`` with what it imports anyhow."""
        for name, real in self.spelled.items():
            if real in ("keras", "to_categorical") or (real == "tensorflow" and name != "tensorflow"):
                return {"keras": f"{name}.utils.to_categorical", "to_categorical": name}.get(real, f"{name}.keras.utils.to_categorical")
        return None

    def numpy(self) -> str | None:
        """Return how the script spells ``numpy``."""
        return next((name for name, real in self.spelled.items() if real == "numpy"), None)


def mutants_of(path: Path, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a script that is still Python."""
    script = Script(text)
    seen = {text}
    for kind, node, new in _edits(script):
        begin, end = script.bounds(node)
        made = (script.data[:begin] + new.encode() + script.data[end:]).decode()
        if made in seen:
            continue
        seen.add(made)
        try:
            ast.parse(made)
        except SyntaxError:
            continue
        yield Mutant(path, kind, node.lineno, script.data[begin:end].decode(), new, made)  # type: ignore[union-attr]


def _edits(script: Script) -> Iterator[Edit]:
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Call):
            for find in _OF_CALLS:
                yield from find(node, script)
        elif isinstance(node, ast.Subscript):
            yield from _subscripts(node, script)
        elif isinstance(node, ast.List):
            yield from _lists_of_layers(node, script)
        elif isinstance(node, ast.Assign):
            yield from _unpacked(node, script)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            yield "drop transpose", node, script.source(node.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield "order of operands", node, f"{script.source(node.right)} @ {script.source(node.left)}"
    for statement in script.tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            yield from _one_more("constant", statement.value)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
            for item in statement.value.elts:
                yield from _one_more("constant", item)


def name_of(node: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _between(first: Any, last: Any) -> Span:
    """Return the piece from the start of one node to the end of another."""
    return Span(first.lineno, first.col_offset, last.end_lineno, last.end_col_offset)


def _without_argument(node: ast.Call, keyword: ast.keyword, script: Script) -> tuple[Span, str]:
    """Return the piece that holds a keyword argument and its comma, and what is left of it: its line breaks."""
    parts = sorted([*node.args, *node.keywords], key=script.bounds)
    at = parts.index(keyword)
    if at + 1 < len(parts):
        following = parts[at + 1]
        piece = Span(keyword.lineno, keyword.col_offset, following.lineno, following.col_offset)
    elif at:
        before: Any = parts[at - 1]
        piece = Span(before.end_lineno, before.end_col_offset, keyword.end_lineno or 0, keyword.end_col_offset or 0)
    else:
        piece = _between(keyword, keyword)
    return piece, "\n" * script.source(piece).count("\n")


_ARRAY_MAKERS = frozenset(
    ("zeros", "ones", "empty", "full", "rand", "randn", "randint", "random", "normal", "uniform", "standard_normal", "integers", "arange")
)
_OF_THEIR_ARGUMENT = {
    name: f"drop {name}"
    for name in ("expand_dims", "squeeze", "reshape", "ravel", "transpose", "to_categorical", "pad_sequences", "stack", "vstack", "one_hot")
}
_METHODS = frozenset(("reshape", "ravel", "flatten", "squeeze", "transpose", "to_numpy"))
_FLATTENING = frozenset(
    (
        *(
            "Flatten",
            "Reshape",
            "Embedding",
            "GlobalAveragePooling2D",
            "GlobalAveragePooling1D",
            "GlobalMaxPooling1D",
            "GlobalMaxPooling2D",
        ),
        *("RepeatVector", "Permute"),
    )
)
_DROPPED_LAYERS = frozenset(
    (
        *(
            "Dense",
            "Conv1D",
            "Conv2D",
            "Conv2DTranspose",
            "MaxPooling1D",
            "MaxPooling2D",
            "AveragePooling2D",
            "UpSampling1D",
            "UpSampling2D",
        ),
        *("ZeroPadding2D", "Cropping2D", "LSTM", "GRU", "SimpleRNN", "Bidirectional", "TimeDistributed", "Concatenate"),
    )
)
_POOLING = frozenset(("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D", "UpSampling2D", "UpSampling1D"))
_WINDOWS = frozenset(("kernel_size", "pool_size", "strides", "dilation_rate", "size", "cropping"))
_WINDOWED = frozenset(
    (
        *("MaxPooling2D", "MaxPooling1D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "UpSampling2D", "UpSampling1D"),
        *("ZeroPadding1D", "ZeroPadding2D", "Cropping1D", "Cropping2D"),
    )
)
_SIZES = frozenset(("input_shape", "shape", "batch_input_shape", "batch_shape", "input_dim", "input_length", "target_shape", "image_size"))
_UNITS = frozenset(("units", "filters", "n", "num_classes", "output_dim", "num_heads", "key_dim", "depth", "n_components"))
_LENGTHS = frozenset(("sequence_length", "batch_size", "maxlen", "input_width", "steps", "num_words", "max_tokens"))
_OPTIONAL = frozenset(
    (
        *(
            "padding",
            "strides",
            "return_sequences",
            "data_format",
            "target_size",
            "class_mode",
            "color_mode",
            "include_top",
            "drop_remainder",
        ),
        *("axis", "maxlen", "num_classes", "pooling", "keepdims", "use_bias", "label_mode", "batch_size", "return_state"),
    )
)
_LOSSES = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
    "binary_crossentropy": "categorical_crossentropy",
    "mse": "sparse_categorical_crossentropy",
    "mean_squared_error": "categorical_crossentropy",
    "mae": "binary_crossentropy",
}
_LOSS_CLASSES = {
    "SparseCategoricalCrossentropy": "CategoricalCrossentropy",
    "CategoricalCrossentropy": "SparseCategoricalCrossentropy",
    "BinaryCrossentropy": "CategoricalCrossentropy",
    "MeanSquaredError": "BinaryCrossentropy",
}
_RUNS = frozenset(("predict", "predict_on_batch", "fit", "evaluate", "train_on_batch"))
_TRAINS = frozenset(("fit", "evaluate", "train_on_batch", "test_on_batch"))


def _one_more(kind: str, node: ast.AST, by: int = 1) -> Iterator[Edit]:
    if isinstance(node, ast.Constant) and type(node.value) is int and 0 < node.value < 5000:
        yield kind, node, str(node.value + by)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for item in node.elts:
            yield from _one_more(kind, item, by)


def _ranks(kind: str, node: ast.AST, script: Script) -> Iterator[Edit]:
    if isinstance(node, (ast.Tuple, ast.List)):
        parts = [script.source(part) for part in node.elts]
        opening, closing = ("[", "]") if isinstance(node, ast.List) else ("(", ",)")
        if len(parts) > 1:
            yield kind, node, opening + ", ".join(parts[:-1]) + closing
            yield kind, node, opening + ", ".join([parts[-1], *parts[:-1]]) + closing
        yield kind, node, opening + ", ".join([*parts, "1"]) + closing
        yield kind, node, opening + ", ".join([*parts, "2"]) + closing


def _axes(node: ast.AST, script: Script) -> Iterator[Edit]:
    try:
        value = ast.literal_eval(script.source(node))
    except ValueError:
        return
    if isinstance(value, int):
        for other in {value + 1, value + 3, -1} - {value}:
            yield "axis", node, str(other)


# Calls, one idea each.


def _dropped_calls(node: ast.Call, script: Script) -> Iterator[Edit]:
    name = name_of(node)
    on_module = isinstance(node.func, ast.Attribute) and script.source(node.func.value) in (
        *("np", "tf", "keras.utils", "keras.ops", "ops", "utils"),
    )
    if name in _OF_THEIR_ARGUMENT and node.args and (on_module or isinstance(node.func, ast.Name)):
        yield _OF_THEIR_ARGUMENT[name], node, script.source(node.args[0])
    elif name in _METHODS and isinstance(node.func, ast.Attribute) and not on_module:
        yield f"drop {name}", node, script.source(node.func.value)
    if name in ("TimeDistributed", "Bidirectional") and node.args:
        yield "drop wrapper", node, script.source(node.args[0])


def _dropped_layers(node: ast.Call, script: Script) -> Iterator[Edit]:
    # Flatten()(x) becomes x; model.add(Flatten()) becomes nothing.
    inner = node.func if isinstance(node.func, ast.Call) else None
    if inner is not None and node.args:
        if name_of(inner) in _FLATTENING:
            yield "drop layer", node, script.source(node.args[0])
        elif name_of(inner) in _DROPPED_LAYERS:
            yield "drop other layer", node, script.source(node.args[0])
    if name_of(node) == "add" and node.args and isinstance(node.args[0], ast.Call):
        if name_of(node.args[0]) in _FLATTENING:
            yield "drop layer", node, "None"
        elif name_of(node.args[0]) in _DROPPED_LAYERS:
            yield "drop other layer", node, "None"


def _moved_layers(node: ast.Call, script: Script) -> Iterator[Edit]:
    # Layer()(x) is called on the model's input instead, past the layers before; pooling is done twice.
    inner = node.func if isinstance(node.func, ast.Call) else None
    if inner is None or len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
        return
    if script.inputs and node.args[0].id not in script.inputs:
        yield "skip layers", node.args[0], script.inputs[0]
    if name_of(inner) in _POOLING:
        yield "repeat layer", node, f"{script.source(inner)}({script.source(node)})"


def _lists_of_layers(node: ast.List, script: Script) -> Iterator[Edit]:
    for item in node.elts:
        if isinstance(item, ast.Call) and len(node.elts) > 1:
            rest = [part for part in node.elts if part is not item]
            if name_of(item) in _FLATTENING:
                yield "drop layer", node, _without(node, rest, script)
            elif name_of(item) in _DROPPED_LAYERS and len(node.elts) > 2:
                yield "drop other layer", node, _without(node, rest, script)
            if name_of(item) in _POOLING:
                yield "repeat layer", item, f"{script.source(item)}, {script.source(item)}"
    for one, other in itertools.pairwise(node.elts):
        if all(isinstance(part, ast.Call) and name_of(part)[:1].isupper() for part in (one, other)):
            between = script.data[script.bounds(one)[1] : script.bounds(other)[0]].decode()
            yield "order of layers", _between(one, other), f"{script.source(other)}{between}{script.source(one)}"


def _without(node: ast.List, rest: Sequence[ast.expr], script: Script) -> str:
    # Lines stay where they are: what the item stood on is left empty.
    out, row = "[", node.lineno
    for part in rest:
        out += "\n" * (part.lineno - row) + script.source(part) + ", "
        row = part.end_lineno or part.lineno
    return out + "\n" * ((node.end_lineno or row) - row) + "]"


def _numbers(node: ast.Call, script: Script) -> Iterator[Edit]:
    name = name_of(node)
    for key, value in ((k.arg, k.value) for k in node.keywords):
        if key in _SIZES:
            yield from _one_more("input size" if key != "target_shape" else "reshape target", value)
            yield from _ranks("input rank", value, script)
        elif key in _WINDOWS:
            yield from _one_more("window", value)
            yield from _one_more("window", value, 20)
        elif key in _UNITS:
            yield from _one_more("units", value)
            yield from _one_more("fewer units", value, -1)
        elif key == "axis" or key == "axes":
            yield from _axes(value, script)
        elif key in _LENGTHS:
            yield from _one_more("length", value)
        elif key == "size":
            yield from _one_more("data size", value)
        elif key in ("validation_split", "test_size", "train_size") and isinstance(value, ast.Constant):
            yield "split", value, "0.001"
            yield "split", value, "0.999"
    if name in ("reshape", "Reshape"):
        for value in node.args:
            yield from _one_more("reshape target", value)
            yield from _ranks("reshape target", value, script)
    elif name in ("Input", "InputLayer", "build"):
        for value in node.args:
            yield from _one_more("input size", value)
            yield from _ranks("input rank", value, script)
    elif name in _ARRAY_MAKERS:
        for value in node.args:
            yield from _one_more("data size", value)
            if name in ("zeros", "ones", "random", "normal", "uniform"):
                yield from _ranks("data rank", value, script)
    elif name in ("Dense", "LSTM", "GRU", "SimpleRNN", "RepeatVector", "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Embedding"):
        if node.args:
            yield from _one_more("units", node.args[0])
            if name == "Dense" and isinstance(node.args[0], ast.Constant) and node.args[0].value != 1:
                yield "single unit", node.args[0], "1"
        for value in node.args[1:]:
            yield from _one_more("window", value)
            yield from _one_more("window", value, 20)
    elif name in _WINDOWED:
        for value in node.args:
            yield from _one_more("window", value)
            yield from _one_more("window", value, 20)
    elif name in ("to_categorical", "one_hot") and len(node.args) > 1:
        yield from _one_more("units", node.args[1])
        yield from _one_more("fewer units", node.args[1], -1)
    elif name in ("expand_dims", "concatenate", "argmax", "squeeze", "mean", "sum", "stack", "concat") and len(node.args) > 1:
        yield from _axes(node.args[1], script)
    elif name == "Permute" and node.args:
        yield from _ranks("reshape target", node.args[0], script)
    elif name == "transpose" and len(node.args) > 1:
        for value in node.args:
            yield from _ranks("transpose axes", value, script)


def _other_arguments(node: ast.Call, script: Script) -> Iterator[Edit]:
    name = name_of(node)
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg == "return_sequences" and isinstance(value, ast.Constant):
            yield "return_sequences", value, str(not value.value)
        elif keyword.arg == "padding" and isinstance(value, ast.Constant) and value.value in ("same", "valid"):
            yield "padding", value, '"valid"' if value.value == "same" else '"same"'
        elif keyword.arg == "include_top" and isinstance(value, ast.Constant):
            yield "include_top", value, str(not value.value)
        elif keyword.arg == "class_mode" and isinstance(value, ast.Constant):
            yield "class_mode", value, '"categorical"' if value.value in ("binary", "sparse") else '"binary"'
        elif keyword.arg == "data_format" and isinstance(value, ast.Constant):
            yield "data_format", value, '"channels_first"'
        elif keyword.arg == "loss" or (name == "compile" and keyword.arg is None):
            yield from _losses(value, script)
        if keyword.arg in ("input_shape", "input_dim", "batch_input_shape"):
            yield "drop input_shape", *_without_argument(node, keyword, script)
        elif keyword.arg in _OPTIONAL:
            yield "drop argument", *_without_argument(node, keyword, script)
    if name in ("LSTM", "GRU", "SimpleRNN") and not any(k.arg == "return_sequences" for k in node.keywords) and node.args:
        yield "return_sequences", node.args[-1], f"{script.source(node.args[-1])}, return_sequences=True"
    if name.lower() == "concatenate" and not any(k.arg == "axis" for k in node.keywords) and len(node.args) < 2:
        whole = script.source(node)
        yield "axis", node, f"{whole[:-1].rstrip().rstrip(',')}{', ' if node.args or node.keywords else ''}axis=1)"
    if name == "compile":
        for value in node.args[1:]:
            yield from _losses(value, script)


def _losses(node: ast.AST, script: Script) -> Iterator[Edit]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in _LOSSES:
            yield "loss", part, f'"{_LOSSES[part.value]}"'
        elif isinstance(part, ast.Attribute) and part.attr in _LOSS_CLASSES:
            yield "loss", part, f"{script.source(part.value)}.{_LOSS_CLASSES[part.attr]}"


def _datasets(node: ast.Call, script: Script) -> Iterator[Edit]:
    name = name_of(node)
    if name == "batch" and isinstance(node.func, ast.Attribute):
        whole = script.source(node)
        before = script.source(node.func.value)
        yield "drop batch", node, before
        yield "batch twice", node, whole + whole[len(before) :]
        for value in node.args[:1]:
            yield from _one_more("length", value)
    if name == "from_tensor_slices" and len(node.args) == 1 and isinstance(node.args[0], ast.Tuple) and len(node.args[0].elts) == 2:
        pair = node.args[0]
        x, y = map(script.source, pair.elts)
        yield "sample count", pair, f"({x}, {y}[:-1])"
        yield "order of data", pair, f"({y}, {x})"
        yield "drop labels", pair, x


def _data(node: ast.Call, script: Script) -> Iterator[Edit]:
    name = name_of(node)
    called = isinstance(node.func, ast.Name) and node.func.id in script.models
    if not called and (name not in _RUNS or not isinstance(node.func, ast.Attribute)):
        return
    alone = called or name.startswith("predict")
    for value in node.args[:2]:
        text = script.source(value)
        if isinstance(value, (ast.Name, ast.Subscript, ast.Attribute)):
            yield "drop batch axis" if alone else "one sample", value, f"{text}[0]"
            if isinstance(value, ast.Name):
                if name in ("fit", "evaluate"):
                    yield "sample count", value, f"{text}[:-1]"
                yield "column", value, f"{text}[..., None]"
                yield "extra batch axis", value, f"{text}[None]"
                if value is node.args[0]:
                    yield "transpose data", value, f"{text}.T"
        if isinstance(value, (ast.List, ast.Tuple)) and len(value.elts) > 1:
            parts = [script.source(part) for part in value.elts]
            yield "number of inputs", value, f"[{', '.join(parts[:-1])}]"
            yield "order of inputs", value, f"[{', '.join(reversed(parts))}]"
    if name in _TRAINS and len(node.args) > 1:
        yield "order of data", _between(*node.args[:2]), f"{script.source(node.args[1])}, {script.source(node.args[0])}"


def _labels(node: ast.Call, script: Script) -> Iterator[Edit]:
    if name_of(node) not in _TRAINS or len(node.args) < 2:
        return
    text = script.source(node.args[1])
    categorical, numpy = script.to_categorical(), script.numpy()
    if categorical is not None:
        yield "to_categorical", node.args[1], f"{categorical}({text})"
    if numpy is not None:
        yield "labels to classes", node.args[1], f"{numpy}.argmax({text}, axis=-1)"


def _validation(node: ast.Call, script: Script) -> Iterator[Edit]:
    for keyword in node.keywords:
        pair = keyword.value
        if keyword.arg == "validation_data" and isinstance(pair, (ast.Tuple, ast.List)) and len(pair.elts) == 2:
            x, y = map(script.source, pair.elts)
            for other in (f"({x}[0], {y})", f"({x}, {y}[:-1])", f"({x}[..., None], {y})", f"({y}, {x})", f"({x}, {y}[..., None])"):
                yield "validation data", pair, other


def _operands(node: ast.Call, script: Script) -> Iterator[Edit]:
    if name_of(node) in ("dot", "matmul") and len(node.args) == 2:
        yield "order of operands", _between(*node.args), f"{script.source(node.args[1])}, {script.source(node.args[0])}"


_OF_CALLS: Sequence[Callable[[ast.Call, Script], Iterator[Edit]]] = (
    _dropped_calls,
    _dropped_layers,
    _moved_layers,
    _numbers,
    _other_arguments,
    _datasets,
    _data,
    _labels,
    _validation,
    _operands,
)


# What is no call.


def _subscripts(node: ast.Subscript, script: Script) -> Iterator[Edit]:
    inner = script.source(node.slice)
    stored = isinstance(node.ctx, ast.Store)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if any(isinstance(part, ast.Constant) and part.value is None for part in parts) or "newaxis" in inner:
        yield "drop newaxis", node, script.source(node.value)
    for part in parts:
        if isinstance(part, ast.Slice):
            for bound in (part.lower, part.upper):
                if bound is not None:
                    yield from _one_more("slice", bound)
        elif isinstance(part, (ast.Constant, ast.Name)) and len(parts) > 1 and not stored:
            yield "index", part, f"{script.source(part)}:"
    if isinstance(node.slice, ast.Slice) and not stored:
        low = script.source(node.slice.lower) if node.slice.lower is not None else "0"
        yield "drop slice", node, script.source(node.value)
        yield "index", node, f"{script.source(node.value)}[{low}]"
    if not stored and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        yield "column brackets", node.slice, f"[{inner}]"
    elif not stored and isinstance(node.slice, ast.List) and len(node.slice.elts) == 1:
        yield "column brackets", node.slice, script.source(node.slice.elts[0])


def _unpacked(node: ast.Assign, script: Script) -> Iterator[Edit]:
    # x_train, x_test, y_train, y_test = train_test_split(...) with two of the names exchanged, and the pairs of load_data.
    target = node.targets[0]
    if not isinstance(target, ast.Tuple) or not isinstance(node.value, ast.Call):
        return
    names = [part for part in ast.walk(target) if isinstance(part, ast.Name)]
    if len(names) == 4:
        one, other = sorted(names, key=script.bounds)[1:3]
        between = script.data[script.bounds(one)[1] : script.bounds(other)[0]].decode()
        yield "order of names", _between(one, other), f"{other.id}{between}{one.id}"
