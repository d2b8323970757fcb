"""Checks many files, in several processes where that pays."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from typing import BinaryIO, TypeAlias

from ..findings import Finding, Place
from . import noqa, notebook
from .config import Settings
from .discovery import STDIN, Target
from .examine import Examined, examine, failure
from .majors import inferred
from .notebook import Notebook, in_percent_cells
from .reading import decode

_WORTH_PROCESSES = 8
"""A process of its own costs about what eight scripts cost to check."""

Job: TypeAlias = "tuple[str, str, tuple[int, ...], tuple[str, ...] | None]"
"""Text, filename, Keras majors and folders of data: what a process is given."""


@dataclass
class Report:
    """What came of one file. `text` is kept where there is something to show of it."""

    filename: str
    findings: list[Finding] = field(default_factory=list)
    text: str = ""
    failed: str | None = None
    notebook: Notebook | None = None
    stats: dict[str, int] = field(default_factory=dict)

    def fail(self, reason: str, row: int = 1, column: int = 1) -> None:
        """Note that the file could not be checked."""
        self.failed = reason
        self.findings = [failure(self.filename, reason, row, column)]

    def texts(self) -> dict[tuple[str, int | None], str]:
        """Return the text of the file, or of each cell of the notebook, by filename and cell."""
        if self.notebook is None:
            return {(self.filename, None): self.text}
        return {(self.filename, number): text for number, text in enumerate(self.notebook.cells(), 1)}


def run(
    targets: Sequence[Target],
    *,
    jobs: int = 1,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    done: Callable[[], None] = lambda: None,
) -> list[Report]:
    """Check every target and return a report for each, in their order; `done` is called once for each."""
    reports: list[Report] = []
    work: dict[int, Job] = {}
    for index, target in enumerate(targets):
        report = Report(stdin_filename if target.path == STDIN else target.path)
        reports.append(report)
        text = _read(target, report, stdin)
        if text is None or not _wanted(text, report.filename):
            done()
        else:
            work[index] = (text, report.filename, target.settings.keras or inferred(text, report.filename), target.settings.data)
    for index, examined in _examine_all(work, jobs):
        _take(reports[index], work[index], examined)
        done()
    _tell_once(reports)
    return reports


def check_text(text: str, filename: str, settings: Settings) -> list[Finding]:
    """Check one text in this process, and leave out what is silenced or not selected; a syntax error gives nothing."""
    if not _wanted(text, filename):
        return []
    examined = examine(text, filename, settings.keras or inferred(text, filename), settings.data)
    return [f for f in _not_silenced(text, filename, examined.findings) if settings.wants(f.code, f.filename)]


def _read(target: Target, report: Report, stdin: BinaryIO | None) -> str | None:
    report.stats["files seen"] = 1
    try:
        if target.path == STDIN:
            data = (stdin or sys.stdin.buffer).read()
        else:
            with open(target.path, "rb") as file:
                data = file.read()
        if report.filename.endswith(notebook.SUFFIX):
            report.notebook = notebook.read(data.decode("utf-8-sig"))
            return report.notebook.text
        return decode(data)
    except UnicodeDecodeError as error:
        report.fail(f"this is no notebook: it is not UTF-8 (byte 0x{data[error.start]:02x})")
    except OSError as error:
        report.fail(error.strerror or type(error).__name__)
    except ValueError as error:
        report.fail(str(error))
    return None


def _wanted(text: str, filename: str) -> bool:
    from ..gate import wanted

    return wanted(text, filename) and not noqa.whole_file(text)


def _take(report: Report, job: Job, examined: Examined) -> None:
    text, _, majors, data = job
    report.text = text
    report.stats["files of interest"] = 1
    if examined.syntax_error is not None:
        message, row, column = examined.syntax_error
        where, others = f"line {row}", []
        if report.notebook is not None:
            rest = report.notebook.without_broken()
            if rest is not None:
                # The other cells run all the same.
                message, row, column = rest[1]
                others = _findings(report, text, examine(rest[0], report.filename, majors, data).findings)
            place = report.notebook.place(Place(row, column, row, column))
            where = f"line {place.row} of cell {place.cell}"
        report.fail(f"syntax error on {where}: {message}", row, column)
        report.findings += others
        report.findings.sort(key=lambda f: f.place)
        _tell_cells(report)
        return
    report.stats["files parsed"] = 1
    for key, count in examined.stats.items():
        if key in ("parsed", "gated"):
            continue
        report.stats[key] = report.stats.get(key, 0) + count
    report.findings = _findings(report, text, examined.findings)
    _tell_cells(report)
    own = next((f for f in report.findings if f.code == "KSH000"), None)
    if own is not None:
        report.failed = own.message.partition(": ")[2] or own.message


def _findings(report: Report, text: str, findings: Iterable[Finding]) -> list[Finding]:
    return [_as_named(finding, report.filename) for finding in _not_silenced(text, report.filename, findings)]


def _as_named(finding: Finding, filename: str) -> Finding:
    """Call other files of the project as the user calls this one: from where the command runs, where the user named it so."""
    if os.path.isabs(filename) or all(name == filename for name in (finding.filename, *(step.filename for step in finding.trail))):
        return finding
    trail = tuple(replace(step, filename=_from_here(step.filename)) for step in finding.trail)
    return replace(finding, filename=_from_here(finding.filename), trail=trail)


def _from_here(filename: str) -> str:
    if not os.path.isabs(filename):
        return filename
    try:
        relative = os.path.relpath(filename)
    except ValueError:
        return filename
    return filename if relative.startswith(os.pardir + os.sep) else relative


def _not_silenced(text: str, filename: str, findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what a comment silences where the finding stands, which may be another file of the project."""
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.filename, []).append(finding)
    out = []
    for name, its in by_file.items():
        if name == filename:
            out += noqa.kept(text, its)
            continue
        try:
            with open(name, "rb") as file:
                other = decode(file.read())
        except (OSError, ValueError):
            other = ""
        out += [] if noqa.whole_file(other) else noqa.kept(other, its)
    return out


def _tell_once(reports: Iterable[Report]) -> None:
    """Tell a finding once, where several scripts lead to the same line of a module, and with its own file's where that is checked too."""
    reports = list(reports)
    of_file = {os.path.abspath(report.filename): report for report in reports}
    told = {_identity(f) for report in reports for f in report.findings if f.filename == report.filename}
    grown: dict[int, Report] = {}
    for report in reports:
        kept = []
        for finding in report.findings:
            if finding.filename == report.filename:
                kept.append(finding)
                continue
            identity = _identity(finding)
            if identity in told:
                continue
            told.add(identity)
            its_own = of_file.get(os.path.abspath(finding.filename))
            if its_own is None or its_own.failed:
                kept.append(finding)
            else:
                grown.setdefault(id(its_own), its_own).findings.append(replace(finding, filename=its_own.filename))
        report.findings = kept
    for report in grown.values():
        report.findings.sort(key=lambda f: (f.filename != report.filename, f.filename, f.place, f.code))


def _identity(finding: Finding) -> tuple[str, Place, str]:
    return os.path.abspath(finding.filename), finding.place, finding.code


def _tell_cells(report: Report) -> None:
    if report.notebook is not None:
        book, name = report.notebook, report.filename
        report.findings = [book.finding(f) for f in report.findings if f.filename != name or f.code == "KSH000" or not book.silent(f)]
    elif report.findings and "%%" in report.text:
        report.findings = in_percent_cells(report.text, report.filename, report.findings)


def select(reports: Iterable[Report], targets: Iterable[Target]) -> None:
    """Leave in the reports only the findings that the settings of their files want."""
    for report, target in zip(reports, targets):
        settings = target.settings
        report.findings = [f for f in report.findings if settings.wants(f.code, f.filename)]
        if report.failed and not any(f.code == "KSH000" for f in report.findings):
            report.failed = None


def default_jobs() -> int:
    """Return how many processors there are for us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _examine_all(work: dict[int, Job], jobs: int) -> Iterator[tuple[int, Examined]]:
    workers = min(jobs, len(work))
    if workers <= 1 or len(work) < _WORTH_PROCESSES:
        for index, job in work.items():
            yield index, examine(*job)
        return
    left = dict(work)
    for index, examined in _in_processes(work, workers):
        del left[index]
        yield index, examined
    # Only where a process died: one at a time, the file that kills its process is found, and the others lose nothing.
    for index, job in left.items():
        answered = dict(_in_processes({index: job}, 1))
        yield index, answered.get(index) or Examined((failure(job[1], "the process that checked it died"),))


def _in_processes(work: dict[int, Job], workers: int) -> Iterator[tuple[int, Examined]]:
    """Yield what the processes answer, as they do; when one dies, the rest goes unanswered."""
    import multiprocessing

    # Not "fork": a progress bar's thread may run, and a fork of a process with threads can hang.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin) as pool:
        try:
            futures = {pool.submit(examine, *job): index for index, job in work.items()}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin() -> None:
    """Leave Ctrl-C to the main process, which ends the others."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
