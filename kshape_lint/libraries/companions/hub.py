"""TensorFlow Hub: what a ``KerasLayer`` gives, as far as its arguments or its module's address state it."""

from __future__ import annotations

import re

from ...interpreter.values import UNKNOWN, Array, DictObj, Value
from ...shapes import UNKNOWN_DIM, Dim
from ..api import as_shape
from ..keras.layers.common import array_of, output
from .common import batched, layer_class

_SENTENCES = re.compile(r"-dim(\d+)\b|-(\d+)dim\b")
_BERT = re.compile(r"/(?:small_|experts_)?bert[/_].*?L-\d+_H-(\d+)_A-\d+/\d+$")
_UNIVERSAL = re.compile(r"/universal-sentence-encoder(?:-large|-multilingual|-multilingual-large)?/\d+$")
_VECTORS = re.compile(r"/(?:feature_vector|classification)(?:/\d+)?$|/bit/[ms]-r\d+x\d+(?:/\d+)?$")


@layer_class(
    "tensorflow_hub.KerasLayer",
    ("handle", "trainable", "arguments"),
    handle=UNKNOWN,
    arguments=None,
    output_shape=None,
    signature=None,
    output_key=None,
)
def keras_layer(inputs: Value, *, handle: Value, output_shape: Value, arguments: Value, signature: Value, output_key: Value) -> Value:
    """A module: its output has the shape that ``output_shape`` states, else what the kind of module tells by its address."""
    x = array_of(_first(inputs))
    if output_shape is not None:
        shape = as_shape(output_shape)
        # What is None there the module decides.
        return batched(x, *(UNKNOWN_DIM if d is None else d for d in shape)) if shape is not None else output(x, None)
    if not isinstance(handle, str) or arguments is not None or signature is not None or output_key is not None:
        return UNKNOWN
    sentences = _SENTENCES.search(handle)
    if sentences is not None and ("nnlm" in handle or "swivel" in handle):
        return batched(x, int(sentences[1] or sentences[2]))
    if _UNIVERSAL.search(handle):
        return batched(x, 512)
    if _VECTORS.search(handle):
        return batched(x, UNKNOWN_DIM)
    bert = _BERT.search(handle)
    if bert is not None:
        return _encoded(x, int(bert[1]))
    return UNKNOWN


def _first(inputs: Value) -> Value:
    if isinstance(inputs, DictObj):
        return next(iter(inputs.state.values()), UNKNOWN)
    return inputs


def _encoded(x: Array, width: Dim) -> Value:
    """Return what an encoder of texts gives: one vector for each text, and one for each token."""
    length = x.shape[1] if x.shape is not None and len(x.shape) == 2 else UNKNOWN_DIM
    return DictObj(
        {
            "default": UNKNOWN,
            "pooled_output": batched(x, width),
            "sequence_output": batched(x, length, width),
            "encoder_outputs": UNKNOWN,
        }
    )
