"""Recurrent layers: SimpleRNN, LSTM, GRU, RNN over cells, ConvLSTM, and the cells themselves."""

from __future__ import annotations

from typing import TypeAlias

from ....interpreter.instances import InstanceObj, UserClass
from ....interpreter.values import UNKNOWN, Array, ListObj, Seq, Value
from ....rules.layers import LayerArgument, LayerAxis, LayerInput, LayerRank, UndefinedDimension
from ....shapes import UNKNOWN_DIM, Dim, Shape, same, show_shape
from ....shapes.broadcast import broadcast_dims
from ...api import Mismatch, as_dim, host, is_sequence, items, keras_major
from ..objects import Built, LayerObj, constructor, late_refusals, layer
from .common import (
    array_of,
    channel_axis,
    config_of,
    label,
    laid_out,
    layout,
    output,
    padding_of,
    positive,
    refuse,
    several,
    several_of,
    slide,
    want_defined,
    want_rank,
)
from .states import check_states, given_states

GATED = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}
"""How many state tensors a layer keeps."""

States: TypeAlias = "tuple[Dim | States, ...]"
"""The sizes of a cell's states, one or several; nested for stacked cells."""


def _flag(value: Value, default: bool = False) -> bool | None:
    """Return a switch as a boolean, None where unknown."""
    if value is None:
        return default
    return bool(value) if isinstance(value, (bool, int)) else None


def _sequence(inputs: Value) -> Array:
    """Return the sequence among what a recurrent layer is called on: Keras 2 takes a list with the states behind it."""
    parts = items(inputs) if is_sequence(inputs) else None
    if parts and isinstance(parts[0], Array):
        return parts[0]
    return array_of(inputs)


def _outputs(
    x: Array, batch: Dim, steps: Dim, features: Shape, states: tuple[Value, ...] | None, sequences: bool | None, with_state: bool | None
) -> Value:
    """Return what a recurrent layer gives for one step's output `features`."""
    if with_state is None or (with_state and states is None):
        return UNKNOWN
    if sequences is None:
        first = output(x, None)
    else:
        first = output(x, (batch, steps, *features) if sequences else (batch, *features))
    return several(first, *(states or ())) if with_state else first


def _same_features(self: Value, x: Array, built: Built | None, axis: int) -> None:
    """Refuse another number of features than the weights were made for, where the layer runs at once (Keras 3 does not on symbols)."""
    if built is None or built.shape is None or x.shape is None or len(built.shape) != len(x.shape):
        return
    if x.kind == "keras" and keras_major() == 3:
        return
    if same(built.shape[axis], x.shape[axis]) is False:
        raise Mismatch(LayerAxis(label(self), x.shape, axis, built.shape[axis]), x)


def _gated(name: str, kept: int) -> None:
    @constructor(f"keras.layers.{name}", f"keras.layers.{name}Cell")
    def check(*, units: Value) -> None:
        positive(name, "units", units, strict=False)
        if units is None or isinstance(units, (float, str, tuple)):
            raise refuse(name, f"`units` must be a positive whole number, got {units!r}")

    @layer(f"keras.layers.{name}")
    def run(
        inputs: Value,
        initial_state: Value = None,
        *,
        units: Value,
        return_sequences: Value = False,
        return_state: Value = False,
        time_major: Value = False,
        stateful: Value = False,
        self: Value = None,
        built: Built | None = None,
    ) -> Value:
        x = _sequence(inputs)
        size = as_dim(units)
        size = UNKNOWN_DIM if size is None else size
        if x.shape is None:
            batch: Dim = UNKNOWN_DIM
            steps: Dim = UNKNOWN_DIM
        else:
            want_rank(self, x, 3)
            want_defined(self, x, 2)
            _same_features(self, x, built, 2)
            batch, steps = x.shape[0], x.shape[1]
            if stateful is True and _flag(time_major) is False:
                if batch is None:
                    raise stateful_batch(self, x)
                _same_features(self, x, built, 0)
        if time_major in (None, False):
            check_states(self, x, given_states(inputs, initial_state), ((size,),) * kept)
        major = _flag(time_major)
        sequences, with_state = _flag(return_sequences), _flag(return_state)
        if major is not False:
            return _time_major(x, batch, steps, size, kept, major, sequences, with_state)
        states = tuple(output(x, (batch, size)) for _ in range(kept))
        return _outputs(x, batch, steps, (size,), states, sequences, with_state)


def stateful_batch(self: Value, x: Array) -> Mismatch:
    """Return the error for a stateful layer whose batch size is open."""
    assert x.shape is not None
    return Mismatch(UndefinedDimension(f"stateful {label(self)}", x.shape, 0), x)


def _time_major(
    x: Array, first: Dim, second: Dim, size: Dim, kept: int, major: bool | None, sequences: bool | None, with_state: bool | None
) -> Value:
    if major is None or sequences is None or with_state is None:
        return UNKNOWN
    final = output(x, (first, second, size) if sequences else (second, size))
    return several(final, *(output(x, (second, size)) for _ in range(kept))) if with_state else final


for _name, _kept in GATED.items():
    _gated(_name, _kept)


def late_refusal(layer: LayerObj, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Mismatch | None:
    """Return what a symbolic call of a recurrent layer, which Keras 3 makes without a look at the initial states, will raise on data."""
    inner = layer.config.get("layer") if layer.path == "keras.layers.Bidirectional" else layer
    given = args[1] if len(args) > 1 else kwargs.get("initial_state")
    states = given_states(None, given)
    if states is None or not isinstance(inner, LayerObj) or not isinstance(args[0], Array):
        return None
    kind = inner.path.rpartition(".")[2]
    if kind not in GATED:
        return None
    size = as_dim(inner.config.get("units"))
    wanted = ((UNKNOWN_DIM if size is None else size,),) * GATED[kind]
    halves = [states] if inner is layer else [states[: len(states) // 2], states[len(states) // 2 :]]
    if inner is not layer and not is_sequence(given):
        return None
    try:
        for half in halves:
            check_states(inner, args[0], half, wanted, late=True)
    except Mismatch as mismatch:
        return mismatch
    return None


late_refusals.update({f"keras.layers.{name}": late_refusal for name in (*GATED, "Bidirectional")})


def cell_sizes(cell: Value) -> tuple[Dim, States | None]:
    """Return the length of a cell's output and of its states; unknown where the cell is not understood."""
    if is_sequence(cell):
        parts = items(cell)
        if not parts:
            return UNKNOWN_DIM, None
        sizes = [cell_sizes(p) for p in parts]
        return sizes[-1][0], _stacked([s for _, s in sizes])
    if isinstance(cell, LayerObj):
        kind = cell.path.rpartition(".")[2]
        if kind == "StackedRNNCells":
            return cell_sizes(config_of(cell, "cells"))
        if kind.endswith("Cell") and kind[:-4] in GATED:
            size = as_dim(config_of(cell, "units"))
            size = UNKNOWN_DIM if size is None else size
            return size, (size,) * GATED[kind[:-4]]
        return UNKNOWN_DIM, None
    if isinstance(cell, InstanceObj):
        return _own_cell(cell)
    return UNKNOWN_DIM, None


def _stacked(states: list[States | None]) -> States | None:
    out: list[Dim | States] = []
    for s in states:
        if s is None:
            return None
        out.append(s[0] if len(s) == 1 else s)
    return tuple(out)


def _own_cell(cell: InstanceObj) -> tuple[Dim, States | None]:
    """Read ``state_size`` and ``output_size`` off a cell of the program's own."""

    state = cell.state
    classes = [c for c in cell.cls.mro() if isinstance(c, UserClass)]

    def has(name: str) -> bool:
        return name in state or any(name in c.variables for c in classes)

    def read(name: str) -> Value:
        return host().attribute(cell, name) if has(name) else UNKNOWN

    kept = read("state_size")
    parts = items(kept) if is_sequence(kept) else None
    states: States | None
    if parts is not None:
        states = None if any(is_sequence(p) for p in parts) else tuple(_dim(p) for p in parts)
    else:
        states = (_dim(kept),)
    size = _dim(read("output_size"))
    if states and not has("output_size"):
        first = states[0]
        size = UNKNOWN_DIM if isinstance(first, tuple) else first
    return size, states


def _dim(value: Value) -> Dim:
    d = as_dim(value)
    return UNKNOWN_DIM if d is None else d


@layer("keras.layers.RNN")
def rnn(
    inputs: Value,
    initial_state: Value = None,
    *,
    cell: Value,
    return_sequences: Value = False,
    return_state: Value = False,
    time_major: Value = False,
    stateful: Value = False,
    self: Value = None,
    built: Built | None = None,
) -> Value:
    """Run a cell along axis 1."""
    x = _sequence(inputs)
    size, states = cell_sizes(cell)
    if _flag(time_major) is not False:
        return UNKNOWN
    builtin = _builtin(cell)
    # Keras 3 tells the symbolic shape by the cell's sizes alone; else a cell of the program's own may give anything, several tensors even.
    told = keras_major() == 3 and x.kind == "keras" and size is not UNKNOWN_DIM
    if not (builtin or told) or (x.shape is not None and len(x.shape) < 2):
        return UNKNOWN
    odd = False
    if keras_major() == 3 and x.shape is not None:
        # The symbolic shape is told without a look at the rank, and a stated batch size taken for features.
        odd = x.kind == "keras" if len(x.shape) > 3 else len(x.shape) == 2 and x.shape[0] is not None
        if odd and (x.kind != "keras" or not builtin or (len(x.shape) > 3 and x.shape[-1] is None)):
            return UNKNOWN
    if x.shape is not None and builtin and not odd:
        want_rank(self, x, 3)
        want_defined(self, x, 2)
        _same_features(self, x, built, 2)
    batch: Dim = UNKNOWN_DIM if x.shape is None else x.shape[0]
    steps: Dim = UNKNOWN_DIM if x.shape is None else x.shape[1]
    if stateful is True and x.shape is not None and batch is None and builtin:
        raise stateful_batch(self, x)
    if states is not None and builtin and not _many(cell):
        check_states(self, x, given_states(inputs, initial_state), tuple((s,) for s in states if not isinstance(s, tuple)))
    kept = None if states is None else _state_arrays(x, batch, states)
    if keras_major() == 3 and x.kind != "keras" and states is not None and _many(cell):
        # On data each cell's states come in a list, also where there is but one.
        kept = tuple(
            several(*_state_arrays(x, batch, s)) if isinstance(s, tuple) else several(*_state_arrays(x, batch, (s,))) for s in states
        )
        if stateful is not False:
            kept = None  # unless the layer keeps them
    return _outputs(x, batch, steps, (size,), kept, _flag(return_sequences), _flag(return_state))


def _many(cell: Value) -> bool:
    return is_sequence(cell) or (isinstance(cell, LayerObj) and cell.path.endswith(".StackedRNNCells"))


def _builtin(cell: Value) -> bool:
    parts = items(cell) if is_sequence(cell) else (cell,)
    if isinstance(cell, LayerObj) and cell.path.endswith(".StackedRNNCells"):
        return _builtin(config_of(cell, "cells"))
    return bool(parts) and all(isinstance(p, LayerObj) and p.path.endswith("Cell") for p in parts or ())


def _state_arrays(x: Array, batch: Dim, states: States) -> tuple[Value, ...]:
    out: list[Value] = []
    for s in states:
        out.append(several(*_state_arrays(x, batch, s)) if isinstance(s, tuple) else output(x, (batch, s)))
    return tuple(out)


def _cell(name: str, kept: int) -> None:
    @layer(f"keras.layers.{name}Cell")
    def step(inputs: Value, states: Value = UNKNOWN, *, units: Value, self: Value = None, built: Built | None = None) -> Value:
        x = array_of(inputs)
        size = _dim(units)
        given = tuple(items(states) or ()) if is_sequence(states) else (states,)
        if x.shape is not None:
            if len(x.shape) == 1 and keras_major() == 2:
                raise Mismatch(LayerRank(label(self), x.shape, 2), x)
            if x.shape:
                want_defined(self, x, -1)
            if len(x.shape) == 3 and any(_not_added(x.shape[1], s) for s in given):
                raise Mismatch(LayerRank(label(self), x.shape, 2), x)
            if len(x.shape) == 3 and kept == 2 and isinstance(size, int) and size > 1:
                raise Mismatch(LayerRank(label(self), x.shape, 2), x)  # it parts the steps in four, and not the features
            if len(x.shape) != 2:
                return _odd_step(x, given, size) if kept == 1 and is_sequence(states) else UNKNOWN
            if built is not None and built.shape and same(built.shape[-1], x.shape[-1]) is False:
                raise Mismatch(LayerAxis(label(self), x.shape, 1, built.shape[-1]), x)
        if x.kind != "keras" and is_sequence(states):
            check_states(self, x, given_states(None, states), ((size,),) * kept)
        batch: Dim = UNKNOWN_DIM if x.shape is None else x.shape[0]
        for state in given:
            if isinstance(state, Array) and state.shape is not None:
                if len(state.shape) != 2:
                    return UNKNOWN
                _state_goes(self, state, size, x)
                batch = _wider(batch, state.shape[0])
        # GRU and SimpleRNN cells give the state back as they got it: alone, or in a list.
        alone = isinstance(states, Array)
        if not alone and not is_sequence(states):
            return (output(x, (batch, size)), UNKNOWN)
        new = [output(x, (batch, size)) for _ in range(kept)]
        return (output(x, (batch, size)), new[0] if alone else ListObj(Seq(tuple(new))))


def _odd_step(x: Array, given: tuple[Value, ...], size: Dim) -> Value:
    """Return what a cell gives that is called on a row or a sequence: the state is added to each step as if these were samples."""
    state = given[0] if len(given) == 1 and isinstance(given[0], Array) else None
    if state is None or not x.shape or len(x.shape) not in (1, 3) or not state.shape or len(state.shape) != 2:
        return UNKNOWN
    if same(state.shape[1], size) is not True:
        return UNKNOWN
    steps = state.shape[0] if len(x.shape) == 1 else broadcast_dims(x.shape[1], state.shape[0])
    if steps is False:
        return UNKNOWN
    made = output(x, (*x.shape[: len(x.shape) // 2], steps, size))
    return (made, ListObj(Seq((made,))))


def _not_added(steps: Dim, state: Value) -> bool:
    """Tell whether a state of some samples cannot be added to that many steps, as a cell does that is called on a sequence."""
    samples = state.shape[0] if isinstance(state, Array) and state.shape is not None and len(state.shape) == 2 else None
    return isinstance(steps, int) and isinstance(samples, int) and steps != samples and steps > 1 and samples > 1


def _state_goes(self: Value, state: Array, size: Dim, x: Array) -> None:
    """Refuse a state of other units, or of another batch."""
    assert state.shape is not None
    apart = False
    if x.shape is not None and len(state.shape) == 2:
        a, b = x.shape[0], state.shape[0]
        apart = same(a, b) is False and same(a, 1) is False and same(b, 1) is False
    if same(state.shape[-1], size) is False or apart:
        wanted = show_shape((None if x.shape is None else x.shape[0], size))
        reason = f"keeps a state of shape {wanted}, called with one of shape {show_shape(state.shape)}"
        raise Mismatch(LayerInput(label(self), reason), state)


def _wider(a: Dim, b: Dim) -> Dim:
    """Return the length of two batches that broadcast, one of which may be open."""
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    if a is None or a == 1:
        return b if b != 1 else a
    return a


for _name, _kept in GATED.items():
    _cell(_name, _kept)


@constructor("keras.layers.RNN")
def rnn_arguments(*, cell: Value) -> None:
    """Check that the cell is one."""
    if isinstance(cell, LayerObj) and cell.path in (
        "keras.layers.LSTM",
        "keras.layers.GRU",
        "keras.layers.SimpleRNN",
        "keras.layers.Dense",
    ):
        kind = cell.path.rpartition(".")[2]
        if kind == "Dense":
            raise Mismatch(LayerArgument("RNN", "a Dense layer is no cell: it has no `state_size`"))
    if isinstance(cell, (int, float, str)):
        raise Mismatch(LayerArgument("RNN", f"`cell` must be a cell, got {cell!r}"))


@constructor("keras.layers.StackedRNNCells")
def stacked_arguments(*, cells: Value) -> None:
    """Check that cells are given, in a list."""
    parts = items(cells) if is_sequence(cells) else None
    if isinstance(cells, (int, float, LayerObj)):
        raise refuse("StackedRNNCells", "`cells` must be a list of cells", "write StackedRNNCells([cell, cell])")
    for part in parts or ():
        if isinstance(part, (int, float, str)) or (isinstance(part, LayerObj) and part.path == "keras.layers.Dense"):
            raise refuse("StackedRNNCells", "every one of `cells` must be a cell: it has no `state_size`")


@layer("keras.layers.StackedRNNCells")
def stacked(inputs: Value, states: Value = UNKNOWN, *, cells: Value) -> Value:
    """Run one step through cells one after the other; the states are not followed."""
    x = array_of(inputs)
    size, _ = cell_sizes(cells)
    if not _builtin(cells) or x.shape is None or len(x.shape) != 2:
        return UNKNOWN
    return (output(x, (x.shape[0], size)), UNKNOWN)


def _conv_lstm(rank: int) -> None:
    name = f"ConvLSTM{rank}D"
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        dilation_rate: Value = 1,
    ) -> None:
        several_of(name, "kernel_size", kernel_size, rank)
        steps = several_of(name, "strides", strides, rank, zero=True)
        gaps = several_of(name, "dilation_rate", dilation_rate, rank)
        padding_of(name, padding, *(("valid", "same") if keras_major() == 3 else ("valid", "same", "causal")))
        layout(name, data_format)
        if keras_major() == 3 and any(isinstance(s, int) and s > 1 for s in steps) and any(isinstance(g, int) and g > 1 for g in gaps):
            raise refuse(name, "`strides` and `dilation_rate` cannot both be above 1")

    @layer(path)
    def run(
        inputs: Value,
        initial_state: Value = None,
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        dilation_rate: Value = 1,
        return_sequences: Value = False,
        return_state: Value = False,
        stateful: Value = False,
        self: Value = None,
        built: Built | None = None,
    ) -> Value:
        x = _sequence(inputs)
        form = layout(self, data_format)
        if x.shape is None or form is None:
            return UNKNOWN
        want_rank(self, x, rank + 3)
        if stateful is True and x.shape[0] is None:
            raise stateful_batch(self, x)
        want_defined(self, x, channel_axis(form) if form == "channels_last" else 2)
        start = 2 if form == "channels_last" else 3
        axes = range(start, start + rank)
        if keras_major() == 3:
            for axis in axes:
                want_defined(self, x, axis)
                # Keras 3 builds the cell for images of one size.
                _same_features(self, x, built, axis)
        kernel = several_of(self, "kernel_size", kernel_size, rank)
        steps = several_of(self, "strides", strides, rank, zero=True)
        gaps = several_of(self, "dilation_rate", dilation_rate, rank)
        mode = padding.lower() if isinstance(padding, str) else None
        sides = tuple(
            slide(self, x, axis, k, s, mode, g, "kernel", lenient=keras_major() == 2) for axis, k, s, g in zip(axes, kernel, steps, gaps)
        )
        if keras_major() == 2 and x.kind != "keras" and UNKNOWN_DIM in sides:
            sides = (UNKNOWN_DIM,) * rank
        features = laid_out(form, (), sides, _dim(filters))
        check_states(self, x, given_states(inputs, initial_state), (features,) * 2)
        states = tuple(output(x, (x.shape[0], *features)) for _ in range(2))
        return _outputs(x, x.shape[0], x.shape[1], features, states, _flag(return_sequences), _flag(return_state))


for _rank in (1, 2, 3):
    _conv_lstm(_rank)
