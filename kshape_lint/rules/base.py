"""What a rule is: a class whose text is its documentation and whose instances are its messages.

The docstring of a rule has, under fixed headings, all that ``kshape-lint rule CODE``, the reference and the SARIF table
show: a first line, ``## What it does``, ``## Why it is bad``, ``## Example``, ``## Use instead`` (optional) and ``## References`` (optional).
Its fields are the facts of one finding, its `message` puts them into a sentence.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar

from ..records import record

if TYPE_CHECKING:
    from ..findings import Severity

_by_code: dict[str, type[Rule]] = {}


@record
class Rule:
    """Base of all rules. A subclass sets `code`, `name` and `severity`, and implements `message`."""

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = "error"
    raises: ClassVar[str] = "ValueError"
    """What the library may raise there that handlers for shape errors do not take."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        code = cls.__dict__.get("code")
        if code is None:
            return
        taken = _by_code.get(code)
        if taken is not None and (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"{code} is the code of {taken.__qualname__} already")
        _by_code[code] = cls

    def message(self) -> str:
        """Say what is wrong, in one line, with the facts of this finding."""
        raise NotImplementedError

    def help(self) -> str | None:
        """Say what to write instead, where that is concrete."""
        return None

    @classmethod
    def documentation(cls) -> str:
        """Return the rule's documentation as Markdown."""
        return inspect.cleandoc(cls.__doc__ or "")


def all_rules() -> dict[str, type[Rule]]:
    """Return every rule by its code, in order of codes."""
    from . import arrays, contract, data, layers, silent, tool  # noqa: F401

    return dict(sorted(_by_code.items()))
