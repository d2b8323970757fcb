"""Lengths that the script does not tell: what NumPy's models make of them."""

from __future__ import annotations

from typing import Any

import pytest

from kshape_lint.interpreter.values import Array, Origin, Unknown
from kshape_lint.libraries import api
from kshape_lint.libraries.numpy.operators import in_place
from kshape_lint.shapes import UNKNOWN_DIM, derived, same, symbol
from kshape_lint.syntax.nodes import Attr, Name

from .numpy_host import FakeHost, arr, binary, compare, lst, method, np_call, refused, running, unary

n = symbol("n")
m = symbol("m")


@pytest.fixture(autouse=True)
def host() -> Any:
    with running() as h:
        yield h


def item(a: Array, *index: Any) -> Array:
    return method("__getitem__", a, index if len(index) != 1 else index[0])


def test_slices_keep_what_is_certain() -> None:
    x = arr(n, 4)
    assert item(x, slice(None, -5)).shape == (n - 5, 4)
    assert item(x, slice(5, None)).shape == (n - 5, 4)
    assert item(x, slice(-5, None)).shape == (5, 4)
    assert repr(item(x, slice(None, 1000)).shape[0]) == "min(n, 1000)"
    assert item(x, slice(None, None, -1)).shape == (n, 4)
    assert repr(item(x, slice(None, None, 2)).shape[0]) == "(n + 1)//2"


def test_a_part_and_the_rest_are_the_whole() -> None:
    k = derived("part", "int(0.8*n)", high=((1, n),))
    x = arr(n, 4)
    train, test = item(x, slice(None, k)), item(x, slice(k, None))
    assert train.shape == (k, 4)
    assert test.shape == (n - k, 4)
    assert np_call("concatenate", lst(train, test)).shape == (n, 4)


def test_clamped_slices_of_equal_lengths_are_equal() -> None:
    x, y = arr(n, 4), arr(n)
    assert item(x, slice(None, 1000)).shape[0] == item(y, slice(None, 1000)).shape[0]
    i = symbol("i", 0)
    assert item(x, slice(i, i + 32)).shape[0] == item(y, slice(i, i + 32)).shape[0]


def test_one_mask_picks_as_many_of_each_array() -> None:
    x, y = arr(n, 4), arr(n, dtype="int64")
    mask = compare("==", y, 3)
    k = item(x, mask).shape[0]
    assert item(y, mask).shape == (k,)
    assert item(x, unary("~", mask)).shape == (n - k, 4)
    assert np_call("sum", mask).data == (k,)
    assert np_call("where", mask)[0].shape == (k,)
    other = compare("==", y, 4)
    assert same(item(x, other).shape[0], k) is None


def test_shuffling_keeps_lengths() -> None:
    x = arr(n, 4)
    p = np_call("random.permutation", n)
    assert item(x, p).shape == (n, 4)
    assert item(x, np_call("argsort", item(x, slice(None), 0))).shape == (n, 4)


def test_reshape_with_symbols() -> None:
    x = arr(n, 28, 28)
    assert method("reshape", x, -1, 784).shape == (n, 784)
    assert method("reshape", x, n, 784).shape == (n, 784)
    assert method("reshape", x, n, -1).shape == (n, 784)
    assert method("reshape", x, (n, 28, 28, 1)).shape == (n, 28, 28, 1)
    assert refused(method, "reshape", x, n, 28, 28, 3) == "KSH101"
    assert refused(method, "reshape", arr(n * 2 + 1), -1, 2) == "KSH102"


def test_lucky_reshape_is_warned_of(host: FakeHost) -> None:
    method("reshape", arr(n, 785), -1, 28, 28)
    assert [w.code for w in host.warnings] == ["KSH404"]


@pytest.mark.parametrize(
    "source, target", [((n,), (-1, 28, 28)), ((n, 3), (-1, 6)), ((n, 6), (-1, 3)), ((n, 784), (-1, 28, 28)), ((n, 10), (n, 10, 1))]
)
def test_regrouping_is_not_warned_of(host: FakeHost, source: Any, target: Any) -> None:
    method("reshape", arr(*source), *target)
    assert host.warnings == []


def predicted(*shape: Any) -> Array:
    return Array(shape, "float32").with_origin(Origin(None, Attr(None, Name(None, "model"), "predict"), shape))


def test_labels_against_predictions_are_warned_of(host: FakeHost) -> None:
    assert binary("-", arr(n), predicted(n, 1)).shape == (n, n)
    assert compare("==", predicted(100, 1), arr(100)).shape == (100, 100)
    assert binary("+", arr(n), predicted(n, 1)).shape == (n, n)
    assert [w.code for w in host.warnings] == ["KSH405", "KSH405", "KSH405"]


def test_rows_against_columns_are_not_warned_of(host: FakeHost) -> None:
    binary("-", arr(n), arr(n, 1))
    binary("-", arr(1), predicted(1, 1))
    binary("-", arr(m), predicted(n, 1))
    binary("-", arr(n, 1), predicted(n, 1))
    assert host.warnings == []


def test_broadcasting_symbols() -> None:
    assert binary("+", arr(n, 4), arr(4)).shape == (n, 4)
    assert binary("+", arr(n, 4), arr(n, 1)).shape == (n, 4)
    assert binary("+", arr(n), 1).shape == (n,)
    assert refused(binary, "+", arr(n + 1), arr(n + 2)) == "KSH105"
    assert binary("+", arr(n), arr(m)).rank == 1
    assert binary("*", arr(n), arr(5)).shape == (5,)


def test_nothing_is_claimed_of_the_unknown() -> None:
    unknown = Array(None)
    assert binary("+", unknown, arr(3)).shape is None
    assert method("reshape", unknown, -1, 4).shape == (UNKNOWN_DIM, 4)
    assert np_call("concatenate", lst(unknown, arr(3, 4)), axis=1).shape == (3, UNKNOWN_DIM)
    assert isinstance(binary("+", arr(3), Unknown()), Unknown)
    assert np_call("mean", unknown).shape == ()
    assert np_call("mean", unknown, axis=0).shape is None


def test_the_shape_of_an_unknown_array_is_the_same_each_time() -> None:
    x = Array(None)
    first, again = method("shape", x), method("shape", x)
    assert first == again and isinstance(first, Unknown)
    length = method("__len__", x)
    made = np_call("zeros", (Unknown((first.key, "[]", ("int", 0))), 3))
    assert made.shape == (length, 3)


def test_lists_of_unknown_length() -> None:
    from kshape_lint.interpreter.values import ListObj, Seq

    rows = ListObj(Seq(None, arr(28, 28), n))
    assert np_call("array", rows).shape == (n, 28, 28)
    assert np_call("stack", rows, axis=-1).shape == (28, 28, n)
    assert np_call("concatenate", rows).shape == (28 * n, 28)
    assert np_call("vstack", rows).shape == (28 * n, 28)
    assert np_call("array", ListObj(Seq(None, 3, n))).shape == (n,)
    assert np_call("array", ListObj(Seq(None, Unknown(), n))).shape is None


def test_literal_elements_are_kept() -> None:
    labels = np_call("array", lst(0, 1, 2, 9))
    assert labels.bounds == (0, 9)
    assert np_call("max", labels).data == (9,)
    assert method("reshape", labels, 2, 2).data == (0, 1, 2, 9)
    assert item(labels, slice(1, 3)).data == (1, 2)
    assert np_call("random.randint", 0, 10, 100).bounds == (0, 9)
    assert np_call("random.randint", 0, 10, (n, 2)).bounds == (0, 9)
    assert np_call("prod", (n, 28, 28)).data == (784 * n,)


def test_selections_forget_the_bounds() -> None:
    labels = np_call("random.randint", 0, 10, 100)
    assert item(labels, compare("<", labels, 5)).bounds is None
    assert item(labels, slice(None, 50)).bounds is None
    assert method("reshape", labels, 10, 10).bounds == (0, 9)
    assert method("__setitem__", labels, 0, 3).bounds is None


def test_assignment_must_fit() -> None:
    batch = arr(32, 28, 28)
    assert refused(method, "__setitem__", batch, 0, arr(27, 28)) == "KSH118"
    assert method("__setitem__", batch, 0, arr(28, 28)).shape == (32, 28, 28)
    assert method("__setitem__", batch, 0, arr(1, 28, 28)).shape == (32, 28, 28)
    assert method("__setitem__", arr(n, 3), (slice(None), 0), arr(n)).shape == (n, 3)
    assert refused(method, "__setitem__", arr(n, 3), (slice(None), 3), 0) == "KSH111"


def test_index_out_of_bounds_of_a_symbol() -> None:
    assert refused(method, "__getitem__", arr(n), n) == "KSH111"
    assert item(arr(n), 5).shape == ()
    assert refused(method, "__getitem__", arr(n), -n - 1) == "KSH111"


@pytest.mark.parametrize(
    "kinds, result",
    [(("numpy", "keras"), "keras"), (("keras", "tensor"), "keras"), (("numpy", "tensor"), "tensor"), (("variable", "numpy"), "tensor")],
)
def test_whose_array_comes_of_an_operator(kinds: Any, result: str) -> None:
    a, b = (Array((2, 3), "float32", k) for k in kinds)
    assert binary("+", a, b).kind == result
    assert compare("<", a, b).kind == result
    assert unary("-", b).kind in ("numpy", "tensor", "keras")


def test_tensors_that_differ_are_compared_without_an_error() -> None:
    a, b = Array((2,), "float32", "tensor"), Array((3,), "float32", "tensor")
    assert compare("==", a, b).shape == ()
    assert refused(compare, "<", a, b) == "KSH105"


def test_keras_open_lengths_broadcast() -> None:
    a, b = Array((None, 4), "float32", "keras"), Array((None, 1), "float32", "keras")
    assert binary("*", a, b).shape == (None, 4)


@pytest.mark.parametrize(
    "dtype, scalar, result", [("float32", 2.0, "float32"), ("uint8", 255.0, "float64"), ("int64", 1, "int64"), ("bool", 1, "int64")]
)
def test_plain_numbers_give_way(dtype: str, scalar: Any, result: str) -> None:
    assert binary("*", arr(2, dtype=dtype), scalar).dtype == result


def test_mismatch_names_the_operands() -> None:
    a, b = arr(3), arr(4)
    with pytest.raises(api.Mismatch) as caught:
        binary("+", a, b)
    assert caught.value.blame == (a, b)
    assert "(3,)" in caught.value.record.message() and "(4,)" in caught.value.record.message()


def test_in_place_operators_keep_the_shape_and_the_dtype() -> None:
    x = arr(3, dtype="float32")
    assert refused(in_place, x, binary("+", x, arr(2, 3))) == "KSH118"
    y = arr(2, 3, dtype="float32")
    kept = in_place(y, binary("+", y, arr(3)))
    assert (kept.shape, kept.dtype) == ((2, 3), "float32")
    total = arr()
    assert in_place(total, binary("+", total, arr(3))).shape == (3,)
    tensor = Array((3,), "float32", "tensor")
    assert in_place(tensor, binary("+", tensor, arr(2, 3))).shape == (2, 3)


def test_windows_over_a_series_have_a_known_length() -> None:
    series = arr(n)
    i = symbol("i", 0, ((1, n - 11),))
    assert item(series, slice(i, i + 10)).shape == (10,)
    j = symbol("j", 10, ((1, n - 1),))
    assert item(series, slice(j - 10, j)).shape == (10,)
    k = symbol("k", 0, ((1, n - 1),))
    assert item(series, slice(k, k + 10)).shape != (10,)


def test_parts_as_equal_as_can_be_are_the_whole() -> None:
    parts = np_call("array_split", arr(n, 2), 3).items
    assert [repr(p.shape[0]) for p in parts] == ["(n + 2)//3", "(n + 1)//3", "n//3"]
