"""Making layers: arguments bound as Keras binds them, the declared input shape read, the constructor's checks run."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import Any

from ...catalogue import LayerFacts, facts
from ...interpreter.values import UNKNOWN, Array, Unknown, Value
from ...rules.layers import LayerArgument, LayerInputShape
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape
from ..api import Mismatch, Raises, as_dim, as_shape, building, host, is_sequence, items, keras_major
from .engine_graph import settle
from .engine_names import auto_name
from .objects import LayerObj, call_model_of, constructor_of

INPUT = "<input>"
"""Key, in a layer's configuration, of the batch shape that its ``input_shape=`` and kin declare."""

PLACE = "<place>"
"""Key, in a layer's configuration, of where the program makes the layer, as the interpreter knows it."""

SHAPE_KEYWORDS = ("input_shape", "batch_input_shape", "input_dim", "input_length", "batch_size")


TAKEN_SILENTLY = {
    "Attention": ("causal",),
    "AdditiveAttention": ("causal",),
    "CategoryEncoding": ("max_tokens",),
    "Discretization": ("bins",),
    "IntegerLookup": ("max_values", "mask_value", "oov_value", "vocabulary_size"),
    "LayerNormalization": ("rms_scaling",),
    "LeakyReLU": ("alpha",),
    "StringLookup": ("vocabulary_size",),
    "TextVectorization": ("vocabulary_size",),
}
"""Keywords that constructors look for among ``**kwargs``, as their source has it, and that their signatures do not tell."""

KERAS_1 = frozenset((
    "atrous_rate", "b_constraint", "b_regularizer", "border_mode", "concat_axis", "consume_less", "dim_ordering", "dropout_U", "dropout_W",
    "filter_length", "forget_bias_init", "init", "inner_activation", "inner_init", "nb_col", "nb_filter", "nb_row", "subsample",
    "subsample_length", "U_regularizer", "W_constraint", "W_regularizer",
))  # fmt: skip
"""Arguments of layers that Keras 1 had and no later one: a program that gives them is one for Keras 1, and nothing is said of the call."""

NOT_ON_TENSORS = frozenset((
    "Activation", "AveragePooling1D", "AveragePooling2D", "BatchNormalization", "Dense", "Flatten", "GRU", "GlobalAveragePooling1D",
    "GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "LSTM", "LayerNormalization", "MaxPooling1D",
    "MaxPooling2D", "Permute", "RepeatVector", "Reshape", "SimpleRNN", "UpSampling1D", "UpSampling2D", "ZeroPadding1D",
    "ZeroPadding2D",
))  # fmt: skip
"""Layers whose constructors raise, in both Kerases, when they are given a symbolic tensor: ``Flatten(x)`` for ``Flatten()(x)``."""


def catalogue() -> ModuleType:
    """Return the facts of the Keras major that the check is for."""
    return facts(keras_major())


def facts_of(path: str) -> LayerFacts | None:
    """Return what is known of one layer class, None where it is not in this Keras."""
    found: LayerFacts | None = catalogue().LAYERS.get(path)
    return found


def make_layer(path: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """Return the layer that ``path(*args, **kwargs)`` makes, `UNKNOWN` where an argument is not understood."""
    known = facts_of(path)
    title = path.rpartition(".")[2]
    if known is None:
        return LayerObj(path, dict(kwargs)) if call_model_of(path) is not None else UNKNOWN
    try:
        config = bind(known, title, args, kwargs)
    except Mismatch as mismatch:
        mismatch.instead = _with_what_is_clear(path, known, args, kwargs)
        raise
    if config is None:
        return UNKNOWN
    return _made(path, known, config)


def _made(path: str, known: LayerFacts, config: dict[str, Value]) -> LayerObj:
    """Return a layer with these arguments, which its constructor's checks let pass."""
    title = path.rpartition(".")[2]
    if isinstance(config.get("name"), Unknown) or config.get("name") is None:
        config["name"] = auto_name(title) if config.get("name") is None else UNKNOWN
    declared = declared_shape(known, title, config)
    if declared is not None:
        config[INPUT] = declared
    config[PLACE] = getattr(host(), "node", None)
    building()
    try:
        check_arguments(path, config)
    except Mismatch as mismatch:
        mismatch.instead = _with_whole_numbers(path, config)
        raise
    return LayerObj(path, config)


def _with_whole_numbers(path: str, config: dict[str, Value]) -> Value:
    """Return the layer that a constructor refuses for a number of the wrong kind, with the one meant; `UNKNOWN` where more is wrong."""
    meant = {k: UNKNOWN if isinstance(v, (Array, float)) and as_dim(v) is UNKNOWN_DIM else v for k, v in config.items()}
    meant = {k: as_dim(v) if isinstance(v, Array) else v for k, v in meant.items()}
    try:
        check_arguments(path, meant)
    except (Mismatch, Raises):
        return UNKNOWN
    return LayerObj(path, meant)


def _with_what_is_clear(path: str, known: LayerFacts, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """Return the layer without the keywords of older Kerases, and with what was left out unknown; `UNKNOWN` where more is wrong."""
    names = [name for name, _ in known.parameters]
    clear = {k: v for k, v in kwargs.items() if k != "batch_size" or k in names}
    for name in known.required:
        if name not in names[: len(args)]:
            clear.setdefault(name, UNKNOWN)
    try:
        config = bind(known, path.rpartition(".")[2], args, clear)
        made = None if config is None else _made(path, known, config)
    except (Mismatch, Raises):
        return UNKNOWN
    if made is None:
        return UNKNOWN
    declared, batch = made.config.get(INPUT), kwargs.get("batch_size")
    if isinstance(declared, tuple) and declared and batch is not None and "batch_size" not in names:
        made.config[INPUT] = (as_length(batch), *declared[1:])
    return made


def bind(known: LayerFacts, title: str, args: Sequence[Value], kwargs: dict[str, Value]) -> dict[str, Value] | None:
    """Return the constructor's arguments by name, defaults filled in; None where a keyword is not one of this Keras's."""
    names = known.names
    if len(args) > known.positional:
        raise Mismatch(LayerArgument(title, f"takes {known.positional or 'no'} positional arguments, got {len(args)}"), *_arrays(args))
    if args and isinstance(args[0], Array) and args[0].kind == "keras" and title in NOT_ON_TENSORS and len(args) == 1:
        reason = f"made with a tensor as its argument {names[0]!r}"
        raise Mismatch(LayerArgument(title, reason, f"call the layer on the tensor: {title}(...)(x)"), args[0])
    config: dict[str, Value] = dict(zip(names, args))
    common = catalogue().KEYWORDS
    strange: str | None = None
    if not KERAS_1.isdisjoint(kwargs):
        return None
    for name, value in kwargs.items():
        if name in config:
            raise Mismatch(LayerArgument(title, f"got multiple values for argument {name!r}", _hint(title, args)), *_arrays(args))
        if not known.takes(name, common) and name not in TAKEN_SILENTLY.get(title, ()):
            if name in SHAPE_KEYWORDS and keras_major() == 3 and known.open_keywords:
                raise Mismatch(LayerArgument(title, f"Keras 3 does not take {name}=", "put keras.Input(...) first in the model"))
            strange = name
        config[name] = value
    if strange is not None and known.open_keywords:
        near = get_close_matches(strange, [*names, *(common if known.keywords is None else known.keywords)], 1, 0.8)
        if near:
            raise Mismatch(LayerArgument(title, f"there is no argument {strange!r}", f"{near[0]}= is what it is called"))
    missing = [name for name in known.required if name not in config]
    if strange is not None:
        return None
    if missing:
        raise Mismatch(LayerArgument(title, f"the argument {missing[0]!r} is missing"))
    for name, default in known.parameters:
        if name not in config:
            config[name] = default_value(default)
    return config


def default_value(default: Any) -> Value:
    """Return a default of the catalogue as a value."""
    return default if default is None or isinstance(default, (bool, int, float, str, tuple)) else UNKNOWN


def _arrays(values: Sequence[Value]) -> list[Value]:
    return [v for v in values if isinstance(v, Array)]


def _hint(title: str, args: Sequence[Value]) -> str | None:
    tensors = args and (isinstance(args[0], Array) or (items(args[0]) or (None,))[0].__class__ is Array)
    return f"call the layer on the tensors: {title}(...)(tensors)" if tensors else None


def check_arguments(path: str, config: dict[str, Value]) -> None:
    """Run what `objects.constructor` registered for the class."""
    check = constructor_of(path)
    if check is not None:
        check(**pick(check, config))


def pick(function: Any, *sources: dict[str, Value], skip: Sequence[str] = ()) -> dict[str, Value]:
    """Return the keyword-only arguments of a function, each from the first source that has it, else its default, else unknown."""
    picked: dict[str, Value] = {}
    for name, has_default in _keywords(function):
        if name in skip:
            continue
        for source in sources:
            if name in source:
                picked[name] = source[name]
                break
        else:
            if not has_default:
                picked[name] = UNKNOWN
    return picked


@cache
def _keywords(function: Any) -> tuple[tuple[str, bool], ...]:
    """Return the keyword-only parameters of a registered function, and which of them have a default."""
    code = function.__code__
    defaults = function.__kwdefaults__ or {}
    names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    return tuple((name, name in defaults) for name in names)


def declared_shape(known: LayerFacts, title: str, config: dict[str, Value]) -> Shape | Unknown | None:
    """Return the batch shape that a layer's arguments declare; None where there is none, `UNKNOWN` where it is not known."""
    own = known.names
    if keras_major() == 2:
        return _declared_in_keras2(title, config, own)
    if "input_dim" in config and "input_dim" not in own and config["input_dim"] is not None:
        # Not checked here: Keras 3 reads it when the layer is added to a model.
        return (None, as_length(config["input_dim"]))
    given = config.get("input_shape") if "input_shape" not in own else None
    if given is None:
        return None
    shape = read_shape(given)
    return UNKNOWN if shape is None else (None, *shape)


def _declared_in_keras2(title: str, config: dict[str, Value], own: tuple[str, ...]) -> Shape | Unknown | None:
    whole = config.get("batch_input_shape")
    if whole is not None:
        shape = read_shape(whole)
        return UNKNOWN if shape is None else shape
    given = config.get("input_shape") if "input_shape" not in own else None
    batch = as_length(config["batch_size"]) if config.get("batch_size") is not None and "batch_size" not in own else None
    if given is not None:
        if is_number(given):
            raise Mismatch(
                LayerInputShape(title, f"input_shape={given!r}", "a shape is a tuple of lengths", f"write input_shape=({given!r},)")
            )
        shape = read_shape(given)
        return UNKNOWN if shape is None else (batch, *shape)
    if title == "Embedding":
        length = config.get("input_length")
        if is_sequence(length):
            shape = read_shape(length)
            return UNKNOWN if shape is None else (batch, *shape)
        return (batch, None if length is None else as_length(length))
    dim = config.get("input_dim") if "input_dim" not in own else None
    length = config.get("input_length")
    if title in ("LSTM", "GRU", "SimpleRNN", "RNN") and (dim is not None or length is not None):
        return (batch, None if length is None else as_length(length), None if dim is None else as_length(dim))
    return None if dim is None else (batch, as_length(dim))


def is_number(value: Value) -> bool:
    """Tell whether a value is certainly one number."""
    return isinstance(value, (int, Poly, float)) and not isinstance(value, bool)


def as_length(value: Value) -> Dim:
    """Return one length of a declared shape."""
    return as_dim(value) if not isinstance(value, float) else UNKNOWN_DIM


def read_shape(value: Value) -> Shape | None:
    """Return a shape as the program gives it, None where its rank is not known."""
    return as_shape(settle(value)) if not is_number(value) else None
