"""Models of TensorFlow's functions, called directly."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from abstract_calls import evaluate
from kshape_lint.interpreter.values import UNKNOWN, Array, Unknown
from kshape_lint.libraries.api import Mismatch, fresh
from kshape_lint.shapes import UNKNOWN_DIM


def shape(expression: str, **names: Any) -> Any:
    value = evaluate(expression, **names)
    assert isinstance(value, Array), value
    return value.shape


def refused(expression: str, **names: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        evaluate(expression, **names)
    return caught.value.record.code


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tf.reshape(z([2, 3]), [3, -1])", (3, 2)),
        ("tf.concat([z([2, 3]), z([2, 4])], axis=-1)", (2, 7)),
        ("tf.stack([z([3]), z([3])], axis=1)", (3, 2)),
        ("tf.expand_dims(z([2]), -1)", (2, 1)),
        ("tf.squeeze(z([1, 2, 1]))", (2,)),
        ("tf.transpose(z([2, 3, 4]), [0, 2, 1])", (2, 4, 3)),
        ("tf.one_hot([1, 2, 3], 10)", (3, 10)),
        ("tf.argmax(z([2, 3]))", (3,)),
        ("tf.gather(z([5, 3]), [0, 1])", (2, 3)),
        ("tf.image.resize(z([8, 8, 3]), (4, 5))", (4, 5, 3)),
        ("tf.random.normal([2, 3])", (2, 3)),
        ("tf.constant([[1, 2], [3, 4]])", (2, 2)),
        ("tf.cast(tf.constant([1]), tf.float32)", (1,)),
        ("tf.zeros([4, 5])[:, None, 1:]", (4, 1, 4)),
        ("tf.nn.conv2d(z([1, 8, 8, 3]), z([3, 3, 3, 4]), 2, 'SAME')", (1, 4, 4, 4)),
        ("tf.linspace(0.0, 1.0, 7)", (7,)),
        ("tf.where(z([2, 3]) > 0)", (None, 2)),
        ("tf.math.top_k(z([2, 5]), 3)[0]", (2, 3)),
        ("tf.einsum('bij,bjk->bik', z([2, 3, 4]), z([2, 4, 5]))", (2, 3, 5)),
        ("tf.image.decode_jpeg(tf.io.read_file('a.jpg'), channels=3)", (UNKNOWN_DIM, UNKNOWN_DIM, 3)),
        ("tf.compat.v1.placeholder(tf.float32, [None, 784])", (None, 784)),
        ("tf.io.parse_single_example('', {'x': tf.io.FixedLenFeature([3], tf.float32)})['x']", (3,)),
        ("K.dot(z([2, 3, 4]), z([4, 5]))", (2, 3, 5)),
        ("K.pow(K.cast(2, 'float32'), z([4]))", (4,)),
        ("K.batch_flatten(z([2, 3, 4]))", (2, 12)),
        ("ops.mean(z([2, 3, 4]), axis=(0, 1))", (4,)),
    ],
)
def test_shapes(expression: str, expected: Any) -> None:
    assert shape(expression) == expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("tf.reshape(z([2, 3]), [4, 2])", "KSH101"),
        ("tf.reshape(z([2, 3]), [-1, 4])", "KSH102"),
        ("tf.reshape(z([2, 3]), [-1, -1])", "KSH103"),
        ("tf.reduce_mean(z([2, 3]), axis=2)", "KSH104"),
        ("tf.add(z([2, 3]), z([2]))", "KSH105"),
        ("tf.concat([z([2, 3]), z([3, 3])], 1)", "KSH106"),
        ("tf.matmul(z([2, 3]), z([2, 3]))", "KSH107"),
        ("tf.transpose(z([2, 3]), [0, 2, 1])", "KSH108"),
        ("z([2, 3])[0, 0, 0]", "KSH109"),
        ("z([2, 3])[5]", "KSH111"),
        ("tf.squeeze(z([2, 3]), 0)", "KSH112"),
        ("tf.split(z([5, 3]), 2)", "KSH113"),
        ("tf.einsum('ij,jk->ik', z([2, 3]), z([2, 3]))", "KSH114"),
        ("tf.image.resize(z([8, 8]), [4, 4])", "KSH115"),
        ("tf.boolean_mask(z([3]), [True, False])", "KSH116"),
        ("tf.data.Dataset.from_tensor_slices((z([3, 2]), z([4])))", "KSH117"),
        ("tf.Variable(z([2, 3])).assign(z([3]))", "KSH118"),
        ("tf.ensure_shape(z([2, 3]), [None, 4])", "KSH119"),
        ("tf.nn.sparse_softmax_cross_entropy_with_logits(labels=z([2, 1]), logits=z([2, 3]))", "KSH115"),
    ],
)
def test_refusals(expression: str, code: str) -> None:
    assert refused(expression) == code


def test_the_lengths_of_a_tensor_are_numbers_to_build_with() -> None:
    n = fresh()
    x = Array((n, 28, 28), "float32", "tensor")
    assert shape("tf.zeros([tf.shape(x)[0], 5])", x=_thing(x)) == (n, 5)
    assert shape("tf.reshape(x, (tf.shape(x)[0], -1))", x=_thing(x)) == (n, 784)
    assert shape("tf.reshape(x, [-1, tf.reduce_prod(tf.shape(x)[1:])])", x=_thing(x)) == (n, 784)


def test_an_open_length_stays_open() -> None:
    x = _thing(Array((None, 4, 5), "float32", "tensor"))
    assert shape("tf.reshape(x, [tf.shape(x)[0], 20])", x=x) == (None, 20)
    assert shape("tf.reshape(x, [-1, 20])", x=x) == (None, 20)
    assert refused("tf.reshape(x, [-1, 3, 7])", x=_thing(Array((3, 4, 5), "float32", "tensor"))) == "KSH102"


@pytest.mark.parametrize(
    "function", ["reshape", "concat", "transpose", "stack", "split", "tile", "pad", "gather", "matmul", "one_hot", "image.resize"]
)
@pytest.mark.parametrize("odd", [UNKNOWN, None, "text", 3.5, Array(None), Array((UNKNOWN_DIM, None)), (), (UNKNOWN,)])
def test_odd_arguments_do_no_harm(function: str, odd: Any) -> None:
    for args in ("(odd, odd)", "(odd, 1)", "(z([2, 3]), odd)", "([odd, odd], 0)"):
        with contextlib.suppress(Mismatch):
            evaluate(f"tf.{function}{args}", odd=_thing(odd))


def test_symbolic_tensors_stay_symbolic() -> None:
    x = _thing(Array((None, 4), "float32", "keras"))
    assert evaluate("ops.relu(x)", x=x).kind == "keras"
    assert evaluate("tf.nn.relu(x)", keras_major=2, x=x).kind == "keras"


def test_shape_of_unknown_rank_is_unknown() -> None:
    assert isinstance(evaluate("x.shape", x=_thing(Array(None, None, "tensor"))), Unknown)


def test_tensor_shape_has_its_methods() -> None:
    assert evaluate("z([2, 3]).shape") == (2, 3)
    assert evaluate("z([2, 3]).shape").type_path == "tensorflow.TensorShape"


def _thing(value: Any) -> Any:
    from abstract_calls import lift

    return lift(value)
