"""Makes networks for their shapes alone, which takes a fifth of the time or less.

In Keras 3 variables get no values, and layers do not look at what is put into their attributes. In Keras 2 a layer says what its output is
(``compute_output_shape``) in place of running in a graph, where its class knows.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def light(major: int) -> Iterator[None]:
    """Make the networks of a Keras for their shapes alone within this context."""
    working = gc.isenabled()
    gc.disable()  # a network is some hundred thousand objects: looking for garbage all the while takes half of the time
    gc.freeze()
    try:
        with _light3() if major == 3 else _light2():
            yield
    finally:
        gc.collect()
        gc.unfreeze()
        if working:
            gc.enable()


@contextlib.contextmanager
def _light3() -> Iterator[None]:
    scope: Any = importlib.import_module("keras.src.backend.common.stateless_scope")
    layer: Any = importlib.import_module("keras.src.layers.layer").Layer
    tracking = layer.__setattr__
    layer.__setattr__ = object.__setattr__
    try:
        with scope.StatelessScope(initialize_variables=False):
            yield
    finally:
        layer.__setattr__ = tracking


@contextlib.contextmanager
def _light2() -> Iterator[None]:
    layer: Any = importlib.import_module("tf_keras.src.engine.base_layer").Layer
    tensors: Any = importlib.import_module("tf_keras.src.engine.keras_tensor")
    keras: Any = importlib.import_module("tf_keras")
    tensorflow: Any = importlib.import_module("tensorflow")
    running = layer._infer_output_signature

    def said(self: Any, inputs: Any, *rest: Any) -> Any:
        if isinstance(self, keras.Model) or type(self).compute_output_shape is layer.compute_output_shape:
            return running(self, inputs, *rest)
        shape = self.compute_output_shape(tensorflow.nest.map_structure(lambda x: x.shape, inputs))
        return tensors.KerasTensor(tensorflow.TensorSpec(shape, self._compute_dtype or inputs.dtype))

    layer._infer_output_signature = said
    try:
        yield
    finally:
        layer._infer_output_signature = running
