"""Products and linear algebra."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, NamedItems, Value
from ...rules.arrays import Einsum, InconsistentLengths, RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, ShapeError, errors, same, size
from ...shapes import matmul as products
from ...shapes.axes import reduce_axes
from ...shapes.broadcast import broadcast
from ...shapes.reshape import lesser, tile
from ..api import Mismatch, items, models
from ..refusals import refusing
from .convert import as_array, axes, is_foreign, whole
from .dtypes import as_floating, promote
from .operators import matmul as matmul_of


def _pair(a: Value, b: Value, function: str) -> tuple[Array, Array] | None:
    return None if is_foreign(a) or is_foreign(b) else (as_array(a, function), as_array(b, function))


@models("numpy.matmul", "numpy.linalg.matmul")
def matmul(x1: Value, x2: Value, /, out: Value = None, *, dtype: Value = None) -> Value:
    """The matrix product."""
    pair = _pair(x1, x2, "np.matmul")
    return UNKNOWN if pair is None else matmul_of(*pair, "np.matmul")


@models("numpy.dot", "numpy.ndarray.dot")
def dot(a: Value, b: Value, out: Value = None) -> Value:
    """The dot product: for matrices the matrix product."""
    pair = _pair(a, b, "np.dot")
    if pair is None:
        return UNKNOWN
    dtype = promote(pair[0].dtype, pair[1].dtype)
    if pair[0].shape is None or pair[1].shape is None:
        return Array(None, dtype)
    with refusing("np.dot", *pair):
        return Array(products.dot(pair[0].shape, pair[1].shape), dtype)


@models("numpy.inner")
def inner(a: Value, b: Value, /) -> Value:
    """The product over both last axes."""
    pair = _pair(a, b, "np.inner")
    if pair is None or pair[0].shape is None or pair[1].shape is None:
        return UNKNOWN if pair is None else Array(None)
    with refusing("np.inner", *pair):
        return Array(products.inner(pair[0].shape, pair[1].shape), promote(pair[0].dtype, pair[1].dtype))


def _summed(function: str, a: Value, b: Value, equation: str) -> Value:
    pair = _pair(a, b, function)
    if pair is None or pair[0].shape is None or pair[1].shape is None:
        return UNKNOWN if pair is None else Array(None)
    x, y = pair
    try:
        return Array(products.einsum(equation, (x.shape, y.shape)), promote(x.dtype, y.dtype))
    except ShapeError:
        return Array(None, promote(x.dtype, y.dtype))


@models("numpy.vecdot", "numpy.linalg.vecdot")
def vecdot(x1: Value, x2: Value, /, out: Value = None, *, axis: Value = -1, dtype: Value = None) -> Value:
    """The products of vectors, along the last axis."""
    return _summed("np.vecdot", x1, x2, "...i,...i->...") if axis == -1 else Array(None)


@models("numpy.matvec")
def matvec(x1: Value, x2: Value, /, out: Value = None, *, dtype: Value = None) -> Value:
    """Matrices times vectors."""
    return _summed("np.matvec", x1, x2, "...ij,...j->...i")


@models("numpy.vecmat")
def vecmat(x1: Value, x2: Value, /, out: Value = None, *, dtype: Value = None) -> Value:
    """Vectors times matrices."""
    return _summed("np.vecmat", x1, x2, "...i,...ij->...j")


@models("numpy.outer", "numpy.linalg.outer")
def outer(a: Value, b: Value, out: Value = None) -> Value:
    """Every element of one times every element of the other, both flattened."""
    x, y = as_array(a), as_array(b)
    n: Dim = size(x.shape) if x.shape is not None else UNKNOWN_DIM
    m: Dim = size(y.shape) if y.shape is not None else UNKNOWN_DIM
    return Array((n, m), promote(x.dtype, y.dtype))


@models("numpy.vdot")
def vdot(a: Value, b: Value, /) -> Value:
    """The dot product of both flattened."""
    x, y = as_array(a), as_array(b)
    if x.shape is not None and y.shape is not None and same(size(x.shape), size(y.shape)) is False:
        with refusing("np.vdot", x, y):
            raise errors.ContractionMismatch((size(x.shape),), (size(y.shape),), 0, 0)
    return Array((), promote(x.dtype, y.dtype))


@models("numpy.kron")
def kron(a: Value, b: Value) -> Value:
    """The Kronecker product."""
    x, y = as_array(a), as_array(b)
    if x.shape is None or y.shape is None:
        return Array(None, promote(x.dtype, y.dtype))
    return Array(tile(x.shape, y.shape), promote(x.dtype, y.dtype))


@models("numpy.tensordot", "numpy.linalg.tensordot")
def tensordot(a: Value, b: Value, axes: Value = 2) -> Value:
    """A product summed over pairs of axes."""
    pair = _pair(a, b, "np.tensordot")
    if pair is None:
        return UNKNOWN
    dtype = promote(pair[0].dtype, pair[1].dtype)
    left, right = pair[0].shape, pair[1].shape
    chosen = _contracted(axes, left)
    if left is None or right is None or chosen is None:
        return Array(None, dtype)
    with refusing("np.tensordot", *pair):
        return Array(products.tensordot(left, right, *chosen), dtype)


def _contracted(value: Value, left: Shape | None) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    count = whole(value)
    if isinstance(count, int):
        return None if left is None or not 0 <= count <= 64 else (tuple(range(-count, 0)), tuple(range(count)))
    both = items(value)
    if both is None or len(both) != 2:
        return None
    first, second = axes(both[0]), axes(both[1])
    return (first, second) if isinstance(first, tuple) and isinstance(second, tuple) else None


def _spelled_out(operands: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the operands of ``np.einsum(x, [0, 1], …)`` as of one with an equation, none where that cannot be told."""
    named = [items(v) for v in operands[1::2]]
    last = items(operands[-1]) if len(operands) % 2 else None
    letters: list[str] = []
    for axes_of in (*named, *([last] if last is not None else [])):
        if axes_of is None or not all(isinstance(v, int) and 0 <= v < 26 for v in axes_of):
            return ()
        letters.append("".join(chr(ord("a") + v) for v in axes_of))
    equation = ",".join(letters[: len(named)]) + (f"->{letters[-1]}" if last is not None else "")
    return (equation, *operands[: 2 * len(named) : 2])


@models("numpy.einsum")
def einsum(
    *operands: Value, out: Value = None, dtype: Value = None, order: Value = "K", casting: Value = "safe", optimize: Value = False
) -> Value:
    """A sum of products, written as an equation."""
    if operands and not isinstance(operands[0], str):
        operands = _spelled_out(operands)
    if not operands or any(is_foreign(o) for o in operands[1:]):
        return Array(None)
    arrays = [as_array(o, "np.einsum") for o in operands[1:]]
    if not arrays:
        return UNKNOWN
    made_dtype = arrays[0].dtype
    for a in arrays[1:]:
        made_dtype = promote(made_dtype, a.dtype)
    shapes = tuple(a.shape for a in arrays)
    try:
        return Array(products.einsum(operands[0], shapes), made_dtype)
    except errors.BadEquation as e:
        raise Mismatch(Einsum(e.equation, shapes, e.reason), *arrays) from None
    except ShapeError:
        raise Mismatch(Einsum(operands[0], shapes, "the axes under '...' cannot be broadcast"), *arrays) from None


@models("numpy.cross", "numpy.linalg.cross")
def cross(a: Value, b: Value, axisa: Value = -1, axisb: Value = -1, axisc: Value = -1, axis: Value = None) -> Value:
    """The cross product of vectors of three."""
    x, y = as_array(a), as_array(b)
    if x.shape and y.shape and x.shape[-1] == y.shape[-1] == 3 and axis is None and axisa == axisb == axisc == -1:
        with refusing("np.cross", x, y):
            return Array((*broadcast(x.shape[:-1], y.shape[:-1]), 3), promote(x.dtype, y.dtype))
    return Array(None, promote(x.dtype, y.dtype))


@models("numpy.trace", "numpy.ndarray.trace")
def trace(a: Value, offset: Value = 0, axis1: Value = 0, axis2: Value = 1, dtype: Value = None, out: Value = None) -> Value:
    """The sum along the diagonal of two axes."""
    x = _of_two_axes(a, "np.trace")
    first, second = whole(axis1), whole(axis2)
    if x.shape is None or len(x.shape) < 2 or not isinstance(first, int) or not isinstance(second, int):
        return Array(None, x.dtype)
    with refusing("np.trace", x):
        return Array(reduce_axes(x.shape, (first, second)), x.dtype)


@models("numpy.diagonal", "numpy.ndarray.diagonal")
def diagonal(a: Value, offset: Value = 0, axis1: Value = 0, axis2: Value = 1) -> Value:
    """The diagonal of two axes, as the last axis."""
    from .creation import diagonal_length

    x = _of_two_axes(a, "np.diagonal")
    first, second, off = whole(axis1), whole(axis2), whole(offset)
    if x.shape is None or len(x.shape) < 2 or not isinstance(first, int) or not isinstance(second, int):
        return Array(None, x.dtype)
    with refusing("np.diagonal", x):
        rest = reduce_axes(x.shape, (first, second))
    return Array((*rest, diagonal_length(x.shape[first], x.shape[second], off if isinstance(off, int) else None)), x.dtype)


@models("numpy.linalg.trace")
def trace_of_last(x: Value, /, *, offset: Value = 0, dtype: Value = None) -> Value:
    """The sum along the diagonal of the last two axes."""
    return trace(x, offset, -2, -1)


@models("numpy.linalg.diagonal")
def diagonal_of_last(x: Value, /, *, offset: Value = 0) -> Value:
    """The diagonal of the last two axes."""
    return diagonal(x, offset, -2, -1)


def _of_two_axes(a: Value, function: str) -> Array:
    """Return an array of matrices; one of fewer axes is refused."""
    x = as_array(a)
    if x.shape is not None and len(x.shape) < 2:
        raise Mismatch(RankDemanded(function, x.shape, "rank 2 or more"), x)
    return x


def _square(a: Value, function: str) -> Array:
    """The operand of a function of square matrices."""
    x = as_array(a, function)
    if x.shape is not None:
        if len(x.shape) < 2:
            raise Mismatch(RankDemanded(function, x.shape, "rank 2 or more"), x)
        if same(x.shape[-1], x.shape[-2]) is False:
            raise Mismatch(RankDemanded(function, x.shape, "square matrices"), x)
    return x


@models("numpy.linalg.inv", "numpy.linalg.cholesky", "numpy.linalg.matrix_power")
def inv(a: Value, n: Value = None, *, upper: Value = False) -> Value:
    """A square matrix of the same size."""
    x = _square(a, "np.linalg.inv")
    return Array(x.shape, as_floating(x.dtype))


@models("numpy.linalg.pinv")
def pinv(a: Value, rcond: Value = None, hermitian: Value = False, *, rtol: Value = None) -> Value:
    """The pseudo-inverse: rows and columns exchanged."""
    x = _of_two_axes(a, "np.linalg.pinv")
    if x.shape is None:
        return Array(None, x.dtype)
    return Array((*x.shape[:-2], x.shape[-1], x.shape[-2]), as_floating(x.dtype))


@models("numpy.linalg.det")
def det(a: Value) -> Value:
    """The determinant of square matrices."""
    x = _square(a, "np.linalg.det")
    return Array(None if x.shape is None else x.shape[:-2], as_floating(x.dtype))


@models("numpy.linalg.slogdet")
def slogdet(a: Value) -> Value:
    """Sign and logarithm of the determinant."""
    one = det(a)
    return NamedItems((one, one), ("sign", "logabsdet"))


@models("numpy.linalg.eigvals", "numpy.linalg.eigvalsh")
def eigvals(a: Value, UPLO: Value = "L") -> Value:
    """The eigenvalues of square matrices."""
    x = _square(a, "np.linalg.eigvals")
    return Array(None if x.shape is None else x.shape[:-1])


@models("numpy.linalg.eig", "numpy.linalg.eigh")
def eig(a: Value, UPLO: Value = "L") -> Value:
    """The eigenvalues and eigenvectors of square matrices."""
    x = _square(a, "np.linalg.eig")
    values = Array(None if x.shape is None else x.shape[:-1])
    return NamedItems((values, Array(x.shape)), ("eigenvalues", "eigenvectors"))


@models("numpy.linalg.svd")
def svd(a: Value, full_matrices: Value = True, compute_uv: Value = True, hermitian: Value = False) -> Value:
    """The singular value decomposition."""
    x = _of_two_axes(a, "np.linalg.svd")
    if x.shape is None or full_matrices not in (True, False) or compute_uv not in (True, False):
        return UNKNOWN
    *stack, m, n = x.shape
    k: Dim = lesser(m, n)
    dtype = as_floating(x.dtype)
    values = Array((*stack, k), dtype)
    if compute_uv is False:
        return values
    u = Array((*stack, m, m if full_matrices else k), dtype)
    v = Array((*stack, n if full_matrices else k, n), dtype)
    return NamedItems((u, values, v), ("U", "S", "Vh"))


@models("numpy.linalg.svdvals")
def svdvals(x: Value, /) -> Value:
    """The singular values."""
    return svd(x, True, False)


@models("numpy.linalg.qr")
def qr(a: Value, mode: Value = "reduced") -> Value:
    """The QR decomposition."""
    x = _of_two_axes(a, "np.linalg.qr")
    if x.shape is None or mode not in ("reduced", "complete", "r"):
        return UNKNOWN
    *stack, m, n = x.shape
    if mode == "r":
        return Array((*stack, lesser(m, n), n), as_floating(x.dtype))
    k: Dim = m if mode == "complete" else lesser(m, n)
    return NamedItems((Array((*stack, m, k), as_floating(x.dtype)), Array((*stack, k, n), as_floating(x.dtype))), ("Q", "R"))


@models("numpy.linalg.solve")
def solve(a: Value, b: Value) -> Value:
    """The solution of linear equations."""
    x = _square(a, "np.linalg.solve")
    y = as_array(b, "np.linalg.solve")
    if x.shape is not None and y.shape is not None and len(x.shape) == 2 and 0 < len(y.shape) <= 2:
        with refusing("np.linalg.solve", x, y):
            if same(x.shape[0], y.shape[0]) is False:
                raise errors.ContractionMismatch(x.shape, y.shape, 0, 0)
        return Array(y.shape, as_floating(promote(x.dtype, y.dtype)))
    return Array(None, as_floating(promote(x.dtype, y.dtype)))


@models("numpy.linalg.lstsq")
def lstsq(a: Value, b: Value, rcond: Value = None) -> Value:
    """The least-squares solution, residuals, rank and singular values."""
    x, y = as_array(a, "np.linalg.lstsq"), as_array(b, "np.linalg.lstsq")
    if x.shape is None or y.shape is None or len(x.shape) != 2 or not 0 < len(y.shape) <= 2:
        return (Array(None), Array((UNKNOWN_DIM,)), Array((), "int64"), Array((UNKNOWN_DIM,)))
    with refusing("np.linalg.lstsq", x, y):
        if same(x.shape[0], y.shape[0]) is False:
            raise errors.ContractionMismatch(x.shape, y.shape, 0, 0)
    return (
        Array((x.shape[1], *y.shape[1:]), "float64"),
        Array((UNKNOWN_DIM,), "float64"),
        Array((), "int64"),
        Array((lesser(*x.shape),), "float64"),
    )


@models("numpy.linalg.matrix_rank")
def matrix_rank(A: Value, tol: Value = None, hermitian: Value = False, *, rtol: Value = None) -> Value:
    """The rank of matrices."""
    x = as_array(A)
    return Array(None if x.shape is None or len(x.shape) < 2 else x.shape[:-2], "int64")


@models("numpy.linalg.cond")
def cond(x: Value, p: Value = None) -> Value:
    """The condition number."""
    a = as_array(x)
    return Array(None if a.shape is None or len(a.shape) < 2 else a.shape[:-2], "float64")


@models("numpy.linalg.multi_dot")
def multi_dot(arrays: Value, *, out: Value = None) -> Value:
    """The product of several matrices."""
    parts = items(arrays)
    if not parts:
        return Array(None)
    made: Value = parts[0]
    for p in parts[1:]:
        made = dot(made, p)
    return made


@models("numpy.convolve")
def convolve(a: Value, v: Value, mode: Value = "full") -> Value:
    """The convolution of two 1-D arrays."""
    return _slid(a, v, mode, "np.convolve")


@models("numpy.correlate")
def correlate(a: Value, v: Value, mode: Value = "valid") -> Value:
    """The correlation of two 1-D arrays."""
    return _slid(a, v, mode, "np.correlate")


def _slid(a: Value, v: Value, mode: Value, function: str) -> Value:
    x, y = as_array(a, function), as_array(v, function)
    for operand in (x, y):
        if operand.shape is not None and len(operand.shape) > 1:
            raise Mismatch(RankDemanded(function, operand.shape, "arrays of one axis", "flatten them: np.ravel(x)"), operand)
    if x.rank != 1 or y.rank != 1 or x.shape is None or y.shape is None:
        return Array((UNKNOWN_DIM,))
    n, m = x.shape[0], y.shape[0]
    length: Dim = UNKNOWN_DIM
    if isinstance(n, (int, Poly)) and isinstance(m, (int, Poly)):
        if mode == "full":
            length = n + m - 1
        elif mode == "same":
            length = max(n, m) if isinstance(n, int) and isinstance(m, int) else UNKNOWN_DIM
        elif mode == "valid" and isinstance(n, int) and isinstance(m, int):
            length = max(n, m) - min(n, m) + 1
    return Array((length,), promote(x.dtype, y.dtype))


@models("numpy.polyfit")
def polyfit(x: Value, y: Value, deg: Value, rcond: Value = None, full: Value = False, w: Value = None, cov: Value = False) -> Value:
    """The coefficients of a fitted polynomial."""
    degree, of, at = whole(deg), as_array(y), as_array(x)
    if at.shape is not None and of.shape and len(at.shape) == 1 and same(at.shape[0], of.shape[0]) is False:
        raise Mismatch(InconsistentLengths("np.polyfit", (at.shape[0], of.shape[0]), ("x", "y")), at, of)
    if full is not False or cov is not False or of.shape is None:
        return UNKNOWN
    return Array((degree + 1 if isinstance(degree, int) else UNKNOWN_DIM, *of.shape[1:]), "float64")


@models("numpy.polyval")
def polyval(p: Value, x: Value) -> Value:
    """A polynomial's value at each place."""
    return as_array(x).typed("float64")
