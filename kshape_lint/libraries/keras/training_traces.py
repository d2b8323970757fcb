"""What Keras has traced: a second ``predict`` (or ``fit``, ``evaluate``) whose arrays have another rank than those of the first.

TensorFlow then traces the step anew for arrays of any rank. In Keras 3 no model can do with that: Keras raises even where each of the two
calls alone would have run, since it appends or drops a trailing axis of size 1 only where it knows the rank. Keras 2 runs some, but none
that begins with a recurrent layer, with TimeDistributed or Reshape, which count the axes.
"""

from __future__ import annotations

from ...interpreter.values import Array, DictObj, LibObj, Library, Unknown, Value
from ...records import replace
from ...rules.contract import RankChanged
from ...shapes import Shape
from ..api import Mismatch, items, keras_major
from ..tensorflow.tracing import traces
from .engine_graph import as_kind, flatten_structure, leaves_of
from .engine_make import facts_of
from .models_run import run_model
from .objects import TRACED, LayerObj, ModelState, model_state, put_model_state
from .training_data import Feed


def check_trace(model: Value, feed: Feed, method: str, *, labels: bool) -> None:
    """Raise where the arrays have other ranks than those of an earlier call of the method; remember the ranks else."""
    state = model_state(model)
    if state is None or state.broken or state.form not in ("sequential", "functional") or feed.source != "arrays":
        return
    if not _traced(state):
        return
    labels = labels and _takes_ranks_itself(state.compiled.arguments.get("loss") if state.compiled is not None else None)
    now = (_shapes(feed.x), _shapes(feed.y) if labels and feed.y is not None else ())
    before = state.extra.get(TRACED, {})
    kinds = (*_kinds(feed.x), *_kinds(feed.y))
    earlier = before.get(method, ((), (), kinds))[2]
    if len(kinds) != len(earlier) or any(a is not None and b is not None and a != b for a, b in zip(kinds, earlier)):
        # Arrays of other dtypes get a trace of their own, of just their shapes.
        return
    for what, side, old, new in zip(("data", "labels"), (feed.x, feed.y), before.get(method, ((), ())), now):
        if len(old) != len(new):
            continue
        sure = keras_major() >= 3 or (what == "data" and len(old) == 1 and _counts_axes(state))
        for leaf, was, shape in zip(leaves_of(side), old, new):
            if sure and was is not None and shape is not None and len(was) != len(shape):
                raise Mismatch(RankChanged(f"{method}()", what, shape, was), leaf)
    if method not in before:
        put_model_state(model, replace(state, extra={**state.extra, TRACED: {**before, method: (*now, kinds)}}))


def traced_before(state: ModelState, method: str) -> bool:
    """Tell whether the method was called before, so that TensorFlow traces anew, with axes that differ left open."""
    return method in state.extra.get(TRACED, {})


def _traced(state: ModelState) -> bool:
    eagerly = state.compiled.arguments.get("run_eagerly", False) if state.compiled is not None else False
    return traces() and eagerly in (False, None)


def traced_anew(state: ModelState, seen: Value, feed: Feed, method: str) -> Value | None:
    """Return what a model gives for arrays whose sizes it would have refused in a first call, None where its layers refuse them too.

    In a second call the axes that differ from the first are open to the trace, so that Keras has nothing to compare.
    """
    if feed.source != "arrays" or state.form not in ("sequential", "functional") or state.outputs is None or not _traced(state):
        return None
    if method not in state.extra.get(TRACED, {}):
        return None
    given, wanted = flatten_structure(seen), flatten_structure(state.inputs)
    if given is None or wanted is None or [a.rank for a in given] != [w.rank for w in wanted]:
        return None
    try:
        return run_model(state, [as_kind(a, "tensor") for a in given])
    except Mismatch:
        return None


def is_first(state: ModelState | None, seen: Value, feed: Feed, method: str) -> bool:
    """Tell whether arrays reach a trace of just their shapes: in a second one the axes are open that differ from the first."""
    if state is None or feed.source != "arrays" or method not in ("fit", "evaluate", "predict"):
        return False
    known = state.extra.get(TRACED, {}).get(method)
    if known is None:
        return True
    now = _shapes(seen)
    return len(now) == len(known[0]) and all(a is not None and b is not None and a[1:] == b[1:] for a, b in zip(now, known[0]))


def of_unknown_rank(state: ModelState, seen: Value, feed: Feed, method: str) -> bool:
    """Tell whether Keras 2 gets the data of a second call as tensors of unknown rank, which it does not compare with the model's input."""
    if keras_major() >= 3 or feed.source != "arrays" or state.form not in ("sequential", "functional") or not _traced(state):
        return False
    known = state.extra.get(TRACED, {}).get(method)
    if known is None:
        return False
    now = _shapes(seen)
    other = any(a is not None and b is not None and len(a) != len(b) for a, b in zip(now, known[0]))
    return other and len(now) == len(known[0]) and not _demands_rank(state)


def _demands_rank(state: ModelState) -> bool:
    """Tell whether the first layer of a model cannot do with tensors of unknown rank, as most cannot."""
    first = _first(state)
    known = facts_of(first.path) if isinstance(first, LayerObj) else None
    return known is not None and (known.rank is not None or known.max_rank is not None or (known.min_rank or 0) > 1)


def _counts_axes(state: ModelState) -> bool:
    """Tell whether a layer comes first that fails on tensors of unknown rank."""
    named = ("LSTM", "GRU", "SimpleRNN", "Bidirectional", "TimeDistributed", "Reshape")
    return getattr(_first(state), "path", "") in {f"keras.layers.{name}" for name in named}


def _first(state: ModelState) -> Value:
    """Return the first layer of a model, of the model within where a model comes first."""
    first = next((layer for layer in state.layers if getattr(layer, "path", "") != "keras.layers.InputLayer"), None)
    nested = model_state(first)
    return first if nested is None else _first(nested)


def _shapes(nest: Value) -> tuple[Shape | None, ...]:
    if isinstance(nest, Unknown):
        return ()
    return tuple(leaf.shape if isinstance(leaf, Array) else None for leaf in leaves_of(nest))


def _kinds(nest: Value) -> tuple[str | None, ...]:
    """Return the dtypes of arrays as Keras hands them on: it makes one of all floating ones."""
    dtypes = [leaf.dtype if isinstance(leaf, Array) else None for leaf in leaves_of(nest)] if nest is not None else []
    return tuple("float" if d is not None and d.startswith("float") else d for d in dtypes)


def _takes_ranks_itself(loss: Value) -> bool:
    """Tell whether the losses are Keras's own, which ask for the rank of the labels."""
    if isinstance(loss, DictObj):
        parts = tuple(loss.state.values())
    else:
        parts = items(loss) or (loss,)
    return all(isinstance(part, (str, Library)) or (isinstance(part, LibObj) and part.path.startswith("keras.losses.")) for part in parts)
