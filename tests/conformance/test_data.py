"""Tables, estimators and images: what is inferred of an expression is what the real library gives, and what is refused is refused there.

Each block of ``data_cases.txt`` has a preamble, and one expression or statement a line; ``! `` marks those that are refused.
"""

from __future__ import annotations

import ast
import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pytest

from kshape_lint.checker import check

TEXT = (Path(__file__).parent / "data_cases.txt").read_text(encoding="utf-8")
BLOCKS = {block.partition("\n")[0]: block.partition("\n")[2] for block in TEXT.split("=== ")[1:]}
NEEDS = {
    **dict.fromkeys(("tables", "arrays of tables"), ("pandas",)),
    **dict.fromkeys(("estimators", "estimators and scores"), ("sklearn", "pandas")),
    "images": ("cv2", "PIL"),
}
pytestmark = pytest.mark.conformance


def parts(block: str) -> tuple[str, list[str]]:
    preamble, _, cases = BLOCKS[block].partition("---\n")
    return preamble, [line for line in cases.splitlines() if line]


CASES = [(block, case) for block in BLOCKS for case in parts(block)[1]]


def split(case: str) -> tuple[str, str, bool]:
    """Return what comes before, what is asked about, and whether that is an expression."""
    *before, last = ast.parse(case).body
    text = ast.unparse(last)
    return "\n".join(ast.unparse(b) for b in before), text, isinstance(last, ast.Expr)


def shape_of(value: Any) -> Any:
    if isinstance(value, (tuple, list)) and not (value and all(isinstance(v, (int, float, str)) for v in value)):
        return [shape_of(v) for v in value]
    shape = getattr(value, "shape", None)
    return tuple(shape) if isinstance(shape, tuple) else None


def agrees(inferred: Any, real: Any) -> bool:
    if inferred is None or real is None:
        return True
    if isinstance(real, list):
        return not isinstance(inferred, list) or (len(inferred) == len(real) and all(agrees(a, b) for a, b in zip(inferred, real)))
    return len(inferred) == len(real) and all(not isinstance(a, int) or a == b for a, b in zip(inferred, real))


@pytest.fixture(scope="module", autouse=True)
def pictures(tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch) -> None:
    """Images for the cases to read."""
    monkeypatch_module.chdir(tmp_path_factory.mktemp("pictures"))
    if importlib.util.find_spec("PIL") is not None:
        from PIL import Image

        for name, mode in (("colour.png", "RGB"), ("grey.png", "L"), ("clear.png", "RGBA")):
            Image.new(mode, (30, 20)).save(name)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.parametrize(("block", "case"), CASES, ids=[case for _, case in CASES])
def test_is_what_the_library_does(block: str, case: str) -> None:
    if any(importlib.util.find_spec(name) is None for name in NEEDS[block]):
        pytest.skip("not installed")
    refused = case.startswith("! ")
    case = case.removeprefix("! ")
    preamble, _ = parts(block)
    before, last, is_expression = split(case)
    names: dict[str, Any] = {}
    raised = real = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Some estimators start from random numbers, and a bad draw ends in NaN.
        exec("import numpy; numpy.random.seed(0)", {})
        exec(preamble, names)
        try:
            exec(before, names)
            if is_expression:
                real = shape_of(eval(last, names))
            else:
                exec(last, names)
                real = shape_of(names["df"])
        except Exception as error:
            raised = error
    asked = f"reveal_shape({last})" if is_expression else f"{last}\nreveal_shape(df)"
    findings = check(f"{preamble}\n{before}\n{asked}\n", strict=True).findings
    errors = [f for f in findings if f.severity == "error"]
    assert bool(errors) == refused, [f.message for f in errors]
    if errors:
        assert raised is not None
        return
    assert raised is None, raised
    (revealed,) = [f.shape for f in findings if f.code == "KSH900"]
    assert agrees(revealed, real), (revealed, real)
    assert revealed is not None or real is None
