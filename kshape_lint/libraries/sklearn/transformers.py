"""Scalers and decompositions: two axes in, two axes out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from ...interpreter.values import UNKNOWN, Array, LibObj, Value, fresh
from ...records import replace
from ...rules.arrays import RankDemanded
from ...rules.data import FeatureCount
from ...shapes import UNKNOWN_DIM, Dim, at_least, is_exact, same
from ...shapes.reshape import lesser, plus
from ..api import Mismatch, bases, models
from .checks import Estimator, fitted, same_features, short, state_of, two_axes

_BASE = "sklearn.<transformer>"
Outputs: TypeAlias = "Callable[[dict[str, Value], Array], Dim]"
"""How many columns a transformer gives, from its configuration and the data it is fitted on."""


def _columns(a: Array) -> Dim:
    return a.shape[1] if a.shape else UNKNOWN_DIM


def _same(config: dict[str, Value], a: Array) -> Dim:
    return _columns(a)


def _components(config: dict[str, Value], a: Array) -> Dim:
    n = config.get("n_components")
    if is_exact(n) and not isinstance(n, bool):
        return n
    if n is None:
        rows = a.shape[0] if a.shape else UNKNOWN_DIM
        least = lesser(rows, _columns(a)) if is_exact(rows) and is_exact(_columns(a)) else UNKNOWN_DIM
        return least if is_exact(least) else fresh("k")
    return fresh("k")


def _of_rank(config: dict[str, Value], a: Array) -> Dim:
    """As many components as asked for, else as have an eigenvalue that is not zero."""
    asked = config.get("n_components") is not None and config.get("remove_zero_eig", False) is False
    return _components(config, a) if asked else fresh("k", 0)


def _at_most(config: dict[str, Value], a: Array) -> Dim:
    """As many components as asked for, or as the data allow."""
    n = _components(config, a)
    least = lesser(n, _components({}, a)) if is_exact(n) else n
    return least if is_exact(least) else fresh("k")


def _two_components(config: dict[str, Value], a: Array) -> Dim:
    return _components({"n_components": 2, **config}, a)


def _polynomial(config: dict[str, Value], a: Array) -> Dim:
    degree, features = config.get("degree", 2), _columns(a)
    if not isinstance(degree, int) or not isinstance(features, int) or features > 200 or degree > 10:
        return fresh("k")
    if config.get("interaction_only", False) is True:
        count = sum(math.comb(features, d) for d in range(degree + 1))
    elif config.get("interaction_only", False) is False:
        count = math.comb(features + degree, degree)
    else:
        return fresh("k")
    bias = config.get("include_bias", True)
    return count if bias is True else count - 1 if bias is False else fresh("k")


def _selected(config: dict[str, Value], a: Array) -> Dim:
    k = config.get("k", 10)
    return k if is_exact(k) else _columns(a) if k == "all" else fresh("k")


def _open(config: dict[str, Value], a: Array) -> Dim:
    return fresh("k")


def _imputed(config: dict[str, Value], a: Array) -> Dim:
    """Columns in which every value is missing are dropped; those of which nothing is known are taken to hold something."""
    columns = _columns(a)
    if config.get("add_indicator", False) is not False:
        return fresh("k")
    if config.get("keep_empty_features", False) is True:
        return columns
    missing = config.get("missing_values", math.nan)
    if a.data is None or not isinstance(columns, int):
        return columns if isinstance(missing, (int, float)) else fresh("k")
    if not isinstance(missing, (int, float)) or config.get("keep_empty_features", False) is not False:
        return fresh("k")
    return columns - sum(bool(c) and all(_is_missing(v, missing) for v in c) for c in (a.data[i::columns] for i in range(columns)))


def _is_missing(value: Value, missing: float) -> bool:
    return isinstance(value, (int, float)) and (value == missing or (value != value and missing != missing))


_ALL: dict[str, tuple[tuple[str, ...], Outputs]] = {
    "preprocessing.StandardScaler": (("copy", "with_mean", "with_std"), _same),
    "preprocessing.MinMaxScaler": (("feature_range", "copy", "clip"), _same),
    "preprocessing.RobustScaler": ((), _same),
    "preprocessing.MaxAbsScaler": ((), _same),
    "preprocessing.Normalizer": (("norm",), _same),
    "preprocessing.Binarizer": (("threshold",), _same),
    "preprocessing.QuantileTransformer": (("n_quantiles",), _same),
    "preprocessing.PowerTransformer": (("method",), _same),
    "preprocessing.OrdinalEncoder": ((), _same),
    "preprocessing.PolynomialFeatures": (("degree", "interaction_only", "include_bias"), _polynomial),
    "impute.SimpleImputer": (("missing_values",), _imputed),
    "impute.KNNImputer": ((), _imputed),
    "impute.IterativeImputer": ((), _imputed),
    "preprocessing.Imputer": ((), _same),
    "decomposition.PCA": (("n_components",), _components),
    "decomposition.IncrementalPCA": (("n_components",), _components),
    "decomposition.KernelPCA": (("n_components",), _of_rank),
    "decomposition.SparsePCA": (("n_components",), _components),
    "decomposition.FastICA": (("n_components",), _at_most),
    "decomposition.FactorAnalysis": (("n_components",), _components),
    "decomposition.NMF": (("n_components",), _components),
    "decomposition.TruncatedSVD": (("n_components",), _two_components),
    "manifold.TSNE": (("n_components",), _two_components),
    "manifold.MDS": (("n_components",), _two_components),
    "manifold.Isomap": (("n_neighbors",), _two_components),
    "manifold.LocallyLinearEmbedding": (("n_neighbors",), _two_components),
    "random_projection.GaussianRandomProjection": (("n_components",), _open),
    "feature_selection.SelectKBest": (("score_func", "k"), _selected),
    "feature_selection.VarianceThreshold": (("threshold",), _open),
}
_SCALERS = ("StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler")
_COMPONENTS = ("PCA", "IncrementalPCA", "TruncatedSVD", "NMF", "FastICA", "SparsePCA")


def _register(name: str, parameters: tuple[str, ...]) -> None:
    path = f"sklearn.{name}"
    bases(path, _BASE)

    @models(path)
    def make(*args: Value, **kwargs: Value) -> Value:
        """A transformer, not fitted yet."""
        return LibObj(path, Estimator(dict(zip(parameters, args)) | kwargs))


for _name, (_parameters, _) in _ALL.items():
    _register(_name, _parameters)


def _learn(self: Value, X: Value, method: str) -> Array | None:
    a = two_axes(X, f"{short(self.path)}.{method}")
    if a is None:
        fitted(self, features=UNKNOWN_DIM, outputs=_of_unknown(self))
        return None
    _enough(self, a)
    outputs = _ALL[self.path.removeprefix("sklearn.")][1](state_of(self).config, a)
    fitted(self, features=_columns(a), outputs=outputs)
    return a


def _enough(self: Value, a: Array) -> None:
    """Refuse more principal components than there are samples or features."""
    n = state_of(self).config.get("n_components")
    if self.path != "sklearn.decomposition.PCA" or not isinstance(n, int) or isinstance(n, bool):
        return
    if any(at_least(d, n) is False for d in a.shape or () if isinstance(d, int)):
        raise Mismatch(RankDemanded(f"PCA(n_components={n})", a.shape or (), f"at least {n} samples and {n} features"), a)


def _of_unknown(self: Value) -> Dim:
    """How many columns come out where nothing is known of those that go in."""
    outputs = _ALL[self.path.removeprefix("sklearn.")][1]
    config = state_of(self).config
    if outputs in (_components, _two_components, _at_most):
        n = config.get("n_components", 2 if outputs is _two_components else None)
        return n if is_exact(n) else fresh("k")
    return fresh("w")


def result(self: Value, rows: Dim, width: Dim, dtype: str | None = "float64") -> Value:
    """Return what a transformer gives: an array, or a table where `set_output` said so."""
    asked = state_of(self).config.get("<output>")
    if asked is None:
        return Array((rows, width), dtype)
    if asked == "pandas":
        from ..pandas.state import frame

        return frame(rows, width, dtype=dtype)
    return Array((rows, width), dtype) if asked == "default" else UNKNOWN


def _dtype(a: Array | None) -> str | None:
    return None if a is None or a.dtype is None else a.dtype if a.dtype in ("float32", "float16") else "float64"


def _out(self: Value, a: Array | None, rows: Dim) -> Value:
    return result(self, rows if is_exact(rows) else UNKNOWN_DIM, state_of(self).outputs, _dtype(a))


def _rows(a: Array | None, X: Value) -> Dim:
    from .checks import rows_of

    return a.shape[0] if a is not None and a.shape else rows_of(X)


@models(_BASE + ".fit")
def fit(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Learn the columns."""
    _learn(self, X, "fit")
    return self


@models(_BASE + ".partial_fit")
def partial_fit(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Learn more."""
    if state_of(self).fitted:
        same_features(self, two_axes(X, f"{short(self.path)}.partial_fit"), "partial_fit")
    else:
        _learn(self, X, "partial_fit")
    return self


@models(_BASE + ".fit_transform")
def fit_transform(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Learn and transform."""
    a = _learn(self, X, "fit_transform")
    return _out(self, a, _rows(a, X))


@models(_BASE + ".transform")
def transform(self: Value, X: Value, *args: Value, **kwargs: Value) -> Value:
    """Transform data with as many columns as were learnt."""
    a = two_axes(X, f"{short(self.path)}.transform")
    same_features(self, a, "transform")
    state = state_of(self)
    if not state.fitted:
        return result(self, _rows(a, X), UNKNOWN_DIM, _dtype(a))
    return _out(self, a, _rows(a, X))


@models(_BASE + ".inverse_transform")
def inverse_transform(self: Value, X: Value, *args: Value, **kwargs: Value) -> Value:
    """Back to what was given."""
    a = two_axes(X, f"{short(self.path)}.inverse_transform")
    state = state_of(self)
    rows = _rows(a, X)
    if a is None or not state.fitted:
        return Array((rows if is_exact(rows) else UNKNOWN_DIM, state.features if state.fitted else UNKNOWN_DIM), "float64")
    name = short(self.path)
    if name in _SCALERS:
        if same(_columns(a), state.features) is False and same(state.features, 1) is False:
            raise Mismatch(FeatureCount(name, "inverse_transform", _columns(a), state.features), X)
        # What was learnt of one column is broadcast over as many as there are.
        return Array((rows, _columns(a)), _dtype(a))
    if name in _COMPONENTS and same(_columns(a), state.outputs) is False:
        raise Mismatch(FeatureCount(name, "inverse_transform", _columns(a), state.outputs), X)
    return Array((rows, state.features), None)


@models(_BASE + ".set_output")
def set_output(self: Value, *, transform: Value = None) -> Value:
    """Choose what `transform` gives: arrays or tables."""
    state = state_of(self)
    self.put(replace(state, config={**state.config, "<output>": transform}))
    return self


@models(
    *(f"{_BASE}.{name}" for name in ("mean_", "scale_", "var_", "min_", "data_min_", "data_max_", "data_range_", "center_")),
    kind="property",
)
def learnt(self: Value) -> Value:
    """One number for each column; those that the estimator was told to leave alone are None."""
    state = state_of(self)
    if any(state.config.get(part, True) is not True for part in ("with_mean", "with_std", "with_centering", "with_scaling")):
        return UNKNOWN
    return Array((state.features,), "float64")


@models(_BASE + ".components_", kind="property")
def components(self: Value) -> Value:
    """One row for each component."""
    state = state_of(self)
    return Array((state.outputs, state.features), "float64")


@models(*(f"{_BASE}.{name}" for name in ("explained_variance_", "explained_variance_ratio_", "singular_values_")), kind="property")
def variances(self: Value) -> Value:
    """One number for each component."""
    return Array((state_of(self).outputs,), "float64")


@models(_BASE + ".n_features_in_", kind="property")
def n_features(self: Value) -> Value:
    """The number of columns learnt."""
    features = state_of(self).features
    return features if is_exact(features) else UNKNOWN


@models(_BASE + ".n_components_", kind="property")
def n_components(self: Value) -> Value:
    """The number of components."""
    outputs = state_of(self).outputs
    return outputs if is_exact(outputs) else UNKNOWN


@models("sklearn.preprocessing.add_dummy_feature")
def add_dummy_feature(X: Value, value: Value = 1.0) -> Value:
    """A column in front of the others."""
    a = two_axes(X, "sklearn.preprocessing.add_dummy_feature")
    if a is None or a.shape is None or len(a.shape) != 2:
        return UNKNOWN
    return Array((a.shape[0], plus(a.shape[1], 1)), _dtype(a))


@models("sklearn.preprocessing.normalize", "sklearn.preprocessing.binarize")
def normalize(X: Value, *args: Value, **kwargs: Value) -> Value:
    """A function that demands two axes."""
    a = two_axes(X, "sklearn.preprocessing.normalize")
    return UNKNOWN if a is None or kwargs.get("return_norm") is not None else Array(a.shape, _dtype(a))


@models(*(f"sklearn.preprocessing.{name}" for name in ("scale", "minmax_scale", "robust_scale", "maxabs_scale", "quantile_transform")))
def scale(X: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape, of one axis or two."""
    from ..arraylike import as_array

    a = as_array(X)
    return Array(a.shape, _dtype(a)) if a is not None else UNKNOWN
