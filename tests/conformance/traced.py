"""Runs instrumented scripts in the real library, cut short, and prints what they recorded; the other half of `tracing.py`.

``python tests/conformance/traced.py 3 60 FILE…`` prints one JSON object a line. The first argument is the Keras major, the second how many
seconds a script may take. Training takes one step; what a cut-short run returns is stretched to the length it would have had.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import inspect
import io
import json
import os
import signal
import sys
import tempfile
import types
from collections.abc import Sequence
from typing import Any

import real

MOST_SHAPES, MOST_PARTS = 8, 64
_seen: dict[tuple[int, int], list[Any]] = {}


def describe(value: Any, depth: int = 0) -> Any:
    """Return ``{"s": dims, "k": class}`` for what has a shape, ``{"l": parts}`` for lists and tuples, None for the rest."""
    kind = type(value).__name__
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        return {"s": []}
    if kind == "TensorShape":
        return {"l": None} if value.rank is not None else None
    if isinstance(value, (list, tuple)):
        return {"l": [describe(v, depth + 1) for v in value] if len(value) <= MOST_PARTS and depth < 3 else None}
    if value is None or isinstance(value, (type, types.ModuleType)):
        return None
    try:
        shape = value.shape
        return {"s": [None if d is None else int(d) for d in shape], "k": kind}
    except Exception:
        return None


def see(row: int, column: int, value: Any) -> Any:
    """Record a value's shape and return the value."""
    at = _seen.setdefault((row, column), [])
    if len(at) < MOST_SHAPES:
        shape = describe(value)
        if shape not in at:
            at.append(shape)
    return value


class Stub:
    """Stands for anything of a library that only draws."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Stub()

    def __getitem__(self, index: Any) -> Any:
        return Stub()

    def __iter__(self) -> Any:
        return iter((Stub(), Stub()))

    def __enter__(self) -> Any:
        return Stub()

    def __exit__(self, *args: Any) -> None:
        return None


def stub(name: str, *below: str) -> None:
    """Stand in for a library that draws, unless it is installed."""
    if importlib.util.find_spec(name) is not None:
        return
    for path in (name, *(f"{name}.{b}" for b in below)):
        module = types.ModuleType(path)
        module.__getattr__ = lambda attribute: Stub()  # type: ignore[method-assign]
        module.__path__ = []
        sys.modules[path] = module
    for b in below:
        if "." not in b:
            setattr(sys.modules[name], b, sys.modules[f"{name}.{b}"])


def cut_short(model: Any) -> None:
    """Make `fit`, `evaluate` and `predict` of a class of models take one step."""
    fit, evaluate, predict = model.fit, model.evaluate, model.predict
    signatures = {f: inspect.signature(f) for f in (fit, evaluate)}

    @functools.wraps(fit)
    def short_fit(*args: Any, **kwargs: Any) -> Any:
        bound = signatures[fit].bind(*args, **kwargs)
        given = bound.arguments
        first, epochs = given.get("initial_epoch", 0), given.get("epochs", 1)
        given |= {"epochs": first + 1, "steps_per_epoch": 1, "verbose": 0}
        if given.get("validation_data") is not None:
            given["validation_steps"] = 1
        history = fit(*bound.args, **bound.kwargs)
        for name, values in history.history.items():
            history.history[name] = values * max(1, epochs - first)
        return history

    @functools.wraps(evaluate)
    def short_evaluate(*args: Any, **kwargs: Any) -> Any:
        bound = signatures[evaluate].bind(*args, **kwargs)
        bound.arguments |= {"steps": 1, "verbose": 0}
        return evaluate(*bound.args, **bound.kwargs)

    @functools.wraps(predict)
    def short_predict(self: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        import numpy as np

        if not isinstance(x, np.ndarray) or len(x) <= 64:
            return predict(self, x, *args, **kwargs)
        result = predict(self, x[:32], *args, **kwargs)
        stretch = functools.partial(_stretched, length=len(x))
        return [stretch(r) for r in result] if isinstance(result, (list, tuple)) else stretch(result)

    model.fit, model.evaluate, model.predict = short_fit, short_evaluate, short_predict


def _stretched(rows: Any, length: int) -> Any:
    import numpy as np

    return np.resize(rows, (length, *rows.shape[1:])) if isinstance(rows, np.ndarray) and len(rows) == 32 else rows


def no_downloads(keras: Any, major: int) -> None:
    """Give texts made up here for texts from the net, and untrained applications; refuse other downloads."""

    def get_file(fname: Any = None, origin: Any = None, *args: Any, **kwargs: Any) -> str:
        name = os.path.basename(str(fname or origin))
        if not name.endswith(".txt"):
            raise OSError("nothing is downloaded")
        with open(name, "w", encoding="utf-8") as file:
            file.write("the quick brown fox jumps over the lazy dog, and so on\n" * 400)
        return os.path.abspath(name)

    def untrained(make: Any) -> Any:
        signature = inspect.signature(make)

        @functools.wraps(make)
        def made(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.arguments["weights"] = None
            return make(*bound.args, **bound.kwargs)

        return made

    keras.utils.get_file = get_file
    originals: dict[Any, Any] = {}
    # The families (``applications.vgg16``) hold the same functions as the module above them.
    for module in [keras.applications, *(m for m in vars(keras.applications).values() if isinstance(m, types.ModuleType))]:
        for name, thing in list(vars(module).items()):
            if inspect.isfunction(thing) and "weights" in inspect.signature(thing).parameters:
                setattr(module, name, originals.setdefault(thing, untrained(thing)))


def run(path: str, seconds: int) -> dict[str, Any]:
    """Run one script and return what it recorded."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    _seen.clear()
    outcome: dict[str, Any] = {"file": path, "exception": None}
    module = types.ModuleType("__main__")
    module.__file__ = path
    main, argv, cwd = sys.modules["__main__"], sys.argv, os.getcwd()
    signal.alarm(seconds)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            os.chdir(scratch)
            sys.argv, sys.modules["__main__"] = [path], module
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(compile(text, path, "exec"), module.__dict__)
        except SystemExit:
            pass
        except Exception as error:
            outcome["exception"] = f"{type(error).__name__}: {error}"[:500]
        finally:
            signal.alarm(0)
            os.chdir(cwd)
            sys.argv, sys.modules["__main__"] = argv, main
    outcome["seen"] = [[row, column, shapes] for (row, column), shapes in _seen.items()]
    module.__dict__.clear()
    return outcome


def _too_long(signum: int, frame: Any) -> None:
    raise TimeoutError("it takes too long")


def main(arguments: Sequence[str]) -> None:
    """Run the scripts named on the command line."""
    major, seconds, *paths = arguments
    real.prepare(int(major))
    import tensorflow as tf

    keras = importlib.import_module("keras" if major == "3" else "tf_keras")
    stub("matplotlib", "pyplot", "image", "cm", "colors", "gridspec", "patches", "ticker", "animation")
    stub("seaborn")
    cut_short(keras.Model)
    no_downloads(keras, int(major))
    builtins.__seen__ = tf.autograph.experimental.do_not_convert(see)  # type: ignore[attr-defined]
    signal.signal(signal.SIGALRM, _too_long)
    for path in paths:
        keras.utils.set_random_seed(0)
        print(json.dumps(run(path, int(seconds))), flush=True)
        keras.backend.clear_session()


if __name__ == "__main__":
    main(sys.argv[1:])
