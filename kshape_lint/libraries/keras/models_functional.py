"""``keras.Model(inputs, outputs)``: is the graph between them whole, and which layers stand in it."""

from __future__ import annotations

from ...interpreter.instances import InstanceObj
from ...interpreter.values import Array, ListObj, Value
from ...records import replace
from ...rules.layers import GraphDisconnected, LayerInput
from ...shapes import show_shape
from ..api import Mismatch, keras_major, models
from .engine import is_layer, layer_title
from .engine_graph import CallHistory, Event, InputHistory, events_between, flatten_structure, leaves_of, settle
from .engine_names import auto_name
from .objects import LATE, LayerObj, ModelObj, ModelState, late_refusals, model_state, put_model_state


@models("keras.Model")
def model(*args: Value, **kwargs: Value) -> Value:
    """Model of ``keras.Model``: the class called."""
    name = kwargs.get("name")
    made = ModelObj("keras.Model", ModelState("subclass"), name if isinstance(name, str) else None)
    initialise(made, args, kwargs)
    if made.name is None:
        made.name = auto_name("Functional") or "functional"
    return made


@models("keras.Model.__init__")
def model_init(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of the constructor as a subclass calls it: with inputs and outputs it makes a Functional model."""
    if isinstance(self, InstanceObj):
        put_model_state(self, ModelState("subclass"))
        initialise(self, args, kwargs)
    return None


def initialise(made: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    """Make a model Functional where it is given inputs and outputs."""
    inputs = args[0] if args else kwargs.get("inputs")
    outputs = args[1] if len(args) > 1 else kwargs.get("outputs")
    if inputs is None or outputs is None:
        if isinstance(made, ModelObj):
            put_model_state(made, ModelState("subclass", broken=True))
        return
    connect(made, _plain(settle(inputs)), _plain(settle(outputs)))


def _plain(nest: Value) -> Value:
    """Return the one tensor of a list of one, as Keras 2 takes it."""
    while keras_major() == 2 and isinstance(nest, ListObj) and nest.items is not None and len(nest.items) == 1:
        nest = nest.items[0]
    return nest


def connect(made: Value, inputs: Value, outputs: Value) -> None:
    """Fill in a Functional model; raise where its outputs certainly do not come from its inputs."""
    for what, nest in (("inputs", inputs), ("outputs", outputs)):
        for leaf in leaves_of(nest):
            refuse_end(what, leaf)
    starts, ends = flatten_structure(inputs), flatten_structure(outputs)
    if starts is None or ends is None:
        put_model_state(made, ModelState("functional", inputs=None, outputs=None, broken=True))
        return
    if any(_amid(a) for a in starts) and any(events_between([end], starts)[1] for end in ends):
        # What lies between layers of a pretrained architecture is not followed.
        put_model_state(made, ModelState("functional", inputs=None, outputs=None, broken=True))
        return
    check_connected(starts, ends)
    events, _, known = events_between(ends, starts)
    layers = graph_layers(starts, ends, events) if known else ()
    state = ModelState("functional", layers=layers, inputs=inputs, outputs=outputs, declared=True)
    if not known:
        state = replace(state, extra={"partial": True})
    late = next((m for m in map(late_mismatch, events) if m is not None), None)
    if late is not None:
        state = replace(state, extra={**state.extra, LATE: late})
    put_model_state(made, state)


def _amid(start: Array) -> bool:
    """Tell whether a tensor comes from the inside of a pretrained architecture."""
    layer = start.history.layer if isinstance(start.history, CallHistory) else None
    return isinstance(layer, LayerObj) and layer.path.startswith("keras.applications.")


def late_mismatch(event: Event) -> Mismatch | None:
    """Return what a call in a graph will raise when data go through it, though symbolic tensors passed."""
    first = next((leaf for leaf in leaves_of(event.args) if isinstance(leaf, Array)), None)
    layer = event.layer
    if first is None or keras_major() < 3:
        return None
    if isinstance(layer, LayerObj):
        refusal = late_refusals.get(layer.path)
        found: Mismatch | None = None if refusal is None else refusal(layer, event.args, event.kwargs)
        return found
    nested = model_state(layer)
    return None if nested is None else nested.extra.get(LATE)


def refuse_end(what: str, leaf: Value) -> None:
    """Raise where an input or output of a Functional model certainly is no symbolic tensor."""
    if is_layer(leaf):
        title = layer_title(leaf)
        raise Mismatch(LayerInput("Model", f"its {what} hold the layer {title}, not a tensor", f"call it: {title}(...)(x)"))
    if isinstance(leaf, Array) and leaf.kind == "numpy" and leaf.history is None and leaf.shape is not None and leaf.data is not None:
        raise Mismatch(
            LayerInput(
                "Model", f"its {what} hold an array of shape {show_shape(leaf.shape)}, not a symbolic tensor", "start from keras.Input"
            ),
            leaf,
        )


def check_connected(starts: list[Array], ends: list[Array]) -> None:
    """Raise where an output needs an ``Input`` that is not among the inputs."""
    for end in ends:
        _, foreign, _ = events_between([end], starts)
        if foreign:
            first = foreign[0]
            name = first.history.name if isinstance(first.history, InputHistory) else None
            label = f"Input {name!r} of shape {show_shape(first.shape)}" if name else f"an Input of shape {show_shape(first.shape)}"
            raise Mismatch(GraphDisconnected(f"they need {label}, which is not among the inputs", "add it to the inputs"), first, end)


def graph_layers(starts: list[Array], ends: list[Array], events: list[Event]) -> tuple[Value, ...]:
    """Return the layers of a graph in Keras's order: by distance from the outputs, farthest first, then by when they were met.

    Keras numbers layers while walking back from the outputs, inputs of a call first to last.
    """
    stops = {id(a.history) for a in starts}
    met: dict[int, tuple[int, Value]] = {}
    depth: dict[int, int] = {}
    producers = {e.serial: e for e in events}
    found: dict[int, Value] = {}
    users: dict[int, int] = {}

    def key_of(a: Array) -> tuple[int, Value] | None:
        history = a.history
        if isinstance(history, InputHistory):
            return id(history.source), history.source
        if isinstance(history, CallHistory) and history.layer is not None:
            return id(history.layer), history.layer
        return None

    # Order of first meeting: a walk in depth, inputs before what uses them.
    todo: list[tuple[Array, bool]] = [(a, False) for a in reversed(ends)]
    seen: set[int] = set()
    while todo:
        a, ready = todo.pop()
        history = a.history
        if ready:
            key = key_of(a)
            if key is not None and key[0] not in met:
                met[key[0]] = (len(met), key[1])
            continue
        if history is None or id(history) in seen:
            continue
        seen.add(id(history))
        todo.append((a, True))
        if id(history) not in stops:
            todo.extend((b, False) for b in reversed(history.inputs))
    for start in starts:
        key = key_of(start)
        if key is not None and key[0] not in met:
            met[key[0]] = (len(met), key[1])
    # Depth: how many calls lie between a call and the farthest output.
    for end in ends:
        if isinstance(end.history, CallHistory):
            users.setdefault(end.history.event.serial, 0)
    for serial in sorted(producers, reverse=True):
        event = producers[serial]
        level = users.get(serial, 0)
        for value in (*event.args, *event.kwargs.values()):
            for leaf in leaves_of(value):
                if not isinstance(leaf, Array) or leaf.history is None:
                    continue
                if isinstance(leaf.history, CallHistory) and id(leaf.history) not in stops:
                    above = leaf.history.event.serial
                    users[above] = max(users.get(above, 0), level + 1)
                key = key_of(leaf)
                if key is not None:
                    depth[key[0]] = max(depth.get(key[0], 0), level + 1)
    for end in ends:
        key = key_of(end)
        if key is not None:
            depth.setdefault(key[0], 0)
    deepest = max(depth.values(), default=0)
    for start in starts:
        key = key_of(start)
        if key is not None and isinstance(start.history, InputHistory):
            depth[key[0]] = depth.get(key[0], deepest)
    for key_id, (_, layer) in met.items():
        found[key_id] = layer
    ordered = sorted(met, key=lambda k: (-depth.get(k, 0), met[k][0]))
    return tuple(found[k] for k in ordered)
