"""The documents in ``shapes``: prose that tells how a thing is inferred, and blocks of code that show it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

DOCUMENTS = sorted((Path(__file__).resolve().parent / "shapes").glob("*.md"))


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the name (heading and number) and the text of each Python block; lines stand where they stand in the document."""
    text = path.read_text(encoding="utf-8")
    heading, count = "", 0
    for match in re.finditer(r"^#+ ([^\n]+)$|^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if match[1]:
            heading, count = match[1], 0
        else:
            count += 1
            above = text[: match.start(2)].count("\n")
            yield f"{path.stem}: {heading} {count}", "\n" * above + textwrap.dedent(match[2])
