"""The package as its users get it: installed into an environment of its own, and as a pre-commit hook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
BAD = "import numpy as np\n\na = np.reshape(np.random.rand(100, 20), (20, 5, 4))\n"
FINE = "import numpy as np\n\na = np.zeros((3, 4)).reshape(4, 3)\n"

pytestmark = pytest.mark.slow


def done(*command: object, cwd: Path, code: int = 0, **environment: str) -> str:
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout


def put_scripts(directory: Path) -> None:
    (directory / "bad.py").write_text(BAD)
    (directory / "fine.py").write_text(FINE)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package with flake8 into a fresh environment; return where its programs are."""
    directory = tmp_path_factory.mktemp("environment")
    venv.create(directory, with_pip=True)
    programs = directory / ("Scripts" if os.name == "nt" else "bin")
    done(programs / "python", "-m", "pip", "install", "-q", f"{TOP}[flake8]", cwd=directory)
    return programs


def test_flake8_reports_our_codes_without_being_told_to(programs, tmp_path):
    put_scripts(tmp_path)
    out = done(programs / "flake8", "--isolated", ".", cwd=tmp_path, code=1)
    assert out.startswith("./bad.py:3:") and out.count("\n") == 1
    assert " KSH101 " in out
    assert "kshape-lint: " in done(programs / "flake8", "--version", cwd=tmp_path)


def test_flake8_in_several_processes(programs, tmp_path):
    for number in range(6):
        (tmp_path / f"bad{number}.py").write_text(BAD)
    out = done(programs / "flake8", "--isolated", "--jobs", "2", ".", cwd=tmp_path, code=1)
    assert out.count(" KSH101 ") == 6


def test_the_command(programs, tmp_path):
    put_scripts(tmp_path)
    assert " KSH101 " in done(programs / "kshape-lint", "--output-format", "concise", cwd=tmp_path, code=1)
    assert " KSH101 " in done(programs / "python", "-m", "kshape_lint", "bad.py", cwd=tmp_path, code=1)
    assert done(programs / "kshape-lint", "--quiet", "fine.py", cwd=tmp_path) == ""
    assert "KSH101" in done(programs / "kshape-lint", "rule", "KSH101", cwd=tmp_path)


def test_the_command_in_several_processes(programs, tmp_path):
    for number in range(12):
        (tmp_path / f"bad{number:02}.py").write_text(BAD)
    out = done(programs / "kshape-lint", "--jobs", "2", "--output-format", "concise", cwd=tmp_path, code=1)
    assert [line[:8] for line in out.splitlines()] == [f"bad{number:02}.py" for number in range(12)]


def test_pre_commit(tmp_path):
    pytest.importorskip("pre_commit")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    put_scripts(scratch)
    git = ("git", "-c", "init.defaultBranch=main", "-c", "user.name=t", "-c", "user.email=t@example.com")
    texts = ("%matplotlib inline\nimport numpy as np", "%time np.zeros(4).reshape(3)")
    cells = [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text} for text in texts]
    (scratch / "bad.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    done(*git, "init", "-q", ".", cwd=scratch)
    done(*git, "add", ".", cwd=scratch)
    command = (sys.executable, "-m", "pre_commit", "try-repo", TOP, "kshape-lint", "--files")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    assert " KSH101 " in done(*command, "bad.py", "fine.py", cwd=scratch, code=1, **home)
    assert "bad.ipynb:cell 2:1:7: KSH101 " in done(*command, "bad.ipynb", cwd=scratch, code=1, **home)
    assert "Passed" in done(*command, "fine.py", cwd=scratch, **home)
