"""How much is understood of the scripts and notebooks given, and why not more.

For each path: the places that call a layer with known rank, the contracts (fit, evaluate, predict and their kin) with data, model and
labels known, the files whose budget ran out; then, for the places that are not known, where the first unknown value arose that led
there, most frequent first. With --places the places are listed one by one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kshape_lint.faces import majors, notebook
from kshape_lint.findings import Place
from kshape_lint.gate import wanted
from kshape_lint.interpreter import expressions
from kshape_lint.interpreter import program as programs
from kshape_lint.interpreter.naming import text_of
from kshape_lint.interpreter.run import Run
from kshape_lint.interpreter.values import UNKNOWN, Array, DictObj, Library, ListObj, Obj, Unknown, Value, fresh_unknown
from kshape_lint.interpreter.world import Split
from kshape_lint.libraries import api
from kshape_lint.libraries.keras.objects import model_state
from kshape_lint.libraries.tensorflow.data import dataset_state
from kshape_lint.libraries.understanding import CONTRACTS, LAYER_CALLS
from kshape_lint.syntax import nodes as n
from kshape_lint.syntax.lower import lower
from kshape_lint.syntax.parse import Unparsable, parse
from kshape_lint.syntax.places import places


@dataclass
class Corpus:
    """What was counted under one path."""

    path: Path
    files: int = 0
    stats: Counter[str] = field(default_factory=Counter)
    causes: dict[str, Counter[str]] = field(default_factory=lambda: {LAYER_CALLS: Counter(), CONTRACTS: Counter()})
    places: list[str] = field(default_factory=list)


class Detective:
    """Follows a run, and knows of each unknown value where it arose."""

    def __init__(self) -> None:
        self.kept: list[Value] = []
        self.by_id: dict[int, str] = {}
        self.by_key: dict[Any, str] = {}
        self.seen: list[list[str]] = [[]]
        self.callee = ""
        self.places: dict[tuple[str, Any], tuple[str, Any, str]] = {}

    def tell(self, value: Value, cause: str) -> None:
        """Remember what made a value unknown."""
        if isinstance(value, Unknown) and value.key is not None:
            self.by_key.setdefault(value.key, cause)
        elif id(value) not in self.by_id:
            self.kept.append(value)
            self.by_id[id(value)] = cause

    def cause(self, value: Value) -> str | None:
        """Return what made a value unknown, None where that is not known."""
        told = self.by_id.get(id(value))
        if told is not None:
            return told
        if isinstance(value, Unknown):
            key = value.key
            while key is not None:
                if key in self.by_key:
                    return self.by_key[key]
                if not isinstance(key, tuple) or not key:
                    return None
                if key[0] == "parameter":
                    return "parameter that nobody passes"
                if key[0] == "import":
                    return f"import of {key[1].partition('.')[0]}"
                if key[0] == "name":
                    return f"undefined name {key[1]}"
                if key[0] == "attribute":
                    return f"attribute .{key[2]} that was never set"
                key = next((part for part in key if isinstance(part, (tuple, int))), None)
            return None
        return next((found for part in parts_of(value) if unclear(part) and (found := self.cause(part)) is not None), None)

    def watch(self, evaluator: Callable[[Any, Any], Value]) -> Callable[[Any, Any], Value]:
        """Return an evaluator of expressions that notes what it gives."""

        def evaluate(run: Any, node: Any) -> Value:
            self.seen.append([])
            try:
                value = evaluator(run, node)
            finally:
                inner = self.seen.pop()
            if not unclear(value):
                return value
            if value is UNKNOWN:
                value = fresh_unknown()
            cause = self.cause(value)
            if cause is None:
                cause = inner[0] if inner else describe(run, node)
                self.tell(value, cause)
            self.seen[-1].append(cause)
            return value

        return evaluate

    def note(self, run: Run, name: str, subject: Any, ranked: bool, here: bool, values: tuple[Value, ...]) -> None:
        """Remember why a place is not known."""
        if ranked or run.node is None:
            return
        cause = next((c for v in values if unclear(v) and (c := self.cause(v)) is not None), None)
        if cause is None:
            cause = self.seen[-1][0] if self.seen[-1] else describe(run, run.node)
        self.places[name, (subject, id(run.node.origin) if here else None)] = (cause, run.node.origin, text_of(run.node))


def parts_of(value: Value) -> tuple[Value, ...]:
    """Return what a container or dataset holds, a model's outputs."""
    try:
        if isinstance(value, tuple):
            return tuple(value)
        if isinstance(value, ListObj):
            return value.items if value.items is not None else (value.state.element,)
        if isinstance(value, DictObj):
            return tuple(value.state.values())
        if isinstance(value, Obj):
            dataset = dataset_state(value)
            if dataset is not None:
                return (dataset.spec,)
            state = model_state(value)
            if state is not None:
                return () if state.outputs is None else (state.outputs,)
    except Split:
        pass
    return ()


def unclear(value: Value, depth: int = 0) -> bool:
    """Tell whether a value is unknown, or holds what is."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Array):
        return value.shape is None
    if isinstance(value, (tuple, Obj)) and depth < 4:
        return any(unclear(part, depth + 1) for part in parts_of(value)[:8])
    return False


def describe(run: Any, node: Any) -> str:
    """Say what gave an unknown value though all that went in was known."""
    if isinstance(node, n.Call):
        try:
            callee = expressions.evaluate(run, node.func)
        except Exception:
            return f"call {text_of(node)}"
        if isinstance(callee, Library):
            return f"{callee.path}()" if api.lookup(callee.path) is not None else f"no model of {callee.path}()"
        model = getattr(callee, "model", None)
        if model is not None:
            return f"{model.path}()"
        if isinstance(callee, Unknown) and isinstance(node.func, n.Attr):
            return f"no model of .{node.func.name}()"
        return f"call of {type(callee).__name__} {text_of(node.func)}"
    if isinstance(node, n.Attr):
        return f"attribute .{node.name}"
    if isinstance(node, n.Name):
        return f"name {node.id}"
    return f"{type(node).__name__} {text_of(node)}"


def watched(statements: list[n.Node], filename: str, major: int, size: int) -> tuple[Run, Detective]:
    """Run a program with a detective looking on."""
    detective = Detective()
    plain, note = dict(expressions._EVALUATE), Run.note

    def noted(run: Run, name: str, subject: Any, ranked: bool, exact: bool, *, here: bool = True) -> None:
        arguments = tuple(value for _, value in run.arguments)
        if run.filename == run.main:
            detective.note(run, name, subject, ranked, here, arguments)
        note(run, name, subject, ranked, exact, here=here)

    for kind in (n.Name, n.Attr, n.Call, n.Subscript, n.Binary, n.IfExp, n.Comp, n.Unary):
        expressions._EVALUATE[kind] = detective.watch(plain[kind])
    Run.note = noted  # type: ignore[method-assign]
    try:
        return programs.run_program(statements, filename, major, size=size), detective
    finally:
        expressions._EVALUATE.update(plain)
        Run.note = note  # type: ignore[method-assign]


def take(corpus: Corpus, path: Path, text: str, cells: notebook.Notebook | None) -> None:
    """Count one file."""
    inferred = majors.inferred(text, str(path))
    major = max(inferred) if not isinstance(inferred, int) else inferred
    try:
        module = parse(text)
    except Unparsable:
        return
    corpus.files += 1
    run, detective = watched(lower(module), str(path), major, text.count("\n"))
    corpus.stats.update(run.stats.counts)
    unknown = []
    for name, met in run.met.items():
        direct = {subject for subject, node in met if node is not None}
        for key, (ranked, _) in met.items():
            if not ranked and (key[1] is not None or key[0] not in direct):
                unknown.append((name, *detective.places.get((name, key), ("?", None, "?"))))
    spots = places(module, [origin for _, _, origin, _ in unknown if origin is not None])
    for name, cause, origin, said in unknown:
        corpus.causes[name][cause] += 1
        spot = spots.get(id(origin), Place(0, 0, 0, 0))
        where = f"cell {cells.place(spot).cell}:{cells.place(spot).row}" if cells is not None else str(spot.row)
        corpus.places.append(f"{path}:{where}: {name} {said}: {cause}")


def files_of(path: Path) -> Iterator[Path]:
    """Yield the scripts and notebooks under a path."""
    yield from sorted(p for p in path.rglob("*") if p.suffix in (".py", notebook.SUFFIX)) if path.is_dir() else [path]


def measure(path: Path) -> Corpus:
    """Count all files under a path."""
    corpus = Corpus(path)
    for file in files_of(path):
        text = file.read_text(encoding="utf-8", errors="replace")
        cells = notebook.read(text) if file.suffix == notebook.SUFFIX else None
        if cells is not None:
            text = cells.text
        if wanted(text, str(file)):
            take(corpus, file, text, cells)
    return corpus


def share(stats: Counter[str], name: str) -> str:
    """Return how many places of a kind there are, and how many of them are known."""
    return f"{stats[name]:,} | {stats[name + ' of known rank'] / max(1, stats[name]):.0%}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--causes", type=int, default=25, help="how many causes to show of each kind")
    parser.add_argument("--places", action="store_true", help="list the places that are not known")
    said = parser.parse_args()
    corpora = [measure(path) for path in said.paths]
    print("| corpus | files | layer calls | known | contracts | both sides known | exhausted |")
    print("|---|---|---|---|---|---|---|")
    for corpus in corpora:
        exhausted = corpus.stats["exhausted"] + corpus.stats["too deep"]
        shares = f"{share(corpus.stats, LAYER_CALLS)} | {share(corpus.stats, CONTRACTS)}"
        print(f"| {corpus.path.name} | {corpus.files} | {shares} | {exhausted} |")
    for name in (LAYER_CALLS, CONTRACTS):
        causes: Counter[str] = sum((corpus.causes[name] for corpus in corpora), Counter())
        print(f"\n{name} that are not known, {causes.total()}, by the first unknown value that led there:\n")
        for cause, number in causes.most_common(said.causes):
            print(f"{number:6} {cause}")
    if said.places:
        print()
        for corpus in corpora:
            print(*corpus.places, sep="\n")


if __name__ == "__main__":
    main()
