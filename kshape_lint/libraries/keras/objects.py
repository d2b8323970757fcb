"""Keras's objects as the abstract run holds them: layers, models, and how symbolic tensors came about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...interpreter.instances import InstanceObj
from ...interpreter.values import UNKNOWN, Array, Obj, Value
from ...records import field, record, replace
from ...shapes import Dim, Shape
from ..api import host, place

F = TypeVar("F", bound=Callable[..., Any])


@record
class Built:
    """What a layer remembers of its first call.

    `fixed` are the axes whose length its weights fixed, as ``(axis, dimension)``, axes as the layer counts them (may be negative).
    `input` and `output` are what it was called on and gave, for ``layer.output`` and kin; None where there was none.
    """

    fixed: tuple[tuple[int, Dim], ...] = ()
    shape: Shape | None = None
    input: Value = None
    output: Value = None

    def __blur__(self, other: Built | None) -> Built:
        """Keep what two ways through the program agree on; where the layer was not called on one of them, nothing is fixed."""
        if other is not None and self.fixed == other.fixed and self.shape == other.shape:
            return replace(
                self,
                input=self.input if self.input is other.input else UNKNOWN,
                output=self.output if self.output is other.output else UNKNOWN,
            )
        return Built((), None, UNKNOWN, UNKNOWN)


class LayerObj(Obj):
    """A layer of Keras's own. Its state is `Built`, or None before the first call.

    `path` is canonical (``keras.layers.Dense``), `config` the constructor's arguments by name, defaults filled in.
    """

    __slots__ = ("config", "path")

    def __init__(self, path: str, config: dict[str, Value]) -> None:
        super().__init__(None)
        self.path = path
        self.config = config

    @property
    def type_path(self) -> str:  # type: ignore[override]
        """The path of the class."""
        return self.path


@record
class Compiled:
    """The arguments of ``compile`` as given; `arguments` by name, those not given are absent."""

    arguments: dict[str, Value] = field(default_factory=dict)


MAYBE_BUILT = "<maybe built>"
"""Key, in a model state's ``extra``, that says the model may have been built by data not known."""


MISPLACED = "<misplaced>"
"""Key, in a model state's ``extra``, of an ``Input`` behind other layers: Keras 3 refuses the model when it is first called."""


TRACED = "<traced>"
"""Key, in a model state's ``extra``, of the shapes that each method has met first; see `training_traces`."""


def _shapes_of(value: Value) -> Value:
    return value.shape if isinstance(value, Array) else UNKNOWN


@record
class ModelState:
    """State of a model.

    `form` is "sequential", "functional" or "subclass". `layers` are in order. `inputs` and `outputs` are the symbolic tensors
    (a list, tuple or dict of `Array`, or one), None while the model is not built. `declared` tells that the
    inputs were declared (``Input``, ``input_shape=``) and not taken from the first data. `broken` says an error was reported
    inside it: whoever uses it makes no further claim. `extra` may hold, under ``"call"``, a function from a list of arrays (one
    an input) to the outputs, for models that are not made of layers one by one.
    """

    form: str
    layers: tuple[Value, ...] = ()
    inputs: Value = None
    outputs: Value = None
    declared: bool = False
    compiled: Compiled | None = None
    broken: bool = False
    extra: dict[str, Value] = field(default_factory=dict)

    def __blur__(self, other: ModelState | None) -> ModelState:
        """Return what is known of a model that is in one of two states: an unbuilt one may be built by now."""
        if other is None or self.form != other.form or len(self.layers) != len(other.layers):
            return replace(self, broken=True)
        if any(a is not b for a, b in zip(self.layers, other.layers)):
            return replace(self, broken=True)
        compiled = self.compiled if self.compiled is not None else other.compiled
        broken = self.broken or other.broken
        if self.inputs is None or other.inputs is None:
            open_one = self if self.inputs is None else other
            return replace(open_one, compiled=compiled, broken=broken, extra={**open_one.extra, MAYBE_BUILT: True})
        alike = _shapes_of(self.inputs) == _shapes_of(other.inputs) and _shapes_of(self.outputs) == _shapes_of(other.outputs)
        extra = self.extra
        if extra.get(TRACED) != other.extra.get(TRACED):
            extra = {k: v for k, v in extra.items() if k != TRACED}
        return replace(self, compiled=compiled, broken=broken or not alike, extra=extra)

    def __meet__(self, other: ModelState) -> ModelState | None:
        """Return what a model is on two ways that differ in nothing but what has been traced; None for others."""
        mine, others = ({k: v for k, v in s.extra.items() if k != TRACED} for s in (self, other))
        same_parts = len(self.layers) == len(other.layers) and all(a is b for a, b in zip(self.layers, other.layers))
        same_ends = self.inputs is other.inputs and self.outputs is other.outputs and self.compiled is other.compiled
        if not same_parts or not same_ends or self.broken != other.broken or self.form != other.form or mine != others:
            return None
        return self if self.extra == other.extra else replace(self, extra=mine)


class ModelObj(Obj):
    """A Sequential or Functional model (or one from ``keras.applications``); its state is a `ModelState`.

    `named` are the layers of some state of it with their names, so that who adds a layer need not go through all.
    """

    __slots__ = ("made", "name", "named", "path")

    def __init__(self, path: str, state: ModelState, name: str | None = None) -> None:
        super().__init__(state)
        self.path = path
        self.name = name
        self.made = place()
        """The call that made it."""
        self.named: tuple[tuple[Value, ...], dict[str | None, Value]] | None = None

    @property
    def type_path(self) -> str:  # type: ignore[override]
        """The path of the class."""
        return self.path


_RECORD = "<keras>"


def model_state(model: Value) -> ModelState | None:
    """Return the state of any model, the user's own subclasses included; None for what is no model or not initialised."""
    if isinstance(model, ModelObj):
        state = model.state
        return state if isinstance(state, ModelState) else None
    if isinstance(model, InstanceObj):
        record = model.state.get(_RECORD) if isinstance(model.state, dict) else None
        return record if isinstance(record, ModelState) else None
    return None


def put_model_state(model: Value, state: ModelState) -> None:
    """Replace the state of any model."""
    if isinstance(model, InstanceObj):
        model.put({**model.state, _RECORD: state})
    else:
        model.put(state)


def mark_broken(model: Value) -> None:
    """Note that an error was reported about this model, so that nothing downstream is blamed again.

    A model with declared inputs is as good as before where the program handles the error itself.
    """
    state = model_state(model)
    if state is not None and not (state.declared and host().handled()):
        put_model_state(model, replace(state, broken=True))


class History:
    """How a symbolic tensor came about: the layer called and what it was called on. ``layer`` is None for an ``Input``."""

    __slots__ = ("inputs", "layer", "name", "optional")

    def __init__(self, layer: Value, inputs: tuple[Array, ...] = (), name: str | None = None, optional: bool = False) -> None:
        self.layer = layer
        self.inputs = inputs
        self.name = name
        self.optional = optional


late_refusals: dict[str, Callable[..., Any]] = {}
"""By a layer's path: what tells, of a symbolic call that Keras lets pass, the mismatch that data will raise in its place."""

LATE = "<refused on data>"
"""Key, in a model state's ``extra``, of the mismatch that data going through the model will raise."""


_calls: dict[str, Callable[..., Value]] = {}
_checks: dict[str, Callable[..., None]] = {}


def layer(*paths: str) -> Callable[[F], F]:
    """Register what calling a layer does to shapes::

        @layer("keras.layers.Dense")
        def dense(inputs: Array, *, units: Value) -> Array: ...

    Positional parameters are the call's inputs (an `Array`, or what the call takes: a list for merges); keyword-only
    parameters are picked by name from the layer's configuration, defaults from the catalogue filled in, and from the call's
    keyword arguments. A parameter ``built`` gets the `Built` record or None, ``self`` the `LayerObj`. Input rank and fixed axes
    have been checked, as the catalogue has them, before the function runs. It returns the output (an `Array` or a list of them)
    or raises `Mismatch`.
    """

    def register(function: F) -> F:
        for path in paths:
            _calls[path] = function
        return function

    return register


def constructor(*paths: str) -> Callable[[F], F]:
    """Register what a layer's constructor checks: a function of keyword-only configuration parameters that may raise `Mismatch`."""

    def register(function: F) -> F:
        for path in paths:
            _checks[path] = function
        return function

    return register


def call_model_of(path: str) -> Callable[..., Value] | None:
    """Return what `layer` registered for a layer class."""
    return _calls.get(path)


def constructor_of(path: str) -> Callable[..., None] | None:
    """Return what `constructor` registered for a layer class."""
    return _checks.get(path)
