"""Where Keras's names are found: TensorFlow's copies, private modules and the module paths of former years."""

from __future__ import annotations

from ...catalogue import aliases
from ..api import alias

HOMES = (
    "tensorflow.keras", "tf_keras", "tensorflow.python.keras", "tensorflow.contrib.keras", "tensorflow.contrib.keras.python.keras",
    "tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras", "tensorflow._api.v2.keras", "keras.api", "keras.api._v2.keras",
    "keras.src", "keras._tf_keras.keras", "tf_keras.src", "tf_keras.api", "tensorflow.keras.api", "tensorflow_core.keras",
    "keras_core", "keras.python",
)  # fmt: skip
"""Packages that hold the same things as ``keras``."""

LAYER_MODULES = (
    "core", "convolutional", "recurrent", "convolutional_recurrent", "cudnn_recurrent", "normalization", "embeddings", "pooling",
    "merge", "wrappers", "advanced_activations", "noise", "local", "merging", "attention", "reshaping", "regularization", "rnn",
    "activation", "activations", "preprocessing", "experimental.preprocessing", "dense_attention", "kernelized", "recurrent_v2",
    "core.dense", "core.embedding", "core.lambda_layer", "core.input_layer", "core.activation", "core.dropout", "core.wrapper",
    "core.masking", "convolutional.conv1d", "convolutional.conv2d", "convolutional.conv3d", "normalization.batch_normalization",
    "normalization.layer_normalization", "rnn.lstm", "rnn.gru", "rnn.bidirectional", "rnn.time_distributed", "reshaping.flatten",
    "reshaping.reshape", "merging.concatenate", "pooling.max_pooling2d",
)  # fmt: skip
"""Modules that once held layers, below ``keras.layers``."""


def register() -> None:
    """Register the aliases."""
    for home in HOMES:
        alias(home, "keras")
    for module in LAYER_MODULES:
        alias(f"keras.layers.{module}", "keras.layers")
    for path, of in aliases().items():
        alias(path, of)
    for path, of in {
        "keras.engine": "keras.layers",
        "keras.engine.topology": "keras.layers",
        "keras.engine.base_layer": "keras.layers",
        "keras.engine.training": "keras.models",
        "keras.engine.network": "keras.models",
        "keras.engine.sequential": "keras.models",
        "keras.engine.functional": "keras.models",
        "keras.engine.input_layer": "keras.layers",
        "keras.engine.Input": "keras.Input",
        "keras.engine.Model": "keras.Model",
        "keras.models.Sequential": "keras.Sequential",
        "keras.models.Model": "keras.Model",
        "keras.models.Functional": "keras.Model",
        "keras.Functional": "keras.Model",
        "keras.models.Input": "keras.Input",
        "keras.layers.Input": "keras.Input",
        "keras.Layer": "keras.layers.Layer",
        "keras.utils.np_utils": "keras.utils",
        "keras.utils.vis_utils": "keras.utils",
        "keras.utils.generic_utils": "keras.utils",
        "keras.utils.layer_utils": "keras.utils",
        "keras.utils.data_utils": "keras.utils",
        "keras.legacy.preprocessing": "keras.preprocessing",
        "keras.optimizers.legacy": "keras.optimizers",
        "keras.optimizers.experimental": "keras.optimizers",
        "keras.optimizer_v2": "keras.optimizers",
        "keras.layers.CuDNNLSTM": "keras.layers.LSTM",
        "keras.layers.CuDNNGRU": "keras.layers.GRU",
    }.items():
        alias(path, of)
    for name in ("Layer", "InputLayer", "InputSpec", "Input"):
        alias(f"keras.engine.topology.{name}", "keras.Input" if name == "Input" else f"keras.layers.{name}")
    for module in ("adam", "adadelta", "adagrad", "adamax", "rmsprop", "sgd", "nadam", "gradient_descent", "adam_v2", "optimizer"):
        alias(f"keras.optimizers.{module}", "keras.optimizers")
        alias(f"keras.optimizer_v2.{module}", "keras.optimizers")


register()
