"""Calls: of the program's functions and classes, of library models, of what is unknown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..libraries import api
from ..shapes import Poly
from ..syntax import nodes as n
from .attributes import find_method
from .entrusting import entrust, forget
from .frames import (
    BoundLibrary,
    BoundMethod,
    Closure,
    EnoughYields,
    Exhausted,
    Function,
    Generator,
    Leave,
    Mixed,
    PyRaise,
    Raised,
    Returned,
    Scope,
)
from .hooks import member_of
from .instances import Factory, InstanceObj, UserClass
from .limits import DEEPEST_CALLS, DEEPEST_RECURSION, MOST_RECURSION_STEPS
from .naming import with_origin
from .outcome import caught_by
from .values import (
    BROKEN,
    OTHERS,
    UNKNOWN,
    Array,
    Builtin,
    Choice,
    DictObj,
    LibObj,
    Library,
    ListObj,
    Lost,
    NamedItems,
    Obj,
    Seq,
    Unknown,
    Value,
    fresh_unknown,
)
from .world import Split, join

if TYPE_CHECKING:
    from .run import Run


@cache
def _statements() -> Any:
    """Return the room of statements, which stands on this one."""
    from . import statements

    return statements


def call_value(run: Run, node: n.Node, callee: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Return ``callee(*args, **kwargs)`` as called at `node`."""
    if type(callee) is not Choice and Choice not in map(type, args) and not (kwargs and Choice in map(type, kwargs.values())):
        # By far the most calls: no need to put the arguments through `lifted`.
        try:
            run.node = node
            return _call(run, node, callee, args, kwargs)
        except Split as open_question:
            tag, ways = open_question.tag, open_question.count
        return run.split(tag, ways, lambda: call_value(run, node, callee, args, kwargs))
    names = tuple(kwargs)
    count = len(args)

    def work(callee: Value, *values: Value) -> Value:
        run.node = node
        return _call(run, node, callee, values[:count], dict(zip(names, values[count:])))

    return run.lifted((callee, *args, *kwargs.values()), work)


def _call(run: Run, node: n.Node, callee: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    run.step()
    way = _WAYS.get(type(callee))
    if way is not None:
        return way(run, node, callee, args, kwargs)
    if isinstance(callee, Obj):
        model = find_method(run, callee, "__call__")
        if model is not None:
            return _predicted(run, node, callee, with_origin(run, node, call_model(run, model, (callee, *args), kwargs), args))
    return unknown_call(run, args, kwargs, callee)


def _call_bound(run: Run, node: n.Node, callee: BoundLibrary, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    model = callee.model
    operands = (callee.receiver, *args)
    told = with_origin(run, node, call_model(run, model, operands, kwargs), operands)
    return _predicted(run, node, callee.receiver, told) if model.path.endswith(".__call__") else told


def _call_builtin(run: Run, node: n.Node, callee: Builtin, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    return with_origin(run, node, _guarded(run, callee.name, callee.call, args, kwargs), args)


def _call_instance(run: Run, node: n.Node, callee: InstanceObj, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    method = run.attribute(callee, "__call__")
    if not isinstance(method, Unknown):
        return _predicted(run, node, callee, call_value(run, node, method, args, kwargs))
    return unknown_call(run, args, kwargs)


def _predicted(run: Run, node: n.Node, callee: Value, result: Value) -> Value:
    """Return what an object gave when it was called, its story marked where the object is a model."""
    if isinstance(result, Array) and result.origin is not None:
        if result.origin.node is node.origin:
            result.origin.of_model = "keras.Model" in run.type_paths(callee)
        elif isinstance(callee, InstanceObj) and result.kind != "keras" and "keras.Model" in run.type_paths(callee):
            # A model of the program's own: its last operation is the story.
            return result.with_origin(result.origin.given_by_model())
    return result


def unknown_call(run: Run, args: tuple[Value, ...], kwargs: dict[str, Value], callee: Value = UNKNOWN) -> Value:
    """Return what a call of something unknown gives; the lists and dicts that it was given may have changed."""
    run.opaque()
    for v in (*args, *kwargs.values()):
        entrust(run, v)
        forget(v)
        if v.__class__ is str:
            run.files.touch(v)
            run.other_arrays = run.other_arrays or v.partition(".")[0] in api.OTHER_ARRAYS
    return BROKEN if callee is BROKEN else fresh_unknown()


def is_broken(value: Value) -> bool:
    """Tell whether a value, or what it holds side by side, comes from an operation that was reported to fail."""
    if isinstance(value, ListObj):
        value = value.items if type(value._state) is Seq else None
    return value is BROKEN or (isinstance(value, tuple) and any(v is BROKEN for v in value))


def call_library(run: Run, node: n.Node, path: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Return what the public API at `path` makes of the arguments."""
    model = api.lookup(path)
    if model is None:
        run.opaque()
        method = path.rpartition(".")[2]
        if args and isinstance(args[0], Obj) and api.modelled(path.partition(".")[0]):
            bound = find_method(run, args[0], method)
            if bound is not None and any(path == f"{p}.{method}" for p in run.type_paths(args[0])):
                return with_origin(run, node, call_model(run, bound, args, kwargs), args)
        for v in (*args, *kwargs.values()):
            entrust(run, v)
            run.other_arrays = run.other_arrays or (v.__class__ is str and v.partition(".")[0] in api.OTHER_ARRAYS)
        return fresh_unknown()
    if model.owner not in (None, "builtins.object") and not (args and model.owner in run.type_paths(args[0])):
        # A method called through its class on what is not known to be of that class.
        return unknown_call(run, args, kwargs)
    if run.failures and any(map(is_broken, (*args, *kwargs.values()))) and not path.startswith("builtins."):
        return BROKEN
    return with_origin(run, node, call_model(run, model, args, kwargs), args)


def call_model(run: Run, model: api.Model, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Bind arguments as Python would and ask the model; what it raises becomes a report, an exception or unknown."""
    if model.bind is None:
        model.bind = _binder(model)
    if not model.bind(len(args), kwargs):
        run.opaque()
        return fresh_unknown()
    result = api.traced(model.function, args, kwargs, _guarded(run, model.path, model.function, args, kwargs))
    if run.failures and any(map(is_broken, (*args, *kwargs.values()))):
        called = model.path.endswith(".__call__")
        if called or isinstance(result, (Unknown, Poly)) or (isinstance(result, Array) and result.shape is None):
            return BROKEN
    return result


def _guarded(run: Run, path: str, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    for a in args:
        if isinstance(a, Obj):
            for other in args[1:]:
                if isinstance(other, LibObj) and hasattr(other, "lose") and path != "csv.writer":
                    other.lose()
            return protected(run, partial(_attempted, run, function, args, kwargs), path, args, kwargs)
    return protected(run, partial(function, *args, **kwargs), path, args, kwargs)


def protected(run: Run, work: Callable[[], Value], path: str, operands: tuple[Value, ...], kwargs: dict[str, Value] | None = None) -> Value:
    """Do, at the operation under way, what a library model decides; what it raises becomes a report, an exception or unknown."""
    node = run.node
    try:
        return work()
    except api.Mismatch as mismatch:
        run.node = node
        return failed(run, mismatch, path, operands, kwargs)
    except api.Raises as raises:
        raise PyRaise(raises.exception) from None
    except Lost:
        return fresh_unknown()
    except RecursionError:
        return UNKNOWN
    except (Split, PyRaise, Exhausted, EnoughYields):
        raise
    except Exception as fault:
        if run.strict:
            raise
        run.faults.append(f"{type(fault).__name__}: {fault}")
        return UNKNOWN


def _attempted(run: Run, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Ask a model that may write to objects: its writes are undone unless it returns or finds a mismatch."""
    result = run.world.attempt(partial(_or_mismatch, function, args, kwargs))
    if isinstance(result, api.Mismatch):
        raise result
    return result


def _or_mismatch(function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Any:
    """Return what a model gives, or the mismatch it raises: what it wrote before that stays, as in the real library."""
    try:
        return function(*args, **kwargs)
    except api.Mismatch as mismatch:
        return mismatch


def failed(run: Run, mismatch: api.Mismatch, path: str, args: tuple[Value, ...], kwargs: dict[str, Value] | None = None) -> Value:
    """Report that an operation certainly fails, or let the handler have it that the program has for it.

    Return what it would have given, where the model is sure of that.
    """
    if run.handled():
        raise PyRaise("ValueError")
    if mismatch.record.raises != "ValueError" and caught_by(run.handlers, mismatch.record.raises):
        raise PyRaise(mismatch.record.raises)
    repro = None if run.recorder is None else run.recorder(mismatch.record, path, args, kwargs or {})
    run.report(mismatch.record, mismatch.blame, repro=repro, operands=args)
    run.failures += 1
    return BROKEN if mismatch.instead is UNKNOWN else mismatch.instead


def _binder(model: api.Model) -> Any:
    """Return a test whether a call's arguments fit the model's signature, as cheap as it gets."""
    function = getattr(model.function, "__wrapped__", model.function)
    code = function.__code__
    names = code.co_varnames
    count, keywords = code.co_argcount, code.co_kwonlyargcount
    star, double = bool(code.co_flags & 0x04), bool(code.co_flags & 0x08)
    positional = names[:count]
    by_name = frozenset(names[code.co_posonlyargcount : count + keywords])
    optional = len(function.__defaults__ or ())
    required = positional[: count - optional]
    required_keywords = frozenset(names[count : count + keywords]) - frozenset(function.__kwdefaults__ or ())
    least = len(required)

    def fits(given: int, kwargs: dict[str, Value]) -> bool:
        if given > count and not star:
            return False
        if not kwargs:
            return given >= least and not required_keywords
        taken = positional[:given]
        for k in kwargs:
            if (k not in by_name and not double) or k in taken:
                return False
        return (given >= least or kwargs.keys() >= set(required[given:])) and (not required_keywords or kwargs.keys() >= required_keywords)

    return fits


def call_function(run: Run, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Run a function of the program with these arguments; too deep a call is unknown."""
    function.called = True
    if run.depth >= DEEPEST_CALLS or (function in run.stack and _goes_round(run, function)):
        run.opaque()
        return fresh_unknown()
    alone, run.alone = run.alone, False
    if run.handlers and len(args) > len(function.node.params) and _takes_too_few(function) and caught_by(run.handlers, "TypeError"):
        raise PyRaise("TypeError")
    scope = bind(function, args, kwargs, alone)
    if function.node.annotated:
        _heed_annotations(run, function, scope)
    if function.node.is_generator:
        return Generator(function, scope)
    if function.traced and not alone and run.traced is None and run.node is not None:
        run.traced = (run.node, run.filename)
        try:
            return run_body(run, function, scope, args[0] if args else None)
        finally:
            run.traced = None
    return run_body(run, function, scope, args[0] if args else None)


def _takes_too_few(function: Function) -> bool:
    return all(p.kind in ("positional", "normal") for p in function.node.params)


def _goes_round(run: Run, function: Function) -> bool:
    """Tell whether a function that is under way has called itself enough."""
    return run.stack.count(function) >= DEEPEST_RECURSION or run.steps - run.entered[run.stack.index(function)] > MOST_RECURSION_STEPS


def _heed_annotations(run: Run, function: Function, scope: Scope) -> None:
    """Let parameters have the shapes that their annotations state, where nothing else is known of them."""
    from .claims import annotated, believed

    for p in function.node.params:
        value = scope.variables.get(p.name)
        stated = annotated(run, p.annotation) if isinstance(value, (Unknown, Array)) else None
        if stated is not None:
            scope.variables[p.name] = believed(run, value, stated)


def run_body(run: Run, function: Function, scope: Scope, receiver: Value) -> Value:
    """Run a function's body in its bound scope and return its value; raises `PyRaise` if it certainly raises."""
    outer = (run.scope, run.closure, run.node, run.arguments, run.filename, run.module)
    run.scope, run.closure = scope, Closure(function, receiver)
    run.sites.append((run.node, run.filename))
    run.filename, run.module = function.filename, function.module
    run.depth += 1
    run.stack.append(function)
    run.entered.append(run.steps)
    try:
        if not isinstance(function.node.body, list):
            return _statements().evaluate(run, function.node.body)
        outcome = _statements().execute_block(run, function.node.body)
    finally:
        run.depth -= 1
        run.stack.pop()
        run.entered.pop()
        run.sites.pop()
        run.scope, run.closure, run.node, run.arguments, run.filename, run.module = outer
    if outcome is None and function.owner is not None and _is_stub(function.node.body):
        return fresh_unknown()
    return returned(outcome)


def _is_stub(body: list[n.Node]) -> bool:
    """Tell whether a method does nothing at all: it is there for classes that derive its own to replace it."""
    return all(isinstance(s, n.ExprStmt) and isinstance(s.value, n.Const) for s in body)


def returned(outcome: Leave | None) -> Value:
    """Return the value of a call whose body ended in `outcome`."""
    if isinstance(outcome, Returned):
        return outcome.value
    if isinstance(outcome, Raised):
        raise PyRaise(outcome.exception)
    if isinstance(outcome, Mixed):
        ways = [_RAISES if isinstance(o, Raised) else returned(o) for o in outcome.outcomes]
        kept = [w for w in ways if w is not _RAISES]
        if not kept:
            raise PyRaise("Exception")
        return join(outcome.tag, [kept[0] if w is _RAISES else w for w in ways])
    return None


_RAISES = object()


def bind(function: Function, args: tuple[Value, ...], kwargs: dict[str, Value], alone: bool = False) -> Scope:
    """Return a new scope with the parameters bound; what the call leaves out is unknown.

    `alone` says that nobody calls the function: its defaults tell nothing, and its stars may stand for anything.
    """
    scope = Scope(function.scope)
    variables = scope.variables
    left = dict(kwargs)
    position = 0
    for p in function.node.params:
        kind, name = p.kind, p.name
        if alone and kind not in ("positional", "normal"):
            unknown = Unknown(("parameter", id(p), name))
            variables[name] = DictObj({OTHERS: UNKNOWN}) if kind == "double" else unknown
        elif kind == "star":
            variables[name] = tuple(args[position:])
            position = len(args)
        elif kind == "double":
            variables[name] = DictObj(left)
            left = {}
        elif kind != "keyword" and position < len(args):
            variables[name] = args[position]
            position += 1
        elif kind != "positional" and name in left:
            variables[name] = left.pop(name)
        elif name in function.defaults:
            variables[name] = function.defaults[name]
        else:
            variables[name] = Unknown(("parameter", id(p), name))
    return scope


def instantiate(run: Run, cls: UserClass, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Return a new object of a class of the program."""
    made = InstanceObj(cls)
    cls.instantiated = True
    if cls.is_named_tuple and not any(isinstance(v, Function) for v in cls.variables.values()):
        values = _field_values(run, cls, args, kwargs)
        return NamedItems(tuple(values.values()), tuple(values))
    if cls.members is not None:
        return member_of(run, cls, args[0]) if len(args) == 1 else fresh_unknown()
    if any(isinstance(c, UserClass) and ("__new__" in c.variables or "__getattribute__" in c.variables) for c in cls.mro()):
        # It may be any object, one that was there before, or tell anything of itself.
        return unknown_call(run, args, kwargs)
    for c in cls.mro():
        if isinstance(c, UserClass):
            init = c.variables.get("__init__")
            if isinstance(init, Function):
                before = run.node
                call_function(run, init, (made, *args), kwargs)
                run.node = before
                return made
            if init is not None:
                return made
            if c.fields:
                _fill_fields(run, made, c, args, kwargs)
                return made
        elif isinstance(c, Library):
            for path in api.mro(c.path):
                model = api.lookup(f"{path}.__init__")
                if model is not None:
                    call_model(run, model, (made, *args), kwargs)
                    return made
        elif isinstance(c, Unknown):
            return made
    return made


def _field_values(run: Run, cls: UserClass, args: tuple[Value, ...], kwargs: dict[str, Value]) -> dict[str, Value]:
    """Return what the fields of a data class or named tuple hold after a call with these arguments."""
    values: dict[str, Value] = {}
    for i, (name, default) in enumerate(cls.fields):
        given = args[i] if i < len(args) else kwargs.get(name, default)
        values[name] = run.call(given.make, (), {}) if isinstance(given, Factory) else given
    return values


def _fill_fields(run: Run, made: InstanceObj, cls: UserClass, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    made.put({**made.state, **_field_values(run, cls, args, kwargs)})
    after = cls.variables.get("__post_init__")
    if isinstance(after, Function):
        call_function(run, after, (made,), {})


_WAYS: dict[type, Callable[[Any, Any, Any, tuple[Value, ...], dict[str, Value]], Value]] = {
    Library: lambda run, node, callee, args, kwargs: call_library(run, node, callee.path, args, kwargs),
    BoundLibrary: _call_bound,
    Function: lambda run, node, callee, args, kwargs: call_function(run, callee, args, kwargs),
    BoundMethod: lambda run, node, callee, args, kwargs: call_function(run, callee.function, (callee.receiver, *args), kwargs),
    UserClass: lambda run, node, callee, args, kwargs: instantiate(run, callee, args, kwargs),
    Builtin: _call_builtin,
    InstanceObj: _call_instance,
}
"""How what is called is called, by its class."""
