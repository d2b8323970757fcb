"""The command is silent about the lines that flake8 is silent about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

COMMENTS = [
    "# noqa",
    "#noqa",
    "#  noqa",
    "# NoQA",
    "# noqa:KSH101",
    "# noqa: KSH101",
    "# noqa:  KSH101",
    "# noqa : KSH101",
    "# noqa: KSH1",
    "# noqa: KSH",
    "# noqa: ksh101",
    "# noqa: E501",
    "# noqa: E501,KSH101",
    "# noqa: E501 KSH101",
    "# noqa: E501, KSH1 because it must be",
    "# noqa: because it must be",
    "# noqa:E501 # noqa: KSH101",
    "# type: ignore # noqa: KSH101",
    "# xnoqa",
    "# see '# noqa'",
]

FILES = [
    "".join(f"bad({number})  {comment}\n" for number, comment in enumerate(COMMENTS)),
    "# flake8: noqa\nbad(1)\n",
    "   # flake8: noqa\nbad(1)\n",
    "# FLAKE8: NOQA: KSH2\nbad(1)\n",
    "# flake8=noqa\nbad(1)\n",
    "x = 1  # flake8: noqa\nbad(1)\n",
    "x = '''\n# flake8: noqa\n'''\nbad(1)\n",
    "f(\n    bad(1),\n    bad(2),  # noqa\n)  # noqa\n",
    "x = '''bad(1)\nbad(2)'''  # noqa\n",
    "x = bad(1) + \\\n    bad(2)  # noqa\nbad(3)\n",
    "f('''bad(1)\n''', bad(2),\n  bad(3))  # noqa\n",
    "if x:  # noqa\n    bad(1)\n",
]


@pytest.mark.parametrize("text", FILES)
def test_the_same_lines_as_flake8(faked, run, text):
    Path("a.py").write_text("import keras\n" + text)
    by_flake8 = sorted(int(line.split(":")[1]) for line in faked("--select", "KSH", "a.py"))
    by_command = sorted(finding["location"]["row"] for finding in json.loads(run("--output-format", "json", "a.py").out))
    assert by_command == by_flake8
