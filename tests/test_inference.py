"""What the documents in ``shapes`` show is what is inferred: every reveal and every finding of every block, and no other."""

from __future__ import annotations

import pytest

import markers
from documents import DOCUMENTS, blocks
from kshape_lint import check_source

BLOCKS = [(name, text, major) for path in DOCUMENTS for name, text in blocks(path) for major in markers.majors(text)]


@pytest.mark.parametrize(("name", "text", "major"), BLOCKS, ids=[f"{name}-keras{major}" for name, _, major in BLOCKS])
def test_shows_what_it_says(name: str, text: str, major: int) -> None:
    assert markers.disagreements(text, check_source(text, filename=name + ".py", keras=major), major) == []
