"""``kshape-lint confirm``: shows TensorFlow's own exception beside each error found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..confirm import Confirmation
    from ..findings import Finding
    from .config import Configuration
    from .runner import Report

CLEAN, FOUND, FAILED = 0, 1, 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--keras", type=click.Choice(("2", "3")), help="The Keras major to ask; by default what the script or its project tells, else 3."
)
@click.option("--show-repro", is_flag=True, help="Print the program that shows each error, to run or to paste into a bug report.")
def confirm(paths: tuple[str, ...], keras: str | None, show_repro: bool) -> int:
    """Ask the installed TensorFlow about each error found.

    For every error a small program is written from the inferred shapes, never from your code, and run in a process of its
    own, without network and GPU.
    """
    from .config import Configuration

    return confirm_paths(paths, Configuration((), (), (int(keras),) if keras else ()), show_repro)


def confirm_paths(paths: Sequence[str], configuration: Configuration, show_repro: bool) -> int:
    """Check paths, show what TensorFlow says of each error, and return the exit code."""
    from ..confirm import available
    from ..confirm import confirm as ask
    from .discovery import discover
    from .majors import inferred
    from .runner import run, select

    problems: list[str] = []
    targets = list(discover(paths or (".",), configuration, problems.append))
    reports = run(targets)
    select(reports, targets)
    for problem in [*problems, *(f"{r.filename}: {r.failed}" for r in reports if r.failed)]:
        click.echo(f"kshape-lint: {problem}", err=True)
    cases: list[tuple[Finding, int]] = []
    for target, report in zip(targets, reports):
        if any(f.severity == "error" for f in report.findings) and not report.failed:
            cases += _programs(report, target.settings.keras or inferred(report.text, report.filename), target.settings.data)
    missing = sorted({major for _, major in cases if not available(major)})
    if missing:
        extra = "kshape-lint[tensorflow]" if 3 in missing else "tf_keras"
        click.echo(f"kshape-lint: to confirm, TensorFlow with Keras {missing[0]} is needed: pip install '{extra}'", err=True)
        return FAILED
    if cases and sys.stderr.isatty():
        click.echo(f"asking TensorFlow about {len(cases)} finding{'' if len(cases) == 1 else 's'} …", err=True)
    confirmations = ask(cases)
    for confirmation in confirmations:
        _show(confirmation, show_repro)
    if confirmations:
        sure = sum(c.judgement.verdict == "confirmed" for c in confirmations)
        click.echo(f"{sure} of {len(confirmations)} errors confirmed")
    if problems or any(r.failed for r in reports):
        return FAILED
    return FOUND if confirmations else CLEAN


def _programs(report: Report, majors: Sequence[int], data_roots: Sequence[str] | None) -> list[tuple[Finding, int]]:
    """Return the errors of a file that were reported, with their programs."""
    from ..confirm import with_programs

    out: list[tuple[Finding, int]] = []
    wanted = {(f.code, f.place): f for f in report.findings if f.severity == "error"}
    for major in majors:
        for found in with_programs(report.text, report.filename, major, data_roots):
            placed = found if report.notebook is None else report.notebook.finding(found)
            known = wanted.pop((placed.code, placed.place), None)
            if known is not None:
                out.append((replace(known, repro=found.repro), major))
    return sorted(out, key=lambda case: case[0].place)


def _show(confirmation: Confirmation, show_repro: bool) -> None:
    from ..confirm import shown_exception

    finding, judgement = confirmation.finding, confirmation.judgement
    cell = "" if finding.place.cell is None else f"cell {finding.place.cell}:"
    click.echo(f"{finding.filename}:{cell}{finding.place.row}:{finding.place.column}: {finding.code} {finding.message}")
    if judgement.verdict == "confirmed":
        by = f" by Keras {confirmation.keras}" if "keras" in (confirmation.program or "") else ""
        told = f"confirmed{by}: {shown_exception(judgement.exception)}"
    elif judgement.verdict == "refuted":
        told = "refuted: TensorFlow ran it without an error. That is a mistake of ours; please report it with the program below"
    else:
        told = f"not confirmed: {shown_exception(judgement.exception)}"
    click.echo("  " + told.replace("\n", "\n    "))
    if confirmation.program is not None and (show_repro or judgement.verdict == "refuted"):
        click.echo("\n" + "".join(f"    {line}\n" if line else "\n" for line in confirmation.program.rstrip("\n").split("\n")))
