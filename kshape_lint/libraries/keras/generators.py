"""Old-style generators: ``ImageDataGenerator`` and its iterators, ``TimeseriesGenerator``."""

from __future__ import annotations

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Iteration, LibObj, Unknown, Value
from ...records import record
from ...rules.arrays import InconsistentLengths, RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, same
from ..api import Mismatch, as_dim, as_shape, bases, fresh, items, models
from ..arraylike import as_array
from .training_data import FLOW
from .utils import CHANNELS

GENERATOR = "keras.preprocessing.image.ImageDataGenerator"
TIMESERIES = "keras.preprocessing.sequence.TimeseriesGenerator"
BATCHES = FLOW + ".Timeseries"


@record
class FlowState:
    """State of an iterator over batches: one batch, how many samples and classes there are, and the shape of one sample."""

    spec: Value
    samples: Dim = UNKNOWN_DIM
    classes: Dim = UNKNOWN_DIM
    batch_size: Dim = UNKNOWN_DIM
    sample: Shape | None = None


bases(BATCHES, FLOW)


@models(GENERATOR)
def image_data_generator(*args: Value, **kwargs: Value) -> Value:
    """Model of ``ImageDataGenerator``: what it does to an image leaves its shape alone."""
    data_format = kwargs.get("data_format")
    return LibObj(GENERATOR, {"first": data_format == "channels_first", "known": data_format in (None, "channels_last", "channels_first")})


def _image(self: Value, sides: Value, color_mode: Value) -> Shape:
    """Return the shape of one image read from a file."""
    shape = as_shape(sides)
    if shape is None or len(shape) != 2:
        shape = (UNKNOWN_DIM, UNKNOWN_DIM)
    channels: Dim = CHANNELS.get(color_mode, UNKNOWN_DIM) if isinstance(color_mode, str) else UNKNOWN_DIM
    state = self.state if isinstance(self, LibObj) and isinstance(self.state, dict) else {"known": False}
    if not state.get("known"):
        return (UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM)
    return (channels, *shape) if state.get("first") else (*shape, channels)


def _labels(mode: Value, image: Shape, classes: Dim) -> Value:
    """Return the labels of a batch under a ``class_mode``; None where there are none."""
    if mode == "categorical":
        return Array((None, classes), "float32")
    if mode in ("binary", "sparse"):
        return Array((None,), "float32")
    if mode == "input":
        return Array((None, *image), "float32")
    return None if mode is None else UNKNOWN


def _flow(image: Shape, mode: Value, classes: Dim, batch_size: Value, labels: Value = None, samples: Dim = UNKNOWN_DIM) -> LibObj:
    x = Array((None, *image), "float32")
    y = labels if labels is not None else _labels(mode, image, classes)
    size = as_dim(batch_size)
    return LibObj(FLOW, FlowState(x if y is None else (x, y), samples, classes, UNKNOWN_DIM if size is None else size, image))


@models(GENERATOR + ".flow_from_directory")
def flow_from_directory(
    self: Value,
    directory: Value = None,
    target_size: Value = (256, 256),
    color_mode: Value = "rgb",
    classes: Value = None,
    class_mode: Value = "categorical",
    batch_size: Value = 32,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Model of ``flow_from_directory``: one class for each directory."""
    parts = items(classes)
    count: Dim = len(parts) if parts else fresh("classes", 2)
    return _flow(_image(self, target_size, color_mode), class_mode, count, batch_size, samples=fresh("n"))


@models(GENERATOR + ".flow_from_dataframe")
def flow_from_dataframe(
    self: Value,
    dataframe: Value = None,
    directory: Value = None,
    x_col: Value = "filename",
    y_col: Value = "class",
    weight_col: Value = None,
    target_size: Value = (256, 256),
    color_mode: Value = "rgb",
    classes: Value = None,
    class_mode: Value = "categorical",
    batch_size: Value = 32,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Model of ``flow_from_dataframe``."""
    parts = items(classes)
    count: Dim = len(parts) if parts else fresh("classes", 2)
    labels: Value = None
    if class_mode in ("raw", "other"):
        columns = items(y_col)
        width: Shape = (None,) if isinstance(y_col, str) else (None, len(columns) if columns else UNKNOWN_DIM)
        labels = Array(width) if isinstance(y_col, str) or columns else UNKNOWN
    made = _flow(_image(self, target_size, color_mode), class_mode, count, batch_size, labels, fresh("n"))
    if weight_col is not None:
        state: FlowState = made.state
        return LibObj(FLOW, FlowState(UNKNOWN, state.samples, state.classes, state.batch_size, state.sample))
    return made


@models(GENERATOR + ".flow")
def flow(self: Value, x: Value = UNKNOWN, y: Value = None, batch_size: Value = 32, *args: Value, **kwargs: Value) -> Value:
    """Model of ``flow``: batches of an array of images, and of labels with as many rows."""
    images = as_array(x)
    size = as_dim(batch_size)
    if images is None or images.shape is None:
        return LibObj(FLOW, FlowState(UNKNOWN, batch_size=UNKNOWN_DIM if size is None else size))
    if len(images.shape) != 4:
        raise Mismatch(
            RankDemanded("ImageDataGenerator.flow", images.shape, "images of rank 4: (samples, height, width, channels)"), images
        )
    batch = Array((None, *images.shape[1:]), "float32", origin=images.origin)
    spec: Value = batch
    if y is not None:
        labels = as_array(y)
        if labels is None or not labels.shape:
            spec = (batch, UNKNOWN)
        else:
            if same(labels.shape[0], images.shape[0]) is False:
                lengths = (images.shape[0], labels.shape[0])
                raise Mismatch(InconsistentLengths("ImageDataGenerator.flow", lengths, ("x", "y")), labels, images)
            spec = (batch, Array((None, *labels.shape[1:]), labels.dtype, bounds=labels.bounds, origin=labels.origin))
    if args or kwargs.get("sample_weight") is not None:
        spec = UNKNOWN if kwargs.get("sample_weight") is not None else spec
    return LibObj(FLOW, FlowState(spec, images.shape[0], UNKNOWN_DIM, UNKNOWN_DIM if size is None else size, images.shape[1:]))


@models(GENERATOR + ".fit")
def fit(self: Value, x: Value = UNKNOWN, *args: Value, **kwargs: Value) -> Value:
    """Model of ``ImageDataGenerator.fit``: takes images of rank 4."""
    images = as_array(x)
    if images is not None and images.shape is not None and len(images.shape) != 4:
        raise Mismatch(RankDemanded("ImageDataGenerator.fit", images.shape, "images of rank 4: (samples, height, width, channels)"), images)
    return None


@models(GENERATOR + ".random_transform", GENERATOR + ".standardize", GENERATOR + ".apply_transform")
def transform(self: Value, x: Value = UNKNOWN, *args: Value, **kwargs: Value) -> Value:
    """Model of the methods that change one image."""
    a = as_array(x)
    return Array(a.shape, "float32") if a is not None else UNKNOWN


def _state(self: Value) -> FlowState | None:
    state = self.state if isinstance(self, LibObj) else None
    return state if isinstance(state, FlowState) else None


def one_batch(self: Value) -> Value:
    """Return one batch as the program sees it: its first axis is as long as a batch may be."""
    state = _state(self)
    if state is None or isinstance(state.spec, Unknown):
        return UNKNOWN
    length: Dim = fresh("batch")

    def sized(part: Value) -> Value:
        if isinstance(part, Array) and part.shape:
            return Array((length, *part.shape[1:]), part.dtype, bounds=part.bounds)
        return part

    return tuple(sized(p) for p in state.spec) if isinstance(state.spec, tuple) else sized(state.spec)


@models(FLOW + ".__next__", FLOW + ".next")
def next_batch(self: Value) -> Value:
    """Model of ``next(iterator)``."""
    return one_batch(self)


@models(FLOW + ".__getitem__")
def get_batch(self: Value, index: Value) -> Value:
    """Model of ``iterator[i]``."""
    return one_batch(self)


@models(FLOW + ".__iter__")
def iterate(self: Value) -> Value:
    """Model of iteration, which has no end."""
    return Iteration(None, one_batch(self), None)


@models(FLOW + ".__len__")
def length(self: Value) -> Value:
    """Model of ``len(iterator)``: the number of batches."""
    state = _state(self)
    if state is not None and isinstance(state.samples, int) and isinstance(state.batch_size, int) and state.batch_size > 0:
        return -(-state.samples // state.batch_size)
    return fresh("batches")


@models(FLOW + ".reset", FLOW + ".on_epoch_end")
def reset(self: Value) -> Value:
    """Model of ``reset``."""
    return None


def _known(d: Dim) -> Value:
    return d if isinstance(d, (int, Poly)) else UNKNOWN


@models(FLOW + ".n", FLOW + ".samples", kind="property")
def sample_count(self: Value) -> Value:
    """Model of ``iterator.samples``."""
    state = _state(self)
    return _known(state.samples) if state is not None else UNKNOWN


@models(FLOW + ".num_classes", kind="property")
def num_classes(self: Value) -> Value:
    """Model of ``iterator.num_classes``."""
    state = _state(self)
    return _known(state.classes) if state is not None else UNKNOWN


@models(FLOW + ".batch_size", kind="property")
def batch_size_of(self: Value) -> Value:
    """Model of ``iterator.batch_size``."""
    state = _state(self)
    return _known(state.batch_size) if state is not None else UNKNOWN


@models(FLOW + ".class_indices", kind="property")
def class_indices(self: Value) -> Value:
    """Model of ``iterator.class_indices``: a number for each class."""
    return DictObj({OTHERS: UNKNOWN})


@models(FLOW + ".classes", FLOW + ".labels", kind="property")
def class_of_each(self: Value) -> Value:
    """Model of ``iterator.classes``: the class of each sample."""
    state = _state(self)
    return Array((state.samples,), "int32") if state is not None else UNKNOWN


@models(FLOW + ".image_shape", FLOW + ".target_size", kind="property")
def image_shape(self: Value) -> Value:
    """Model of ``iterator.image_shape``, left open."""
    return UNKNOWN


@models(TIMESERIES)
def timeseries_generator(
    data: Value = UNKNOWN,
    targets: Value = UNKNOWN,
    length: Value = UNKNOWN,
    sampling_rate: Value = 1,
    stride: Value = 1,
    start_index: Value = 0,
    end_index: Value = None,
    shuffle: Value = False,
    reverse: Value = False,
    batch_size: Value = 128,
) -> Value:
    """Model of ``TimeseriesGenerator``: windows of `length` rows with the row after each."""
    x, y = as_array(data), as_array(targets)
    size = as_dim(batch_size)
    batch: Dim = UNKNOWN_DIM if size is None else size
    if x is None or y is None or not x.shape or not y.shape:
        return LibObj(BATCHES, FlowState(UNKNOWN, batch_size=batch))
    if same(x.shape[0], y.shape[0]) is False:
        raise Mismatch(InconsistentLengths("TimeseriesGenerator", (x.shape[0], y.shape[0]), ("data", "targets")), y, x)
    steps = as_dim(length)
    rate = sampling_rate if isinstance(sampling_rate, int) and sampling_rate > 0 else None
    window: Dim = UNKNOWN_DIM
    if rate == 1 and steps is not None:
        window = steps
    elif isinstance(steps, int) and rate is not None:
        window = -(-steps // rate)
    spec = (Array((None, window, *x.shape[1:]), x.dtype), Array((None, *y.shape[1:]), y.dtype))
    return LibObj(BATCHES, FlowState(spec, batch_size=batch))
