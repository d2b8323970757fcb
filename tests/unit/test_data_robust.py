"""No model of a table, an estimator, an image or Python's own library may fail on a value it does not expect."""

from __future__ import annotations

import contextlib
import inspect
import random

import pytest

from kshape_lint.interpreter.frames import PyRaise
from kshape_lint.interpreter.run import Run
from kshape_lint.interpreter.values import (
    OTHERS,
    UNKNOWN,
    Array,
    Builtin,
    DictObj,
    LibObj,
    Library,
    ListObj,
    Lost,
    Real,
    Seq,
    SetObj,
    Value,
)
from kshape_lint.interpreter.world import Split
from kshape_lint.libraries import api
from kshape_lint.shapes import UNKNOWN_DIM, symbol

for _root in ("pandas", "sklearn", "cv2", "os"):
    api.load(_root)

from kshape_lint.libraries.images.pillow import image  # noqa: E402
from kshape_lint.libraries.pandas.state import Column, FrameState, frame, series  # noqa: E402

ROOTS = (
    "pandas",
    "sklearn",
    "cv2",
    "PIL",
    "skimage",
    "scipy",
    "matplotlib",
    "imageio",
    "os",
    "sys",
    "glob",
    "math",
    "random",
    "time",
    "csv",
)
MORE = ("collections", "itertools", "functools", "operator", "copy", "argparse", "tqdm", "fnmatch")
PATHS = sorted(path for path in api._models if path.partition(".")[0] in ROOTS + MORE)
n = symbol("n")


class Host(Run):
    """A run in which calls of the program's functions answer nothing."""

    def call(self, callee: Value, args: object, kwargs: object) -> Value:
        return UNKNOWN


def odd() -> list[Value]:
    """Values of every kind, made anew: some change when they are used."""
    return [
        *(
            UNKNOWN,
            None,
            True,
            0,
            1,
            -1,
            2.5,
            "text",
            "a",
            b"bytes",
            ...,
            n,
            Real("k", "0.5*n"),
            (),
            (2, n),
            (UNKNOWN, 3),
            (1, (2, 3)),
            range(3),
        ),
        *(slice(None), slice(None, n, UNKNOWN), slice(0, 2), slice("a", None), (slice(None), 0), (slice(None), slice(1, -1)), (0, "a")),
        *(
            Array(None),
            Array((), "float64"),
            Array((3,), "int64", data=(0, 1, 2)),
            Array((n, 4), "float32"),
            Array((n,), "bool"),
            Array((0,)),
        ),
        *(
            Array((UNKNOWN_DIM, None, 2)),
            Array((2, 3), "float32", "tensor"),
            Array((2, 3, 1), "uint8"),
            Array((2,), "str", data=("a", "b")),
        ),
        *(ListObj(Seq(())), ListObj(Seq((1, 2, UNKNOWN))), ListObj(Seq(("a", "b"))), ListObj(Seq(None, UNKNOWN, UNKNOWN_DIM))),
        *(ListObj(Seq((ListObj(Seq((1, 2))), ListObj(Seq((3,)))))), ListObj(Seq((DictObj({"a": 1}),))), SetObj(Seq(("a",)))),
        *(
            DictObj({}),
            DictObj({"a": ListObj(Seq((1, 2)))}),
            DictObj({OTHERS: UNKNOWN}),
            LibObj("somewhere.Thing"),
            Library("builtins.int"),
        ),
        *(frame(n, symbol("w")), frame(3, columns=[Column("a", "int64", (0, 2), (0, 1, 2)), Column("b")]), frame(UNKNOWN_DIM, UNKNOWN_DIM)),
        *(
            LibObj("pandas.DataFrame", FrameState()),
            series(Array((n,))),
            series(Array((3,), "str", data=("a", "b", "c")), "a"),
            series(Array((2,), "bool")),
        ),
        *(LibObj("pandas.Index", None), image(n, 3, "RGB"), image(UNKNOWN_DIM, UNKNOWN_DIM, None), Builtin("f", lambda *a, **k: UNKNOWN)),
    ]


def receivers(path: str, values: list[Value]) -> list[Value]:
    """Return what the method at `path` may be called on: objects of its class, fitted and unfitted."""
    cls = path.rpartition(".")[0]
    own = [v for v in values if isinstance(v, LibObj) and cls in api.mro(v.type_path)]
    if own:
        return own
    makers = [p for p in PATHS if cls in api.mro(p)]
    made = []
    for maker in makers[:6]:
        model = api.lookup(maker)
        try:
            assert model is not None
            made.append(model.function())
        except TypeError:
            continue
    return [m for m in made if isinstance(m, LibObj)] or [LibObj(cls, (v,)) for v in values if isinstance(v, LibObj)]


@pytest.mark.parametrize("path", PATHS)
def test_answers_whatever_it_is_given(path: str) -> None:
    chance = random.Random(path)
    model = api.lookup(path)
    assert model is not None
    parameters = list(inspect.signature(model.function).parameters.values())
    plain = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    named = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    more = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    is_method = bool(plain) and plain[0].name == "self"
    host = Host("test.py")
    api._host.append(host)
    try:
        for _ in range(30):
            values = odd()
            args: list[Value] = []
            if is_method:
                found = receivers(path, values)
                if not found:
                    return
                args.append(chance.choice(found))
            required = [p for p in plain[is_method:] if p.default is p.empty]
            count = chance.randint(len(required), len(plain) - is_method)
            args += [_fitting(p.name, values, chance) for p in plain[is_method:][:count]]
            if more and count == len(plain) - is_method:
                args += [chance.choice(values) for _ in range(chance.randint(0, 2))]
            kwargs = {p.name: chance.choice(values) for p in named if p.default is p.empty or chance.random() < 0.3}
            if ".<" in path.rpartition(".")[0].rpartition(".")[0] or path.endswith((".<numpy>", ".<take>")):
                continue
            with contextlib.suppress(api.Mismatch, api.Raises, PyRaise, Split, Lost):
                model.function(*args, **kwargs)
    finally:
        api._host.pop()


def _fitting(name: str, values: list[Value], chance: random.Random) -> Value:
    return "a" if name in ("name", "key") and chance.random() < 0.5 else chance.choice(values)
