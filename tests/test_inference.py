"""What the documents in ``shapes`` show is what is inferred: every reveal and every finding of every block, and no other."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import markers
import pytest
from test_fixtures import disagreements

from kshape_lint import check_source

DOCUMENTS = sorted((Path(__file__).resolve().parent / "shapes").glob("*.md"))


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the name (heading and number) and the text of each Python block; lines stand where they stand in the document."""
    text = path.read_text(encoding="utf-8")
    heading, count = "", 0
    for match in re.finditer(r"^#+ (.+)$|^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if match[1]:
            heading, count = match[1], 0
        else:
            count += 1
            above = text[: match.start(2)].count("\n")
            yield f"{path.stem}: {heading} {count}", "\n" * above + textwrap.dedent(match[2])


BLOCKS = [(name, text, major) for path in DOCUMENTS for name, text in blocks(path) for major in markers.majors(text)]


@pytest.mark.parametrize(("name", "text", "major"), BLOCKS, ids=[f"{name}-keras{major}" for name, _, major in BLOCKS])
def test_shows_what_it_says(name: str, text: str, major: int) -> None:
    assert disagreements(text, check_source(text, filename=name + ".py", keras=major), major) == []
