"""A checker that says what the tests tell it to, and a way to run the command in this process."""

from __future__ import annotations

import io
import re
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import kshape_lint
from kshape_lint.faces.cli import main
from kshape_lint.findings import Finding, Place, Step

_MARK = re.compile(r"(bad|warn|only3|shown)\(([^()]*)\)")


@dataclass
class Checked:
    findings: list[Finding] = field(default_factory=list)
    syntax_error: tuple[str, int, int] | None = None
    stats: dict[str, int] = field(default_factory=lambda: {"layer_calls": 2})


def check(text: str, filename: str, *, keras: int = 3) -> Checked:
    """Find ``bad(…)``, ``warn(…)``, ``only3(…)`` and ``shown(…)``; fail at ``boom``."""
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
            elif what == "shown":
                out.findings.append(Finding("KSH900", "shape is (3, 4)", filename, place, "info", shape=[3, 4]))
    return out


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fake checker in the place of the real one."""
    gate = types.ModuleType("kshape_lint.gate")
    gate.wanted = lambda text: "keras" in text  # type: ignore[attr-defined]
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
