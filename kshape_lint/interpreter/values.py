"""What an expression can be worth while a program is run abstractly.

Most values are plain Python objects: ``int``, ``float``, ``str``, ``bytes``, ``bool``, ``None``, ``...``,
``complex``, ``tuple`` (of values), `slice` (of values). A whole number that is fixed but not
known is a `Poly`. The rest are the classes here. Values are immutable, but for `Obj`
and its kin: their state sits behind one reference, is itself immutable, and is replaced through
the `World`, so that a branch can be undone and joined.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Literal, TypeAlias

from ..shapes import UNKNOWN_DIM, Dim, Poly, Shape, show_shape, size, symbol

Value: TypeAlias = Any
"""Any abstract value; see the module's text."""

Kind: TypeAlias = Literal["numpy", "tensor", "keras", "variable", "ragged", "sparse"]
"""Whose array: NumPy's, an eager or graph tensor's, Keras's symbolic tensor's, a ``tf.Variable``'s …"""

Tag: TypeAlias = Hashable
"""Names one open question of the program (which way a branch went); see `World`."""

_serial = itertools.count(1)
_births = itertools.count(1)


class Unknown:
    """A value of which nothing is known.

    `key` tells unknowns apart: two reads of ``args.flag`` have equal keys, so that two tests
    of it are taken to agree. A key of None is like no other.
    """

    __slots__ = ("key",)

    def __init__(self, key: Hashable | None = None) -> None:
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and (self is other or (self.key is not None and self.key == other.key))

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return "Unknown()" if self.key is None else f"Unknown({self.key!r})"


UNKNOWN = Unknown()


class Broken(Unknown):
    """What an operation gives that was reported to fail, and all that is made of it: nothing about it is reported again."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "BROKEN"


BROKEN = Broken()


class AnyScalar(Unknown):
    """A number or text of which no more is known than, perhaps, its NumPy dtype. Without a key two of them need not be equal."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: str | None = None, key: Hashable | None = None) -> None:
        super().__init__(key)
        self.dtype = dtype

    def __repr__(self) -> str:
        return f"AnyScalar({self.dtype!r})"


def fresh_unknown() -> Unknown:
    """Return an unknown value that equals itself alone, so that two tests of it agree."""
    return Unknown(next(_serial))


def some_text(key: Hashable | None = None) -> AnyScalar:
    """Return text of which nothing is known."""
    return AnyScalar("str", next(_serial) if key is None else key)


def is_text(value: Value) -> bool:
    """Tell whether a value certainly is text, known or not."""
    return isinstance(value, str) or (isinstance(value, AnyScalar) and value.dtype == "str")


class Unbound:
    """The value of a name that some path through the program never assigned."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = Unbound()


class Choice:
    """One of a few values, by how the open question `tag` is answered. Library models never see one as an argument."""

    __slots__ = ("alternatives", "tag")

    def __init__(self, tag: Tag, alternatives: tuple[Value, ...]) -> None:
        self.tag = tag
        self.alternatives = alternatives

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and self.tag == other.tag and self.alternatives == other.alternatives

    def __hash__(self) -> int:
        return hash(self.tag)

    def __repr__(self) -> str:
        return f"Choice({self.tag!r}, {self.alternatives!r})"


class Origin:
    """Where an array got its shape: the call or operation, and the origins of what went in.

    `node` is opaque here (the interpreter knows how to find its place). `made` is what happened; its `text`,
    such as ``np.random.rand``, is put together only when it is told. `of_model` says that a model gave it when it was called.
    """

    __slots__ = ("before", "filename", "made", "node", "of_model", "shape")

    def __init__(self, node: object, made: Any, shape: Shape | None, before: tuple[Origin, ...] = (), filename: str = "") -> None:
        self.node = node
        self.made = made
        self.shape = shape
        self.before = before
        self.filename = filename
        self.of_model = False

    def given_by_model(self, shape: Shape | None = None) -> Origin:
        """Return the same story of what a model gave, with another shape where one is given."""
        origin = Origin(self.node, self.made, shape or self.shape, self.before, self.filename)
        origin.of_model = True
        return origin

    @property
    def text(self) -> str:
        """What happened, in the program's words."""
        from .naming import text_of

        return text_of(self.made)

    @property
    def predicted(self) -> bool:
        """Whether a model gave it."""
        return self.of_model or "predict" in self.text


class Array:
    """An n-dimensional array or tensor.

    `shape` is None where even the rank is unknown. `dtype` is a NumPy dtype name (``"str"`` for any text,
    ``"object"``) or None. `data` holds the elements, flat in C order, where they are few and known; `bounds` the least
    and greatest element where known. `history` is library-private: how a Keras symbolic tensor came about.
    `kin` are the arrays that may lie in the same memory, this one among them, as far as their elements are known.
    """

    __slots__ = ("bounds", "data", "dtype", "history", "kin", "kind", "origin", "shape")

    def __init__(
        self,
        shape: Shape | None,
        dtype: str | None = None,
        kind: Kind = "numpy",
        *,
        data: tuple[Value, ...] | None = None,
        bounds: tuple[float, float] | None = None,
        history: Any = None,
        origin: Origin | None = None,
    ) -> None:
        self.shape = shape
        self.dtype = dtype
        self.kind: Kind = kind
        self.data = data
        self.bounds = bounds
        self.history = history
        self.origin = origin
        self.kin: list[Array] | None = None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Array)
            and self.shape == other.shape
            and self.dtype == other.dtype
            and self.kind == other.kind
            and self.data == other.data
            and self.history is other.history
        )

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype, self.kind))

    def __repr__(self) -> str:
        return f"<{self.kind} {show_shape(self.shape)} {self.dtype}>"

    @property
    def rank(self) -> int | None:
        """The number of axes, None where unknown."""
        return None if self.shape is None else len(self.shape)

    @property
    def size(self) -> Dim:
        """The number of elements, unknown where an axis is."""
        return UNKNOWN_DIM if self.shape is None else size(self.shape)

    def reshaped(self, shape: Shape | None, *, keep_data: bool = False) -> Array:
        """Return an array of the same dtype and kind with another shape (and, told so, the same elements in order)."""
        return Array(shape, self.dtype, self.kind, data=self.data if keep_data else None, bounds=self.bounds if keep_data else None)

    def typed(self, dtype: str | None) -> Array:
        """Return an array of the same shape with another dtype; elements are forgotten, bounds kept."""
        return Array(self.shape, dtype, self.kind, bounds=self.bounds)

    def with_origin(self, origin: Origin) -> Array:
        """Return the same array, said to come from `origin`."""
        made = Array(self.shape, self.dtype, self.kind, data=self.data, bounds=self.bounds, history=self.history, origin=origin)
        if self.kin is not None:
            self.shared_with(made)
        return made

    def copied(self) -> Array:
        """Return an array like this one in memory of its own."""
        made = Array(self.shape, self.dtype, self.kind, data=self.data, bounds=self.bounds, history=self.history, origin=self.origin)
        made.kin = [made]
        return made

    @property
    def known(self) -> bool:
        """Whether something is known of the elements, of these or of others in the same memory."""
        return self.kin is not None or self.data is not None or self.bounds is not None

    def shared_with(self, made: Array) -> None:
        """Note that `made` may be a view of this array."""
        if made is self:
            return
        if self.kin is None:
            self.kin = [self]
        made.kin = self.kin
        if made.data is not None or made.bounds is not None:
            self.kin.append(made)

    def written(self, *, reordered: bool = False) -> None:
        """Note that elements were written in their place: what was known of them is forgotten, by whatever name they go.

        Unlike all else that happens to values this is not undone: what a way that is not taken has written is unknown on the others too.
        """
        for a in (self, *(self.kin or ())):
            a.data = None
            if not reordered:
                a.bounds = None


class Library:
    """A name in a library: a module, class, function or constant, by its canonical dotted path."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Library) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"Library({self.path!r})"

    def same_as(self, other: Value) -> bool | None:
        """Tell whether the program finds it equal to another value. Two libraries' names for one thing, such as a dtype, may be."""
        if isinstance(other, Library) and type(other) is not Library:
            return other.same_as(self)
        if self == other or not isinstance(other, Library):
            return True if self == other else None
        return None if self.path.rpartition(".")[2] == other.path.rpartition(".")[2] else False

    def member(self, name: str) -> Value:
        """Return what an attribute is that is no name of the library's, `UNBOUND` where there is no such."""
        return UNBOUND


class Lost(Exception):
    """Raised when the state of an object is read that the run no longer knows; the interpreter answers with unknown."""


class Obj:
    """A thing with identity and changing state. Read `state`, replace it with `put`.

    The state must be an immutable value (tuple, frozen dataclass, or a dict that is copied and
    never changed in place). Reading may raise `Split`, which the interpreter handles.
    """

    __slots__ = ("_state", "born")

    type_path: str = "object"
    """Canonical library path of the class, where methods and properties are looked up."""

    def __init__(self, state: Any = None) -> None:
        self._state = state
        self.born = next(_births)

    @property
    def state(self) -> Any:
        """What is known of the thing now; raises `Lost` where nothing is, and `Split` where an open question decides."""
        s = self._state
        if type(s) is Choice:
            s = _world.resolve(s)
        if s is UNKNOWN:
            raise Lost
        return s

    def put(self, state: Any) -> None:
        """Replace the state, undoably."""
        world = _world.current()
        if world.journal is not None and self.born < world.since:
            world.journal.setdefault((self, None), self._state)
        self._state = state


class Seq:
    """State of a list (or set, or a used-up iterator): its items where all are known, else one item for all and a length."""

    __slots__ = ("element", "items", "length")

    def __init__(self, items: tuple[Value, ...] | None, element: Value = UNKNOWN, length: Dim = None) -> None:
        self.items = items
        self.element = element
        self.length: Dim = len(items) if items is not None else length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seq) and self.items == other.items and self.element == other.element and self.length == other.length

    def __hash__(self) -> int:
        return hash(self.length)

    @property
    def parts(self) -> tuple[Value, ...]:
        """What stands in it: the items, or the one that stands for all."""
        return (self.element,) if self.items is None else self.items


def births() -> int:
    """Return a number that is greater than `Obj.born` of all objects so far, and less than that of all later ones."""
    return next(_births)


class ListObj(Obj):
    """A list: its state is a `Seq`."""

    __slots__ = ()
    type_path = "builtins.list"

    @property
    def state(self) -> Seq:
        """The items, all unknown where the run no longer knows them."""
        return _seq(self)

    @property
    def items(self) -> tuple[Value, ...] | None:
        """The items, or None where they are not all known one by one."""
        return self.state.items


class ResultList(ListObj):
    """A list that a library function gave: how many items it holds is the library's doing, and a wrong count or index a finding."""

    __slots__ = ()


class BlurredList(ListObj):
    """One list that stands for several: what is done to it is done to one of them, so that it and they only ever get vaguer."""

    __slots__ = ("lists",)

    def __init__(self, state: Any = None, lists: tuple[ListObj, ...] = ()) -> None:
        super().__init__(state)
        self.lists = lists

    def put(self, state: Any) -> None:
        """Forget what they hold: which of them is changed is not known, and it may be empty else."""
        super().put(Seq(None, UNKNOWN, UNKNOWN_DIM))
        for one in self.lists:
            one.put(_world.vaguer(one._state, state))


MOST_PARTS = 8_192


def bounded(items: Iterable[Value]) -> tuple[Value, ...]:
    """Return the items of a new tuple or list, unknown where what they hold is too much: ``t = (t, t)`` doubles it at each turn."""
    kept = tuple(items)
    if any(isinstance(v, (tuple, ListObj)) for v in kept):
        pending = list(kept)
        count = 0
        while pending:
            part = pending.pop()
            if isinstance(part, ListObj):
                part = part._state.items if type(part._state) is Seq else None
            if isinstance(part, tuple):
                count += len(part)
                if count > MOST_PARTS:
                    return tuple(fresh_unknown() if isinstance(v, (tuple, ListObj)) else v for v in kept)
                pending.extend(p for p in part if isinstance(p, (tuple, ListObj)))
    return kept


class SetObj(Obj):
    """A set: its state is a `Seq` without order."""

    __slots__ = ()
    type_path = "builtins.set"

    @property
    def state(self) -> Seq:
        """The items, all unknown where the run no longer knows them."""
        return _seq(self)


def _seq(holder: Obj) -> Seq:
    state = holder._state
    if type(state) is Seq:
        return state
    state = _world.resolve(state)
    return state if isinstance(state, Seq) else Seq(None, UNKNOWN, UNKNOWN_DIM)


class DictObj(Obj):
    """A dict: its state is a dict of known keys, which is never changed in place; the key `OTHERS` stands for unknown ones."""

    __slots__ = ()
    type_path = "builtins.dict"

    @property
    def state(self) -> dict[Any, Value]:
        """The values by key, one unknown value under `OTHERS` where the run no longer knows them."""
        state = self._state
        if type(state) is not dict:
            state = _world.resolve(state)
        return state if isinstance(state, dict) else {OTHERS: UNKNOWN}

    def size(self) -> Dim:
        """Return how many keys there are."""
        keys = self.state
        return UNKNOWN_DIM if OTHERS in keys else len(keys)

    def missing(self, key: Value) -> Value:
        """Return what a dict of a special kind gives for a key that it does not hold, `UNBOUND` where that is an error."""
        return UNBOUND


class BlurredDict(DictObj):
    """One dict that stands for several: what is done to it is done to one of them, so that it only ever gets vaguer."""

    __slots__ = ()

    def put(self, state: Any) -> None:
        """Forget what they hold: which of them is changed is not known."""
        super().put({OTHERS: UNKNOWN})


class Others:
    """Key, in a dict's state, of the values whose keys are not known."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "OTHERS"


OTHERS = Others()


class LibObj(Obj):
    """An object of a library class that needs nothing but a record of fields: a scaler, a data frame, a dataset.

    Subclass it in the library's room for objects with more to them. `path` names the class.
    """

    __slots__ = ("path",)

    def __init__(self, path: str, state: Any = None) -> None:
        super().__init__(state)
        self.path = path

    @property
    def type_path(self) -> str:  # type: ignore[override]
        """The canonical path of its class."""
        return self.path


class NamedItems(tuple[Value, ...]):
    """A tuple whose items have names too, for results such as named tuples."""

    names: tuple[str, ...]

    def __new__(cls, items: tuple[Value, ...], names: tuple[str, ...]) -> NamedItems:
        """Make the tuple; `names` are as many as `items`."""
        made = super().__new__(cls, items)
        made.names = names
        return made


class OpenItems(NamedItems):
    """Named items of a result that may hold more, and whose iteration gives what is not known (Transformers gives names there)."""


class Builtin:
    """A callable of our own making, for library models that must return a function (``tf.function(f)``, a bound method …)."""

    __slots__ = ("call", "name")

    def __init__(self, name: str, call: Callable[..., Value]) -> None:
        self.name = name
        self.call = call

    def __repr__(self) -> str:
        return f"Builtin({self.name!r})"


class Iteration:
    """What iterating over something gives: the items where they are known, else one item for all and how many.

    `first` is the first item where that is known, which counters begin with. `begun` says that someone has looked at it, so that ``next``
    may not give the first item any more; an iterator (`once`) gives the rest alone from then on.
    """

    __slots__ = ("begun", "count", "element", "first", "items", "once")

    def __init__(
        self, items: tuple[Value, ...] | None, element: Value = UNKNOWN, count: Dim = None, first: Value = UNBOUND, *, once: bool = False
    ) -> None:
        self.items = items
        self.once = once
        self.element = element
        self.first = first
        self.count: Dim = len(items) if items is not None else count
        self.begun = False


class Counting(Iteration):
    """A ``range`` whose ends are not both numbers: unlike other iterations it can be looked into, gone over again and made an array of."""

    __slots__ = ()


def renewed(value: Value) -> Value:
    """Return an item like another, but for what is not known: what one iteration finds out about its item tells nothing of the next."""
    if type(value) is tuple:
        return tuple(map(renewed, value))
    if type(value) is Unknown:
        return fresh_unknown()
    if type(value) is AnyScalar and value.key is not None:
        return AnyScalar(value.dtype, next(_serial))
    return value


def fresh(name: str = "n", low: int = 1) -> Poly:
    """Return a new unknown length, shown as `name`."""
    return symbol(name, low)


_LONGEST_NAME = 200


class Real:
    """A fixed but unknown number that is not known to be whole, such as ``0.8 * n``. `key` tells the computation, `name` shows it."""

    __slots__ = ("key", "name")

    def __init__(self, key: Hashable, name: str) -> None:
        self.key = key
        self.name = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Real) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.name


from . import world as _world  # noqa: E402  (the two know each other)
