"""pandas: DataFrames, Series, and how they are read, picked from and joined."""

from . import access, construct, elementwise, grouping, joining, operators, selecting

__all__ = ["access", "construct", "elementwise", "grouping", "joining", "operators", "selecting"]
