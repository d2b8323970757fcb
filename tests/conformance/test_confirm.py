"""TensorFlow raises what every error of every fixture says, in a program made from nothing but the inferred values."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import markers
from kshape_lint.confirm import confirm, with_programs

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="needs TensorFlow"),
]


@pytest.mark.parametrize("major", [3, 2])
def test_every_error_of_the_fixtures_is_confirmed(major: int) -> None:
    cases = []
    for path in sorted(FIXTURES.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if major in markers.majors(text):
            cases += [(finding, major) for finding in with_programs(text, str(path.relative_to(FIXTURES)), major)]
    assert len(cases) > 100
    doubtful = [
        f"{c.finding.filename}:{c.finding.place.row} {c.finding.code} {c.judgement.verdict}: {c.judgement.exception[:300]}\n{c.program}"
        for c in confirm(cases)
        if c.judgement.verdict != "confirmed"
    ]
    assert doubtful == []


def test_what_runs_is_refuted_and_what_fails_elsewhere_is_unclear() -> None:
    from kshape_lint.confirm import judge

    programs = [
        "x = 1\n",
        "import numpy as np\nnp.zeros(3).reshape(2)\n",
        "1 / 0\nx = 1\n",
        "import os\nos._exit(3)\n",
        "import nothing_of_this_name\n",
    ]
    assert [j.verdict for j in judge(programs)] == ["refuted", "confirmed", "unclear", "unclear", "unclear"]
