"""Counts how much of a script is understood: what ``--stats`` shows of layer calls and of the contract at fit and its kin.

What is counted are places in the source, however often the run comes by: a call of a layer, a call of ``fit``, ``evaluate``, ``predict``
or of their kin. A place is known where some run through it knew the ranks (or shapes) of all that goes into the count.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from ..interpreter.values import Array, Value
from ..shapes import UNKNOWN_DIM
from .api import host

LAYER_CALLS = "layer calls"
CONTRACTS = "contracts"

ALWAYS_KERAS = frozenset(
    ("train_on_batch", "test_on_batch", "predict_on_batch", "fit_generator", "evaluate_generator", "predict_generator")
)
"""Methods that nothing but a Keras model has."""

TRAINING_KEYWORDS = frozenset(("epochs", "steps_per_epoch", "validation_data", "validation_split", "validation_steps", "callbacks"))
"""Arguments of ``fit`` and ``evaluate`` that hardly anything but a Keras model takes."""


def count(name: str, arrays: Iterable[Value], subject: Hashable = None, *, here: bool = True) -> None:
    """Count a call on `arrays` at the place under way: met, all ranks known, all shapes known (Keras's None is known).

    `subject` is what is called, as far as it tells places apart: the expression that makes a layer. Layers that a model calls (not
    `here`) count once, and only if the program does not call them itself.
    """
    note = getattr(host(), "note", None)
    if note is None:
        return
    shapes = [each.shape if isinstance(each, Array) else None for each in arrays]
    ranked = bool(shapes) and None not in shapes
    exact = ranked
    for shape in shapes:
        for dim in shape or ():
            if dim is UNKNOWN_DIM:
                exact = False
    note(name, subject, ranked, exact, here=here)


def count_unknown(method: str, keywords: Iterable[str]) -> None:
    """Count a method's call on something unknown as a contract of which nothing is known, where it certainly is one."""
    if method in ALWAYS_KERAS or (method in ("fit", "evaluate") and not TRAINING_KEYWORDS.isdisjoint(keywords)):
        count(CONTRACTS, ())
