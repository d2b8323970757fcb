"""Callables and scopes of the program under analysis, and how control leaves a statement."""

from __future__ import annotations

from ..libraries.api import Model
from ..syntax import nodes as n
from .instances import UserClass
from .values import Iteration, Tag, Value, births


class Scope:
    """The names of one module, function call or class body; `parent` is where free names are looked up."""

    __slots__ = ("born", "foreign", "parent", "stars", "variables")

    def __init__(self, parent: Scope | None = None) -> None:
        self.born = births()
        self.variables: dict[str, Value] = {}
        self.parent = parent
        self.foreign: dict[str, Scope] | None = None
        self.stars: list[str] | None = None


class Function:
    """A function or lambda of the program, with the scope it closes over."""

    __slots__ = ("called", "defaults", "filename", "module", "node", "owner", "role", "scope", "traced")

    def __init__(self, node: n.Function, scope: Scope | None, defaults: dict[str, Value], filename: str, module: Scope) -> None:
        self.node = node
        self.filename = filename
        self.module = module
        self.scope = scope
        self.defaults = defaults
        self.owner: UserClass | None = None
        self.role = "plain"
        self.called = False
        self.traced = False

    def __repr__(self) -> str:
        return f"<function {self.node.name}>"


class BoundMethod:
    """A function of the program with its first argument."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Function, receiver: Value) -> None:
        self.function = function
        self.receiver = receiver

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoundMethod) and self.function is other.function and self.receiver is other.receiver

    def __hash__(self) -> int:
        return hash(id(self.function))


class BoundLibrary:
    """A library method with its object."""

    __slots__ = ("model", "receiver")

    def __init__(self, model: Model, receiver: Value) -> None:
        self.model = model
        self.receiver = receiver

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoundLibrary) and self.model is other.model and self.receiver is other.receiver

    def __hash__(self) -> int:
        return hash(self.model.path)


class Super:
    """``super()``: attribute look-up on `receiver` starts behind `cls`."""

    __slots__ = ("cls", "receiver")

    def __init__(self, cls: UserClass, receiver: Value) -> None:
        self.cls = cls
        self.receiver = receiver


class Generator:
    """A call of a generator function: its body runs when it is iterated."""

    __slots__ = ("arguments", "function", "iteration")

    def __init__(self, function: Function, arguments: Scope) -> None:
        self.function = function
        self.arguments = arguments
        self.iteration: Iteration | None = None


class Leave:
    """How control leaves a statement other than by going on to the next (which is None)."""

    __slots__ = ()


class Returned(Leave):
    """``return``."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Raised(Leave):
    """An exception that nothing here catches, by its name."""

    __slots__ = ("exception",)

    def __init__(self, exception: str) -> None:
        self.exception = exception


class Jump(Leave):
    """``break`` or ``continue``."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind


BREAK = Jump("break")
CONTINUE = Jump("continue")


class Mixed(Leave):
    """Control leaves by how the open question `tag` is answered; None among `outcomes` goes on.

    `going` is how many of the outcomes go on, under further answers or under all.
    """

    __slots__ = ("going", "outcomes", "tag")

    def __init__(self, tag: Tag, outcomes: tuple[Leave | None, ...]) -> None:
        self.tag = tag
        self.outcomes = outcomes
        self.going: int = sum(o is None or (isinstance(o, Mixed) and o.going > 0) for o in outcomes)


class PyRaise(Exception):
    """The program raises here: an exception on its way through an expression, by its name."""

    def __init__(self, exception: str) -> None:
        super().__init__(exception)
        self.exception = exception


class Exhausted(Exception):
    """The budget of the run is spent: what was found so far stands."""


class Yields(list[Value]):
    """What a generator gave so far. `exact` says that it gives these whatever happens; `conditions` held already when its body began."""

    __slots__ = ("conditions", "exact")

    def __init__(self, conditions: int) -> None:
        super().__init__()
        self.conditions = conditions
        self.exact = True


class EnoughYields(Exception):
    """A generator has yielded as often as anyone looks."""


class Closure:
    """What is being run: whose body, for ``super()``."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Function | None, receiver: Value) -> None:
        self.function = function
        self.receiver = receiver
