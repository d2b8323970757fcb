"""Attention layers."""

from __future__ import annotations

from ....interpreter.values import UNKNOWN, Array, ListObj, Value
from ....rules.layers import LayerAxis, LayerRank, MergeShapes
from ....shapes import UNKNOWN_DIM, Dim, Shape, is_exact, never_divides, same
from ....shapes.broadcast import broadcast_dims
from ...api import Mismatch, as_dim, is_sequence, items, keras_major
from ..objects import Built, constructor, layer
from .common import array_of, label, no_tensor, output, positive, refuse, several, show, want_defined, want_rank


def _refuse_shapes(self: Value, arrays: tuple[Array, ...], reason: str) -> Mismatch:
    return Mismatch(MergeShapes(label(self), tuple(a.shape for a in arrays), reason), *arrays)


@layer("keras.layers.Attention", "keras.layers.AdditiveAttention")
def attention(
    inputs: Value, *, score_mode: Value = "dot", use_scale: Value = None, return_attention_scores: Value = False, self: Value = None
) -> Value:
    """Weigh values by how queries and keys agree: called on [query, value] or [query, value, key]."""
    if isinstance(inputs, Array):
        raise no_tensor(self, "is to be called on a list [query, value] or [query, value, key], got one tensor", inputs)
    parts = items(inputs) if isinstance(inputs, (tuple, ListObj)) else None
    if parts is None:
        return UNKNOWN
    if not 2 <= len(parts) <= 3:
        raise no_tensor(self, f"is to be called on [query, value] or [query, value, key], got {len(parts)} inputs")
    if isinstance(inputs, tuple) and keras_major() == 3:
        raise no_tensor(self, "is to be called on a list [query, value], got a tuple")
    query, value = array_of(parts[0]), array_of(parts[1])
    key = array_of(parts[2]) if len(parts) == 3 else value
    q, v, k = query.shape, value.shape, key.shape
    if q is None or v is None or k is None or min(len(q), len(v), len(k)) < 2:
        return UNKNOWN
    # Symbolic inputs are not looked at before the model runs in Keras 3.
    if keras_major() == 2 or not any(a.kind == "keras" for a in (query, value, key)):
        arrays = (query, value, key)[: len(parts)]
        additive = label(self) == "AdditiveAttention" or score_mode == "concat"
        if additive:
            if broadcast_dims(q[-1], k[-1]) is False:
                raise _refuse_shapes(self, arrays, f"query and key have {q[-1]!r} and {k[-1]!r} features")
            scaled = keras_major() == 2 and label(self) == "AdditiveAttention" and use_scale in (None, True)
            if scaled and any(broadcast_dims(d, v[-1]) is False for d in (q[-1], k[-1])):
                raise _refuse_shapes(self, arrays, f"the scale has the value's {v[-1]!r} features, and the key has {k[-1]!r}")
        elif same(q[-1], k[-1]) is False and score_mode == "dot":
            raise _refuse_shapes(self, arrays, f"query and key have {q[-1]!r} and {k[-1]!r} features")
        if same(k[-2], v[-2]) is False:
            raise _refuse_shapes(self, arrays, f"key and value have {k[-2]!r} and {v[-2]!r} steps")
    result = output(query, (*q[:-1], v[-1]))
    if return_attention_scores is False:
        return result
    return several(result, output(query, (*q[:-1], k[-2]))) if return_attention_scores is True else UNKNOWN


@constructor("keras.layers.MultiHeadAttention")
def multi_head_arguments(*, num_heads: Value, key_dim: Value, value_dim: Value = None) -> None:
    """Check the numbers of heads and features."""
    if keras_major() == 3:
        for name, value in (("num_heads", num_heads), ("key_dim", key_dim)):
            positive("MultiHeadAttention", name, value)
        if value_dim is not None:
            positive("MultiHeadAttention", "value_dim", value_dim)


def _output_dims(output_shape: Value) -> Shape | None:
    if is_exact(output_shape):
        return (as_dim(output_shape),)
    parts = items(output_shape) if is_sequence(output_shape) else None
    return None if parts is None else tuple(as_dim(p) for p in parts)


@layer("keras.layers.MultiHeadAttention")
def multi_head_attention(
    query: Value,
    value: Value,
    key: Value = None,
    *,
    num_heads: Value,
    key_dim: Value = UNKNOWN,
    output_shape: Value = None,
    return_attention_scores: Value = False,
    attention_axes: Value = None,
    self: Value = None,
    built: Built | None = None,
) -> Value:
    """Attend with several heads; the output has the query's shape, or ``output_shape`` for its last axis."""
    if isinstance(key_dim, int) and key_dim == 0:
        raise refuse(self, "`key_dim` must be positive, got 0")
    q, v = array_of(query), array_of(value)
    k = v if key is None else array_of(key)
    for x in (q, v, k):
        if x.shape:
            want_defined(self, x, -1)
        if x.shape is not None and len(x.shape) < 3 and attention_axes is None and (keras_major() == 2 or q.kind != "keras"):
            raise Mismatch(LayerRank(label(self), x.shape, min_rank=3), x)
    made_for = built.shape if built is not None and (keras_major() == 2 or q.kind != "keras") else None
    if made_for and q.shape and len(made_for) == len(q.shape) and same(q.shape[-1], made_for[-1]) is False:
        raise Mismatch(LayerAxis(label(self), q.shape, len(q.shape) - 1, made_for[-1]), q)
    arrays = (q, v) if key is None else (q, v, k)
    if v.shape is not None and k.shape is not None:
        a, b = v.shape[1:-1], k.shape[1:-1]
        if len(a) != len(b) or any(same(i, j) is False for i, j in zip(a, b)):
            raise _refuse_shapes(self, arrays, "value and key must agree but for their last axis")
    if q.shape is None:
        return UNKNOWN
    if attention_axes is None and v.shape is not None and len(q.shape) != len(v.shape) and (keras_major() == 2 or q.kind != "keras"):
        raise _refuse_shapes(self, arrays, "query and value must be of one rank")
    last: Shape | None = q.shape[-1:] if output_shape is None else _output_dims(output_shape)
    result = output(q, None if last is None else (*q.shape[:-1], *last))
    if return_attention_scores is False:
        return result
    if return_attention_scores is not True:
        return UNKNOWN
    if len(q.shape) < 3 or v.shape is None or attention_axes is not None:
        return several(result, UNKNOWN)
    # The symbolic shape that Keras 3 tells has the query's length twice, however many axes there are.
    symbolic = q.kind == "keras" and keras_major() == 3
    axes = (q.shape[1], q.shape[1]) if symbolic else (*q.shape[1:-1], *v.shape[1:-1])
    return several(result, output(q, (q.shape[0], as_dim(num_heads), *axes)))


@constructor("keras.layers.GroupQueryAttention")
def group_query_arguments(*, num_query_heads: Value, num_key_value_heads: Value) -> None:
    """Check that the key heads divide the query heads."""
    if never_divides(as_dim(num_query_heads), as_dim(num_key_value_heads)):
        raise refuse(
            "GroupQueryAttention",
            f"`num_key_value_heads` {show(num_key_value_heads)} does not divide `num_query_heads` {show(num_query_heads)}",
        )


def _open_or_not(a: Dim, b: Dim) -> bool:
    """Tell whether one of two lengths is None and the other a number: Keras compares them as they are written."""
    return (a is None and isinstance(b, int)) or (b is None and isinstance(a, int))


@layer("keras.layers.GroupQueryAttention")
def group_query_attention(
    query: Value, value: Value, key: Value = None, *, num_query_heads: Value, return_attention_scores: Value = False, self: Value = None
) -> Value:
    """Attend with groups of query heads sharing a key head; inputs are (batch, steps, features)."""
    q, v = array_of(query), array_of(value)
    k = v if key is None else array_of(key)
    if q.kind == "keras" and any(x.shape is not None and len(x.shape) > 3 for x in (q, v, k)):
        return UNKNOWN  # Keras tells the symbolic shape without a look at the rank; data fail
    for x in (q, v, k):
        if x.shape is not None:
            want_rank(self, x, 3)
            want_defined(self, x, -1)
    if q.shape is not None and v.shape is not None and same(q.shape[-1], v.shape[-1]) is False and q.kind == "keras":
        raise _refuse_shapes(self, (q, v), f"query and value have {q.shape[-1]!r} and {v.shape[-1]!r} features")
    if v.shape is not None and k.shape is not None and same(v.shape[1], k.shape[1]) is False:
        raise _refuse_shapes(self, (v, k), f"value and key have {v.shape[1]!r} and {k.shape[1]!r} steps")
    if v.kind == "keras" and v.shape and k.shape and _open_or_not(v.shape[1], k.shape[1]):
        raise _refuse_shapes(self, (v, k), f"value and key have {v.shape[1]!r} and {k.shape[1]!r} steps")
    if q.shape is None:
        return UNKNOWN
    result = output(q, q.shape)
    if return_attention_scores is False:
        return result
    steps: Dim = UNKNOWN_DIM if k.shape is None else k.shape[1]
    scores = output(q, (q.shape[0], as_dim(num_query_heads), q.shape[1], steps))
    return several(result, scores) if return_attention_scores is True else UNKNOWN
