"""A dimension: how long one axis is, as far as the text of a program tells.

A dimension is one of four things:

* an ``int``: known;
* ``None``: what Keras prints as ``None``, any length, chosen anew for each call;
* a `Poly`: one fixed but unknown length, written as a polynomial over symbols,
  such as ``n`` or ``4*n + 2``; equal polynomials are equal lengths;
* `UNKNOWN_DIM`: a fixed length of which nothing is known.

``int`` and `Poly` mix freely in arithmetic; `UNKNOWN_DIM` swallows whatever it meets.
Symbols stand for lengths that the program read from somewhere, so they are taken to be
at least 1 unless the symbol says otherwise: a script whose data set is empty has other
troubles than shapes.
"""

from __future__ import annotations

import itertools
from typing import Final, TypeAlias, TypeGuard

_order = itertools.count()


class Symbol:
    """One unknown length. Two symbols are equal only when they are the same object."""

    __slots__ = ("high", "low", "name", "order")

    def __init__(self, name: str, low: int = 1, high: tuple[tuple[int, Exact], ...] = ()) -> None:
        self.name = name
        self.low = low
        self.high = high
        """Upper bounds: ``(k, p)`` says that k times the symbol is at most p."""
        self.order = next(_order)

    def __repr__(self) -> str:
        return self.name


Monomial: TypeAlias = tuple[tuple[Symbol, int], ...]
"""A product of powers of symbols, in order of the symbols' creation; ``()`` is 1."""


class UnknownDim:
    """The type of `UNKNOWN_DIM`: arithmetic with it gives it back."""

    __slots__ = ()

    def _swallow(self, other: object) -> UnknownDim:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _swallow
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _swallow

    def __neg__(self) -> UnknownDim:
        return self

    def __repr__(self) -> str:
        return "?"

    def __reduce__(self) -> str:
        return "UNKNOWN_DIM"


UNKNOWN_DIM: Final = UnknownDim()


class Poly:
    """A polynomial with integer coefficients over symbols, never a constant.

    Build one with `symbol` and arithmetic; results that turn out constant come back as ``int``.
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: dict[Monomial, int]) -> None:
        self.terms = terms
        self._hash: int | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __add__(self, other: object) -> Exact:
        return _sum(self, other, 1)

    __radd__ = __add__

    def __sub__(self, other: object) -> Exact:
        return _sum(self, other, -1)

    def __rsub__(self, other: object) -> Exact:
        negative = -self
        return negative + other if isinstance(negative, Poly) else NotImplemented

    def __neg__(self) -> Exact:
        return _normal({m: -c for m, c in self.terms.items()})

    def __mul__(self, other: object) -> Exact:
        if isinstance(other, int):
            return _normal({m: c * int(other) for m, c in self.terms.items()})
        if not isinstance(other, Poly):
            return NotImplemented
        if len(self.terms) * len(other.terms) > 64:
            return _opaque(("*", self, other), f"({self!r})*({other!r})")
        out: dict[Monomial, int] = {}
        for m1, c1 in self.terms.items():
            for m2, c2 in other.terms.items():
                m = _times(m1, m2)
                out[m] = out.get(m, 0) + c1 * c2
        return _normal(out)

    __rmul__ = __mul__

    def __floordiv__(self, other: object) -> Exact:
        if isinstance(other, int) and not isinstance(other, bool) and other != 0:
            if all(c % other == 0 for c in self.terms.values()):
                return _normal({m: c // other for m, c in self.terms.items()})
            return _opaque(("//", self, other), f"{_wrapped(self)}//{other}", high=((other, self),) if other > 0 else ())
        if isinstance(other, Poly):
            exact = divide_exactly(self, other)
            return exact if exact is not None else _opaque(("//", self, other), f"{_wrapped(self)}//{_wrapped(other)}")
        return NotImplemented

    def __rfloordiv__(self, other: object) -> Exact:
        if isinstance(other, int):
            return _opaque(("//", other, self), f"{other}//{_wrapped(self)}")
        return NotImplemented

    def __mod__(self, other: object) -> Exact:
        if isinstance(other, int) and other != 0 and all(c % other == 0 for c in self.terms.values()):
            return 0
        if isinstance(other, (int, Poly)):
            return _opaque(("%", self, other), f"{_wrapped(self)}%{_wrapped(other)}", high=((1, other - 1),))
        return NotImplemented

    def __rmod__(self, other: object) -> Exact:
        if isinstance(other, int):
            return _opaque(("%", other, self), f"{other}%{_wrapped(self)}")
        return NotImplemented

    def __repr__(self) -> str:
        parts: list[str] = []
        for m, c in sorted(self.terms.items(), key=_printing_order):
            factors = [s.name if p == 1 else f"{s.name}**{p}" for s, p in m]
            if abs(c) != 1 or not factors:
                factors.insert(0, str(abs(c)))
            sign = "-" if c < 0 else "+"
            parts.append(("-" if c < 0 else "") + "*".join(factors) if not parts else f" {sign} {'*'.join(factors)}")
        return "".join(parts)


Exact: TypeAlias = "int | Poly"
"""A length that is one fixed number, known or named."""

Dim: TypeAlias = "int | Poly | UnknownDim | None"
"""Any dimension; see the module's text for the four kinds."""


def symbol(name: str, low: int = 1, high: tuple[tuple[int, Exact], ...] = ()) -> Poly:
    """Return a new dimension of unknown length, at least `low`, shown as `name`; ``(k, p)`` in `high` says that k times it is at most p."""
    return Poly({((Symbol(name, low, high), 1),): 1})


_opaque_symbols: dict[object, Poly] = {}


def _opaque(key: object, name: str, low: int = 0, high: tuple[tuple[int, Exact], ...] = ()) -> Poly:
    """Return the symbol for a result that is no polynomial: the same operands give the same symbol."""
    found = _opaque_symbols.get(key)
    if found is None:
        if len(_opaque_symbols) > 20_000:
            _opaque_symbols.clear()
        name = name if len(name) <= 200 else name[:200] + "…"
        found = _opaque_symbols[key] = Poly({((Symbol(name, low, high), 1),): 1})
    return found


def derived(key: object, name: str, *, low: int = 0, high: tuple[tuple[int, Exact], ...] = ()) -> Poly:
    """Return the symbol for a length computed in a way polynomials cannot say, such as ``int(0.8*n)``.

    `key` is hashable and tells the computation: equal keys give the same symbol. `low` is its least value, each ``(k, p)`` in
    `high` says that k times it is at most p: ``((1, n),)`` for ``int(0.8*n)``.
    """
    return _opaque(("derived", key), name, low, high)


def symbols(d: Dim, *, inside: bool = False) -> list[Symbol]:
    """Return the symbols that `d` is written with; with `inside`, those that they were computed from too."""
    out: list[Symbol] = []
    waiting = [d]
    while waiting:
        p = waiting.pop()
        if isinstance(p, Poly):
            for m in p.terms:
                for s, _ in m:
                    if s not in out:
                        out.append(s)
                        if inside:
                            waiting.extend(h for _, h in s.high)
    return out


def is_exact(d: object) -> TypeGuard[Exact]:
    """Tell whether `d` is one fixed number, known or named: an ``int`` or a `Poly`."""
    return isinstance(d, (int, Poly))


def same(a: Dim, b: Dim) -> bool | None:
    """Tell whether two dimensions are the same length: yes, no, or None where the text does not tell.

    Polynomials are told apart when their difference cannot be zero: all its terms have one
    sign and one of them is not zero, or it has one symbol and no fitting integer solution.
    """
    if a is None or b is None or a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return None
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    difference = _exact(a) - _exact(b)
    if isinstance(difference, int):
        return difference == 0
    return False if never_zero(difference) else None


def _exact(d: Dim) -> Exact:
    assert isinstance(d, (int, Poly))
    return d


def never_zero(p: Poly) -> bool:
    """Tell whether `p` is different from zero for every admissible value of its symbols."""
    low = high = 0
    bounded_below = bounded_above = True
    for m, c in p.terms.items():
        least = 1
        for s, power in m:
            least *= s.low**power
        if c > 0:
            low += c * least
            bounded_above = bounded_above and not m
            high += c if not m else 0
        else:
            high += c * least
            bounded_below = bounded_below and not m
            low += c if not m else 0
    if (bounded_below and low > 0) or (bounded_above and high < 0):
        return True
    return _no_integer_root(p) or _never_negative_less_one(p) or _never_negative_less_one(-p)


def _never_negative_less_one(p: Exact) -> bool:
    less = p - 1
    return less >= 0 if isinstance(less, int) else _never_negative(less, 3)


def _no_integer_root(p: Poly) -> bool:
    constant = p.terms.get((), 0)
    rest = [(m, c) for m, c in p.terms.items() if m]
    if len(rest) != 1:
        return False
    (m, c) = rest[0]
    if constant % c:
        return True
    value = -constant // c
    if len(m) == 1 and m[0][1] == 1:
        return value < m[0][0].low
    return False


def at_least(d: Dim, bound: int) -> bool | None:
    """Tell whether `d` is at least `bound`: yes, no, or None where the text does not tell."""
    if isinstance(d, int):
        return d >= bound
    if not isinstance(d, Poly):
        return None
    over = d - bound
    return over >= 0 if isinstance(over, int) else True if _never_negative(over, 3) else None


def _never_negative(p: Poly, depth: int) -> bool:
    """Tell whether `p` is at least 0 for certain: from the symbols' least values, or from what their upper bounds leave."""
    low = 0
    for m, c in p.terms.items():
        if c < 0 and m:
            return depth > 0 and _never_negative_bounded(p, m, c, depth)
        least = 1
        for s, power in m:
            least *= s.low**power
        low += c * least if c > 0 else c
    return low >= 0


def _never_negative_bounded(p: Poly, m: Monomial, c: int, depth: int) -> bool:
    for s, power in m:
        for k, bound in s.high:
            # k*s <= bound, so c*s*rest >= c/k*bound*rest: no rest is negative, and rounding c/k down is right where bound is not.
            if power != 1 or (c % k and not at_least(bound, 0)):
                continue
            rest = _normal({_over(m, ((s, 1),)) or (): 1})
            smaller = _normal({n: d for n, d in p.terms.items() if n != m}) + rest * bound * (c // k)
            if smaller >= 0 if isinstance(smaller, int) else _never_negative(smaller, depth - 1):
                return True
    return False


def divide_exactly(a: Dim, b: Dim) -> Exact | None:
    """Return ``a / b`` where the division leaves no rest for certain, else None."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b if b != 0 and a % b == 0 else None
    if isinstance(a, Poly) and isinstance(b, int):
        return a // b if b != 0 and all(c % b == 0 for c in a.terms.values()) else None
    if isinstance(a, Poly) and isinstance(b, Poly):
        if a == b:
            return 1
        if len(b.terms) == 1:
            (mb, cb) = next(iter(b.terms.items()))
            out: dict[Monomial, int] = {}
            for m, c in a.terms.items():
                quotient = _over(m, mb)
                if quotient is None or c % cb:
                    return None
                out[quotient] = out.get(quotient, 0) + c // cb
            return _normal(out)
        first_a, first_b = (min(p.terms.items(), key=_printing_order) for p in (a, b))
        lead = _over(first_a[0], first_b[0])
        if lead is not None and first_a[1] % first_b[1] == 0:
            candidate = _normal({lead: first_a[1] // first_b[1]})
            if candidate * b == a:
                return candidate
    if isinstance(a, int) and a == 0:
        return 0
    return None


def never_divides(total: Dim, part: Dim) -> bool:
    """Tell whether `total` is certainly no multiple of `part`."""
    if isinstance(part, Poly) and isinstance(total, int):
        return total != 0 and at_least(part, abs(total) + 1) is True
    if not isinstance(part, int) or part == 0:
        return False
    if isinstance(total, int):
        return total % part != 0
    if isinstance(total, Poly):
        varying = [c % part for m, c in total.terms.items() if m]
        return not any(varying) and total.terms.get((), 0) % part != 0
    return False


def show(d: Dim) -> str:
    """Return `d` as a user reads it: ``28``, ``None``, ``n``, ``?``."""
    return repr(d)


def _normal(terms: dict[Monomial, int]) -> Exact:
    terms = {m: c for m, c in terms.items() if c}
    if not terms:
        return 0
    if len(terms) == 1 and () in terms:
        return terms[()]
    return Poly(terms)


def _sum(p: Poly, other: object, sign: int) -> Exact:
    if isinstance(other, Poly):
        out = dict(p.terms)
        for m, c in other.terms.items():
            out[m] = out.get(m, 0) + sign * c
        return _normal(out)
    if isinstance(other, int):
        out = dict(p.terms)
        out[()] = out.get((), 0) + sign * int(other)
        return _normal(out)
    return NotImplemented  # type: ignore[no-any-return]


def _times(m1: Monomial, m2: Monomial) -> Monomial:
    if not m1:
        return m2
    if not m2:
        return m1
    powers: dict[Symbol, int] = dict(m1)
    for s, p in m2:
        powers[s] = powers.get(s, 0) + p
    return tuple(sorted(powers.items(), key=lambda item: item[0].order))


def _over(m: Monomial, by: Monomial) -> Monomial | None:
    powers: dict[Symbol, int] = dict(m)
    for s, p in by:
        left = powers.get(s, 0) - p
        if left < 0:
            return None
        powers[s] = left
    return tuple((s, p) for s, p in powers.items() if p)


def _printing_order(item: tuple[Monomial, int]) -> tuple[int, tuple[tuple[int, int], ...]]:
    m, _ = item
    return (-sum(p for _, p in m), tuple((s.order, p) for s, p in m))


def _wrapped(p: Exact) -> str:
    text = repr(p)
    return text if isinstance(p, int) or (len(p.terms) == 1 and all(c == 1 for c in p.terms.values())) else f"({text})"
