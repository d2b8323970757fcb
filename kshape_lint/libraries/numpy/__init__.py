"""What NumPy does to shapes: one small function for each public function, by the same signature."""

from . import (  # noqa: F401
    constants,
    creation,
    indexing,
    io,
    joining,
    linalg,
    methods,
    operators,
    random,
    reductions,
    reshaping,
    searching,
    ufuncs,
)
