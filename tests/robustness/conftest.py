"""What the robustness tests share: a check that must come back in time."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kshape_lint.checker import Result, check


class TooSlow(BaseException):
    """Nothing in the checker catches it."""


PATIENCE = 10
"""How many times as long as its own computing a check may take where the machine does other things, too."""


@pytest.fixture
def in_time() -> Iterator[Callable[..., Result]]:
    """Give a check that raises what goes wrong, and `TooSlow` after so many seconds of computing."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("needs timers")
    ends = [0.0, 0.0]

    # A timer of the processor's time would not wake the main thread while it waits for the one that parses.
    def stop(*_: Any) -> None:
        left = ends[0] - time.process_time()
        if left <= 0 or time.monotonic() > ends[1]:
            raise TooSlow
        signal.setitimer(signal.ITIMER_REAL, max(left, 0.1))

    before = signal.signal(signal.SIGALRM, stop)

    def run(text: str, filename: str = "<string>", seconds: float = 5.0, **options: Any) -> Result:
        ends[:] = time.process_time() + seconds, time.monotonic() + PATIENCE * seconds
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return check(text, filename, force=True, strict=True, **options)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    yield run
    signal.signal(signal.SIGALRM, before)
