from __future__ import annotations

from typing import Any

import pytest

from kshape_lint.interpreter.values import Value
from kshape_lint.libraries.api import Mismatch, lookup
from kshape_lint.libraries.keras.engine import call_layer, model_output
from kshape_lint.libraries.keras.models_run import outputs_for

from .engine_host import data, instance, items, make, method, running, super_init


def attribute(self: Value, name: str) -> Value:
    return self.state[name]


def assign(self: Value, name: str, value: Value) -> None:
    self.put({**self.state, name: value})


def test_build_runs_once_with_the_shape() -> None:
    seen: list[Value] = []

    def build(self: Value, shape: Value) -> None:
        seen.append(shape)

    with running():
        layer = instance("keras.layers.Layer", init=super_init, build=build, call=lambda self, x: x.reshaped((*x.shape[:-1], 4)))
        out = call_layer(layer, make("keras.Input", (3,)))
        assert out.shape == (None, 4) and out.kind == "keras"
        call_layer(layer, data(7, 3))
        assert seen == [(None, 3)]
        assert model_output(make("keras.Sequential", items(make("Dense", 3, input_shape=(5,)), layer))).shape == (None, 4)


def test_layer_of_the_program_in_a_graph() -> None:
    with running():
        layer = instance("keras.layers.Layer", init=super_init, call=lambda self, a: a.items[0])
        a, b = make("keras.Input", (3,)), make("keras.Input", (3,))
        out = call_layer(layer, items(a, b))
        assert outputs_for(make("keras.Model", items(a, b), out), items(data(5, 3), data(5, 3))).shape == (5, 3)
        with pytest.raises(Mismatch):
            make("keras.Model", a, out)


def test_subclassed_model() -> None:
    def init(self: Any) -> None:
        super_init(self)
        assign(self, "dense", make("Dense", 10))
        assign(self, "flat", make("Flatten"))

    def call(self: Any, x: Value) -> Value:
        return call_layer(attribute(self, "dense"), call_layer(attribute(self, "flat"), x))

    with running():
        model = instance("keras.Model", init=init, call=call)
        assert call_layer(model, data(5, 28, 28)).shape == (5, 10)
        assert outputs_for(model, data(6, 28, 28)).shape == (6, 10)
        with pytest.raises(Mismatch):
            call_layer(model, data(5, 28, 29))
        assert [layer.path for layer in method_of(model, "layers").items] == ["keras.layers.Dense", "keras.layers.Flatten"]


def method_of(self: Value, name: str) -> Value:
    model = lookup(f"keras.Model.{name}")
    assert model is not None
    return model.function(self)


def test_functional_subclass() -> None:
    def init(self: Any) -> None:
        start = make("keras.Input", (3,))
        super_init(self, inputs=start, outputs=call_layer(make("Dense", 2), start))

    with running():
        model = instance("keras.Model", init=init)
        assert call_layer(model, data(5, 3)).shape == (5, 2)
        with pytest.raises(Mismatch) as caught:
            call_layer(model, data(5, 4))
        assert caught.value.record.code == "KSH302"


def test_subclass_of_a_layer_of_keras() -> None:
    def call(self: Any, x: Value) -> Value:
        base = lookup("keras.layers.Layer.call")
        assert base is not None
        return base.function(self, x)

    with running():
        layer = instance("keras.layers.Dense", 7, init=super_init, call=call)
        assert call_layer(layer, make("keras.Input", (3,))).shape == (None, 7)
        assert call_layer(instance("keras.layers.Dense", 7, init=super_init), data(4, 3)).shape == (4, 7)


def test_wrapped_layers() -> None:
    with running():
        model = make("keras.Sequential")
        method(model, "add", make("TimeDistributed", make("Conv2D", 4, 3), input_shape=(10, 28, 28, 1)))
        assert model_output(model).shape == (None, 10, 26, 26, 4)
        method(model, "add", make("TimeDistributed", make("Flatten")))
        method(model, "add", make("Bidirectional", make("LSTM", 8)))
        assert model_output(model).shape == (None, 16)
        assert outputs_for(model, data(2, 10, 28, 28, 1)).shape == (2, 16)
