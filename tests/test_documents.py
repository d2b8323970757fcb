"""What the documents promise holds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")


def test_the_ci_runs_the_test_command_of_the_readme():
    command = re.search(r"All tests.*?```console\n\$ (.*?)\n```", README, re.DOTALL)[1]
    assert command in (TOP / ".ci" / "run").read_text().splitlines()


def test_the_output_in_the_readme_is_real(tmp_path):
    script = re.search(r"`train.py`:\n\n```python\n(.*?)```", README, re.DOTALL)[1]
    shown = re.search(r"```console\n\$ kshape-lint train.py\n(.*?)```", README, re.DOTALL)[1]
    (tmp_path / "train.py").write_text(script)
    ran = subprocess.run(
        [sys.executable, "-m", "kshape_lint", "train.py"], cwd=tmp_path, env={"PYTHONPATH": str(TOP)}, capture_output=True, text=True
    )
    assert ran.stdout == shown
