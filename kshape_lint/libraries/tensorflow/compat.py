"""Other names of TensorFlow's functions: ``tf.compat.v1``, old modules, and Keras's classes under TensorFlow's roof."""

from __future__ import annotations

from ..api import alias

alias("tensorflow.compat.v1.keras", "keras")
alias("tensorflow.compat.v2.keras", "keras")
alias("tensorflow.compat.v1", "tensorflow")
alias("tensorflow.compat.v2", "tensorflow")
alias("tensorflow._api.v2", "tensorflow")
alias("tensorflow.python.ops.math_ops", "tensorflow.math")
alias("tensorflow.python.ops.array_ops", "tensorflow")
alias("tensorflow.python.ops.nn_ops", "tensorflow.nn")
alias("tensorflow.python.framework.ops.convert_to_tensor", "tensorflow.convert_to_tensor")
alias("tensorflow.v1", "tensorflow")
alias("tensorflow.experimental.numpy", "numpy")

alias("tensorflow.losses", "keras.losses")
alias("tensorflow.metrics", "keras.metrics")
alias("tensorflow.optimizers", "keras.optimizers")
alias("tensorflow.initializers", "keras.initializers")
alias("tensorflow.layers", "keras.layers_v1")
