"""The initial states of recurrent layers: as many as the cell keeps, of the cell's sizes.

Keras 2 compares them with the cell's sizes when the layer is called. Keras 3 does not look: the step itself fails on data, and a graph of
symbolic tensors is made without complaint, to fail when data go through the model.
"""

from __future__ import annotations

from ....interpreter.values import Array, Value
from ....rules.layers import LayerInput
from ....shapes import Shape, at_least, same, show_shape
from ...api import Mismatch, is_sequence, items, keras_major
from ..objects import LayerObj


def given_states(inputs: Value, initial_state: Value) -> list[Value] | None:
    """Return the states that a call gives, None where there are none or where they are not all known."""
    parts = items(inputs) if is_sequence(inputs) else None
    if initial_state is None:
        return list(parts[1:]) if parts and len(parts) > 1 else None
    if isinstance(initial_state, Array):
        return [initial_state]
    found = items(initial_state) if is_sequence(initial_state) else None
    return list(found) if found else None


def check_states(self: Value, x: Array, states: list[Value] | None, wanted: tuple[Shape, ...], *, late: bool = False) -> None:
    """Raise where the initial states certainly do not suit a cell whose states have these shapes, but for the batch.

    With `late` symbolic tensors are taken for the data that will stand in their places.
    """
    if states is None or any(not isinstance(s, Array) for s in states):
        return
    two = keras_major() == 2
    on_data = late or not (x.kind == "keras" or any(s.kind == "keras" for s in states))
    if not two and not on_data:
        return
    title = self.path.rpartition(".")[2] if isinstance(self, LayerObj) else "layer"
    count = len(wanted)
    if len(states) < count or (len(states) > count and (two or count > 1)):
        raise Mismatch(LayerInput(title, f"keeps {count} state{'s' if count > 1 else ''}, called with {len(states)} initial ones"), *states)
    for state, shape in zip(states, wanted):
        if two and state.kind == "numpy":
            reason = "called with a NumPy array as its initial state, where Keras 2 takes tensors"
            raise Mismatch(LayerInput(title, reason, "tf.constant(state)"), state)
        if state.shape is None:
            continue
        if len(state.shape) != len(shape) + 1:
            wrong = two
        else:
            wrong = any(same(a, b) is False for a, b in zip(state.shape[1:], shape))
        shown = show_shape(state.shape)
        if wrong:
            reason = f"keeps a state of shape {show_shape((None, *shape))}, called with an initial one of shape {shown}"
            raise Mismatch(LayerInput(title, reason), state)
        if on_data and not late and len(state.shape) == len(shape) + 1 and x.shape and same(x.shape[0], state.shape[0]) is False:
            # Keras 3 goes on with one state for all samples, or one sample for all states.
            if not two and not all(at_least(d, 2) is True for d in (x.shape[0], state.shape[0])):
                continue
            raise Mismatch(LayerInput(title, f"called on {show_shape(x.shape)} with an initial state for other samples, {shown}"), state, x)
