"""Every file that is installed goes through without an exception, in time in proportion to its parse, and without an alarm.

A sample is run, and always those files that once gave trouble. ``KSHAPE_ROBUSTNESS`` draws another sample (it is the seed), or is ``all``.
"""

from __future__ import annotations

import ast
import os
import random
import site
import sysconfig
import time
import warnings
from pathlib import Path

import pytest

from kshape_lint.faces.majors import inferred
from kshape_lint.syntax.parse import Unparsable, parse

pytestmark = pytest.mark.robustness

TIMES_ITS_PARSE = 20
SECONDS_AT_LEAST = 0.3
SEED = os.environ.get("KSHAPE_ROBUSTNESS", "0")
SAMPLE = 60
SLICES = 8
STANDARD = Path(sysconfig.get_path("stdlib"))
PACKAGES = [Path(p) for p in site.getsitepackages()]

TROUBLE = [
    *("_pydecimal.py", "dataclasses.py", "doctest.py", "http/client.py", "logging/config.py", "multiprocessing/connection.py", "pickle.py"),
    *("posixpath.py", "pty.py", "random.py", "runpy.py", "test/test_math.py", "test/test_sys_settrace.py", "turtle.py", "typing.py"),
    *("jinja2/runtime.py", "scipy/optimize/_shgo.py", "numpy/lib/tests/test_regression.py", "libcst/_nodes/deep_equals.py"),
    *("pandas/tests/frame/indexing/test_setitem.py", "keras/src/models/functional.py", "keras/src/layers/layer.py"),
    *("pandas/core/strings/accessor.py", "absl/flags/_helpers.py", "mypyc/irbuild/util.py"),
    *("tensorflow/python/framework/ops.py", "tensorflow/python/keras/engine/training.py", "tensorflow/python/ops/array_ops.py"),
]
WRONG_ON_PURPOSE = ("numpy/_core/tests/test_indexing.py",)
"""Files that break things to see them break, and find out in ways of their own that they will."""


def standard() -> list[Path]:
    return sorted(p for p in STANDARD.rglob("*.py") if "site-packages" not in p.parts)


def installed() -> list[Path]:
    return sorted(p for top in PACKAGES for p in top.rglob("*.py"))


def chosen() -> list[Path]:
    found = [top / name for top in (STANDARD, *PACKAGES) for name in TROUBLE if (top / name).is_file()]
    both = (standard(), installed())
    if SEED == "all":
        return [*both[0], *both[1]]
    draw = random.Random(SEED)
    for files in both:
        found += draw.sample(files, min(SAMPLE * SLICES // 2, len(files)))
    return found


FILES = chosen()


def readable(path: Path) -> str | None:
    try:
        text = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return text


@pytest.mark.parametrize("part", range(SLICES))
def test_installed_files(part, in_time):
    in_time("import numpy, keras, tensorflow, pandas, sklearn, cv2, PIL\n")
    troubles = []
    for path in FILES[part::SLICES]:
        text = readable(path)
        if text is None:
            continue
        try:
            before = time.process_time()
            parse(text)
            parsed = time.process_time()
        except Unparsable:
            continue
        limit = max(TIMES_ITS_PARSE * (parsed - before), SECONDS_AT_LEAST)
        try:
            result = in_time(text, str(path), keras=inferred(text)[0], seconds=10 * limit + 5)
        except BaseException as fault:
            troubles.append(f"{path}: {type(fault).__name__}: {fault}")
            continue
        took = time.process_time() - parsed
        if took > limit:
            # Once more, for the machine may have been busy.
            again = time.process_time()
            in_time(text, str(path), keras=inferred(text)[0], seconds=10 * limit + 5)
            took = time.process_time() - again
        if took > limit:
            troubles.append(f"{path}: {took:.2f} s, {took / (parsed - before):.0f} times its parse")
        if not path.as_posix().endswith(WRONG_ON_PURPOSE):
            troubles += [f"{path}:{f.place.row}: {f.code} {f.message}" for f in result.findings if f.severity == "error"]
    assert not troubles, "\n".join(troubles)
