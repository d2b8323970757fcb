"""Which files there are to check."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from .config import Configuration, Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".pyi", ".ipynb")
STDIN = "-"

_SKIPPED = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "CVS",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
    }
)
"""Directories that hold no code of the user's own."""

_OPEN_FILES = ("/dev/", "/proc/")
"""Where a shell puts what it has opened for us, such as the output of another command."""

_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
"""What stands in the top directory of a virtual environment, whatever its name."""


@dataclass(frozen=True)
class Target:
    """A file to check, as it is called in the output, with its settings."""

    path: str
    settings: Settings


def discover(paths: Iterable[str], configuration: Configuration, problem: Callable[[str], None]) -> Iterator[Target]:
    """Yield the files under `paths`, each once.

    A file that is named is checked whatever it is called and whatever excludes it; in a directory, Python files are
    found that neither a .gitignore nor `exclude` leaves out. What cannot be read is told to `problem`.
    """
    seen: set[str] = set()
    for path in paths:
        if path == STDIN:
            found: Iterable[str] = (path,)
        elif os.path.isdir(path):
            found = _walk(path, configuration, problem)
        elif os.path.isfile(path) or path.startswith(_OPEN_FILES):
            found = (path,)
        elif os.path.exists(path):
            # To read a pipe that nobody writes to would take for ever.
            problem(f"{path}: neither a file nor a directory")
            continue
        else:
            problem(f"{path}: no such file or directory")
            continue
        for file in found:
            absolute = file if file == STDIN else os.path.abspath(file)
            if absolute not in seen:
                seen.add(absolute)
                yield Target(file, configuration.for_file(file))


def _walk(top: str, configuration: Configuration, problem: Callable[[str], None]) -> Iterator[str]:
    ignored = _Ignored.above(top)
    settings = configuration.for_directory(top)
    # Who names a directory wants it, whatever leaves it out when a directory above it is searched.
    lifted = settings if settings.excludes(top, directory=True) else None

    def excluded(path: str, directory: bool) -> bool:
        return settings is not lifted and settings.excludes(path, directory=directory)

    pending = [(top, ignored)]
    while pending:
        directory, ignored = pending.pop()
        settings = configuration.for_directory(directory)
        try:
            with os.scandir(directory) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            problem(f"{directory}: {error.strerror}")
            continue
        if any(entry.name == ".gitignore" for entry in entries):
            ignored = ignored.with_file(directory)
        subdirectories = []
        for entry in entries:
            path = (
                os.path.normpath(os.path.join(directory, entry.name)) if directory in (".", "./") else os.path.join(directory, entry.name)
            )
            try:
                is_directory = entry.is_dir(follow_symlinks=False)
                is_file = not is_directory and entry.name.endswith(SUFFIXES) and entry.is_file()
            except OSError as error:
                problem(f"{path}: {error.strerror}")
                continue
            if is_directory:
                if entry.name not in _SKIPPED and not ignored(path, True) and not excluded(path, True) and not _environment(path):
                    subdirectories.append((path, ignored))
            elif is_file and not ignored(path, False) and not excluded(path, False):
                yield path
        pending.extend(reversed(subdirectories))


def _environment(path: str) -> bool:
    return any(os.path.lexists(os.path.join(path, mark)) for mark in _ENVIRONMENT_MARKS)


@dataclass(frozen=True)
class _Ignored:
    """The .gitignore files that hold in a directory, outermost first, each with the directory it stands in."""

    files: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def __call__(self, path: str, is_directory: bool) -> bool:
        if not self.files:
            return False
        absolute = os.path.abspath(path)
        for base, spec in reversed(self.files):
            relative = os.path.relpath(absolute, base).replace(os.sep, "/") + "/" * is_directory
            include = spec.check_file(relative).include
            if include is not None:
                return include
        return False

    def with_file(self, directory: str) -> _Ignored:
        spec = _gitignore(os.path.join(os.path.abspath(directory), ".gitignore"))
        return self if spec is None else _Ignored((*self.files, (os.path.abspath(directory), spec)))

    @staticmethod
    def above(top: str) -> _Ignored:
        """Return what the repository that `top` stands in ignores there; nothing, if it ignores `top` as a whole."""
        top = os.path.abspath(top)
        parents = []
        directory = top
        while not os.path.exists(os.path.join(directory, ".git")):
            directory, inner = os.path.dirname(directory), directory
            if directory == inner:
                return _Ignored()
            parents.append(directory)
        ignored = _Ignored()
        exclude = _gitignore(os.path.join(directory, ".git", "info", "exclude"))
        if exclude is not None:
            ignored = _Ignored(((directory, exclude),))
        for parent in reversed(parents):
            ignored = ignored.with_file(parent)
        inside = [top, *parents[:-1]]
        return _Ignored() if any(ignored(each, True) for each in inside if each != directory) else ignored


@lru_cache(maxsize=1024)
def _gitignore(path: str) -> GitIgnoreSpec | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
