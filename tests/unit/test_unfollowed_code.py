"""Code that is not followed may have done anything with an object that was there: nothing is claimed of what only it could tell."""

from __future__ import annotations

import pytest

from kshape_lint.checker import check

LAYER = """
import keras
from keras import layers
d = layers.Dense(3)
{}
d.kernel
"""


def codes(text: str) -> list[str]:
    return [f.code for f in check(text, strict=True).findings if f.severity == "error"]


@pytest.mark.parametrize(
    ("between", "told"),
    [
        ("pass", ["KSH312"]),
        ("make_weights(d)", []),
        ("trainer = Trainer()\ntrainer.layer = d\ntrainer.fit()", []),
        ("e = layers.Dense(4)\nprint(e)", ["KSH312"]),
        ("d.build((None, 4))", []),
    ],
)
def test_a_layer_may_be_built_by_code_that_is_not_followed(between: str, told: list[str]) -> None:
    assert codes(LAYER.format(between)) == told


@pytest.mark.parametrize(("shape", "told"), [("shape_of_data()", []), ("(None, 4)", [])])
def test_a_model_may_be_built_from_a_shape_that_is_not_known(shape: str, told: list[str]) -> None:
    text = f"import keras\nm = keras.Sequential([keras.layers.Dense(3)])\nm.build({shape})\nm.load_weights('w.weights.h5')\n"
    assert codes(text) == told


def test_a_model_that_is_not_built_takes_no_weights() -> None:
    assert codes("import keras\nm = keras.Sequential([keras.layers.Dense(3)])\nm.load_weights('w.weights.h5')\n") == ["KSH312"]


FILLED = """
import numpy as np
class Cache:
    def __init__(self):
        self.values = []
        {}
    def put(self, value):
        self.values.append(value)
class Search:
    def __init__(self):
        self.cache = Cache()
    def best(self):
        values = np.array(self.cache.values)
        return values[np.argsort(values)[0]]
{}
"""


@pytest.mark.parametrize(
    ("begin", "use", "told"),
    [
        ("pass", "", []),
        ("pass", "Search().best()", ["KSH111"]),
        ("self.values.append(1.0)", "", []),
    ],
)
def test_lists_that_methods_are_to_fill_are_not_taken_for_empty(begin: str, use: str, told: list[str]) -> None:
    assert codes(FILLED.format(begin, use)) == told


CLEARED = """
import numpy as np
class Boosting:
    def start(self):
        self.trees = np.empty((self.n, 3))
        if self.part < 1:
            self.scores = np.zeros(self.n)
    def clear(self):
        self.trees = np.empty((0, 0))
    def first(self):
        return self.trees[0]
"""


def test_an_array_of_another_shape_by_another_method_counts_under_open_conditions_too() -> None:
    assert codes(CLEARED) == []


def test_parameters_set_later_count() -> None:
    text = """
import numpy as np
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.pipeline import FeatureUnion
x = np.random.rand(20, 6)
both = FeatureUnion([("a", PCA(n_components=2)), ("b", TruncatedSVD(n_components=1))])
assert both.fit_transform(x).shape == (20, 3)
both.set_params(a__n_components=4)
assert both.fit_transform(x).shape == (20, 5)
one = PCA(n_components=2)
one.set_params(n_components=4)
reveal_shape(one.fit_transform(x))
assert one.fit_transform(x).shape == (20, 2)
"""
    found = check(text, strict=True).findings
    assert [(f.code, f.shape) for f in found] == [("KSH900", [20, 4]), ("KSH119", None)]


HANDED = """
import threading
import numpy as np
import tool
class Collector:
    def __init__(self):
        self.items = items
        self.rows = np.array([])
    def take(self, x):
        self.items.append(x)
def collect():
    items = []
    collector = Collector()
    def hook(x):
        items.append(x)
    {}
    np.swapaxes(np.array(items), 0, 1)
items = []
collect()
"""


@pytest.mark.parametrize(
    ("handed", "told"),
    [
        ("pass", ["KSH104"]),
        ("tool.register('hook')", ["KSH104"]),
        ("tool.register(lambda: 1)", ["KSH104"]),
        ("tool.register(hook)", []),
        ("tool.register(when={'end': [hook]})", []),
        ("tool.register(lambda x: items.append(x))", []),
        ("tool.register((items, 3))", []),
        ("threading.Thread(target=hook).start()", []),
        ("threading.Thread(target=print, args=(items,)).start()", []),
        ("tool.Runner().hook = hook", []),
        ("tool.hooks['end'] = hook", []),
        ("tool.event(hook)", []),
        ("@tool.event\n    def take(x):\n        items.append(x)", []),
        ("class Take(tool.Hook):\n        def end(self, x):\n            items.append(x)\n    tool.register(Take())", []),
    ],
)
def test_code_that_is_handed_a_function_may_call_it(handed: str, told: list[str]) -> None:
    assert codes(HANDED.format(handed)) == told


@pytest.mark.parametrize(
    ("handed", "read", "told"),
    [
        ("pass", "np.array(items)", ["KSH104"]),
        ("tool.run(collector)", "np.array(items)", []),
        ("tool.run(collector.take)", "np.array(items)", []),
        ("pass", "collector.rows", ["KSH104"]),
        ("tool.run([collector])", "collector.rows", []),
    ],
)
def test_code_that_is_handed_an_object_may_fill_it(handed: str, read: str, told: list[str]) -> None:
    text = HANDED.partition("def collect")[0].replace("class", "items = []\nclass", 1)
    assert codes(f"{text}collector = Collector()\n{handed}\nnp.swapaxes({read}, 0, 1)\n") == told


@pytest.mark.parametrize(("declared", "told"), [("pass", ["KSH101"]), ("nonlocal x", []), ("nonlocal y", ["KSH101"])])
def test_code_that_is_handed_a_function_may_bind_names_through_it(declared: str, told: list[str]) -> None:
    text = """
import numpy as np
import tool
def run():
    x, y = np.zeros((3, 4)), 1
    def hook(new):
        {}
        x = new
    tool.register(hook)
    return x.reshape(5)
run()
"""
    assert codes(text.format(declared)) == told


@pytest.mark.parametrize(("made", "told"), [("np.array([])", []), ("None", []), ("np.zeros(3)", ["KSH109"])])
def test_arrays_that_begin_empty_are_there_to_be_filled(made: str, told: list[str]) -> None:
    text = f"""
import numpy as np
class Window:
    def __init__(self):
        self.seen = {made}
    def last(self):
        return self.seen[-1, :]
    def all(self, x):
        if (self.seen is not None) & (x is not None):
            return np.concatenate((np.zeros((2, 5)), self.seen))
"""
    assert codes(text)[:1] == told


@pytest.mark.parametrize(
    ("imports", "told"),
    [
        ("import numpy as np", ["KSH108"]),
        ("import numpy as np, torch", []),
        ("import numpy as np\nfrom torch import nn", []),
        ("import numpy as np\nfrom tool import lazily\ntorch = lazily('torch.nn')", []),
        ("import numpy as np, importlib\ntorch = importlib.import_module('torch')", []),
    ],
)
def test_a_value_with_a_rank_may_be_another_librarys(imports: str, told: list[str]) -> None:
    assert codes(f"{imports}\ndef solve(b):\n    assert len(b.shape) == 3\n    return np.array(b.transpose(-1, -2))\n") == told


SUPPOSED = """
import numpy as np
def scores(parts, known):
    rows = []
    for p in parts:
        rows.append(p)
    if len(rows) > 0:
        return np.hstack(rows)
    else:
        return {}
def check(parts):
    found = scores(parts, True)
    if found[0] > 1:
        print(1)
    elif found[{}] > 2:
        print(2)
"""


@pytest.mark.parametrize(("empty", "index", "told"), [("np.array([])", 1, []), ("np.zeros(1)", 1, ["KSH111"]), ("np.zeros(2)", 1, [])])
def test_where_a_condition_fails_under_one_answer_nothing_after_it_is_judged(empty: str, index: int, told: list[str]) -> None:
    assert codes(SUPPOSED.format(empty, index)) == told


@pytest.mark.parametrize(
    ("when", "told"), [("c == 1", []), ("1 < c", ["KSH110"]), ("c > 1", ["KSH110"]), ("not c > 1", []), ("t == 1", [])]
)
def test_an_axis_that_the_program_finds_to_be_1_is_squeezed(when: str, told: list[str]) -> None:
    text = f"""
import numpy as np
def transform(x):
    _, c, t = x.shape
    x = x.astype("float32")
    if {when}:
        n, t = x.squeeze().shape
"""
    assert codes(text) == told


@pytest.mark.parametrize(
    ("body", "told"), [("pass", []), ("'''To be replaced.'''", []), ("self.n = 1", ["KSH106"]), ("return 1.0", ["KSH106"])]
)
def test_a_method_that_does_nothing_is_there_to_be_replaced(body: str, told: list[str]) -> None:
    text = f"""
import numpy as np
class Detector:
    def forward(self, batch):
        {body}
    def scores(self, loader):
        return np.concatenate([self.forward(b) for b in (1, 2)])
"""
    assert codes(text) == told


@pytest.mark.parametrize(("empty", "told"), [("None", []), ("np.zeros(())", ["KSH104"])])
def test_nothing_is_judged_of_what_is_asked_of_none(empty: str, told: list[str]) -> None:
    text = f"""
import numpy as np
def found(targets):
    if targets is None:
        return {empty}
    return targets
def column(targets):
    targets = found(targets)
    return targets if len(targets.shape) > 1 else np.expand_dims(targets, 1)
"""
    assert codes(text) == told
