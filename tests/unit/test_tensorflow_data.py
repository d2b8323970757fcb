"""Datasets: what is known of an element, how many there are, and how often they were batched."""

from __future__ import annotations

from typing import Any

import pytest

from abstract_calls import evaluate, lift
from kshape_lint.checker import check
from kshape_lint.interpreter.values import Array
from kshape_lint.libraries.api import Mismatch, fresh
from kshape_lint.libraries.tensorflow.data import DatasetState, dataset_state
from kshape_lint.shapes import UNKNOWN_DIM

XY = "tf.data.Dataset.from_tensor_slices((z([100, 28, 28]), z([100])))"


def state(expression: str, **names: Any) -> DatasetState:
    found = dataset_state(evaluate(expression, **names))
    assert found is not None
    return found


def shapes(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {k: shapes(v) for k, v in spec.items()}
    if isinstance(spec, tuple):
        return tuple(shapes(v) for v in spec)
    return spec.shape


@pytest.mark.parametrize(
    ("methods", "expected", "cardinality", "batched"),
    [
        ("", ((28, 28), ()), 100, 0),
        (".batch(32)", ((None, 28, 28), (None,)), 4, 1),
        (".batch(32, drop_remainder=True)", ((32, 28, 28), (32,)), 3, 1),
        (".batch(10).batch(5)", ((None, None, 28, 28), (None, None)), 2, 2),
        (".batch(10).unbatch()", ((28, 28), ()), 100, 0),
        (".repeat(3).shuffle(10).take(120).prefetch(1)", ((28, 28), ()), 120, 0),
        (".repeat().batch(8)", ((None, 28, 28), (None,)), None, 1),
        (".map(lambda a, b: (tf.reshape(a, [-1]), tf.one_hot(tf.cast(b, tf.int32), 10)))", ((784,), (10,)), 100, 0),
        (".map(lambda a, b: {'x': a, 'y': b})", {"x": (28, 28), "y": ()}, 100, 0),
        (".skip(40)", ((28, 28), ()), 60, 0),
        (".filter(lambda a, b: True)", ((28, 28), ()), UNKNOWN_DIM, 0),
        (".padded_batch(4, padded_shapes=([None, 28], []))", ((None, None, 28), (None,)), 25, 1),
    ],
)
def test_methods(methods: str, expected: Any, cardinality: Any, batched: int) -> None:
    found = state(XY + methods)
    assert shapes(found.spec) == expected
    assert found.cardinality == cardinality or found.cardinality is cardinality
    assert found.batched == batched


def test_samples_are_remembered_through_batches() -> None:
    assert state(XY + ".batch(32)").samples == 100
    assert state(XY + ".batch(32)").batch_size == 32


def test_rows_that_differ_are_refused() -> None:
    with pytest.raises(Mismatch) as caught:
        evaluate("tf.data.Dataset.from_tensor_slices((z([5, 3]), z([4])))")
    assert caught.value.record.code == "KSH117"


def test_rows_that_are_not_known_are_not() -> None:
    n, m = fresh(), fresh()
    names = {"x": lift(Array((n, 3))), "y": lift(Array((m,)))}
    assert state("tf.data.Dataset.from_tensor_slices((x, y))", **names).batched == 0


def test_generators_without_shapes_are_open() -> None:
    found = state("tf.data.Dataset.from_generator(lambda: 0, output_types=(tf.float32, tf.int32))")
    assert shapes(found.spec) == (None, None)
    found = state("tf.data.Dataset.from_generator(lambda: 0, output_signature=(tf.TensorSpec([None, 3]), tf.TensorSpec([], tf.int64)))")
    assert shapes(found.spec) == ((None, 3), ())


def test_a_loop_sees_batches_of_one_length() -> None:
    x, y = evaluate(f"next(iter({XY}.batch(32)))")
    assert x.shape[0] == y.shape[0] is not None
    x, y = evaluate(f"next(iter({XY}.batch(25)))")
    assert (x.shape, y.shape) == ((25, 28, 28), (25,))


def test_windows_become_batches() -> None:
    found = state("tf.data.Dataset.range(10).window(5, shift=1, drop_remainder=True).flat_map(lambda w: w.batch(5))")
    assert shapes(found.spec) == (None,)
    assert found.batched == 0


def test_known_sets() -> None:
    from kshape_lint.libraries import api

    api.load("tensorflow_datasets")
    found = state(
        "tfds.load('mnist', split='train[:80%]', as_supervised=True)", tfds=__import__("abstract_calls").Name("tensorflow_datasets")
    )
    assert shapes(found.spec) == ((28, 28, 1), ())
    assert found.cardinality == 48_000


@pytest.mark.parametrize(
    ("methods", "length"),
    [(".batch(32).take(2)", 32), (".batch(32).take(3)", 32), (".batch(25).repeat().shuffle(3)", 25), (".repeat().batch(7)", 7)],
)
def test_full_batches_have_the_batch_size(methods: str, length: int) -> None:
    x, _ = evaluate(f"next(iter({XY}{methods}))")
    assert x.shape == (length, 28, 28)


@pytest.mark.parametrize("methods", [".batch(32)", ".batch(32).take(4)", ".batch(32).repeat(8)", ".batch(32).skip(1)"])
def test_the_last_batch_may_be_shorter(methods: str) -> None:
    x, _ = evaluate(f"next(iter({XY}{methods}))")
    assert not isinstance(x.shape[0], int)


def test_dicts_by_an_open_question_within_a_tuple_are_nests() -> None:
    text = """
import tensorflow as tf
def both(n, v):
    x, y = {}, {}
    if n:
        for i in range(v.size):
            x[v[i]], y[v[i]] = v.both()
    else:
        x, y = {}, {}
        for i in range(v.size):
            x[v[i]], y[v[i]] = v.both()
    return x, y
x, y = both(unknown, data)
tf.data.Dataset.from_tensor_slices((x, y))
"""
    assert check(text, strict=True).findings == []
