from __future__ import annotations

from typing import Any

import pytest

from kshape_lint.interpreter.values import UNKNOWN, Value
from kshape_lint.libraries.api import Mismatch
from kshape_lint.libraries.keras.engine import call_layer, model_output
from kshape_lint.libraries.keras.models_run import outputs_for

from .engine_host import FakeHost, data, items, make, mapping, method, running


def sequential(*layers: Value) -> Value:
    return make("keras.Sequential", items(*layers))


def code_of(run: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        run()
    return caught.value.record.code


def conv(form: str, shape: tuple[int, ...] = (28, 28, 1), flat: bool = True) -> Value:
    layers = [make("Conv2D", 4, 3), make("Flatten") if flat else make("GlobalAveragePooling2D"), make("Dense", 2)]
    start = make("keras.Input", shape)
    if form == "sequential":
        return sequential(start, *layers)
    x = start
    for layer in layers:
        x = call_layer(layer, x)
    return make("keras.Model", start, x)


@pytest.mark.parametrize("form", ["sequential", "functional"])
@pytest.mark.parametrize("major", [2, 3])
class TestDeclared:
    def test_output(self, form: str, major: int) -> None:
        with running(major):
            assert model_output(conv(form)).shape == (None, 2)

    def test_trailing_axis_is_appended(self, form: str, major: int) -> None:
        with running(major) as host:
            assert outputs_for(conv(form), data(5, 28, 28)).shape == (5, 2)
            assert [w.code for w in host.warnings] == ["KSH401"]

    def test_missing_batch(self, form: str, major: int) -> None:
        with running(major):
            assert code_of(lambda: outputs_for(conv(form), data(28, 28, 1))) == "KSH303"
            assert code_of(lambda: outputs_for(conv(form, (28, 28, 3), False), data(28, 28, 3))) == "KSH303"

    def test_other_size_that_layers_notice(self, form: str, major: int) -> None:
        with running(major):
            assert code_of(lambda: outputs_for(conv(form), data(5, 32, 32, 1))) == "KSH302"

    def test_other_size_that_no_layer_notices(self, form: str, major: int) -> None:
        with running(major):
            model = conv(form, flat=False)
            if form == "sequential" and major == 3:
                assert outputs_for(model, data(5, 32, 32, 1)).shape == (5, 2)
            else:
                assert code_of(lambda: outputs_for(model, data(5, 32, 32, 1))) == "KSH302"

    def test_rank(self, form: str, major: int) -> None:
        with running(major):
            assert code_of(lambda: outputs_for(conv(form), data(5, 784))) in ("KSH301", "KSH302")

    def test_symbolic_other_size(self, form: str, major: int) -> None:
        with running(major):
            model = conv(form, flat=False)
            other = make("keras.Input", (32, 32, 1))
            if major == 3:
                assert code_of(lambda: call_layer(model, other)) == "KSH302"
            else:
                assert call_layer(model, other).shape == (None, 2)


@pytest.fixture
def host() -> Any:
    with running() as running_host:
        yield running_host


def test_first_layer_of_wrong_rank_is_reported_where_it_is_added(host: FakeHost) -> None:
    model = make("keras.Sequential")
    assert code_of(lambda: method(model, "add", make("LSTM", 3, input_shape=(5,)))) == "KSH207"
    assert method(model, "add", make("Dense", 3)) is None
    assert model_output(model) is UNKNOWN


def test_stacked_recurrent_layers(host: FakeHost) -> None:
    model = make("keras.Sequential")
    method(model, "add", make("LSTM", 3, input_shape=(5, 2)))
    assert code_of(lambda: method(model, "add", make("LSTM", 3))) == "KSH201"


def test_built_by_data(host: FakeHost) -> None:
    model = sequential(make("Dense", 4), make("Dense", 2))
    assert model_output(model) is UNKNOWN
    assert outputs_for(model, data(7, 3)).shape == (7, 2)
    assert model_output(model).shape == (None, 2)
    assert code_of(lambda: outputs_for(model, data(7, 5))) == "KSH302"
    assert code_of(lambda: outputs_for(sequential(make("Dense", 4)), data(7))) == "KSH201"


def test_several_inputs(host: FakeHost) -> None:
    a, b = make("keras.Input", (3,)), make("keras.Input", (4,))
    model = make("keras.Model", items(a, b), call_layer(make("Concatenate"), items(a, b)))
    assert outputs_for(model, items(data(2, 3), data(2, 4))).shape == (2, 7)
    assert code_of(lambda: outputs_for(model, data(2, 3))) == "KSH304"
    assert code_of(lambda: outputs_for(model, items(data(2, 4), data(2, 4)))) == "KSH302"
    named = make("keras.Model", mapping(b=b, a=a), call_layer(make("Concatenate"), items(a, b)))
    assert outputs_for(named, mapping(a=data(2, 3), b=data(2, 4))).shape == (2, 7)
    assert code_of(lambda: outputs_for(named, mapping(a=data(2, 3)))) == "KSH304"


def test_disconnected_graph(host: FakeHost) -> None:
    a, b = make("keras.Input", (3,)), make("keras.Input", (3,))
    total = call_layer(make("Add"), items(a, b))
    assert code_of(lambda: make("keras.Model", a, total)) == "KSH210"
    assert model_output(make("keras.Model", items(a, b), call_layer(make("Dense", 2), a))).shape == (None, 2)
    hidden = call_layer(make("Dense", 5), a)
    assert model_output(make("keras.Model", hidden, call_layer(make("Dense", 2), hidden))).shape == (None, 2)


def test_layers_in_the_order_of_keras(host: FakeHost) -> None:
    a, b = make("keras.Input", (3,)), make("keras.Input", (3,))
    x = call_layer(make("Concatenate"), items(call_layer(make("Dense", 3), a), b))
    model = make("keras.Model", items(a, b), call_layer(make("Dense", 2), x))
    order = [layer.path.rpartition(".")[2] for layer in method(model, "layers").items]
    assert order == ["InputLayer", "Dense", "InputLayer", "Concatenate", "Dense"]


def test_names_and_ends(host: FakeHost) -> None:
    model = sequential(make("Dense", 4, input_shape=(3,)), make("Dense", 5, name="mid"), make("Dense", 2))
    mid = method(model, "get_layer", "mid")
    assert method(mid, "output").shape == (None, 5)
    assert method(method(model, "get_layer", "dense_1"), "output").shape == (None, 2)
    assert code_of(lambda: method(model, "input")) == "KSH312"
    part = make("keras.Model", method(model, "inputs"), method(mid, "output"))
    assert outputs_for(part, data(6, 3)).shape == (6, 5)
    assert method(model, "pop") is not None
    assert model_output(model).shape == (None, 5)


def test_constructor_errors(host: FakeHost) -> None:
    a = make("keras.Input", (3,))
    assert code_of(lambda: make("Concatenate", items(a, a), axis=1)) == "KSH208"
    assert code_of(lambda: make("Dense")) == "KSH208"
    assert code_of(lambda: make("Dense", 2, batch_input_shape=(1, 2))) == "KSH208"
    assert code_of(lambda: make("keras.Input", 784)) == "KSH207"
    assert code_of(lambda: sequential(make("Dense", 2, input_shape=5))) == "KSH207"
    assert code_of(lambda: call_layer(make("Dense", 2), make("Dense", 3))) == "KSH211"
    assert code_of(lambda: make("LSTM", 2, return_sequence=True)) == "KSH208"
    assert make("Dense", 2, border_mode="same") is UNKNOWN


def test_keras_2_input_forms() -> None:
    with running(2):
        assert make("keras.Input", 784).shape == (None, 784)
        assert code_of(lambda: make("Dense", 2, input_shape=5)) == "KSH207"
        assert model_output(sequential(make("LSTM", 2, input_dim=5, input_length=3))).shape == (None, 2)
        assert model_output(sequential(make("Embedding", 5, 2, input_length=7))).shape == (None, 7, 2)
        assert model_output(sequential(make("Dense", 2, batch_input_shape=(3, 5)))).shape == (3, 2)


def test_ignored_input_shape(host: FakeHost) -> None:
    sequential(make("Dense", 4, input_shape=(3,)), make("Dense", 2, input_shape=(9,)))
    assert [w.code for w in host.warnings] == ["KSH406"]


def test_nested_models(host: FakeHost) -> None:
    inner = sequential(make("Dense", 4, input_shape=(3,)))
    outer = sequential(inner, make("Dense", 2))
    assert outputs_for(outer, data(5, 3)).shape == (5, 2)
    assert code_of(lambda: sequential(make("keras.Input", (9,)), conv("functional"))) in ("KSH301", "KSH302", "KSH201")


def test_weights() -> None:
    with running():
        dense = make("Dense", 3)
        assert code_of(lambda: method(dense, "set_weights", items(data(5, 3), data(3)))) == "KSH212"
        call_layer(dense, make("keras.Input", (5,)))
        assert method(dense, "set_weights", items(data(5, 3), data(3))) is None
        assert code_of(lambda: method(dense, "set_weights", items(data(3, 5), data(3)))) == "KSH212"
        assert code_of(lambda: method(dense, "set_weights", items(data(5, 3)))) == "KSH212"
        assert [w.shape for w in method(dense, "get_weights").items] == [(5, 3), (3,)]
        model = sequential(make("LSTM", 3, input_shape=(5, 2)), make("BatchNormalization"), make("Dense", 1))
        shapes = [w.shape for w in method(model, "get_weights").items]
        assert shapes == [(2, 12), (3, 12), (12,), (3,), (3,), (3,), (3,), (3, 1), (1,)]
    with running(2):
        table = make("Embedding", 5, 2, weights=items(data(6, 2)), input_length=4)
        assert code_of(lambda: sequential(table)) == "KSH212"
