"""Which codes are wanted: prefixes that select and prefixes that ignore, the longer one deciding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_PREFIX = re.compile(r"KSH[0-9]{0,3}", re.ASCII)


def wanted(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Tell whether a code is selected: by the longest prefix that fits it, where an equally long ignore wins."""
    chosen = max((len(prefix) for prefix in select if code.startswith(prefix)), default=-1)
    dropped = max((len(prefix) for prefix in ignore if code.startswith(prefix)), default=-1)
    return chosen > dropped


def prefixes(texts: Iterable[str]) -> tuple[str, ...]:
    """Read code prefixes, separated by commas or blanks; raise ValueError for one that no rule has."""
    found = tuple(part for text in texts for part in re.split(r"[,\s]+", text) if part)
    if found:
        from ..rules import all_rules

        codes = all_rules()
        for prefix in found:
            if not _PREFIX.fullmatch(prefix) or not any(code.startswith(prefix) for code in codes):
                raise ValueError(f"no rule's code begins with {prefix!r}; see 'kshape-lint rule --all'")
    return found
