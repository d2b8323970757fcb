"""What classes of the program decide for themselves: descriptors, ``__init_subclass__``, the members of an ``Enum``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frames import BoundMethod, Function
from .instances import InstanceObj, UserClass
from .values import UNBOUND, Builtin, Library, Unknown, Value

if TYPE_CHECKING:
    from .run import Run

_ENUMS = frozenset({"enum.Enum", "enum.Flag"})
"""Classes that make objects of what their bodies bind. What ``IntEnum`` and its like make, or an ``Enum`` that is a ``str``, counts as what
it is."""
_NUMBERED = frozenset({"enum.IntEnum", "enum.IntFlag", "enum.StrEnum"})
AUTO = Builtin("auto", lambda: None)
"""What ``enum.auto()`` gives, until its class knows better."""


def from_classes(classes: list[Value], name: str) -> Value:
    """Return what the first class of the program that binds a name binds it to, `UNBOUND` where none does before a library's own class."""
    for c in classes:
        if not isinstance(c, UserClass):
            break
        if name in c.variables:
            return c.variables[name]
    return UNBOUND


def describes(value: Value, name: str) -> bool:
    """Tell whether an object is a descriptor of the program's own, with this method."""
    return type(value) is InstanceObj and isinstance(from_classes(value.cls.mro(), name), Function)


def begin_class(run: Run, made: UserClass, keywords: dict[str, Value]) -> None:
    """Let those know of a new class who ask for it: the descriptors in it, and the class it inherits from."""
    for name, value in list(made.variables.items()):
        if describes(value, "__set_name__"):
            run.call(run.attribute(value, "__set_name__"), (made, name), {})
    heard = from_classes(made.mro()[1:], "__init_subclass__")
    if isinstance(heard, Function):
        run.call(BoundMethod(heard, made), (), keywords)
    kinds = {c.path for c in made.mro() if isinstance(c, Library)}
    if kinds & (_ENUMS | _NUMBERED):
        _enumerate(made, objects=kinds <= _ENUMS)


def _enumerate(made: UserClass, *, objects: bool) -> None:
    """Make members of what an ``Enum``'s body binds."""
    last: Value = 0
    members: list[Value] = []
    for name, value in list(made.variables.items()):
        if name.startswith("_") or "." in name or isinstance(value, (Function, UserClass)):
            continue
        if value is AUTO:
            value = last + 1 if type(last) is int else Unknown(("auto", made.name, name))
        last = value
        if objects:
            member = InstanceObj(made)
            member.put({"value": value, "name": name, "_value_": value, "_name_": name})
            value = next((m for m in members if m.state["value"] == last and not isinstance(last, Unknown)), member)
        made.variables[name] = value
        if all(value is not m for m in members):
            members.append(value)
    made.members = tuple(members)


def member_of(cls: UserClass, value: Value) -> Value:
    """Return the member of an ``Enum`` that has a value, `UNBOUND` where that is open."""
    for m in cls.members or ():
        if isinstance(m, InstanceObj) and type(value) in (int, str) and m.state["value"] == value:
            return m
    return UNBOUND
