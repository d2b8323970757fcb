"""A script's own modules are followed: what they make is known, what raises in them is told there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kshape_lint import check_source
from kshape_lint.gate import wanted
from kshape_lint.project import locate

NET = """\
import keras
from keras import layers

from .sizes import CHANNELS


def build(size):
    model = keras.Sequential([keras.Input((size, size, CHANNELS)), layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    return model
"""
SIZES = """\
import numpy as np

import settings

CHANNELS = 2


def images():
    return np.zeros((settings.COUNT, 8, 8, CHANNELS))


def halves(x):
    return x.reshape(2, 7)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "vision"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "net.py").write_text(NET)
    (package / "sizes.py").write_text(SIZES)
    (tmp_path / "settings.py").write_text("COUNT = 6\n")
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def findings(project: Path, text: str, name: str = "train.py"):
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return [(Path(f.filename).name, f.place.row, f.code, None if f.via is None else f.via.row) for f in check_source(text, str(path))], path


def test_functions_and_constants_of_modules_are_known(project):
    text = """\
from vision import sizes
from vision.net import build

model = build(8)
reveal_shape(model(sizes.images()))
reveal_shape(sizes.images())
"""
    path = project / "train.py"
    path.write_text(text)
    assert [f.shape for f in check_source(text, str(path))] == [[6, 3], [6, 8, 8, 2]]


def test_what_raises_in_a_module_is_told_there_and_where_the_script_leads_to_it(project):
    found, path = findings(project, "import vision.sizes as s\nimport numpy\nx = s.images()\ny = s.halves(x)\n")
    assert found == [("sizes.py", 13, "KSH101", 4)]
    assert not wanted("import vision.sizes as s\ns.f()\n", str(path))


def test_the_trail_leads_into_the_module(project):
    text = "from vision.net import build\nfrom vision.sizes import *\n\nbuild(8).fit(images(), images())\n"
    path = project / "train.py"
    path.write_text(text)
    assert wanted(text, str(path))
    (finding,) = check_source(text, str(path))
    assert (finding.code, finding.place.row) == ("KSH306", 4)
    assert {Path(step.filename).name for step in finding.trail} == {"sizes.py"}


def test_a_module_that_only_trains_is_of_interest(project):
    path = project / "train.py"
    path.write_text("")
    assert wanted("from vision.net import build\nbuild(8).fit(1, 2)\n", str(path))
    assert not wanted("from settings import build\nbuild(8).fit(1, 2)\n", str(path))
    assert wanted("from vision.net import build\nmodel = build(8)\n", str(path))
    assert not wanted("from vision.net import build\ndef later():\n    build(8).run(1, 2)\n", str(path))
    assert not wanted("from settings import build\nbuild(8)\n", str(path))
    (project / "step.py").write_text("from vision import net\n")
    assert wanted("import step\nif __name__ == '__main__':\n    step.net.build(8).run(1, 2)\n", str(path))
    assert wanted("import step\nstep.net.build(8).run(1, 2)\n", str(path))
    assert not wanted("import step\nprint(step)\n", str(path))


def test_packages_hand_on_names_and_modules(project):
    (project / "vision" / "__init__.py").write_text(
        "from . import sizes\nfrom .net import build\nfrom .deep import *\n\n__all__ = ['build', 'sizes', 'WIDTH']\n"
    )
    deep = project / "vision" / "deep"
    deep.mkdir()
    (deep / "__init__.py").write_text("from ._width import WIDTH, HIDDEN\n\n__all__ = ['WIDTH']\n")
    (deep / "_width.py").write_text("from ..sizes import CHANNELS as WIDTH\nHIDDEN = 3\n")
    text = """\
import numpy as np
from vision import *
from vision import HIDDEN
import vision

reveal_shape(build(8)(sizes.images()))
reveal_shape(vision.sizes.images())
reveal_shape(np.zeros((WIDTH, vision.deep.HIDDEN)))
reveal_shape(np.zeros(HIDDEN))
"""
    path = project / "train.py"
    path.write_text(text)
    assert [f.shape for f in check_source(text, str(path))] == [[6, 3], [6, 8, 8, 2], [2, 3], None]


def test_names_imported_in_a_circle_end(project):
    (project / "a.py").write_text("from b import value\n")
    (project / "b.py").write_text("from a import value\n")
    text = "import numpy as np\nfrom a import value\nreveal_shape(np.zeros((value, 2)))\n"
    path = project / "train.py"
    path.write_text(text)
    ((length, two),) = [f.shape for f in check_source(text, str(path))]
    assert isinstance(length, str) and two == 2


def test_modules_are_found_from_folders_of_scripts(project):
    found, _ = findings(project, "import numpy\nfrom vision.sizes import images, halves\nhalves(images())\n", "scripts/run.py")
    assert found == [("sizes.py", 13, "KSH101", 3)]


def test_circles_end(project):
    (project / "a.py").write_text("import numpy as np\nfrom b import g\n\ndef f():\n    return np.zeros((g(), 2))\n")
    (project / "b.py").write_text("import a\n\ndef g():\n    return 5\n\ndef h():\n    return a.f()\n")
    text = "import numpy\nfrom b import h\nreveal_shape(h())\n"
    path = project / "train.py"
    path.write_text(text)
    assert [f.shape for f in check_source(text, str(path))] == [[5, 2]]


def test_installed_packages_are_not_followed(tmp_path):
    installed = tmp_path / "site-packages"
    installed.mkdir()
    (installed / "other.py").write_text("X = 3\n")
    assert locate("other", 0, str(installed / "main.py")) is None


def test_text_from_nowhere_follows_nothing(project):
    assert check_source("import numpy as np\nfrom settings import COUNT\nreveal_shape(np.zeros((COUNT, 2)))\n", "<stdin>")[0].shape != [
        6,
        2,
    ]


@pytest.mark.parametrize("content", ["def f(:\n", "\0", "import numpy\nx = 1 / 0\n", "\xff\xfe"])
def test_a_module_that_is_no_python_is_unknown(project, content):
    (project / "odd.py").write_text(content, encoding="latin-1")
    text = "import numpy as np\nfrom odd import f\nreveal_shape(f(np.zeros(3)))\n"
    path = project / "train.py"
    path.write_text(text)
    assert [f.shape for f in check_source(text, str(path))] == [None]
