"""What the user set: ``[tool.kshape_lint]`` in a pyproject.toml, with what the command line says on top."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .flake8 import MAJORS
from .selection import prefixes, wanted

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FORMATS = ("full", "concise", "json", "github", "sarif")


class ConfigError(Exception):
    """A setting that cannot be understood; its text is for the user."""


@dataclass(frozen=True)
class Settings:
    """The settings for the files under one pyproject.toml, or for all where there is none.

    `keras` is empty where the user leaves it to us.
    """

    root: Path | None = None
    select: tuple[str, ...] = ("KSH",)
    ignore: tuple[str, ...] = ()
    keras: tuple[int, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    output_format: str | None = None
    jobs: int | None = None
    read_data_files: bool = True
    data_roots: tuple[str, ...] = ()

    @property
    def data(self) -> tuple[str, ...] | None:
        """The further folders in which data lie that scripts read, None where no data file is to be looked into."""
        if not self.read_data_files:
            return None
        return tuple(os.path.join(self.root or "", os.path.expanduser(each)) for each in self.data_roots)

    def excludes(self, path: str, *, directory: bool = False) -> bool:
        """Tell whether `exclude` names a path."""
        relative = self._relative(path) if self.exclude else None
        return relative is not None and self._exclude_spec.match_file(relative + "/" * directory)

    def wants(self, code: str, path: str) -> bool:
        """Tell whether a code is to be reported in a file."""
        ignore = self.ignore
        if self.per_file_ignores:
            relative = self._relative(path)
            if relative is not None:
                ignore += tuple(code for spec, codes in self._per_file_specs if spec.match_file(relative) for code in codes)
        return wanted(code, self.select, ignore)

    def _relative(self, path: str) -> str | None:
        if self.root is None:
            return None
        try:
            return Path(os.path.abspath(path)).relative_to(self.root).as_posix()
        except ValueError:
            return None

    @cached_property
    def _exclude_spec(self) -> GitIgnoreSpec:
        return _spec(self.exclude)

    @cached_property
    def _per_file_specs(self) -> list[tuple[GitIgnoreSpec, tuple[str, ...]]]:
        return [(_spec((pattern,)), codes) for pattern, codes in self.per_file_ignores]


def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


class Configuration:
    """Finds the settings for each directory: the nearest pyproject.toml upwards that has our table decides."""

    def __init__(
        self,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        keras: tuple[int, ...] = (),
        data_roots: tuple[str, ...] = (),
        read_data_files: bool | None = None,
    ) -> None:
        # What the command line names begins where the user stands, what a pyproject.toml names beside that.
        said: dict[str, Any] = {"select": select, "ignore": ignore, "keras": keras, "data_roots": tuple(map(os.path.abspath, data_roots))}
        self._overrides = {key: value for key, value in said.items() if value}
        if read_data_files is not None:
            self._overrides["read_data_files"] = read_data_files
        self._by_directory: dict[Path, Settings] = {}

    def for_directory(self, directory: str | os.PathLike[str]) -> Settings:
        """Return the settings for the files of a directory."""
        path = Path(os.path.abspath(directory))
        known = self._by_directory.get(path)
        if known is None:
            table = _table(path / "pyproject.toml")
            if table is not None:
                known = replace(_settings(table, path / "pyproject.toml"), **self._overrides)
            elif path.parent == path:
                known = replace(Settings(), **self._overrides)
            else:
                known = self.for_directory(path.parent)
            self._by_directory[path] = known
        return known

    def for_file(self, path: str) -> Settings:
        """Return the settings for a file."""
        return self.for_directory(os.path.dirname(path) or ".")


def _table(path: Path) -> dict[str, Any] | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        if path.is_dir():
            return None
        raise ConfigError(f"{path}: {error.strerror}") from None
    if b"kshape_lint" not in data and b"kshape-lint" not in data:
        return None
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    if isinstance(tool, dict) and "kshape-lint" in tool:
        raise ConfigError(f"{path}: the table is called [tool.kshape_lint], not [tool.kshape-lint]")
    table = tool.get("kshape_lint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.kshape_lint is not a table")
    return table


def _settings(table: dict[str, Any], path: Path) -> Settings:
    values: dict[str, Any] = {"root": path.parent}
    for key, value in table.items():
        if key not in _READERS:
            import difflib

            near = difflib.get_close_matches(key, _READERS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(_READERS)}"
            raise ConfigError(f"{path}: unknown key {key!r} in [tool.kshape_lint]{hint}")
        try:
            values[key.replace("-", "_")] = _READERS[key](value)
        except ValueError as error:
            raise ConfigError(f"{path}: [tool.kshape_lint] {key}: {error}") from None
    return Settings(**values)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise ValueError(f"expected a list of strings, not {value!r}")


def _codes(value: object) -> tuple[str, ...]:
    return prefixes(_texts(value))


def _keras(value: object) -> tuple[int, ...]:
    majors = MAJORS.get(str(value)) if isinstance(value, (int, str)) else None
    if majors is None:
        raise ValueError(f'expected 3, 2 or "both", not {value!r}')
    return majors


def _per_file_ignores(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a table of patterns with lists of codes, not {value!r}")
    return tuple((pattern, _codes(codes)) for pattern, codes in value.items())


def _output_format(value: object) -> str:
    if isinstance(value, str) and value in FORMATS:
        return value
    raise ValueError(f"expected one of {', '.join(FORMATS)}, not {value!r}")


def _jobs(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ValueError(f"expected a whole number from 1, not {value!r}")


def _switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"expected true or false, not {value!r}")


_READERS: dict[str, Callable[[object], Any]] = {
    "select": _codes,
    "ignore": _codes,
    "keras": _keras,
    "exclude": _texts,
    "per-file-ignores": _per_file_ignores,
    "output-format": _output_format,
    "jobs": _jobs,
    "read-data-files": _switch,
    "data-roots": _texts,
}
