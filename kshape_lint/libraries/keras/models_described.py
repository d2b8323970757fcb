"""A model from what its file says of it: the layers and calls that its configuration lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...interpreter.values import UNKNOWN, Array, Library, ListObj, Seq, Unknown, Value, fresh_unknown
from ...interpreter.world import current
from ..api import call, host, lookup
from .engine_make import facts_of

MOST_LAYERS = 2_000


class _NotUnderstood(Exception):
    """A part of a description that is not known to us, or of which our models think that it cannot be."""


def _quietly(make: Callable[[], Value]) -> Value:
    """Return what `make` makes; unknown, and without a word, where it fails: a model that was saved was a working one."""

    def work() -> Value:
        made = make()
        if current().reports:
            raise _NotUnderstood
        return made

    try:
        return current().attempt(work)
    except _NotUnderstood:
        return fresh_unknown()


def _known(value: Value) -> Value:
    if isinstance(value, Unknown):
        raise _NotUnderstood
    return value


def described(config: dict[str, Any], compiled: bool) -> Value:
    """Return the model that a description is of; unknown where a part of it is not understood."""
    return _quietly(lambda: _described(config, compiled))


def _described(config: dict[str, Any], compiled: bool) -> Value:
    kind, inner = config.get("class_name"), config.get("config")
    if kind == "Sequential":
        made = _sequential(inner)
    elif kind in ("Functional", "Model"):
        made = _functional(inner)
    else:
        raise _NotUnderstood
    arguments = config.get("compile_config")
    if compiled and isinstance(arguments, dict) and arguments:
        call(host().attribute(made, "compile"), optimizer=UNKNOWN, loss=_loss(arguments.get("loss")), metrics=UNKNOWN)
    return made


def _loss(stored: Any) -> Value:
    if stored is None or isinstance(stored, str):
        return stored
    if isinstance(stored, dict) and stored.get("module") == "keras.losses" and isinstance(stored.get("config"), dict):
        given = {k: v for k, v in stored["config"].items() if isinstance(v, (bool, int, float, str)) and k != "dtype"}
        return call(Library(f"keras.losses.{stored.get('class_name')}"), **given)
    return UNKNOWN


def _layers(config: Any) -> list[dict[str, Any]]:
    # Once a Sequential model was the list of its layers.
    found = config.get("layers") if isinstance(config, dict) else config
    if not isinstance(found, list) or len(found) > MOST_LAYERS or not all(isinstance(each, dict) for each in found):
        raise _NotUnderstood
    return found


def _sequential(config: Any) -> Value:
    stored = _layers(config)
    made = [_input(each) if each.get("class_name") == "InputLayer" else _layer(each) for each in stored]
    if stored and stored[0].get("class_name") != "InputLayer" and "batch_input_shape" in stored[0].get("config", {}):
        made.insert(0, _input(stored[0]))
    return _known(call(Library("keras.Sequential"), ListObj(Seq(tuple(made)))))


def _input(stored: dict[str, Any]) -> Value:
    config = stored.get("config")
    shape = config.get("batch_shape", config.get("batch_input_shape")) if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(shape, list):
        raise _NotUnderstood
    dtype = config.get("dtype")
    given: dict[str, Value] = {"shape": _plain(shape[1:]), "batch_size": _plain(shape[0]), "name": config.get("name")}
    return _known(call(Library("keras.Input"), **given, dtype=dtype if isinstance(dtype, str) else None))


def _layer(stored: dict[str, Any]) -> Value:
    """Return the layer (or the model within a model) that was stored."""
    kind, config = stored.get("class_name"), stored.get("config")
    if not isinstance(kind, str) or not isinstance(config, dict):
        raise _NotUnderstood
    if kind == "Sequential":
        return _sequential(config)
    if kind == "Functional":
        return _functional(config)
    path = f"keras.layers.{kind}"
    known = facts_of(path)
    if stored.get("module", "keras.layers") != "keras.layers" or known is None:
        raise _NotUnderstood
    if kind.endswith("Normalization") and isinstance(config.get("axis"), list) and len(config["axis"]) == 1:
        config = {**config, "axis": config["axis"][0]}
    wanted = {name for name, _ in known.parameters} | {"name"}
    given = {name: _argument(value) for name, value in config.items() if name in wanted}
    if "backward_layer" in given and kind == "Bidirectional":
        # It is stored even where Keras made it of the other.
        del given["backward_layer"]
    return _known(call(Library(path), **given))


def _argument(value: Any) -> Value:
    if isinstance(value, dict):
        inner = value.get("module") == "keras.layers" or facts_of(f"keras.layers.{value.get('class_name')}") is not None
        return _layer(value) if inner and "config" in value else UNKNOWN
    return _plain(value)


def _plain(value: Any) -> Value:
    """Return what is plain in JSON, lists as tuples: that is how shapes and sizes are stored."""
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else UNKNOWN


def _functional(config: Any) -> Value:
    tensors: dict[tuple[str, int, int], Value] = {}
    for each in _layers(config):
        name, nodes = each.get("name"), each.get("inbound_nodes")
        if not isinstance(name, str) or not isinstance(nodes, list):
            raise _NotUnderstood
        if each.get("class_name") == "InputLayer":
            tensors[name, 0, 0] = _input(each)
            continue
        layer = _callee(each)
        for number, node in enumerate(nodes):
            if isinstance(node, list):
                node = _in_new_words(node)
            if not isinstance(node, dict) or not isinstance(node.get("args"), list) or not isinstance(node.get("kwargs"), dict):
                raise _NotUnderstood
            args = [_operand(a, tensors) for a in node["args"]]
            kwargs = {k: _operand(v, tensors) for k, v in node["kwargs"].items() if v is not None}
            result = _known(host().call(layer, args, kwargs))
            parts = result.items if isinstance(result, ListObj) else result if isinstance(result, tuple) else (result,)
            for index, part in enumerate(parts or ()):
                tensors[name, number, index] = part
    ends = [_ends(config.get(which), tensors) for which in ("input_layers", "output_layers")]
    return _known(call(Library("keras.Model"), *ends))


def _in_new_words(node: list[Any]) -> dict[str, Any]:
    """Return a call as Keras 3 describes it: Keras 2 lists where each tensor comes from, with what else the layer was given."""
    if not node or not all(isinstance(each, list) and len(each) == 4 and isinstance(each[3], dict) for each in node):
        raise _NotUnderstood
    if any(isinstance(value, (list, dict)) for each in node for value in each[3].values()):
        raise _NotUnderstood
    tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": each[:3]}} for each in node]
    return {"args": tensors if len(tensors) == 1 else [tensors], "kwargs": node[0][3]}


def _callee(stored: dict[str, Any]) -> Value:
    """Return what was called: a layer, or one of the operations that Keras records of arithmetic on symbolic tensors."""
    module, kind = stored.get("module"), stored.get("class_name")
    if isinstance(module, str) and module.startswith("keras.src.ops.") and isinstance(kind, str):
        path = "keras.ops." + "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).lstrip("_")
        config = stored.get("config")
        if lookup(path) is None or not isinstance(config, dict) or config.keys() - {"name", "dtype"}:
            raise _NotUnderstood
        return Library(path)
    return _layer(stored)


def _operand(stored: Any, tensors: dict[tuple[str, int, int], Value]) -> Value:
    if isinstance(stored, list):
        return ListObj(Seq(tuple(_operand(each, tensors) for each in stored)))
    if isinstance(stored, dict):
        config = stored.get("config")
        if stored.get("class_name") != "__keras_tensor__" or not isinstance(config, dict):
            raise _NotUnderstood
        return _tensor(config.get("keras_history"), tensors)
    return stored


def _ends(stored: Any, tensors: dict[tuple[str, int, int], Value]) -> Value:
    if isinstance(stored, list) and len(stored) == 3 and isinstance(stored[0], str):
        return _tensor(stored, tensors)
    if isinstance(stored, list) and stored:
        return ListObj(Seq(tuple(_tensor(each, tensors) for each in stored)))
    raise _NotUnderstood


def _tensor(history: Any, tensors: dict[tuple[str, int, int], Value]) -> Value:
    if not isinstance(history, list) or len(history) != 3 or not isinstance(history[0], str):
        raise _NotUnderstood
    found = tensors.get((history[0], history[1], history[2]))
    if not isinstance(found, Array):
        raise _NotUnderstood
    return found
