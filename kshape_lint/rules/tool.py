"""KSH0xx and KSH9xx: what the tool says about itself and in answer to questions."""

from __future__ import annotations

from typing import ClassVar

from ..findings import Severity
from ..records import record
from .base import Rule


@record
class CheckFailed(Rule):
    """kshape_lint itself could not check the file.

    ## What it does
    Says that the file was not checked, or not to its end, because of a fault of kshape_lint's own, or because the file cannot be read.

    ## Why it is bad
    Mistakes in the file go unreported. A fault of our own is worth an issue; the message names the exception.

    ## Example
    ```console
    train.py:1:1: KSH000 could not check this file: [Errno 13] Permission denied
    ```
    """

    code: ClassVar[str] = "KSH000"
    name: ClassVar[str] = "check-failed"
    reason: str

    def message(self) -> str:
        return f"could not check this file: {self.reason}"


@record
class RevealedShape(Rule):
    """The answer to `reveal_shape(x)`.

    ## What it does
    Shows what kshape_lint knows about the shape of a value where the script calls `reveal_shape`. The call needs no import for the
    linter; take it out before the script runs. It never counts towards the exit code.

    ## Why it is bad
    It is not: it is a question answered.

    ## Example
    ```python
    x = np.zeros((3, 4))
    reveal_shape(x)  # KSH900 (3, 4)
    ```
    """

    code: ClassVar[str] = "KSH900"
    name: ClassVar[str] = "revealed-shape"
    severity: ClassVar[Severity] = "info"
    text: str

    def message(self) -> str:
        return f"shape is {self.text}"
