"""Which Keras a script is meant for, where the user does not say: what the script or its project tells, else 3."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

_LEGACY_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+|import[ \t]+(?:[\w. \t]+,[ \t]*)*)tf_keras\b", re.MULTILINE)
_PLAIN_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+keras\b", re.MULTILINE)
_LEGACY_SWITCH = re.compile(r"""["']?TF_USE_LEGACY_KERAS["']?\]?\s*(?:=|,)\s*["']?(?:1|[Tt]rue)\b""")

_REQUIREMENT = re.compile(r"\s*(tensorflow(?:[-_](?:cpu|gpu|intel|macos))?|keras)(?![-_.\w])[^;#]*", re.IGNORECASE)


def inferred(text: str, path: str | None = None) -> tuple[int, ...]:
    """Return the majors to check a script for, by its imports, the legacy switch, or what its project requires."""
    if "tf_keras" in text and _LEGACY_IMPORT.search(text) and not _PLAIN_IMPORT.search(text):
        return (2,)
    if "TF_USE_LEGACY_KERAS" in text and _LEGACY_SWITCH.search(text):
        return (2,)
    if path is not None and _project_requires_2(os.path.dirname(os.path.abspath(path))):
        return (2,)
    return (3,)


@lru_cache(maxsize=4096)
def _project_requires_2(directory: str) -> bool:
    """Tell whether the nearest requirements upwards that name TensorFlow or Keras allow Keras 2 alone."""
    said = [before for requirement in _requirements(Path(directory)) if (before := _before_3(requirement)) is not None]
    if said:
        return any(said)
    above = os.path.dirname(directory)
    at_top = above == directory or os.path.exists(os.path.join(directory, ".git"))
    return False if at_top else _project_requires_2(above)


def _requirements(directory: Path) -> Iterator[str]:
    for name in ("requirements.txt", "requirements.in", "constraints.txt"):
        try:
            yield from (directory / name).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            continue
    yield from _strings(_dependencies(directory / "pyproject.toml"))


def _dependencies(path: Path) -> Any:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if b"tensorflow" not in data and b"keras" not in data:
        return None
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        project = tomllib.loads(data.decode("utf-8")).get("project")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    if not isinstance(project, dict):
        return None
    return project.get("dependencies")


def _strings(value: Any) -> Iterable[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _before_3(requirement: str) -> bool | None:
    """Tell whether a requirement on TensorFlow or Keras leaves Keras 2 alone; None where it is about something else."""
    found = _REQUIREMENT.match(requirement)
    if found is None:
        return None
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.version import Version

    try:
        specifiers = Requirement(found[0].strip()).specifier
    except InvalidRequirement:
        return None
    first = Version("3" if found[1].lower() == "keras" else "2.16")
    for specifier in specifiers:
        version = Version(specifier.version.removesuffix(".*"))
        bounds = {
            "<": version <= first,
            "<=": version < first,
            "==": version < first,
            "===": version < first,
            "~=": version < first and len(version.release) > len(first.release),
        }
        if bounds.get(specifier.operator, False):
            return True
    return False
