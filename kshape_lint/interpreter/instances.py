"""Classes and instances that the program itself defines."""

from __future__ import annotations

from typing import Any

from .values import DictObj, Library, Obj, Value

OPEN_TO_INSTANCES = ("keras.",)


class UserClass:
    """A class the program defines: its bases (user classes and `Library` names) and what its body bound."""

    born = 0
    """Writes to a class are always journalled; see `World`."""

    __slots__ = ("_mro", "bases", "decorated", "fields", "instantiated", "is_named_tuple", "members", "name", "node", "scope", "variables")

    def __init__(self, name: str, bases: tuple[Value, ...], variables: dict[str, Value], node: Any = None) -> None:
        self.name = name
        self.bases = bases
        self.variables = variables
        self.node = node
        self.scope: Any = None
        self.decorated: tuple[str, ...] = ()
        self.fields: tuple[tuple[str, Any], ...] = ()
        self.is_named_tuple = False
        self.instantiated = False
        self.members: tuple[Value, ...] | None = None
        self._mro: list[Value] | None = None

    def __repr__(self) -> str:
        return f"<class {self.name}>"

    def mro(self) -> list[Value]:
        """Return the class and its bases, nearest first: left to right, depth first, each once, last place kept."""
        if self._mro is not None:
            return self._mro
        out: list[Value] = [self]
        for base in self.bases:
            for c in base.mro() if isinstance(base, UserClass) else [base]:
                if c in out:
                    out.remove(c)
                out.append(c)
        self._mro = out
        return out

    def library_bases(self) -> list[str]:
        """Return the canonical paths of the library classes it inherits from, of those whose models take its instances.

        Models of other classes (arrays, lists, estimators …) know their own objects alone.
        """
        return [c.path for c in self.mro() if isinstance(c, Library) and c.path.startswith(OPEN_TO_INSTANCES)]


class Factory:
    """The default of a data class's field that is made anew for each object."""

    __slots__ = ("make",)

    def __init__(self, make: Value) -> None:
        self.make = make


class InstanceObj(Obj):
    """An object of a `UserClass`. Its state is a dict of attributes, copied and never changed in place.

    A library whose class the user's class inherits from keeps its own record there, under a key that is no identifier.
    """

    __slots__ = ("cls",)

    def __init__(self, cls: UserClass) -> None:
        super().__init__({})
        self.cls = cls

    def __repr__(self) -> str:
        return f"<{self.cls.name} object>"


class AttributesObj(DictObj):
    """``object.__dict__``: the attributes of an object as a dict, which sets them when it is written to."""

    __slots__ = ("owner",)

    def __init__(self, owner: InstanceObj) -> None:
        super().__init__({})
        self.owner = owner

    @property
    def state(self) -> Any:
        """The object's own attributes; those that a library keeps there are not among them."""
        held = self.owner.state
        return {k: v for k, v in held.items() if not isinstance(k, str) or k.isidentifier()}

    def put(self, state: Any) -> None:
        """Replace the object's attributes."""
        held = self.owner.state
        kept = {k: v for k, v in held.items() if isinstance(k, str) and not k.isidentifier()}
        self.owner.put({**kept, **state})
