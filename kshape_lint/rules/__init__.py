"""The KSH codes: each rule once, its text is its documentation."""

from .base import Rule, all_rules

__all__ = ["Rule", "all_rules"]
