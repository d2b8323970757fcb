"""``numpy.random``: the old functions, and the methods of Generator and RandomState."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Seq, Unknown, Value
from ...rules.arrays import Broadcast, InconsistentLengths, RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, same, symbol
from ...shapes import size as size_of
from ...shapes.axes import axis_index
from ..api import Iteration, Mismatch, as_dim, bases, models
from ..refusals import refusing
from .convert import UNCLEAR, as_array, is_foreign, lengths, number, whole
from .dtypes import dtype_name
from .elementwise import common_shape

_STATE = "numpy.random.RandomState"
_GENERATOR = "numpy.random.Generator"
bases(_STATE)
bases(_GENERATOR)


def _sampler(*names: str, old: bool = True, new: bool = True) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function of ``numpy.random`` and the methods of the same name."""

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        signature = inspect.signature(function)

        def method(self: Value, *args: Value, **kwargs: Value) -> Value:
            try:
                signature.bind(*args, **kwargs)
            except TypeError:
                return UNKNOWN
            return function(*args, **kwargs)

        for name in names:
            if old:
                models(f"numpy.random.{name}")(function)
                models(f"{_STATE}.{name}")(method)
            if new:
                models(f"{_GENERATOR}.{name}")(method)
        return function

    return register


def _drawn(
    size: Value, parameters: Sequence[Value], function: str, dtype: str | None = "float64", bounds: tuple[float, float] | None = None
) -> Value:
    """Return draws of the given size, or one for each element of the parameters."""
    if size is not None:
        asked = lengths(size)
        if asked is not None and not any(is_foreign(p) for p in parameters):
            _check_size(asked, common_shape(function, [as_array(p, function) for p in parameters]) if parameters else (), function)
        return Array(asked, dtype, bounds=bounds)
    if any(is_foreign(p) for p in parameters):
        return Array(None, dtype)
    arrays = [as_array(p, function) for p in parameters]
    return Array(common_shape(function, arrays) if arrays else (), dtype, bounds=bounds)


def _check_size(asked: Shape, given: Shape | None, function: str) -> None:
    """Raise the finding if parameters of the shape `given` cannot be spread over the size that is asked for."""
    if not given:
        return
    if len(given) > len(asked) and len(asked) > 0:
        raise Mismatch(Broadcast(given, asked, function))
    for d, t in zip(reversed(given), reversed(asked)):
        if same(d, t) is False and same(d, 1) is False:
            raise Mismatch(Broadcast(given, asked, function))


@_sampler("rand", new=False)
def rand(*dimensions: Value) -> Value:
    """Uniform numbers, the lengths given one by one."""
    return Array(_each(dimensions), "float64")


@_sampler("randn", new=False)
def randn(*dimensions: Value) -> Value:
    """Normal numbers, the lengths given one by one."""
    return Array(_each(dimensions), "float64")


def _each(dimensions: Sequence[Value]) -> Shape:
    out: list[Dim] = []
    for d in dimensions:
        found = as_dim(d)
        out.append(UNKNOWN_DIM if found is None else found)
    return tuple(out)


@_sampler("random_sample", "ranf", "sample", new=False)
def random_sample(size: Value = None) -> Value:
    """Uniform numbers in [0, 1)."""
    return _drawn(size, (), "np.random.random")


@_sampler("random", "standard_normal", "standard_exponential")
def random(size: Value = None, dtype: Value = None, out: Value = None, method: Value = None) -> Value:
    """Numbers of a standard distribution."""
    return _drawn(size, (), "np.random.random", dtype_name(dtype) or "float64")


def _whole_numbers(low: Value, high: Value, size: Value, dtype: Value, function: str, closed: bool) -> Value:
    first, last = number(low), number(high)
    if high is None:
        first, last = 0, first
    bounds = None
    top = last if closed else last - 1 if isinstance(last, (int, Poly)) else UNCLEAR
    if isinstance(first, int) and isinstance(top, int) and first <= top:
        bounds = (first, top)
    wanted = dtype_name(dtype) or "int64"
    if size is None and any(isinstance(v, (Array, ListObj, tuple)) and as_array(v).shape != () for v in (low, high)):
        return _drawn(None, (low,) if high is None else (low, high), function, wanted)
    if size is None:
        if is_foreign(low) or is_foreign(high) or type(low) is Unknown or type(high) is Unknown:
            # A bound may be an array, and gives its shape then.
            return UNKNOWN
        least = max(first, 0) if isinstance(first, int) else 0
        name = symbol("i", least, ((1, top),) if isinstance(top, (int, Poly)) else ())
        return Array((), wanted, data=(name,) if isinstance(first, int) and first >= 0 else None, bounds=bounds)
    return Array(lengths(size), wanted, bounds=bounds)


@_sampler("randint", new=False)
def randint(low: Value, high: Value = None, size: Value = None, dtype: Value = int) -> Value:
    """Whole numbers from `low` to below `high`."""
    return _whole_numbers(low, high, size, None if dtype is int else dtype, "np.random.randint", False)


@_sampler("random_integers", new=False)
def random_integers(low: Value, high: Value = None, size: Value = None) -> Value:
    """Whole numbers from `low` to `high`."""
    return _whole_numbers(1 if high is None else low, low if high is None else high, size, None, "np.random.random_integers", True)


@_sampler("integers", old=False)
def integers(low: Value, high: Value = None, size: Value = None, dtype: Value = None, endpoint: Value = False) -> Value:
    """Whole numbers from `low` to below `high`."""
    return _whole_numbers(low, high, size, dtype, "integers", endpoint is True)


@_sampler("choice", new=False)
def choice(a: Value, size: Value = None, replace: Value = True, p: Value = None) -> Value:
    """Elements picked from an array of one axis, or from the numbers below one."""
    if not is_foreign(a) and number(a) is UNCLEAR and not isinstance(a, Iteration):
        x = as_array(a)
        if x.shape is not None and len(x.shape) > 1:
            hint = "pick rows by number: x[np.random.choice(len(x), size)]"
            raise Mismatch(RankDemanded("np.random.choice", x.shape, "something of one axis to choose from", hint), x)
    return choice_along(a, size, replace, p)


@_sampler("choice", old=False)
def choice_along(a: Value, size: Value = None, replace: Value = True, p: Value = None, axis: Value = 0, shuffle: Value = True) -> Value:
    """Elements picked from an array, or from the numbers below one."""
    chances = as_array(p) if isinstance(p, (Array, ListObj)) else None
    if chances is not None and chances.shape is not None and len(chances.shape) != 1:
        hint = "flatten them: np.squeeze(p), or take one row"
        raise Mismatch(RankDemanded("np.random.choice", chances.shape, "the probabilities `p` on one axis", hint), chances)
    below = number(a)
    if chances is not None and chances.shape is not None:
        population: Dim = below if isinstance(below, (int, Poly)) else None
        if population is None and not is_foreign(a) and axis == 0:
            population = (as_array(a).shape or (None,))[0]
        if isinstance(population, (int, Poly)) and same(population, chances.shape[0]) is False:
            raise Mismatch(InconsistentLengths("np.random.choice", (population, chances.shape[0]), ("a", "p")), chances)
    if is_foreign(a):
        return Array(None)
    if replace is False and size is not None and axis == 0:
        _enough(below if below is not UNCLEAR else None if isinstance(a, Iteration) else as_array(a), lengths(size))
    shape: Shape | None = () if size is None else lengths(size)
    if below is not UNCLEAR:
        made = _whole_numbers(0, below, size, None, "np.random.choice", False)
        return Array(shape, "int64", bounds=made.bounds if isinstance(made, Array) else None)
    if isinstance(a, Iteration):
        return Array(shape, None)
    x = as_array(a)
    at = whole(axis)
    if x.shape is None or not x.shape or not isinstance(at, int) or shape is None:
        return Array(shape if x.rank in (None, 1) and x.rank is not None else None, x.dtype)
    with refusing("np.random.choice", x):
        at = axis_index(at, len(x.shape))
    return Array(x.shape[:at] + shape + x.shape[at + 1 :], x.dtype, bounds=x.bounds)


def _enough(population: Value, wanted: Shape | None) -> None:
    """Raise the finding if more is to be picked, each but once, than there is."""
    there = (population.shape or (None,))[0] if isinstance(population, Array) else population
    picked = size_of(wanted) if wanted is not None else None
    if isinstance(there, int) and isinstance(picked, int) and picked > there:
        blame = (population,) if isinstance(population, Array) else ()
        raise Mismatch(InconsistentLengths("np.random.choice(replace=False)", (there, picked), ("a", "size")), *blame)


@_sampler("permutation", "permuted")
def permutation(x: Value, axis: Value = 0, out: Value = None) -> Value:
    """The elements in random order along the first axis, or the numbers below one."""
    below = number(x)
    if isinstance(below, (int, Poly)):
        return Array((below,), "int64", bounds=(0, below - 1) if isinstance(below, int) and below > 0 else None)
    a = as_array(x)
    return Array(a.shape, a.dtype, bounds=a.bounds)


@_sampler("shuffle")
def shuffle(x: Value, axis: Value = 0) -> Value:
    """Shuffle in place; returns nothing."""
    if isinstance(x, Array):
        x.written(reordered=True)
    if isinstance(x, ListObj):
        items = x.items
        if items is not None and len(items) > 1 and not all(type(i) is type(items[0]) and i == items[0] for i in items):
            from ...interpreter.world import blur

            x.put(Seq(None, blur(items), len(items)))
    return None


@models("numpy.random.seed", "numpy.random.set_state", f"{_STATE}.seed", f"{_STATE}.set_state")
def seed(*args: Value, **options: Value) -> Value:
    """Set the state; returns nothing."""
    return None


@models("numpy.random.bytes", f"{_STATE}.bytes", f"{_GENERATOR}.bytes", "numpy.random.get_state", f"{_STATE}.get_state")
def opaque(*args: Value, **options: Value) -> Value:
    """What tells nothing of shapes."""
    return UNKNOWN


@models("numpy.random.default_rng", _GENERATOR)
def default_rng(seed: Value = None) -> Value:
    """A generator."""
    return LibObj(_GENERATOR)


@models(_STATE)
def random_state(seed: Value = None) -> Value:
    """A generator of the old kind."""
    return LibObj(_STATE)


@models(f"{_GENERATOR}.spawn")
def spawn(self: Value, n_children: Value) -> Value:
    """More generators."""
    if isinstance(n_children, int) and 0 <= n_children <= 16:
        return ListObj(Seq(tuple(LibObj(_GENERATOR) for _ in range(n_children))))
    return ListObj(Seq(None, LibObj(_GENERATOR), UNKNOWN_DIM))


_NAMES = ("numpy.random.SeedSequence", "numpy.random.PCG64", "numpy.random.MT19937", "numpy.random.Philox", "numpy.random.SFC64")


@models(*_NAMES)
def seed_source(*args: Value, **options: Value) -> Value:
    """A source of seeds."""
    return LibObj("numpy.random.SeedSequence")


def _distribution(names: str, parameters: Sequence[tuple[str, Any]], dtype: str = "float64") -> None:
    """Register distributions whose draws have the size given, or the parameters' common shape."""
    for name in names.split():

        def draw(*args: Value, _name: str = name, **kwargs: Value) -> Value:
            given = dict(zip((p for p, _ in parameters), args))
            given.update(kwargs)
            size = args[len(parameters)] if len(args) > len(parameters) else kwargs.get("size")
            wanted = dtype_name(kwargs.get("dtype")) or dtype
            bounds = _uniform_bounds(given) if _name == "uniform" else None
            return _drawn(size, [given.get(p, default) for p, default in parameters], f"np.random.{_name}", wanted, bounds)

        draw.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [inspect.Parameter(p, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=d) for p, d in parameters]
            + [inspect.Parameter("size", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None)]
            + [inspect.Parameter(p, inspect.Parameter.KEYWORD_ONLY, default=None) for p in ("dtype", "out")]
        )
        _sampler(name)(draw)


def _uniform_bounds(given: dict[str, Value]) -> tuple[float, float] | None:
    return None


_distribution("normal laplace logistic gumbel", (("loc", 0.0), ("scale", 1.0)))
_distribution("lognormal", (("mean", 0.0), ("sigma", 1.0)))
_distribution("uniform", (("low", 0.0), ("high", 1.0)))
_distribution("exponential rayleigh", (("scale", 1.0),))
_distribution("poisson", (("lam", 1.0),), "int64")
_distribution("binomial negative_binomial", (("n", 1), ("p", 0.5)), "int64")
_distribution("geometric logseries", (("p", 0.5),), "int64")
_distribution("zipf", (("a", 2.0),), "int64")
_distribution("gamma", (("shape", 1.0), ("scale", 1.0)))
_distribution("standard_gamma", (("shape", 1.0),))
_distribution("standard_t chisquare", (("df", 1.0),))
_distribution("beta", (("a", 1.0), ("b", 1.0)))
_distribution("weibull power pareto", (("a", 1.0),))
_distribution("vonmises", (("mu", 0.0), ("kappa", 1.0)))
_distribution("wald", (("mean", 1.0), ("scale", 1.0)))
_distribution("f", (("dfnum", 1.0), ("dfden", 1.0)))
_distribution("triangular", (("left", 0.0), ("mode", 0.5), ("right", 1.0)))
_distribution("hypergeometric", (("ngood", 1), ("nbad", 1), ("nsample", 1)), "int64")
_distribution("standard_cauchy", ())


@_sampler("multivariate_normal")
def multivariate_normal(
    mean: Value, cov: Value, size: Value = None, check_valid: Value = "warn", tol: Value = 1e-8, *, method: Value = "svd"
) -> Value:
    """Draws of a vector: its length comes last."""
    centre, spread = as_array(mean), as_array(cov)
    if centre.rank == 1 and spread.rank == 2 and centre.shape and spread.shape:
        ends = (centre.shape[0], spread.shape[0])
        if same(*ends) is False:
            raise Mismatch(InconsistentLengths("np.random.multivariate_normal", ends, ("mean", "cov")), centre, spread)
    return _vectors(mean, size, "float64")


@_sampler("dirichlet")
def dirichlet(alpha: Value, size: Value = None) -> Value:
    """Draws of shares that add up to 1."""
    return _vectors(alpha, size, "float64")


@_sampler("multinomial", new=False)
def multinomial(n: Value, pvals: Value, size: Value = None) -> Value:
    """Draws of counts, from one row of probabilities."""
    one = as_array(pvals)
    if one.shape is not None and len(one.shape) > 1:
        wanted = "the probabilities of one draw, of one axis"
        raise Mismatch(RankDemanded("np.random.multinomial", one.shape, wanted, "take one row: predictions[0]"), one)
    return _vectors(pvals, size, "int64")


@_sampler("multinomial", old=False)
def multinomial_of_rows(n: Value, pvals: Value, size: Value = None) -> Value:
    """Draws of counts."""
    if size is None and as_array(n).shape != ():
        return Array(None, "int64")
    return _vectors(pvals, size, "int64")


def _vectors(of: Value, size: Value, dtype: str) -> Value:
    one = as_array(of)
    outer: Shape | None = () if size is None else lengths(size)
    if one.shape is None or outer is None or len(one.shape) != 1:
        return Array(None, dtype)
    return Array(outer + one.shape, dtype)
