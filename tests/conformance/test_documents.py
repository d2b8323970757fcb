"""The blocks of the inference documents do in the real library what they say.

Those that begin with ``# not run`` are left out, and those that begin with ``# needs: …`` where such a library is not installed.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import markers
from conformance.test_fixtures import check_reveals, error_lines, run_for_real
from documents import DOCUMENTS, blocks

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="needs TensorFlow"),
]


def can_run(text: str) -> bool:
    """Tell whether a block is meant to be run, and all that it needs is installed."""
    needs = re.match(r"\s*# needs: ([\w, ]+)\n", text)
    if re.match(r"\s*# not run\n", text):
        return False
    return needs is None or all(importlib.util.find_spec(name.strip()) is not None for name in needs[1].split(","))


@pytest.mark.parametrize("major", [3, 2])
def test_blocks_do_what_they_say(major: int, tmp_path: Path) -> None:
    scripts = {}
    for document in DOCUMENTS:
        for number, (name, text) in enumerate(blocks(document)):
            if can_run(text) and major in markers.majors(text):
                path = tmp_path / f"{document.stem}{number}.py"
                path.write_text(text, encoding="utf-8")
                scripts[str(path)] = name, text
    wrong = []
    for path, outcome in run_for_real(major, list(scripts)).items():
        name, text = scripts[path]
        expected = error_lines(text, major)
        if outcome["line"] is None and expected:
            wrong.append(f"{name}: lines {sorted(expected)} are marked, but it ran to its end")
        elif outcome["line"] is not None and outcome["line"] not in expected:
            wrong.append(f"{name}: raised on line {outcome['lines']}: {outcome['exception'][:300]}")
        try:
            check_reveals(text, major, outcome)
        except AssertionError as problem:
            wrong.append(f"{name}: {problem}")
    assert wrong == []
