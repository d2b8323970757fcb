"""Layer classes of which no call is followed, each with the reason. Whatever they are called on, what comes out is unknown."""

from __future__ import annotations

FOREIGN = "runs code of another framework, which says nothing of shapes before it runs"
BASE = "is made to be inherited from; what a class of the program's own does is followed"

OPAQUE: dict[str, str] = {
    "keras.layers.AbstractRNNCell": BASE,
    "keras.layers.DenseFeatures": "reads a dict of TensorFlow's feature columns, whose sizes are theirs",
    "keras.layers.FlaxLayer": FOREIGN,
    "keras.layers.InputLayer": "is not called: it is followed as `Input` is, whose tensor it holds",
    "keras.layers.JaxLayer": FOREIGN,
    "keras.layers.Layer": BASE,
    "keras.layers.TFSMLayer": "runs a SavedModel read from a file",
    "keras.layers.TorchModuleWrapper": FOREIGN,
    "keras.layers.Wrapper": BASE,
    "keras.layers.experimental.DynamicEmbedding": "is experimental in Keras 2, and its vocabulary changes while it trains",
    "keras.layers.experimental.DynamicLookup": "is experimental in Keras 2, and its vocabulary changes while it trains",
    "keras.layers.experimental.preprocessing.PreprocessingLayer": BASE,
}
