"""Runs fixtures in the real library, many in one process, and says what each one did.

``python tests/conformance/real.py 3 FILE…`` prints one JSON object a line: the file, the line on which it raised (null
where it ran to its end), the exception, and what its ``reveal_shape`` calls saw. The first argument is the Keras major; for 2,
``keras`` and ``tensorflow.keras`` are tf_keras. Data sets that Keras would download are replaced by arrays of the same shape and dtype.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import importlib.abc
import importlib.util
import io
import json
import os
import signal
import sys
import tempfile
import time
import traceback
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any

LIMIT_SECONDS = int(os.environ.get("REAL_LIMIT_SECONDS", "90"))


class _LegacyNames(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes ``import keras`` and all below it give the modules of tf_keras."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name == "keras" or name.startswith("keras."):
            return importlib.util.spec_from_loader(name, self)
        return None

    def create_module(self, spec: Any) -> Any:
        return importlib.import_module("tf_" + spec.name)

    def exec_module(self, module: Any) -> None:
        pass


def _fake_datasets(np: Any) -> dict[str, Callable[..., Any]]:
    rng = np.random.default_rng(0)

    def images(shape: tuple[int, ...], classes: int, labels_rank: int, train: int, test: int) -> Callable[..., Any]:
        def part(n: int) -> tuple[Any, Any]:
            y = rng.integers(0, classes, (n,) + (1,) * (labels_rank - 1)).astype("uint8" if labels_rank == 1 or classes == 10 else "int64")
            return np.zeros((n, *shape), "uint8"), y

        return lambda *a, **k: (part(train), part(test))

    def texts(train: int, test: int, classes: int) -> Callable[..., Any]:
        def part(n: int, words: int) -> tuple[Any, Any]:
            x = np.empty(n, dtype=object)
            x[:] = [[1, *rng.integers(3, words, length)] for length in rng.integers(5, 15, n).tolist()]
            return x, rng.integers(0, classes, n)

        def load_data(path: str = "", num_words: int | None = None, **k: Any) -> Any:
            words = min(num_words or 10_000, 10_000)
            return part(train, words), part(test, words)

        return load_data

    def tabular(train: int, test: int, features: int) -> Callable[..., Any]:
        return lambda *a, **k: ((np.zeros((train, features)), np.zeros(train)), (np.zeros((test, features)), np.zeros(test)))

    return {
        "mnist": images((28, 28), 10, 1, 60_000, 10_000),
        "fashion_mnist": images((28, 28), 10, 1, 60_000, 10_000),
        "cifar10": images((32, 32, 3), 10, 2, 50_000, 10_000),
        "cifar100": images((32, 32, 3), 100, 2, 50_000, 10_000),
        "imdb": texts(25_000, 25_000, 2),
        "reuters": texts(8_982, 2_246, 46),
        "boston_housing": tabular(404, 102, 13),
        "california_housing": tabular(16_512, 4_128, 8),
    }


def prepare(major: int) -> None:
    """Import the libraries for a Keras major and replace what would download."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["TF_USE_LEGACY_KERAS"] = "1" if major == 2 else "0"
    os.environ["MPLBACKEND"] = "Agg"
    warnings.simplefilter("ignore")
    if major == 2:
        sys.meta_path.insert(0, _LegacyNames())
    import numpy as np
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    for name, load_data in _fake_datasets(np).items():
        for root in ("keras", "keras._tf_keras.keras") if major == 3 else ("tf_keras", "tf_keras.api._v2.keras"):
            try:
                module = importlib.import_module(f"{root}.datasets.{name}")
            except ImportError:
                continue
            module.load_data = load_data  # type: ignore[attr-defined]


def shape_of(value: Any) -> Any:
    """Return the shape of anything that has one as a list of int and None, of several things a list of those, else None."""
    if isinstance(value, (list, tuple)) and any(hasattr(v, "shape") for v in value):
        return [shape_of(v) for v in value]
    if isinstance(value, (bool, int, float)):
        return []
    shape = getattr(value, "shape", None)
    if shape is None:
        return None
    try:
        return [None if d is None else int(d) for d in shape]
    except (TypeError, ValueError):
        return None


def run(path: str, clear: Callable[[], None]) -> dict[str, Any]:
    """Run one fixture and return what it did."""
    reveals: list[tuple[int, Any]] = []

    def reveal_shape(*values: Any) -> Any:
        frame = sys._getframe(1)
        reveals.append((frame.f_lineno, shape_of(values[0] if len(values) == 1 else list(values))))
        return values[0]

    builtins.reveal_shape = reveal_shape  # type: ignore[attr-defined]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    module = types.ModuleType("__main__")
    module.__file__ = path
    outcome: dict[str, Any] = {"file": path, "line": None, "lines": [], "exception": None, "reveals": reveals}
    before, main, argv, cwd = time.perf_counter(), sys.modules["__main__"], sys.argv, os.getcwd()
    signal.alarm(LIMIT_SECONDS)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            os.chdir(scratch)
            sys.argv = [path]
            sys.modules["__main__"] = module
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(compile(text, path, "exec"), module.__dict__)
        except SystemExit:
            pass
        except Exception as error:
            # A function that tf.function traces stands in no frame of this file, so the innermost frame is the call from outside.
            rows = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
            outcome |= {"line": rows[-1] if rows else 0, "lines": rows, "exception": f"{type(error).__name__}: {error}"[:1500]}
        finally:
            signal.alarm(0)
            os.chdir(cwd)
            sys.argv = argv
            sys.modules["__main__"] = main
    outcome["seconds"] = round(time.perf_counter() - before, 2)
    module.__dict__.clear()
    clear()

    return outcome


def _too_long(signum: int, frame: Any) -> None:
    raise TimeoutError(f"more than {LIMIT_SECONDS} seconds")


def main(arguments: Sequence[str]) -> None:
    """Run the files named on the command line."""
    major, *paths = arguments
    prepare(int(major))
    from tensorflow import keras

    signal.signal(signal.SIGALRM, _too_long)
    for path in paths:
        keras.utils.set_random_seed(0)
        print(json.dumps(run(os.path.abspath(path), keras.backend.clear_session)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
