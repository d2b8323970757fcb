"""Pipelines: one step after another."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, LibObj, ListObj, Value
from ...records import replace
from ..api import call, host, items, models
from .checks import Estimator, state_of

_PIPELINE = "sklearn.pipeline.Pipeline"


@models(_PIPELINE)
def pipeline(steps: Value, *args: Value, **kwargs: Value) -> Value:
    """Named steps."""
    pairs = items(steps)
    parts = [items(p) for p in pairs] if pairs is not None else []
    if pairs is None or not all(p is not None and len(p) == 2 for p in parts):
        return UNKNOWN
    return LibObj(_PIPELINE, Estimator(extra=tuple(p[1] for p in parts if p is not None)))


@models("sklearn.pipeline.make_pipeline")
def make_pipeline(*steps: Value, **kwargs: Value) -> Value:
    """Steps."""
    return LibObj(_PIPELINE, Estimator(extra=tuple(steps)))


@models("sklearn.base.clone")
def clone(estimator: Value, *, safe: Value = True) -> Value:
    """Another one of the same configuration; the steps of a pipeline are others too."""
    if not isinstance(estimator, LibObj):
        return estimator if isinstance(estimator, str) or estimator is None else UNKNOWN
    state = estimator.state
    if isinstance(state, Estimator):
        extra = tuple(clone(step) for step in _steps(estimator)) if estimator.path == _PIPELINE else state.extra
        state = replace(state, fitted=False, extra=extra)
    return LibObj(estimator.path, state)


def _steps(self: Value) -> tuple[Value, ...]:
    extra = state_of(self).extra
    return extra if isinstance(extra, tuple) else ()


def _through(steps: tuple[Value, ...], x: Value, method: str) -> Value:
    for step in steps:
        if step in ("passthrough", None):
            continue
        x = call(host().attribute(step, method), x)
    return x


_WITH_PARAMETERS = (
    *(_PIPELINE, "sklearn.pipeline.FeatureUnion", "sklearn.compose.ColumnTransformer", "sklearn.<transformer>", "sklearn.<vectorizer>"),
    *("sklearn.preprocessing.OneHotEncoder", "sklearn.preprocessing.KBinsDiscretizer", "sklearn.preprocessing.FunctionTransformer"),
)


@models(*(path + ".set_params" for path in _WITH_PARAMETERS))
def set_params(self: Value, **params: Value) -> Value:
    """Other arguments than those it was made with; of what stands in it, those named ``step__argument`` are not known any more."""
    inner = {name.rpartition("__")[2]: UNKNOWN for name in params if "__" in name}
    state = state_of(self)
    self.put(replace(state, config={**state.config, **{k: v for k, v in params.items() if "__" not in k}}))
    if inner:
        for one in _inside(state.extra):
            held = state_of(one)
            one.put(replace(held, config={**held.config, **inner}))
    return self


def _inside(value: Value) -> list[Value]:
    """Return the estimators that a tuple of steps holds, at any depth."""
    if isinstance(value, (tuple, ListObj)):
        return [one for part in items(value) or () for one in _inside(part)]
    if not isinstance(value, LibObj) or not isinstance(value.state, Estimator):
        return []
    return [value, *_inside(value.state.extra)]


@models(_PIPELINE + ".fit")
def fit(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """Fit each step on what the one before gives."""
    *before, last = _steps(self) or (None,)
    x = _through(tuple(before), X, "fit_transform")
    if last not in ("passthrough", None):
        call(host().attribute(last, "fit"), x, *(() if y is None else (y,)))
    return self


@models(_PIPELINE + ".fit_transform")
def fit_transform(self: Value, X: Value, y: Value = None, **kwargs: Value) -> Value:
    """Fit and transform step by step."""
    return _through(_steps(self), X, "fit_transform") if _steps(self) else UNKNOWN


@models(_PIPELINE + ".transform")
def transform(self: Value, X: Value, **kwargs: Value) -> Value:
    """Transform step by step."""
    return _through(_steps(self), X, "transform") if _steps(self) else UNKNOWN


@models(_PIPELINE + ".inverse_transform")
def inverse_transform(self: Value, X: Value, **kwargs: Value) -> Value:
    """Back, step by step."""
    return _through(_steps(self)[::-1], X, "inverse_transform") if _steps(self) else UNKNOWN


def _predicting(method: str) -> None:
    @models(f"{_PIPELINE}.{method}")
    def predict(self: Value, X: Value, **kwargs: Value) -> Value:
        """Transform, and predict by the last step."""
        steps = _steps(self)
        if not steps:
            return UNKNOWN
        return call(host().attribute(steps[-1], method), _through(steps[:-1], X, "transform"))


for _method in ("predict", "predict_proba", "predict_log_proba"):
    _predicting(_method)
