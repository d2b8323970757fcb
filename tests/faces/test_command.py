"""What the command reads, what it leaves out, and what it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
BAD = "import keras\nbad(1)\n"
FINE = "import keras\n"


def codes(ran) -> list[tuple[str, int, str]]:
    return [(Path(f["filename"]).as_posix(), f["location"]["row"], f["code"]) for f in json.loads(ran.out)]


def put(path: str, text: str | bytes = BAD) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def names(run, *arguments: str) -> list[str]:
    return sorted(name for name, _, _ in codes(run("--output-format", "json", *arguments)))


def test_exit_codes(run):
    put("bad.py")
    put("fine.py", FINE)
    put("warn.py", "import keras\nwarn(1)\n")
    put("shown.py", "import keras\nshown(1)\n")
    assert run("fine.py").code == 0
    assert run("bad.py").code == 1
    assert run("warn.py").code == 1
    assert run("shown.py").code == 0
    assert run("check", "bad.py").code == 1
    assert run("--version").code == 0
    assert run("--no-such-option").code == 2
    assert run("--output-format", "xml").code == 2
    assert run("--jobs", "0").code == 2


def test_without_a_path_the_current_directory_is_checked(run):
    put("a.py")
    put("sub/b.py")
    assert names(run) == ["a.py", "sub/b.py"]


def test_a_missing_path_is_told_and_the_others_are_checked(run):
    put("bad.py")
    ran = run("--output-format", "json", "gone.py", "bad.py")
    assert ran.code == 2
    assert codes(ran) == [("bad.py", 2, "KSH101")]
    assert ran.err == "kshape-lint: gone.py: no such file or directory\n"


def test_a_syntax_error_is_told_and_the_others_are_checked(run):
    put("a.py", "import keras\nx = (\n")
    put("b.py")
    ran = run("--output-format", "json")
    assert ran.code == 2
    assert codes(ran) == [("a.py", 2, "KSH000"), ("b.py", 2, "KSH101")]
    assert ran.err.startswith("kshape-lint: a.py: syntax error on line 2: ")


def test_a_failure_of_our_own_is_told(run):
    put("a.py", "import keras\nboom\n")
    ran = run("--output-format", "concise")
    assert ran.code == 2
    assert ran.out == "a.py:1:1: KSH000 could not check this file: RuntimeError: boom was met\n"


def test_an_unreadable_file(run, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    put("a.py")
    monkeypatch.setattr("kshape_lint.faces.runner.open", refused, raising=False)
    ran = run("--output-format", "concise", "a.py")
    assert (ran.code, ran.out) == (2, "a.py:1:1: KSH000 could not check this file: Permission denied\n")


def test_bytes_that_are_not_what_they_say(run):
    put("a.py", "import keras  # é\n".encode("latin-1"))
    put("b.py", b"# coding: no-such-thing\nimport keras\n")
    put("c.py", "# coding: latin-1\nimport keras  # é\nbad(1)\n".encode("latin-1"))
    ran = run("--output-format", "json")
    assert ran.code == 2
    assert codes(ran) == [("a.py", 1, "KSH000"), ("b.py", 1, "KSH000"), ("c.py", 3, "KSH101")]
    assert "byte 0xe9 on line 1 is not utf-8" in ran.err
    assert "unknown encoding: no-such-thing" in ran.err


@pytest.mark.parametrize("text", [b"\xef\xbb\xbfimport keras\nbad(1)\n", b"import keras\r\nbad(1)\r\n", b"import keras\rbad(1)\r"])
def test_boms_and_newlines(run, text):
    put("a.py", text)
    assert codes(run("--output-format", "json", "a.py")) == [("a.py", 2, "KSH101")]
    assert codes(run("--output-format", "json", "-", stdin=text)) == [("<stdin>", 2, "KSH101")]


def test_standard_input_has_a_name(run):
    ran = run(
        "--output-format",
        "json",
        "--stdin-filename",
        "train.py",
        "-",
        stdin="# coding: latin-1\nimport keras # é\nbad(1)".encode("latin-1"),
    )
    assert ran.code == 1
    assert codes(ran) == [("train.py", 3, "KSH101")]


def test_standard_input_has_the_settings_of_the_file_it_stands_for(run):
    put("sub/pyproject.toml", "[tool.kshape_lint]\nignore = ['KSH1']")
    assert run("--stdin-filename", "sub/train.py", "-", stdin=BAD.encode()).code == 0
    assert run("-", stdin=BAD.encode()).code == 1


def test_select_and_ignore(run):
    put("a.py", "import keras\nbad(1)\nwarn(1)\n")
    assert [code for _, _, code in codes(run("--output-format", "json", "--select", "KSH4"))] == ["KSH401"]
    assert [code for _, _, code in codes(run("--output-format", "json", "--ignore", "KSH401"))] == ["KSH101"]
    assert [code for _, _, code in codes(run("--output-format", "json", "--ignore", "KSH", "--select", "KSH101"))] == ["KSH101"]
    assert run("--select", "KSH1,KSH401", "--ignore", "KSH101").code == 1
    assert run("--ignore", "KSH1,KSH4").code == 0
    ran = run("--select", "E501")
    assert ran.code == 2
    assert "'E501'" in ran.err


def test_keras_majors(run):
    put("a.py", "import keras\nonly3(1)\nbad(1)\n")
    assert [row for _, row, _ in codes(run("--output-format", "json", "--keras", "2"))] == [3]
    both = json.loads(run("--output-format", "json", "--keras", "both").out)
    assert [(f["message"], f.get("keras")) for f in both] == [("rank [Keras 3 only]", [3]), ("cannot reshape 1", None)]
    assert run("--keras", "4").code == 2


def test_noqa(run):
    put(
        "a.py",
        "import keras\n"
        "bad(1)  # noqa\n"
        "bad(2)  # noqa: KSH101\n"
        "bad(3)  # NOQA:E501, KSH1\n"
        "bad(4)  # noqa: E501\n"
        "bad(5)  # noqa: ksh101\n"
        "f(  # noqa\n"
        "    bad(6),\n"
        ")\n"
        "x = '''bad(7)\n"
        "'''  # noqa\n",
    )
    assert [row for _, row, _ in codes(run("--output-format", "json"))] == [5, 6, 8]
    put("a.py", "# flake8: noqa: KSH201\nimport keras\nbad(1)\n")
    assert run().code == 0
    put("a.py", "import keras  # flake8: noqa\nbad(1)\n")
    assert run().code == 1


def test_directories_that_are_not_searched(run):
    for directory in (".git", "__pycache__", "node_modules", ".tox/py", ".venv", "lib/site-packages"):
        put(f"{directory}/a.py")
    put("env/pyvenv.cfg", "")
    put("env/a.py")
    put("src/a.py")
    put("src/data.txt")
    assert names(run) == ["src/a.py"]
    assert names(run, "env", "node_modules/a.py") == ["env/a.py", "node_modules/a.py"]


def test_gitignore(run):
    Path(".git").mkdir()
    put(".gitignore", "/out/\n*_old.py\n!keep_old.py\n")
    put("sub/.gitignore", "secret.py\n!a_old.py\n")
    put(".git/info/exclude", "mine.py\n")
    for name in ("out/a.py", "a_old.py", "keep_old.py", "sub/secret.py", "sub/a_old.py", "sub/out/a.py", "secret.py", "mine.py"):
        put(name)
    expected = ["keep_old.py", "secret.py", "sub/a_old.py", "sub/out/a.py"]
    assert names(run) == expected
    assert names(run, "sub") == ["sub/a_old.py", "sub/out/a.py"]
    assert names(run, "out", "a_old.py") == ["a_old.py", "out/a.py"]
    git = ["git", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", "."], check=True)
    listed = subprocess.run([*git, "ls-files", "-o", "--exclude-standard", "--", "*.py"], check=True, capture_output=True, text=True)
    assert sorted(listed.stdout.split()) == expected


def test_a_file_named_twice_is_checked_once(run):
    put("a.py")
    assert names(run, "a.py", ".", "./a.py") == ["a.py"]


def test_configuration(run):
    put("sub/a.py", "import keras\nbad(1)\nwarn(1)\nonly3(1)\n")
    put("sub/generated/b.py")
    put("sub/tests/deep/c.py")
    put(
        "pyproject.toml",
        """\
[tool.kshape_lint]
select = ['KSH1', 'KSH3']
keras = 2
exclude = ['generated']
output-format = 'json'
jobs = 1

[tool.kshape_lint.per-file-ignores]
'sub/tests/*' = ['KSH101']
""",
    )
    assert codes(run()) == [("sub/a.py", 2, "KSH101")]
    assert codes(run("sub")) == [("sub/a.py", 2, "KSH101")]
    assert codes(run("sub/generated/b.py")) == [("sub/generated/b.py", 2, "KSH101")]
    assert codes(run("sub/generated")) == [("sub/generated/b.py", 2, "KSH101")]
    assert [row for _, row, _ in codes(run("--select", "KSH", "--keras", "3"))] == [2, 3, 4]
    put("sub/pyproject.toml", "[tool.other]\n")
    assert [row for _, row, _ in codes(run())] == [2]
    put("sub/pyproject.toml", "[tool.kshape_lint]\nselect = ['KSH4']\n")
    assert [row for _, row, _ in codes(run())] == [3]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("selct = []", "unknown key 'selct' in [tool.kshape_lint]; did you mean 'select'?"),
        ("select = 'KSH1'", "select: expected a list of strings, not 'KSH1'"),
        ("select = ['E1']", "select: no rule's code begins with 'E1'"),
        ("keras = 4", 'keras: expected 3, 2 or "both", not 4'),
        ("jobs = 0", "jobs: expected a whole number from 1, not 0"),
        ("output-format = 'xml'", "output-format: expected one of full, concise"),
        ("per-file-ignores = 3", "per-file-ignores: expected a table"),
        ("x = = 3", "(at line 2, column 5)"),
    ],
)
def test_a_setting_that_cannot_be_understood(run, text, told):
    put("pyproject.toml", f"[tool.kshape_lint]\n{text}\n")
    ran = run()
    assert ran.code == 2
    assert ran.out == ""
    assert told in ran.err
    assert "pyproject.toml: " in ran.err


def test_stats(run):
    put("a.py")
    put("b.py", FINE)
    put("c.py", "import os\n")
    ran = run("--stats", "--quiet")
    assert "layer calls of known rank     2   50%\n" in ran.err
    rows = dict(line.removesuffix("50%").rsplit(maxsplit=1) for line in ran.err.splitlines())
    seconds = rows.pop("seconds")
    assert float(seconds) >= 0
    assert rows == {"files seen": "3", "files of interest": "2", "files parsed": "2", "layer calls": "4", "layer calls of known rank": "2"}


def test_the_rules_explain_themselves(run):
    ran = run("rule", "ksh101")
    assert ran.code == 0
    assert ran.out.startswith("# reshape-size (KSH101, error)\n\nAn array is reshaped")
    assert "## Why it is bad" in ran.out
    assert "KSH101  reshape-size" in run("rule", "--all").out
    assert run("rule", "KSH999").code == 2
    assert run("rule").code == 2


def test_a_reader_that_goes_away(tmp_path):
    text = "import keras\n" + "reveal_shape(1)\n" * 20000
    (tmp_path / "a.py").write_text("import keras\nx = (\n" + text)
    command = [sys.executable, "-m", "kshape_lint", "--output-format", "concise", *["a.py"] * 3]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(TOP)}
    ) as process:
        process.stdout.close()
        told = process.stderr.read()
    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told


@pytest.mark.skipif(os.name == "nt", reason="a shell of another kind")
@pytest.mark.parametrize(
    "redirection, code, told",
    [
        ("1>&-", 1, ""),
        ("0<&- -", 0, ""),
        ("2>&- nowhere.py", 2, ""),
        (">/dev/full", 2, "kshape-lint: cannot write: No space left on device"),
    ],
)
def test_streams_that_are_closed_or_full(tmp_path, redirection, code, told):
    if "/dev/full" in redirection and not os.path.exists("/dev/full"):
        pytest.skip("nothing here is full")
    (tmp_path / "a.py").write_text("import numpy as np\nnp.zeros(3).reshape(2)\n")
    path = "" if redirection.endswith("-") and "0<" in redirection else "a.py"
    ran = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m kshape_lint {path} {redirection}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr.strip()) == (code, told)


def test_a_finding_in_a_module_is_told_once_and_where_it_stands(run):
    put("lib.py", BAD)
    put("train.py", "import keras\nelsewhere(lib.py)\n")
    put("test.py", "import keras\nelsewhere(lib.py)\n")
    assert codes(run("--output-format", "json", "train.py", "test.py")) == [("lib.py", 2, "KSH101")]
    assert codes(run("--output-format", "json")) == [("lib.py", 2, "KSH101")]
    assert "2 | bad(1)\n" in run("train.py").out
    put("lib.py", "import keras\nbad(1)  # noqa\n")
    assert run().code == 0
    put("lib.py", "# flake8: noqa\nbad(1)\n")
    assert run("train.py").code == 0


def test_findings_stand_in_the_order_of_their_files(run):
    put("a.py", "import keras\nelsewhere(lib/z.py)\nwarn(1)\n")
    put("lib/z.py", "import keras\n\nwarn(1)\n")
    both = [("a.py", 3, "KSH401"), ("lib/z.py", 2, "KSH101"), ("lib/z.py", 3, "KSH401")]
    assert codes(run("--output-format", "json")) == both
    assert codes(run("--output-format", "json", "a.py")) == both[:2]


def test_other_files_are_called_as_the_one_that_was_named(run):
    put("lib/z.py")
    put("a.py", f"import keras\n# elsewhere({os.path.abspath('lib/z.py')})\n")
    assert run("--output-format", "concise", "a.py").out.startswith("lib/z.py:2:1: ")
    assert run("--output-format", "concise", os.path.abspath("a.py")).out.startswith(os.path.abspath("lib/z.py"))


def test_folders_of_data(run):
    put("a.py", "import keras\nroots()\n")
    here = os.getcwd()
    said = "a.py:2:1: KSH101 roots are "
    assert run("--output-format", "concise", "a.py").out == f"{said}()\n"
    assert run("--output-format", "concise", "--data-root", "data", "a.py").out == f"{said}({os.path.join(here, 'data')!r},)\n"
    assert run("--output-format", "concise", "--no-data-files", "a.py").out == f"{said}None\n"
    put("pyproject.toml", "[tool.kshape_lint]\ndata-roots = ['raw', '/abs']\n")
    put("deep/a.py", "import keras\nroots()\n")
    assert run("--output-format", "concise", "deep").out == f"deep/{said}({os.path.join(here, 'raw')!r}, '/abs')\n"
    put("pyproject.toml", "[tool.kshape_lint]\nread-data-files = false\n")
    assert run("--output-format", "concise", "deep").out == f"deep/{said}None\n"
    put("pyproject.toml", "[tool.kshape_lint]\nread-data-files = 1\n")
    assert run("deep").code == 2


def test_what_is_no_file(run):
    put("fine.py", FINE)
    put("x.py/bad.py")
    os.symlink("gone.py", "link.py")
    os.symlink("loop.py", "loop.py")
    os.mkfifo("pipe.py")
    assert names(run, "x.py") == ["x.py/bad.py"]
    assert names(run) == ["x.py/bad.py"]
    for path, told in (
        ("link.py", "no such file or directory"),
        ("loop.py", "no such file or directory"),
        ("pipe.py", "neither a file nor a directory"),
        ("", "no such file or directory"),
    ):
        ran = run("--output-format", "json", path, "fine.py")
        assert (ran.code, ran.err, codes(ran)) == (2, f"kshape-lint: {path}: {told}\n", [])


def test_a_directory_that_cannot_be_read(run, monkeypatch):
    scan = os.scandir

    def refused(path):
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    put("closed/a.py")
    put("open/a.py")
    monkeypatch.setattr("os.scandir", refused)
    ran = run("--output-format", "json")
    assert (ran.code, ran.err, codes(ran)) == (2, "kshape-lint: closed: Permission denied\n", [("open/a.py", 2, "KSH101")])


def test_hardly_sources(run):
    put("empty.py", "")
    put("form_feed.py", "\fimport keras\n\f\nbad(1)\n")
    put("nul.py", "import keras\0\n")
    put("wide.py", "import keras\n".encode("utf-16"))
    ran = run("--output-format", "json")
    assert ran.code == 2
    assert codes(ran) == [("form_feed.py", 3, "KSH101"), ("nul.py", 1, "KSH000"), ("wide.py", 1, "KSH000")]
    assert "nul.py: syntax error on line 1: " in ran.err
