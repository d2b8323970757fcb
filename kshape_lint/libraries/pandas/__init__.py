"""pandas: DataFrames, Series, and how they are read, picked from and joined."""

from . import access, construct, elementwise, joining, operators, selecting

__all__ = ["access", "construct", "elementwise", "joining", "operators", "selecting"]
