"""Breaks one shape at a time in scripts that work, runs the real library, and holds against it what the linter says.

A mutant is a working script with one small edit: an ``expand_dims`` or a ``Flatten`` left out, another number in an ``input_shape``,
another loss. Where it raises, the linter should say so on that line (recall); where it runs, it should report no error (alarms).
What the library did is kept in a cache, so that a second run costs seconds. Without arguments the scripts are the fixtures that have
no error in them.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parent))

from mutations import Mutant, mutants_of, short  # noqa: E402  (the file beside this one)

RUNNER = TOP / "tests" / "conformance" / "real.py"
BATCH = 40  # Scripts for one process: TensorFlow never gives back all of its memory.


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
        if not _is_about_shapes(self.exception) or self.mutant.text.split("\n")[self.line - 1].strip().startswith("raise "):
            return "other"
        if any(row in self.right_lines for row, _, _ in self.said):
            return "hit"
        return "elsewhere" if self.said else "miss"

    @property
    def besides(self) -> int:
        """Return how many errors are said besides the one that a mutant raises: it has but one mistake in it."""
        return len(self.said) - 1 if self.outcome == "hit" else 0

    @property
    def right_lines(self) -> set[int]:
        """Return the line that raised, with those of a function that TensorFlow traced: its message names them, the traceback does not."""
        traced = re.findall(r'File "[^"]*script\d+\.py", line (\d+)', self.exception.partition("in user code")[2])
        return {self.line or 0, *map(int, traced)}


# --- the real thing ----------------------------------------------------------------------------------------------------------------


def run_for_real(texts: Sequence[str], major: int, cache: Path, seconds: int, at_most: int | None = None) -> dict[str, dict[str, Any]]:
    """Return what each text did in the real library, from the cache where it has been run; run `at_most` so many of the others."""
    versions = [importlib.metadata.version(name) for name in ("tensorflow", "keras" if major == 3 else "tf_keras", "numpy")]
    cache.mkdir(parents=True, exist_ok=True)
    kept = {text: cache / f"{hashlib.sha256(json.dumps([versions, major, text]).encode()).hexdigest()[:24]}.json" for text in texts}
    left = [text for text, file in kept.items() if not file.exists()]
    left = left[:at_most]
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
    return {text: json.loads(file.read_text(encoding="utf-8")) for text, file in kept.items() if file.exists()}


_NO_SHAPES = ("Unknown variable", "No such file", "truth value", "No such layer", "unique names", "resulting train set will be empty")


def _is_about_shapes(exception: str) -> bool:
    """Tell whether a mutation of a shape is the direct reason: not that a name or a method is missing, nor memory or time."""
    kind = exception.partition(":")[0].rpartition(".")[2]
    if kind in ("ValueError", "InvalidArgumentError", "IndexError", "AxisError"):
        return not any(said in exception for said in _NO_SHAPES)
    said = exception.lower()
    return (
        kind == "TypeError"
        and any(word in said for word in ("shape", "rank", "axis", "dimension", "ndim", "target structure"))
        and "missing" not in said
    )


# --- the comparison ----------------------------------------------------------------------------------------------------------------


def judge(mutant: Mutant, outcome: dict[str, Any], major: int) -> Verdict:
    """Hold what the linter says of a mutant against what it did."""
    from kshape_lint.checker import check

    findings = [f for f in check(mutant.text, str(mutant.origin), keras=major, force=True).findings if f.severity == "error"]
    said = tuple((f.place.row, f.code, f.message) for f in findings)
    return Verdict(mutant, outcome["line"], outcome["exception"] or "", said)


def chosen(paths: Sequence[Path], each: int, a_script: int | None = None, seed: str = "") -> list[Mutant]:
    """Return mutants of scripts: of each kind `each`, of a script `a_script` at the most, always the same ones for a seed."""

    def lot(*words: object) -> bytes:
        return hashlib.sha256((seed + " ".join(map(str, words))).encode()).digest()

    out: list[Mutant] = []
    for path in paths:
        by_kind: dict[str, list[Mutant]] = {}
        for mutant in mutants_of(path, path.read_text(encoding="utf-8")):
            by_kind.setdefault(mutant.kind, []).append(mutant)
        kinds = sorted(by_kind, key=lambda kind: lot(path.name, kind))
        drawn = [m for kind in kinds for m in sorted(by_kind[kind], key=lambda m: lot(m.origin.name, m.row, m.was, m.now))[:each]]
        out += drawn[:a_script]
    return out


def sound_fixtures() -> list[Path]:
    """Return the fixtures that expect no error of any Keras."""
    error = re.compile(r"# expect[^:]*:[^#]*KSH[123]")
    return [path for path in sorted((TOP / "fixtures").rglob("*.py")) if not error.search(path.read_text(encoding="utf-8"))]


def report(verdicts: Sequence[Verdict]) -> None:
    """Print the table of kinds."""
    kinds = sorted({v.mutant.kind for v in verdicts})
    columns = ("hit", "elsewhere", "miss", "runs", "alarm", "other")
    print(f"{'kind of mutation':20}" + "".join(f"{column:>11}" for column in (*columns, "besides")) + f"{'recall':>9}")
    for kind in [*kinds, "all"]:
        mine = [v for v in verdicts if kind in (v.mutant.kind, "all")]
        counts = Counter(v.outcome for v in mine)
        raising = counts["hit"] + counts["elsewhere"] + counts["miss"]
        row = [*(counts[column] for column in columns), sum(v.besides > 0 for v in mine)]
        print(f"{kind:20}" + "".join(f"{n:11}" for n in row) + (f"{counts['hit'] / raising:9.1%}" if raising else ""))
    print("hit: raises and is reported on that line; elsewhere: reported on another; other: raises for another reason than a shape;")
    print("besides: hits with which more than the one error is reported")


def show(verdicts: Sequence[Verdict], outcomes: Sequence[str]) -> None:
    """Print the mutants of some outcomes, with what raised and what was said."""
    for verdict in verdicts:
        if verdict.outcome in outcomes or ("besides" in outcomes and verdict.besides):
            print(f"\n{verdict.outcome.upper()} {verdict.mutant}")
            if verdict.line is not None:
                print(f"   line {verdict.line} raises {short(verdict.exception, 400)}")
            for row, code, message in verdict.said:
                print(f"   said on line {row}: {code} {short(message, 300)}")


def main() -> int:
    """Make mutants, run them, check them, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="working scripts, or directories of them")
    parser.add_argument("--keras", choices=("3", "2", "both"), default="both", help="the Keras major to run them with")
    parser.add_argument("--each", type=int, default=1, help="mutants of a kind and a script")
    parser.add_argument("--a-script", type=int, default=6, help="mutants of a script")
    parser.add_argument("--seed", default="", help="any word: other mutants are chosen")
    parser.add_argument("--kind", help="this kind of mutation alone")
    parser.add_argument("--show", nargs="?", const="miss,elsewhere,alarm,besides", help="print the mutants of these outcomes, too")
    parser.add_argument("--seconds", type=int, default=20, help="the longest that a script may run")
    parser.add_argument("--at-most", type=int, help="run so many at the most that are not in the cache, and leave out the rest")
    parser.add_argument("--cache", type=Path, default=TOP / ".tox" / "mutants-cache", help="where the outcomes are kept")
    said = parser.parse_args()
    paths = [file for path in said.paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])] or sound_fixtures()
    alarms = False
    for major in (3, 2) if said.keras == "both" else (int(said.keras),):
        working = run_for_real([path.read_text(encoding="utf-8") for path in paths], major, said.cache, said.seconds)
        usable = [path for path in paths if working[path.read_text(encoding="utf-8")]["exception"] is None]
        mutants = [m for m in chosen(usable, said.each, said.a_script, said.seed) if said.kind in (None, m.kind)]
        outcomes = run_for_real([m.text for m in mutants], major, said.cache, said.seconds, said.at_most)
        verdicts = [judge(m, outcomes[m.text], major) for m in mutants if m.text in outcomes]
        if said.show:
            show(verdicts, said.show.split(","))
        print(f"\n{len(verdicts)} mutants of {len(usable)} scripts that run, Keras {major}")
        report(verdicts)
        alarms = alarms or any(v.outcome == "alarm" for v in verdicts)
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
