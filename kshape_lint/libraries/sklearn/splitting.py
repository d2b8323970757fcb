"""``train_test_split``, cross-validation splits, ``shuffle`` and ``resample``."""

from __future__ import annotations

import math

from ...interpreter.values import UNKNOWN, Array, Iteration, LibObj, ListObj, ResultList, Seq, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, Poly, derived, is_exact
from ..api import Raises, models
from ..arraylike import minus, take_rows
from .checks import Estimator, one_axis, rows_of, same_lengths, sparse, sparse_array, state_of

_BASE = "sklearn.model_selection."


def _share(rounded: str, fraction: float, n: Dim) -> Dim:
    if isinstance(n, int):
        return math.ceil(fraction * n) if rounded == "ceil" else math.floor(fraction * n)
    if not isinstance(n, Poly):
        return UNKNOWN_DIM
    return derived((rounded, fraction, n), f"{rounded}({fraction}*{n!r})", low=1 if rounded == "ceil" else 0, high=((1, n),))


def split_sizes(n: Dim, test_size: Value, train_size: Value, default: float = 0.25) -> tuple[Dim, Dim]:
    """Return how many samples go to train and to test, as scikit-learn rounds them."""
    if test_size is None and train_size is None:
        test_size = default
    test: Dim = UNKNOWN_DIM
    train: Dim = UNKNOWN_DIM
    if isinstance(test_size, float):
        test = _share("ceil", test_size, n)
    elif is_exact(test_size):
        test = test_size
    if isinstance(train_size, float):
        train = _share("floor", train_size, n)
    elif is_exact(train_size):
        train = train_size
    if test_size is None:
        test = minus(n, train)
    elif train_size is None:
        train = minus(n, test)
    return train, test


def _pick(value: Value, rows: Dim) -> Value:
    a = sparse_array(value) if isinstance(value, LibObj) and value.path.startswith("scipy.sparse") else None
    return sparse((rows, *(a.shape or ())[1:]), a.dtype) if a is not None else take_rows(value, rows)


@models(_BASE + "train_test_split")
def train_test_split(
    *arrays: Value,
    test_size: Value = None,
    train_size: Value = None,
    random_state: Value = None,
    shuffle: Value = True,
    stratify: Value = None,
) -> Value:
    """Train and test part of each array, in turn, each of the array's own kind."""
    if not arrays:
        raise Raises("ValueError", "At least one array required as input")
    n = same_lengths("train_test_split", arrays)
    if is_exact(n) and stratify is not None:
        same_lengths("train_test_split", [*arrays, stratify])
    train, test = split_sizes(n if is_exact(n) else fresh("n"), test_size, train_size)
    train = train if is_exact(train) else fresh("n_train")
    test = test if is_exact(test) else fresh("n_test")
    out: list[Value] = []
    for a in arrays:
        out += [_pick(a, train), _pick(a, test)]
    return ResultList(Seq(tuple(out)))


_SPLITTERS: dict[str, tuple[int, tuple[str, ...]]] = {
    "KFold": (5, ("n_splits", "shuffle", "random_state")),
    "StratifiedKFold": (5, ("n_splits", "shuffle", "random_state")),
    "GroupKFold": (5, ("n_splits",)),
    "StratifiedGroupKFold": (5, ("n_splits",)),
    "TimeSeriesSplit": (5, ("n_splits", "max_train_size", "test_size", "gap")),
    "ShuffleSplit": (10, ("n_splits", "test_size", "random_state", "train_size")),
    "StratifiedShuffleSplit": (10, ("n_splits", "test_size", "random_state", "train_size")),
    "GroupShuffleSplit": (5, ("n_splits", "test_size", "random_state", "train_size")),
    "RepeatedKFold": (5, ("n_splits", "n_repeats")),
    "RepeatedStratifiedKFold": (5, ("n_splits", "n_repeats")),
    "LeaveOneOut": (0, ()),
}


def _register(name: str, default: int, parameters: tuple[str, ...]) -> None:
    path = _BASE + name

    @models(path)
    def make(*args: Value, **kwargs: Value) -> Value:
        """A way to split."""
        config = dict(zip(parameters, args)) | kwargs
        config.setdefault("n_splits", default)
        return LibObj(path, Estimator(config))

    @models(path + ".split")
    def split(self: Value, X: Value = None, y: Value = None, groups: Value = None) -> Value:
        """Pairs of indices of the train and of the test samples."""
        config = state_of(self).config
        if name == "StratifiedKFold" and y is not None:
            one_axis(y, f"{name}.split")
        n = same_lengths(f"{name}.split", [X, y, groups])
        train, test = _fold(name, n, config)
        count = _count(name, n, config)
        return Iteration(None, (Array((train,), "int64"), Array((test,), "int64")), count)

    @models(path + ".get_n_splits")
    def get_n_splits(self: Value, X: Value = None, y: Value = None, groups: Value = None) -> Value:
        """How many pairs `split` gives."""
        count = _count(name, rows_of(X), state_of(self).config)
        return count if is_exact(count) else UNKNOWN


def _count(name: str, n: Dim, config: dict[str, Value]) -> Dim:
    if name == "LeaveOneOut":
        return n
    splits = config.get("n_splits")
    if not is_exact(splits):
        return UNKNOWN_DIM
    if name.startswith("Repeated"):
        times = config.get("n_repeats", 10)
        return splits * times if is_exact(times) else UNKNOWN_DIM
    return splits


def _fold(name: str, n: Dim, config: dict[str, Value]) -> tuple[Dim, Dim]:
    splits = config.get("n_splits")
    if name == "LeaveOneOut":
        return minus(n, 1), 1
    if "ShuffleSplit" in name:
        if not is_exact(n):
            return fresh("n_train"), fresh("n_test")
        if name == "GroupShuffleSplit":
            return fresh("n_train"), fresh("n_test")
        return split_sizes(n, config.get("test_size"), config.get("train_size"), 0.1)
    # Stratified or not, a fold takes every n-th sample of some order.
    plain = name.removeprefix("Repeated").removeprefix("Stratified") == "KFold"
    if plain and isinstance(n, int) and isinstance(splits, int) and splits > 0 and n % splits == 0:
        return n - n // splits, n // splits
    tested: Dim = fresh("n_test")
    return (minus(n, tested) if is_exact(n) and name != "TimeSeriesSplit" else fresh("n_train")), tested


for _name, (_default, _parameters) in _SPLITTERS.items():
    _register(_name, _default, _parameters)


@models("sklearn.utils.shuffle")
def shuffle(*arrays: Value, random_state: Value = None, n_samples: Value = None) -> Value:
    """The arrays in one new order; one array comes back as itself, several as a list."""
    return _again(arrays, n_samples, "sklearn.utils.shuffle")


@models("sklearn.utils.resample")
def resample(
    *arrays: Value,
    replace: Value = True,
    n_samples: Value = None,
    random_state: Value = None,
    stratify: Value = None,
    sample_weight: Value = None,
) -> Value:
    """Samples drawn from the arrays."""
    return _again(arrays, n_samples, "sklearn.utils.resample")


def _again(arrays: tuple[Value, ...], n_samples: Value, function: str) -> Value:
    if not arrays:
        return None
    n = same_lengths(function, arrays)
    rows = n if n_samples is None else n_samples if is_exact(n_samples) else UNKNOWN_DIM
    rows = rows if is_exact(rows) else fresh("n")
    out = tuple(_pick(a, rows) for a in arrays)
    return out[0] if len(out) == 1 else ListObj(Seq(out))
