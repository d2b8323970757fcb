"""What each layer class does to shapes, one module per kind of layer."""

from . import (  # noqa: F401
    activation,
    attention,
    convolution,
    core,
    merging,
    normalization,
    pooling,
    preprocessing,
    recurrent,
    regularization,
    reshaping,
    wrappers,
)
