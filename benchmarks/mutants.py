"""Breaks one shape at a time in scripts that work, runs the real library, and holds against it what the linter says.

A mutant is a working script with one small edit: an ``expand_dims`` or a ``Flatten`` left out, another number in an ``input_shape``,
another loss. Where it raises, the linter should say so on that line (recall); where it runs, it should report no error (alarms).
What the library did is kept in a cache, so that a second run costs seconds. Without arguments the scripts are the fixtures that have
no error in them.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
RUNNER = TOP / "tests" / "conformance" / "real.py"
BATCH = 40  # Scripts for one process: TensorFlow never gives back all of its memory.

Edit = tuple[str, ast.AST, str]
"""A kind of mutation, the node whose text goes, and the text that comes in its place."""


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
        return f"{self.origin.name}:{self.row} {self.kind}: {_short(self.was)} -> {_short(self.now) or 'nothing'}"


@dataclass(frozen=True)
class Verdict:
    """What the library did with a mutant, and what the linter said of it."""

    mutant: Mutant
    line: int | None
    exception: str
    said: tuple[tuple[int, str, str], ...]

    @property
    def outcome(self) -> str:
        """Return runs or alarm where it ran; hit, elsewhere or miss where a shape is why it raised; other where something else is."""
        if self.line is None:
            return "alarm" if self.said else "runs"
        if not _is_about_shapes(self.exception):
            return "other"
        if any(row in self.right_lines for row, _, _ in self.said):
            return "hit"
        return "elsewhere" if self.said else "miss"

    @property
    def right_lines(self) -> set[int]:
        """Return the line that raised, with those of a function that TensorFlow traced: its message names them, the traceback does not."""
        traced = re.findall(r'File "[^"]*script\d+\.py", line (\d+)', self.exception.partition("in user code")[2])
        return {self.line or 0, *map(int, traced)}


# --- the mutations -----------------------------------------------------------------------------------------------------------------

_ARRAY_MAKERS = frozenset(
    ("zeros", "ones", "empty", "full", "rand", "randn", "randint", "random", "normal", "uniform", "standard_normal", "integers", "arange")
)
_OF_THEIR_ARGUMENT = {
    name: f"drop {name}"
    for name in ("expand_dims", "squeeze", "reshape", "ravel", "transpose", "to_categorical", "pad_sequences", "stack", "vstack", "one_hot")
}
_METHODS = frozenset(("reshape", "ravel", "flatten", "squeeze", "transpose", "to_numpy"))
_DROPPED_LAYERS = frozenset(("Flatten", "Reshape", "GlobalAveragePooling2D", "GlobalAveragePooling1D", "GlobalMaxPooling1D", "Embedding"))
_WINDOWS = frozenset(("kernel_size", "pool_size", "strides", "dilation_rate", "size", "cropping"))
_SIZES = frozenset(("input_shape", "shape", "batch_input_shape", "batch_shape", "input_dim", "input_length", "target_shape", "image_size"))
_LOSSES = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
    "binary_crossentropy": "categorical_crossentropy",
    "mse": "sparse_categorical_crossentropy",
    "mean_squared_error": "categorical_crossentropy",
    "mae": "binary_crossentropy",
}
_RUNS = frozenset(("predict", "predict_on_batch", "fit", "evaluate", "train_on_batch"))


def mutants_of(path: Path, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a script that is still Python."""
    tree = ast.parse(text)
    starts = [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    data = text.encode()
    seen = {text}
    for kind, node, new in _edits(tree, text):
        begin, end = (starts[row - 1] + column for row, column in _span(node))
        made = (data[:begin] + new.encode() + data[end:]).decode()
        if made in seen:
            continue
        seen.add(made)
        try:
            ast.parse(made)
        except SyntaxError:
            continue
        yield Mutant(path, kind, node.lineno, data[begin:end].decode(), new, made)  # type: ignore[attr-defined]


def _span(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _edits(tree: ast.Module, text: str) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for find in (_dropped_calls, _dropped_layers, _numbers_of_calls, _other_arguments, _batch_axes):
                yield from find(node, lambda part: ast.get_source_segment(text, part) or "")
            if _name(node) == "fit" and len(node.args) > 1 and (function := _to_categorical(tree)) is not None:
                yield "to_categorical", node.args[1], f"{function}({ast.get_source_segment(text, node.args[1])})"
        elif isinstance(node, ast.Subscript):
            yield from _subscripts(node, lambda part: ast.get_source_segment(text, part) or "")
        elif isinstance(node, ast.List):
            yield from _dropped_list_items(node, lambda part: ast.get_source_segment(text, part) or "")
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            yield from _one_more("constant", statement.value)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
            for item in statement.value.elts:
                yield from _one_more("constant", item)


def _name(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _one_more(kind: str, node: ast.AST, by: int = 1) -> Iterator[Edit]:
    if isinstance(node, ast.Constant) and type(node.value) is int and 0 < node.value < 5000:
        yield kind, node, str(node.value + by)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for item in node.elts:
            yield from _one_more(kind, item, by)


def _to_categorical(tree: ast.Module) -> str | None:
    """Return how a script spells ``to_categorical`` with what it imports anyhow."""
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    for name, real in names.items():
        if real in ("keras", "to_categorical") or (real == "tensorflow" and name != "tensorflow"):
            return {"keras": f"{name}.utils.to_categorical", "to_categorical": name}.get(real, f"{name}.keras.utils.to_categorical")
    return None


Source = Callable[[ast.AST], str]


def _dropped_calls(node: ast.Call, source: Source) -> Iterator[Edit]:
    name = _name(node)
    on_module = isinstance(node.func, ast.Attribute) and source(node.func.value) in ("np", "tf", "keras.utils", "keras.ops", "ops", "utils")
    if name in _OF_THEIR_ARGUMENT and node.args and (on_module or isinstance(node.func, ast.Name)):
        yield _OF_THEIR_ARGUMENT[name], node, source(node.args[0])
    elif name in _METHODS and isinstance(node.func, ast.Attribute) and not on_module:
        yield f"drop {name}", node, source(node.func.value)


def _dropped_layers(node: ast.Call, source: Source) -> Iterator[Edit]:
    # Flatten()(x) becomes x; model.add(Flatten()) becomes nothing.
    inner = node.func if isinstance(node.func, ast.Call) else None
    if inner is not None and _name(inner) in _DROPPED_LAYERS and node.args:
        yield "drop layer", node, source(node.args[0])
    if _name(node) == "add" and node.args and isinstance(node.args[0], ast.Call) and _name(node.args[0]) in _DROPPED_LAYERS:
        yield "drop layer", node, "None"


def _dropped_list_items(node: ast.List, source: Source) -> Iterator[Edit]:
    for item in node.elts:
        if isinstance(item, ast.Call) and _name(item) in _DROPPED_LAYERS and len(node.elts) > 1:
            rest = [part for part in node.elts if part is not item]
            # Lines stay where they are: what the item stood on is left empty.
            yield "drop layer", node, _without(node, rest, source)


def _without(node: ast.List, rest: Sequence[ast.expr], source: Source) -> str:
    out, row = "[", node.lineno
    for part in rest:
        out += "\n" * (part.lineno - row) + source(part) + ", "
        row = part.end_lineno or part.lineno
    return out + "\n" * ((node.end_lineno or row) - row) + "]"


def _numbers_of_calls(node: ast.Call, source: Source) -> Iterator[Edit]:
    name = _name(node)
    keywords = {k.arg: k.value for k in node.keywords}
    for key, value in keywords.items():
        if key in _SIZES:
            yield from _one_more("input size" if key != "target_shape" else "reshape target", value)
            yield from _ranks("input rank", value, source)
        elif key in _WINDOWS:
            yield from _one_more("window", value)
            yield from _one_more("window", value, 20)
        elif key in ("units", "filters", "n", "num_classes", "output_dim", "num_heads", "key_dim", "depth", "n_components"):
            yield from _one_more("units", value)
        elif key == "axis" or key == "axes":
            yield from _axes(value, source)
        elif key in ("sequence_length", "batch_size", "maxlen", "input_width", "steps", "num_words", "max_tokens"):
            yield from _one_more("length", value)
        elif key == "size":
            yield from _one_more("data size", value)
    if name in ("reshape", "Reshape"):
        for value in node.args:
            yield from _one_more("reshape target", value)
            yield from _ranks("reshape target", value, source)
    elif name in ("Input", "InputLayer", "build"):
        for value in node.args:
            yield from _one_more("input size", value)
            yield from _ranks("input rank", value, source)
    elif name in _ARRAY_MAKERS:
        for value in node.args:
            yield from _one_more("data size", value)
            if name in ("zeros", "ones", "random", "normal", "uniform"):
                yield from _ranks("data rank", value, source)
    elif name in ("Dense", "LSTM", "GRU", "SimpleRNN", "RepeatVector", "Conv1D", "Conv2D", "Conv2DTranspose", "Embedding"):
        if node.args:
            yield from _one_more("units", node.args[0])
        for value in node.args[1:]:
            yield from _one_more("window", value)
            yield from _one_more("window", value, 20)
    elif name in ("MaxPooling2D", "MaxPooling1D", "AveragePooling2D", "UpSampling2D", "UpSampling1D", "ZeroPadding2D", "Cropping2D"):
        for value in node.args:
            yield from _one_more("window", value)
            yield from _one_more("window", value, 20)
    elif name in ("to_categorical", "one_hot") and len(node.args) > 1:
        yield from _one_more("units", node.args[1])
    elif name in ("expand_dims", "concatenate", "argmax", "squeeze", "mean", "sum", "stack", "concat") and len(node.args) > 1:
        yield from _axes(node.args[1], source)
    elif name == "Permute" and node.args:
        yield from _ranks("reshape target", node.args[0], source)


def _ranks(kind: str, node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, (ast.Tuple, ast.List)):
        parts = [source(part) for part in node.elts]
        opening, closing = ("[", "]") if isinstance(node, ast.List) else ("(", ",)")
        if len(parts) > 1:
            yield kind, node, opening + ", ".join(parts[:-1]) + closing
            yield kind, node, opening + ", ".join([parts[-1], *parts[:-1]]) + closing
        yield kind, node, opening + ", ".join([*parts, "1"]) + closing
        yield kind, node, opening + ", ".join([*parts, "2"]) + closing


def _axes(node: ast.AST, source: Source) -> Iterator[Edit]:
    try:
        value = ast.literal_eval(source(node))
    except ValueError:
        return
    if isinstance(value, int):
        for other in {value + 1, value + 3, -1} - {value}:
            yield "axis", node, str(other)


def _other_arguments(node: ast.Call, source: Source) -> Iterator[Edit]:
    name = _name(node)
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
            yield from _losses(value)
    if name in ("LSTM", "GRU", "SimpleRNN") and not any(k.arg == "return_sequences" for k in node.keywords) and node.args:
        yield "return_sequences", node.args[-1], f"{source(node.args[-1])}, return_sequences=True"
    if name == "compile":
        for value in node.args[1:]:
            yield from _losses(value)
    if name == "batch" and isinstance(node.func, ast.Attribute):
        yield "drop batch", node, source(node.func.value)


def _losses(node: ast.AST) -> Iterator[Edit]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in _LOSSES:
            yield "loss", part, f'"{_LOSSES[part.value]}"'
        elif isinstance(part, ast.Attribute) and part.attr in ("SparseCategoricalCrossentropy", "CategoricalCrossentropy"):
            whole = ast.unparse(part.value)
            yield "loss", part, f"{whole}.{'' if part.attr[0] == 'S' else 'Sparse'}CategoricalCrossentropy"


def _batch_axes(node: ast.Call, source: Source) -> Iterator[Edit]:
    if _name(node) not in _RUNS or not isinstance(node.func, ast.Attribute):
        return
    for value in node.args[:2]:
        if isinstance(value, (ast.Name, ast.Subscript, ast.Attribute)):
            yield "drop batch axis" if _name(node).startswith("predict") else "one sample", value, f"{source(value)}[0]"
            if _name(node) in ("fit", "evaluate") and isinstance(value, ast.Name):
                yield "sample count", value, f"{source(value)}[:-1]"
                yield "column", value, f"{source(value)}[..., None]"
        if isinstance(value, (ast.List, ast.Tuple)) and len(value.elts) > 1:
            yield "number of inputs", value, f"[{', '.join(source(part) for part in value.elts[:-1])}]"
            yield "order of inputs", value, f"[{', '.join(source(part) for part in reversed(value.elts))}]"


def _subscripts(node: ast.Subscript, source: Source) -> Iterator[Edit]:
    inner = source(node.slice)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if any(isinstance(part, ast.Constant) and part.value is None for part in parts) or "newaxis" in inner:
        yield "drop newaxis", node, source(node.value)
    for part in parts:
        if isinstance(part, ast.Slice):
            for bound in (part.lower, part.upper):
                if bound is not None:
                    yield from _one_more("slice", bound)
        elif isinstance(part, (ast.Constant, ast.Name)) and len(parts) > 1 and not isinstance(node.ctx, ast.Store):
            yield "index", part, f"{source(part)}:"
    if isinstance(node.slice, ast.Slice) and not isinstance(node.ctx, ast.Store):
        low = source(node.slice.lower) if node.slice.lower is not None else "0"
        yield "drop slice", node, source(node.value)
        yield "index", node, f"{source(node.value)}[{low}]"


# --- the real thing ----------------------------------------------------------------------------------------------------------------


def run_for_real(texts: Sequence[str], major: int, cache: Path, seconds: int) -> dict[str, dict[str, Any]]:
    """Return what each text did in the real library, from the cache where it has been run."""
    versions = [importlib.metadata.version(name) for name in ("tensorflow", "keras" if major == 3 else "tf_keras", "numpy")]
    cache.mkdir(parents=True, exist_ok=True)
    kept = {text: cache / f"{hashlib.sha256(json.dumps([versions, major, text]).encode()).hexdigest()[:24]}.json" for text in texts}
    left = [text for text, file in kept.items() if not file.exists()]
    total = len(left)
    with tempfile.TemporaryDirectory() as scratch:
        while left:
            batch = {str(Path(scratch) / f"script{number}.py"): text for number, text in enumerate(left[:BATCH])}
            for path, text in batch.items():
                Path(path).write_text(text, encoding="utf-8")
            done = subprocess.run(
                [sys.executable, str(RUNNER), str(major), *batch],
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": "", "REAL_LIMIT_SECONDS": str(seconds)},
            )
            answers = {}
            for line in done.stdout.split("\n"):
                if line.startswith("{"):
                    outcome = json.loads(line)
                    answers[outcome["file"]] = outcome
            if len(answers) < len(batch):
                died = next(path for path in batch if path not in answers)
                answers[died] = {"file": died, "line": 0, "exception": f"Died: {done.stderr[-300:]}", "seconds": 0.0}
            for path, outcome in answers.items():
                kept[batch[path]].write_text(json.dumps(outcome), encoding="utf-8")
            left = [text for text in left if not kept[text].exists()]
            print(f"\r{total - len(left)} of {total} run", end="", file=sys.stderr, flush=True)
    if total:
        print(file=sys.stderr)
    return {text: json.loads(file.read_text(encoding="utf-8")) for text, file in kept.items()}


def _is_about_shapes(exception: str) -> bool:
    """Tell whether a mutation of a shape is the direct reason: not that a name or a method is missing, nor memory or time."""
    kind = exception.partition(":")[0].rpartition(".")[2]
    if kind in ("ValueError", "InvalidArgumentError", "IndexError", "AxisError"):
        return not any(said in exception for said in ("Unknown variable", "No such file", "truth value"))
    said = exception.lower()
    return kind == "TypeError" and any(word in said for word in ("shape", "rank", "axis", "dimension", "ndim", "target structure"))


# --- the comparison ----------------------------------------------------------------------------------------------------------------


def judge(mutant: Mutant, outcome: dict[str, Any], major: int) -> Verdict:
    """Hold what the linter says of a mutant against what it did."""
    from kshape_lint.checker import check

    findings = [f for f in check(mutant.text, str(mutant.origin), keras=major, force=True).findings if f.severity == "error"]
    said = tuple((f.place.row, f.code, f.message) for f in findings)
    return Verdict(mutant, outcome["line"], outcome["exception"] or "", said)


def chosen(paths: Sequence[Path], each: int) -> list[Mutant]:
    """Return the mutants of scripts: of each kind, `each` of a script, always the same ones."""
    out: list[Mutant] = []
    for path in paths:
        by_kind: dict[str, list[Mutant]] = {}
        for mutant in mutants_of(path, path.read_text(encoding="utf-8")):
            by_kind.setdefault(mutant.kind, []).append(mutant)
        for mutants in by_kind.values():
            mutants.sort(key=lambda m: hashlib.sha256(f"{m.origin.name} {m.row} {m.was} {m.now}".encode()).digest())
            out += mutants[:each]
    return out


def sound_fixtures() -> list[Path]:
    """Return the fixtures that have no error in them."""
    return [path for path in sorted((TOP / "fixtures").rglob("*.py")) if "# expect" not in path.read_text(encoding="utf-8")]


def report(verdicts: Sequence[Verdict]) -> None:
    """Print the table of kinds."""
    kinds = sorted({v.mutant.kind for v in verdicts})
    counts = Counter((v.mutant.kind, v.outcome) for v in verdicts)
    columns = ("hit", "elsewhere", "miss", "runs", "alarm", "other")
    print(f"{'kind of mutation':20}" + "".join(f"{column:>11}" for column in columns) + f"{'recall':>9}")
    for kind in [*kinds, "all"]:
        row = [sum(n for (k, o), n in counts.items() if o == column and kind in (k, "all")) for column in columns]
        raising = sum(row[:3])
        print(f"{kind:20}" + "".join(f"{n:11}" for n in row) + (f"{row[0] / raising:9.0%}" if raising else ""))
    print("hit: raises and is reported on that line; elsewhere: reported on another; other: raises for another reason than a shape")


def show(verdicts: Sequence[Verdict], outcomes: Sequence[str]) -> None:
    """Print the mutants of some outcomes, with what raised and what was said."""
    for verdict in verdicts:
        if verdict.outcome in outcomes:
            print(f"\n{verdict.outcome.upper()} {verdict.mutant}")
            if verdict.line is not None:
                print(f"   line {verdict.line} raises {_short(verdict.exception, 400)}")
            for row, code, message in verdict.said:
                print(f"   said on line {row}: {code} {_short(message, 300)}")


def _short(text: str, length: int = 70) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def main() -> int:
    """Make mutants, run them, check them, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="working scripts, or directories of them")
    parser.add_argument("--keras", type=int, choices=(3, 2), default=3, help="the Keras major to run them with")
    parser.add_argument("--each", type=int, default=2, help="mutants of a kind and a script")
    parser.add_argument("--kind", help="this kind of mutation alone")
    parser.add_argument("--show", nargs="?", const="miss,elsewhere,alarm", help="print the mutants of these outcomes, too")
    parser.add_argument("--seconds", type=int, default=20, help="the longest that a script may run")
    parser.add_argument("--cache", type=Path, default=TOP / ".tox" / "mutants-cache", help="where the outcomes are kept")
    said = parser.parse_args()
    paths = [file for path in said.paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])] or sound_fixtures()
    working = run_for_real([path.read_text(encoding="utf-8") for path in paths], said.keras, said.cache, said.seconds)
    usable = [path for path in paths if working[path.read_text(encoding="utf-8")]["exception"] is None]
    mutants = [m for m in chosen(usable, said.each) if said.kind in (None, m.kind)]
    print(f"{len(mutants)} mutants of {len(usable)} scripts that run, Keras {said.keras}", flush=True)
    outcomes = run_for_real([m.text for m in mutants], said.keras, said.cache, said.seconds)
    verdicts = [judge(mutant, outcomes[mutant.text], said.keras) for mutant in mutants]
    if said.show:
        show(verdicts, said.show.split(","))
        print()
    report(verdicts)
    return 1 if any(v.outcome == "alarm" for v in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
