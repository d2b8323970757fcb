"""Calling layers and models: the one way from a layer and what it is called on to what comes out.

`call_layer` serves layers of Keras's own, the program's own layers and models of every form. The checks that Keras makes before
a layer runs (rank, axes fixed by weights) are made here from the catalogue; what the layer does to shapes is the function that
`objects.layer` registered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ...catalogue import LayerFacts
from ...interpreter.instances import InstanceObj, UserClass
from ...interpreter.values import UNKNOWN, Array, DictObj, Library, ListObj, OpenItems, Unknown, Value
from ...records import replace
from ...rules.layers import LayerAxis, LayerInput, LayerRank
from ...rules.silent import InputShapeIgnored
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same, same_shape
from ..api import Mismatch, canonical, host, keras_major, mro, tracer, warn
from ..understanding import LAYER_CALLS, count
from .engine_graph import (
    any_symbolic,
    as_kind,
    attach,
    children,
    flatten_structure,
    is_symbolic,
    leaves_of,
    map_structure,
    settle,
)
from .engine_make import INPUT, PLACE, facts_of, pick
from .engine_names import input_name
from .objects import Built, LayerObj, ModelObj, call_model_of, model_state

__all__ = [
    "call_layer",
    "call_with",
    "facts_of",
    "flatten_structure",
    "is_layer",
    "layer_title",
    "model_output",
    "record_op",
    "symbolic_input",
    "symbolic_op",
]

BUILT = "<built>"
"""Key, in the state of an object of the program's own layer class, of its `Built` record."""

MERGES = frozenset(
    f"keras.layers.{name}"
    for name in (
        "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot", "Attention", "AdditiveAttention", "Lambda",
    )
)  # fmt: skip
"""Layers that are called on a list, or on anything."""

PREPROCESSING = frozenset((
    "AugMix", "AutoContrast", "CategoryEncoding", "CenterCrop", "CutMix", "Discretization", "Equalization", "HashedCrossing",
    "Hashing", "IntegerLookup", "MelSpectrogram", "MixUp", "Normalization", "Pipeline", "Rescaling", "Resizing",
    "STFTSpectrogram", "Solarization", "StringLookup", "TextVectorization",
))  # fmt: skip
"""Layers (beside those named ``Random…``) that take texts and plain numbers, too."""

CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D")
BUILT_ONCE = ("Concatenate",)
"""Layers that Keras 3 has look at their inputs' shapes when it builds them, and not again on symbolic tensors."""

RECURRENT = frozenset(f"keras.layers.{name}" for name in ("RNN", "LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"))
"""Layers that Keras 2 lets be called on a list of the sequence and the states."""

NEVER_LISTS = frozenset(f"keras.layers.{name}" for name in ("BatchNormalization", "LayerNormalization", "Embedding", "PReLU"))
"""Layers without an input rank in the catalogue that all the same take one tensor only."""

OPEN_TO_LISTS = frozenset(
    f"keras.layers.{name}"
    for name in (
        "Bidirectional",
        "TimeDistributed",
        "Wrapper",
        "SpectralNormalization",
        "MultiHeadAttention",
        "Attention",
        "AdditiveAttention",
    )
)
"""Layers with an input rank that pass lists on, or look into them."""

callers: dict[str, Callable[[Value, tuple[Value, ...], dict[str, Value]], Value]] = {}
"""Who calls a "model" and a "user" layer; set by the modules that model them."""


def call_layer(layer: Value, inputs: Value, kwargs: dict[str, Value] | None = None) -> Value:
    """Return what a layer or model gives for `inputs` (an array, or a nest of arrays as the program would pass it)."""
    return call_with(layer, (inputs,), kwargs or {})


def outer_training() -> Value:
    """Return what the call around the one under way was told of ``training``, None where nothing was."""
    return next((t for t in reversed(host().training) if t is not None), None)


def call_with(layer: Value, args: tuple[Value, ...], kwargs: dict[str, Value], *, training: Value = None, counted: bool = False) -> Value:
    """Call a layer or model with any arguments; `training` is what Keras itself tells it and all that it calls.

    A call that the program itself makes is `counted` already.
    """
    told = host().training
    told.append(kwargs.get("training", training))
    try:
        return _call_with(layer, args, kwargs, counted)
    finally:
        told.pop()


def _call_with(layer: Value, args: tuple[Value, ...], kwargs: dict[str, Value], counted: bool) -> Value:
    args = tuple([a if type(a) is Array else settle(a) for a in args])
    if kwargs:
        kwargs = {k: settle(v) for k, v in kwargs.items()}
    if isinstance(layer, LayerObj):
        if not counted:
            count_call(layer, args, kwargs, here=False)
        return _call_builtin(layer, args, kwargs)
    if isinstance(layer, ModelObj):
        return callers["model"](layer, args, kwargs)
    if isinstance(layer, InstanceObj):
        return callers["user"](layer, args, kwargs)
    return unknown_output(args, kwargs)


def count_call(layer: LayerObj, args: tuple[Value, ...], kwargs: dict[str, Value], *, here: bool) -> None:
    """Count a layer's call for the statistics: how much is known of what it is called on, by position or by name."""
    if args:
        arrays = leaves_of(args[0])
    else:
        arrays = [leaf for k, v in kwargs.items() if k in _INPUT_KEYWORDS for leaf in leaves_of(v)]
    count(LAYER_CALLS, arrays, id(layer.config.get(PLACE) or layer), here=here)


_INPUT_KEYWORDS = frozenset(("inputs", "sequences", "sequence", "query", "value", "key", "x"))
"""What layers call their inputs."""


def unknown_output(args: tuple[Value, ...], kwargs: dict[str, Value]) -> Array:
    """Return an output of which nothing is known."""
    return Array(None, None, "keras" if any_symbolic(*args, *kwargs.values()) else "tensor")


def keras_base(value: Value) -> str | None:
    """Return the Keras class that a user's instance inherits from: the first that is a layer or model; None for others."""
    if not isinstance(value, InstanceObj):
        return None
    for path in value.cls.library_bases():
        path = canonical(path)
        if path in ("keras.layers.Layer", "keras.Model", "keras.Sequential") or "keras.layers.Layer" in mro(path):
            return path
    return None


def is_layer(value: Value) -> bool:
    """Tell whether a value is certainly a layer or model."""
    return isinstance(value, (LayerObj, ModelObj)) or keras_base(value) is not None


def layer_title(layer: Value) -> str:
    """Return the name of a layer's class, for messages."""
    if isinstance(layer, (LayerObj, ModelObj)):
        return title_of(layer.path)
    return layer.cls.name if isinstance(layer, InstanceObj) else "layer"


@cache
def title_of(path: str) -> str:
    """Return the name of the class at a path."""
    return path.rpartition(".")[2]


def symbolic_input(shape: Shape | None, dtype: str | None = "float32", name: str | None = None) -> Array:
    """Return a new symbolic tensor of a batch shape, as ``Input`` gives it, its InputLayer made along with it."""
    from .engine_graph import InputHistory

    named = name is not None
    name = input_name() if name is None else name
    source = LayerObj("keras.layers.InputLayer", {"name": name, "named": named, "batch_shape": shape, "dtype": dtype})
    made = Array(shape, dtype, "keras", history=InputHistory(name, source))
    source.put(Built((), shape, made, made))
    return made


def symbolic_op(name: str, inputs: tuple[Array, ...], output: Array) -> Array:
    """Return `output` with a history, for an operation on symbolic tensors whose rerun on other shapes is not known."""
    result: Array = attach(lambda args, kwargs: UNKNOWN, None, inputs, {}, output)
    return result


@tracer
def record_op(function: Callable[..., Value], args: tuple[Value, ...], kwargs: dict[str, Value], result: Value) -> Value:
    """Return the result of an operation on symbolic tensors with its history: ``function(*args, **kwargs)`` is what repeats it."""
    sources = [leaf for value in (*args, *kwargs.values()) for leaf in leaves_of(value) if is_symbolic(leaf)]
    if not sources or any(s.history is None for s in sources):
        # Inside a layer's `call` the tensors stand for themselves: nothing is recorded there.
        return result
    return attach(lambda a, k: function(*a, **k), None, args, kwargs, result)


def model_output(model: Value) -> Value:
    """Return a model's symbolic outputs (an `Array` or a nest of them), `UNKNOWN` where the model is not built or not understood."""
    state = model_state(model)
    if state is None or state.outputs is None or state.broken or open_ended(state.outputs):
        return UNKNOWN
    return state.outputs


def open_ended(outputs: Value) -> bool:
    """Tell whether some output's rank is not known: it may then stand for several tensors."""
    return any(isinstance(leaf, Array) and leaf.shape is None for leaf in leaves_of(outputs))


def _call_builtin(layer: LayerObj, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    function = call_model_of(layer.path)
    symbolic = any_symbolic(*args, *kwargs.values())
    title = title_of(layer.path)
    # What other libraries' layers take is theirs to say: many read plain texts and lists.
    if layer.path.startswith("keras.") and (len(args) != 1 or type(args[0]) is not Array):
        refuse_non_tensors(title, args)
        if title not in PREPROCESSING and not title.startswith("Random"):
            refuse_plain(title, args)
    built = layer.state
    if built is not None and not isinstance(built, Built):
        return unknown_output(args, kwargs)
    if function is None:
        output: Value = unknown_output(args, kwargs)
    else:
        bound = _arguments(layer, function, args, kwargs)
        if bound is None:
            output = unknown_output(args, kwargs)
        else:
            first = bound[0] if bound else None
            known = facts_of(layer.path)
            if known is not None and not isinstance(first, Array):
                refuse_list(known, layer.path, first)
            if known is not None and isinstance(first, Array):
                if built is not None and symbolic and keras_major() == 2 and _slips_through(known, title, layer.config, first, built):
                    return unknown_output(args, kwargs)
                check_input(known, title, layer.config, first, built)
            own = {"built": built, "self": layer}
            if kwargs:
                own.update({k: v for k, v in kwargs.items() if k not in layer.config or k in ("training", "mask")})
            try:
                output = function(*bound, **pick(function, own, layer.config))
            except Mismatch:
                if built is None or not symbolic or keras_major() == 2 or title not in BUILT_ONCE:
                    raise
                output = UNKNOWN
    if isinstance(output, Unknown):
        output = unknown_output(args, kwargs)
    if symbolic:
        output = attach(lambda a, k: call_with(layer, a, k), layer, args, kwargs, output)
    else:
        output = map_structure(_on_device, output)
    remember(layer, built, args, output, symbolic)
    return output


def _on_device(leaf: Value) -> Value:
    return as_kind(leaf, "tensor") if isinstance(leaf, Array) and leaf.kind in ("keras", "numpy") else leaf


def _arguments(layer: LayerObj, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> list[Value] | None:
    """Return the positional arguments for a layer's function, None where they do not make a call that is understood."""
    names, optional = _positional(function)
    if len(names) == 1 and args and type(args[0]) is Array:
        return [args[0]]
    taken: list[Value] = list(args[: len(names)])
    if not taken and not names:
        return []
    if not taken and names and names[0] not in kwargs and "inputs" in kwargs:
        kwargs = {**kwargs, names[0]: kwargs["inputs"]}
    for position in range(len(taken), len(names)):
        name = names[position]
        if name in kwargs:
            taken.append(kwargs[name])
        elif position >= len(names) - optional:
            taken.append(function.__defaults__[position - len(names)])
        else:
            return None
    if taken and not isinstance(taken[0], Array) and layer.path not in MERGES:
        parts = children(taken[0])
        if isinstance(taken[0], Unknown):
            taken[0] = Array(None, None, "tensor")
        elif parts is None:
            return None
    return taken


def several_shapes(layer: Value, given: Value) -> bool:
    """Tell whether ``build`` or ``compute_output_shape`` is given the shapes of several inputs, or may be, as the layer takes several."""
    merges = isinstance(layer, LayerObj) and layer.path in MERGES
    return any(isinstance(p, (tuple, ListObj)) or (merges and isinstance(p, Unknown)) for p in children(settle(given)) or ())


def refuse_missing(layer: LayerObj, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    """Raise where a call leaves out a tensor that the layer cannot do without, such as what attention is paid to."""
    function = call_model_of(layer.path)
    names, optional = ((), 0) if function is None else _positional(function)
    if not args or len(names) - optional <= len(args) or any(k in _INPUT_KEYWORDS and k not in names for k in kwargs):
        return
    missing = [name for name in names[len(args) : len(names) - optional] if name not in kwargs]
    if missing:
        hint = "for self-attention give the same tensor twice: layer(x, x)" if missing == ["value"] else None
        raise Mismatch(LayerInput(title_of(layer.path), f"called without `{missing[0]}`", hint))


@cache
def _positional(function: Any) -> tuple[tuple[str, ...], int]:
    """Return the positional parameters of a layer's function, and how many of the last have defaults."""
    code = function.__code__
    return code.co_varnames[: code.co_argcount], len(function.__defaults__ or ())


def refuse_non_tensors(title: str, args: tuple[Value, ...]) -> None:
    """Raise where a layer is called on a layer, a model, a class, a text: on what certainly is no tensor."""
    for leaf in (leaf for a in args for leaf in leaves_of(a)):
        if isinstance(leaf, (LayerObj, ModelObj)) or keras_base(leaf) is not None:
            hint = f"call {layer_title(leaf)} too: {layer_title(leaf)}(...)(inputs)"
            raise Mismatch(LayerInput(title, f"called on the layer {layer_title(leaf)}, not on a tensor", hint))
        if isinstance(leaf, UserClass) or (isinstance(leaf, Library) and facts_of(canonical(leaf.path)) is not None):
            name = leaf.name if isinstance(leaf, UserClass) else leaf.path.rpartition(".")[2]
            raise Mismatch(LayerInput(title, f"called on the class {name}, not on a tensor"))


def refuse_plain(title: str, args: tuple[Value, ...]) -> None:
    """Raise where Keras 3 is given plain numbers or texts, or lists of them, for a layer's input."""
    if keras_major() != 3 or not args:
        return
    leaves = leaves_of(args[0])
    if leaves and all(type(leaf) in (int, float) for leaf in leaves):
        what = "a number" if leaves[0] is args[0] else "a plain list of numbers"
        raise Mismatch(LayerInput(title, f"called on {what}, not on a tensor", "make an array of it with np.array"))
    if leaves and all(isinstance(leaf, str) for leaf in leaves):
        raise Mismatch(LayerInput(title, f"called on the text {leaves[0][:20]!r}, not on a tensor"))


def refuse_list(known: LayerFacts, path: str, given: Value) -> None:
    """Raise where a layer that takes one tensor is called on a list of them."""
    parts = None if isinstance(given, OpenItems) else children(given)
    if parts is None or not parts or not all(isinstance(p, Array) for p in parts) or path in MERGES or path in OPEN_TO_LISTS:
        return
    if path in RECURRENT and keras_major() == 2:
        return
    ranked = known.rank is not None or known.min_rank is not None or known.max_rank is not None
    if (ranked and len(parts) > 1) or path in NEVER_LISTS or path in ("keras.layers.Dense", "keras.layers.Conv1D", "keras.layers.Conv2D"):
        count = f"a list of {len(parts)} tensors" if len(parts) > 1 else "a list of one tensor"
        hint = "join them first, for instance with Concatenate()([a, b])" if len(parts) > 1 else "pass the tensor itself"
        raise Mismatch(LayerInput(path.rpartition(".")[2], f"takes one tensor, called on {count}", hint), *parts)


def check_input(known: LayerFacts, title: str, config: dict[str, Value], given: Array, built: Built | None) -> None:
    """Check an input's rank and the axes that weights have fixed, as Keras does before a layer runs."""
    shape = given.shape
    if shape is None:
        return
    rank = known.rank
    if known.fixes_rank and built is not None and built.shape is not None:
        rank = len(built.shape)
    count = len(shape)
    too_few = known.min_rank is not None and count < known.min_rank
    too_many = known.max_rank is not None and count > known.max_rank
    if (rank is not None and count != rank) or too_few or too_many:
        raise Mismatch(
            LayerRank(title, shape, rank, known.min_rank, known.max_rank, rank_hint(title, shape, rank or known.min_rank)), given
        )
    if built is None:
        return
    for axis, length in built.fixed:
        if -count <= axis < count and same(shape[axis], length) is False:
            raise Mismatch(LayerAxis(title, shape, axis, length), given)


def _slips_through(known: LayerFacts, title: str, config: dict[str, Value], given: Array, built: Built) -> bool:
    """Tell whether Keras 2 may take, in a later symbolic call, what its check before the first one refuses.

    A layer that is built is not asked for its input's rank and fixed axes again: what it does with them decides, and windows, products
    with weights and loops over time refuse on their own.
    """
    try:
        check_input(known, title, config, given, built)
    except Mismatch as mismatch:
        if isinstance(mismatch.record, LayerAxis):
            if title == "BatchNormalization" or title in ("LSTM", "GRU", "SimpleRNN"):
                return mismatch.record.expected == 1 and title == "BatchNormalization"  # one statistic goes for all
            return not (title in CONVOLUTIONS or (title == "Dense" and len(mismatch.record.shape) == 2)) or _in_groups(mismatch.record)
        return not ("Conv" in title or title.startswith(("MaxPool", "AveragePool")) or title in ("LSTM", "GRU", "SimpleRNN", "RNN"))
    return False


def _in_groups(wrong: LayerAxis) -> bool:
    """Tell whether a convolution may take the channels for several groups of those that its weights were made for."""
    got, made = wrong.shape[wrong.axis], wrong.expected
    return wrong.layer != "Dense" and not (isinstance(got, int) and isinstance(made, int) and made and got % made)


def rank_hint(title: str, shape: Shape, wanted: int | None) -> str | None:
    """Return what most likely mends an input of the wrong rank."""
    if wanted is None:
        return None
    if title in ("LSTM", "GRU", "SimpleRNN", "Conv1D", "MaxPooling1D", "Bidirectional") and len(shape) == 2:
        return "give the recurrent layer before it return_sequences=True, or add an axis: (batch, timesteps, features)"
    if len(shape) == wanted - 1:
        return "an axis is missing: " + {
            3: "(batch, timesteps, features)",
            4: "(batch, height, width, channels)",
            5: "(batch, depth, height, width, channels)",
        }.get(wanted, "add it with np.expand_dims or Reshape")
    return None


def fixed_axes(known: LayerFacts, config: dict[str, Value], shape: Shape) -> tuple[tuple[int, Dim], ...]:
    """Return the axes that a first input of this shape fixes, with their lengths."""
    axes: tuple[int, ...] = known.fixed
    if config.get("data_format") == "channels_first":
        axes = known.fixed_first
    elif isinstance(config.get("data_format"), Unknown) and known.fixed != known.fixed_first:
        return ()
    if known.fixed_by is not None:
        by = config.get(known.fixed_by)
        if isinstance(by, int) and not isinstance(by, bool):
            axes = (by,)
        elif isinstance(by, (tuple, ListObj)):
            parts = children(by)
            axes = tuple(p for p in parts or () if isinstance(p, int))
        else:
            return ()
    count = len(shape)
    return tuple((axis, shape[axis]) for axis in axes if -count <= axis < count and is_exact(shape[axis]))


def remember(layer: LayerObj, built: Built | None, args: tuple[Value, ...], output: Value, symbolic: bool) -> None:
    """Note the first call of a layer, and what it was called on symbolically."""
    first = args[0] if args else None
    shape = first.shape if isinstance(first, Array) else None
    if built is None:
        known = facts_of(layer.path)
        fixed = fixed_axes(known, layer.config, shape) if known is not None and shape is not None else ()
        layer.put(Built(fixed, shape, first if symbolic else None, output if symbolic else None))
        if layer.config.get("weights") is not None:
            from .models_weights import check_initial

            check_initial(layer)
    elif symbolic:
        if built.input is None:
            layer.put(replace(built, input=first, output=output))
        elif keras_major() < 3:
            # Keras 3 keeps to the first of several calls, Keras 2 refuses to say.
            layer.put(replace(built, input=UNKNOWN, output=UNKNOWN))


def shape_value(shape: Shape | None) -> Value:
    """Return a shape as the program sees it: a tuple, lengths that are not known as unknown values."""
    return UNKNOWN if shape is None else tuple(UNKNOWN if d is UNKNOWN_DIM else d for d in shape)


def shapes_of(value: Value) -> Value:
    """Return the shapes of a nest of arrays, as ``build`` gets them: one tuple, or a list or dict of tuples."""
    value = settle(value)
    if isinstance(value, Array):
        return shape_value(value.shape)
    parts = children(value)
    if parts is None:
        return UNKNOWN
    if isinstance(value, DictObj):
        return DictObj({k: shapes_of(v) for k, v in value.state.items()})
    from ...interpreter.values import Seq

    return ListObj(Seq(tuple(shapes_of(p) for p in parts)))


def declared_differs(layer: Value, args: tuple[Value, ...]) -> None:
    """Warn, where the layer is made, that it declares another input shape than the one it gets and has no say in."""
    if not isinstance(layer, LayerObj) or layer.config.get("input_shape") is None or not args or not isinstance(args[0], Array):
        return
    declared, actual = layer.config.get(INPUT), args[0].shape
    if not isinstance(declared, tuple) or actual is None or same_shape(declared[1:], actual[1:]) is not False:
        return
    run: Any = host()
    place, before = layer.config.get(PLACE), getattr(run, "node", None)
    try:
        if place is not None:
            run.node = place
        warn(InputShapeIgnored(layer_title(layer), declared[1:], actual[1:]), args[0])
    finally:
        if place is not None:
            run.node = before


def first_arrays(value: Value) -> list[Array]:
    """Return the arrays among the leaves of a nest."""
    return [leaf for leaf in leaves_of(value) if isinstance(leaf, Array)]
