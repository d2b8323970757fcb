"""The way from text to the small program: parsed once, walked once, places counted only when asked."""

from __future__ import annotations

import re
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from kshape_lint.syntax.lower import lower
from kshape_lint.syntax.parse import LONGEST_CHAIN, Unparsable, lines_to_run, parse
from kshape_lint.syntax.places import places

ROOT = Path(__file__).parents[2]
POINTED_AT = (cst.Call, cst.BinaryOperation, cst.Name, cst.Subscript, cst.Attribute, cst.Comparison, cst.Arg, cst.Assign)


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures").rglob("*.py"))[::6], ids=lambda p: p.name)
def test_places_are_those_of_libcst(path):
    module = parse(path.read_text(encoding="utf-8"))
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    nodes = [node for node in positions if isinstance(node, POINTED_AT)]
    found = places(module, nodes)
    for node in nodes:
        p, r = found[id(node)], positions[node]
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and p.row > r.start.line:
            assert (p.row, p.column) == (positions[node.func.attr].start.line, positions[node.func.attr].start.column + 1)
            continue
        assert (p.row, p.column, p.end_row, p.end_column) == (r.start.line, r.start.column + 1, r.end.line, r.end.column + 1)


def test_a_method_has_its_place_where_a_traceback_has_it():
    module = parse("y = (\n    x\n    .first(1)\n    .second(\n        2)\n    .third(*rest)\n)\nx.fourth(\n    3)\n")
    calls = [node for node in MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider) if isinstance(node, cst.Call)]
    found = places(module, calls)
    starts = {call.func.attr.value: (found[id(call)].row, found[id(call)].column) for call in calls}
    assert starts == {"first": (3, 6), "second": (4, 6), "third": (2, 5), "fourth": (8, 1)}


def test_nothing_slow_of_libcst_is_on_the_way():
    slow = re.compile(r"libcst\.metadata|libcst\.matchers|\.visit\(|\.children\b|CSTVisitor|CSTTransformer|MetadataWrapper")
    users = [p for p in (ROOT / "kshape_lint").rglob("*.py") if slow.search(p.read_text(encoding="utf-8"))]
    assert users == []


def test_only_syntax_knows_libcst():
    allowed = {"syntax", "telling.py", "sources.py"}
    knowing = [
        p.relative_to(ROOT / "kshape_lint")
        for p in (ROOT / "kshape_lint").rglob("*.py")
        if re.search(r"^\s*(?:import|from) libcst", p.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [p for p in knowing if not allowed & set(p.parts)] == []


@pytest.mark.parametrize(
    "text",
    ["(" * 1000 + "1" + ")" * 1000, "x = " + "-" * 1500 + "1", "x = a" + ".b" * 1500, "x = " + " + ".join("a" * 1500), "f" + "()" * 1000],
)
def test_deep_nesting_is_lowered_as_far_as_anyone_looks(text):
    assert len(lower(parse(text))) == 1


@pytest.mark.parametrize(
    "text", ["x = " + " + ".join("a" * 2 * LONGEST_CHAIN), "[" * 20_000 + "]" * 20_000, "x = 1\0", "def f(:\n", "if x:\npass\n"]
)
def test_what_no_parser_survives_is_refused(text):
    with pytest.raises(Unparsable):
        parse(text)


def test_what_is_no_code_counts_for_no_more_lines_than_the_code():
    assert lines_to_run('"""Text\n\nof several lines.\n"""\n# a comment\n\nx = 1\ny = f(\n    x,  # one\n)\n') == 8
    assert lines_to_run("x = 1\ny = 2\n") == 3
    assert lines_to_run("") == 0
