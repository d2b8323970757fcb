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
    """Return ``{"s": dims, "k": class}`` for what has a shape, ``{"l": parts}`` for lists and tuples.

    What certainly is neither is ``{"o": class}``, the rest None.
    """
    kind = type(value).__name__
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        return {"s": []}
    if kind == "TensorShape":
        return {"l": None} if value.rank is not None else None
    if isinstance(value, (list, tuple)):
        return {"l": [describe(v, depth + 1) for v in value] if len(value) <= MOST_PARTS and depth < 3 else None}
    if value is None or isinstance(value, (dict, set, type, types.ModuleType, types.FunctionType)):
        return {"o": kind}
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
    keras.utils.plot_model = lambda *args, **kwargs: None
    originals: dict[Any, Any] = {}
    # The families (``applications.vgg16``) hold the same functions as the module above them.
    for module in [keras.applications, *(m for m in vars(keras.applications).values() if isinstance(m, types.ModuleType))]:
        for name, thing in list(vars(module).items()):
            if inspect.isfunction(thing) and "weights" in inspect.signature(thing).parameters:
                setattr(module, name, originals.setdefault(thing, untrained(thing)))


def old_names(keras: Any) -> None:
    """Let Keras 2 answer to module names and arguments of its earlier versions."""
    layers = "core convolutional convolutional_recurrent recurrent embeddings normalization pooling merge wrappers noise local"
    homes = {
        "layers": f"{layers} advanced_activations",
        "utils": "np_utils data_utils generic_utils vis_utils conv_utils",
    }
    for home, names in homes.items():
        for name in names.split():
            sys.modules.setdefault(f"tf_keras.{home}.{name}", getattr(keras, home))
    for thing in list(vars(keras.optimizers).values()):
        if isinstance(thing, type):
            thing.__init__ = _without_old_arguments(thing.__init__)  # type: ignore[misc]


def _without_old_arguments(make: Any) -> Any:
    @functools.wraps(make)
    def made(self: Any, *args: Any, decay: Any = None, lr: Any = None, **kwargs: Any) -> None:
        make(self, *args, **kwargs, **({} if lr is None else {"learning_rate": lr}))

    return made


def fake_data(tf: Any) -> None:
    """Stand in for tensorflow_datasets, unless it is installed: a few sets of images."""
    if importlib.util.find_spec("tensorflow_datasets") is not None:
        return
    sets = {"mnist": (28, 28, 1), "fashion_mnist": (28, 28, 1), "cifar10": (32, 32, 3), "cifar100": (32, 32, 3), "stl10": (96, 96, 3)}
    sets |= dict.fromkeys(("cats_vs_dogs", "oxford_flowers102", "tf_flowers", "stanford_dogs", "imagenette"), (None, None, 3))

    def load(name: str, split: Any = None, as_supervised: bool = False, with_info: bool = False, batch_size: Any = None, **k: Any) -> Any:
        shape = sets[name]

        def pairs() -> Any:
            import numpy as np

            for i in range(96):
                image = np.zeros([d or 40 + i for d in shape], "uint8")
                yield (image, i % 2) if as_supervised else {"image": image, "label": i % 2}

        signature: Any = tf.TensorSpec(shape, tf.uint8), tf.TensorSpec((), tf.int64)
        signature = signature if as_supervised else {"image": signature[0], "label": signature[1]}

        def one(_: Any = None) -> Any:
            made = tf.data.Dataset.from_generator(pairs, output_signature=signature).apply(tf.data.experimental.assert_cardinality(96))
            return made if batch_size is None else made.batch(batch_size)

        if split is None:
            found: Any = {"train": one(), "test": one()}
        else:
            found = one() if isinstance(split, str) else [one(s) for s in split]
        return (found, Stub()) if with_info else found

    module = types.ModuleType("tensorflow_datasets")
    module.load = load  # type: ignore[attr-defined]
    module.disable_progress_bar = lambda: None  # type: ignore[attr-defined]
    module.__getattr__ = lambda attribute: Stub()  # type: ignore[method-assign]
    sys.modules["tensorflow_datasets"] = module


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
            outcome["exception"] = f"{type(error).__name__}: {str(error)[-400:]}"
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
    stub("torch", "nn", "utils", "utils.data")
    fake_data(tf)
    if major == "2":
        old_names(keras)
    cut_short(keras.Model)
    no_downloads(keras, int(major))
    builtins.__seen__ = tf.autograph.experimental.do_not_convert(see)  # type: ignore[attr-defined]
    signal.signal(signal.SIGALRM, _too_long)
    for path in paths:
        keras.utils.set_random_seed(0)
        keras.backend.set_image_data_format("channels_last")
        keras.backend.set_floatx("float32")
        print(json.dumps(run(path, int(seconds))), flush=True)
        keras.backend.clear_session()


if __name__ == "__main__":
    main(sys.argv[1:])
