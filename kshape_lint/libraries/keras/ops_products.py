"""``keras.ops`` of linear algebra: products, decompositions, and what is picked of the greatest."""

from __future__ import annotations

from typing import Any

from ...interpreter.values import UNKNOWN, Array, Value
from ..tensorflow import linalg as tf_linalg
from ..tensorflow import pipelines as _pipelines  # noqa: F401 - keras.ops is at home where tensors are
from ..tensorflow.common import (
    dim_of,
    join_dtype,
    op,
    out,
    refusing,
    tensor,
)
from ..tensorflow.math import reduced
from .ops_making import OPS


@op(f"{OPS}.matmul")
def matmul(x1: Value, x2: Value) -> Value:
    """``ops.matmul``: as NumPy's, vectors included."""
    return _product("ops.matmul", x1, x2, "matmul")


@op(f"{OPS}.dot")
def dot(x1: Value, x2: Value) -> Value:
    """``ops.dot``: as NumPy's."""
    return _product("ops.dot", x1, x2, "dot")


def _product(function: str, x1: Value, x2: Value, how: str) -> Value:
    from ...shapes import matmul as products

    a, b = tensor(x1), tensor(x2)
    known = [v for v in (a, b) if v is not None]
    if a is None or b is None or a.shape is None or b.shape is None:
        return out(None, join_dtype(*known), *known) if known else UNKNOWN
    with refusing(function, a, b):
        made = products.matmul(a.shape, b.shape) if how == "matmul" else products.dot(a.shape, b.shape)
    return out(made, join_dtype(a, b), a, b)


@op(f"{OPS}.tensordot")
def tensordot(x1: Value, x2: Value, axes: Value = 2) -> Value:
    """``ops.tensordot``."""
    return tf_linalg.contracted("ops.tensordot", x1, x2, axes)


@op(f"{OPS}.einsum")
def einsum(subscripts: Value, *operands: Value, **kwargs: Value) -> Value:
    """``ops.einsum``."""
    return tf_linalg.summed("ops.einsum", subscripts, operands)


@op(f"{OPS}.norm", f"{OPS}.linalg.norm")
def norm(x: Value, ord: Value = None, axis: Value = None, keepdims: Value = False) -> Value:
    """``ops.norm``."""
    return reduced("ops.norm", x, axis, keepdims)


def _register_linalg() -> None:
    same_names = {
        "inv": tf_linalg.inverse, "cholesky": tf_linalg.inverse, "cholesky_inverse": tf_linalg.inverse, "det": tf_linalg.det,
        "logdet": tf_linalg.det, "slogdet": tf_linalg.slogdet, "eigh": tf_linalg.eigh, "eig": tf_linalg.eigh, "pinv": tf_linalg.pinv,
    }  # fmt: skip
    for name, theirs in same_names.items():

        def model(x: Value, *args: Value, _theirs: Any = theirs, **kwargs: Value) -> Value:
            return _theirs(x)

        model.__doc__ = f"``ops.{name}``."
        op(f"{OPS}.{name}", f"{OPS}.linalg.{name}")(model)


_register_linalg()


@op(f"{OPS}.solve", f"{OPS}.linalg.solve", f"{OPS}.solve_triangular", f"{OPS}.linalg.solve_triangular", f"{OPS}.lstsq")
def solve(a: Value, b: Value, *args: Value, **kwargs: Value) -> Value:
    """``ops.solve``: no claim, its rules for vectors are its own."""
    return UNKNOWN


@op(f"{OPS}.qr", f"{OPS}.linalg.qr")
def qr(x: Value, mode: Value = "reduced") -> Value:
    """``ops.qr``."""
    return tf_linalg.qr(x, mode == "complete") if isinstance(mode, str) else (UNKNOWN, UNKNOWN)


@op(f"{OPS}.svd", f"{OPS}.linalg.svd")
def svd(x: Value, full_matrices: Value = True, compute_uv: Value = True) -> Value:
    """``ops.svd``: u, s and v transposed."""
    made = tf_linalg.svd(x, full_matrices, compute_uv)
    if not isinstance(made, tuple):
        return made
    s, u, v = made
    if not isinstance(v, Array) or v.shape is None:
        return UNKNOWN
    return (u, s, out((*v.shape[:-2], v.shape[-1], v.shape[-2]), v.dtype, v))


@op(f"{OPS}.top_k")
def top_k(x: Value, k: Value, sorted: Value = True) -> Value:
    """``ops.top_k``."""
    from ..tensorflow.math import top_k as tf_top_k

    return tf_top_k(x, k)


@op(f"{OPS}.in_top_k")
def in_top_k(targets: Value, predictions: Value, k: Value) -> Value:
    """``ops.in_top_k``."""
    t = tensor(targets)
    return out(t.shape if t else None, "bool", t)


def segment(data: Value, segment_ids: Value, num_segments: Value = None, sorted: Value = False) -> Value:
    """``ops.segment_sum`` and kin."""
    x = tensor(data)
    if x is None or not x.shape:
        return UNKNOWN
    return out((None if num_segments is None else dim_of(num_segments), *x.shape[1:]), x.dtype, x)
