"""What the rules advise."""

from __future__ import annotations

from kshape_lint.rules.contract import InputSize, LabelsSize
from kshape_lint.shapes import symbol


def test_axes_in_another_order() -> None:
    advice = InputSize((50, 5, 10), (None, 10, 5)).help()
    assert advice == "the axes stand in another order: transpose the data by (0, 2, 1), or declare the input as (5, 10)"
    assert InputSize((9, 3, 8, 6), (None, 8, 6, 3)).help() is not None
    assert InputSize((9, 3, 8, 8), (None, 8, 8, 3)).help() is None
    assert InputSize((9, 5), (None, 6)).help() is None
    assert InputSize((9, 5, 6), (None, None, 5)).help() is None


def test_one_unit_for_one_hot_labels() -> None:
    assert "class_mode='binary'" in (LabelsSize("binary_crossentropy", (None, symbol("classes")), (None, 1)).help() or "")
    assert LabelsSize("binary_crossentropy", (8, 2), (None, 1)).help() == "the last layer needs 2 units for these labels"
    assert LabelsSize("mse", (None, symbol("k")), (None, 1)).help() is None
