"""TensorFlow: what its public functions do to shapes. Importing this package registers the models of every module in it."""

from __future__ import annotations

from . import (  # noqa: F401
    compat,
    control,
    creation,
    data_reading,
    data_sources,
    image,
    linalg,
    loops,
    math,
    nn,
    pipelines,
    random,
    rarer,
    rarest,
    shaping,
    tensors,
    tensorshape,
    text,
    tfds,
    tracing,
)
