"""Fixtures as they look while somebody is typing them: cut off, with lines missing, doubled or swapped, with stray tokens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.robustness

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").rglob("*.py"))
TEXTS = st.sampled_from(FIXTURES).map(lambda path: path.read_text(encoding="utf-8"))
WORDS = r"""
( ) [ ] { } , : ; . = == := -> + - * ** / // % @ & | ~ < > ! \ # ' " ''' 0 1 -1 1.5 1e9 None True x y self np keras model
import from as def class return yield lambda if elif else for in while break continue try except finally raise with match case async
await global nonlocal del assert pass not and or is np.zeros keras.layers.Dense model.fit x.shape reshape _ … é
"""
TOKENS = st.sampled_from([*WORDS.split(), "\n", "\t", "\f", "\r", "\0", "\n    "])
EASY = settings(
    max_examples=150,
    derandomize=os.environ.get("KSHAPE_ROBUSTNESS") != "all",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.large_base_example],
)


@EASY
@given(text=TEXTS, data=st.data())
def test_beginnings(in_time, text, data):
    in_time(text[: data.draw(st.integers(0, len(text)), label="cut")])


@EASY
@given(text=TEXTS, data=st.data())
def test_lines_missing(in_time, text, data):
    lines = text.split("\n")
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=5), label="gone")
    in_time("\n".join(line for i, line in enumerate(lines) if i not in gone))


@EASY
@given(text=TEXTS, data=st.data())
def test_lines_moved(in_time, text, data):
    lines = text.split("\n")
    places = st.integers(0, len(lines) - 1)
    for a, b in data.draw(st.lists(st.tuples(places, places), max_size=4), label="swapped"):
        lines[a], lines[b] = lines[b], lines[a]
    in_time("\n".join(lines))


@EASY
@given(text=TEXTS, data=st.data())
def test_stray_tokens(in_time, text, data):
    for token in data.draw(st.lists(TOKENS, min_size=1, max_size=3), label="tokens"):
        at = data.draw(st.integers(0, len(text)), label="at")
        text = text[:at] + token + text[at:]
    in_time(text)


@EASY
@given(first=TEXTS, second=TEXTS)
def test_two_in_one(in_time, first, second):
    in_time(first + "\n" + second)


@EASY
@given(tokens=st.lists(TOKENS, max_size=40))
def test_token_soup(in_time, tokens):
    in_time(" ".join(tokens))


@EASY
@given(text=st.text(max_size=60))
def test_any_text(in_time, text):
    in_time("import numpy as np\n" + text)
