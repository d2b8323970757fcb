"""Asks the model of a layer and the real layer the same thing, and compares the answers."""

from __future__ import annotations

import importlib
import warnings
from contextlib import contextmanager
from typing import Any

from kshape_lint.interpreter.values import Array, ListObj, Seq, Unknown
from kshape_lint.interpreter.world import World, enter, leave
from kshape_lint.libraries import api
from kshape_lint.shapes import UNKNOWN_DIM, Poly

from .layer_cases import Case, Inner, Tensor

REFUSED = "refused"
UNSURE = "unsure"


class Stub:
    """As much of an interpreter as layers ask for."""

    def __init__(self, keras_major: int) -> None:
        self.keras_major = keras_major
        self.training: list[Any] = []
        self.last_opaque = 0
        self.built = 0

    def warn(self, record: Any, blame: Any) -> None:
        return None

    def call(self, callee: Any, args: Any, kwargs: Any) -> Any:
        return Unknown()

    def __getattr__(self, name: str) -> Any:
        """Whatever else a layer asks of the interpreter is not known."""
        return lambda *args, **kwargs: None

    def has_attribute(self, value: Any, name: str) -> None:
        return None


@contextmanager
def under(major: int) -> Any:
    before = enter(World())
    api._host.append(Stub(major))  # type: ignore[arg-type]
    try:
        yield
    finally:
        api._host.pop()
        leave(before)


def value(thing: Any, kind: str = "keras") -> Any:
    """Return a plain Python value as the abstract run holds it."""
    if isinstance(thing, Tensor):
        return Array(thing.shape, thing.dtype, kind)  # type: ignore[arg-type]
    if isinstance(thing, Inner):
        from kshape_lint.libraries.keras.engine_make import make_layer

        return make_layer(f"keras.layers.{thing.name}", (), {k: value(v) for k, v in thing.config.items()})
    if isinstance(thing, list):
        return ListObj(Seq(tuple(value(t, kind) for t in thing)))
    return tuple(value(t, kind) for t in thing) if isinstance(thing, tuple) else thing


DTYPES = {"Embedding": "int32", "ReversibleEmbedding": "int32", "IntegerLookup": "int64"} | dict.fromkeys(
    ("StringLookup", "TextVectorization", "HashedCrossing"), "string"
)


def made(keras: Any, thing: Any) -> Any:
    """Return an argument as the real layer takes it."""
    if isinstance(thing, Inner):
        return getattr(keras.layers, thing.name)(**{k: made(keras, v) for k, v in thing.config.items()})
    return [made(keras, t) for t in thing] if isinstance(thing, list) else thing


def modelled(case: Case, major: int, kind: str = "keras") -> Any:
    """Return what our models say: a shape, a list of them, REFUSED or UNSURE; with the message as second."""
    import kshape_lint.libraries.keras.layers
    import kshape_lint.libraries.keras.models_run  # noqa: F401
    from kshape_lint.libraries.keras.engine import call_with
    from kshape_lint.libraries.keras.engine_make import make_layer

    with under(major):
        try:
            config = {k: value(v) for k, v in case.config.items()}
            if case.held is not None:
                inner = make_layer(f"keras.layers.{case.held[0]}", (), {k: value(v) for k, v in case.held[1].items()})
                config["layer"] = inner
            layer = make_layer(f"keras.layers.{case.name}", tuple(value(v) for v in case.given), config)
            dtype = case.dtype or (DTYPES.get(case.name, "float32") if kind == "keras" else "float32")
            for shapes in (case.shapes,) if case.again is None else (case.shapes, case.again):
                arrays = tuple(Array(s, dtype, kind) for s in shapes)  # type: ignore[arg-type]
                args = (ListObj(Seq(arrays)),) if case.listed else arrays if case.spread else arrays[:1]
                beside = "tensor" if kind == "numpy" and major == 2 else kind
                result = call_with(layer, args, {k: value(v, beside) for k, v in case.call})
        except api.Mismatch as e:
            return REFUSED, e.record.message()
        except api.Raises as e:
            return REFUSED, str(e)
    return shape_of(result), ""


def shape_of(result: Any) -> Any:
    if isinstance(result, Array):
        return UNSURE if result.shape is None else result.shape
    parts = api.items(result) if isinstance(result, (tuple, ListObj)) else None
    if parts is None:
        return UNSURE
    return [shape_of(p) for p in parts]


def real(case: Case, major: int, kind: str = "keras") -> Any:
    """Return what the installed Keras says."""
    keras = importlib.import_module("keras" if major == 3 else "tf_keras")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            config = {k: made(keras, v) for k, v in case.config.items()}
            if case.held is not None:
                config["layer"] = getattr(keras.layers, case.held[0])(**case.held[1])
            layer = getattr(keras.layers, case.name)(*(made(keras, v) for v in case.given), **config)
            dtype = case.dtype or DTYPES.get(case.name, "float32")
            for shapes in (case.shapes,) if case.again is None else (case.shapes, case.again):
                tensors = [_tensor(keras, s, dtype, kind) for s in shapes]
                args = [tensors] if case.listed else tensors if case.spread else tensors[:1]
                result = layer(*args, **{k: _beside(keras, v, kind) for k, v in case.call})
        except Exception as e:
            return REFUSED, f"{type(e).__name__}: {str(e)[:300]}"
    return real_shape(result), ""


def _tensor(keras: Any, shape: Any, dtype: str, kind: str) -> Any:
    if kind == "keras":
        return keras.Input(batch_shape=shape, dtype=dtype)
    import numpy

    return numpy.zeros(shape, dtype) if dtype != "string" else numpy.full(shape, "a")


def _beside(keras: Any, thing: Any, kind: str) -> Any:
    if isinstance(thing, Tensor):
        if kind != "keras" and keras.__name__ == "tf_keras":  # whose cells take tensors for states, and no arrays
            return keras.backend.zeros(thing.shape, thing.dtype)
        return _tensor(keras, thing.shape, thing.dtype, kind)
    return [_beside(keras, t, kind) for t in thing] if isinstance(thing, list) else thing


def real_shape(result: Any) -> Any:
    if isinstance(result, (list, tuple)):
        return [real_shape(r) for r in result]
    return tuple(result.shape) if result.shape is not None else None


def verdict(ours: Any, theirs: Any) -> str:
    """Return "same", "vague" (true, but less than could be known), "missed" (an error not told) or "wrong"."""
    if ours == REFUSED or theirs == REFUSED:
        return "same" if ours == theirs else "missed" if theirs == REFUSED else "wrong"
    if ours == UNSURE or theirs is None:
        return "vague"
    if isinstance(ours, list) != isinstance(theirs, list) or len(ours) != len(theirs):
        return "wrong"
    if isinstance(ours, list):
        found = [verdict(a, b) for a, b in zip(ours, theirs)]
        return next((v for v in ("wrong", "missed", "vague") if v in found), "same")
    out = "same"
    for a, b in zip(ours, theirs):
        if a is UNKNOWN_DIM or isinstance(a, Poly) or (a is None and b is not None):
            out = "vague"
        elif a != b:
            return "wrong"
    return out
