"""What imports bind: names of libraries we model, modules of the project, and unknowns for all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..libraries import api
from .attributes import library_name
from .modules import Promised, UserModule, ensure_ran, find, member
from .values import Unknown, Value

if TYPE_CHECKING:
    from .run import Run


def _imported(run: Run, dotted: str) -> Value:
    """Return what a dotted module name stands for."""
    root = dotted.partition(".")[0]
    if api.modelled(root):
        api.load(root)
        return library_name(dotted)
    if root in api.OTHER_ARRAYS:
        run.other_arrays = True
    own = find(run, dotted, 0)
    return Unknown(("import", dotted)) if own is None else own


def import_module(run: Run, dotted: str, name: str | None) -> None:
    """Do ``import dotted`` or ``import dotted as name``."""
    from .assigning import write_name

    if name is not None:
        write_name(run, name, _imported(run, dotted))
    else:
        root = dotted.partition(".")[0]
        write_name(run, root, _imported(run, root))


def import_names(run: Run, module: str, names: list[tuple[str, str | None]] | None, level: int) -> None:
    """Do ``from module import a as b``; `names` is None for a star, `level` counts leading dots."""
    from .assigning import write_name

    root = module.partition(".")[0]
    known = level == 0 and api.modelled(root)
    own = None if known else find(run, module, level)
    if level == 0 and root in api.OTHER_ARRAYS:
        run.other_arrays = True
    if names is None:
        if known:
            api.load(root)
            run.scope.stars = [*(run.scope.stars or []), api.canonical(module)]
        elif own is not None:
            _star(run, own)
        return
    for original, name in names:
        value: Value
        if known:
            value = _imported(run, f"{module}.{original}")
        elif own is not None:
            value = Promised(own, original)
        else:
            value = Unknown(("import", "." * level + f"{module}.{original}"))
        write_name(run, name or original, value)


def _star(run: Run, module: UserModule) -> None:
    from .assigning import write_name

    ensure_ran(run, module)
    listed = module.scope.variables.get("__all__")
    public = api.items(listed) if listed is not None else None
    for name in list(module.scope.variables):
        if name in public if public is not None else not name.startswith("_"):
            write_name(run, name, member(run, module, name))
    if module.scope.stars:
        run.scope.stars = [*(run.scope.stars or []), *module.scope.stars]
