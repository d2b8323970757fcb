"""Where nodes stand in the source: asked only for the few nodes that a finding points at.

libcst keeps no positions. Its code generator writes a module token by token, so a node's place is
what has been written when its turn comes. Generation stops at the last wanted node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from types import TracebackType
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from ..findings import Place
from .parse import with_large_stack

_NEWLINE = re.compile(r"\r\n?|\n")


class _Found(Exception):
    """All wanted nodes have been written."""


class _Counting(CodegenState):
    """A generator state that remembers how many tokens stood before and after each wanted node."""

    def __init__(self, module: cst.Module, wanted: set[int]) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.wanted = wanted
        self.left = set(wanted)
        self.spans: dict[int, tuple[int, int]] = {}
        self.open: dict[int, int] = {}

    def before_codegen(self, node: Any) -> None:
        if id(node) in self.wanted:
            self.open[id(node)] = len(self.tokens)

    def after_codegen(self, node: Any) -> None:
        key = id(node)
        if key in self.left:
            self.close(key, self.open[key])

    def record_syntactic_position(  # type: ignore[override]
        self, node: Any, *, start_node: Any = None, end_node: Any = None
    ) -> AbstractContextManager[None]:
        return _Span(self, id(node)) if id(node) in self.left else _NOTHING

    def close(self, key: int, start: int) -> None:
        self.spans[key] = (start, len(self.tokens))
        self.left.discard(key)
        if not self.left:
            raise _Found


class _Span:
    """What is written between entering and leaving is a node's own text."""

    __slots__ = ("key", "start", "state")

    def __init__(self, state: _Counting, key: int) -> None:
        self.state = state
        self.key = key
        self.start = len(state.tokens)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and self.key in self.state.left:
            self.state.close(self.key, self.start)


# One for all other nodes: making a context manager for each of them was a third of the work.
_NOTHING = nullcontext()


def places(module: cst.Module, wanted: Iterable[Any]) -> dict[int, Place]:
    """Return the place of each node of `wanted` that is part of `module`, by the node's ``id``.

    A method that is called on another line than its object begins on has its place there, where a traceback has it.
    """
    nodes = [node for node in wanted if isinstance(node, cst.CSTNode)]
    methods = {id(node): id(name) for node in nodes if (name := _method_name(node)) is not None}
    ids = {*map(id, nodes), *methods.values()}
    if not ids:
        return {}
    state = _Counting(module, ids)
    try:
        module._codegen(state)
    except _Found:
        pass
    except RecursionError:
        state = _Counting(module, ids)
        with_large_stack(lambda: _generate(module, state))
    counts = sorted({c for span in state.spans.values() for c in span})
    points = dict(zip(counts, _positions(state.tokens, counts)))
    found = {key: Place(*points[start], *points[end]) for key, (start, end) in state.spans.items()}
    for key, own in methods.items():
        if key in found and own in found and found[key].row < found[own].row:
            found[key] = replace(found[key], row=found[own].row, column=found[own].column)
    return found


def _method_name(node: cst.CSTNode) -> cst.Name | None:
    """Return the name of the method that is called; with starred arguments Python calls otherwise, and sees the whole call at its start."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not any(arg.star for arg in node.args):
        return node.func.attr
    return None


def _generate(module: cst.Module, state: _Counting) -> None:
    with suppress(_Found):
        module._codegen(state)


def _positions(tokens: list[str], counts: list[int]) -> list[tuple[int, int]]:
    """Return row and column, from 1, of the text before each count of tokens."""
    out: list[tuple[int, int]] = []
    row = column = 1
    done = 0
    for count in counts:
        lines = _NEWLINE.split("".join(tokens[done:count]))
        row += len(lines) - 1
        column = len(lines[-1]) + (column if len(lines) == 1 else 1)
        out.append((row, column))
        done = count
    return out
