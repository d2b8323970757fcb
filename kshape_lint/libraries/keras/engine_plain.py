"""Keras classes without any bearing on shapes: callbacks, optimizers, initializers, regularizers, constraints, schedules; and variables."""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.values import Array, LibObj, Value
from ...shapes import UNKNOWN_DIM
from ..api import as_shape, bases, lookup, models
from .engine_graph import settle

NAMES: dict[str, str] = {
    "keras.callbacks": "BackupAndRestore BaseLogger Callback CallbackList CSVLogger EarlyStopping History LambdaCallback "
    "LearningRateScheduler ModelCheckpoint ProgbarLogger ReduceLROnPlateau RemoteMonitor SwapEMAWeights TensorBoard TerminateOnNaN",
    "keras.optimizers": "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam Optimizer RMSprop SGD",
    "keras.optimizers.schedules": "CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay LearningRateSchedule "
    "PiecewiseConstantDecay PolynomialDecay",
    "keras.initializers": "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity Initializer LecunNormal LecunUniform Ones "
    "Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT TruncatedNormal VarianceScaling Zeros",
    "keras.regularizers": "L1 L1L2 L2 OrthogonalRegularizer Regularizer",
    "keras.constraints": "Constraint MaxNorm MinMaxNorm NonNeg UnitNorm",
}
"""Classes whose objects say nothing about shapes, by module."""


def register() -> None:
    """Register a model for each of `NAMES` that has none."""
    for module, names in NAMES.items():
        for name in names.split():
            path = f"{module}.{name}"
            if lookup(path) is None:
                models(path)(_maker(path))
    for name in NAMES["keras.callbacks"].split():
        if name != "Callback":
            bases(f"keras.callbacks.{name}", "keras.callbacks.Callback")


def _maker(path: str) -> Callable[..., Value]:
    def make(*args: Value, **kwargs: Value) -> Value:
        return LibObj(path, {f"argument {i}": a for i, a in enumerate(args)} | kwargs)

    make.__doc__ = f"Model of ``{path}``."
    return make


@models("keras.Variable")
def variable(initializer: Value = None, shape: Value = None, dtype: Value = None, trainable: Value = True, **kwargs: Value) -> Value:
    """Model of ``keras.Variable``."""
    name = dtype if isinstance(dtype, str) else None
    if isinstance(initializer, Array):
        return Array(initializer.shape, name or initializer.dtype, "variable", bounds=initializer.bounds)
    if isinstance(initializer, (int, float)):
        return Array((), name or "float32", "variable")
    if shape is None:
        return Array(None, name, "variable")
    given = as_shape(settle(shape))
    return Array(None if given is None else tuple(UNKNOWN_DIM if d is None else d for d in given), name or "float32", "variable")


register()
