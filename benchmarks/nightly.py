"""The nightly conformance run: thousands of random cases asked of our models and of the installed libraries.

    python benchmarks/nightly.py                  all of it; writes docs/conformance.md
    python benchmarks/nightly.py --size 0.1       a tenth of the cases
    python benchmarks/nightly.py layers losses    some areas; the table keeps what it has of the others

A case is one call with one set of arguments and shapes. It *agrees* where we say the same shape or the same refusal; it is *vague* where
our answer is true but says less than could be known, *missed* where the library refuses and we do not; anything else is a *contradiction*.
The run goes in parts, each with a seed of its own, in as many processes as ``--jobs`` says. A part that is done is kept in
build/conformance, so that a run that was broken off goes on where it was, as long as neither the checker nor the cases have changed.
The exit status is 1 where anything contradicts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP), str(TOP / "tests")]

KEPT = TOP / "build" / "conformance"
KERAS = {3: "keras", 2: "tf_keras"}
SAME, VAGUE, MISSED, WRONG = "same", "vague", "missed", "wrong"

Told = tuple[str, str, Callable[[], str]]
"""Of one case: the row it counts in, how it went, and what to print where it contradicts."""


trail: Path | None = None
"""The file that names the case at hand, and those that took an earlier process with them."""


def survivable(case: str) -> bool:
    """Note the case at hand; tell whether it is not one of those that TensorFlow did not outlive."""
    if trail is None:
        return True
    if f"died: {case}" in _dead():
        return False
    trail.write_text("\n".join([*_dead(), f"now: {case}"]))
    return True


def _dead() -> list[str]:
    assert trail is not None
    lines = trail.read_text().split("\n") if trail.exists() else []
    return [line for line in lines if line.startswith("died: ")]


BY_CHANCE = ("RandomHeight", "RandomWidth", "MaxNumBoundingBoxes")
"""Layers whose outputs on data are as chance has it, or that take no plain data."""


def layers(major: int, size: float, seed: int) -> Iterator[Told]:
    """Every layer on symbolic inputs and on data; arguments by name and by position, rare ones, second calls, masks, states, integers."""
    from tests.conformance.layer_arguments import unusual
    from tests.conformance.layer_cases import cases, names, varied
    from tests.conformance.layer_compare import modelled, real, verdict
    from tests.conformance.test_layers import BROKEN, DEADLY, concrete

    keras = import_module(KERAS[major])
    for name in names():
        if not hasattr(keras.layers, name) or (name, major) in BROKEN:
            continue
        keras.backend.clear_session()
        drawn = (
            ("keras", cases, 12),
            ("keras", varied, 6),
            ("keras", unusual, 6),
            ("numpy", cases, 3),
            ("numpy", varied, 3),
            ("numpy", unusual, 3),
        )
        for kind, made, count in drawn:
            if kind == "numpy" and name in (*DEADLY, *BY_CHANCE):
                continue
            for case in made(name, max(1, round(count * size)), major, seed + (kind == "numpy")):
                if kind == "numpy":
                    case = concrete(case)
                if not survivable(f"{case} ({kind})"):
                    continue
                ours, theirs = modelled(case, major, kind), real(case, major, kind)
                how = verdict(ours[0], theirs[0])
                yield name, how, lambda c=case, k=kind, o=ours, t=theirs: f"{c} ({k})\n  ours {o}\n  real {t}"


SIDES = (1, 2, 3, 4, 6)


def _pairs(source: random.Random, count: int, most: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return pairs of label and output shapes over six samples, mostly near each other."""
    found = []
    for _ in range(count):
        output = (6, *(source.choice(SIDES) for _ in range(source.choice([0, 1, 1, 2, 2, 3][: most + 2]))))
        labels = list(output)
        for _ in range(source.choice([0, 1, 1, 2])):
            change = source.randrange(3)
            if change == 0 and len(labels) > 1:
                labels.pop()
            elif change == 1 and len(labels) <= most:
                labels.append(source.choice(SIDES))
            elif len(labels) > 1:
                labels[source.randrange(1, len(labels))] = source.choice(SIDES)
        found.append((tuple(labels), output))
    return sorted(set(found))


def losses(major: int, size: float, seed: int) -> Iterator[Told]:
    """Every loss on label shapes and output shapes: as a function, as an object, and as `fit` reaches it."""
    from tests.conformance.test_losses import compiled, direct

    keras = import_module(KERAS[major])
    source = random.Random(seed)
    for via in ("function", "object"):
        for j in direct(keras, major, via, _pairs(source, round(84 * size) or 1, 3)):
            yield j.name, _said(j.said.verdict, j.contradiction), lambda j=j: f"{j.name} {j.case}: {j.contradiction}"
    pairs = [(y, o) for y, o in _pairs(source, round(20 * size) or 1, 2) if 2 <= len(o) <= 3 and len(y) <= 3]
    for activation in ("linear", "sigmoid", "softmax"):
        for j in compiled(keras, major, activation, pairs):
            yield j.name, _said(j.said.verdict, j.contradiction), lambda j=j: f"{j.name} {j.case}: {j.contradiction}"


def _said(verdict: str, contradiction: str | None) -> str:
    if contradiction is None:
        return VAGUE if verdict == "unknown" else SAME
    return MISSED if verdict == "runs" and contradiction.endswith("real raises") else WRONG


def metrics(major: int, size: float, seed: int) -> Iterator[Told]:
    """Every metric on label shapes and output shapes, as `fit` reaches it."""
    from tests.conformance.test_metrics import at_fit

    pairs = [(o, y) for y, o in _pairs(random.Random(seed), round(12 * size) or 1, 2) if len(o) >= 2]
    for j in at_fit(import_module(KERAS[major]), major, pairs):
        how = WRONG if j.contradicts else VAGUE if j.said == "unknown" else SAME
        yield j.name, how, lambda j=j: f"{j.name} {j.case}: said {j.said}, real {'runs' if j.runs else 'raises'}"


def numpy(major: int, size: float, seed: int) -> Iterator[Told]:
    """Programs of a few NumPy calls, lengths known and lengths that are symbols."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from kshape_lint.shapes import symbol
    from tests.property.test_numpy import program, run_program

    told: list[Told] = []

    def note(name: str, how: str, text: str = "") -> None:
        told.append((name, how, lambda: text))

    @seeded(seed)
    @settings(max_examples=round(3500 * size) or 1, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(program(), st.sets(st.sampled_from([2, 3, 4, 6]), max_size=2))
    def run(case: Any, which: set[int]) -> None:
        try:
            run_program(*case, {d: symbol("nmpq"[i], 1) for i, d in enumerate(sorted(which))}, note)
        except AssertionError as problem:
            step = problem.args[0] if problem.args else case
            name = getattr(step[0], "name", "?") if isinstance(step, tuple) else "?"
            note(name, WRONG, f"{case} {sorted(which)}: {problem}")

    run()
    yield from told


def tensorflow(major: int, size: float, seed: int) -> Iterator[Told]:
    """TensorFlow's functions, keras.ops and tf.data on small tensors."""
    import keras
    import numpy as np
    import tensorflow as tf

    from tests.conformance.test_tensorflow import Cases, generators, ours, real, verdict

    names = {"tf": tf, "np": np, "keras": keras, "ops": keras.ops, "z": tf.zeros}
    for name in generators():
        cases = Cases(f"{name} {seed}")
        for _ in range(max(1, round((40 if name == "dataset" else 150) * size))):
            expression = getattr(cases, name)()
            mine, theirs = ours(expression), real(expression, names)
            found = verdict(mine, theirs)
            how = {"agree": SAME, "contradict": WRONG}.get(found) or (MISSED if theirs == "refused" else VAGUE)
            yield name, how, lambda e=expression, m=mine, t=theirs: f"{e}: we say {m}, TensorFlow {t}"


SMALL = (
    "VGG16",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "ResNet50",
    "Xception",
    "InceptionV3",
    "EfficientNetB0",
    "DenseNet121",
    "ResNet50V2",
)


def applications(major: int, size: float, seed: int) -> Iterator[Told]:
    """Architectures without weights: sizes, channels, the top, pooling, classes."""
    from tests.conformance.layer_compare import real_shape, verdict
    from tests.conformance.test_layers import REFUSED, _application

    keras = import_module(KERAS[major])
    source = random.Random(seed)
    for _ in range(round(20 * size) or 1):
        name = source.choice(SMALL)
        side = source.choice([20, 31, 32, 64, 70, 71, 75, 97, 128])
        shape: Any = (side, source.choice([side, 65, 96]), source.choice([3, 3, 3, 1, 4]))
        given: dict[str, Any] = {"weights": None, "include_top": source.random() < 0.3}
        if source.random() < 0.9:
            given["input_shape"] = source.choice([shape, shape, shape, shape[:2], (None, None, 3)])
        if source.random() < 0.5:
            given["pooling"] = source.choice(["avg", "max", None])
        if given["include_top"] and source.random() < 0.5:
            given["classes"] = source.choice([1, 10])
        ours = _application(name, given, major)
        try:
            theirs = real_shape(getattr(keras.applications, name)(**given).output)
        except (ValueError, TypeError, AttributeError):
            theirs = REFUSED
        keras.backend.clear_session()
        yield name, verdict(ours, theirs), lambda n=name, g=given, o=ours, t=theirs: f"{n}({g}): ours {o}, real {t}"


def programs(major: int, size: float, seed: int) -> Iterator[Told]:
    """Whole small programs that build, compile, fit, evaluate and predict."""
    from kshape_lint import check_source
    from tests.conformance.test_contract import _run, fed_otherwise, program

    source = random.Random(seed)
    for draw in (program, fed_otherwise):
        for _ in range(round(30 * size) or 1):
            text, _line = draw(source)
            real = _run(text, major)
            findings = check_source(text, filename="case.py", keras=major)
            errors = [f for f in findings if f.severity == "error"]
            shown = next((f.shape for f in findings if f.code == "KSH900"), None)
            how = SAME
            if errors and real[0] != "raises":
                how = WRONG
            elif real[0] == "raises" and not errors:
                how = MISSED
            elif shown is not None and real[0] == "runs" and real[1] is not None and list(real[1]) != list(shown):
                how = VAGUE if None in shown or any(isinstance(d, str) for d in shown) else WRONG
            row = "arrays" if draw is program else "data sets, generators, several ends"
            yield row, how, lambda t=text, r=real, e=errors: f"{t}  real {r}, ours {[f.message for f in e]}"


@dataclass(frozen=True)
class Area:
    """What is drawn, for which Kerases, and in how many parts."""

    function: Callable[[int, float, int], Iterator[Told]]
    majors: tuple[int, ...]
    parts: int


AREAS = {
    "layers": Area(layers, (3, 2), 3),
    "losses": Area(losses, (3, 2), 2),
    "metrics": Area(metrics, (3, 2), 2),
    "applications": Area(applications, (3, 2), 2),
    "programs": Area(programs, (3, 2), 2),
    "numpy": Area(numpy, (3,), 1),
    "tensorflow": Area(tensorflow, (3,), 2),
}

Counts = dict[str, dict[str, dict[str, int]]]
"""By area, by row, how many cases went how."""


@dataclass(frozen=True)
class Part:
    """A part of the run that is drawn with a seed of its own."""

    area: str
    major: int
    number: int
    size: float
    seed: int
    state: str

    @property
    def kept(self) -> Path:
        """Where what came of it is kept."""
        return KEPT / f"{self.area}-{self.major}-{self.number}-{self.size}-{self.seed}-{self.state}.json"


def run(part: Part) -> dict[str, Any]:
    """Run one part and keep what came of it: its counts by row, and the cases that went otherwise."""
    global trail
    warnings.simplefilter("ignore")
    area = AREAS[part.area]
    trail = part.kept.with_suffix(".trail")
    if trail.exists():
        trail.write_text(trail.read_text().replace("now: ", "died: "))
    rows: dict[str, Counter[str]] = {}
    told: list[tuple[str, str]] = []
    start = time.perf_counter()
    for row, how, describe in area.function(part.major, part.size / area.parts, part.seed * 100 + part.number):
        rows.setdefault(row, Counter())[how] += 1
        if how != SAME:
            told.append((how, f"Keras {part.major}, {describe()}" if len(area.majors) > 1 else describe()))
    done = {"rows": {row: dict(counts) for row, counts in rows.items()}, "told": told, "seconds": time.perf_counter() - start}
    part.kept.write_text(json.dumps(done))
    return done


def state() -> str:
    """Return a digest of the checker, of what draws and compares the cases, and of the versions."""
    digest = hashlib.sha256(installed().encode())
    for folder in ("kshape_lint", "tests", "benchmarks"):
        for file in sorted((TOP / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def run_all(parts: list[Part], jobs: int, show: int) -> Counts:
    """Run the parts that are not yet done, and return what came of all."""
    KEPT.mkdir(parents=True, exist_ok=True)
    found: list[tuple[Part, dict[str, Any]]] = [(p, json.loads(p.kept.read_text())) for p in parts if p.kept.exists()]
    for part, done in found:
        _say(part, done, show, "kept")
    context = multiprocessing.get_context("spawn")
    for attempt in range(9):
        left = [part for part in parts if not part.kept.exists()]
        if not left:
            break
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            waiting = {pool.submit(run, part): part for part in left}
            try:
                for future in as_completed(waiting):
                    found.append((waiting[future], future.result()))
                    _say(*found[-1], show, "done")
            except BrokenProcessPool:
                print(f"a process died; the parts that are left, once more ({attempt + 1})", flush=True)
    rows: dict[str, dict[str, Counter[str]]] = {}
    for part, done in found:
        area = rows.setdefault(part.area, {})
        for row, counts in done["rows"].items():
            area.setdefault(row, Counter()).update(counts)
    return {area: {row: dict(counts) for row, counts in sorted(of.items())} for area, of in rows.items()}


def _say(part: Part, done: dict[str, Any], show: int, word: str) -> None:
    whole = Counter[str]()
    for one in done["rows"].values():
        whole.update(one)
    print(f"{word}: {part.area} {part.number}, Keras {part.major}: {dict(whole)} in {done['seconds']:.0f} s", flush=True)
    for number, (how, text) in enumerate(t for t in done["told"] if t[0] == WRONG or show):
        if how == WRONG or number < show:
            print(f"{how}: {text}", flush=True)


def table(counts: Counts, versions: str) -> str:
    """Return docs/conformance.md."""
    whole = Counter[str]()
    for rows in counts.values():
        for one in rows.values():
            whole.update(one)
    out = [
        "# Conformance",
        "",
        "Random cases, valid and invalid, asked of our models and of the installed libraries by `tox -e nightly`, which writes this.",
        f"This run: {sum(whole.values()):,} cases, {whole[WRONG]} contradictions, {_share(whole)} unknown; {versions}.",
        "",
        "A case *agrees* where we say the same shape or the same refusal. It is *vague* where what we say is true, but less than could be",
        "known, and *missed* where the library refuses and we say nothing: both count as unknown. All else contradicts.",
        "",
        "| area | cases | agree | vague | missed | contradict | unknown |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for area, rows in counts.items():
        total = Counter[str]()
        for one in rows.values():
            total.update(one)
        out.append(_row(area, total))
    for area, rows in counts.items():
        text = (AREAS[area].function.__doc__ or "").strip()
        majors = " Both Kerases." if len(AREAS[area].majors) > 1 else ""
        out += ["", f"## {area}", "", text + majors, "", "| | cases | agree | vague | missed | contradict | unknown |"]
        out.append("|---|--:|--:|--:|--:|--:|--:|")
        out += [_row(f"`{row}`", Counter(one)) for row, one in rows.items()]
    return "\n".join(out) + "\n"


def _share(one: Counter[str]) -> str:
    return f"{100 * (one[VAGUE] + one[MISSED]) / max(1, sum(one.values())):.1f} %"


def _row(name: str, one: Counter[str]) -> str:
    return f"| {name} | {sum(one.values())} | {one[SAME]} | {one[VAGUE]} | {one[MISSED]} | {one[WRONG]} | {_share(one)} |"


def installed() -> str:
    """Return the versions that the cases were run with."""
    from importlib.metadata import version

    return ", ".join(f"{title} {version(title)}" for title in ("tensorflow", "keras", "tf_keras", "numpy"))


def main() -> int:
    """Run the areas asked for, print what contradicts, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", choices=[*AREAS, []], default=[], metavar="AREA", help=", ".join(AREAS))
    parser.add_argument("--size", type=float, default=1.0, help="share of the cases, 1 for some 20,000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="of each part, print so many cases that are vague or missed, too")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes at a time")
    parser.add_argument("--no-table", action="store_true", help="leave docs/conformance.md as it is")
    given = parser.parse_args()
    now = state()
    parts = [
        Part(area, major, number, given.size, given.seed, now)
        for area in given.areas or AREAS
        for major in AREAS[area].majors
        for number in range(AREAS[area].parts)
    ]
    counts = run_all(parts, given.jobs, given.show)
    if not given.no_table:
        last = KEPT / "table.json"
        known: Counts = json.loads(last.read_text()) if last.exists() and given.areas else {}
        counts = {area: {**known, **counts}[area] for area in AREAS if area in known or area in counts}
        last.write_text(json.dumps(counts))
        (TOP / "docs" / "conformance.md").write_text(table(counts, installed()), encoding="utf-8")
    return int(any(one.get(WRONG) for rows in counts.values() for one in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
