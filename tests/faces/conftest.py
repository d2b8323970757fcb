"""A checker that says what the tests tell it to, and a way to run the command in this process."""

from __future__ import annotations

import importlib.metadata
import io
import re
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import flake8.utils
import pytest
from flake8.main.application import Application

import kshape_lint
from kshape_lint.faces.cli import main
from kshape_lint.faces.flake8 import Plugin
from kshape_lint.findings import Finding, Place, Step

TOP = Path(__file__).parents[2]

_MARK = re.compile(r"(bad|warn|only3|shown|elsewhere|roots)\(([^()]*)\)")


@dataclass
class Checked:
    findings: list[Finding] = field(default_factory=list)
    syntax_error: tuple[str, int, int] | None = None
    stats: dict[str, int] = field(default_factory=lambda: {"layer calls": 2, "layer calls of known rank": 1})


def check(text: str, filename: str, *, keras: int = 3, data_roots: tuple[str, ...] | None = ()) -> Checked:
    """Find ``bad(…)``, ``warn(…)``, ``only3(…)``, ``shown(…)`` and ``roots()``; fail at ``boom``."""
    try:
        compile(text, filename, "exec")
    except SyntaxError as error:
        return Checked(syntax_error=(error.msg, error.lineno or 1, error.offset or 1))
    if "boom" in text:
        raise RuntimeError("boom\nwas met")
    out = Checked()
    lines = text.split("\n")
    for row, line in enumerate(lines, 1):
        for found in _MARK.finditer(line):
            place = Place(row, found.start() + 1, row, found.end() + 1)
            what = found[1]
            if what == "bad":
                trail = (Step("x is (100, 20) from np.random.rand", filename, Place(1, 1, 1, len(lines[0]) + 1)),)
                out.findings.append(Finding("KSH101", f"cannot reshape {found[2]}", filename, place, "error", trail, "reshape less"))
            elif what == "warn":
                out.findings.append(Finding("KSH401", f"axis appended to {found[2]}", filename, place, "warning"))
            elif what == "only3" and keras == 3:
                out.findings.append(Finding("KSH301", "rank", filename, place, "error"))
            elif what == "elsewhere":
                out.findings.append(Finding("KSH101", "cannot reshape 1", found[2], Place(2, 1, 2, 7), "error", via=place))
            elif what == "roots":
                out.findings.append(Finding("KSH101", f"roots are {data_roots}", filename, place, "error"))
            elif what == "shown":
                out.findings.append(Finding("KSH900", "shape is (3, 4)", filename, place, "info", shape=[3, 4]))
    return out


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fake checker in the place of the real one."""
    gate = types.ModuleType("kshape_lint.gate")
    gate.wanted = lambda text, filename=None: "keras" in text  # type: ignore[attr-defined]
    checker = types.ModuleType("kshape_lint.checker")
    checker.check = check  # type: ignore[attr-defined]
    for name, module in (("gate", gate), ("checker", checker)):
        monkeypatch.setitem(sys.modules, f"kshape_lint.{name}", module)
        monkeypatch.setattr(kshape_lint, name, module, raising=False)


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(fake: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Ran]:
    """Run the command with the fake checker in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments)
        return Ran(code, *capsys.readouterr())

    return run


def flake8_config(directory: Path, text: str = "") -> Path:
    """Write a configuration that loads the plugin where it is not installed."""
    installed = any(point.name == "KSH" for point in importlib.metadata.entry_points(group="flake8.extension"))
    local = "" if installed else f"[flake8:local-plugins]\nextension = KSH = kshape_lint.faces.flake8:Plugin\npaths = {TOP}\n"
    path = directory / "setup.cfg"
    path.write_text(f"{local}[flake8]\n{text}\n")
    return path


@pytest.fixture
def flake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Run flake8 in this process and return its lines."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"", settings: str = "") -> list[str]:
        path = flake8_config(tmp_path, settings)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        flake8.utils.stdin_get_value.cache_clear()
        monkeypatch.setattr(Plugin, "majors", ())
        Application().run(["--config", str(path), "--jobs", "1", "--format", "%(path)s:%(row)d:%(col)d: %(code)s %(text)s", *arguments])
        out, err = capsys.readouterr()
        assert err == ""
        # Names that are undefined or unused are pyflakes' matter.
        return sorted(line.replace("./", "", 1) for line in out.splitlines() if not re.search(r": F[48]\d\d ", line))

    return run


@pytest.fixture
def faked(fake: None, flake: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Run flake8 with the fake checker."""
    return flake


@pytest.fixture
def flake_config(tmp_path: Path) -> Path:
    """Return a configuration with which the plugin is found."""
    return flake8_config(tmp_path)
