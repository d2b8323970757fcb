"""Cross-validation and searches: an estimator is fitted on part of the data, with arguments that may vary."""

from __future__ import annotations

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, LibObj, Unknown, Value, fresh
from ...records import replace
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import call, host, items, models
from ..arraylike import as_array, take_rows
from .checks import Estimator, same_lengths, state_of
from .pipelines import clone

_BASE = "sklearn.model_selection."
_SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")


def _fitted(estimator: Value, X: Value, y: Value) -> Value:
    """Fit a copy of an estimator, as on each fold; that all fits failed is told at the call that wanted them."""
    copy = clone(estimator) if isinstance(estimator, LibObj) else UNKNOWN
    if isinstance(copy, LibObj) and host().has_attribute(copy, "fit"):
        host().call_traced(host().attribute(copy, "fit"), (X,) if y is None else (X, y), {})
    return copy


def _of_fold(X: Value, y: Value) -> tuple[Value, Value]:
    """Return the samples and labels of a fold to train on."""
    rows = fresh("n_train")
    return take_rows(X, rows), None if y is None else take_rows(y, rows)


def _folds(cv: Value) -> Dim:
    return 5 if cv is None else cv if is_exact(cv) else UNKNOWN_DIM


@models(_BASE + "cross_val_score")
def cross_val_score(estimator: Value, X: Value, y: Value = None, *args: Value, cv: Value = None, **kwargs: Value) -> Value:
    """One score for each fold."""
    same_lengths("cross_val_score", [X, y])
    _fitted(estimator, *_of_fold(X, y))
    return Array((_count(cv),), "float64")


def _count(cv: Value) -> Dim:
    if isinstance(cv, LibObj) and isinstance(cv.state, Estimator):
        splits, repeats = cv.state.config.get("n_splits"), cv.state.config.get("n_repeats")
        return splits if is_exact(splits) and repeats is None and "Repeated" not in cv.path and "LeaveOne" not in cv.path else UNKNOWN_DIM
    return _folds(cv)


@models(_BASE + "cross_validate")
def cross_validate(estimator: Value, X: Value, y: Value = None, *args: Value, cv: Value = None, **kwargs: Value) -> Value:
    """Scores and times, one for each fold."""
    same_lengths("cross_validate", [X, y])
    _fitted(estimator, *_of_fold(X, y))
    return DictObj({OTHERS: Array((_count(cv),), "float64")}) if kwargs.keys() <= {"scoring", "return_train_score", "n_jobs"} else UNKNOWN


@models(_BASE + "cross_val_predict")
def cross_val_predict(estimator: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """One prediction for each sample."""
    rows = same_lengths("cross_val_predict", [X, y])
    _fitted(estimator, *_of_fold(X, y))
    labels = as_array(y)
    plain = labels is not None and labels.shape is not None and len(labels.shape) == 1 and "method" not in kwargs and not args
    return Array((rows,), None) if plain else UNKNOWN


def _register(name: str) -> None:
    path = _BASE + name

    @models(path)
    def search(estimator: Value, param_grid: Value = None, *args: Value, **kwargs: Value) -> Value:
        """A search through arguments of an estimator."""
        grid = param_grid if param_grid is not None else kwargs.get("param_distributions", UNKNOWN)
        return LibObj(path, Estimator({"estimator": estimator, "grid": grid}))

    @models(path + ".fit")
    def fit(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
        """Fit the estimator with each of the arguments on each fold, and with the best ones on all."""
        same_lengths(f"{name}.fit", [X, y])
        state = state_of(self)
        loose = loosened(state.config.get("estimator", UNKNOWN), _names(state.config.get("grid", UNKNOWN)))
        self.put(replace(state, fitted=True, extra=_fitted(loose, X, y)))
        return self

    def delegated(method: str) -> None:
        @models(f"{path}.{method}")
        def ask(self: Value, *args: Value, **kwargs: Value) -> Value:
            """What the best estimator gives."""
            best = state_of(self).extra
            return call(host().attribute(best, method), *args, **kwargs) if isinstance(best, LibObj) else UNKNOWN

    for each in ("predict", "predict_proba", "transform", "inverse_transform"):
        delegated(each)

    @models(path + ".best_estimator_", kind="property")
    def best_estimator(self: Value) -> Value:
        """The estimator with the best arguments, fitted on all."""
        best = state_of(self).extra
        return best if isinstance(best, LibObj) else UNKNOWN

    @models(path + ".score")
    def score(self: Value, *args: Value, **kwargs: Value) -> Value:
        """One number."""
        return UNKNOWN


for _name in _SEARCHES:
    _register(_name)


def _names(grid: Value) -> list[str] | None:
    """Return the arguments that a search varies, None where that is not known."""
    grids = (grid,) if isinstance(grid, DictObj) else items(grid) if not isinstance(grid, Unknown) else None
    out: list[str] = []
    for each in grids if grids is not None else (UNKNOWN,):
        if not isinstance(each, DictObj) or not isinstance(each.state, dict) or not all(isinstance(k, str) for k in each.state):
            return None
        out.extend(each.state)
    return out


def loosened(estimator: Value, names: list[str] | None) -> Value:
    """Return an estimator whose arguments of these names are not known."""
    if names is None or not isinstance(estimator, LibObj):
        return UNKNOWN
    if not names:
        return estimator
    state = estimator.state
    changed = dict.fromkeys((n.rpartition("__")[2] for n in names), UNKNOWN)
    if isinstance(state, Estimator):
        extra = (
            tuple(loosened(step, names) for step in state.extra)
            if isinstance(state.extra, tuple) and "Pipeline" in estimator.path
            else state.extra
        )
        return LibObj(estimator.path, replace(state, config={**state.config, **changed}, extra=extra))
    if not isinstance(state, dict) or not isinstance(state.get("config"), dict):
        return UNKNOWN
    # An estimator made of a Keras model.
    return LibObj(estimator.path, {**state, "config": {**state["config"], **changed}})
