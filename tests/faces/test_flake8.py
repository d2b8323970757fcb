"""The plugin inside the real flake8."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import markers

TOP = Path(__file__).parents[2]
FIXTURES = sorted(path for path in (TOP / "fixtures").rglob("*.py") if "# expect" in (text := path.read_text()) or "# reveals" in text)
BAD = "import keras\nbad(1)\n"


def put(name: str, text: str | bytes = BAD) -> str:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


NUL = [b"import keras\n\x00"] if sys.version_info >= (3, 12) else []
"""Before, flake8 itself does not survive it."""

FOUND = "KSH101 cannot reshape 1"


def test_codes_are_selected_by_default(faked):
    assert faked(put("a.py")) == [f"a.py:2:1: {FOUND}"]


def test_warnings_and_answers_are_reported(faked):
    put("a.py", "import keras\nwarn(1)\nshown(1)\n")
    assert faked("a.py") == ["a.py:2:1: KSH401 axis appended to 1", "a.py:3:1: KSH900 shape is (3, 4)"]


def test_flake8_selects_and_ignores(faked):
    put("a.py", "import keras\nbad(1)\nwarn(1)\n")
    assert faked("--select", "KSH4", "a.py") == ["a.py:3:1: KSH401 axis appended to 1"]
    assert faked("--extend-ignore", "KSH401", "a.py") == [f"a.py:2:1: {FOUND}"]
    assert faked("a.py", settings="per-file-ignores =\n    a.py: KSH1,KSH4") == []
    assert faked("a.py", settings="select = E,F,W") == []
    assert len(faked("a.py", settings="select = E,F,W\nextend-select = KSH")) == 2


def test_folders_of_data(faked, tmp_path):
    put("a.py", "import keras\nroots()\n")
    assert faked("a.py") == ["a.py:2:1: KSH101 roots are ()"]
    roots = (str(tmp_path / "raw"), str(tmp_path / "more"))
    assert faked("--ksh-data-roots", "raw/,more/", "a.py") == [f"a.py:2:1: KSH101 roots are {roots}"]
    assert faked("a.py", settings="ksh-no-data-files = true") == ["a.py:2:1: KSH101 roots are None"]


def test_noqa_is_left_to_flake8(faked):
    put("a.py", "import keras\nbad(1)  # noqa: KSH101\nbad(1)  # noqa: KSH2\nbad(1)  # noqa\n")
    assert faked("a.py") == [f"a.py:3:1: {FOUND}"]
    assert faked("--disable-noqa", "a.py") == [f"a.py:{row}:1: {FOUND}" for row in (2, 3, 4)]


def test_standard_input_has_a_display_name(faked):
    assert faked("-", stdin=BAD.encode()) == [f"stdin:2:1: {FOUND}"]
    assert faked("--stdin-display-name", "no/such.py", "-", stdin=BAD.encode()) == [f"no/such.py:2:1: {FOUND}"]


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        (b"\xef\xbb\xbfimport keras; bad(1)\n", 1, 15),
        (b"import keras\r\nbad(1)\r\n", 2, 1),
        ("# coding: latin-1\nimport keras\nx = 'é', bad(1)\n".encode("latin-1"), 3, 10),
        ("import keras\nx = 'é', bad(1)\n".encode(), 2, 10),
        (b"import keras\nif 1:\n\tx = bad(1)\n", 3, 6),
        (b"import keras\n\x0c\nbad(1)\n", 3, 1),
        (b"import keras\n\x0cbad(1)\n", 2, 2),
        (b"import keras\nx = '\x1c\xc2\x85\xe2\x80\xa8'; bad(1)\n", 2, 12),
        (b"import keras\nbad(1)", 2, 1),
    ],
)
def test_places_are_what_an_editor_shows(faked, text, row, column):
    put("a.py", text)
    assert faked("--select", "KSH,E9", "a.py") == [f"a.py:{row}:{column}: {FOUND}"]
    assert faked("--select", "KSH,E9", "-", stdin=text) == [f"stdin:{row}:{column}: {FOUND}"]


@pytest.mark.parametrize("text", [b"", b"\n", b"\xef\xbb\xbf", b"# keras", *NUL])
def test_files_with_nothing_in_them(faked, text):
    assert faked("--select", "KSH", put("a.py", text)) == []


def test_syntax_errors_are_told_by_flake8(faked):
    lines = faked("--select", "KSH,E9", put("a.py", "import keras\nx = (\n"))
    assert len(lines) == 1
    assert " E999 " in lines[0]


def test_a_failure_of_our_own_is_told_and_harms_nobody(faked, monkeypatch):
    put("a.py", "import keras\nboom\n")
    put("b.py")
    told = "KSH000 could not check this file: RuntimeError: boom was met"
    assert faked("--select", "KSH", ".") == [f"a.py:1:1: {told}", f"b.py:2:1: {FOUND}"]
    monkeypatch.setattr("kshape_lint.gate.wanted", lambda *_: 1 // 0)
    assert faked("--select", "KSH", "a.py") == [
        "a.py:1:1: KSH000 could not check this file: ZeroDivisionError: integer division or modulo by zero"
    ]


def test_the_keras_major_is_an_option(faked):
    put("a.py", "import keras\nonly3(1)\n")
    assert faked("a.py") == ["a.py:2:1: KSH301 rank"]
    assert faked("--ksh-keras", "2", "a.py") == []
    assert faked("a.py", settings="ksh-keras = 2") == []
    assert faked("--ksh-keras", "both", "a.py") == ["a.py:2:1: KSH301 rank [Keras 3 only]"]
    assert "ksh-keras: expected 3, 2 or both, not '4'" in faked("a.py", settings="ksh-keras = 4")


def test_the_plugin_costs_nothing_until_it_is_needed():
    code = "import sys, kshape_lint.faces.flake8 as f; list(f.Plugin(None, ['import os\\n'], 'a.py').run()); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"libcst", "dataclasses", "inspect", "click", "rich", "kshape_lint.checker", "kshape_lint.findings"}


def wanted_in(path: Path, major: int) -> list[tuple[int, str]]:
    text = path.read_text()
    return sorted([*markers.expected(text, major), *((row, "KSH900") for row in markers.revealed(text, major))])


def found_in(output: str) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for line in output.splitlines():
        path, row, code = line.split("|")
        found.setdefault(path, []).append((int(row), code))
    return {path: sorted(rows) for path, rows in found.items()}


def flake_process(config: Path, major: int, *arguments: str, stdin: bytes | None = None) -> str:
    command = [sys.executable, "-m", "flake8", "--config", str(config), "--select", "KSH", "--disable-noqa"]
    command += ["--ksh-keras", str(major), "--format", "%(path)s|%(row)d|%(code)s", *arguments]
    done = subprocess.run(command, cwd=TOP, input=stdin, capture_output=True)
    assert done.stderr == b""
    return done.stdout.decode()


@pytest.mark.parametrize("major", [3, 2])
def test_fixtures_through_the_flake8_process(flake_config, major):
    paths = [path for path in FIXTURES if major in markers.majors(path.read_text())]
    if not paths:
        pytest.skip("no fixtures")
    found = found_in(flake_process(flake_config, major, *map(str, paths)))
    assert found == {str(path): wanted for path in paths if (wanted := wanted_in(path, major))}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_fixtures_through_standard_input(flake, path):
    text = path.read_text()
    if 3 not in markers.majors(text):
        pytest.skip("not for Keras 3")
    lines = flake(
        "--select",
        "KSH",
        "--disable-noqa",
        "--format",
        "%(path)s|%(row)d|%(code)s",
        "--stdin-display-name",
        path.name,
        "-",
        stdin=path.read_bytes(),
    )
    assert found_in("\n".join(lines)).get(path.name, []) == wanted_in(path, 3)


def test_a_fixture_through_standard_input_of_the_process(flake_config):
    path = next((path for path in FIXTURES if wanted_in(path, 3) and 3 in markers.majors(path.read_text())), None)
    if path is None:
        pytest.skip("no fixtures")
    found = found_in(flake_process(flake_config, 3, "--stdin-display-name", path.name, "-", stdin=path.read_bytes()))
    assert found == {path.name: wanted_in(path, 3)}


def test_a_finding_in_a_module_stands_where_the_file_leads_to_it(faked):
    put("lib.py")
    put("a.py", "import keras\nx = elsewhere(lib.py)\n")
    assert faked("a.py") == [f"a.py:2:5: {FOUND} [in lib.py, line 2]"]
