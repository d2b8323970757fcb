"""``keras.utils`` and ``keras.preprocessing``: arrays in, arrays or datasets out."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Kind, LibObj, ListObj, Seq, Unknown, Value, some_text
from ...rules.arrays import RankDemanded
from ...rules.contract import LabelRange
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, same
from ..api import Mismatch, as_dim, as_shape, fresh, items, keras_major, models
from ..arraylike import as_array, nested, samples
from ..numpy.convert import MOST_ELEMENTS, bounds_of
from ..tensorflow.data import DatasetState, dataset
from .losses import label_range

CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}


@models("keras.utils.to_categorical")
def to_categorical(x: Value = UNKNOWN, num_classes: Value = None, dtype: Value = None, y: Value = None) -> Value:
    """Model of ``to_categorical``: a new last axis of classes, in the place of one of size 1."""
    labels = as_array(y if isinstance(x, Unknown) and y is not None else x)
    if labels is None or labels.shape is None:
        return Array(None, None)
    shape = labels.shape
    if len(shape) > 1:
        last = same(shape[-1], 1)
        if last is None:
            return Array(None, None)
        if last:
            shape = shape[:-1]
    classes = as_dim(num_classes)
    found = label_range(labels)
    if classes is None:
        classes = found[1] + 1 if found is not None and found[1] >= 0 else fresh("classes", 2 if _are_labels(labels) else 1)
    elif isinstance(classes, int) and found is not None and found[1] >= classes and (keras_major() < 3 or labels.kind == "numpy"):
        raise Mismatch(LabelRange("to_categorical", found[0], found[1], classes), labels)
    made = "float64" if keras_major() >= 3 else "float32"
    tensor = labels.kind == "tensor" and keras_major() >= 3
    return Array((*shape, classes), None if dtype is not None else made, "tensor" if tensor else "numpy", bounds=(0.0, 1.0))


def _are_labels(values: Array) -> bool:
    """Tell whether values that are not known stand for classes, of which there are at least two; fractions all count as class 0."""
    if values.bounds is not None and values.bounds[1] < 1:
        return False
    return values.dtype.lstrip("u").startswith("int") if values.dtype is not None else len(values.shape or ()) == 1


@models("keras.utils.normalize")
def normalize(x: Value, axis: Value = -1, order: Value = 2) -> Value:
    """Model of ``keras.utils.normalize``."""
    a = as_array(x)
    if a is None:
        return UNKNOWN
    shape: Shape | None = (1, *a.shape) if a.shape is not None and len(a.shape) == 1 else a.shape
    return Array(shape, a.dtype if a.dtype in ("float32", "float64") else "float64", a.kind)


def _lengths(sequences: Value) -> tuple[Dim, Shape | None, Dim]:
    """Return how many sequences there are, the shape of one step where known, and the length of the longest."""
    a = as_array(sequences) if isinstance(sequences, Array) else None
    if a is not None:
        if a.dtype == "object" or a.shape is None:
            return (a.shape[0] if a.shape else UNKNOWN_DIM), None if a.shape is None or len(a.shape) != 1 else (), UNKNOWN_DIM
        if len(a.shape) == 1:
            raise Mismatch(RankDemanded("pad_sequences", a.shape, "a list of sequences", "wrap it: [sequence]"), a)
        return a.shape[0], a.shape[2:], a.shape[1]
    count = samples(sequences)
    parts = items(sequences)
    if parts is None:
        state = sequences.state if isinstance(sequences, ListObj) else None
        element = state.element if isinstance(state, Seq) else UNKNOWN
        one = nested(element) if isinstance(element, (tuple, ListObj, Array)) else None
        return count, one.shape[1:] if one is not None and one.shape else None, UNKNOWN_DIM
    if parts and all(isinstance(p, (int, float, Poly)) and not isinstance(p, bool) for p in parts):
        raise Mismatch(RankDemanded("pad_sequences", (count,), "a list of sequences", "wrap it: [sequence]"))
    longest: Dim = UNKNOWN_DIM
    lengths = [samples(p) for p in parts]
    if lengths and all(isinstance(d, int) for d in lengths):
        longest = max(d for d in lengths if isinstance(d, int))
    step: Shape | None = None
    for p in parts:
        one = nested(p)
        if one is not None and one.shape:
            step = one.shape[1:]
            break
        if isinstance(p, (tuple, ListObj)) and items(p) is None:
            step = None
    return count, step, longest


@models("keras.utils.pad_sequences")
def pad_sequences(
    sequences: Value,
    maxlen: Value = None,
    dtype: Value = "int32",
    padding: Value = "pre",
    truncating: Value = "pre",
    value: Value = 0.0,
) -> Value:
    """Model of ``pad_sequences``: (samples, maxlen), and the axes of one step if it has any."""
    count, step, longest = _lengths(sequences)
    length: Dim = as_dim(maxlen)
    if length is None:
        length = longest if longest is not UNKNOWN_DIM else fresh("maxlen")
    if step is None:
        # Nearly always lists of words or numbers; arrays of steps say so themselves.
        step = ()
    padded = _padded(sequences, length, padding, truncating, value) if step == () and dtype in ("int32", "int64") else None
    return Array((count, length, *step), dtype if isinstance(dtype, str) else None, data=padded, bounds=bounds_of(padded))


def _padded(sequences: Value, length: Dim, padding: Value, truncating: Value, value: Value) -> tuple[int, ...] | None:
    """Return the numbers that ``pad_sequences`` gives, one row after the other, where they are few and all known."""
    rows = [items(row) if isinstance(row, (tuple, ListObj)) else None for row in items(sequences) or ()]
    if not rows or not isinstance(length, int) or len(rows) * length > MOST_ELEMENTS or not isinstance(value, (int, float)):
        return None
    out: list[int] = []
    for row in rows:
        if row is None or not all(type(number) is int for number in row):
            return None
        kept = row[max(len(row) - length, 0) :] if truncating == "pre" else row[:length]
        filling = (int(value),) * (length - len(kept))
        out.extend((*filling, *kept) if padding == "pre" else (*kept, *filling))
    return tuple(out)


# Data sets from directories and arrays -------------------------------------------------------------------------------------------


def _with_labels(x: Array, label_mode: Value, classes: Dim, batched: bool) -> Value:
    head: Shape = (None,) if batched else ()
    if label_mode is None:
        return x
    if label_mode == "int":
        return x, Array(head, "int32", "tensor")
    if label_mode == "categorical":
        return x, Array((*head, classes), "float32", "tensor")
    if label_mode == "binary":
        return x, Array((*head, 1), "float32", "tensor")
    return x, UNKNOWN


def _dataset(spec: Value, batch_size: Value, class_names: Value) -> LibObj:
    batched = batch_size is not None
    size = as_dim(batch_size) if batched else UNKNOWN_DIM
    state = DatasetState(spec, UNKNOWN_DIM, 1 if batched else 0, UNKNOWN_DIM if size is None else size, UNKNOWN_DIM, class_names)
    return dataset(state)


def _class_count(class_names: Value) -> Dim:
    parts = items(class_names)
    return len(parts) if parts is not None else fresh("classes", 2)


def _names(class_names: Value, classes: Dim) -> Value:
    return class_names if items(class_names) is not None else ListObj(Seq(None, UNKNOWN, classes))


def _both(spec: Value, batch_size: Value, names: Value, subset: Value) -> Value:
    if subset == "both":
        return ListObj(Seq((_dataset(spec, batch_size, names), _dataset(spec, batch_size, names))))
    return _dataset(spec, batch_size, names)


def _sides(size: Value) -> Shape:
    shape = as_shape(size)
    return tuple(UNKNOWN_DIM if d is None else d for d in shape) if shape is not None and len(shape) == 2 else (UNKNOWN_DIM, UNKNOWN_DIM)


def _from_directory(
    sample: Shape, dtype: str, kind: Kind, labels: Value, label_mode: Value, class_names: Value, batch_size: Value, subset: Value
) -> Value:
    """Return the dataset of the files below a directory, one sample each, labelled by their directories."""
    classes = _class_count(class_names)
    batched = batch_size is not None
    x = Array((None, *sample) if batched else sample, dtype, kind)
    spec = _with_labels(x, None if labels is None else label_mode, classes, batched)
    return _both(spec, batch_size, _names(class_names, classes), subset)


@models("keras.preprocessing.image_dataset_from_directory")
def image_dataset_from_directory(
    directory: Value = None,
    labels: Value = "inferred",
    label_mode: Value = "int",
    class_names: Value = None,
    color_mode: Value = "rgb",
    batch_size: Value = 32,
    image_size: Value = (256, 256),
    shuffle: Value = True,
    seed: Value = None,
    validation_split: Value = None,
    subset: Value = None,
    interpolation: Value = "bilinear",
    follow_links: Value = False,
    crop_to_aspect_ratio: Value = False,
    pad_to_aspect_ratio: Value = False,
    data_format: Value = None,
    **kwargs: Value,
) -> Value:
    """Model of ``image_dataset_from_directory``: batches of images of one size, labelled by their directories."""
    channels = CHANNELS.get(color_mode, UNKNOWN_DIM) if isinstance(color_mode, str) else UNKNOWN_DIM
    sides = _sides(image_size)
    image: Shape = (*sides, channels) if data_format in (None, "channels_last") else (UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM)
    return _from_directory(image, "float32", "tensor", labels, label_mode, class_names, batch_size, subset)


@models("keras.utils.get_file")
def get_file(*args: Value, **kwargs: Value) -> Value:
    """Model of ``get_file``: a path."""
    return some_text()


@models("keras.preprocessing.text_dataset_from_directory")
def text_dataset_from_directory(
    directory: Value = None,
    labels: Value = "inferred",
    label_mode: Value = "int",
    class_names: Value = None,
    batch_size: Value = 32,
    max_length: Value = None,
    shuffle: Value = True,
    seed: Value = None,
    validation_split: Value = None,
    subset: Value = None,
    follow_links: Value = False,
    **kwargs: Value,
) -> Value:
    """Model of ``text_dataset_from_directory``: batches of strings."""
    return _from_directory((), "str", "tensor", labels, label_mode, class_names, batch_size, subset)


@models("keras.utils.audio_dataset_from_directory")
def audio_dataset_from_directory(
    directory: Value = None,
    labels: Value = "inferred",
    label_mode: Value = "int",
    class_names: Value = None,
    batch_size: Value = 32,
    sampling_rate: Value = None,
    output_sequence_length: Value = None,
    ragged: Value = False,
    shuffle: Value = True,
    seed: Value = None,
    validation_split: Value = None,
    subset: Value = None,
    follow_links: Value = False,
    **kwargs: Value,
) -> Value:
    """Model of ``audio_dataset_from_directory``: batches of (samples, channels)."""
    sound: Shape = (None if output_sequence_length is None else as_dim(output_sequence_length), None)
    kind: Kind = "ragged" if ragged is True else "tensor"
    return _from_directory(sound, "float32", kind, labels, label_mode, class_names, batch_size, subset)


@models("keras.preprocessing.timeseries_dataset_from_array")
def timeseries_dataset_from_array(
    data: Value = None,
    targets: Value = None,
    sequence_length: Value = UNKNOWN,
    sequence_stride: Value = 1,
    sampling_rate: Value = 1,
    batch_size: Value = 128,
    shuffle: Value = False,
    seed: Value = None,
    start_index: Value = None,
    end_index: Value = None,
    **kwargs: Value,
) -> Value:
    """Model of ``timeseries_dataset_from_array``: windows of a series, whose length TensorFlow does not know statically."""
    a = as_array(data)
    batched = batch_size is not None
    head: Shape = (None, None) if batched else (None,)
    x: Value = Array(None, None, "tensor") if a is None or not a.shape else Array((*head, *a.shape[1:]), a.dtype, "tensor")
    spec: Value = x
    if targets is not None:
        t = as_array(targets)
        known = t is not None and t.shape
        spec = (
            x,
            Array((*head[:-1], *t.shape[1:]), t.dtype, "tensor") if t is not None and known and t.shape else Array(None, None, "tensor"),
        )
    return _dataset(spec, batch_size, None)


# Images --------------------------------------------------------------------------------------------------------------------------


@models("keras.utils.load_img")
def load_img(
    path: Value = None, *args: Value, color_mode: Value = "rgb", target_size: Value = None, grayscale: Value = False, **kwargs: Value
) -> Value:
    """Model of ``load_img``: a Pillow image, of `target_size` (height, width) where that is given."""
    from ..images.pillow import image

    if args and keras_major() < 3:
        grayscale, args = args[0], args[1:]
    if args:
        color_mode = args[0]
    if len(args) > 1:
        target_size = args[1]
    mode = {"rgb": "RGB", "rgba": "RGBA", "grayscale": "L"}.get(color_mode) if isinstance(color_mode, str) else None
    if grayscale is not False:
        mode = "L" if grayscale is True else None
    if target_size is None:
        return image(fresh("width"), fresh("height"), mode)
    height, width = _sides(target_size)
    return image(width, height, mode)


@models("keras.utils.img_to_array")
def img_to_array(img: Value, data_format: Value = None, dtype: Value = None) -> Value:
    """Model of ``img_to_array``: (height, width, channels), the channel axis added where it lacks."""
    a = as_array(img)
    name = dtype if isinstance(dtype, str) else "float32"
    if a is None or a.shape is None:
        return Array((UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM), name)
    if len(a.shape) not in (2, 3):
        raise Mismatch(RankDemanded("img_to_array", a.shape, "one image, rank 2 or 3"), a)
    if data_format == "channels_first":
        moved: Shape = (1, *a.shape) if len(a.shape) == 2 else (a.shape[2], *a.shape[:2])
        return Array(moved, name)
    return Array((*a.shape, 1) if len(a.shape) == 2 else a.shape, name)


@models("keras.utils.array_to_img")
def array_to_img(x: Value, data_format: Value = None, scale: Value = True, dtype: Value = None) -> Value:
    """Model of ``array_to_img``: takes one image of rank 3."""
    a = as_array(x)
    if a is not None and a.shape is not None and len(a.shape) != 3:
        raise Mismatch(RankDemanded("array_to_img", a.shape, "one image, rank 3", "pass one image of the batch: x[0]"), a)
    return UNKNOWN


@models("keras.utils.save_img")
def save_img(path: Value, x: Value, data_format: Value = None, file_format: Value = None, scale: Value = True, **kwargs: Value) -> Value:
    """Model of ``save_img``."""
    array_to_img(x)
    return None


# The rest ------------------------------------------------------------------------------------------------------------------------


@models(
    "keras.utils.set_random_seed", "keras.utils.plot_model", "keras.utils.model_to_dot", "keras.utils.disable_interactive_logging",
    "keras.utils.enable_interactive_logging", "keras.utils.clear_session",
)  # fmt: skip
def nothing(*args: Value, **kwargs: Value) -> Value:
    """Model of functions that bear on no shape."""
    return None


@models("keras.utils.PyDataset.__init__")
def sequence_init(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Model of the base constructor of the program's own sequences."""
    return None


@models("keras.utils.PyDataset.on_epoch_end", "keras.utils.PyDataset.on_epoch_begin")
def on_epoch_end(self: Value) -> Value:
    """Model of the base methods that do nothing."""
    return None


@models("keras.utils.split_dataset")
def split_dataset(dataset: Value, left_size: Value = None, right_size: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Model of ``split_dataset``: two data sets of the same elements."""
    from ..tensorflow.data import dataset as make
    from ..tensorflow.data import dataset_state

    state = dataset_state(dataset)
    if state is not None:
        # In Keras 2 elements that are arrays alone come back in parts.
        spec = UNKNOWN if keras_major() == 2 and isinstance(state.spec, Array) else state.spec
        one = DatasetState(spec, UNKNOWN_DIM, state.batched, state.batch_size)
        return make(one), make(one)
    arrays = items(dataset) if isinstance(dataset, (tuple, ListObj)) else (dataset,)
    rows = [Array(a.shape[1:], a.dtype, "tensor") for a in arrays or () if isinstance(a, Array) and a.shape]
    if not rows or arrays is None or len(rows) < len(arrays):
        one = DatasetState(UNKNOWN, UNKNOWN_DIM, None, UNKNOWN_DIM)
    else:
        one = DatasetState(rows[0] if isinstance(dataset, Array) else tuple(rows), UNKNOWN_DIM, 0, UNKNOWN_DIM)
    return make(one), make(one)
