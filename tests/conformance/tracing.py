"""Holds every shape that is inferred for a script against the one it has when the script really runs.

A script is instrumented once: ``reveal_shape(x)`` comes after each assignment and at the head of loops and functions, and around calls of
layers and models. The linter answers those calls; for the real run (`traced.py`, in a process of its own) each of them becomes one that
records what it is given. The two are compared place by place; a place the real run never comes to says nothing.

``python tests/conformance/tracing.py [--keras 2] [--seconds 60] FILE-OR-DIRECTORY…`` prints the contradictions and counts.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

HERE = Path(__file__).resolve().parent
ASK, SEEN = "reveal_shape", "__seen__"
Position = tuple[int, int]


@dataclass(frozen=True)
class Contradiction:
    """A place of a script where what is inferred cannot be what was seen."""

    line: int
    text: str
    inferred: Any
    seen: Any

    def __str__(self) -> str:
        return f"line {self.line}: {self.text} is inferred to be {self.inferred}, but was {self.seen}"


@dataclass
class Trace:
    """What came of one script: `places` that were reached, of which `known` have an inferred rank; and how the run ended."""

    places: int = 0
    known: int = 0
    dims: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)
    exception: str | None = None


class _Instrument(cst.CSTTransformer):
    """Puts questions about shapes into a program."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, called: set[str]) -> None:
        super().__init__()
        self.called = called
        self.lines: list[tuple[int, str]] = []
        self.held = 0

    def line(self, node: cst.CSTNode) -> int:
        return int(self.get_metadata(PositionProvider, node).start.line)

    def asks(self, node: cst.CSTNode, targets: Sequence[cst.BaseExpression]) -> list[cst.SimpleStatementLine]:
        return [cst.SimpleStatementLine([cst.Expr(ask(name))]) for target in targets for name in _names(target)]

    def visit_Decorator(self, node: cst.Decorator) -> bool:
        return False

    def leave_SimpleStatementLine(self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine) -> Any:
        targets: list[cst.BaseExpression] = []
        for small in original_node.body:
            if isinstance(small, cst.Assign):
                targets += [t.target for t in small.targets]
            elif isinstance(small, cst.AugAssign) or (isinstance(small, cst.AnnAssign) and small.value is not None):
                targets.append(small.target)
        asked = self.asks(original_node, targets)
        return cst.FlattenSentinel([updated_node, *asked]) if asked else updated_node

    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.For:
        return self._headed(updated_node, self.asks(original_node, [original_node.target]))

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> cst.With:
        names = [item.asname.name for item in original_node.items if item.asname is not None]
        return self._headed(updated_node, self.asks(original_node, [n for n in names if isinstance(n, cst.BaseExpression)]))

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        given = original_node.params
        names = [p.name for p in (*given.posonly_params, *given.params, *given.kwonly_params) if p.name.value not in ("self", "cls")]
        return self._headed(updated_node, self.asks(original_node, names), after_text=True)

    def _headed(self, node: Any, asked: list[cst.SimpleStatementLine], after_text: bool = False) -> Any:
        body = node.body
        if not asked or not isinstance(body, cst.IndentedBlock):
            return node
        at = 0
        if after_text and body.body and isinstance(body.body[0], cst.SimpleStatementLine):
            first = body.body[0].body[0]
            at = int(isinstance(first, cst.Expr) and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString)))
        return node.with_changes(body=body.with_changes(body=[*body.body[:at], *asked, *body.body[at:]]))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        function = original_node.func
        if not original_node.args:
            return updated_node
        curried = isinstance(function, cst.Call) and bool(function.args)
        own = isinstance(function, cst.Attribute) and isinstance(function.value, cst.Name) and function.value.value == "self"
        named = isinstance(function, cst.Name) and function.value in self.called
        return ask(updated_node) if curried or own or named else updated_node


def ask(value: cst.BaseExpression) -> cst.Call:
    return cst.Call(cst.Name(ASK), [cst.Arg(value)])


def _names(target: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield what a target binds: names, and attributes of names."""
    if isinstance(target, cst.Name) or (isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name)):
        yield target.deep_clone().with_changes(lpar=(), rpar=())  # type: ignore[arg-type]
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            if not isinstance(element, cst.StarredElement):
                yield from _names(element.value)


class _Called(cst.CSTVisitor):
    """Finds the names that are given the result of a call: they may hold layers and models."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Assign(self, node: cst.Assign) -> None:
        if isinstance(node.value, cst.Call):
            self.names |= {t.target.value for t in node.targets if isinstance(t.target, cst.Name)}


def instrument(text: str) -> str:
    """Return a program's text with questions about shapes in it."""
    wrapper = MetadataWrapper(cst.parse_module(text))
    called = _Called()
    wrapper.module.visit(called)
    return wrapper.visit(_Instrument(called.names)).code


def recording(asking: str) -> tuple[str, dict[Position, str]]:
    """Return the program that records what an instrumented one asks, and the questions by place."""
    tree = ast.parse(asking)
    questions: dict[Position, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == ASK:
            place = (node.lineno, node.col_offset)
            questions[place] = ast.unparse(node.args[0])
            node.func.id = SEEN
            node.args[:0] = [ast.Constant(place[0]), ast.Constant(place[1])]
    return ast.unparse(tree), questions


def inferred(asking: str, filename: str, keras: int) -> dict[Position, Any]:
    """Return what the linter answers, by place; columns in bytes, as `ast` counts them."""
    from kshape_lint.checker import check

    found = check(asking, filename, keras=keras, force=True, strict=True, data_roots=None).findings
    rows = asking.splitlines()
    out: dict[Position, Any] = {}
    for f in found:
        if f.code == "KSH900" and f.filename == filename and f.place.row <= len(rows):
            out[f.place.row, len(rows[f.place.row - 1][: f.place.column - 1].encode())] = f.shape
    return out


def allows(shape: Any, seen: Any) -> bool:
    """Tell whether an inferred shape may be the one that was seen; `traced.describe` says what that looks like."""
    if shape is None or seen is None:
        return True
    if "o" in seen:
        return False
    if "l" in seen:
        # What is inferred of a list has lists and None in it; numbers and names are the dimensions of one array.
        parts = seen["l"]
        listed = isinstance(shape, list) and all(isinstance(part, (list, type(None))) for part in shape)
        return listed and (parts is None or (len(parts) == len(shape) and all(map(allows, shape, parts))))
    dims = seen["s"]
    if dims is None:
        return True
    if len(shape) != len(dims) or any(isinstance(d, list) for d in shape):
        return False
    # A dimension that is fixed may be open in a graph that TensorFlow traces, never in a tensor of Keras.
    return all(not isinstance(d, int) or d == s or (s is None and seen.get("k") != "KerasTensor") for d, s in zip(shape, dims))


def compare(text: str, path: Path, outcome: dict[str, Any], keras: int) -> Trace:
    """Hold what is inferred for a script against its recorded run."""
    asking = instrument(text)
    _, questions = recording(asking)
    answers = inferred(asking, str(path), keras)
    trace = Trace(exception=outcome["exception"])
    lines = original_lines(asking, questions)
    for row, column, seen in outcome["seen"]:
        place = (row, column)
        shape = answers.get(place)
        trace.places += 1
        if shape is None:
            continue
        trace.known += 1
        trace.dims += sum(isinstance(d, int) for d in shape)
        wrong = [s for s in seen if not allows(shape, s)]
        if wrong:
            trace.contradictions.append(Contradiction(lines[place], questions[place], shape, wrong[0]))
    return trace


def original_lines(asking: str, questions: dict[Position, str]) -> dict[Position, int]:
    """Return the line of the script that each question is about: those with nothing but a question in them are ours."""
    own, added = {}, 0
    rows = asking.splitlines()
    alone = {row for row, column in questions if rows[row - 1].strip().startswith(f"{ASK}(") and rows[row - 1].rstrip().endswith(")")}
    for row in range(1, len(rows) + 1):
        added += row in alone
        own[row] = max(1, row - added)
    return {place: own[place[0]] for place in questions}


def run_for_real(paths: Sequence[Path], keras: int, seconds: int) -> dict[Path, dict[str, Any]]:
    """Run instrumented scripts, many in one process, and return what they recorded. One that kills the process has recorded nothing."""
    found: dict[Path, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        copies: dict[str, Path] = {}
        for i, path in enumerate(paths):
            copy = Path(scratch) / f"{i:04}_{path.name}"
            copy.write_text(recording(instrument(path.read_text(encoding="utf-8")))[0], encoding="utf-8")
            copies[str(copy)] = path
        left = list(copies)
        while left:
            command = [sys.executable, str(HERE / "traced.py"), str(keras), str(seconds), *left]
            environment = {**os.environ, "PYTHONPATH": ""}
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    if line.startswith('{"file"'):
                        outcome = json.loads(line)
                        found[copies[outcome["file"]]] = outcome
                        left.remove(outcome["file"])
            if left:
                found[copies[left.pop(0)]] = {"seen": [], "exception": "the process died"}
    return found


def trace(paths: Sequence[Path], keras: int = 3, seconds: int = 60) -> dict[Path, Trace]:
    """Run scripts and compare each with what is inferred for it."""
    outcomes = run_for_real(paths, keras, seconds)
    return {path: compare(path.read_text(encoding="utf-8"), path, outcomes[path], keras) for path in paths}


def scripts(roots: Sequence[Path]) -> list[Path]:
    """Return the scripts among files and below directories that parse."""
    found = [p for root in roots for p in (sorted(root.rglob("*.py")) if root.is_dir() else [root])]
    return [p.resolve() for p in found if _parses(p)]


def _parses(path: Path) -> bool:
    try:
        ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keras", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--every", type=int, default=1, help="take one script in so many")
    parser.add_argument("paths", nargs="+", type=Path)
    given = parser.parse_args()
    sys.path.insert(0, str(HERE.parent.parent))
    counts: Counter[str] = Counter()
    paths = scripts(given.paths)[:: given.every]
    for start in range(0, len(paths), 8):
        for path, traced in trace(paths[start : start + 8], given.keras, given.seconds).items():
            counts.update(scripts=1, ended=traced.exception is None, places=traced.places, known=traced.known, dims=traced.dims)
            counts["contradictions"] += len(traced.contradictions)
            print(f"{path}: {traced.places} places, {traced.known} known. {(traced.exception or '').strip()[:150]!r}", flush=True)
            for contradiction in traced.contradictions:
                print(f"    {contradiction}", flush=True)
    print(dict(counts))
    return int(counts["contradictions"] > 0)


if __name__ == "__main__":
    sys.exit(main())
