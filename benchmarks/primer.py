"""Runs two revisions of the linter over packages that hold Keras code, and prints how their findings differ.

These packages work: an error in one of them is a false alarm until it is shown real, and a finding that comes or goes with a change is
the best review of that change. The packages come from PyPI, versions pinned, and are kept in a cache; the other revision is checked out
in a directory of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[1]

PACKAGES = (
    "autokeras==3.0.0",
    "bayesflow==2.0.12",
    "deepctr==0.9.4",
    "keras-cv==0.9.0",
    "keras-hub==0.32.0",
    "keras-nlp==0.6.4",
    "keras-rs==0.4.0",
    "keras-tuner==1.4.8",
    "larq==0.14.0",
    "spektral==1.3.1",
    "tensorflow-addons==0.23.0",
    "tensorflow-privacy==0.9.0",
    "tensorflow-recommenders==0.7.7",
    "tf-agents==0.19.0",
    "tf-models-official==2.20.0",
)
"""Code of both Kerases, layers and training, and of those that ship them the tests: there one finds what is unusual and works."""

WHEELS = ("--only-binary=:all:", "--python-version=3.11", "--platform=any", "--platform=manylinux2014_x86_64")
"""The same files wherever this runs: some packages have a wheel for each Python and platform."""

Finding = tuple[str, int, str, str, str]
"""File (from the cache on), row, code, severity, message."""


def fetched(packages: Sequence[str], cache: Path) -> list[Path]:
    """Return the directories of the packages' sources, downloaded where they are not there yet. Nothing of them is installed or run."""
    out = []
    for package in packages:
        name, _, version = package.partition("==")
        home = cache / f"{name}-{version}"
        if not home.exists():
            with tempfile.TemporaryDirectory() as scratch:
                command = [
                    sys.executable,
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    *WHEELS,
                    "--dest",
                    scratch,
                    package,
                ]
                subprocess.run(command, check=True)
                draft = Path(scratch) / "sources"
                for wheel in Path(scratch).glob("*.whl"):
                    with zipfile.ZipFile(wheel) as archive:
                        archive.extractall(draft)
                cache.mkdir(parents=True, exist_ok=True)
                shutil.copytree(draft, home)
        out.append(home)
    return out


@contextmanager
def checked_out(revision: str | None) -> Iterator[Path]:
    """Give a directory that holds a revision of the linter: the working tree for None."""
    if revision is None:
        yield TOP
        return
    with tempfile.TemporaryDirectory() as scratch:
        tree = str(Path(scratch) / "tree")
        _git("worktree", "add", "--quiet", "--detach", tree, revision)
        try:
            yield Path(tree)
        finally:
            _git("worktree", "remove", "--force", tree)


def default_revision() -> str:
    """Return the last tag before this commit, or the commit before it."""
    done = subprocess.run(["git", "describe", "--tags", "--abbrev=0", "HEAD~"], cwd=TOP, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "HEAD~"


def findings(tree: Path, sources: Sequence[Path], jobs: int) -> Counter[Finding]:
    """Return what the linter in a tree finds in the packages."""
    out: Counter[Finding] = Counter()
    for home in sources:
        # The tree comes first on the path, and the package's own directory is not on it.
        launch = f"import sys; sys.path[0] = {str(tree)!r}; from kshape_lint.faces.cli import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", launch, "check", "--quiet", "--output-format", "json", "-j", str(jobs), "."]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tree)})
        if done.returncode not in (0, 1, 2) or not done.stdout.strip():
            raise SystemExit(f"{home.name}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        for f in json.loads(done.stdout):
            where = os.path.join(home.name, os.path.relpath(f["filename"], home) if os.path.isabs(f["filename"]) else f["filename"])
            out[where, f["location"]["row"], f["code"], f["severity"], f["message"]] += 1
    return out


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=TOP, check=True, capture_output=True)


def _shown(finding: Finding) -> str:
    file, row, code, severity, message = finding
    return f"{file}:{row}: {code} {severity}: {message}"


def main() -> int:
    """Check the packages with both revisions and print the difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", help="packages with versions, name==version, in place of the fixed set")
    parser.add_argument("--against", metavar="REVISION", help="the revision to compare with; the last tag, else the commit before")
    parser.add_argument("--all", action="store_true", help="print all findings of the working tree, and compare with nothing")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="how many processes the linter may use")
    parser.add_argument("--cache", type=Path, default=TOP / ".tox" / "primer-cache", help="where the packages are kept")
    said = parser.parse_args()
    sources = fetched(said.packages or PACKAGES, said.cache)
    ours = findings(TOP, sources, said.jobs)
    if said.all:
        for finding in sorted(ours):
            print(_shown(finding))
        print(f"{sum(ours.values())} findings: {dict(Counter(f[3] for f in ours.elements()))}")
        return 0
    revision = said.against or default_revision()
    with checked_out(revision) as tree:
        theirs = findings(tree, sources, said.jobs)
    for finding in sorted(ours.keys() | theirs.keys()):
        more = ours[finding] - theirs[finding]
        if more:
            print("+" if more > 0 else "-", _shown(finding), *([f"({abs(more)} times)"] if abs(more) > 1 else []))
    print(f"{sum((ours - theirs).values())} come and {sum((theirs - ours).values())} go since {revision}; {sum(ours.values())} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
