"""``tf.strings``: tensors of text."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from .common import dtype_of, op, out, parts_of, tensor
from .math import elementwise, reduced

_SAME = """lower upper strip regex_replace substr to_hash_bucket to_hash_bucket_fast to_hash_bucket_strong length to_number
as_string regex_full_match unicode_script unicode_transcode format_""".split()  # noqa: SIM905

_RESULT = {
    "length": "int32", "to_hash_bucket": "int64", "to_hash_bucket_fast": "int64", "to_hash_bucket_strong": "int64", "to_number": "float32",
    "regex_full_match": "bool",
}  # fmt: skip


def _register() -> None:
    for name in _SAME:

        def model(input: Value = None, *args: Value, _dtype: str = _RESULT.get(name, "str"), **kwargs: Value) -> Value:
            x = tensor(input if input is not None else next(iter(kwargs.values()), None))
            if x is None:
                return UNKNOWN
            return out(x.shape, dtype_of(kwargs.get("out_type"), _dtype), x)

        model.__doc__ = f"``tf.strings.{name}``: string by string."
        op(f"tensorflow.strings.{name}")(model)
    for name in ("split", "bytes_split", "unicode_split", "unicode_decode", "ngrams"):

        def ragged(input: Value, *args: Value, _dtype: str = "int32" if name == "unicode_decode" else "str", **kwargs: Value) -> Value:
            x = tensor(input)
            if x is None or x.shape is None:
                return UNKNOWN
            # One string gives a plain vector, several a ragged tensor.
            return Array((*x.shape, None), _dtype, "tensor" if not x.shape else "ragged")

        ragged.__doc__ = f"``tf.strings.{name}``: a new axis of open length."
        op(f"tensorflow.strings.{name}")(ragged)


_register()


@op("tensorflow.as_string")
def as_string(input: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.as_string``."""
    x = tensor(input)
    return UNKNOWN if x is None else out(x.shape, "str", x)


@op("tensorflow.strings.join", "tensorflow.string_join")
def join(inputs: Value, separator: Value = "", name: Value = None) -> Value:
    """``tf.strings.join``: element by element."""
    parts = parts_of(inputs)
    if not parts:
        return UNKNOWN
    scalars = [p for p in map(tensor, parts) if p is None or p.shape != ()]
    if not scalars:
        return out((), "str")
    return elementwise("tf.strings.join", *(s for s in scalars if s is not None), dtype="str") if None not in scalars else UNKNOWN


@op("tensorflow.strings.reduce_join", "tensorflow.reduce_join")
def reduce_join(inputs: Value, axis: Value = None, keepdims: Value = False, separator: Value = "", name: Value = None) -> Value:
    """``tf.strings.reduce_join``."""
    return reduced("tf.strings.reduce_join", inputs, axis, keepdims, "str")


@op("tensorflow.strings.unicode_encode")
def unicode_encode(input: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.strings.unicode_encode``: the last axis becomes one string."""
    x = tensor(input)
    return UNKNOWN if x is None or not x.shape else out(x.shape[:-1], "str")


@op("tensorflow.strings.format")
def format_(template: Value, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.strings.format``."""
    return out((), "str")
