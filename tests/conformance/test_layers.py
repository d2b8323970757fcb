"""Layers with random arguments on random inputs: what our models say must be what the installed Keras does.

An answer may say less than Keras knows (an axis unknown, an error not told), but never something else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from kshape_lint.catalogue import aliases, applications, datasets, facts
from kshape_lint.interpreter.values import Array
from kshape_lint.libraries import api
from kshape_lint.libraries.keras.objects import model_state

from .layer_arguments import SHAPELESS, VALUES, unusual
from .layer_cases import Case, Tensor, cases, names, varied
from .layer_compare import REFUSED, modelled, real, real_shape, shape_of, under, value, verdict

pytestmark = pytest.mark.conformance

MODULES = {3: "keras", 2: "tf_keras"}
SYMBOLIC, VARIED, UNUSUAL, EAGER = 12, 6, 4, 6

# The real layer cannot be made, or takes the whole process with it (a division by zero inside TensorFlow).
BROKEN = {("SpectralNormalization", 2), ("Hashing", 2)}
DEADLY = tuple(f"Adaptive{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3))


def _keras(major: int) -> Any:
    return pytest.importorskip(MODULES[major])


def concrete(case: Case) -> Case:
    """Return the case with lengths of 2 for those that are not defined: one that data can have."""

    def known(shapes: Any) -> Any:
        return tuple(tuple(2 if d is None else d for d in s) for s in shapes)

    def beside(thing: Any) -> Any:
        if isinstance(thing, Tensor):
            return Tensor(*known((thing.shape,)), thing.dtype)
        return [beside(t) for t in thing] if isinstance(thing, list) else thing

    again = known(case.again) if case.again is not None else None
    return replace(case, shapes=known(case.shapes), again=again, call=tuple((k, beside(v)) for k, v in case.call))


def _judge(found: list[tuple[str, Case, Any, Any]]) -> None:
    wrong = [f"{case}\n  ours: {ours}\n  real: {theirs}" for v, case, ours, theirs in found if v == "wrong"]
    assert not wrong, "\n".join(wrong)
    # A model that knows nothing contradicts nothing: most answers must say all there is to know.
    counts = Counter(v for v, *_ in found)
    assert counts["same"] * 2 >= len(found), counts


@pytest.mark.parametrize("major", [3, 2])
@pytest.mark.parametrize("name", names())
def test_symbolic_calls(name: str, major: int) -> None:
    if not hasattr(_keras(major).layers, name) or (name, major) in BROKEN:
        return
    found = []
    for case in (*cases(name, SYMBOLIC, major), *varied(name, VARIED, major), *unusual(name, UNUSUAL, major)):
        ours, theirs = modelled(case, major), real(case, major)
        found.append((verdict(ours[0], theirs[0]), case, ours, theirs))
    _judge(found)


@pytest.mark.parametrize("major", [3, 2])
@pytest.mark.parametrize("name", [n for n in names() if n not in DEADLY])
def test_calls_on_data(name: str, major: int) -> None:
    if not hasattr(_keras(major).layers, name) or (name, major) in BROKEN:
        return
    found = []
    for case in map(concrete, cases(name, EAGER, major, seed=7)):
        ours, theirs = modelled(case, major, "numpy"), real(case, major, "numpy")
        found.append((verdict(ours[0], theirs[0]), case, ours, theirs))
    wrong = [f"{case}\n  ours: {ours}\n  real: {theirs}" for v, case, ours, theirs in found if v == "wrong"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("major", [3, 2])
def test_every_argument_is_drawn(major: int) -> None:
    """But for those of weights (initializers and kin), and those that change no shape."""
    of_weights = ("_initializer", "_regularizer", "_constraint", "regularizer", "initializer")
    for name in names():
        known = facts(major).LAYERS.get(f"keras.layers.{name}")
        if known is None:
            continue
        drawn = {argument for case in cases(name, 300, major) for argument in (*case.config, "layer")}
        left = {n for n, _ in known.parameters if not n.endswith(of_weights)} - drawn - VALUES.keys() - SHAPELESS
        assert not left, name


APPLICATIONS: list[tuple[str, dict[str, Any]]] = [
    ("VGG16", {}),
    ("VGG16", {"include_top": False}),
    ("VGG16", {"include_top": False, "input_shape": (70, 40, 3)}),
    ("VGG16", {"include_top": False, "input_shape": (64, 64, 3), "pooling": "avg"}),
    ("VGG16", {"include_top": False, "input_shape": (31, 64, 3)}),
    ("VGG16", {"input_shape": (64, 64, 3), "classes": 7}),
    ("VGG16", {"input_shape": (None, None, 3)}),
    ("VGG16", {"include_top": False, "input_shape": (64, 64)}),
    ("VGG16", {"include_top": False, "input_shape": (64, 64, 1)}),
    ("VGG16", {"include_top": False, "input_shape": 64}),
    ("VGG16", {"weights": "imagenet", "classes": 10}),
    ("VGG16", {"weights": "imagenet", "input_shape": (64, 64, 3)}),
    ("VGG16", {"weights": "imagenet", "include_top": False, "input_shape": (64, 64, 1)}),
    ("VGG16", {"weights": "imagenet", "include_top": False, "input_shape": (20, 20, 3)}),
    ("MobileNet", {"include_top": False, "alpha": 0.5, "input_shape": (97, 65, 3)}),
    ("MobileNetV2", {"include_top": False, "alpha": 1.4, "input_shape": (97, 65, 3)}),
    ("MobileNetV2", {"include_top": False, "input_shape": (None, 65, 3)}),
    ("MobileNetV3Small", {"include_top": False, "input_shape": (97, 65, 3)}),
    ("MobileNetV3Small", {"input_shape": (31, 65, 3)}),
    ("MobileNetV3Small", {}),
    ("ResNet50", {"include_top": False, "input_shape": (97, 65, 3), "pooling": "max"}),
    ("ResNet50", {"include_top": False, "input_shape": (97, 65, 3)}),
    ("Xception", {"include_top": False, "input_shape": (70, 100, 3)}),
    ("Xception", {"include_top": False, "input_shape": (71, 100, 3)}),
    ("InceptionV3", {"include_top": False, "input_shape": (74, 100, 3)}),
    ("InceptionV3", {"include_top": False, "input_shape": (75, 100, 3)}),
    ("EfficientNetB0", {"include_top": False, "input_shape": (97, 65, 3)}),
]


@pytest.mark.parametrize("major", [3, 2])
def test_applications(major: int) -> None:
    keras = _keras(major)
    for name, given in APPLICATIONS:
        given = {"weights": None, **given}
        ours = _application(name, given, major)
        if given["weights"] == "imagenet":
            assert ours == REFUSED, (name, given)  # what is not refused would be downloaded
        try:
            model = getattr(keras.applications, name)(**given)
        except (ValueError, TypeError, AttributeError):
            theirs: Any = REFUSED
        else:
            theirs = real_shape(model.output)
        assert verdict(ours, theirs) == "same", f"{name}({given}): ours {ours}, real {theirs}"


def _application(name: str, given: dict[str, Any], major: int) -> Any:
    api.load("keras")
    with under(major):
        model = api.lookup(f"keras.applications.{name}")
        assert model is not None
        try:
            made = model.function(**{k: value(v) for k, v in given.items()})
        except api.Mismatch:
            return REFUSED
        state = model_state(made)
        assert state is not None
        return shape_of(state.outputs)


def test_open_sides_follow_the_data() -> None:
    """A network made with open sides may come out another size than one made for the data."""
    keras = _keras(3)
    numpy = pytest.importorskip("numpy")
    api.load("keras")
    from kshape_lint.libraries.keras.engine import call_layer

    for name in ("MobileNetV2", "EfficientNetB0"):
        real_model = getattr(keras.applications, name)(weights=None, include_top=False)
        theirs = tuple(real_model(numpy.zeros((1, 75, 96, 3), "float32")).shape)
        with under(3):
            model = api.lookup(f"keras.applications.{name}")
            assert model is not None
            made = model.function(weights=None, include_top=False)
            ours = shape_of(call_layer(made, Array((1, 75, 96, 3), "float32", "numpy")))
        assert ours == theirs, name


def test_the_catalogue_is_what_the_installed_keras_says() -> None:
    _keras(3), _keras(2)
    from kshape_lint.catalogue import read

    for file, text in read.texts(with_applications=False).items():
        assert (read.HERE / file).read_text(encoding="utf-8") == text, f"{file}: run python -m kshape_lint.catalogue"


SMALL = [f"keras.applications.{name}" for name in ("VGG16", "MobileNet", "MobileNetV3Small")]


def test_the_architectures_are_what_the_installed_keras_makes() -> None:
    """A few, to be quick; ``python -m kshape_lint.catalogue --applications --check`` compares them all."""
    _keras(3), _keras(2)
    from kshape_lint.catalogue import inside3, read, read_inside
    from kshape_lint.catalogue.inside import unpacked

    things = {major: {path: read.read_names(major)[1][path] for path in SMALL} for major in (3, 2)}
    for major, made in things.items():
        for path, found in read.read_applications(major, made).items():
            assert found == applications(major)[path]
    shipped = unpacked(inside3.PACKED)
    for path, make in things[3].items():
        assert read_inside.inside(make, 3) == shipped[path]
        assert read_inside.follows(things[2][path], shipped[path], applications(2)[path].default_size) == (path in inside3.ALIKE_IN_KERAS_2)


def test_both_majors_state_the_same_of_their_data_sets() -> None:
    _keras(3), _keras(2)
    from kshape_lint.catalogue import read, read_datasets

    stated = read_datasets.read_datasets(read.read_names(2)[1])
    assert len(stated) >= 7
    for path, of in stated.items():
        assert read_datasets.show_dataset(of) == read_datasets.show_dataset(datasets()[path])


@pytest.mark.parametrize("major", [3, 2])
def test_every_exported_layer_is_in_the_catalogue(major: int) -> None:
    exported = _keras(major).layers
    base = exported.Layer
    known = {path.removeprefix("keras.layers.") for path in facts(major).LAYERS}
    for name in dir(exported):
        thing = getattr(exported, name)
        if isinstance(thing, type) and issubclass(thing, base):
            of = aliases().get(f"keras.layers.{name}", f"keras.layers.{name}").removeprefix("keras.layers.")
            assert of in known, name


@pytest.mark.parametrize("major", [3, 2])
def test_every_application_is_there(major: int) -> None:
    keras = _keras(major)
    functions = {n for n in dir(keras.applications) if callable(getattr(keras.applications, n)) and not n.startswith("_")}
    assert functions == {p.rpartition(".")[2] for p in applications(major)}
