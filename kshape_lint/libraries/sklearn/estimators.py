"""Classifiers, regressors and clusterings: what `fit` demands, what `predict` gives."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, AnyScalar, Array, LibObj, Value, fresh, fresh_unknown
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same
from ..api import bases, models
from ..arraylike import as_array
from .checks import Estimator, fitted, one_axis, rows_of, same_features, same_lengths, short, state_of, two_axes

_BASE, _CLASSIFIER, _REGRESSOR, _CLUSTER = "sklearn.<estimator>", "sklearn.<classifier>", "sklearn.<regressor>", "sklearn.<cluster>"
for _path in (_CLASSIFIER, _REGRESSOR, _CLUSTER):
    bases(_path, _BASE)

_CLASSIFIERS = (
    "linear_model.LogisticRegression linear_model.SGDClassifier linear_model.Perceptron "
    "svm.SVC svm.LinearSVC naive_bayes.GaussianNB naive_bayes.MultinomialNB naive_bayes.BernoulliNB "
    "ensemble.GradientBoostingClassifier ensemble.AdaBoostClassifier ensemble.BaggingClassifier ensemble.HistGradientBoostingClassifier "
    "discriminant_analysis.LinearDiscriminantAnalysis discriminant_analysis.QuadraticDiscriminantAnalysis "
    "linear_model.LogisticRegressionCV "
    "svm.NuSVC naive_bayes.ComplementNB linear_model.PassiveAggressiveClassifier gaussian_process.GaussianProcessClassifier"
)
_MANY_LABELS = (
    "linear_model.RidgeClassifier linear_model.RidgeClassifierCV tree.ExtraTreeClassifier "
    "ensemble.RandomForestClassifier ensemble.ExtraTreesClassifier tree.DecisionTreeClassifier neighbors.KNeighborsClassifier "
    "neural_network.MLPClassifier"
)
_REGRESSORS = (
    "linear_model.LinearRegression linear_model.Ridge linear_model.Lasso linear_model.ElasticNet svm.SVR svm.LinearSVR "
    "tree.DecisionTreeRegressor ensemble.RandomForestRegressor ensemble.ExtraTreesRegressor "
    "ensemble.GradientBoostingRegressor neighbors.KNeighborsRegressor neural_network.MLPRegressor linear_model.SGDRegressor "
    "linear_model.RidgeCV linear_model.Lars linear_model.LassoLars linear_model.LassoCV linear_model.ElasticNetCV "
    "linear_model.BayesianRidge linear_model.HuberRegressor linear_model.PoissonRegressor svm.NuSVR tree.ExtraTreeRegressor "
    "ensemble.BaggingRegressor ensemble.HistGradientBoostingRegressor ensemble.AdaBoostRegressor"
)
_CLUSTERS = "cluster.KMeans cluster.MiniBatchKMeans cluster.DBSCAN cluster.AgglomerativeClustering mixture.GaussianMixture"
_ONE_LABEL = frozenset(name.rpartition(".")[2] for name in _CLASSIFIERS.split())
"""Classifiers that refuse labels of two axes."""
_KEEPS_RANK = ("LinearRegression", "Ridge")
"""Regressors whose predictions have the rank of the targets, a second axis of 1 included."""

_FIRST = dict.fromkeys(
    (f"ensemble.{name}" for name in ("AdaBoostClassifier", "AdaBoostRegressor", "BaggingClassifier", "BaggingRegressor")), "estimator"
) | {"gaussian_process.GaussianProcessClassifier": "kernel"}


def _register(name: str, base: str) -> None:
    path = f"sklearn.{name}"
    bases(path, base)

    @models(path)
    def make(*args: Value, **kwargs: Value) -> Value:
        """An estimator, not fitted yet."""
        first = {"n_clusters" if base == _CLUSTER else _FIRST.get(name, ""): args[0]} if args else {}
        return LibObj(path, Estimator(first | kwargs))


for _names, _base in ((_CLASSIFIERS, _CLASSIFIER), (_MANY_LABELS, _CLASSIFIER), (_REGRESSORS, _REGRESSOR), (_CLUSTERS, _CLUSTER)):
    for _name in _names.split():
        _register(_name, _base)


def _data(self: Value, X: Value, function: str) -> Array | None:
    """Return the data as an array of two axes; what is made of other estimators, or of a kernel, leaves to those what it takes."""
    config = state_of(self).config
    left = "estimator" in config or ("kernel" in config and short(self.path).startswith("GaussianProcess"))
    return as_array(X) if left else two_axes(X, function)


def _learn(self: Value, X: Value, y: Value) -> None:
    name = short(self.path)
    a = _data(self, X, f"{name}.fit")
    if y is not None:
        if name in _ONE_LABEL:
            one_axis(y, f"{name}.fit")
        same_lengths(f"{name}.fit", [X, y])
    target = as_array(y)
    columns = a.shape[1] if a is not None and a.shape is not None and len(a.shape) == 2 else UNKNOWN_DIM
    fitted(self, features=columns, target=target.shape if target is not None else None, extra=target.dtype if target is not None else None)


@models(_BASE + ".fit")
def fit(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Learn."""
    _learn(self, X, y)
    return self


@models(_BASE + ".partial_fit")
def partial_fit(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Learn more."""
    if state_of(self).fitted:
        a = _data(self, X, f"{short(self.path)}.partial_fit")
        same_features(self, a, "partial_fit")
        return self
    _learn(self, X, y)
    return self


def _rows(self: Value, X: Value, method: str) -> Dim:
    a = _data(self, X, f"{short(self.path)}.{method}")
    same_features(self, a, method)
    rows = a.shape[0] if a is not None and a.shape else rows_of(X)
    return rows if is_exact(rows) else UNKNOWN_DIM


@models(_CLASSIFIER + ".predict", _REGRESSOR + ".predict")
def predict(self: Value, X: Value, *args: Value, **kwargs: Value) -> Value:
    """One prediction for each sample."""
    rows = _rows(self, X, "predict")
    state = state_of(self)
    shape = _prediction(short(self.path), rows, state.target)
    return Array(shape, state.extra if isinstance(state.extra, str) else None)


def _prediction(name: str, rows: Dim, target: Shape | None) -> Shape | None:
    if target is None or not target:
        return None
    if len(target) == 1 or name in _ONE_LABEL:
        return (rows,)
    if len(target) != 2:
        return None
    single = same(target[1], 1)
    if single is None:
        return None
    if single and name not in _KEEPS_RANK:
        return None if name.startswith("KNeighbors") else (rows,)
    return (rows, target[1])


@models(_CLUSTER + ".predict", _CLUSTER + ".fit_predict")
def cluster(self: Value, X: Value, y: Value = None, *args: Value) -> Value:
    """The number of each sample's cluster."""
    return Array((_rows(self, X, "predict"),), "int32")


@models("sklearn.cluster.KMeans.transform", "sklearn.cluster.KMeans.fit_transform")
def distances(self: Value, X: Value, y: Value = None, *args: Value) -> Value:
    """How far each sample is from each centre."""
    count = state_of(self).config.get("n_clusters", 8)
    return Array((_rows(self, X, "transform"), count if is_exact(count) else UNKNOWN_DIM), "float64")


@models(_CLUSTER + ".labels_", kind="property")
def labels(self: Value) -> Value:
    """The number of each sample's cluster."""
    return Array((UNKNOWN_DIM,), "int32")


@models(_CLUSTER + ".cluster_centers_", kind="property")
def centers(self: Value) -> Value:
    """One row for each cluster."""
    state = state_of(self)
    count = state.config.get("n_clusters", 8)
    return Array((count if is_exact(count) else UNKNOWN_DIM, state.features), "float64")


@models(_CLASSIFIER + ".predict_proba", _CLASSIFIER + ".predict_log_proba")
def predict_proba(self: Value, X: Value, *args: Value) -> Value:
    """One row for each sample, one column for each class."""
    rows = _rows(self, X, "predict_proba")
    target = state_of(self).target
    return Array((rows, fresh("k")), "float64") if target is not None and len(target) == 1 else UNKNOWN


@models(_CLASSIFIER + ".score", _REGRESSOR + ".score")
def score(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """One number."""
    _rows(self, X, "score")
    same_lengths(f"{short(self.path)}.score", [X, y])
    return AnyScalar("float64", fresh_unknown().key)


@models(_BASE + ".feature_importances_", kind="property")
def importances(self: Value) -> Value:
    """One number for each feature."""
    return Array((state_of(self).features,), "float64") if state_of(self).fitted else UNKNOWN


@models(_BASE + ".coef_", kind="property")
def coefficients(self: Value) -> Value:
    """One weight for each feature, of several targets one row each."""
    state, target = state_of(self), state_of(self).target
    if target is None or short(self.path) not in ("LinearRegression", "Ridge", "Lasso", "ElasticNet"):
        return UNKNOWN
    if len(target) == 1:
        return Array((state.features,), "float64")
    several = len(target) == 2 and isinstance(target[1], int) and target[1] > 1
    return Array((target[1], state.features), "float64") if several else UNKNOWN
