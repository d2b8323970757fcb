"""The command: ``kshape-lint PATH…`` and ``kshape-lint rule CODE``.

Exit code 0: nothing found; 1: something found, warnings too; 2: something could not be checked or understood. What a
script asked with ``reveal_shape`` is answered and counts for nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from .config import FORMATS, ConfigError, Configuration
from .confirming import confirm, confirm_paths
from .flake8 import MAJORS

if TYPE_CHECKING:
    from ..findings import Finding
    from .discovery import Target
    from .output.text import Piece
    from .runner import Report

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130

_WORTH_A_BAR = 25
"""From so many files on, a person who waits is shown how far it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; whatever happens, no traceback is shown."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a pipe that cannot show a character gets its escape, rather than us an exception.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = command.main(None if arguments is None else list(arguments), prog_name="kshape-lint", standalone_mode=False)
        if not sys.stdout.closed:  # as the server leaves it
            sys.stdout.flush()
        return code if isinstance(code, int) else CLEAN
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return FAILED
    except ConfigError as error:
        _complain(str(error))
        return FAILED
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has seen enough. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except OSError as error:
        where = f"{error.filename}: " if isinstance(error.filename, str) else "cannot write: "
        _complain(f"{where}{error.strerror or error}")
        return FAILED
    except Exception as error:
        if os.environ.get("KSHAPE_LINT_DEBUG"):
            raise
        _complain(f"a fault of our own: {type(error).__name__}: {error}")
        _complain("please report it, with what KSHAPE_LINT_DEBUG=1 in the environment shows")
        return FAILED


def _open_what_is_closed() -> None:
    """Give whoever started us without one of the standard streams an empty one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open to the end, as the others are


def _complain(text: str) -> None:
    click.echo(f"kshape-lint: {text}", err=True)


class _CheckByDefault(click.Group):
    """Takes what begins with no command's name as arguments of ``check``."""

    _OWN = ("--help", "-h", "--version")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in self._OWN):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [record for param in check.get_params(ctx) if (record := param.get_help_record(ctx)) and "--help" not in record[0]]
        with formatter.section("Options of check"):
            formatter.write_dl(rows)


_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(cls=_CheckByDefault, context_settings=_HELP, subcommand_metavar="[check] PATH… | confirm PATH… | rule CODE | server")
@click.version_option(__version__, prog_name="kshape-lint")
def command() -> None:
    """Find the shape mistakes in Keras and NumPy training scripts before they run.

    Without the name of a command, the arguments are those of check.
    """


command.add_command(confirm)


def _keras(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, ...]:
    return MAJORS[value] if value else ()


def _prefixes(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    from .selection import prefixes

    try:
        return prefixes(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@command.command(context_settings=_HELP)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--output-format", type=click.Choice(FORMATS), help="How findings are shown; full unless the configuration says otherwise.")
@click.option("--select", multiple=True, callback=_prefixes, metavar="CODES", help="Report only codes that begin so, such as KSH1,KSH301.")
@click.option("--ignore", multiple=True, callback=_prefixes, metavar="CODES", help="Do not report codes that begin so.")
@click.option(
    "--keras",
    type=click.Choice(tuple(MAJORS)),
    callback=_keras,
    help="The Keras major whose behaviour counts; by default what the script or its project tells, else 3.",
)
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="How many processes; as many as there are processors by default."
)
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What standard input, given as -, is called in the output.")
@click.option(
    "--data-root",
    "data_roots",
    multiple=True,
    metavar="DIR",
    help="A further folder in which data files lie that scripts read, beside the script's own and the working directory.",
)
@click.option("--no-data-files", is_flag=True, help="Do not look into the data files that scripts read, not even at their headers.")
@click.option("--stats", is_flag=True, help="Say on standard error how much of the code was understood, and the time it took.")
@click.option("--confirm", "confirm_too", is_flag=True, help="Ask the installed TensorFlow about each error, as the command confirm does.")
@click.option("--quiet", "-q", is_flag=True, help="Show findings only: no progress and no closing line.")
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[str, ...],
    output_format: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    keras: tuple[int, ...],
    jobs: int | None,
    stdin_filename: str,
    stats: bool,
    quiet: bool,
    confirm_too: bool,
    data_roots: tuple[str, ...],
    no_data_files: bool,
) -> int:
    """Check files and directories; the current directory where none is named, standard input for -."""
    began = time.perf_counter()
    from . import discovery, runner

    configuration = Configuration(select, ignore, keras, data_roots, False if no_data_files else None)
    if confirm_too:
        return confirm_paths(paths or (".",), configuration, False)
    settings = configuration.for_directory(_common_directory(paths, stdin_filename))
    problems: list[str] = []
    targets = [
        _under_its_name(target, configuration, stdin_filename)
        for target in discovery.discover(paths or (".",), configuration, problems.append)
    ]
    with _progress(len(targets), quiet) as done:
        reports = runner.run(targets, jobs=jobs or settings.jobs or runner.default_jobs(), stdin_filename=stdin_filename, done=done)
    runner.select(reports, targets)
    findings = [finding for report in reports for finding in report.findings]
    for problem in problems:
        _complain(problem)
    form = output_format or settings.output_format or "full"
    seen_anyway = form in ("full", "concise") and sys.stdout.isatty() and sys.stderr.isatty()
    for report in reports:
        if report.failed and not seen_anyway:
            _complain(f"{report.filename}: {report.failed}")
    _show(form, findings, reports, problems, quiet)
    if stats:
        _show_stats(reports, time.perf_counter() - began)
    if problems or any(report.failed for report in reports):
        return FAILED
    return FOUND if any(finding.severity != "info" for finding in findings) else CLEAN


def _common_directory(paths: Sequence[str], stdin_filename: str) -> str:
    """Return the directory whose configuration decides about what is the same for the whole run."""
    named = [os.path.abspath(stdin_filename if path == "-" else path) for path in paths] or [os.getcwd()]
    try:
        common = os.path.commonpath(named)
    except ValueError:
        return os.getcwd()
    return common if os.path.isdir(common) else os.path.dirname(common)


def _under_its_name(target: Target, configuration: Configuration, stdin_filename: str) -> Target:
    """Give standard input the settings of the file that it stands for."""
    if target.path != "-":
        return target
    from dataclasses import replace

    return replace(target, settings=configuration.for_file(stdin_filename))


def _progress(total: int, quiet: bool) -> Any:
    """Return a context that shows progress and gives what to call after each file; shown only to a person who waits."""
    from contextlib import contextmanager, nullcontext

    if quiet or total < _WORTH_A_BAR or not sys.stderr.isatty():
        return nullcontext(lambda: None)

    @contextmanager
    def shown() -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=total)
            yield lambda: progress.advance(task)

    return shown()


def _show(form: str, findings: Sequence[Finding], reports: Sequence[Report], problems: Sequence[str], quiet: bool) -> None:
    if form == "json":
        from .output.structured import json

        sys.stdout.write(json(findings))
    elif form == "github":
        from .output.structured import github

        sys.stdout.write(github(findings))
    elif form == "sarif":
        from .output.sarif import sarif

        sys.stdout.write(sarif(findings, problems))
    else:
        from .output import text
        from .output.sources import Sources

        if form == "concise":
            blocks = text.concise(findings)
        else:
            blocks = text.full(
                findings, Sources({key: value for report in reports if report.findings for key, value in report.texts().items()}), _width()
            )
        write = _writer()
        for block in blocks:
            write(block)
        if form == "full" and not quiet:
            write(text.summary(findings, len(reports), sum(report.failed is not None for report in reports)))


def _width() -> int:
    if not sys.stdout.isatty():
        return 140
    import shutil

    return max(40, shutil.get_terminal_size().columns - 10)


def _writer() -> Any:
    """Return what writes pieces of styled text: with colour on a terminal, plain everywhere else."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return lambda pieces: sys.stdout.write("".join(text for text, _ in pieces))
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)

    def write(pieces: list[Piece]) -> None:
        console.print(Text.assemble(*pieces), end="")

    return write


def _show_stats(reports: Sequence[Report], seconds: float) -> None:
    totals: dict[str, int] = {}
    for report in reports:
        for key, count in report.stats.items():
            totals[key] = totals.get(key, 0) + count
    rows = [(key, f"{totals[key]:,}", _share(key, totals)) for key in sorted(totals, key=_stats_order)]
    rows.append(("seconds", f"{seconds:.2f}", ""))
    wide, long = max(len(key) for key, _, _ in rows), max(len(count) for _, count, _ in rows)
    for key, shown, share in rows:
        click.echo(f"{key:<{wide}}  {shown:>{long}}{share}", err=True)


_STATS = ("files", "layer calls", "contracts")


def _stats_order(key: str) -> int:
    return next((number for number, begin in enumerate(_STATS) if key.startswith(begin)), len(_STATS))


def _share(key: str, totals: dict[str, int]) -> str:
    whole = totals.get(key.partition(" of known ")[0], 0) if " of known " in key else 0
    return f"  {totals[key] / whole:4.0%}" if whole else ""


@command.command(context_settings=_HELP)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--all", "every", is_flag=True, help="List all rules, a line each.")
def rule(codes: tuple[str, ...], every: bool) -> int:
    """Explain a rule: what it means, why it is bad, a bad example and a good one."""
    from ..rules import all_rules

    rules = all_rules()
    if every:
        for each in rules.values():
            click.echo(f"{each.code}  {each.name:<28} {each.documentation().partition(chr(10))[0]}")
        return CLEAN
    if not codes:
        raise click.UsageError("name a rule's code, such as KSH101, or say --all")
    for code in codes:
        if code.upper() not in rules:
            raise click.UsageError(f"there is no rule {code!r}; 'kshape-lint rule --all' lists them")
    texts = []
    for code in codes:
        each = rules[code.upper()]
        texts.append(f"# {each.name} ({each.code}, {each.severity})\n\n{each.documentation().rstrip()}\n")
    _show_markdown("\n".join(texts))
    return CLEAN


@command.command(context_settings=_HELP)
def server() -> int:
    """Serve an editor: speak the Language Server Protocol on standard input and output."""
    try:
        from .lsp import serve
    except ImportError:
        raise click.ClickException("the language server needs pygls: pip install 'kshape-lint[lsp]'") from None
    serve()
    return CLEAN


def _show_markdown(text: str) -> None:
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
