"""Reading and setting attributes; which class a value is of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..libraries import api
from ..shapes import Poly
from .entrusting import entrust
from .frames import BoundLibrary, BoundMethod, Function, Generator, PyRaise, Super
from .hooks import describes, from_classes
from .instances import OPEN_TO_INSTANCES, AttributesObj, InstanceObj, UserClass
from .modules import UserModule, member
from .outcome import caught_by
from .values import (
    BROKEN,
    UNBOUND,
    UNKNOWN,
    Array,
    Builtin,
    Choice,
    Counting,
    DictObj,
    Iteration,
    Library,
    ListObj,
    NamedItems,
    Obj,
    Real,
    SetObj,
    Unknown,
    Value,
    fresh_unknown,
    is_text,
)
from .world import join, narrow, resolve

if TYPE_CHECKING:
    from .run import Run

_ARRAY_CLASSES = {
    "numpy": "numpy.ndarray",
    "tensor": "tensorflow.Tensor",
    "keras": "keras.KerasTensor",
    "variable": "tensorflow.Variable",
    "ragged": "tensorflow.RaggedTensor",
    "sparse": "tensorflow.SparseTensor",
}
_BUILTIN_CLASSES: list[tuple[type | tuple[type, ...], str]] = [
    (bool, "builtins.bool"),
    ((int, Poly), "builtins.int"),
    ((float, Real), "builtins.float"),
    (str, "builtins.str"),
    (bytes, "builtins.bytes"),
    (tuple, "builtins.tuple"),
    (type(None), "builtins.NoneType"),
    (complex, "builtins.complex"),
    ((range, Counting), "builtins.range"),
    (slice, "builtins.slice"),
    ((Iteration, Generator), "builtins.iterator"),
    ((Function, BoundMethod, BoundLibrary, Builtin), "builtins.function"),
]


@cache
def _calls() -> Any:
    """Return the room of calls, which stands on this one."""
    from . import calls

    return calls


def type_paths(run: Run, value: Value) -> list[str]:
    """Return the canonical paths of a value's class and its bases, nearest first; empty where nothing is known."""
    if isinstance(value, Array):
        return api.mro(_ARRAY_CLASSES[value.kind])
    if isinstance(value, InstanceObj):
        return [p for base in value.cls.library_bases() for p in api.mro(base)]
    if isinstance(value, Obj):
        return api.mro(value.type_path)
    if isinstance(value, tuple) and type(value) is not tuple:
        own = getattr(value, "type_path", None)
        return [*api.mro(own), "builtins.tuple"] if isinstance(own, str) else ["builtins.tuple"]
    for cls, path in _BUILTIN_CLASSES:
        if isinstance(value, cls):
            return [path]
    return ["builtins.str"] if is_text(value) else []


def find_method(run: Run, value: Value, name: str) -> api.Model | None:
    """Return the library model of a method or property of `value`'s class."""
    if type(value) is Array:
        return api.method(_ARRAY_CLASSES[value.kind], name)
    if isinstance(value, Obj) and type(value) is not InstanceObj:
        return api.method(value.type_path, name)
    for path in type_paths(run, value):
        model = api.lookup(f"{path}.{name}")
        if model is not None:
            return model
    return None


def get_attribute(run: Run, value: Value, name: str) -> Value:
    """Return ``value.name``, for each alternative where the value is one of several."""
    if type(value) is Array:
        return _library_attribute(run, value, name)
    if isinstance(value, Library):
        if type(value) is not Library:
            found = value.member(name)
            if found is not UNBOUND:
                return found
        if name == "__name__" and value.path.startswith("builtins."):
            return value.path.rpartition(".")[2]
        if value.path == _OPTIONS and name in run.options.state:
            return narrow(run.options.state[name])
        return library_name(f"{value.path}.{name}")
    if type(value) is Choice:
        return run.lifted((value,), lambda v: get_attribute(run, v, name))
    if isinstance(value, Unknown):
        if is_text(value) and find_method(run, value, name) is not None:
            return _library_attribute(run, value, name)
        return Unknown((value.key, name)) if value.key is not None else BROKEN if value is BROKEN else UNKNOWN
    if isinstance(value, InstanceObj):
        found = _own_attribute(value._state, name)
        return run.lifted((value,), lambda v: _instance_attribute(run, v, name)) if found is UNBOUND else narrow(found)
    if isinstance(value, UserClass):
        return _class_attribute(run, value, name)
    if isinstance(value, UserModule):
        return member(run, value, name)
    if isinstance(value, Super):
        receiver = value.receiver
        if name == "__setattr__" and isinstance(receiver, InstanceObj) and from_classes(_behind(value), name) is UNBOUND:
            return Builtin(name, lambda name, new: keep_attribute(run, receiver, name, new))
        found = _find_in_classes(run, _behind(value), name, receiver)
        return fresh_unknown() if found is None else found
    if isinstance(value, Obj):
        return run.lifted((value,), lambda v: _library_attribute(run, v, name))
    return _library_attribute(run, value, name)


def _behind(value: Super) -> list[Value]:
    """Return the classes where ``super()`` looks: those behind its own in the order of the object's class."""
    receiver = value.receiver
    line = receiver.cls.mro() if isinstance(receiver, InstanceObj) else receiver.mro() if isinstance(receiver, UserClass) else []
    return line[line.index(value.cls) + 1 :] if value.cls in line else value.cls.mro()[1:]


def library_name(path: str) -> Value:
    """Return what a dotted library name stands for: a constant's value, else the name itself."""
    return api.named(path)


def _library_attribute(run: Run, value: Value, name: str) -> Value:
    model = find_method(run, value, name)
    if model is None:
        fallback = find_method(run, value, "__getattr__")
        if fallback is not None:
            return _calls().call_model(run, fallback, (value, name), {})
        if isinstance(value, NamedItems) and name in value.names:
            return value[value.names.index(name)]
        if value is None and not hasattr(None, name):
            if caught_by(run.handlers, "AttributeError"):
                raise PyRaise("AttributeError")
            # It fails, if not for a shape: what comes of it is nothing to judge.
            run.failures += 1
            return BROKEN
        return fresh_unknown()
    if model.kind == "property":
        return _calls().call_model(run, model, (value,), {})
    return BoundLibrary(model, value)


def _own_attribute(state: Value, name: str) -> Value:
    """Return what an object's own attributes hold, by the open questions that the object's state hangs on, without asking them.

    `UNBOUND` where the object may not have it itself.
    """
    state = narrow(state)
    if type(state) is dict:
        return state.get(name, UNBOUND)
    if type(state) is not Choice:
        return UNBOUND
    found = [_own_attribute(alternative, name) for alternative in state.alternatives]
    return UNBOUND if any(f is UNBOUND for f in found) else join(state.tag, found)


def _instance_attribute(run: Run, value: InstanceObj, name: str) -> Value:
    attributes = value.state
    if name in attributes:
        found = attributes[name]
        if type(found) is Choice:
            found = narrow(found)
        return found
    found = _find_in_classes(run, value.cls.mro(), name, value)
    if found is not None:
        return found
    if name == "__class__":
        return value.cls
    if name == "__dict__":
        return AttributesObj(value)
    fallback = None if name.startswith("__") else _find_in_classes(run, value.cls.mro(), "__getattr__", value)
    if isinstance(fallback, BoundMethod):
        return run.call(fallback, (name,), {})
    return Unknown(("attribute", id(value), name))


def _class_attribute(run: Run, cls: UserClass, name: str) -> Value:
    if name == "__name__":
        return cls.name
    for c in cls.mro():
        if isinstance(c, UserClass):
            if name in c.variables:
                found = c.variables[name]
                if isinstance(found, Function) and found.role == "class":
                    return BoundMethod(found, cls)
                return found
        elif isinstance(c, Library):
            for path in api.mro(c.path):
                if api.lookup(f"{path}.{name}") is not None:
                    return Library(f"{path}.{name}")
    return fresh_unknown()


_BARE = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Classes from which nothing is inherited but what all objects have."""


def _find_in_classes(run: Run, classes: list[Value], name: str, receiver: Value) -> Value | None:
    """Return the attribute as found on the first class that has it, bound to the receiver; None if none has it."""
    for c in classes:
        if isinstance(c, UserClass):
            found = c.variables.get(name, UNBOUND)
            if found is UNBOUND:
                continue
            if type(found) is Choice:
                return join(found.tag, [_bound(run, f, receiver) for f in found.alternatives])
            return _bound(run, found, receiver)
        if isinstance(c, Library):
            if not c.path.startswith(OPEN_TO_INSTANCES):
                if c.path not in _BARE:
                    return fresh_unknown()
                continue
            for path in api.mro(c.path):
                model = api.lookup(f"{path}.{name}")
                if model is not None:
                    if model.kind == "property":
                        return _calls().call_model(run, model, (receiver,), {})
                    return BoundLibrary(model, receiver)
        elif isinstance(c, Unknown):
            return fresh_unknown()
    return None


def _bound(run: Run, found: Value, receiver: Value) -> Value:
    if not isinstance(found, Function):
        if type(found) is InstanceObj and describes(found, "__get__"):
            ends = (receiver, receiver.cls) if isinstance(receiver, InstanceObj) else (None, receiver)
            return run.call(run.attribute(found, "__get__"), ends, {})
        return found
    if found.role == "static":
        return found
    if found.role == "class":
        return BoundMethod(found, receiver.cls if isinstance(receiver, InstanceObj) else receiver)
    if found.role in ("property", "cached"):
        assert run.node is not None
        if found.role == "cached" and isinstance(receiver, InstanceObj):
            made = _calls().call_value(run, run.node, BoundMethod(found, receiver), (), {})
            receiver.put({**_attributes(receiver), found.node.name: made})
            return made
        return _calls().call_value(run, run.node, BoundMethod(found, receiver), (), {})
    return BoundMethod(found, receiver)


def has_attribute(run: Run, value: Value, name: str) -> bool | None:
    """Tell whether `value` has the attribute, None where that is open."""
    if isinstance(value, InstanceObj):
        if name in value.state:
            return True
        for c in value.cls.mro():
            if isinstance(c, UserClass):
                if name in c.variables:
                    return True
            elif not isinstance(c, Library):
                return None
            elif any(api.lookup(f"{p}.{name}") is not None for p in api.mro(c.path)):
                return True
        return False if not value.cls.library_bases() else (False if name.startswith("__") else None)
    if isinstance(value, UserClass):
        if any(isinstance(c, UserClass) and name in c.variables for c in value.mro()):
            return True
        return False if all(isinstance(c, UserClass) for c in value.mro()) else None
    if isinstance(value, Unknown) or type(value) is Choice:
        return None
    if find_method(run, value, name) is not None:
        return True
    if isinstance(value, (int, float, str, tuple, type(None))):
        return hasattr(value, name)
    for ours, theirs in ((ListObj, list), (DictObj, dict), (SetObj, set)):
        if type(value) is ours:
            return hasattr(theirs, name)
    return None


_OPTIONS = "absl.flags.FLAGS"
"""The options of the command line, which modules define and read by name."""


def set_attribute(run: Run, value: Value, name: str, new: Value) -> None:
    """Do ``value.name = new``."""
    if type(value) is Choice:
        run.lifted((value,), lambda v: set_attribute(run, v, name, new))
    elif isinstance(value, InstanceObj):
        if not _set_by_class(run, value, name, new):
            keep_attribute(run, value, name, new)
    elif isinstance(value, UserClass):
        run.world.write((value, name), new)
    elif isinstance(value, (Unknown, Library)):
        entrust(run, new)
    elif isinstance(value, Obj):
        model = find_method(run, value, "__setattr__")
        if model is not None:
            _calls().call_model(run, model, (value, name, new), {})


def _set_by_class(run: Run, value: InstanceObj, name: str, new: Value) -> bool:
    """Let an object's class set an attribute, where it says how: by a property, a descriptor or its ``__setattr__``."""
    key = f"{name}.setter"
    for c in value.cls.mro():
        if not isinstance(c, UserClass):
            continue
        variables = c.variables
        if key in variables:
            run.call(variables[key], (value, new), {})
            return True
        if name in variables and describes(variables[name], "__set__"):
            run.call(run.attribute(variables[name], "__set__"), (value, new), {})
            return True
        own = variables.get("__setattr__")
        if isinstance(own, Function) and run.stack.count(own) < 2:
            run.call(BoundMethod(own, value), (name, new), {})
            return True
    return False


def keep_attribute(run: Run, value: InstanceObj, name: Value, new: Value) -> None:
    """Set an attribute of an object's own, whatever its class says."""
    if not isinstance(name, str):
        value.put(dict.fromkeys(_attributes(value), UNKNOWN))
        return
    setter = find_method(run, value, "__setattr__")
    value.put({**_attributes(value), name: new})
    if setter is not None:
        _calls().call_model(run, setter, (value, name, new), {})


def delete_attribute(run: Run, value: InstanceObj, name: str) -> None:
    """Do ``del value.name``."""
    key = f"{name}.deleter"
    for wanted, args in ((key, ()), ("__delattr__", (name,))):
        own = from_classes(value.cls.mro(), wanted)
        if isinstance(own, Function):
            run.call(BoundMethod(own, value), args, {})
            return
    value.put({kept: held for kept, held in value.state.items() if kept != name})


def _attributes(value: InstanceObj) -> dict[str, Value]:
    state = resolve(value._state)
    return state if isinstance(state, dict) else {}
