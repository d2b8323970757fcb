"""Every fixture does in the real library what its markers say: it raises on the marked line and nowhere else.

The library runs in a process of its own, one for each Keras major, over all fixtures.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import markers
from kshape_lint.rules import all_rules

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"
SCRIPTS = sorted(FIXTURES.rglob("*.py"))
CASES = [(major, path) for path in SCRIPTS for major in markers.majors(path.read_text(encoding="utf-8"))]

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="needs TensorFlow"),
]


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[int], dict[str, dict[str, Any]]]:
    """Give what each fixture did, by path; where tests run in several processes, one of them asks the library and the others wait."""

    @functools.cache
    def of(major: int) -> dict[str, dict[str, Any]]:
        wanted = {str(path) for path, m in ((item.callspec.params["path"], item.callspec.params["major"]) for item in ours) if m == major}
        shared = tmp_path_factory.getbasetemp()
        if os.environ.get("PYTEST_XDIST_WORKER"):
            shared = shared.parent
        answer, claim = shared / f"outcomes{major}.json", shared / f"outcomes{major}.claim"
        try:
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            while not answer.exists():
                time.sleep(0.5)
        else:
            draft = answer.with_suffix(".draft")
            draft.write_text(json.dumps(run_for_real(major, sorted(wanted))), encoding="utf-8")
            draft.rename(answer)
        found: dict[str, dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
        return found

    ours = [item for item in request.session.items if getattr(item, "originalname", None) == "test_does_what_it_says"]
    return of


def run_for_real(major: int, paths: list[str]) -> dict[str, dict[str, Any]]:
    """Run scripts in the real library and return what each did; one that kills the process is said to have raised on line 0."""
    found: dict[str, dict[str, Any]] = {}
    left = paths
    while left:
        command = [sys.executable, str(HERE / "real.py"), str(major), *left]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
        for line in done.stdout.split("\n"):
            if line.startswith("{"):
                outcome = json.loads(line)
                found[outcome["file"]] = outcome
        left = [path for path in left if path not in found]
        if left:
            died = {
                "file": left[0],
                "line": 0,
                "lines": [],
                "exception": f"the process died: {done.stderr[-500:]}",
                "reveals": [],
                "seconds": 0.0,
            }
            found[left.pop(0)] = died
    return found


def error_lines(text: str, major: int) -> set[int]:
    """Return the lines that must raise."""
    rules = all_rules()
    severity = {code: rule.severity for code, rule in rules.items()}
    # Codes say by their family whether they are errors; the rule has the last word.
    return {line for line, code in markers.expected(text, major) if severity.get(code, "warning" if code[3] == "4" else "error") == "error"}


@pytest.mark.parametrize(("major", "path"), CASES, ids=[f"{p.relative_to(FIXTURES)}-keras{m}" for m, p in CASES])
def test_does_what_it_says(major: int, path: Path, outcomes: Callable[[int], dict[str, dict[str, Any]]]) -> None:
    text = path.read_text(encoding="utf-8")
    outcome = outcomes(major)[str(path)]
    expected = error_lines(text, major)
    if outcome["line"] is None:
        assert not expected, "marked as an error, but it ran to its end"
    else:
        assert outcome["line"] in expected, f"raised on line {outcome['lines']}: {outcome['exception']}"
    check_reveals(text, major, outcome)


def check_reveals(text: str, major: int, outcome: dict[str, Any]) -> None:
    """Hold what the linter is said to reveal against what the real library gave."""
    said = markers.revealed(text, major)
    seen: set[int] = set()
    for line, shape in outcome["reveals"]:
        seen.add(line)
        assert line in said, f"line {line} reveals, but does not say what: {shape}"
        assert fits_reality(said[line], shape), f"line {line} reveals {said[line]}, but it is {shape}"
    missed = {line for line in said if line not in seen and (outcome["line"] is None or line < outcome["line"])}
    assert not missed, f"lines {sorted(missed)} were never reached"


def fits_reality(said: str, shape: Any) -> bool:
    """Tell whether a ``# reveals:`` text allows a real shape: names, ``?`` and ``None`` allow any length."""
    if said == "unknown":
        return True
    if said.startswith("["):
        parts = markers.split_outside_brackets(said[1:-1])
        return isinstance(shape, list) and len(parts) == len(shape) and all(map(fits_reality, parts, shape))
    dims = markers.split_outside_brackets(said[1:-1])
    return (
        isinstance(shape, list) and len(dims) == len(shape) and all(not d.lstrip("-").isdigit() or int(d) == s for d, s in zip(dims, shape))
    )
