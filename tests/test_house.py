"""Style and types hold, as `tox -e lint` says."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("command", ["ruff check .", "ruff format --check .", "mypy"])
def test_lint(command):
    program, *arguments = command.split()
    if importlib.util.find_spec(program) is None:
        pytest.skip(f"{program} is not installed")
    done = subprocess.run([sys.executable, "-m", program, *arguments], cwd=TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
