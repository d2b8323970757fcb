"""``math`` and ``random``: exact where the arguments are."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, Iteration, ListObj, Real, Seq, Value, fresh, fresh_unknown, some_text
from ...interpreter.world import blur
from ...shapes import Poly, is_exact
from ..api import constant, host, items, models

for _name in ("pi", "e", "tau", "inf", "nan"):
    constant(f"math.{_name}", getattr(math, _name))

_FUNCTIONS = (
    *("sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "pow"),
    *(
        "degrees",
        "radians",
        "hypot",
        "fabs",
        "gcd",
        "lcm",
        "factorial",
        "comb",
        "perm",
        "copysign",
        "fmod",
        "isqrt",
        "erf",
        "cbrt",
        "exp2",
        "log1p",
    ),
    *("expm1", "remainder", "ldexp"),
)


def _plain(name: str) -> Callable[..., Value]:
    function: Callable[..., Value] | None = getattr(math, name, None)

    def answer(*args: Value) -> Value:
        """The number where all arguments are known."""
        if function is not None and all(isinstance(a, (int, float)) and abs(a) < 1e6 for a in args):
            try:
                return function(*args)
            except (ValueError, ArithmeticError, TypeError):
                return fresh_unknown()
        if all(isinstance(a, (int, float, Poly, Real)) for a in args):
            return Real((f"math.{name}", args), f"{name}({', '.join(map(repr, args))})")
        return fresh_unknown()

    return answer


for _name in _FUNCTIONS:
    models(f"math.{_name}")(_plain(_name))


def _rounded(how: str, x: Value) -> Value:
    if isinstance(x, (int, float)):
        if not math.isfinite(x):
            return UNKNOWN
        return math.ceil(x) if how == "ceil" else math.floor(x) if how == "floor" else int(x)
    if isinstance(x, Poly):
        return x
    if isinstance(x, Real):
        from ..builtins.functions import whole

        return whole(how, x)
    if isinstance(x, Array) and x.shape == () and x.data:
        return _rounded(how, x.data[0])
    return fresh_unknown()


@models("math.ceil")
def ceil(x: Value) -> Value:
    """The next whole number."""
    return _rounded("ceil", x)


@models("math.floor")
def floor(x: Value) -> Value:
    """The whole number below."""
    return _rounded("floor", x)


@models("math.trunc")
def trunc(x: Value) -> Value:
    """The whole part."""
    return _rounded("int", x)


@models("math.prod")
def prod(iterable: Value, *, start: Value = 1) -> Value:
    """The product."""
    parts = items(iterable)
    if parts is None or not all(isinstance(p, (int, float, Poly)) for p in (start, *parts)):
        return fresh_unknown()
    total: Value = start
    for p in parts:
        total = host().binary("*", total, p)
    return total


# --- random --------------------------------------------------------------------------------------------------------------


def _whole_number(low: Value) -> Value:
    return fresh("r", low) if isinstance(low, int) and low >= 0 else fresh_unknown()


@models("random.randint")
def randint(a: Value, b: Value) -> Value:
    """A whole number."""
    return a if isinstance(a, int) and isinstance(b, int) and a == b else _whole_number(a)


@models("random.randrange")
def randrange(start: Value, stop: Value = None, step: Value = 1) -> Value:
    """A whole number."""
    return _whole_number(0 if stop is None else start)


@models(*(f"random.{name}" for name in ("random", "uniform", "gauss", "normalvariate", "triangular", "betavariate", "expovariate")))
def real(*args: Value, **kwargs: Value) -> Value:
    """A number."""
    return Real(("random", fresh_unknown().key), "random")


def _one_of(seq: Value) -> Value:
    if isinstance(seq, (tuple, ListObj)):
        parts = items(seq)
        if parts is not None:
            return blur(parts) if parts else fresh_unknown()
    if isinstance(seq, str):
        return some_text()
    over: Iteration = host().iterate(seq)
    if over.items is not None:
        return fresh_unknown() if not over.items or isinstance(over.items[0], int) else blur(over.items)
    return over.element


@models("random.choice")
def choice(seq: Value) -> Value:
    """One of the items."""
    return _one_of(seq)


@models("random.sample")
def sample(population: Value, k: Value, **kwargs: Value) -> Value:
    """Some of the items."""
    return ListObj(Seq(None, _one_of(population), k if is_exact(k) else fresh("k")))


@models("random.choices")
def choices(population: Value, weights: Value = None, *, cum_weights: Value = None, k: Value = 1) -> Value:
    """Some of the items."""
    return ListObj(Seq(None, _one_of(population), k if is_exact(k) else fresh("k")))


@models("random.shuffle")
def shuffle(x: Value, random: Value = None) -> Value:
    """The items in another order: as many, it is not known which is where."""
    if isinstance(x, Array):
        x.written(reordered=True)
    if isinstance(x, ListObj):
        state = x.state
        if state.items is not None and len(state.items) > 1:
            one = blur(state.items)
            x.put(Seq((one,) * len(state.items)) if len(state.items) <= 64 else Seq(None, one, len(state.items)))
    return None
