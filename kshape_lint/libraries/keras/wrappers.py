"""Models as estimators of scikit-learn: Keras's own wrappers, those of SciKeras, and those that Keras 2 once had."""

from __future__ import annotations

from typing import Any

from ...interpreter.frames import Function
from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, LibObj, Unknown, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import alias, bases, call, host, models
from ..arraylike import as_array, samples
from .objects import ModelObj

_BASE = "keras.wrappers.<estimator>"
_OLD = "keras.wrappers.scikit_learn"
_KINDS = {
    "keras.wrappers.SKLearnClassifier": "keras",
    "keras.wrappers.SKLearnRegressor": "keras",
    "scikeras.wrappers.KerasClassifier": "scikeras",
    "scikeras.wrappers.KerasRegressor": "scikeras",
    f"{_OLD}.KerasClassifier": "old",
    f"{_OLD}.KerasRegressor": "old",
}
alias("keras.wrappers.scikit_learn.BaseWrapper", _BASE)


def _register(path: str) -> None:
    bases(path, _BASE)

    @models(path)
    def make(model: Value = None, *args: Value, **kwargs: Value) -> Value:
        """A model, or a function that builds one, as an estimator."""
        built = kwargs.pop("build_fn", None)
        return LibObj(path, {"model": model if model is not None else built, "config": kwargs, "fitted": None, "rank": None})


for _path in _KINDS:
    _register(_path)


def _state(self: Value) -> dict[str, Any]:
    state = self.state
    return state if isinstance(state, dict) and "config" in state else {"model": UNKNOWN, "config": {}, "fitted": None, "rank": None}


def _built(self: Value, X: Value, y: Value) -> Value:
    """Return the model that the estimator is made of, built anew."""
    state = _state(self)
    model, config = state["model"], state["config"]
    if isinstance(model, ModelObj):
        return model
    if _KINDS.get(self.path) == "keras":
        options = config.get("model_kwargs")
        known = options.state if isinstance(options, DictObj) and isinstance(options.state, dict) else {} if options is None else None
        if known is None or not all(isinstance(name, str) for name in known):
            return UNKNOWN
        return call(model, X, _target(self, y), **known)
    if not isinstance(model, Function):
        return UNKNOWN
    data = as_array(X)
    shape = data.shape if data is not None else None
    given = {name.removeprefix("model__"): value for name, value in config.items()}
    width = shape[1] if shape is not None and len(shape) > 1 else UNKNOWN
    given.setdefault("meta", DictObj({OTHERS: UNKNOWN, "n_features_in_": width if is_exact(width) else UNKNOWN}))
    given.setdefault("compile_kwargs", DictObj({OTHERS: UNKNOWN}))
    taken = {p.name for p in model.node.params if p.kind in ("normal", "keyword")}
    return call(model, **{name: value for name, value in given.items() if name in taken})


def _target(self: Value, y: Value) -> Value:
    """Return the labels as Keras's own wrappers give them to the model."""
    a = as_array(y)
    if a is None or a.shape is None or len(a.shape) != 1:
        return UNKNOWN
    return Array((a.shape[0], fresh("k")), "float64") if self.path.endswith("Classifier") else Array((a.shape[0], 1), a.dtype)


@models(_BASE + ".fit")
def fit(self: Value, X: Value, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Build the model and train it."""
    model = _built(self, X, y)
    labels = as_array(y)
    rank = None if labels is None or labels.shape is None else len(labels.shape)
    self.put({**_state(self), "fitted": model, "rank": rank})
    data = _data(X)
    if isinstance(model, Unknown) or data is None:
        return self
    if _KINDS.get(self.path) == "keras":
        call(host().attribute(model, "fit"), data, _target(self, y))
    else:
        # What the labels are made into hangs on the loss and on what they are; the data reach the model as they are.
        call(host().attribute(model, "predict"), data)
    return self


def _data(X: Value) -> Value:
    return as_array(X) if isinstance(X, (Array, LibObj)) else None


def _rows(X: Value) -> Dim:
    rows = samples(X)
    return rows if is_exact(rows) else UNKNOWN_DIM


@models(_BASE + ".predict")
def predict(self: Value, X: Value, *args: Value, **kwargs: Value) -> Value:
    """One label or number for each sample."""
    state = _state(self)
    data = _data(X)
    if state["fitted"] is not None and not isinstance(state["fitted"], Unknown) and data is not None:
        call(host().attribute(state["fitted"], "predict"), data)
    return Array((_rows(X),), None) if state["rank"] == 1 else UNKNOWN


@models(_BASE + ".predict_proba", _BASE + ".score", _BASE + ".get_params", _BASE + ".save_model")
def other(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Not known."""
    return UNKNOWN


@models(_BASE + ".set_params")
def set_params(self: Value, **params: Value) -> Value:
    """Change arguments."""
    state = _state(self)
    self.put({**state, "config": {**state["config"], **params}})
    return self


@models(_BASE + ".model_", _BASE + ".model", kind="property")
def inner_model(self: Value) -> Value:
    """The model that was trained."""
    model = _state(self)["fitted"]
    return UNKNOWN if model is None else model
