"""What a model with a declared input accepts, as measured on both Kerases.

Before a Functional model runs, Keras compares sizes (all axes but the first; a last axis of 1 on either side is left out of the
comparison, and what one shape has more than the other is not looked at), then makes ranks meet by adding or dropping one last axis of 1.

=====================  =========================================  =======================================
called on              Keras 3                                    Keras 2
=====================  =========================================  =======================================
data, Functional       sizes, then ranks: what is left raises     sizes; other ranks reach the layers
data, Sequential       ranks alone; other sizes reach the layers  sizes; other ranks reach the layers
symbolic tensors       sizes; ranks as they are                   ranks made to meet; nothing compared
data, Sequential that  ranks alone, against the first data        ranks made to meet; nothing compared
was built by data
=====================  =========================================  =======================================
"""

from __future__ import annotations

from ...interpreter.instances import InstanceObj
from ...interpreter.values import Array, DictObj, Value
from ...records import record
from ...rules.contract import InputCount, InputRank, InputSize, MissingBatchAxis, PlainLists
from ...rules.silent import TrailingAxis
from ...shapes import UNKNOWN_DIM, Shape, same
from ..api import Mismatch, keras_major, warn
from .engine_graph import InputHistory, any_symbolic, as_kind, children, flatten_structure, leaves_of, settle
from .objects import LayerObj, ModelObj, ModelState, model_state


@record
class Strictness:
    """What is checked of the inputs of one model: see the module's table."""

    sizes: bool
    ranks: bool
    meet: bool


def strictness(state: ModelState, symbolic: bool) -> Strictness:
    """Return what Keras checks when a model in this state is called."""
    three = keras_major() == 3
    if symbolic:
        return Strictness(sizes=three, ranks=False, meet=not three)
    if state.form == "sequential":
        return Strictness(sizes=state.declared and not three, ranks=three, meet=True)
    return Strictness(sizes=True, ranks=three, meet=True)


def accept(model: Value, data: Value, where: str = "call") -> list[Array] | None:
    """Return what a built model makes of its inputs before its layers run: one array for each input, in the model's order.

    `data` is an array or a nest of arrays with a batch axis. None means that it cannot be told, and nothing is claimed. Raises the
    `Mismatch` that Keras certainly raises; reports a last axis of 1 that Keras silently adds or drops.
    """
    state = model_state(model)
    if state is None or state.broken or state.inputs is None:
        return None
    wanted = flatten_structure(state.inputs)
    data = settle(data)
    if wanted is None:
        return None
    given = arrange(state, wanted, data)
    if given is None:
        return None
    rules = strictness(state, any_symbolic(data))
    several = len(wanted) > 1
    if rules.sizes:
        for x, ref in zip(given, wanted):
            check_sizes(x, ref, several)
    return [meet(x, ref, rules, several) for x, ref in zip(given, wanted)]


def arrange(state: ModelState, wanted: list[Array], data: Value) -> list[Array] | None:
    """Return the given arrays in the order of the model's inputs; raise where there is another number of them."""
    if isinstance(data, Array):
        flat: list[Array] | None = [data]
    elif isinstance(data, DictObj):
        return by_name(state, wanted, data)
    else:
        if children(data) is None:
            return None
        leaves = leaves_of(data)
        if len(leaves) > 1 and all(type(leaf) in (int, float) for leaf in leaves):
            raise Mismatch(PlainLists("the model's input"))
        flat = flatten_structure(data)
    if flat is None:
        return None
    if len(flat) != len(wanted):
        if (state.form == "sequential" and keras_major() == 3) or (any_symbolic(data) and keras_major() == 2):
            return None
        raise Mismatch(InputCount(len(flat), len(wanted)), *flat[:1])
    return flat


def by_name(state: ModelState, wanted: list[Array], data: DictObj) -> list[Array] | None:
    """Return the arrays of a dict in the order of the model's inputs; raise where one is missing for certain."""
    content = data.state
    if not isinstance(content, dict) or not all(isinstance(k, str) and isinstance(v, Array) for k, v in content.items()):
        return None
    names: list[str | None]
    if isinstance(state.inputs, DictObj):
        keys = state.inputs.state
        names = sorted(keys) if isinstance(keys, dict) and all(isinstance(k, str) for k in keys) else [None]
    else:
        names = [a.history.name if isinstance(a.history, InputHistory) and isinstance(a.history.name, str) else None for a in wanted]
    if any(n is None for n in names) or len(names) != len(wanted):
        return None
    missing = tuple(n for n in names if n is not None and n not in content)
    if missing:
        # Names that Keras made up depend on all that ran before: no claim on those.
        explicit = isinstance(state.inputs, DictObj) or all(given_name(a) for a in wanted)
        if explicit and state.form != "sequential":
            raise Mismatch(InputCount(len(names) - len(missing), len(names), missing))
        return None
    return [content[n] for n in names]


def given_name(a: Array) -> bool:
    """Tell whether an ``Input`` got its name from the program."""
    source = a.history.source if isinstance(a.history, InputHistory) else None
    return isinstance(source, LayerObj) and source.config.get("named") is True


def sizes_conflict(given: Shape, expected: Shape) -> bool:
    """Tell whether Keras's comparison of sizes certainly fails; axis 0 is any."""
    given, open_end = _without_last_one(given)
    expected, _ = _without_last_one(expected)
    pairs = list(zip(expected, given))
    for axis, (want, got) in enumerate(pairs):
        if axis == 0:
            continue
        if open_end and axis == len(given) - 1 and same(got, 1) is not False:
            continue
        if same(want, got) is False:
            return True
    return False


def _without_last_one(shape: Shape) -> tuple[Shape, bool]:
    """Return a shape without a last axis of 1, and whether the last axis may or may not be 1."""
    if not shape:
        return shape, False
    one = same(shape[-1], 1)
    if isinstance(shape[-1], int) and one:
        return shape[:-1], False
    return shape, one is None


def check_sizes(x: Array, ref: Array, several: bool) -> None:
    """Raise where the sizes of an input differ from the model's."""
    if x.shape is None or ref.shape is None:
        return
    if sizes_conflict(x.shape, ref.shape):
        raise refusal(x, ref, several)


def refusal(x: Array, ref: Array, several: bool = False) -> Mismatch:
    """Return the mismatch that says best why data do not suit a model's input."""
    given, expected = x.shape or (), ref.shape or ()
    name = input_label(ref) if several else None
    if len(given) == len(expected) - 1 and could_be(given, expected[1:]):
        return Mismatch(MissingBatchAxis(given, expected, name), x, ref)
    if len(given) != len(expected):
        return Mismatch(InputRank(given, expected, name), x, ref)
    return Mismatch(InputSize(given, expected, name), x, ref)


def input_label(ref: Array) -> str | None:
    """Return the name of an input, for messages."""
    return ref.history.name if isinstance(ref.history, InputHistory) and isinstance(ref.history.name, str) else None


def could_be(given: Shape, sample: Shape) -> bool:
    """Tell whether data look like one sample: every length that is known agrees, and one at least does."""
    verdicts = [same(a, b) for a, b in zip(given, sample)]
    return bool(verdicts) and False not in verdicts and (True in verdicts or all(b is None for b in sample))


def meet(x: Array, ref: Array, rules: Strictness, several: bool) -> Array:
    """Return an input with its rank made the model's, where Keras does that; raise where it does not and refuses."""
    if x.shape is None or ref.shape is None:
        return x
    given, expected = x.shape, ref.shape
    if len(given) == len(expected) or not rules.meet:
        return x
    if len(given) == len(expected) + 1 and given:
        one = same(given[-1], 1)
        if one:
            warn(TrailingAxis(given, expected), x)
            return as_kind(x, x.kind, given[:-1])
        if one is None:
            return as_kind(x, x.kind, None)
    elif len(given) == len(expected) - 1:
        one = same(expected[-1], 1)
        if one:
            if len(given) > 1 and not could_be(given, expected[1:]):
                warn(TrailingAxis(given, expected), x)
            return as_kind(x, x.kind, (*given, 1))
        if one is None and expected[-1] is not None:
            return as_kind(x, x.kind, None)
    if rules.ranks:
        raise refusal(x, ref, several)
    return x


def explains(model: Value, data: Value) -> Mismatch | None:
    """Return the mismatch that says how data differ from a model's input, for data that a layer has refused; None where they do not.

    The input is the declared one, or the first data's.
    """
    state = model_state(model)
    if state is None or state.inputs is None:
        return None
    wanted = flatten_structure(state.inputs)
    given = flatten_structure(data)
    if wanted is None or given is None or len(given) != len(wanted):
        return None
    for x, ref in zip(given, wanted):
        if x.shape is None or ref.shape is None:
            continue
        if len(x.shape) != len(ref.shape):
            sample = len(x.shape) == len(ref.shape) - 1 and could_be(x.shape, ref.shape[1:])
            if sample or not _would_meet(x.shape, ref.shape):
                return refusal(x, ref, len(wanted) > 1)
        if any(same(a, b) is False for a, b in zip(x.shape[1:], ref.shape[1:])):
            return refusal(x, ref, len(wanted) > 1)
    return None


def _would_meet(given: Shape, expected: Shape) -> bool:
    longer = given if len(given) > len(expected) else expected
    return abs(len(given) - len(expected)) == 1 and same(longer[-1], 1) is not False


def is_declared_model(model: Value) -> bool:
    """Tell whether a model has inputs that the program declared."""
    state = model_state(model)
    return isinstance(model, (ModelObj, InstanceObj)) and state is not None and state.declared


def blank(shape: Shape | None, rank: int) -> Shape:
    """Return a shape of unknown lengths of this rank."""
    return shape if shape is not None else (None, *(UNKNOWN_DIM for _ in range(rank - 1)))
