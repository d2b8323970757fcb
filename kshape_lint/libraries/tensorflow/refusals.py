"""Refusing in TensorFlow's name what it certainly refuses."""

from __future__ import annotations

from typing import NoReturn

from ...interpreter.values import Array, Value
from ...rules import arrays as rules
from ...rules.base import Rule
from ...shapes import Dim, show_shape
from ..api import Mismatch
from ..refusals import refusing


def demand_rank(
    function: str, array: Value, least: int | None = None, exactly: tuple[int, ...] | None = None, hint: str | None = None
) -> None:
    """Refuse a tensor whose rank is known and not what `function` takes."""
    if not isinstance(array, Array) or array.shape is None:
        return
    have = len(array.shape)
    if least is not None and have < least:
        demand(function, array, f"a tensor of rank {least} or more", hint)
    if exactly is not None and have not in exactly:
        demand(function, array, f"a tensor of rank {' or '.join(map(str, exactly))}", hint)


def demand(function: str, array: Array, wanted: str, hint: str | None = None) -> NoReturn:
    """Refuse a tensor: `function` takes what `wanted` says."""
    raise Mismatch(rules.RankDemanded(function, array.shape or (), wanted, hint), array)


def contradiction(function: str, array: Array, stated: tuple[Dim, ...]) -> NoReturn:
    """Refuse a shape that the program states and the tensor certainly has not."""
    raise Mismatch(rules.StatedShape(show_shape(stated), array.shape or ()), array)


def refuse(record: Rule, *blame: Value) -> NoReturn:
    """Refuse with a rule of the caller's."""
    raise Mismatch(record, *blame)


__all__ = ["contradiction", "demand", "demand_rank", "refuse", "refusing"]
