"""What Keras 3 has traced: a second ``predict`` (or ``fit``, ``evaluate``) whose arrays have another rank than those of the first.

TensorFlow then traces the step anew for arrays of any rank, and no model can do with that: Keras raises even where each of the two calls
alone would have run, since it appends or drops a trailing axis of size 1 only where it knows the rank.
"""

from __future__ import annotations

from ...interpreter.values import Array, DictObj, LibObj, Library, Unknown, Value
from ...records import replace
from ...rules.contract import RankChanged
from ...shapes import Shape
from ..api import Mismatch, items, keras_major
from ..tensorflow.tracing import traces
from .engine_graph import leaves_of
from .objects import TRACED, model_state, put_model_state
from .training_data import Feed


def check_trace(model: Value, feed: Feed, method: str, *, labels: bool) -> None:
    """Raise where the arrays have other ranks than those of an earlier call of the method; remember the ranks else."""
    state = model_state(model)
    if keras_major() < 3 or state is None or state.broken or state.form not in ("sequential", "functional") or feed.source != "arrays":
        return
    arguments = state.compiled.arguments if state.compiled is not None else {}
    if not traces() or arguments.get("run_eagerly", False) not in (False, None):
        return
    labels = labels and _takes_ranks_itself(arguments.get("loss"))
    now = (_shapes(feed.x), _shapes(feed.y) if labels and feed.y is not None else ())
    before = state.extra.get(TRACED, {})
    for what, side, old, new in zip(("data", "labels"), (feed.x, feed.y), before.get(method, ((), ())), now):
        if len(old) != len(new):
            continue
        for leaf, was, shape in zip(leaves_of(side), old, new):
            if was is not None and shape is not None and len(was) != len(shape):
                raise Mismatch(RankChanged(f"{method}()", what, shape, was), leaf)
    if method not in before:
        put_model_state(model, replace(state, extra={**state.extra, TRACED: {**before, method: now}}))


def _shapes(nest: Value) -> tuple[Shape | None, ...]:
    if isinstance(nest, Unknown):
        return ()
    return tuple(leaf.shape if isinstance(leaf, Array) else None for leaf in leaves_of(nest))


def _takes_ranks_itself(loss: Value) -> bool:
    """Tell whether the losses are Keras's own, which ask for the rank of the labels."""
    if isinstance(loss, DictObj):
        parts = tuple(loss.state.values())
    else:
        parts = items(loss) or (loss,)
    return all(isinstance(part, (str, Library)) or (isinstance(part, LibObj) and part.path.startswith("keras.losses.")) for part in parts)
