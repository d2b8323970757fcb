"""How fast it is, in ratios to what anybody knows: libcst's parse, flake8 without us, ``import tensorflow``.

Without arguments the scripts are those of fixtures/; the code that uses no library of ours is Python's own standard library.
Times of processes are processor times, the least of several alternating runs, so that a busy machine disturbs little.
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

TOP = Path(__file__).parents[1]

_COMPILED = tempfile.TemporaryDirectory(prefix="bench")
_FLAKE8 = """
import importlib.metadata, sys
real = importlib.metadata.distributions
if sys.argv.pop(1) == "without":
    importlib.metadata.distributions = lambda **said: (d for d in real(**said) if d.metadata["name"] != "kshape-lint")
from flake8.main.cli import main
sys.exit(main())
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="Keras scripts, or directories of them, to measure with")
    parser.add_argument("--rounds", type=int, default=5, help="how often each process is run")
    said = parser.parse_args()
    scripts = python_files(said.paths or [TOP / "fixtures"])
    library = python_files([Path(sysconfig.get_path("stdlib"))], leave_out=("site-packages", "test", "tests", "idlelib", "lib2to3"))[::20]
    for files, name in ((scripts, "Keras scripts"), (library, "files of the standard library")):
        print(len(files), name, "of", sum(file.read_bytes().count(b"\n") for file in files), "lines")
    print()
    print(f"{'':72}{'ratio':>8}   aim")
    # First, while this process is small: a process that it starts begins with its size.
    one_script(scripts, said.rounds)
    cold(scripts, said.rounds)
    flake8_with_against_without(library, "code that uses none of our libraries", "≤ 1.03", said.rounds)
    flake8_with_against_without(scripts, "Keras scripts", "", said.rounds)
    startup(said.rounds)
    check_against_parse(scripts)
    return 0


def check_against_parse(scripts: Sequence[Path]) -> None:
    """Compare the whole check with libcst's parse of the same texts, in this process."""
    import libcst

    from kshape_lint.checker import check

    texts = [(path.read_text(encoding="utf-8"), str(path)) for path in scripts]
    for text, name in texts[:5]:
        check(text, name, keras=3)
    parse = [least(lambda text=text: libcst.parse_module(text)) for text, _ in texts]
    whole = [least(lambda text=text, name=name: check(text, name, keras=3)) for text, name in texts]
    detail = f"{1e3 * sum(whole) / len(texts):.1f} ms a file"
    show("whole check / libcst.parse_module, Keras scripts, warm", sum(whole) / sum(parse), "≤ 1.5", detail)
    # The least times of a short file are mostly noise: its ratio says nothing.
    ratios = [(one / other, path.name) for one, other, path in zip(whole, parse, scripts, strict=True) if other >= 0.002]
    if ratios:
        worst, name = max(ratios)
        show("the same of the worst file", worst, "≤ 20", name)


def cold(scripts: Sequence[Path], rounds: int) -> None:
    """Compare a process that checks one short script with one that parses it."""
    wanted = [path for path in scripts if "keras" in path.read_text(encoding="utf-8")] or list(scripts)
    shortest = min(wanted, key=lambda path: path.stat().st_size)
    read = f"text = open({str(shortest)!r}, encoding='utf-8').read()"
    parse = least_process(rounds, "-c", f"import libcst\n{read}\nlibcst.parse_module(text)")
    whole = least_process(rounds, "-c", f"import kshape_lint\n{read}\nkshape_lint.check_source(text)")
    show("a process that checks / one that parses, a short script", whole / parse, "", f"{1e3 * (whole - parse):.0f} ms more")


def flake8_with_against_without(files: Sequence[Path], name: str, aim: str, rounds: int) -> None:
    """Compare two runs of flake8."""
    with tempfile.TemporaryDirectory() as directory:
        installed = any(point.name == "KSH" for point in importlib.metadata.entry_points(group="flake8.extension"))
        local = "" if installed else f"[flake8:local-plugins]\nextension = KSH = kshape_lint.faces.flake8:Plugin\npaths = {TOP}\n"
        (Path(directory) / "with.cfg").write_text(f"[flake8]\n{local}")
        (Path(directory) / "without.cfg").write_text("[flake8]\n")
        best = {"with": 1e9, "without": 1e9}
        for _ in range(rounds):
            for way in best:
                config = f"{directory}/{way}.cfg"
                seconds, _ = process("-c", _FLAKE8, way, "--config", config, "--jobs", "1", "--quiet", "--exit-zero", *map(str, files))
                best[way] = min(best[way], seconds)
    show(f"flake8 with / without the plugin, {name}", best["with"] / best["without"], aim, f"{best['with']:.2f} s")


def startup(rounds: int) -> None:
    """Tell what importing the plugin costs every flake8 process."""
    bare = least_process(rounds, "-c", "import argparse")
    plugin = least_process(rounds, "-c", "import argparse, kshape_lint.faces.flake8")
    show("import of the plugin / start of Python", (plugin - bare) / bare, "", f"{1e3 * (plugin - bare):.1f} ms")


def one_script(scripts: Sequence[Path], rounds: int) -> None:
    """Compare the command on one script with what running it would import."""
    longest = max(scripts, key=lambda path: path.stat().st_size)
    command, memory = min(process("-m", "kshape_lint", "--quiet", str(longest), ok=(0, 1)) for _ in range(rounds))
    bare, _ = min(process("-c", "pass") for _ in range(rounds))
    detail = f"{command:.2f} s for {longest.name}"
    try:
        tensorflow, its_memory = min(process("-c", "import tensorflow") for _ in range(2))
    except subprocess.CalledProcessError:
        show("the command on one script / start of Python", command / bare, "", detail)
    else:
        show("the command on one script / import tensorflow", command / tensorflow, "", detail)
        show("peak memory of the same two", memory / its_memory, "", f"{memory:.0f} MB")


def show(what: str, ratio: float, aim: str, detail: str) -> None:
    """Print a line of the table."""
    print(f"{what:72}{ratio:8.3f}   {aim:8} ({detail})", flush=True)


def least(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the least processor time of several rounds in this process."""
    times = []
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def least_process(rounds: int, *arguments: str) -> float:
    """Return the least processor time of several runs of Python."""
    return min(process(*arguments)[0] for _ in range(rounds))


def process(*arguments: str, ok: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Run Python; return its processor time in seconds and its peak memory in megabytes."""
    environment = {**os.environ, "PYTHONPATH": str(TOP), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    # As on a user's machine, a process finds the modules compiled.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = _COMPILED.name
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in ok:
        raise subprocess.CalledProcessError(child.returncode, arguments)
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return usage.ru_utime + usage.ru_stime, kilobytes / 1024


def python_files(paths: Sequence[Path], leave_out: Sequence[str] = ()) -> list[Path]:
    """Return the Python files under the paths that are UTF-8."""
    found = []
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if not set(file.relative_to(path).parts) & set(leave_out):
                try:
                    compile(file.read_text(encoding="utf-8"), str(file), "exec")
                except (SyntaxError, UnicodeDecodeError, ValueError):
                    continue
                found.append(file)
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(TOP))
    sys.exit(main())
