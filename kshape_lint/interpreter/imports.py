"""What imports bind: names of libraries we model, and unknowns for all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..libraries import api
from .attributes import library_name
from .values import Unknown, Value

if TYPE_CHECKING:
    from .run import Run


def _imported(path: str) -> Value:
    root = path.partition(".")[0]
    if api.modelled(root):
        api.load(root)
        return library_name(path)
    return Unknown(("import", path))


def import_module(run: Run, dotted: str, name: str | None) -> None:
    """Do ``import dotted`` or ``import dotted as name``."""
    from .statements import write_name

    if name is not None:
        write_name(run, name, _imported(dotted))
    else:
        root = dotted.partition(".")[0]
        write_name(run, root, _imported(root))


def import_names(run: Run, module: str, names: list[tuple[str, str | None]] | None, level: int) -> None:
    """Do ``from module import a as b``; `names` is None for a star, `level` counts leading dots."""
    from .statements import write_name

    root = module.partition(".")[0]
    known = level == 0 and api.modelled(root)
    if names is None:
        if known:
            api.load(root)
            run.scope.stars = [*(run.scope.stars or []), api.canonical(module)]
        return
    for original, name in names:
        value = _imported(f"{module}.{original}") if known else Unknown(("import", "." * level + f"{module}.{original}"))
        write_name(run, name or original, value)
