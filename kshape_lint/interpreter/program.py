"""Runs a whole program abstractly: its top level, then every function and class that nothing called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .. import libraries
from ..libraries import api
from ..libraries.files import Files
from ..syntax import nodes as n
from .calls import call_value, instantiate
from .entrusting import let_fill
from .frames import BoundMethod, Exhausted, Function, PyRaise
from .instances import InstanceObj, UserClass
from .limits import SHARE_ALONE, STEPS_ALONE, steps_for
from .modules import own_name
from .run import Recorder, Run, host_of
from .statements import execute_block
from .values import Array, Choice, Unknown, Value
from .world import blur, enter, leave, leaves

RECURSION = 8_000


def run_program(
    statements: list[n.Node],
    filename: str,
    keras_major: int = 3,
    *,
    size: int = 0,
    strict: bool = False,
    recorder: Recorder | None = None,
    data_roots: Sequence[str] | None = (),
) -> Run:
    """Return the finished run of a program; whatever stops it early, what it found so far stands.

    `size` is how many lines the program has: the run's budget grows with it. `recorder` is told of each operation
    that certainly fails, and gives the program that shows it. `data_roots` are further folders in which the data lie that the program
    reads; with None no data file is looked into.
    """
    run = Run(filename, keras_major, strict=strict)
    run.recorder = recorder
    run.module.variables["__name__"] = "__main__"
    run.follow = os.path.isfile(filename)
    run.module.variables["__file__"] = own_name(filename) if run.follow else Unknown(("name", "__file__"))
    if run.follow and data_roots is not None:
        run.files = Files((os.path.dirname(os.path.abspath(filename)), os.getcwd(), *map(os.path.abspath, data_roots)))
    run.most_steps = steps_for(size)
    before = enter(run.world)
    api._host.append(host_of(run))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION))
    try:
        libraries.load_builtins()
        execute_block(run, statements)
        _run_uncalled(run)
    except Exhausted:
        run.stats.counts["exhausted"] = 1
    except RecursionError:
        run.stats.add("too deep")
    finally:
        sys.setrecursionlimit(limit)
        api._host.pop()
        leave(before)
    run.count_places()
    run.stats.add("faults", len(run.faults))
    return run


def _run_uncalled(run: Run) -> None:
    """Run what was defined and never called, with unknown arguments."""
    run.world.assumptions.clear()
    done = 0
    instances: dict[int, Value] = {}
    while done < len(run.functions):
        function = run.functions[done]
        done += 1
        if function.called or function.node.name == "<lambda>" or _overridden(run, function):
            continue
        run.scope = run.module
        run.handlers.clear()
        run.world.assumptions.clear()
        node = n.Opaque(function.node.origin)
        run.node = node
        run.alone = True
        run.files.forget()
        most, spent = run.most_steps, run.spent()
        allowed = run.most_steps = min(most, spent + max(STEPS_ALONE, (most - spent) // SHARE_ALONE))
        try:
            _run_alone(run, node, function, instances)
        except PyRaise:
            continue
        except Exhausted:
            run.stats.counts["exhausted"] = 1
        finally:
            run.most_steps += most - allowed


def _overridden(run: Run, function: Function) -> bool:
    """Tell whether a method belongs to a class that the program makes no object of, and that a class which it derives replaces it.

    What such a method would do alone, nobody asks: its class is there for the derived one.
    """
    owner = function.owner
    if owner is None or owner.instantiated:
        return False
    name = function.node.name
    return any(
        other.owner is not None and other.owner is not owner and other.node.name == name and owner in other.owner.mro()
        for other in run.functions
    )


def _run_alone(run: Run, node: n.Node, function: Function, instances: dict[int, Value]) -> None:
    owner = function.owner
    arguments = _unknown_arguments(function)
    if owner is None or function.role == "static":
        call_value(run, node, function, tuple(arguments), {})
        return
    if function.role == "class":
        call_value(run, node, BoundMethod(function, owner), tuple(arguments[1:]), {})
        return
    receiver = instances.get(id(owner))
    if receiver is None:
        receiver = instances[id(owner)] = _instance(run, node, owner)
    if not function.called:
        before = receiver._state if isinstance(receiver, InstanceObj) else None
        try:
            call_value(run, node, BoundMethod(function, receiver), tuple(arguments[1:]), {})
        finally:
            if before is not None and receiver._state is not before:
                receiver.put(_either([b for b in leaves(before) if isinstance(b, dict)], receiver._state))


def _either(before: list[dict[str, Value]], after: Value) -> Value:
    """Return an object's state after a method ran alone; an attribute that held an array of another shape before stands for both.

    Who calls which method first is not known.
    """
    if type(after) is Choice:
        return Choice(after.tag, tuple(_either(before, a) for a in after.alternatives))
    if not isinstance(after, dict):
        return after
    changed = {}
    for name, value in after.items():
        if isinstance(value, Array):
            others = [b[name] for b in before if isinstance(b.get(name), Array) and b[name].shape != value.shape]
            if others:
                changed[name] = blur([*others, value])
    return {**after, **changed} if changed else after


def _instance(run: Run, node: n.Node, cls: UserClass) -> Value:
    init = next((c.variables["__init__"] for c in cls.mro() if isinstance(c, UserClass) and "__init__" in c.variables), None)
    arguments = _unknown_arguments(init)[1:] if isinstance(init, Function) else []
    run.node = node
    before = cls.instantiated
    made = instantiate(run, cls, tuple(arguments), {})
    cls.instantiated = before
    let_fill(run, made)
    return made


def _unknown_arguments(function: Function) -> list[Value]:
    """Return an unknown for each positional parameter; `calls.bind` makes the others unknown."""
    return [Unknown(("parameter", id(p), p.name)) for p in function.node.params if p.kind in ("positional", "normal")]
