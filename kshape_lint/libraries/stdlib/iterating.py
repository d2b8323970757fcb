"""``itertools``, and progress bars, which hand on what they are given."""

from __future__ import annotations

import itertools

from ...interpreter.values import UNKNOWN, Iteration, Value, fresh, fresh_unknown
from ...interpreter.world import blur
from ...shapes import UNKNOWN_DIM, Dim, Poly, is_exact
from ...shapes.reshape import times
from ..api import call, host, models
from ..arraylike import plus

_MOST = 64


def _over(value: Value) -> Iteration:
    return host().iterate(value)


def _element(over: Iteration) -> Value:
    return over.element if over.items is None else blur(over.items) if over.items else UNKNOWN


def _length(over: Iteration) -> Dim:
    return UNKNOWN_DIM if over.count is None else over.count


@models("itertools.product")
def product(*iterables: Value, repeat: Value = 1) -> Value:
    """All combinations."""
    overs = [_over(i) for i in iterables]
    if isinstance(repeat, int) and 0 < repeat <= 8:
        overs = overs * repeat
        total: Dim = 1
        for o in overs:
            total = times(total, _length(o))
        known = [o.items for o in overs if o.items is not None]
        if isinstance(total, int) and total <= _MOST and len(known) == len(overs):
            return Iteration(tuple(itertools.product(*known)), once=True)
        return Iteration(None, tuple(_element(o) for o in overs), total, once=True)
    return Iteration(None, UNKNOWN, UNKNOWN_DIM, once=True)


def _chained(overs: list[Iteration]) -> Iteration:
    known = [o.items for o in overs if o.items is not None]
    if len(known) == len(overs):
        return Iteration(tuple(itertools.chain(*known)), once=True)
    total: Dim = 0
    for o in overs:
        total = plus(total, _length(o))
    return Iteration(None, blur([_element(o) for o in overs]), total, once=True)


@models("itertools.chain")
def chain(*iterables: Value) -> Value:
    """One after another."""
    return _chained([_over(i) for i in iterables])


@models("itertools.chain.from_iterable")
def from_iterable(iterable: Value) -> Value:
    """One after another."""
    over = _over(iterable)
    return (
        _chained([_over(i) for i in over.items]) if over.items is not None else Iteration(None, _element(_over(over.element)), UNKNOWN_DIM)
    )


@models("itertools.cycle")
def cycle(iterable: Value) -> Value:
    """The same again and again."""
    return Iteration(None, _element(_over(iterable)), UNKNOWN_DIM, once=True)


@models("itertools.count")
def count(start: Value = 0, step: Value = 1) -> Value:
    """Numbers without end."""
    return Iteration(
        None, fresh("i", start) if isinstance(start, int) and start >= 0 and step == 1 else fresh_unknown(), UNKNOWN_DIM, once=True
    )


@models("itertools.repeat")
def repeat(object: Value, times: Value = None) -> Value:
    """One thing again and again."""
    if isinstance(times, int) and 0 <= times <= _MOST:
        return Iteration((object,) * times, once=True)
    return Iteration(None, object, times if is_exact(times) else UNKNOWN_DIM, once=True)


@models("itertools.islice")
def islice(iterable: Value, *bounds: Value) -> Value:
    """Some of the items."""
    over = _over(iterable)
    if over.items is not None and all(b is None or (isinstance(b, int) and b >= 0) for b in bounds) and bounds:
        return Iteration(tuple(itertools.islice(over.items, *bounds)), once=True)
    taken = bounds[0] if len(bounds) == 1 and is_exact(bounds[0]) and not is_exact(over.count) else UNKNOWN_DIM
    return Iteration(None, _element(over), taken, once=True)


def _choices(name: str) -> None:
    @models(f"itertools.{name}")
    def combinations(iterable: Value, r: Value = None) -> Value:
        """Choices of some of the items."""
        over = _over(iterable)
        if over.items is not None and len(over.items) <= 12 and isinstance(r, int) and 0 <= r <= 8:
            few = tuple(itertools.islice(getattr(itertools, name)(over.items, r), _MOST + 1))
            if len(few) <= _MOST:
                return Iteration(few, once=True)
        return Iteration(None, (_element(over),) * r if isinstance(r, int) and 0 < r <= 8 else UNKNOWN, UNKNOWN_DIM, once=True)


for _name in ("combinations", "permutations", "combinations_with_replacement"):
    _choices(_name)


@models("itertools.pairwise")
def pairwise(iterable: Value, /) -> Value:
    """Each item with the next."""
    over = _over(iterable)
    if over.items is not None:
        return Iteration(tuple(itertools.pairwise(over.items)), once=True)
    return Iteration(None, (_element(over),) * 2, UNKNOWN_DIM, once=True)


@models("itertools.accumulate")
def accumulate(iterable: Value, func: Value = None, *, initial: Value = None) -> Value:
    """Running totals."""
    over = _over(iterable)
    if over.items is None or len(over.items) > _MOST:
        return Iteration(None, UNKNOWN, UNKNOWN_DIM, once=True)
    out: list[Value] = []
    for v in over.items if initial is None else (initial, *over.items):
        out.append(v if not out else host().binary("+", out[-1], v) if func is None else call(func, out[-1], v))
    return Iteration(tuple(out), once=True)


@models("itertools.takewhile")
def takewhile(predicate: Value, iterable: Value, /) -> Value:
    """The items up to the first that does not pass."""
    over = _over(iterable)
    verdicts = _passed(predicate, over)
    if over.items is not None and verdicts is not None:
        return Iteration(over.items[: verdicts.index(False)] if False in verdicts else over.items, once=True)
    return Iteration(None, _element(over), UNKNOWN_DIM, once=True)


@models("itertools.dropwhile")
def dropwhile(predicate: Value, iterable: Value, /) -> Value:
    """The items from the first that does not pass."""
    over = _over(iterable)
    verdicts = _passed(predicate, over)
    if over.items is not None and verdicts is not None:
        return Iteration(over.items[verdicts.index(False) :] if False in verdicts else (), once=True)
    return Iteration(None, _element(over), UNKNOWN_DIM, once=True)


def _passed(predicate: Value, over: Iteration) -> list[bool] | None:
    """Return which items pass, None where that is open for any."""
    if over.items is None or len(over.items) > _MOST:
        return None
    verdicts = [host().truth(call(predicate, v)) for v in over.items]
    known = [v for v in verdicts if v is not None]
    return known if len(known) == len(verdicts) else None


@models("itertools.groupby")
def groupby(iterable: Value, key: Value = None) -> Value:
    """Runs of items of one key, with the key."""
    over = _over(iterable)
    if over.items is not None and len(over.items) <= _MOST:
        keys = over.items if key is None else tuple(call(key, v) for v in over.items)
        if all(type(k) in (int, str) for k in keys):
            at = 0
            out: list[Value] = []
            for k, run in itertools.groupby(keys):
                count = len(tuple(run))
                out.append((k, Iteration(over.items[at : at + count])))
                at += count
            return Iteration(tuple(out), once=True)
    return Iteration(None, (fresh_unknown(), Iteration(None, _element(over), UNKNOWN_DIM)), UNKNOWN_DIM, once=True)


@models("itertools.zip_longest")
def zip_longest(*iterables: Value, fillvalue: Value = None) -> Value:
    """Items side by side."""
    overs = [_over(i) for i in iterables]
    known = [o.items for o in overs if o.items is not None]
    if len(known) == len(overs):
        return Iteration(tuple(itertools.zip_longest(*known, fillvalue=fillvalue)), once=True)
    return Iteration(None, tuple(blur([_element(o), fillvalue]) for o in overs), UNKNOWN_DIM, once=True)


@models("itertools.starmap")
def starmap(function: Value, iterable: Value) -> Value:
    """A function of each."""
    over = _over(iterable)
    if over.items is not None and len(over.items) <= _MOST and all(isinstance(i, tuple) for i in over.items):
        return Iteration(tuple(call(function, *i) for i in over.items), once=True)
    return Iteration(None, UNKNOWN, _length(over), once=True)


# --- progress bars -------------------------------------------------------------------------------------------------------

_BARS = ("tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm", "tqdm.tqdm_notebook", "tqdm.autonotebook.tqdm", "tqdm.std.tqdm")


@models(*_BARS, "rich.progress.track", "progressbar.progressbar")
def bar(iterable: Value = None, *args: Value, **kwargs: Value) -> Value:
    """What it is given, with a bar."""
    return iterable if iterable is not None else fresh_unknown()


@models("tqdm.trange", "tqdm.auto.trange", "tqdm.notebook.trange")
def trange(*args: Value, **kwargs: Value) -> Value:
    """``range`` with a bar."""
    if args and len(args) <= 3 and all(isinstance(a, int) for a in args) and (len(args) < 3 or args[2] != 0):
        return range(*args)
    if len(args) == 1 and isinstance(args[0], Poly):
        return Iteration(None, fresh("i", 0), args[0])
    return Iteration(None, fresh("i", 0), UNKNOWN_DIM)
