"""Preprocessing layers: images, numbers, categories, text, sound."""

from __future__ import annotations

from ....interpreter.values import UNKNOWN, Array, ListObj, Value
from ....rules.layers import LayerAxis, LayerRank, MergeShapes
from ....shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same
from ....shapes.reshape import plus, times
from ...api import Mismatch, as_dim, is_sequence, items, keras_major, models
from ..objects import Built, constructor, layer
from .common import FIRST, array_of, label, layout, no_tensor, output, refuse, slide, want_rank

SAME = (
    "AugMix", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "Equalization", "MixUp", "RandAugment",
    "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomElasticTransform", "RandomErasing",
    "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization",
    "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom", "Rescaling",
    "Solarization",
)  # fmt: skip
"""Image layers that leave the shape as it is."""


@layer(*(f"keras.layers.{name}" for name in SAME))
def unchanged(inputs: Value, *, data_format: Value = None, self: Value = None) -> Array:
    """Leave the shape as it is; labelled data in a dict is not followed."""
    x = array_of(inputs)
    name = label(self)
    if name in COLOURED and x.shape is not None and len(x.shape) in (3, 4):
        form = layout(self, data_format)
        if form is not None:
            _want_colours(x, name, -3 if form == FIRST else -1)
    return output(x, x.shape)


COLOURED = {"RandomHue": (3,), "RandomSaturation": (3,), "RandomGrayscale": (1, 3), "RandomColorDegeneration": (1, 3)}
"""Layers that change colours, and how many channels they take."""


def _want_colours(x: Array, name: str, axis: int) -> None:
    """Refuse images of other channels, where the layer runs: symbolic ones are looked at by one of them alone."""
    from ..engine import outer_training

    taken = COLOURED[name]
    if x.kind == "keras":
        if name != "RandomColorDegeneration":
            return
        taken = (3,)
    elif outer_training() is not None and outer_training() is not True:
        return
    assert x.shape is not None
    if all(same(x.shape[axis], n) is False for n in taken):
        raise Mismatch(LayerAxis(name, x.shape, axis % len(x.shape), 3), x)


def _length(value: Value) -> Dim:
    d = as_dim(value)
    return UNKNOWN_DIM if d is None else d


def _resized(x: Array, height: Dim, width: Dim, form: str | None) -> Array:
    if x.shape is None or len(x.shape) not in (3, 4):
        return output(x, None)
    shape = list(x.shape)
    at = len(shape) - (2 if form == FIRST else 3)
    if form is None:
        shape[-3:] = [UNKNOWN_DIM] * 3
    else:
        shape[at : at + 2] = [height, width]
    return output(x, tuple(shape))


def _cut(x: Array, height: Dim, width: Dim, form: str | None) -> Array:
    if keras_major() == 2 and x.shape is not None and None in x.shape[1:]:
        # Keras 2 loses the batch size with the others.
        x = output(x, (None, *x.shape[1:]))
    return _resized(x, height, width, form)


@layer("keras.layers.Resizing")
def resizing(
    inputs: Value, *, height: Value, width: Value, crop_to_aspect_ratio: Value = False, data_format: Value = None, self: Value = None
) -> Array:
    """Scale images to one size."""
    x = array_of(inputs)
    if keras_major() == 2 and crop_to_aspect_ratio is False and x.shape is not None and len(x.shape) not in (3, 4):
        raise Mismatch(LayerRank(label(self), x.shape, min_rank=3, max_rank=4), x)
    made = _resized if crop_to_aspect_ratio is False else _cut
    return made(x, _length(height), _length(width), layout(self, data_format))


@layer("keras.layers.CenterCrop")
def center_crop(inputs: Value, *, height: Value, width: Value, data_format: Value = None, self: Value = None) -> Array:
    """Cut (or scale) images to one size."""
    x = array_of(inputs)
    if x.shape is not None and len(x.shape) not in (3, 4) and keras_major() == 3:
        raise Mismatch(LayerRank(label(self), x.shape, min_rank=3, max_rank=4), x)
    return _cut(x, _length(height), _length(width), layout(self, data_format))


@layer("keras.layers.RandomCrop")
def random_crop(inputs: Value, *, height: Value, width: Value, data_format: Value = None, self: Value = None) -> Array:
    """Cut images to one size."""
    return _cut(array_of(inputs), _length(height), _length(width), layout(self, data_format))


@layer("keras.layers.RandomHeight", "keras.layers.RandomWidth")
def random_size(inputs: Value, *, self: Value = None) -> Array:
    """Scale images along one axis by chance."""
    x = array_of(inputs)
    if x.shape is None or len(x.shape) not in (3, 4):
        return output(x, None)
    shape = list(x.shape)
    shape[-3 if label(self) == "RandomHeight" else -2] = None if x.kind == "keras" else UNKNOWN_DIM
    return output(x, tuple(shape))


@layer("keras.layers.Normalization")
def normalization(inputs: Value, *, axis: Value = -1, self: Value = None, built: Built | None = None) -> Array:
    """Leave the shape as it is, unless the numbers to normalise by were made for another one: they broadcast."""
    x = array_of(inputs)
    if built is None or built.shape is None or x.shape is None or (keras_major() == 3 and x.kind == "keras"):
        return output(x, x.shape)
    if len(built.shape) == len(x.shape) and axis in (None, -1):
        old, new = built.shape[-1], x.shape[-1]
        if same(old, new) is False and same(old, 1) is False and same(new, 1) is False:
            raise Mismatch(LayerAxis(label(self), x.shape, len(x.shape) - 1, old), x)
        if same(old, new) is True:
            return output(x, x.shape)
    return output(x, None)


@models("keras.layers.Normalization.mean", "keras.layers.Normalization.variance", kind="property")
def statistics(self: Value) -> Value:
    """Return what is subtracted and divided by: broadcast to the input once the layer is built."""
    return UNKNOWN


def _encoded(x: Array, mode: Value, depth: Dim, *, plain_vector: bool) -> Array:
    """Return the shape of encoded categories: as they are, each one-hot, or one multi-hot row for the last axis."""
    if x.shape is None or not isinstance(mode, str):
        return output(x, None)
    if mode == "int":
        return output(x, x.shape, "int64")
    if keras_major() == 2 and len(x.shape) != 2:
        return output(x, None)
    if not x.shape:
        return output(x, (depth,))
    if mode == "one_hot":
        single = same(x.shape[-1], 1)
        if single is None and x.shape[-1] is not None:
            return output(x, None)
        if single and len(x.shape) > 1:
            return output(x, (*x.shape[:-1], depth))
        if keras_major() == 2:
            return output(x, None)
        return output(x, (*x.shape, depth))
    if len(x.shape) == 1 and not plain_vector:
        return output(x, None)
    if len(x.shape) > 2 and x.kind != "keras":
        return output(x, (x.shape[0], *x.shape[2:], depth))  # data come out otherwise than the symbolic shape says
    return output(x, (*x.shape[:-1], depth))


@constructor("keras.layers.CategoryEncoding")
def category_arguments(*, num_tokens: Value = None, output_mode: Value = "multi_hot") -> None:
    """Check the number of categories."""
    if num_tokens is None:
        raise refuse("CategoryEncoding", "`num_tokens` must be given")
    if isinstance(num_tokens, int) and num_tokens < 1:
        raise refuse("CategoryEncoding", f"`num_tokens` must be positive, got {num_tokens}")
    if isinstance(output_mode, str) and output_mode not in ("count", "one_hot", "multi_hot"):
        raise refuse("CategoryEncoding", f"`output_mode` must be 'count', 'one_hot' or 'multi_hot', got {output_mode!r}")


@layer("keras.layers.CategoryEncoding")
def category_encoding(
    inputs: Value, *, num_tokens: Value = None, output_mode: Value = "multi_hot", sparse: Value = False, self: Value = None
) -> Array:
    """Encode indices."""
    return _perhaps_sparse(_categories(inputs, num_tokens, output_mode, self), sparse)


def _perhaps_sparse(made: Array, sparse: Value) -> Array:
    """Return what is encoded as a layer gives it: Keras 2 loses the batch size of symbolic inputs where the output is sparse."""
    return made if sparse is False or not made.shape or len(made.shape) < 2 else _batch_lost(made, made.shape)


def _categories(inputs: Value, num_tokens: Value, output_mode: Value, self: Value) -> Array:
    x = array_of(inputs)
    _two_axes_at_most(self, x, output_mode)
    if x.shape is not None and len(x.shape) == 1 and output_mode in ("multi_hot", "count", "one_hot"):
        return output(x, (*x.shape[: output_mode == "one_hot"], _length(num_tokens)))
    return _encoded(x, output_mode, _length(num_tokens), plain_vector=False)


@layer("keras.layers.Hashing")
def hashing(inputs: Value, *, num_bins: Value, output_mode: Value = "int", sparse: Value = False) -> Array:
    """Hash categories into bins."""
    x = array_of(inputs)
    if x.kind == "keras" and output_mode == "one_hot":
        return output(x, None)
    return _perhaps_sparse(_encoded(x, output_mode, _length(num_bins), plain_vector=True), sparse)


@layer("keras.layers.IntegerLookup", "keras.layers.StringLookup")
def lookup(
    inputs: Value,
    *,
    output_mode: Value = "int",
    max_tokens: Value = None,
    pad_to_max_tokens: Value = False,
    invert: Value = False,
    vocabulary: Value = None,
    num_oov_indices: Value = 1,
    sparse: Value = False,
    self: Value = None,
) -> Array:
    """Look categories up in a vocabulary."""
    x = array_of(inputs)
    if invert is not False and output_mode == "int":
        return output(x, x.shape, None)
    _two_axes_at_most(self, x, output_mode)
    depth = as_dim(max_tokens) if pad_to_max_tokens is True else _tokens(vocabulary, num_oov_indices)
    depth = UNKNOWN_DIM if depth is None else depth
    if x.shape is not None and len(x.shape) == 1:
        if output_mode == "one_hot":
            return _perhaps_sparse(output(x, (x.shape[0], depth)), sparse)
        if output_mode in ("multi_hot", "count"):
            return output(x, (depth,))
    return _perhaps_sparse(_encoded(x, output_mode, depth, plain_vector=False), sparse)


def _two_axes_at_most(self: Value, x: Array, mode: Value) -> None:
    """Refuse, as Keras 2 does, what would come out encoded with more than two axes."""
    if keras_major() == 2 and x.shape and mode in ("one_hot", "multi_hot", "count", "tf_idf"):
        most = 2 if mode != "one_hot" or same(x.shape[-1], 1) is not False else 1
        if len(x.shape) > most:
            raise Mismatch(LayerRank(label(self), x.shape, max_rank=most), x)


def _tokens(vocabulary: Value, outside: Value) -> Dim:
    """Return how many tokens a vocabulary written out has, those that stand for what it has not included."""
    words = items(vocabulary) if is_sequence(vocabulary) else None
    known = words is not None and all(isinstance(w, (str, int)) for w in words) and len(set(words)) == len(words)
    if words is None or not known or not isinstance(outside, int) or any(w in ("", "[UNK]", -1, 0) for w in words):
        return UNKNOWN_DIM
    return len(words) + outside


def _indices_alone(name: str) -> None:
    @constructor(f"keras.layers.{name}")
    def check(*, output_mode: Value = "int", sparse: Value = False, invert: Value = False) -> None:
        if invert is True and isinstance(output_mode, str) and output_mode != "int":
            raise refuse(name, f"`invert=True` takes the `output_mode` 'int', got {output_mode!r}")
        if sparse is True and output_mode == "int":
            raise refuse(name, "`sparse=True` takes an `output_mode` of 'one_hot', 'multi_hot' or 'count', got 'int'")


for _name in ("Discretization", "Hashing", "IntegerLookup", "StringLookup"):
    _indices_alone(_name)


@constructor("keras.layers.TextVectorization")
def text_arguments(
    *, output_mode: Value = "int", sparse: Value = False, ragged: Value = False, output_sequence_length: Value = None
) -> None:
    """Check which forms of output go together."""
    if sparse is True and output_mode == "int":
        raise refuse("TextVectorization", "`sparse=True` takes an `output_mode` of 'multi_hot', 'count' or 'tf_idf', got 'int'")
    if ragged is True and isinstance(output_mode, str) and output_mode != "int":
        raise refuse("TextVectorization", f"`ragged=True` takes the `output_mode` 'int', got {output_mode!r}")
    if ragged is True and isinstance(output_sequence_length, int) and keras_major() == 2:
        raise refuse("TextVectorization", "`output_sequence_length` cannot be given where `ragged` is")


@constructor("keras.layers.HashedCrossing")
def crossing_arguments(*, output_mode: Value = "int") -> None:
    """Check the form of the output."""
    if isinstance(output_mode, str) and output_mode not in ("int", "one_hot"):
        raise refuse("HashedCrossing", f"`output_mode` must be 'int' or 'one_hot', got {output_mode!r}")


@layer("keras.layers.Discretization")
def discretization(
    inputs: Value,
    *,
    output_mode: Value = "int",
    bin_boundaries: Value = None,
    num_bins: Value = None,
    sparse: Value = False,
    self: Value = None,
) -> Array:
    """Put numbers into bins: one more than there are boundaries."""
    x = array_of(inputs)
    _two_axes_at_most(self, x, output_mode)
    bounds = items(bin_boundaries) if is_sequence(bin_boundaries) else None
    depth = _length(num_bins) if bounds is None else len(bounds) + 1
    if x.shape and output_mode in ("multi_hot", "count") and len(x.shape) != 2:
        return output(x, (*x.shape[:1], *x.shape[2:], depth) if len(x.shape) > 2 else (depth,))
    return _perhaps_sparse(_encoded(x, output_mode, depth, plain_vector=False), sparse)


def _batch_lost(x: Array, shape: Shape | None) -> Array:
    """Return the output of a layer that, in Keras 2, tells no batch size of symbolic inputs."""
    return output(x, (None, *shape[1:]) if shape and keras_major() == 2 and x.kind == "keras" else shape, "int64")


@layer("keras.layers.HashedCrossing")
def hashed_crossing(inputs: Value, *, num_bins: Value, output_mode: Value = "int", self: Value = None) -> Array:
    """Cross two columns of categories."""
    parts = items(inputs) if is_sequence(inputs) else None
    if parts is None:
        return array_of(UNKNOWN)
    arrays = [array_of(p) for p in parts]
    if len(arrays) < 2:
        raise no_tensor(self, f"is to be called on two tensors, got {len(arrays)}", *arrays)
    first, second = arrays[0].shape, arrays[1].shape
    if first is not None and second is not None:
        if len(first) != len(second) or (first and same(first[-1], second[-1]) is False):
            raise Mismatch(MergeShapes(label(self), (first, second), "their shapes differ"), *arrays)
        if keras_major() == 2 or arrays[0].kind != "keras":
            if len(first) > 2:
                raise Mismatch(LayerRank(label(self), first, max_rank=2), *arrays)
            if len(first) == 2 and same(first[1], 1) is False:
                raise Mismatch(MergeShapes(label(self), (first, second), "they must be columns, of one feature each"), *arrays)
    if output_mode == "one_hot" and first and same(first[-1], 1 if len(first) == 2 else first[-1]) is not False:
        return _batch_lost(arrays[0], (first[0], _length(num_bins)))
    return _batch_lost(arrays[0], first) if output_mode == "int" else output(arrays[0], None, "int64")


@layer("keras.layers.TextVectorization")
def text_vectorization(
    inputs: Value,
    *,
    output_mode: Value = "int",
    output_sequence_length: Value = None,
    max_tokens: Value = None,
    pad_to_max_tokens: Value = False,
    ragged: Value = False,
    split: Value = "whitespace",
    vocabulary: Value = None,
    self: Value = None,
) -> Array:
    """Turn texts into rows of indices, padded to one length, or into bags of words."""
    x = array_of(inputs)
    if ragged is not False or not isinstance(output_mode, str) or split not in ("whitespace", "character") or x.shape is None:
        return output(x, None)
    told = keras_major() == 3 and x.kind == "keras"
    single = len(x.shape) < 2 or same(x.shape[-1], 1)
    if single is False and not told:
        raise Mismatch(LayerRank(label(self), x.shape, max_rank=1, hint="texts go in as (samples,) or (samples, 1)"), x)
    if len(x.shape) not in (1, 2) or single is None:
        return output(x, None, "int64" if output_mode == "int" else None)
    if output_mode == "int":
        length = as_dim(output_sequence_length)
        if length is None and x.kind != "keras":
            length = UNKNOWN_DIM
        return _batch_lost(x, (x.shape[0], length)) if split == "whitespace" else output(x, (x.shape[0], length), "int64")
    if output_mode == "one_hot":
        # Keras takes it, though it is none of this layer's modes: each word of a text has a row.
        return output(x, None)
    depth = as_dim(max_tokens) if pad_to_max_tokens is True else _tokens(vocabulary, 1)
    depth = UNKNOWN_DIM if depth is None else depth
    # The symbolic shape of Keras 3 keeps the axis of one text, the data lose it.
    shape = (*x.shape, depth) if told else (x.shape[0], depth)
    return output(x, (None, *shape[1:]) if keras_major() == 2 and x.kind == "keras" and split == "whitespace" else shape)


@layer("keras.layers.MelSpectrogram")
def mel_spectrogram(inputs: Value, *, sequence_stride: Value = 512, num_mel_bins: Value = 128) -> Array:
    """Turn sound into mel bins by time."""
    x = array_of(inputs)
    if x.shape is None or len(x.shape) not in (1, 2):
        return output(x, None)
    stride, length = as_dim(sequence_stride), x.shape[-1]
    steps: Dim = None if length is None else UNKNOWN_DIM
    if x.kind == "keras" and is_exact(length) and isinstance(stride, int) and stride > 0:
        steps = plus(length, stride + 1)
        steps = steps // stride if is_exact(steps) else steps
    elif isinstance(length, int) and isinstance(stride, int) and stride > 0:
        steps = length // stride + 1
    return output(x, (*x.shape[:-1], _length(num_mel_bins), steps))


@layer("keras.layers.STFTSpectrogram")
def stft_spectrogram(
    inputs: Value,
    *,
    mode: Value = "log",
    frame_length: Value = 256,
    frame_step: Value = None,
    fft_length: Value = None,
    padding: Value = "valid",
    expand_dims: Value = False,
    data_format: Value = None,
    self: Value = None,
) -> Array:
    """Turn sound into frequencies by time."""
    x = array_of(inputs)
    form = layout(self, data_format)
    if x.shape is None:
        return output(x, None)
    want_rank(self, x, 3)
    if form is None or not isinstance(mode, str) or not isinstance(expand_dims, bool) or not isinstance(frame_length, int):
        return output(x, None)
    frame = frame_length
    step = _length(frame // 2 if frame_step is None else frame_step)
    transform = _length(frame if fft_length is None else fft_length)
    last = form != FIRST
    steps = slide(self, x, 1 if last else 2, frame, step, padding if isinstance(padding, str) else None, what="frame", lenient=True)
    if steps is UNKNOWN_DIM and x.kind != "keras":
        return output(x, None)  # a frame longer than the sound: TensorFlow gives anything
    bins: Dim = transform // 2 + 1 if is_exact(transform) else UNKNOWN_DIM
    if mode == "stft":
        bins = times(bins, 2)
    channels = x.shape[-1 if last else 1]
    if expand_dims:
        return output(x, (x.shape[0], steps, bins, channels) if last else (x.shape[0], channels, steps, bins))
    flat = times(bins, channels)
    return output(x, (x.shape[0], steps, flat) if last else (x.shape[0], flat, steps))


@layer("keras.layers.MaxNumBoundingBoxes")
def max_boxes(inputs: Value) -> Value:
    """Leave images as they are; the boxes in a dict of labelled data are not followed."""
    return output(inputs, inputs.shape) if isinstance(inputs, Array) and inputs.kind == "keras" else UNKNOWN


@layer("keras.layers.Pipeline")
def pipeline(inputs: Value, *, layers: Value) -> Value:
    """Apply layers one after the other."""
    from ..engine import call_layer

    parts = items(layers) if isinstance(layers, (tuple, ListObj)) else None
    if parts is None:
        return UNKNOWN
    for part in parts:
        inputs = call_layer(part, inputs)
    return inputs
