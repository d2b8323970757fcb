"""Reads facts off the installed Keras and writes them down as Python modules::

    python -m kshape_lint.catalogue [--applications] [--check]

Needs TensorFlow with Keras 3, and tf_keras for Keras 2. With ``--check`` nothing is written: differences are told and the
exit code is 1. Reading the applications builds hundreds of networks and takes minutes, so it is done only when asked for.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from . import OPAQUE, REQUIRED, ApplicationFacts, LayerFacts, Signature
from .read_datasets import read_datasets, show_dataset
from .read_inside import follows, inside
from .read_inside import module as inside_module
from .read_light import light

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = Path(__file__).parent
MODULES = {3: "keras", 2: "tf_keras"}

# Values for required parameters, by the parameter's name, only to have a layer to look at: none of them ends up among the facts.
SAMPLES: dict[str, Any] = {
    "units": 4, "filters": 4, "kernel_size": 3, "pool_size": 2, "output_size": 2, "input_dim": 10, "output_dim": 4, "activation": "relu",
    "n": 3, "rate": 0.5, "stddev": 0.1, "target_shape": (-1,), "dims": (1,), "axes": -1, "equation": "ab,bc->ac", "output_shape": 4,
    "num_heads": 2, "key_dim": 2, "head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 2, "height": 4, "width": 4, "factor": 0.1,
    "height_factor": 0.1, "width_factor": 0.1, "scale": 0.5, "num_bins": 3, "bin_boundaries": [0.5, 1.5], "num_tokens": 4,
    "vocabulary": None, "target_height": 4, "target_width": 4, "value_range": (0, 255), "max_boxes": 3, "layers": [], "filepath": "none",
    "max_number": 3, "mode": "fft",
}  # fmt: skip
CANDIDATES: dict[str, Any] = {
    "name": "sample", "dtype": "float32", "trainable": True, "autocast": True, "dynamic": False, "activity_regularizer": None,
    "input_shape": (8, 4), "batch_input_shape": (2, 8, 4), "batch_shape": (2, 8, 4), "input_dim": 4, "batch_size": 2, "input_length": 8,
    "weights": [], "input_dtype": "float32", "input_tensor": None, "implementation": 1, "time_major": False, "seed": 1,
    "data_format": "channels_last", "lora_rank": None, "lora_alpha": None, "use_cudnn": False, "build_config": None, "autotune": True,
    "unroll": False, "zero_output_for_mask": False, "bounding_box_format": None,
}  # fmt: skip


def public(root: ModuleType, prefix: str, seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield every public class and function of Keras with each path it is reachable by."""
    seen = {id(root)} if seen is None else seen
    for name in sorted(dir(root)):
        if name.startswith("_") or name == "src":
            continue
        thing = getattr(root, name)
        if isinstance(thing, ModuleType):
            if "keras" in thing.__name__ and ".src." not in thing.__name__ and id(thing) not in seen and "compat" not in thing.__name__:
                yield from public(thing, f"{prefix}.{name}", seen | {id(thing)})
        elif inspect.isclass(thing) or inspect.isfunction(thing):
            yield f"{prefix}.{name}", thing


def canonical(thing: Any, paths: list[str], base_layer: type) -> str:
    """Choose among a thing's paths the one it is modelled under."""

    def rank(path: str) -> tuple[Any, ...]:
        is_layer = inspect.isclass(thing) and issubclass(thing, base_layer)
        own = thing.__name__ == path.rpartition(".")[2]
        legacy = ".experimental." in path or ".legacy." in path
        return (not own, legacy, is_layer and not path.startswith("keras.layers."), path.count("."), path)

    return min(paths, key=rank)


def literal(value: Any) -> Any:
    """Return a default as it can be written down, or `OPAQUE`."""
    if value is inspect.Parameter.empty:
        return REQUIRED
    plain = value is None or isinstance(value, (bool, int, float, str))
    if isinstance(value, (tuple, list)):
        inner = [literal(v) for v in value]
        return OPAQUE if any(v is OPAQUE for v in inner) else tuple(inner)
    return value if plain else OPAQUE


def parameters(callee: Any) -> tuple[tuple[tuple[str, Any], ...], int, bool, bool]:
    """Return a signature without its first ``self``: parameters, how many are positional, open ``*args``, open ``**kwargs``."""
    target: Any = callee.__init__ if inspect.isclass(callee) else callee
    found = list(inspect.signature(target).parameters.values())
    if inspect.isclass(callee):
        found = found[1:]
    named = [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    positional = sum(p.kind is not p.KEYWORD_ONLY for p in named)
    kinds = {p.kind for p in found}
    listed = tuple((p.name, literal(p.default)) for p in named)
    return listed, positional, inspect.Parameter.VAR_POSITIONAL in kinds, inspect.Parameter.VAR_KEYWORD in kinds


def own_parameters(cls: type) -> tuple[tuple[str, Any], ...]:
    """Return the parameters of the constructor that a class itself defines."""
    return parameters(cls)[0] if "__init__" in vars(cls) and "keras" in cls.__module__ else ()


def sample_arguments(keras: ModuleType, cls: type) -> dict[str, Any]:
    """Return arguments with which a layer class can be constructed."""
    given: dict[str, Any] = {}
    special: dict[str, Callable[[], Any]] = {
        "cell": lambda: keras.layers.LSTMCell(4),
        "cells": lambda: [keras.layers.LSTMCell(4)],
        "layer": lambda: keras.layers.LSTM(4) if cls.__name__ == "Bidirectional" else keras.layers.Dense(4),
        "function": lambda: lambda x: x,
    }
    wanted = [name for name, default in parameters(cls)[0] if default is REQUIRED]
    if cls.__name__ == "Discretization":
        wanted.append("bin_boundaries")
    if cls.__name__ in ("CategoryEncoding",):
        wanted.append("num_tokens")
    for name in wanted:
        given[name] = special[name]() if name in special else SAMPLES[name]
    if cls.__name__ in ("StringLookup", "IntegerLookup", "TextVectorization"):
        given["vocabulary"] = [1, 2] if cls.__name__ == "IntegerLookup" else ["a", "b"]
    if cls.__name__ == "Permute":
        given["dims"] = (1, 2)
    return given


SHAPES: tuple[tuple[int, ...], ...] = ((4,), (8, 4), (8, 8, 4), (8, 8, 8, 4), (8, 8, 8, 8, 4), ())


def spec_of(layer: Any) -> Any:
    """Return a layer's first input spec, or None."""
    spec = layer.input_spec
    if isinstance(spec, (list, tuple)):
        spec = spec[0] if spec else None
    return spec


def built(keras: ModuleType, cls: type, **more: Any) -> list[tuple[Any, int]]:
    """Construct a layer and call it, anew for each sample shape it takes; return the layers with their inputs' ranks."""
    out = []
    for shape in SHAPES:
        try:
            layer = cls(**sample_arguments(keras, cls), **more)
            layer(keras.Input(shape))
        except Exception:
            continue
        out.append((layer, len(shape) + 1))
    return out


def fixed_axes(layers: list[tuple[Any, int]]) -> tuple[int, ...]:
    """Return the axes whose length built layers' input specs demand, counted from the end where they move with the rank."""
    found = []
    for layer, rank in layers:
        spec = spec_of(layer)
        if spec is None:
            return ()
        axes = {axis for axis, length in (spec.axes or {}).items() if length is not None}
        if spec.shape is not None:
            axes |= {axis for axis, length in enumerate(spec.shape) if axis and length is not None}
        found.append((frozenset(axes), frozenset(axis - rank if axis >= 0 else axis for axis in axes)))
    if not found:
        return ()
    if len({plain for plain, _ in found}) == 1:
        return tuple(sorted(found[0][0]))
    return tuple(sorted(frozenset.intersection(*(ends for _, ends in found))))


def layer_facts(keras: ModuleType, path: str, cls: type, common: tuple[str, ...] | None) -> LayerFacts:
    """Read one layer class."""
    listed, positional, _, open_keywords = parameters(cls)
    ranks: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            spec = spec_of(cls(**sample_arguments(keras, cls)))
        except Exception:
            spec = None
        if spec is not None:
            ranks = {"rank": spec.ndim, "min_rank": spec.min_ndim, "max_rank": spec.max_ndim}
            if spec.ndim is not None:
                ranks["min_rank"] = ranks["max_rank"] = None
            if cls.__name__ == "Permute":  # its rank is that of `dims`
                ranks = {}
        names = {name for name, _ in listed}
        fixed: tuple[int, ...] = ()
        first: tuple[int, ...] = ()
        by = None
        fixes_rank = False
        samples = built(keras, cls)
        if samples:
            fixed = first = fixed_axes(samples)
            after = spec_of(samples[0][0])
            fixes_rank = after is not None and after.ndim is not None and (spec is None or spec.ndim is None) and cls.__name__ != "Permute"
            if "data_format" in names and fixed:
                other = built(keras, cls, data_format="channels_first")
                first = fixed_axes(other) if other else fixed
            if "axis" in names and fixed and fixed_axes(built(keras, cls, axis=1)) != fixed:
                by = "axis"
        taken = keywords_taken(keras, cls, names) if open_keywords else ()
    return LayerFacts(
        path, listed, positional, open_keywords, **ranks, fixed=fixed, fixed_first=first, fixed_by=by, fixes_rank=fixes_rank,
        keywords=None if not open_keywords or taken == tuple(k for k in common or () if k not in names) else taken,
    )  # fmt: skip


def keywords_taken(keras: ModuleType, cls: type, names: set[str]) -> tuple[str, ...]:
    """Try which of the usual keywords a constructor takes beside its parameters."""
    out = []
    inherited = {name: default for base in cls.__mro__[1:-1] for name, default in own_parameters(base) if default not in (REQUIRED, OPAQUE)}
    for keyword, value in ({**dict(sorted(inherited.items())), **CANDIDATES}).items():
        if keyword in names:
            continue
        try:
            cls(**sample_arguments(keras, cls), **{keyword: value})
        except Exception:
            continue
        out.append(keyword)
    return tuple(sorted(out))


def signature(path: str, thing: Any) -> Signature:
    """Read the signature of a function or class."""
    listed, positional, open_positional, open_keywords = parameters(thing)
    return Signature(path, listed, positional, open_positional, open_keywords)


def read_names(major: int) -> tuple[dict[str, str], dict[str, Any]]:
    """Return aliases, and the things themselves by canonical path."""
    keras = importlib.import_module(MODULES[major])
    groups: dict[int, tuple[Any, list[str]]] = {}
    for path, thing in public(keras, "keras"):
        groups.setdefault(id(thing), (thing, []))[1].append(path)
    base: type = keras.layers.Layer
    aliases: dict[str, str] = {}
    things: dict[str, Any] = {}
    for thing, paths in groups.values():
        chosen = canonical(thing, paths, base)
        things[chosen] = thing
        aliases.update({p: chosen for p in paths if p != chosen})
    return dict(sorted(aliases.items())), dict(sorted(things.items()))


def read_layers(major: int, things: dict[str, Any]) -> tuple[dict[str, LayerFacts], tuple[str, ...]]:
    """Read every public layer class, and the keywords that nearly all of them take."""
    keras = importlib.import_module(MODULES[major])
    common = keywords_taken(keras, keras.layers.Flatten, {"data_format"})
    classes = {
        p: t for p, t in things.items() if p.startswith("keras.layers.") and inspect.isclass(t) and issubclass(t, keras.layers.Layer)
    }
    return {p: layer_facts(keras, p, t, common) for p, t in classes.items()}, common


def read_signatures(things: dict[str, Any], *prefixes: str) -> dict[str, Signature]:
    """Read the signatures of the public things below some modules."""
    out = {}
    for path, thing in things.items():
        if path.startswith(prefixes):
            try:
                out[path] = signature(path, thing)
            except (TypeError, ValueError):
                continue
    return out


def read_applications(major: int, things: dict[str, Any]) -> dict[str, ApplicationFacts]:
    """Read the architectures of ``keras.applications`` by making each with random weights."""
    keras = importlib.import_module(MODULES[major])
    utils: Any = importlib.import_module(f"{MODULES[major]}.src.applications.imagenet_utils")
    original = utils.obtain_input_shape
    asked: dict[str, Any] = {}

    class Stop(Exception):
        pass

    def spy(input_shape: Any, default_size: int, min_size: int, *rest: Any, **options: Any) -> Any:
        asked.update(default_size=default_size, min_size=min_size)
        raise Stop

    out = {}
    for path, make in things.items():
        _, _, name = path.rpartition(".")
        if not path.startswith("keras.applications.") or not inspect.isfunction(make) or name in ("preprocess_input", "decode_predictions"):
            continue
        asked.clear()
        asked.update(default_size=0, min_size=0)
        utils.obtain_input_shape = spy
        try:
            make(weights=None)
        except Stop:
            pass
        finally:
            utils.obtain_input_shape = original
        listed, positional, _, _ = parameters(make)
        with light(major):
            channels, stride, offset, open_offset = feature_map(make, asked["default_size"] or 224)
            if not asked["min_size"]:
                asked["min_size"] = least_size(make)
        out[path] = ApplicationFacts(
            path,
            listed,
            positional,
            asked["default_size"],
            asked["min_size"],
            channels,
            stride,
            offset,
            open_offset,
            dict(listed)["classes"],
        )
        print(out[path], file=sys.stderr)
        keras.backend.clear_session()
    return out


def application_modules(things: dict[str, Any]) -> tuple[str, ...]:
    """Return the modules that hold ``preprocess_input`` and ``decode_predictions``."""
    return tuple(p.rpartition(".")[0] for p in things if p.startswith("keras.applications.") and p.endswith(".preprocess_input"))


def least_size(make: Any) -> int:
    """Try which image is the smallest that an architecture takes."""
    size = 0
    while True:
        size += 1
        try:
            make(weights=None, include_top=False, input_shape=(size, size, 3))
        except ValueError:
            continue
        return size


def feature_map(make: Any, size: int) -> tuple[int, int, int, int | None]:
    """Find how a network's output size follows from its input's: (channels, stride, offset, open offset), side = (size + offset) // stride.

    Some architectures pad by the size that they are made for, and come out differently when made with open sides.
    """
    model = make(weights=None, include_top=False)
    known: dict[int, int] = {}

    def open_side(n: int) -> int:
        return int(model.compute_output_shape((None, n, n, 3))[1])

    def side(n: int) -> int:
        if n not in known:
            known[n] = int(make(weights=None, include_top=False, input_shape=(n, n, 3)).output_shape[1])
        return known[n]

    channels = int(model.output_shape[-1])
    try:
        stride, open_offset = fit(open_side, size)
    except Exception:
        # Made with open sides it does not run on every size.
        stride, offset = fit(side, size)
        return channels, stride, offset, None
    for offset in (open_offset, stride - 1):
        if all(side(n) == (n + offset) // stride for n in (8 * stride + 1, 9 * stride + 12)):
            break
    else:
        raise AssertionError(f"{model.name}: {known} does not follow from the size")
    if offset != open_offset and side(8 * stride) != 8:
        raise AssertionError(f"{model.name}: {known} does not follow from the size")
    return channels, stride, offset, open_offset


def fit(side: Any, size: int) -> tuple[int, int]:
    """Find stride and offset so that ``side(n) == (n + offset) // stride``, looking from `size` on."""
    base = side(size)
    for stride in (32, 16, 8, 64):
        if side(size + 2 * stride) == base + 2:
            break
    low, high = 0, stride
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if side(size + middle) == base else (low, middle)
    offset = (base + 1) * stride - (size + high)
    for n in (size + 5, size - 40):
        if side(n) != (n + offset) // stride:
            raise AssertionError(f"{n} gives {side(n)}, not {(n + offset) // stride}")
    return stride, offset


def show_signature(listed: tuple[tuple[str, Any], ...]) -> str:
    """Write parameters down as source text."""
    parts = [f'("{name}", {"R" if default is REQUIRED else repr(default)})' for name, default in listed]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def show_layer(f: LayerFacts) -> str:
    """Write a layer's facts down as source text, defaults left out."""
    rest = []
    for name in ("rank", "min_rank", "max_rank", "fixed", "fixed_first", "fixed_by", "fixes_rank", "keywords"):
        value = getattr(f, name)
        if value is not None and value is not False and (value != () or (name == "keywords")):
            rest.append(f"{name}={value!r}")
    return f'LayerFacts("{f.path}", {show_signature(f.parameters)}, {f.positional}, {f.open_keywords}{"".join(", " + r for r in rest)})'


def show_plain(s: Signature) -> str:
    """Write a signature down as source text."""
    return f'Signature("{s.path}", {show_signature(s.parameters)}, {s.positional}, {s.open_positional}, {s.open_keywords})'


def show_application(a: ApplicationFacts) -> str:
    """Write an architecture's facts down as source text."""
    numbers = ", ".join(str(getattr(a, n)) for n in ("default_size", "min_size", "channels", "stride", "offset", "open_offset", "classes"))
    return f'ApplicationFacts("{a.path}", {show_signature(a.parameters)}, {a.positional}, {numbers})'


HEAD = """\"\"\"{what}, read off the installed {source} by `kshape_lint.catalogue.read`; do not edit.\"\"\"

# ruff: noqa
# fmt: off
from __future__ import annotations
"""


def table(name: str, kind: str, rows: dict[str, str]) -> str:
    """Write a dict of facts down as source text."""
    body = "".join(f'    "{key}": {text},\n' for key, text in rows.items())
    return f"\n{name}: dict[str, {kind}] = {{\n{body}}}\n"


def texts(with_applications: bool) -> dict[str, str]:
    """Return the text of every generated module by file name."""
    out: dict[str, str] = {}
    aliases: dict[str, str] = {}
    insides: dict[str, str] = {}
    alike: list[str] = []
    for major, module in MODULES.items():
        keras = importlib.import_module(module)
        source = f"{module} {keras.__version__}"
        names, things = read_names(major)
        for path, of in names.items():
            aliases.setdefault(path, of)
        layers, common = read_layers(major, things)
        text = HEAD.format(what=f"Facts of Keras {major}", source=source)
        text += "\nfrom . import OPAQUE, LayerFacts, Signature\nfrom . import REQUIRED as R\n"
        text += f'\nVERSION = "{keras.__version__}"\nKEYWORDS: tuple[str, ...] = {common!r}\n'
        text += table("LAYERS", "LayerFacts", {p: show_layer(f) for p, f in layers.items()})
        functions = {
            p: s for p, s in read_signatures(things, "keras.layers.", "keras.utils.", "keras.preprocessing.").items() if p not in layers
        }
        text += table("FUNCTIONS", "Signature", {p: show_plain(s) for p, s in functions.items()})
        for name, prefix in (("LOSSES", "keras.losses."), ("METRICS", "keras.metrics.")):
            text += table(name, "Signature", {p: show_plain(s) for p, s in read_signatures(things, prefix).items()})
        out[f"keras{major}.py"] = text if "OPAQUE)" in text else text.replace("import OPAQUE, ", "import ")
        if major == 3:
            text = (
                HEAD.format(what="Signatures of keras.ops", source=source)
                + "\nfrom . import OPAQUE, Signature\nfrom . import REQUIRED as R\n"
            )
            text += table("OPS", "Signature", {p: show_plain(s) for p, s in read_signatures(things, "keras.ops.").items()})
            stated = HEAD.format(what="The data sets of Keras 3", source=source) + "\nfrom . import DatasetFacts\n"
            out["datasets3.py"] = stated + table("DATASETS", "DatasetFacts", {p: show_dataset(d) for p, d in read_datasets(things).items()})
            out["ops3.py"] = text if "OPAQUE)" in text else text.replace("import OPAQUE, ", "import ")
        if with_applications:
            text = HEAD.format(what=f"Applications of Keras {major}", source=source)
            text += "\nfrom . import ApplicationFacts\nfrom . import REQUIRED as R\n"
            read = read_applications(major, things)
            text += table("APPLICATIONS", "ApplicationFacts", {p: show_application(a) for p, a in read.items()})
            text += f"MODULES: tuple[str, ...] = {application_modules(things)!r}\n"
            out[f"applications{major}.py"] = text
            if major == 3:
                insides = {p: inside(things[p], major) for p in read}
            else:
                alike = [p for p in read if p in insides and follows(things[p], insides[p], read[p].default_size)]
    if with_applications:
        out["inside3.py"] = HEAD.format(what="The insides of the applications of Keras 3", source="keras") + inside_module(insides, alike)
    text = HEAD.format(what="Public paths that are other names of one thing", source="Keras 3 and tf_keras")
    out["names.py"] = text + table("ALIASES", "str", {p: f'"{of}"' for p, of in sorted(aliases.items())})
    return out


def main(arguments: list[str] | None = None) -> int:
    """Write the generated modules, or compare them with what is there."""
    parser = argparse.ArgumentParser(prog="python -m kshape_lint.catalogue", description=__doc__)
    parser.add_argument("--applications", action="store_true", help="read keras.applications too (minutes)")
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    options = parser.parse_args(arguments)
    status = 0
    for name, text in texts(options.applications).items():
        file = HERE / name
        if options.check:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                print(f"{name} differs from the installed Keras")
                status = 1
        else:
            file.write_text(text, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
