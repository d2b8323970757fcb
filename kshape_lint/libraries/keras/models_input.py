"""``Input`` and ``InputLayer``: what is a shape there, and what each Keras makes of what is none."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Unknown, Value
from ...rules.layers import LayerInputShape
from ...shapes import Shape, is_exact, show_shape
from ..api import Mismatch, Raises, items, keras_major, models
from .engine import symbolic_input
from .engine_graph import settle
from .engine_make import is_number, read_shape
from .objects import MISPLACED, Built, LayerObj, ModelState


def batch_shape_of(title: str, shape: Value, batch_size: Value, batch_shape: Value, *, argument: str = "shape") -> Shape | Unknown | None:
    """Return the batch shape that the arguments of ``Input`` declare: None where there is none, `UNKNOWN` where it is not known."""
    if batch_shape is not None:
        return checked(title, batch_shape, "batch_shape")
    if shape is None:
        return None
    own = checked(title, shape, argument)
    if isinstance(own, Unknown):
        return UNKNOWN
    batch = batch_size if batch_size is None or is_exact(batch_size) else None
    return (batch, *own)


def checked(title: str, value: Value, argument: str) -> Shape | Unknown:
    """Return a shape argument as a shape; raise where it certainly is none."""
    value = settle(value)
    if is_number(value):
        text = f"{argument}={value!r}"
        if keras_major() == 2 and not isinstance(value, float) and not argument.startswith("batch") and title in ("Input", "InputLayer"):
            return (value,)
        raise Mismatch(LayerInputShape(title, text, "a shape is a tuple of lengths", f"write {argument}=({value!r},)"))
    for part in items(value) or ():
        if isinstance(part, (float, str)) or items(part) is not None or (isinstance(part, Array) and part.rank not in (0, None)):
            shown = "(...)" if not isinstance(part, (float, str)) else repr(part)
            raise Mismatch(LayerInputShape(title, argument, f"{shown} is no length", "a shape is a flat tuple of whole numbers and None"))
        if isinstance(part, int) and part < 0:
            raise Mismatch(LayerInputShape(title, argument, f"{part} is no length", "write None for a length that varies"))
    if isinstance(value, str):
        raise Mismatch(LayerInputShape(title, f"{argument}={value!r}", "a shape is a tuple of lengths"))
    shape = read_shape(value)
    return UNKNOWN if shape is None else shape


@models("keras.Input")
def input_(
    shape: Value = None,
    batch_size: Value = None,
    dtype: Value = None,
    sparse: Value = None,
    ragged: Value = None,
    batch_shape: Value = None,
    name: Value = None,
    tensor: Value = None,
    optional: Value = False,
    **kwargs: Value,
) -> Value:
    """Model of ``keras.Input``; in Keras 2 the third positional parameter is the name."""
    if keras_major() == 2:
        batch_shape = kwargs.pop("batch_input_shape", batch_shape)
        # Keras 2: Input(shape, batch_size, name, dtype, …)
        if isinstance(dtype, str) and name is None and not _is_dtype(dtype):
            name, dtype = dtype, None
    elif "batch_input_shape" in kwargs:
        raise Raises("TypeError", "Input() got an unexpected keyword argument 'batch_input_shape'")
    if shape is not None and batch_shape is not None:
        raise Raises("ValueError", "You cannot pass both `shape` and `batch_shape` at the same time.")
    if isinstance(tensor, Array):
        if tensor.kind == "keras":
            return tensor
        return symbolic_input(tensor.shape, tensor.dtype, _name(name)) if keras_major() == 2 else UNKNOWN
    if kwargs or tensor is not None:
        return Array(None, None, "keras")
    try:
        declared = batch_shape_of("Input", shape, batch_size, batch_shape)
    except Mismatch as mismatch:
        if batch_shape is None and is_number(shape) and not isinstance(shape, float):
            # What older Kerases make of it, and what everybody means by it.
            mismatch.instead = symbolic_input((batch_size if is_exact(batch_size) else None, shape), dtype_name(dtype), _name(name))
        raise
    if declared is None:
        raise Raises("ValueError", "You must pass a `shape` argument.")
    return symbolic_input(None if isinstance(declared, Unknown) else declared, dtype_name(dtype), _name(name))


def input_layer(args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Make an ``InputLayer``; its tensor is ``.output``."""
    names: tuple[str, ...]
    if keras_major() == 3:
        names = ("shape", "batch_size", "dtype", "sparse", "ragged", "batch_shape", "input_tensor", "optional", "name")
        other = {"input_shape": "shape", "batch_input_shape": "batch_shape"}
    else:
        names = ("shape", "batch_size", "dtype", "input_tensor", "sparse", "name", "ragged", "type_spec", "optional")
        other = {"input_shape": "shape", "batch_input_shape": "batch_shape"}
    given = dict(zip(names, args))
    for key, value in kwargs.items():
        given[other.get(key, key)] = value
    if isinstance(given.get("input_tensor"), Array) or any(isinstance(v, Unknown) for v in (given.get("type_spec"),)):
        tensor = given.get("input_tensor")
        made = symbolic_input(tensor.shape if isinstance(tensor, Array) else None, None, _name(given.get("name")))
        return made.history.source
    declared = batch_shape_of("InputLayer", given.get("shape"), given.get("batch_size"), given.get("batch_shape"))
    if declared is None:
        if keras_major() == 3:
            raise Raises("ValueError", "You must pass a `shape` argument.")
        return symbolic_input(None, None, _name(given.get("name"))).history.source
    made = symbolic_input(None if isinstance(declared, Unknown) else declared, dtype_name(given.get("dtype")), _name(given.get("name")))
    return made.history.source


def input_of(layer: LayerObj) -> Array | None:
    """Return the tensor of an InputLayer."""
    built = layer.state
    return built.output if isinstance(built, Built) and isinstance(built.output, Array) else None


def second_input(start: Value, reason: str) -> Mismatch:
    """Return the mismatch for an ``Input`` that does not come first in a Sequential model."""
    if not isinstance(start, Array):
        return Mismatch(LayerInputShape("Sequential", "an Input behind other layers", reason, "put it first, or leave it out"))
    shown = f"Input of shape {show_shape(start.shape)} behind other layers"
    return Mismatch(LayerInputShape("Sequential", shown, reason, "put it first, or leave it out"), start)


def refuse_misplaced(state: ModelState) -> None:
    """Raise where a Sequential model that is called has an ``Input`` behind other layers, which Keras 3 minds then."""
    start = state.extra.get(MISPLACED)
    if start is not None:
        raise second_input(start, "Keras 3 can call such a model on nothing")


def _name(name: Value) -> str | None:
    return name if isinstance(name, str) else None


def _is_dtype(text: str) -> bool:
    return text.startswith(("float", "int", "uint", "bool", "string", "complex", "bfloat"))


def dtype_name(dtype: Value) -> str | None:
    """Return a dtype argument as a name; ``float32`` where there is none."""
    if dtype is None:
        return "float32"
    if isinstance(dtype, str):
        return "str" if dtype == "string" else dtype
    path = getattr(dtype, "path", None)
    return path.rpartition(".")[2] if isinstance(path, str) else None
