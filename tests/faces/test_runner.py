"""Many files in several processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dying
from kshape_lint.faces import runner
from kshape_lint.faces.config import Settings
from kshape_lint.faces.discovery import Target

TOP = Path(__file__).parents[2]


@pytest.fixture
def targets(fake, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runner, "examine", dying.examine)

    def make(count: int, *dead: int) -> list[Target]:
        for number in range(count):
            Path(f"{number:02}.py").write_text("import keras" + "  # die" * (number in dead))
        return [Target(f"{number:02}.py", Settings()) for number in range(count)]

    return make


def test_a_few_files_are_checked_in_this_process(targets):
    reports = runner.run(targets(4), jobs=2)
    assert {finding.message for report in reports for finding in report.findings} == {str(os.getpid())}


def test_many_files_are_shared_out(targets):
    calls = []
    reports = runner.run(targets(12), jobs=2, done=lambda: calls.append(1))
    assert [report.filename for report in reports] == [f"{number:02}.py" for number in range(12)]
    assert len(calls) == 12
    processes = {finding.message for report in reports for finding in report.findings}
    assert str(os.getpid()) not in processes


def test_a_process_that_dies_costs_its_own_file_only(targets):
    reports = runner.run(targets(10, 3, 7), jobs=2)
    assert [number for number, report in enumerate(reports) if report.failed] == [3, 7]
    assert all(len(report.findings) == 1 for report in reports)
    assert reports[3].failed == "the process that checked it died"


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_ctrl_c_ends_it_without_a_traceback(tmp_path):
    (tmp_path / "a.py").write_text("import keras\n")
    code = """
import sys, time, os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs the tests in the background may have it ignored
from kshape_lint.faces import runner, cli
runner._wanted = lambda *_: os.kill(os.getpid(), signal.SIGINT) or time.sleep(20)
sys.exit(cli.main(["a.py"]))
"""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(TOP)}, capture_output=True, text=True
    )
    assert time.monotonic() - began < 15
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
