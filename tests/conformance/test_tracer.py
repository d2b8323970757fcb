"""Nothing that is inferred for the working scripts contradicts what their values are when they run.

``KSHAPE_TRACE=dir:file…`` adds scripts; those that cannot run are compared as far as they come.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from . import tracing

WORKING = Path(__file__).resolve().parent.parent.parent / "fixtures" / "working"


@pytest.mark.conformance
@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="needs TensorFlow")
@pytest.mark.parametrize("ours", [pytest.param(True, id="working"), pytest.param(False, id="given")])
def test_nothing_inferred_is_contradicted(ours: bool) -> None:
    given = [Path(p) for p in os.environ.get("KSHAPE_TRACE", "").split(os.pathsep) if p]
    if not ours and not given:
        pytest.skip("KSHAPE_TRACE names no scripts")
    traces = tracing.trace(tracing.scripts([WORKING] if ours else given))
    wrong = [f"{path.name} {c}" for path, trace in traces.items() for c in trace.contradictions]
    assert not wrong, "\n".join(wrong)
    places, known = (sum(getattr(t, name) for t in traces.values()) for name in ("places", "known"))
    if ours:
        assert all(t.exception is None for t in traces.values()), {str(p): t.exception for p, t in traces.items() if t.exception}
        assert places > 600 and known > 0.75 * places


def test_questions_keep_their_lines() -> None:
    text = '"""Doc."""\nimport numpy as np\nx = np.ones((2, 3))\n\ndef f(a):\n    """Text."""\n    y, z = a, a\n    return y\n\nw = f(x)\n'
    asking = tracing.instrument(text)
    _, questions = tracing.recording(asking)
    lines = tracing.original_lines(asking, questions)
    assert sorted((lines[p], q) for p, q in questions.items()) == [(3, "x"), (6, "a"), (7, "y"), (7, "z"), (10, "w")]


def test_what_is_seen_is_held_against_what_is_inferred() -> None:
    text = "import numpy as np\nx = np.ones((2, 3))\n"
    asking = tracing.instrument(text)
    ((row, column),) = tracing.recording(asking)[1]
    for dims, contradicted in (([2, 3], False), ([2, 4], True), ([2, 3, 1], True), ([2, None], False)):
        outcome = {"exception": None, "seen": [[row, column, [{"s": [2, 3]}, {"s": dims, "k": "ndarray"}]]]}
        trace = tracing.compare(text, Path("script.py"), outcome, 3)
        assert (trace.places, trace.known, bool(trace.contradictions)) == (1, 1, contradicted)


@pytest.mark.parametrize(
    ("shape", "seen", "allowed"),
    [
        (None, {"s": [2]}, True),
        ([], {"s": []}, True),
        ([], {"l": [{"s": []}]}, False),
        ([None, 3], {"s": [7, 3], "k": "ndarray"}, True),
        (["n", "?"], {"s": [7, 3], "k": "ndarray"}, True),
        ([4], {"s": [None], "k": "SymbolicTensor"}, True),
        ([4], {"s": [None], "k": "KerasTensor"}, False),
        ([[2], None], {"l": [{"s": [2]}, None]}, True),
        ([[2], [3]], {"l": [{"s": [2]}, {"s": [4]}]}, False),
        ([[2]], {"l": None}, True),
        ([1, 2], {"l": [{"s": [2]}]}, False),
        ([2], {"o": "NoneType"}, False),
        (None, {"o": "dict"}, True),
    ],
)
def test_what_a_shape_allows(shape: object, seen: object, allowed: bool) -> None:
    assert tracing.allows(shape, seen) is allowed
