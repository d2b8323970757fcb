"""What classes of the program decide for themselves: descriptors, ``__init_subclass__``, the members of an ``Enum``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frames import BoundMethod, Function, PyRaise
from .instances import InstanceObj, UserClass
from .outcome import caught_by
from .values import UNBOUND, Builtin, Library, Unknown, Value, fresh_unknown

if TYPE_CHECKING:
    from .run import Run

_ENUMS = frozenset({"enum.Enum", "enum.Flag"})
"""Classes that make objects of what their bodies bind. What ``IntEnum`` and its like make, or an ``Enum`` that is a ``str``, counts as what
it is."""
_NUMBERED = frozenset({"enum.IntEnum", "enum.IntFlag", "enum.StrEnum"})
_FLAGS = frozenset({"enum.Flag", "enum.IntFlag"})
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
        _enumerate(run, made, objects=kinds <= _ENUMS, flags=bool(kinds & _FLAGS))


def _enumerate(run: Run, made: UserClass, *, objects: bool, flags: bool) -> None:
    """Make members of what an ``Enum``'s body binds."""
    last: Value = 0
    init = from_classes(made.mro(), "__init__")
    members: list[Value] = []
    for name, value in list(made.variables.items()):
        if name.startswith("_") or "." in name or isinstance(value, (Function, UserClass)):
            continue
        if value is AUTO:
            following = 1 << last.bit_length() if flags and type(last) is int else None
            value = following or (last + 1 if type(last) is int else Unknown(("auto", made.name, name)))
        last = value
        if objects:
            member = InstanceObj(made)
            member.put({"value": value, "name": name, "_value_": value, "_name_": name})
            value = next((m for m in members if m.state["value"] == last and not isinstance(last, Unknown)), member)
            if value is member and isinstance(init, Function):
                run.call(BoundMethod(init, member), last if isinstance(last, tuple) else (last,), {})
        made.variables[name] = value
        if all(value is not m for m in members):
            members.append(value)
    made.members = tuple(members)


def member_of(run: Run, cls: UserClass, value: Value) -> Value:
    """Return the member of an ``Enum`` that has a value, unknown where that is open."""
    members = [m for m in cls.members or () if isinstance(m, InstanceObj)]
    if type(value) in (int, str):
        for m in members:
            if m.state["value"] == value:
                return m
        known = len(members) == len(cls.members or ()) and all(type(m.state["value"]) in (int, str) for m in members)
        if known and "_missing_" not in cls.variables and caught_by(run.handlers, "ValueError"):
            raise PyRaise("ValueError")
    return fresh_unknown()
