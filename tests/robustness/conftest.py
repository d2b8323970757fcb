"""What the robustness tests share: a check that must come back in time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kshape_lint.checker import Result, check


class TooSlow(BaseException):
    """Nothing in the checker catches it."""


def _stop(*_: Any) -> None:
    raise TooSlow


@pytest.fixture
def in_time() -> Iterator[Callable[..., Result]]:
    """Give a check that raises what goes wrong, and `TooSlow` after so many seconds."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("needs timers")
    before = signal.signal(signal.SIGALRM, _stop)

    def run(text: str, filename: str = "<string>", seconds: float = 5.0, **options: Any) -> Result:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return check(text, filename, force=True, strict=True, **options)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    yield run
    signal.signal(signal.SIGALRM, before)
