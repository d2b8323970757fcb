"""Frozen records that cost nothing to declare.

`dataclasses.dataclass` writes the source of each class's methods and compiles it, some half a millisecond a class and each time
that a process starts; there are a hundred here, of which a script needs ten. The records of this module share their methods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, field
from typing import TYPE_CHECKING, Any, TypeVar, overload

T = TypeVar("T")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[T], T]:
        """Say nothing: the decorator of this name is for type checkers."""
        return lambda function: function


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, eq: bool) -> Callable[[type[T]], type[T]]: ...
def record(cls: type[T] | None = None, /, *, eq: bool = True) -> Any:
    """Make a class what ``dataclass(frozen=True)`` makes of it. Without `eq` a record equals itself alone."""
    if cls is None:
        return lambda cls: _made(cls, eq)
    return _made(cls, eq)


def replace(of: T, /, **changes: Any) -> T:
    """Return the record with other values in some of its fields."""
    cls: Any = type(of)
    if not changes.keys() <= cls._fields.keys():
        raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(changes.keys() - cls._fields.keys()))}")
    made = object.__new__(cls)
    made.__dict__.update(of.__dict__)
    made.__dict__.update(changes)
    return made  # type: ignore[no-any-return]


def _made(cls: Any, eq: bool) -> Any:
    """Note the fields that a class and those it inherits from declare, with their defaults, and give it the shared methods."""
    fields: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        fields.update(base.__dict__.get("_fields", ()))
    for name, annotation in cls.__annotations__.items():
        if not annotation.startswith("ClassVar"):
            fields[name] = default = cls.__dict__.get(name, MISSING)
            if isinstance(default, Field):
                delattr(cls, name)
    cls._fields = fields
    for method in _SHARED if eq else _IDENTICAL:
        if method.__name__ not in cls.__dict__:
            setattr(cls, method.__name__, method)
    return cls


def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
    fields = self._fields
    values = dict(zip(fields, args))
    if len(args) == len(fields) and not kwargs:
        self.__dict__.update(values)
        return
    if kwargs:
        if not kwargs.keys() <= fields.keys() or not kwargs.keys().isdisjoint(values):
            raise TypeError(f"{type(self).__name__} got an unexpected argument, or one twice: {', '.join(kwargs)}")
        values.update(kwargs)
    if len(args) > len(fields):
        raise TypeError(f"{type(self).__name__} takes {len(fields)} arguments, {len(args)} were given")
    if len(values) < len(fields):
        for name, default in fields.items():
            if name not in values:
                if isinstance(default, Field):
                    default = default.default_factory() if default.default_factory is not MISSING else default.default
                if default is MISSING:
                    raise TypeError(f"{type(self).__name__} misses its argument {name}")
                values[name] = default
    self.__dict__.update(values)


def __repr__(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"


def __eq__(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if type(self) is not type(other):
        return NotImplemented
    return all(getattr(self, name) == getattr(other, name) for name in self._fields)


def __hash__(self: Any) -> int:
    return hash(tuple(getattr(self, name) for name in self._fields))


def __setattr__(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def __delattr__(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_IDENTICAL = (__init__, __repr__, __setattr__, __delattr__)
_SHARED = (*_IDENTICAL, __eq__, __hash__)

__all__ = ["field", "record", "replace"]
