"""What layers do to shapes, checked without Keras: the common ones, unknown lengths, and the messages of refusals."""

from __future__ import annotations

from typing import Any

import pytest

from kshape_lint.catalogue import facts
from kshape_lint.interpreter.values import UNKNOWN, Array, ListObj, Seq
from kshape_lint.libraries.api import Mismatch, Raises
from kshape_lint.libraries.keras.engine import call_with
from kshape_lint.libraries.keras.layers.opaque import OPAQUE
from kshape_lint.libraries.keras.objects import call_model_of
from kshape_lint.shapes import UNKNOWN_DIM, symbol

from .engine_host import make, running

N = symbol("n")
K = symbol("k")


def listed(*parts: Any) -> ListObj:
    return ListObj(Seq(parts))


def after(layer: str, *shapes: Any, major: int = 3, kind: str = "keras", **config: Any) -> Any:
    """Return the output shape of one layer."""
    with running(major):
        made = make(layer, **config)
        arrays = [Array(s, "float32", kind) for s in shapes]  # type: ignore[arg-type]
        result = call_with(made, (arrays[0],) if len(arrays) == 1 else (listed(*arrays),), {})
        return result.shape if isinstance(result, Array) else result


def refusal(layer: str, *shapes: Any, **config: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        after(layer, *shapes, **config)
    return f"{caught.value.record.code} {caught.value.record.message()}"


@pytest.mark.parametrize(
    ("layer", "config", "given", "expected"),
    [
        ("Dense", {"units": 10}, (None, 784), (None, 10)),
        ("Dense", {"units": 10}, (None, 7, 784), (None, 7, 10)),
        ("Dense", {"units": K}, (None, 784), (None, K)),
        ("Dense", {"units": UNKNOWN}, (None, 784), (None, UNKNOWN_DIM)),
        ("Conv2D", {"filters": 8, "kernel_size": 3}, (None, 28, 28, 1), (None, 26, 26, 8)),
        ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 3}, (None, 28, 28, 1), (None, 9, 9, 8)),
        ("Conv2D", {"filters": 8, "kernel_size": (3, 5), "padding": "same", "strides": 2}, (None, 7, 8, 3), (None, 4, 4, 8)),
        ("Conv2D", {"filters": 8, "kernel_size": 3, "data_format": "channels_first"}, (None, 1, 28, 28), (None, 8, 26, 26)),
        ("Conv2D", {"filters": 8, "kernel_size": 3}, (None, N, None, 1), (None, N - 2, None, 8)),
        ("Conv2D", {"filters": 8, "kernel_size": UNKNOWN}, (None, 28, 28, 1), (None, UNKNOWN_DIM, UNKNOWN_DIM, 8)),
        ("Conv2D", {"filters": 8, "kernel_size": 3, "data_format": UNKNOWN}, (None, 28, 28, 1), (None, *(UNKNOWN_DIM,) * 3)),
        ("Conv1D", {"filters": 8, "kernel_size": 3, "padding": "causal"}, (None, 10, 4), (None, 10, 8)),
        ("Conv2DTranspose", {"filters": 8, "kernel_size": 3, "strides": 2}, (None, 7, 7, 3), (None, 15, 15, 8)),
        ("Conv2DTranspose", {"filters": 8, "kernel_size": 3, "strides": 2, "padding": "same"}, (None, 7, 7, 3), (None, 14, 14, 8)),
        ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2}, (None, 7, 7, 3), (None, 5, 5, 6)),
        ("SeparableConv2D", {"filters": 8, "kernel_size": 3}, (None, 7, 7, 3), (None, 5, 5, 8)),
        ("MaxPooling2D", {}, (None, 27, 27, 3), (None, 13, 13, 3)),
        ("AveragePooling1D", {"pool_size": 2, "strides": 1, "padding": "same"}, (None, 9, 3), (None, 9, 3)),
        ("GlobalAveragePooling2D", {}, (None, None, None, 3), (None, 3)),
        ("GlobalMaxPooling2D", {"keepdims": True}, (None, 4, 4, 3), (None, 1, 1, 3)),
        ("AdaptiveAveragePooling2D", {"output_size": (2, 3)}, (None, 9, 9, 3), (None, 2, 3, 3)),
        ("LSTM", {"units": 32}, (None, 10, 4), (None, 32)),
        ("GRU", {"units": 32, "return_sequences": True}, (None, N, 4), (None, N, 32)),
        ("Embedding", {"input_dim": 100, "output_dim": 16}, (None, 12), (None, 12, 16)),
        ("Flatten", {}, (None, 4, 5, 6), (None, 120)),
        ("Flatten", {}, (None, None, 5), (None, None)),
        ("Flatten", {}, (None, N, 5), (None, 5 * N)),
        ("Reshape", {"target_shape": (7, 7, 2)}, (None, 98), (None, 7, 7, 2)),
        ("Reshape", {"target_shape": (-1, 2)}, (None, 7, 4), (None, 14, 2)),
        ("Reshape", {"target_shape": (-1, 2)}, (None, None, 4), (None, None, 2)),
        ("Permute", {"dims": (2, 1)}, (None, 3, 4), (None, 4, 3)),
        ("RepeatVector", {"n": 6}, (None, 4), (None, 6, 4)),
        ("Cropping2D", {"cropping": ((1, 2), (0, 1))}, (None, 9, 9, 3), (None, 6, 8, 3)),
        ("ZeroPadding2D", {"padding": 2}, (None, 9, None, 3), (None, 13, None, 3)),
        ("UpSampling2D", {}, (None, 9, 8, 3), (None, 18, 16, 3)),
        ("BatchNormalization", {}, (None, 9, 8, 3), (None, 9, 8, 3)),
        ("Dropout", {"rate": 0.5}, (None, 9), (None, 9)),
        ("ConvLSTM2D", {"filters": 4, "kernel_size": 3, "return_sequences": True}, (None, 5, 8, 8, 3), (None, 5, 6, 6, 4)),
        ("EinsumDense", {"equation": "abc,cde->abde", "output_shape": (None, 2, 8)}, (None, 5, 16), (None, None, 2, 8)),
        ("Resizing", {"height": 32, "width": 48}, (None, 9, 9, 3), (None, 32, 48, 3)),
        ("CategoryEncoding", {"num_tokens": 5}, (None, 3), (None, 5)),
        ("TextVectorization", {"output_sequence_length": 20}, (None, 1), (None, 20)),
    ],
)
def test_output_shape(layer: str, config: dict[str, Any], given: Any, expected: Any) -> None:
    assert after(layer, given, **config) == expected


@pytest.mark.parametrize(
    ("layer", "config", "given", "expected"),
    [
        ("Add", {}, ((None, 4, 5), (None, 1, 5)), (None, 4, 5)),
        ("Add", {}, ((None, 5), (None, 4, 5)), (None, 4, 5)),
        ("Multiply", {}, ((None, 4, K), (None, 4, K)), (None, 4, K)),
        ("Concatenate", {}, ((None, 4, 5), (None, 4, 7)), (None, 4, 12)),
        ("Concatenate", {"axis": 1}, ((None, N, 5), (None, 4, 5)), (None, N + 4, 5)),
        ("Dot", {"axes": 1}, ((None, 5), (None, 5)), (None, 1)),
        ("Dot", {"axes": (2, 1)}, ((None, 4, 5), (None, 5, 6)), (None, 4, 6)),
        ("Attention", {}, ((None, 4, 8), (None, 6, 8)), (None, 4, 8)),
    ],
)
def test_several_inputs(layer: str, config: dict[str, Any], given: Any, expected: Any) -> None:
    assert after(layer, *given, **config) == expected


def test_states() -> None:
    with running():
        x = Array((None, 10, 4), "float32", "keras")
        shapes = [a.shape for a in call_with(make("LSTM", 8, return_sequences=True, return_state=True), (x,), {})]
        assert shapes == [(None, 10, 8), (None, 8), (None, 8)]
        both = call_with(make("Bidirectional", make("LSTM", 8, return_state=True)), (x,), {})
        assert [a.shape for a in both] == [(None, 16), (None, 8), (None, 8), (None, 8), (None, 8)]
        cells = make("RNN", listed(make("LSTMCell", 8), make("GRUCell", 6)), return_sequences=True)
        assert call_with(cells, (x,), {}).shape == (None, 10, 6)


def test_wrappers() -> None:
    with running():
        x = Array((None, 10, 28, 28, 3), "float32", "keras")
        assert call_with(make("TimeDistributed", make("Conv2D", 8, 3)), (x,), {}).shape == (None, 10, 26, 26, 8)
        x = Array((None, 10, 4), "float32", "keras")
        assert call_with(make("Bidirectional", make("GRU", 8, return_sequences=True), merge_mode="sum"), (x,), {}).shape == (None, 10, 8)


def test_lambda_calls_the_function() -> None:
    with running():
        x = Array((None, 10, 4), "float32", "keras")
        layer = make("Lambda", lambda t: Array(t.shape[:2], "float32", "tensor"))
        assert call_with(layer, (x,), {}).shape == (None, 10)
        assert call_with(make("Lambda", UNKNOWN, output_shape=(3, 4)), (x,), {}).shape == (None, 3, 4)


@pytest.mark.parametrize(
    ("layer", "config", "given", "expected"),
    [
        ("LSTM", {"units": 3}, [(None, 10)], "KSH201 LSTM takes an input of rank 3, got (None, 10) of rank 2"),
        ("Conv2D", {"filters": 3, "kernel_size": 3}, [(None, 2, 28, 28, 1)], "KSH201 Conv2D takes an input of rank 4"),
        (
            "Conv2D",
            {"filters": 3, "kernel_size": 3},
            [(None, 1, 28, 28)],
            "KSH203 Conv2D has a kernel of 3 along axis 1 of (None, 1, 28, 28)",
        ),
        ("MaxPooling2D", {}, [(None, 1, 4, 3)], "KSH203 MaxPooling2D has a pool of 2 along axis 1"),
        ("Cropping1D", {"cropping": 3}, [(None, 6, 2)], "KSH203 Cropping1D has a cropping of 6"),
        ("Add", {}, [(None, 4), (None, 5)], "KSH204 Add cannot merge (None, 4) and (None, 5): lengths 4 and 5 differ"),
        ("Concatenate", {}, [(None, 25, 8), (None, 24, 8)], "KSH204 Concatenate cannot merge"),
        ("Concatenate", {}, [(None, 25, 8), (None, 8)], "KSH204"),
        ("Dot", {"axes": 1}, [(None, 4), (None, 5)], "KSH204"),
        (
            "Reshape",
            {"target_shape": (7, 7, 2)},
            [(None, 100)],
            "KSH205 Reshape cannot turn (100,) into (7, 7, 2): 100 elements against 98",
        ),
        ("Reshape", {"target_shape": (-1, 3)}, [(None, 100)], "KSH205"),
        ("Reshape", {"target_shape": (28, 28, 3)}, [(None, 28 * K)], None),
        ("Dense", {"units": 3}, [(None, None)], "KSH206 Dense needs to know the length of axis -1, which is None"),
        ("Conv2D", {"filters": 3, "kernel_size": 3}, [(None, 28, 28, None)], "KSH206"),
        ("Conv2D", {"filters": 3, "kernel_size": (3, 3, 3)}, [(None, 28, 28, 1)], "KSH208 Conv2D: `kernel_size` takes one number or 2"),
        ("Conv2D", {"filters": 5, "kernel_size": 3, "groups": 2}, [(None, 28, 28, 2)], "KSH208"),
        ("Dense", {"units": 2.0}, [(None, 4)], "KSH208 Dense: `units` must be a positive whole number, got 2.0"),
        ("Dropout", {"rate": 50}, [(None, 4)], "KSH208"),
        ("Add", {}, [(None, 4)], "KSH211 Add is to be called on a list of tensors"),
    ],
)
def test_refusals(layer: str, config: dict[str, Any], given: list[Any], expected: str | None) -> None:
    if expected is None:
        after(layer, *given, **config)
    else:
        assert refusal(layer, *given, **config).startswith(expected)


def test_old_positional_convolution_is_explained() -> None:
    with running(), pytest.raises(Mismatch) as caught:
        x = Array((None, 8, 8, 3), "float32", "keras")
        for _ in range(3):
            x = call_with(make("Conv2D", 32, 3, 3), (x,), {})
    assert "strides" in (caught.value.record.help() or "")


ODD = [UNKNOWN, None, True, -1, 0, 2.5, "x", (), (1,), (1, 2, 3), listed(), listed(UNKNOWN), N, Array(None), Array((3,), data=(1, 2, 3))]


@pytest.mark.parametrize("major", [3, 2])
def test_odd_values_crash_no_model(major: int) -> None:
    """Any value may come for any parameter, and for the input."""
    from kshape_lint.catalogue import facts
    from kshape_lint.libraries.keras.objects import LayerObj, call_model_of, constructor_of

    inputs = [
        Array(None, None, "keras"),
        Array((), None, "tensor"),
        Array((None, 3, UNKNOWN_DIM, 4), None, "keras"),
        UNKNOWN,
        listed(UNKNOWN),
        None,
    ]
    with running(major):
        for path, known in facts(major).LAYERS.items():
            function, check = call_model_of(path), constructor_of(path)
            if function is None:
                continue
            code = function.__code__
            wanted = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
            plain = {name: (UNKNOWN if repr(default) in ("REQUIRED", "OPAQUE") else default) for name, default in known.parameters}
            for name in wanted:
                for odd in ODD:
                    config = {**plain, name: odd}
                    if check is not None:
                        checked = check.__code__
                        keys = checked.co_varnames[checked.co_argcount : checked.co_argcount + checked.co_kwonlyargcount]
                        _survives(check, (), {k: config[k] for k in keys if k in config})
                    given = {k: config.get(k, UNKNOWN) for k in wanted if k not in ("self", "built")}
                    extra = {k: v for k, v in (("self", LayerObj(path, config)), ("built", None)) if k in wanted}
                    for x in inputs:
                        args = (x,) * (code.co_argcount - len(function.__defaults__ or ()))
                        _survives(function, args, {**given, **extra})


def _survives(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    try:
        function(*args, **kwargs)
    except (Mismatch, Raises):
        return
    except Exception as fault:
        raise AssertionError(f"{function.__module__}.{function.__qualname__}{args} {kwargs}: {type(fault).__name__}: {fault}") from fault


@pytest.mark.parametrize("major", [3, 2])
def test_every_layer_is_known_or_opaque_for_a_reason(major: int) -> None:
    with running(major):
        for path in facts(major).LAYERS:
            assert (call_model_of(path) is None) == (path in OPAQUE), path


@pytest.mark.parametrize("arguments", ["64, W_regularizer='l2'", "8, 3, 3, border_mode='same'", "nb_filter=8, nb_row=3, nb_col=3"])
def test_nothing_is_said_of_calls_for_keras_1(arguments: str) -> None:
    from kshape_lint import check_source

    layer = "Dense" if "W_" in arguments else "Conv2D"
    assert (
        check_source(f"from keras import layers\nx = layers.{layer}({arguments})(layers.Input((8, 8, 3)))\nreveal_shape(x)\n")[0].shape
        is None
    )
