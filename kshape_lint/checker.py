"""The spine: text → gate → syntax → interpreter ⇄ libraries → findings."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .gate import wanted

if TYPE_CHECKING:
    from .findings import Finding


@dataclass
class Result:
    """What a check of one file came to. `syntax_error` is ``(message, row, column)`` where the text is no Python."""

    findings: list[Finding] = field(default_factory=list)
    syntax_error: tuple[str, int, int] | None = None
    stats: dict[str, int] = field(default_factory=dict)


def check_source(
    text: str, filename: str = "<string>", *, keras: int = 3, force: bool = False, data_roots: Sequence[str] | None = ()
) -> list[Finding]:
    """Return the findings of a program's text, in order of their places.

    `keras` is the major version it is checked for, 3 or 2. A syntax error gives none, a fault of our own gives KSH000; nothing is raised.
    `force` checks texts that import none of the libraries we know, too. The headers of data files that the program reads are looked up
    where `filename` is a file's: beside it, in the working directory and in `data_roots`; with ``data_roots=None`` nowhere.
    """
    return check(text, filename, keras=keras, force=force, data_roots=data_roots).findings


def check(
    text: str,
    filename: str = "<string>",
    *,
    keras: int = 3,
    force: bool = False,
    strict: bool = False,
    repro: bool = False,
    data_roots: Sequence[str] | None = (),
) -> Result:
    """Check a program's text; see `check_source`.

    `strict` lets faults of library models surface, for tests. With `repro` each error comes with a small program that raises the same.
    """
    if not force and not wanted(text, filename):
        return Result(stats={"gated": 1})
    # A check makes many objects and few cycles, in a time that is bounded: collecting in its midst costs a tenth of it and frees nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _check(text, filename, keras, strict, repro, data_roots)
    except Exception as fault:
        if strict:
            raise
        return Result([own_fault(fault, filename)], stats={"parsed": 1, "faults": 1})
    finally:
        if collecting:
            gc.enable()


def _check(text: str, filename: str, keras: int, strict: bool, repro: bool, data_roots: Sequence[str] | None) -> Result:
    from .interpreter.program import run_program
    from .syntax.lower import lower
    from .syntax.parse import Unparsable, lines_to_run, parse

    if text.startswith("\ufeff"):
        text = text[1:]
    try:
        module = _percent(text) or parse(text)
    except Unparsable as error:
        return Result(syntax_error=(error.message, error.row, error.column), stats={"unparsable": 1})
    recorder = _recorder(keras) if repro else None
    run = run_program(lower(module), filename, keras, size=lines_to_run(text), strict=strict, recorder=recorder, data_roots=data_roots)
    stats = {"parsed": 1, **run.stats.counts}
    return Result(_findings(run, module), stats=stats)


def _percent(text: str) -> Any:
    """Return the parsed program of a script of cells, which may hold IPython's magics and shell lines; None for what is plain Python."""
    if "# %%" not in text and "#%%" not in text:
        return None
    from .syntax.cells import compiles, percent_script
    from .syntax.parse import Unparsable, parse

    script = None if compiles(text) else percent_script(text)
    if script is None:
        return None
    try:
        return parse(script)
    except Unparsable:
        return None


def _recorder(keras: int) -> Any:
    from .confirm.writer import program

    return lambda record, path, args, kwargs: program(record, path, args, kwargs, keras)


def _findings(run: Any, module: Any) -> list[Finding]:
    from .interpreter.telling import findings_of

    return findings_of(run, module)


def own_fault(fault: BaseException, filename: str) -> Finding:
    """Return the finding that says the checker itself failed on a file."""
    from .findings import Finding, Place
    from .rules.tool import CheckFailed

    record = CheckFailed(f"{type(fault).__name__}: {str(fault)[:200]}".replace("\n", " "))
    return Finding(record.code, record.message(), filename, Place(1, 1, 1, 1), record.severity)
