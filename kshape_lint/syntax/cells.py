"""Cells of notebooks and of percent scripts: what is IPython's own language taken out, each line left where it was."""

from __future__ import annotations

import ast
import builtins
import itertools
import keyword
import re
import warnings
from collections.abc import Iterable

SAME_PROCESS = frozenset({"time", "capture", "prun", "debug", "memit", "tensorflow_version"})
"""Cell magics whose cell is Python that runs in the notebook's own process, and whose names stay."""

ELSEWHERE = frozenset((
    "!", "HTML", "R", "SVG", "bash", "bigquery", "cmd", "cython", "file", "html", "javascript", "js", "julia", "latex",
    "markdown", "perl", "powershell", "pypy", "python", "python2", "python3", "ruby", "script", "sh", "sql", "svg",
    "sx", "system", "timeit", "writefile",
))  # fmt: skip
"""Cell magics whose cell is no Python, or leaves no name behind."""

_LINE_MAGIC = re.compile(r"(?P<before>\s*(?:[\w.,()\[\]'\" ]+=\s*)?)(?P<sign>!{1,2}|%{1,2}(?=[A-Za-z_]))(?P<rest>.*)", re.DOTALL)
_TIMED = re.compile(r"time[ \t]+(?!-)(?=\S)")
_HELP = re.compile(r"\s*(\?{1,2}[\w.%*]+|[\w.%*()\[\]'\"]+\?{1,2})\s*;?\s*$")
_AUTOMATIC = re.compile(r"\s*(?:pip3?|conda|mamba|ls|ll|cd|cat|cp|mv|rm|mkdir|rmdir|pwd|man|less|more)\s+[\w./~$-].*")
_PERCENT = re.compile(r"^# ?%%", re.MULTILINE)
_TEXT_CELL = re.compile(r"# ?%%[^\n]*\[(?:markdown|md|raw)\]")


def percent_script(text: str) -> str | None:
    """Return a script of cells that begin with ``# %%`` without what Python does not understand; None for any other."""
    starts = [match.start() for match in _PERCENT.finditer(text)]
    if not starts:
        return None
    edges = [0, *(starts if starts[0] else starts[1:]), len(text)]
    return "".join(_cell(text[begin:end]) for begin, end in itertools.pairwise(edges))


def percent_places(text: str) -> list[tuple[int, int]]:
    """Return, for a script of cells, the row at which each cell of code begins and its number; nothing for any other.

    A cell begins below its ``# %%`` line; what stands above the first such line is a cell too, where it holds more than comments.
    """
    starts = list(_PERCENT.finditer(text))
    if not starts:
        return []
    out: list[tuple[int, int]] = []
    if any(line.strip() and not line.startswith("#") for line in text[: starts[0].start()].split("\n")):
        out.append((1, 1))
    number = len(out)
    for start in starts:
        code = _TEXT_CELL.match(text, start.start()) is None
        number += code
        out.append((text.count("\n", 0, start.start()) + 2, number if code else 0))
    return out


def _cell(text: str) -> str:
    head, newline, body = text.partition("\n") if text.startswith("#") else ("", "", text)
    return head + newline + as_python(body)


def as_python(source: str) -> str:
    """Return a cell's text as Python, each line where it was; what a magic gives is a name that nothing defines."""
    if compiles(source):
        return source
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    magic = re.match(r"\s*%%(\w+|!)", lines[first])
    if magic is not None:
        lines[first] = ""
        if magic[1] not in SAME_PROCESS:
            names = () if magic[1] in ELSEWHERE else assigned("\n".join(lines))
            lines = [""] * len(lines)
            lines[first] = "".join(f"{name} = " for name in names) + "__magic__" if names else ""
            return "\n".join(lines)
    indent = re.match(r"[ \t]*", lines[first])
    if magic is None and indent and indent[0]:
        # As IPython does, which takes an indented cell for one that was copied out of a block.
        lines = [line.removeprefix(indent[0]) for line in lines]
    return "\n".join(_logical(lines))


def _logical(lines: list[str]) -> list[str]:
    """Take the magics out of lines; what stands within brackets or a string is none."""
    out: list[str] = []
    state = _OPEN
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if state != _OPEN:
            out.append(line)
            state = _after(line, state)
            continue
        extent = 1
        while line.endswith("\\") and number < len(lines) and _is_magic(line):
            # The command goes on: its lines become one, and the others stay empty.
            line = line[:-1] + " " + lines[number].strip()
            number += 1
            extent += 1
        changed = _line(line)
        out += [changed] + [""] * (extent - 1)
        if changed is line:
            state = _after(line, state)
    return out


def _is_magic(line: str) -> bool:
    match = _LINE_MAGIC.fullmatch(line)
    return match is not None and not match["rest"].startswith("=")


def _line(line: str) -> str:
    if _is_magic(line):
        magic = _LINE_MAGIC.fullmatch(line)
        assert magic is not None
        before, rest = magic["before"], magic["rest"]
        timed = _TIMED.match(rest) if magic["sign"] == "%" else None
        if timed is not None:
            return _timed(before, rest[: timed.end()], rest[timed.end() :])
        if "=" in before:
            return f"{before}__magic__"
        if magic["sign"] == "%" and re.match(r"cd\b|pushd\b|popd\b", rest):
            return f"{before}import os as __os__; __os__.chdir('')"
        return f"{before}pass"
    indent = line[: len(line) - len(line.lstrip())]
    if _HELP.fullmatch(line) or (_AUTOMATIC.fullmatch(line) and not compiles(line.strip())):
        return f"{indent}pass"
    return line


def _timed(before: str, word: str, statement: str) -> str:
    """Return a statement that is timed, in its column where Python's grammar lets it stay there."""
    statement = statement.rstrip()
    if "=" in before:
        return f"{before} {' ' * len(word)}{statement}"
    gap = " " * (len(word) - 1)
    if compiles(f"0;{gap}{statement}"):
        return f"{before}0;{gap}{statement}"
    return before + statement


_OPEN = (0, "")
"""Neither within brackets nor within a string, nor behind a backslash."""

_PIECES = re.compile(r"'''|\"\"\"|'|\"|[()\[\]{}]|#|\\.|\\$")


def _after(line: str, state: tuple[int, str]) -> tuple[int, str]:
    """Return, at a line's end, how deep in brackets the text is, and which quotes or backslash it is still within."""
    depth, within = state
    if within == "\\":
        within = ""
    for piece in _PIECES.finditer(line):
        mark = piece[0]
        if within:
            within = "" if mark == within else within
        elif mark == "#":
            return depth, ""
        elif mark[0] in "'\"":
            within = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
    if len(within) == 1 and not line.endswith("\\"):
        within = ""
    if not within and line.endswith("\\"):
        within = "\\"
    return depth, within


def compiles(source: str) -> bool:
    """Tell whether the running Python takes a text."""
    return _tree(source) is not None


def _tree(source: str) -> ast.AST | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: ast.AST = compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found


def assigned(source: str) -> tuple[str, ...]:
    """Return the names that a cell may bind, none where it is no Python."""
    return _names(source, ast.Store)


def imported(sources: Iterable[str]) -> frozenset[str]:
    """Return the names that cells import and bind to nothing else."""
    by_import: set[str] = set()
    otherwise: set[str] = set()
    for source in sources:
        tree = _tree(source)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.alias):
                by_import.add((node.asname or node.name).partition(".")[0])
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                otherwise.add(node.name)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                otherwise.add(node.id)
    return frozenset(by_import - otherwise)


def mentioned(source: str) -> list[str]:
    """Return the words of a cell that is no Python which may be names, each once."""
    words = dict.fromkeys(re.findall(r"(?<![\w.])[^\W\d]\w*", source))
    return [word for word in words if not keyword.iskeyword(word) and not hasattr(builtins, word)]


def used(source: str) -> tuple[str, ...]:
    """Return the names that a cell reads."""
    return _names(source, ast.Load)


def _names(source: str, context: type[ast.expr_context]) -> tuple[str, ...]:
    tree = _tree(source)
    names: dict[str, None] = {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            names[node.id] = None
        elif context is ast.Store and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names[node.name] = None
        elif context is ast.Store and isinstance(node, ast.alias) and node.name != "*":
            names[(node.asname or node.name).partition(".")[0]] = None
    return tuple(names)
