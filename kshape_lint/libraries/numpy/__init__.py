"""What NumPy does to shapes: one small function for each public function, by the same signature."""

from . import (  # noqa: F401
    constants,
    creation,
    fourier,
    indexing,
    io,
    joining,
    linalg,
    masked,
    methods,
    operators,
    random,
    rarer,
    reductions,
    reshaping,
    searching,
    ufuncs,
)
