"""What scikit-learn checks of its arguments before it does anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...interpreter.values import Array, LibObj, ListObj, Value
from ...records import field, record, replace
from ...rules.arrays import InconsistentLengths, RankDemanded
from ...rules.data import FeatureCount
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same
from ..api import Mismatch
from ..arraylike import as_array, samples

SPARSE = "scipy.sparse.csr_matrix"


@record
class Estimator:
    """State of a scaler, encoder or estimator.

    `config` are the constructor's arguments by name. `features` is the number of columns it was fitted on, `outputs` the number of
    columns that it gives; both unknown before `fitted`. `target` is the shape of the labels it was fitted on.
    """

    config: dict[str, Value] = field(default_factory=dict)
    fitted: bool = False
    features: Dim = UNKNOWN_DIM
    outputs: Dim = UNKNOWN_DIM
    target: Shape | None = None
    extra: Any = None

    def __blur__(self, other: Estimator) -> Estimator:
        """Return what two possible states have in common."""
        return Estimator(
            {k: v for k, v in self.config.items() if k in other.config and other.config[k] == v},
            self.fitted and other.fitted,
            self.features if self.features == other.features else UNKNOWN_DIM,
            self.outputs if self.outputs == other.outputs else UNKNOWN_DIM,
        )


def state_of(estimator: Value) -> Estimator:
    """Return what is known of an estimator."""
    state = estimator.state
    return state if isinstance(state, Estimator) else Estimator()


def fitted(estimator: Value, **changes: Any) -> None:
    """Note what an estimator was fitted on."""
    estimator.put(replace(state_of(estimator), fitted=True, **changes))


def short(path: str) -> str:
    """Return a class's name without its module."""
    return path.rpartition(".")[2]


def two_axes(value: Value, function: str) -> Array | None:
    """Return data that must have two axes as an array (None where it is not known); another rank is refused, as scikit-learn does."""
    a = as_array(value)
    if a is None and isinstance(value, LibObj) and value.path == SPARSE:
        return sparse_array(value)
    if a is None or a.shape is None:
        return None
    if len(a.shape) == 2:
        return a
    raise Mismatch(RankDemanded(function, a.shape, "data of two axes, (samples, features)", _advice(value, a)), *_blame(value))


def _advice(value: Value, a: Array) -> str | None:
    assert a.shape is not None
    if len(a.shape) > 2:
        return "reshape to (-1, features) first, and back afterwards"
    if len(a.shape) == 1:
        if isinstance(value, LibObj):
            return "pick the column as a table, df[['name']], or use .values.reshape(-1, 1)"
        return "reshape(-1, 1) makes it one feature, reshape(1, -1) one sample"
    return None


def _blame(value: Value) -> tuple[Value, ...]:
    return (value,) if isinstance(value, Array) else ()


def sparse_array(value: Value) -> Array | None:
    """Return the array that a sparse matrix stands for."""
    state = value.state
    return state if isinstance(state, Array) else None


def sparse(shape: Shape, dtype: str | None = "float64") -> LibObj:
    """Return a sparse matrix."""
    return LibObj(SPARSE, Array(shape, dtype))


def same_features(estimator: Value, a: Array | None, method: str) -> None:
    """Refuse data with another number of columns than `fit` saw."""
    if a is None or a.shape is None or len(a.shape) != 2:
        return
    state = state_of(estimator)
    if state.fitted and same(a.shape[1], state.features) is False:
        raise Mismatch(FeatureCount(short(estimator.path), method, a.shape[1], state.features), a)


def same_lengths(function: str, values: Sequence[Value]) -> Dim:
    """Refuse arrays of different lengths; return the length they all have."""
    lengths = [rows_of(v) for v in values if v is not None]
    known = [d for d in lengths if is_exact(d)]
    for i, a in enumerate(known):
        for b in known[i + 1 :]:
            if same(a, b) is False:
                raise Mismatch(InconsistentLengths(function, tuple(known)), *(v for v in values if isinstance(v, Array)))
    plain = [d for d in known if isinstance(d, int)]
    return plain[0] if plain else known[0] if known else UNKNOWN_DIM


def rows_of(value: Value) -> Dim:
    """Return how many samples `value` holds."""
    if isinstance(value, LibObj) and value.path == SPARSE:
        a = sparse_array(value)
        return a.shape[0] if a is not None and a.shape else UNKNOWN_DIM
    return samples(value)


def one_axis(value: Value, function: str) -> Array | None:
    """Return labels that must have one axis (a second of length 1 is let through) as an array."""
    a = as_array(value)
    if a is None or a.shape is None:
        return None
    if len(a.shape) == 1 or (len(a.shape) == 2 and same(a.shape[1], 1) is not False):
        return a
    if len(a.shape) == 0 and not isinstance(value, (Array, ListObj)):
        return None
    hint = "take back the one-hot encoding: np.argmax(y, axis=1)" if len(a.shape) == 2 else None
    raise Mismatch(RankDemanded(function, a.shape, "labels of one axis", hint), *_blame(value))


def plain_data(a: Array | None) -> tuple[Value, ...] | None:
    """Return the elements of an array where all are known and hashable."""
    if a is None or a.data is None or not all(isinstance(v, (str, int, float)) for v in a.data):
        return None
    return a.data
