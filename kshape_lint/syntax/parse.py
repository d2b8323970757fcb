"""Parses source text with libcst, without letting it take the process down.

libcst's native parser recurses on the C stack: about 1,500 nested brackets or 8,000 links of an operator, attribute
or call chain end the process with SIGSEGV. Text that could hold such a thing is parsed in a thread whose
stack is large; text that would need even more is refused.
"""

from __future__ import annotations

import gc
import re
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

import libcst as cst

T = TypeVar("T")

DEEPEST_BRACKETS = 2_000
DEEPEST_PATTERN = 14
LONGEST_CHAIN = 4_000
_NORMAL_BRACKETS = 90
_NORMAL_STATEMENT = 12_000
_NORMAL_ELIFS = 1_000
_LARGE_STACK = 1 << 30

_BRACKET = re.compile(r"[()\[\]{}]")
_LONG_LINE = re.compile(rf"[^\n]{{{_NORMAL_STATEMENT}}}")
_TOKEN = re.compile(
    r"#[^\n]*|(?s:\"\"\".*?\"\"\"|\'\'\'.*?\'\'\')|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    r"|[()\[\]{},;\n]|[-+*/%@&|^~.<>=!:]+|\b(?:and|or|not|if|else|lambda|await|in|is)\b"
)
_LONG_STRING = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''", re.DOTALL)
_CODE_LINE = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
_PATTERN_END = re.compile(r"[()\[\]{}:\n]")
_CASE = re.compile(r"^[ \t]*case\b", re.MULTILINE)
_NORMAL_CONTINUED = 200
_CONTINUED = re.compile(r"\\\r?\n")


class Unparsable(Exception):
    """The text is no Python that libcst knows. `row` and `column` count from 1."""

    def __init__(self, message: str, row: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.row = row
        self.column = column


def parse(text: str) -> cst.Module:
    """Return libcst's tree of `text`.

    Raises `Unparsable` for a syntax error, for NUL bytes, and for nesting that no parser here survives.
    """
    if "\0" in text:
        raise Unparsable("source code cannot contain null bytes")
    deepest, longest = _extent(text)
    if deepest > DEEPEST_BRACKETS:
        raise Unparsable("too many nested brackets")
    if deepest > DEEPEST_PATTERN and any(_deepest_pattern(text, case.end()) > DEEPEST_PATTERN for case in _CASE.finditer(text)):
        # libcst's time doubles with each.
        raise Unparsable("too deeply nested pattern")
    if (
        deepest > _NORMAL_BRACKETS
        or longest > _NORMAL_STATEMENT
        or text.count("elif") > _NORMAL_ELIFS
        or ("\\" in text and len(_CONTINUED.findall(text)) > _NORMAL_CONTINUED)
    ):
        if _longest_chain(text) > LONGEST_CHAIN:
            raise Unparsable("an expression has too many links")
        return with_large_stack(lambda: _parse(text))
    return _parse(text)


def _extent(text: str) -> tuple[int, int]:
    """Return bounds of how deep brackets nest and of how long one statement is (strings and comments count as code)."""
    depth = deepest = start = longest = 0
    for match in _BRACKET.finditer(text):
        if match.group() in "([{":
            if depth == 0:
                start = match.start()
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
            if depth == 0:
                longest = max(longest, match.end() - start)
    if longest <= _NORMAL_STATEMENT and _LONG_LINE.search(text):
        longest = _NORMAL_STATEMENT + 1
    return deepest, longest


def _deepest_pattern(text: str, start: int) -> int:
    """Return how deep brackets nest in the pattern that starts there."""
    depth = deepest = 0
    for match in _PATTERN_END.finditer(text, start):
        character = match.group()
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= character in ")]}"
        else:
            break
    return deepest


def _longest_chain(text: str) -> int:
    """Return how many links the longest chain of operators, attributes, calls or subscripts has.

    The parser's time grows with its square.
    """
    links = [0]
    longest = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        first = token[0]
        if first in "#\"'":
            continue
        if first in "([{":
            links[-1] += 1
            links.append(0)
        elif first in ")]}":
            if len(links) > 1:
                links.pop()
        elif first == ",":
            links[-1] = 0
        elif first in ";\n":
            if len(links) == 1:
                links[-1] = 0
        else:
            links[-1] += len(token) if first in "-+~." else 1
        longest = max(longest, links[-1])
    return longest


def lines_to_run(text: str) -> int:
    """Return how many lines a text has; those that are blank, comments or in strings of several lines count for no more than the code."""
    return min(text.count("\n") + 1, 2 * len(_CODE_LINE.findall(_LONG_STRING.sub("", text))))


def _parse(text: str) -> cst.Module:
    collecting = gc.isenabled()
    gc.disable()
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise _in_words_of_python(text) or Unparsable(error.message, error.raw_line, error.raw_column + 1) from None
    except UnicodeEncodeError:
        raise Unparsable("source code cannot contain surrogates") from None
    except cst.CSTValidationError as error:
        raise Unparsable(str(error)) from None
    except RecursionError:
        raise Unparsable("too deeply nested") from None
    finally:
        if collecting:
            gc.enable()


def _in_words_of_python(text: str) -> Unparsable | None:
    """Say what is wrong as Python itself does, which is meant to be read; None where Python finds nothing wrong."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return Unparsable(error.msg, max(error.lineno or 1, 1), max(error.offset or 1, 1))
    except (ValueError, MemoryError, RecursionError):
        pass
    return None


def with_large_stack(work: Callable[[], T]) -> T:
    """Return what `work` returns, run where the stack is large and the recursion limit high."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    limit = sys.getrecursionlimit()
    before = threading.stack_size(_LARGE_STACK)
    try:
        sys.setrecursionlimit(max(limit, 100_000))
        thread = threading.Thread(target=run, name="kshape-lint-deep")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]
