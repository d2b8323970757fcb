"""``collections``: as the containers they stand for; and what ``dataclasses`` makes of an object."""

from __future__ import annotations

from ...interpreter.hooks import AUTO, from_classes
from ...interpreter.instances import InstanceObj
from ...interpreter.values import OTHERS, UNBOUND, UNKNOWN, Builtin, DictObj, ListObj, NamedItems, Seq, Unknown, Value, fresh_unknown
from ...interpreter.world import blur
from ...shapes import UNKNOWN_DIM
from ..api import host, items, lookup, models


@models("collections.OrderedDict")
def ordered_dict(*args: Value, **kwargs: Value) -> Value:
    """A dict."""
    model = lookup("builtins.dict")
    return model.function(*args, **kwargs) if model is not None and len(args) <= 1 else DictObj({OTHERS: UNKNOWN})


class DefaultDict(DictObj):
    """A dict that makes what it does not hold."""

    __slots__ = ("factory",)

    def __init__(self, state: dict[Value, Value], factory: Value = None) -> None:
        super().__init__(state)
        self.factory = factory

    def missing(self, key: Value) -> Value:
        """Make a value for a key, and keep it."""
        if self.factory is None:
            return UNBOUND
        if isinstance(key, Unknown):
            # It may be any key, and what is made be changed.
            self.put({**self.state, OTHERS: UNKNOWN})
            return UNKNOWN
        made = host().call(self.factory, (), {})
        self.put({**self.state, key: made})
        return made


class Counts(DictObj):
    """A dict of how often each key was met."""

    __slots__ = ()

    def missing(self, key: Value) -> Value:
        """What was never met was met no times."""
        return 0


@models("collections.defaultdict")
def default_dict(default_factory: Value = None, /, *args: Value, **kwargs: Value) -> Value:
    """A dict that makes what it does not hold."""
    plain = ordered_dict(*args, **kwargs)
    return DefaultDict(plain.state if isinstance(plain, DictObj) else {OTHERS: UNKNOWN}, default_factory)


@models("collections.Counter")
def counter(iterable: Value = (), /, **kwargs: Value) -> Value:
    """A dict of how often each item is met."""
    over = host().iterate(iterable)
    if isinstance(iterable, DictObj) or kwargs or over.items is None or not all(isinstance(v, (str, int)) for v in over.items):
        return Counts({OTHERS: UNKNOWN})
    counts: dict[Value, Value] = {}
    for v in over.items:
        counts[v] = counts.get(v, 0) + 1
    return Counts(counts)


@models("builtins.dict.most_common")
def most_common(self: Value, n: Value = None) -> Value:
    """The keys met most often, with how often."""
    entries = self.state
    if OTHERS in entries or not all(type(v) is int for v in entries.values()) or not (n is None or isinstance(n, int)):
        return ListObj(Seq(None, (fresh_unknown(), fresh_unknown()), UNKNOWN_DIM))
    return ListObj(Seq(tuple(sorted(entries.items(), key=lambda pair: -pair[1])[:n])))


@models("builtins.dict.move_to_end")
def move_to_end(self: Value, key: Value, last: Value = True) -> Value:
    """Puts a key behind or before all others."""
    entries = self.state
    if OTHERS in entries or not isinstance(key, (str, int)) or key not in entries or not isinstance(last, bool):
        self.put({OTHERS: UNKNOWN})
        return None
    rest = {k: v for k, v in entries.items() if k != key}
    self.put({**rest, key: entries[key]} if last else {key: entries[key], **rest})
    return None


@models("collections.ChainMap")
def chain_map(*maps: Value) -> Value:
    """A dict of keys that are not followed."""
    return DictObj({OTHERS: UNKNOWN})


class BoundedDeque(ListObj):
    """A deque that forgets: once it is full, or where its bound is not known, only what its items have in common is known."""

    __slots__ = ("most",)

    def __init__(self, state: Seq, most: Value) -> None:
        super().__init__(self._kept(state, most))
        self.most = most

    def put(self, state: Seq) -> None:
        """Replace the items by those that it holds of them."""
        super().put(self._kept(state, self.most))

    @staticmethod
    def _kept(state: Seq, most: Value) -> Seq:
        if state.items is None:
            counted = isinstance(most, int) and isinstance(state.length, int)
            return Seq(None, state.element, min(state.length, most) if counted else UNKNOWN_DIM)
        if not isinstance(most, int):
            return Seq(None, blur(state.items), UNKNOWN_DIM) if state.items else state
        return state if len(state.items) <= most else Seq(None, blur(state.items), most)


@models("collections.deque")
def deque(iterable: Value = (), maxlen: Value = None) -> Value:
    """A list that may be bounded."""
    over = host().iterate(iterable)
    state = Seq(over.items, over.element, UNKNOWN_DIM if over.count is None and over.items is None else over.count)
    return ListObj(state) if maxlen is None else BoundedDeque(state, maxlen)


@models("builtins.list.appendleft")
def append_left(self: Value, object: Value) -> Value:
    """A deque grows at its head."""
    state = self.state
    if state.items is not None and len(state.items) < 1024:
        self.put(Seq((object, *state.items)))
    else:
        self.put(Seq(None, blur([state.element, object]), UNKNOWN_DIM))
    return None


@models("builtins.list.extendleft")
def extend_left(self: Value, iterable: Value) -> Value:
    """A deque grows at its head, one by one."""
    state, over = self.state, host().iterate(iterable)
    if state.items is not None and over.items is not None and not isinstance(self, BoundedDeque):
        self.put(Seq((*reversed(over.items), *state.items)))
    else:
        self.put(Seq(None, blur([*state.parts, over.element if over.items is None else blur(over.items)]), UNKNOWN_DIM))
    return None


@models("builtins.list.rotate")
def rotate(self: Value, n: Value = 1) -> Value:
    """A deque is turned."""
    state = self.state
    if state.items and isinstance(n, int):
        cut = -n % len(state.items)
        self.put(Seq(state.items[cut:] + state.items[:cut]))
    elif state.items:
        self.put(Seq(None, blur(state.items), state.length))
    return None


@models("builtins.list.popleft")
def pop_left(self: Value) -> Value:
    """A deque gives its head."""
    state = self.state
    if state.items:
        self.put(Seq(state.items[1:]))
        return state.items[0]
    self.put(Seq(None, state.element, UNKNOWN_DIM))
    return state.element


@models("collections.namedtuple")
def namedtuple(typename: Value, field_names: Value, *, rename: Value = False, defaults: Value = None, module: Value = None) -> Value:
    """A class of tuples with names."""
    names = tuple(field_names.replace(",", " ").split()) if isinstance(field_names, str) else items(field_names)
    last = () if defaults is None else items(defaults)
    if names is None or not all(isinstance(n, str) for n in names) or last is None or len(last) > len(names):
        return fresh_unknown()
    fields: tuple[str, ...] = names
    preset = dict(zip(fields[len(fields) - len(last) :], last))

    def make(*args: Value, **kwargs: Value) -> Value:
        given = preset | dict(zip(fields, args)) | kwargs
        return NamedItems(tuple(given.get(f, UNKNOWN) for f in fields), fields)

    return Builtin(str(typename), make)


@models("builtins.tuple._replace")
def replace_items(self: Value, /, **changes: Value) -> Value:
    """Another named tuple, with some items changed."""
    if not isinstance(self, NamedItems):
        return fresh_unknown()
    return type(self)(tuple(changes.get(name, v) for name, v in zip(self.names, self)), self.names)


@models("builtins.tuple._asdict")
def items_by_name(self: Value) -> Value:
    """The items of a named tuple by name."""
    return DictObj(dict(zip(self.names, self))) if isinstance(self, NamedItems) else fresh_unknown()


@models("dataclasses.replace")
def replace(obj: Value, /, **changes: Value) -> Value:
    """Another object of a data class, with some fields changed."""
    if not isinstance(obj, InstanceObj) or not isinstance(obj.state, dict):
        return fresh_unknown()
    made = InstanceObj(obj.cls)
    made.put({**obj.state, **changes})
    after = from_classes(obj.cls.mro(), "__post_init__")
    if after is not UNBOUND:
        host().call(host().attribute(made, "__post_init__"), (), {})
    return made


@models("enum.auto")
def auto() -> Value:
    """What the class makes a number of that it stands in."""
    return AUTO


@models("dataclasses.asdict")
def asdict(obj: Value, *, dict_factory: Value = None) -> Value:
    """The fields of a data class by name, those of the objects in them too."""
    return _as_dict(obj, 0) if isinstance(obj, InstanceObj) and dict_factory is None else fresh_unknown()


def _as_dict(value: Value, depth: int) -> Value:
    if not isinstance(value, InstanceObj) or depth > 4:
        return value if not isinstance(value, InstanceObj) else fresh_unknown()
    names = [name for name, _ in value.cls.fields]
    state = value.state if isinstance(value.state, dict) else {}
    return DictObj({name: _as_dict(state[name], depth + 1) if name in state else fresh_unknown() for name in names})


@models("dataclasses.astuple")
def astuple(obj: Value, *, tuple_factory: Value = None) -> Value:
    """The fields of a data class in their order."""
    fields = asdict(obj)
    return tuple(fields.state.values()) if isinstance(fields, DictObj) and tuple_factory is None else fresh_unknown()
