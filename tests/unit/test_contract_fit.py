"""The contract at fit, evaluate and predict, on values made by hand: what is raised, warned and returned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kshape_lint.interpreter.values import UNKNOWN, Array, DictObj, ListObj, Seq
from kshape_lint.interpreter.world import World, enter, leave
from kshape_lint.libraries import api
from kshape_lint.libraries.api import Mismatch, lookup
from kshape_lint.shapes import symbol


class FakeHost:
    """As much of the interpreter as the models of Keras need."""

    def __init__(self, keras_major: int) -> None:
        self.keras_major = keras_major
        self.built = 0
        self.warned: list[str] = []
        self.training: list[Any] = []

    def call(self, callee: Any, args: Any, kwargs: Any) -> Any:
        return callee(*args, **kwargs)

    call_traced = call
    call_afresh = call

    def attribute(self, value: Any, name: str) -> Any:
        return UNKNOWN

    def has_attribute(self, value: Any, name: str) -> bool | None:
        return None

    def set_attribute(self, value: Any, name: str, new: Any) -> None: ...

    def item(self, value: Any, index: Any) -> Any:
        return UNKNOWN

    def iterate(self, value: Any) -> Any:
        return UNKNOWN

    def truth(self, value: Any) -> bool | None:
        return None

    def binary(self, operator: str, left: Any, right: Any) -> Any:
        return UNKNOWN

    def handled(self) -> bool:
        return False

    def warn(self, record: Any, blame: Any) -> None:
        self.warned.append(record.code)

    def type_paths(self, value: Any) -> list[str]:
        return []


@pytest.fixture(params=[3, 2])
def host(request: pytest.FixtureRequest) -> Iterator[FakeHost]:
    api.load("tensorflow")
    made = FakeHost(request.param)
    api._host.append(made)
    before = enter(World())
    try:
        yield made
    finally:
        leave(before)
        api._host.pop()


def run(path: str, *args: Any, **kwargs: Any) -> Any:
    model = lookup(path)
    assert model is not None, path
    return model.function(*args, **kwargs)


def dense(units: int, **kwargs: Any) -> Any:
    return run("keras.layers.Dense", units, **kwargs)


def sequential(shape: tuple[Any, ...] | None, *layers: Any) -> Any:
    first = [] if shape is None else [run("keras.Input", shape=shape)]
    return run("keras.Sequential", ListObj(Seq((*first, *layers))))


def fitted(host: FakeHost, output: Any, x: Any, y: Any, loss: Any, **kwargs: Any) -> str | None:
    """Return the code of the error, or of the first warning, of a fit."""
    model = output
    run("keras.Model.compile", model, "adam", loss)
    try:
        run("keras.Model.fit", model, x, y, **kwargs)
    except Mismatch as mismatch:
        return mismatch.record.code
    return host.warned[0] if host.warned else None


def a(*shape: Any, dtype: str = "float64", **more: Any) -> Array:
    return Array(shape, dtype, **more)


n = symbol("n")

UNITS = [
    # loss, units, labels, Keras 3, Keras 2
    ("mse", 1, (n,), None, None),
    ("mse", 1, (n, 1), None, None),
    ("mse", 10, (n,), "KSH307", "KSH402"),
    ("mse", 10, (n, 1), "KSH402", "KSH402"),
    ("mse", 1, (n, 10), "KSH402", "KSH402"),
    ("mae", 10, (n, 9), "KSH307", "KSH307"),
    ("binary_crossentropy", 1, (n,), None, None),
    ("binary_crossentropy", 2, (n,), "KSH307", "KSH307"),
    ("binary_crossentropy", 2, (n, 1), "KSH307", "KSH307"),
    ("binary_crossentropy", 1, (n, 2), "KSH307", "KSH307"),
    ("categorical_crossentropy", 1, (n,), "KSH403", "KSH403"),
    ("categorical_crossentropy", 3, (n,), "KSH308", "KSH308"),
    ("categorical_crossentropy", 3, (n, 1), "KSH308", "KSH308"),
    ("categorical_crossentropy", 3, (n, 4), "KSH307", "KSH307"),
    ("categorical_crossentropy", 3, (n, 3), None, None),
    ("sparse_categorical_crossentropy", 3, (n,), None, None),
    ("sparse_categorical_crossentropy", 3, (n, 1), None, None),
    ("sparse_categorical_crossentropy", 3, (n, 3), "KSH308", "KSH308"),
]


@pytest.mark.parametrize(("loss", "units", "labels", "three", "two"), UNITS)
def test_units_against_labels(host: FakeHost, loss: str, units: int, labels: tuple[Any, ...], three: str | None, two: str | None) -> None:
    model = sequential((4,), dense(units, activation="sigmoid"))
    assert fitted(host, model, a(n, 4), a(*labels), loss) == (three if host.keras_major == 3 else two)


def test_batch_that_equals_the_units_runs(host: FakeHost) -> None:
    assert fitted(host, sequential((4,), dense(10)), a(20, 4), a(20), "mse", batch_size=10) == "KSH402"


def test_last_partial_batch_counts(host: FakeHost) -> None:
    wanted = "KSH307" if host.keras_major == 3 else "KSH402"
    assert fitted(host, sequential((4,), dense(10)), a(23, 4), a(23), "mse", batch_size=10) == wanted


def test_validation_data_have_a_contract_of_their_own(host: FakeHost) -> None:
    model = sequential((4,), dense(3, activation="softmax"))
    held = ListObj(Seq((a(9, 4), a(9, 5))))
    assert fitted(host, model, a(20, 4), a(20, 3), "categorical_crossentropy", validation_data=held) == "KSH307"


def test_counts(host: FakeHost) -> None:
    assert fitted(host, sequential((4,), dense(1)), a(20, 4), a(21), "mse") == "KSH305"


def test_declared_with_the_sample_count(host: FakeHost) -> None:
    assert fitted(host, sequential((n, 7), dense(1)), a(n, 7), a(n), "mse") == "KSH316"
    assert fitted(host, sequential((n,), dense(1)), a(n, 7), a(n), "mse") == "KSH316"


def test_first_layer_takes_another_rank(host: FakeHost) -> None:
    assert fitted(host, sequential(None, dense(1)), a(6), a(6), "mse") == "KSH301"


def test_text_and_lists(host: FakeHost) -> None:
    assert fitted(host, sequential((4,), dense(1)), a(6, 4, dtype="str"), a(6), "mse") == "KSH310"
    rows = ListObj(Seq((ListObj(Seq((1.0, 2.0))), ListObj(Seq((3.0, 4.0))))))
    wanted = "KSH311" if host.keras_major == 3 else None
    assert fitted(host, sequential((2,), dense(1)), rows, ListObj(Seq((1.0, 2.0))), "mse") == wanted


def test_fit_before_compile(host: FakeHost) -> None:
    with pytest.raises(Mismatch) as caught:
        run("keras.Model.fit", sequential((4,), dense(1)), a(6, 4), a(6))
    assert caught.value.record.code == "KSH312"


def test_predict_gives_a_row_for_each_sample(host: FakeHost) -> None:
    out = run("keras.Model.predict", sequential((4,), dense(3)), a(n, 4))
    assert out.shape == (n, 3)
    assert out.kind == "numpy"


def test_predict_of_one_sample(host: FakeHost) -> None:
    with pytest.raises(Mismatch) as caught:
        run("keras.Model.predict", sequential((8, 4), run("keras.layers.Flatten"), dense(3)), a(8, 4))
    assert caught.value.record.code == "KSH303"


def test_label_beyond_the_outputs(host: FakeHost) -> None:
    labels = a(3, dtype="int64", data=(0, 1, 5))
    assert fitted(host, sequential((4,), dense(3)), a(3, 4), labels, "sparse_categorical_crossentropy") == "KSH309"


def two_outputs() -> Any:
    x = run("keras.Input", shape=(6,))
    from kshape_lint.libraries.keras.engine import call_layer

    left, right = call_layer(dense(1, name="age"), x), call_layer(dense(2, name="sex"), x)
    return run("keras.Model", x, ListObj(Seq((left, right))))


def test_outputs_by_name(host: FakeHost) -> None:
    losses = DictObj({"age": "mse", "sex": "categorical_crossentropy"})
    assert fitted(host, two_outputs(), a(9, 6), DictObj({"age": a(9), "sex": a(9)}), losses) == "KSH308"
    assert fitted(host, two_outputs(), a(9, 6), DictObj({"age": a(9), "sx": a(9)}), losses) == "KSH314"
    assert fitted(host, two_outputs(), a(9, 6), ListObj(Seq((a(9), a(9, 2)))), losses) is None
    wanted = "KSH314" if host.keras_major == 3 else "KSH308"
    assert fitted(host, two_outputs(), a(9, 6), a(9, 1), losses) == wanted


def test_own_loss_is_called_as_it_is_traced_then_with_one_batch(host: FakeHost) -> None:
    seen: list[Any] = []
    fitted(host, sequential((4,), dense(1)), a(66, 4), a(66), lambda y, p: seen.append((y.shape, p.shape)))
    traced = [((None, 1), (None, 1))] if host.keras_major == 3 else []
    assert seen == [*traced, ((32, 1), (32, 1))]
