"""The project's own modules: found next to the script, run when a name of theirs is first needed, each once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..project import locate
from ..syntax.sources import read
from .frames import Closure, PyRaise, Scope
from .values import UNBOUND, Unknown, Value

if TYPE_CHECKING:
    from .run import Run

MOST_MODULES = 24
MOST_LINES = 20_000


class UserModule:
    """A module of the project; its scope is filled when it is first looked into."""

    __slots__ = ("path", "ran", "scope")

    def __init__(self, path: str) -> None:
        self.path = path
        self.scope = Scope()
        self.ran = False

    def __repr__(self) -> str:
        return f"<module {self.path}>"

    @property
    def directory(self) -> str | None:
        """The folder of its submodules, None for a module that is no package."""
        if os.path.basename(self.path) == "__init__.py":
            return os.path.dirname(self.path)
        return self.path if os.path.isdir(self.path) else None


class Promised:
    """A name imported from a module of the project, looked up when it is first read."""

    __slots__ = ("module", "name")

    def __init__(self, module: UserModule, name: str) -> None:
        self.module = module
        self.name = name


def find(run: Run, dotted: str, level: int) -> UserModule | None:
    """Return the project's module that an import in the file under way leads to."""
    if not run.follow:
        return None
    # Python looks beside the script that was started; the importing file's own folder is a guess for scripts of other folders.
    path = (None if level else locate(dotted, 0, run.main)) or locate(dotted, level, run.filename)
    return None if path is None else at(run, path)


def at(run: Run, path: str) -> UserModule | None:
    """Return the module in a file, None where too many have been followed already."""
    known = run.modules.get(path)
    if known is None:
        if len(run.modules) >= MOST_MODULES:
            return None
        known = run.modules[path] = UserModule(path)
    return known


def own_name(path: str) -> Value:
    """Return what ``__file__`` is in the file at `path`; a notebook has no such name."""
    return os.path.abspath(path).replace(os.sep, "/") if path.endswith(".py") else Unknown(("name", "__file__"))


def member(run: Run, module: UserModule, name: str) -> Value:
    """Return a name of a module: what its code bound, or a submodule, else unknown."""
    ensure_ran(run, module)
    from .expressions import look_up

    if module.scope.variables.get(name, UNBOUND) is not UNBOUND or module.scope.stars:
        found = look_up(run, module.scope, name)
        if not (isinstance(found, Unknown) and found.key == ("name", name)):
            return found
    directory = module.directory
    if directory is not None:
        for candidate in (os.path.join(directory, name + ".py"), os.path.join(directory, name, "__init__.py")):
            if os.path.isfile(candidate):
                submodule = at(run, candidate)
                if submodule is not None:
                    return submodule
    return Unknown(("import", module.path, name))


def ensure_ran(run: Run, module: UserModule) -> None:
    """Run a module's top level once; a module that is being run already is seen as far as it got, as in Python."""
    if module.ran:
        return
    module.ran = True
    source = read(module.path) if module.path.endswith(".py") else None
    if source is None or run.followed_lines + source.lines > MOST_LINES:
        return
    from .limits import MOST_LINES_COUNTED, STEPS_A_LINE
    from .statements import execute_block

    run.most_steps += max(0, min(source.lines, MOST_LINES_COUNTED - run.followed_lines)) * STEPS_A_LINE
    run.followed_lines += source.lines
    run.sources[module.path] = source.module
    module.scope.variables["__name__"] = os.path.splitext(os.path.basename(module.path))[0]
    module.scope.variables["__file__"] = own_name(module.path)
    outer = (run.filename, run.scope, run.module, run.closure, run.node, run.arguments, run.handlers, run.yields, run.functions)
    run.filename, run.scope, run.module, run.closure = module.path, module.scope, module.scope, Closure(None, None)
    run.handlers, run.yields, run.functions = [], [], []
    world = run.world
    journal, assumptions = world.journal, world.assumptions
    # A module runs once, whatever the importing code assumes.
    world.journal, world.assumptions = None, {}
    try:
        execute_block(run, source.statements)
    except PyRaise:
        pass
    finally:
        world.journal, world.assumptions = journal, assumptions
        world.age()
        (run.filename, run.scope, run.module, run.closure, run.node, run.arguments, run.handlers, run.yields, run.functions) = outer
