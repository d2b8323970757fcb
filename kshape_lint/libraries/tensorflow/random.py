"""``tf.random.*``: tensors of a given shape."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, LibObj, Value
from ...shapes import UNKNOWN_DIM, Shape
from ...shapes.broadcast import broadcast
from ..api import bases
from .common import demand_rank, dim_of, dtype_of, op, out, refusing, shape_of, tensor

GENERATOR = "tensorflow.random.Generator"


def drawn(shape: Value, dtype: str | None, *parameters: Value) -> Value:
    """Return a tensor of the given shape; parameters that are tensors may only say what kind it is."""
    return out(shape_of(shape), dtype, *(p for p in parameters if p is not None))


@op("tensorflow.random.normal", "tensorflow.random_normal", "tensorflow.random.truncated_normal", "tensorflow.truncated_normal")
def normal(shape: Value, mean: Value = 0.0, stddev: Value = 1.0, dtype: Value = None, seed: Value = None, name: Value = None) -> Value:
    """``tf.random.normal``."""
    return drawn(shape, dtype_of(dtype, "float32"))


@op("tensorflow.random.uniform", "tensorflow.random_uniform")
def uniform(shape: Value, minval: Value = 0, maxval: Value = None, dtype: Value = None, seed: Value = None, name: Value = None) -> Value:
    """``tf.random.uniform``."""
    kind = dtype_of(dtype, "float32")
    low, high = minval, 1 if maxval is None else maxval
    bounds = None
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        bounds = (low, high - 1 if kind is not None and "int" in kind else high)
    return out(shape_of(shape), kind, bounds=bounds)


@op("tensorflow.random.stateless_normal", "tensorflow.random.stateless_truncated_normal")
def stateless_normal(
    shape: Value, seed: Value, mean: Value = 0.0, stddev: Value = 1.0, dtype: Value = None, name: Value = None, alg: Value = None
) -> Value:
    """``tf.random.stateless_normal``."""
    return drawn(shape, dtype_of(dtype, "float32"))


@op("tensorflow.random.stateless_uniform")
def stateless_uniform(
    shape: Value, seed: Value, minval: Value = 0, maxval: Value = None, dtype: Value = None, name: Value = None, alg: Value = None
) -> Value:
    """``tf.random.stateless_uniform``."""
    return uniform(shape, minval, maxval, dtype)


@op("tensorflow.random.gamma", "tensorflow.random_gamma")
def gamma(shape: Value, alpha: Value, beta: Value = None, dtype: Value = None, seed: Value = None, name: Value = None) -> Value:
    """``tf.random.gamma``: the shape, then that of the parameters."""
    return _parametrised(shape, dtype_of(dtype, "float32"), alpha, beta)


@op("tensorflow.random.poisson", "tensorflow.random_poisson")
def poisson(shape: Value, lam: Value, dtype: Value = None, seed: Value = None, name: Value = None) -> Value:
    """``tf.random.poisson``."""
    return _parametrised(shape, dtype_of(dtype, "float32"), lam)


def _parametrised(shape: Value, dtype: str | None, *parameters: Value) -> Value:
    target = shape_of(shape)
    shapes: list[Shape] = []
    for p in parameters:
        if p is None:
            continue
        x = tensor(p)
        if x is None or x.shape is None or target is None:
            return out(None, dtype)
        shapes.append(x.shape)
    with refusing("tf.random"):
        return out(None if target is None else target + broadcast(*shapes), dtype)


@op("tensorflow.random.categorical", "tensorflow.multinomial", "tensorflow.random.stateless_categorical")
def categorical(logits: Value, num_samples: Value, dtype: Value = None, seed: Value = None, name: Value = None) -> Value:
    """``tf.random.categorical``: logits of rank 2."""
    x = tensor(logits)
    demand_rank("tf.random.categorical", x, exactly=(2,), hint="logits are (batch, classes): logits[tf.newaxis, :] adds the batch axis")
    rows = x.shape[0] if x is not None and x.shape else UNKNOWN_DIM
    return out((rows, dim_of(num_samples)), dtype_of(dtype, "int64"), x)


@op("tensorflow.random.shuffle", "tensorflow.random_shuffle", "tensorflow.random.experimental.stateless_shuffle")
def shuffle(value: Value, seed: Value = None, name: Value = None) -> Value:
    """``tf.random.shuffle``: along the first axis."""
    x = tensor(value)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x, bounds=x.bounds)


@op(
    "tensorflow.random.set_seed",
    "tensorflow.set_random_seed",
    "tensorflow.random.set_random_seed",
    "tensorflow.random.set_global_generator",
)
def set_seed(seed: Value) -> Value:
    """``tf.random.set_seed``."""
    return None


@op(GENERATOR, f"{GENERATOR}.from_seed", f"{GENERATOR}.from_non_deterministic_state", "tensorflow.random.get_global_generator")
def generator(*args: Value, **kwargs: Value) -> Value:
    """``tf.random.Generator``."""
    return LibObj(GENERATOR)


@op(f"{GENERATOR}.normal", f"{GENERATOR}.truncated_normal")
def generator_normal(self: Value, shape: Value, mean: Value = 0.0, stddev: Value = 1.0, dtype: Value = None, name: Value = None) -> Value:
    """Draw from a normal distribution."""
    return normal(shape, dtype=dtype)


@op(f"{GENERATOR}.uniform")
def generator_uniform(self: Value, shape: Value, minval: Value = 0, maxval: Value = None, dtype: Value = None, name: Value = None) -> Value:
    """Draw from a uniform distribution."""
    return uniform(shape, minval, maxval, dtype)


@op(f"{GENERATOR}.make_seeds")
def make_seeds(self: Value, count: Value = 1) -> Value:
    """Seeds for the stateless functions."""
    return out((2, dim_of(count)), "int64")


bases("tensorflow.random.experimental.Generator", GENERATOR)
