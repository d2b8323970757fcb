"""``tensorflow_datasets``: the well-known sets, as their builders describe one example."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, DictObj, ListObj, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape
from ..api import models
from .common import make_list, parts_of
from .data import DatasetState, Spec, dataset, element

_IMAGES: dict[str, tuple[Shape, int, dict[str, int]]] = {
    "mnist": ((28, 28, 1), 10, {"train": 60_000, "test": 10_000}),
    "fashion_mnist": ((28, 28, 1), 10, {"train": 60_000, "test": 10_000}),
    "kmnist": ((28, 28, 1), 10, {"train": 60_000, "test": 10_000}),
    "emnist": ((28, 28, 1), 62, {"train": 697_932, "test": 116_323}),
    "cifar10": ((32, 32, 3), 10, {"train": 50_000, "test": 10_000}),
    "cifar100": ((32, 32, 3), 100, {"train": 50_000, "test": 10_000}),
    "svhn_cropped": ((32, 32, 3), 10, {"train": 73_257, "test": 26_032, "extra": 531_131}),
    "stl10": ((96, 96, 3), 10, {"train": 5_000, "test": 8_000, "unlabelled": 100_000}),
    "eurosat": ((64, 64, 3), 10, {"train": 27_000}),
    "horses_or_humans": ((300, 300, 3), 2, {"train": 1_027, "test": 256}),
    "rock_paper_scissors": ((300, 300, 3), 3, {"train": 2_520, "test": 372}),
    "cats_vs_dogs": ((None, None, 3), 2, {"train": 23_262}),
    "tf_flowers": ((None, None, 3), 5, {"train": 3_670}),
    "beans": ((500, 500, 3), 3, {"train": 1_034, "validation": 133, "test": 128}),
    "food101": ((None, None, 3), 101, {"train": 75_750, "validation": 25_250}),
    "oxford_flowers102": ((None, None, 3), 102, {"train": 1_020, "test": 6_149, "validation": 1_020}),
    "stanford_dogs": ((None, None, 3), 120, {"train": 12_000, "test": 8_580}),
    "imagenet2012": ((None, None, 3), 1000, {"train": 1_281_167, "validation": 50_000}),
    "colorectal_histology": ((150, 150, 3), 8, {"train": 5_000}),
    "caltech_birds2011": ((None, None, 3), 200, {"train": 5_994, "test": 5_794}),
    "caltech101": ((None, None, 3), 102, {}),
    "cars196": ((None, None, 3), 196, {"train": 8_144, "test": 8_041}),
    "oxford_iiit_pet": ((None, None, 3), 37, {"train": 3_680, "test": 3_669}),
    "patch_camelyon": ((96, 96, 3), 2, {"train": 262_144, "validation": 32_768, "test": 32_768}),
    "uc_merced": ((None, None, 3), 21, {"train": 2_100}),
}

_FURTHER: dict[str, dict[str, tuple[Shape, str]]] = {
    "cifar10": {"id": ((), "str")},
    "cifar100": {"id": ((), "str"), "coarse_label": ((), "int64")},
    "cats_vs_dogs": {"image/filename": ((), "str")},
    "oxford_flowers102": {"file_name": ((), "str")},
    "imagenet2012": {"file_name": ((), "str")},
    "caltech_birds2011": {
        "image/filename": ((), "str"),
        "label_name": ((), "str"),
        "bbox": ((4,), "float32"),
        "segmentation_mask": ((None, None, 1), "uint8"),
    },
    "cars196": {"bbox": ((4,), "float32")},
    "colorectal_histology": {"filename": ((), "str")},
    "patch_camelyon": {"id": ((), "str")},
    "uc_merced": {"filename": ((), "str")},
}
"""What else a set's examples hold beside image and label."""

_ONLY_THESE = frozenset(("mnist", "fashion_mnist", "kmnist", "emnist", "svhn_cropped", "tf_flowers", "beans", "food101", *_FURTHER)) - {
    "eurosat"
}
"""Sets whose examples are wholly known."""

_SCENES: dict[str, dict[str, tuple[Shape, str]]] = {
    "voc": {
        "image": ((None, None, 3), "uint8"), "image/filename": ((), "str"), "labels": ((None,), "int64"),
        "labels_no_difficult": ((None,), "int64"),
    },
    "coco": {"image": ((None, None, 3), "uint8"), "image/filename": ((), "str"), "image/id": ((), "int64")},
    "div2k": {"lr": ((None, None, 3), "uint8"), "hr": ((None, None, 3), "uint8")},
}  # fmt: skip
"""Sets of images without one label: what their examples hold."""

_OBJECTS: dict[str, dict[str, tuple[Shape, str]]] = {
    "voc": {
        "bbox": ((None, 4), "float32"), "label": ((None,), "int64"), "pose": ((None,), "int64"), "is_truncated": ((None,), "bool"),
        "is_difficult": ((None,), "bool"),
    },
    "coco": {
        "bbox": ((None, 4), "float32"), "label": ((None,), "int64"), "area": ((None,), "int64"), "id": ((None,), "int64"),
        "is_crowd": ((None,), "bool"),
    },
}  # fmt: skip
"""What they tell of the objects on an image."""

_TEXTS: dict[str, tuple[int, dict[str, int]]] = {
    "imdb_reviews": (2, {"train": 25_000, "test": 25_000, "unsupervised": 50_000}),
    "ag_news_subset": (4, {"train": 120_000, "test": 7_600}),
    "yelp_polarity_reviews": (2, {"train": 560_000, "test": 38_000}),
}


@models("tensorflow_datasets.load", "tensorflow_datasets.public_api.load")
def load(
    name: Value,
    split: Value = None,
    data_dir: Value = None,
    batch_size: Value = None,
    shuffle_files: Value = False,
    download: Value = True,
    as_supervised: Value = False,
    decoders: Value = None,
    read_config: Value = None,
    with_info: Value = False,
    builder_kwargs: Value = None,
    download_and_prepare_kwargs: Value = None,
    as_dataset_kwargs: Value = None,
    try_gcs: Value = False,
    file_format: Value = None,
) -> Value:
    """``tfds.load``: a dataset, a list of them for a list of splits, or a dict of all splits; and the builder's info where asked for."""
    found = _example(name, as_supervised) if isinstance(name, str) and decoders is None else None
    spec, sizes = found if found is not None else (UNKNOWN, {})
    made = _splits(split, spec, sizes, batch_size)
    if with_info is True:
        return (made, UNKNOWN)
    return made if with_info is False else UNKNOWN


def _example(name: str, supervised: Value) -> tuple[Spec, dict[str, int]] | None:
    base = name.partition(":")[0].partition("/")[0]
    label: Array
    if base in ("iris", "wine_quality"):
        return _table(name, supervised)
    if base in _SCENES:
        if supervised is True:
            return None if base != "div2k" else (tuple(_tensors(_SCENES[base]).values()), {})
        return ({**_tensors(_SCENES[base]), **({"objects": _tensors(_OBJECTS[base])} if base in _OBJECTS else {})}, {})
    if base in _IMAGES:
        shape, classes, sizes = _IMAGES[base]
        label = Array((), "int64", "tensor", bounds=(0, classes - 1))
        data, key = Array(shape, "uint8", "tensor", bounds=(0, 255)), "image"
        if "/" in name and base == "emnist":
            sizes = {}
    elif base in _TEXTS:
        classes, sizes = _TEXTS[base]
        label = Array((), "int64", "tensor", bounds=(0, classes - 1))
        data, key = Array((), "str", "tensor"), "text"
        if "/" in name:
            return None
    else:
        return None
    if supervised is True:
        return (data, label), sizes
    if supervised is False and base in _ONLY_THESE:
        return {key: data, "label": label, **_tensors(_FURTHER.get(base, {}))}, sizes
    if supervised is False and base in _TEXTS and base == "imdb_reviews":
        return {key: data, "label": label}, sizes
    return UNKNOWN, sizes


_WINE = (
    "alcohol", "chlorides", "citric acid", "density", "fixed acidity", "free sulfur dioxide", "pH", "residual sugar", "sulphates",
    "total sulfur dioxide", "volatile acidity",
)  # fmt: skip


def _table(name: str, supervised: Value) -> tuple[Spec, dict[str, int]] | None:
    """Return one row of a set of numbers, and how many there are."""
    features: Spec
    if name.startswith("iris"):
        features, label, target = Array((4,), "float32", "tensor"), Array((), "int64", "tensor", bounds=(0, 2)), "label"
        sizes = {"train": 150}
    else:
        features, label, target = {k: Array((), "float32", "tensor") for k in _WINE}, Array((), "int32", "tensor"), "quality"
        red = name.endswith("/red")
        sizes = {"train": 1_599 if red else 4_898}
    if supervised is True:
        return (features, label), sizes
    return ({"features": features, target: label}, sizes) if supervised is False else (UNKNOWN, sizes)


def _tensors(features: dict[str, tuple[Shape, str]]) -> dict[str, Array]:
    return {k: Array(shape, dtype, "tensor") for k, (shape, dtype) in features.items()}


def _splits(split: Value, spec: Spec, sizes: dict[str, int], batch_size: Value) -> Value:
    if split is None:
        if not sizes:
            return UNKNOWN
        return DictObj({k: _one(k, spec, sizes, batch_size) for k in sizes})
    parts = parts_of(split)
    if parts is not None:
        made = [_one(p, spec, sizes, batch_size) for p in parts]
        return make_list(made) if isinstance(split, ListObj) else tuple(made)
    return _one(split, spec, sizes, batch_size)


def _one(split: Value, spec: Spec, sizes: dict[str, int], batch_size: Value) -> Value:
    count = _count(split, sizes)
    made = dataset(DatasetState(spec, count, samples=count))
    if batch_size is None:
        return made
    from .data_batches import batches
    from .data_specs import over

    if batch_size == -1:
        # All at once, as tensors; examples of several sizes are padded.
        return element(over(spec, lambda a: Array((count, *_open(a.shape)), a.dtype, "tensor") if _has_rank(a) else UNKNOWN))
    return batches(made, batch_size, False) if isinstance(batch_size, int) and batch_size > 0 else UNKNOWN


def _has_rank(a: Value) -> bool:
    return isinstance(a, Array) and a.shape is not None


def _open(shape: Shape) -> Shape:
    return tuple(UNKNOWN_DIM if d is None else d for d in shape)


def _count(split: Value, sizes: dict[str, int]) -> Dim:
    """Return how many examples ``"train"`` or ``"train[:80%]"`` names."""
    if not isinstance(split, str):
        return UNKNOWN_DIM
    if "+" in split:
        total = 0
        for part in split.split("+"):
            n = _count(part, sizes)
            if not isinstance(n, int):
                return UNKNOWN_DIM
            total += n
        return total
    name, bracket, rest = split.strip().partition("[")
    if name not in sizes:
        return UNKNOWN_DIM
    whole = sizes[name]
    if not bracket:
        return whole
    first, colon, last = rest.rstrip("]").partition(":")
    if not colon:
        return UNKNOWN_DIM
    start, stop = _edge(first, whole, 0), _edge(last, whole, whole)
    return UNKNOWN_DIM if start is None or stop is None else max(0, stop - start)


def _edge(text: str, whole: int, default: int) -> int | None:
    text = text.strip()
    if not text:
        return default
    try:
        n = round(whole * int(text[:-1]) / 100) if text.endswith("%") else int(text)
    except ValueError:
        return None
    return min(whole, n) if n >= 0 else max(0, whole + n)


@models("tensorflow_datasets.as_numpy")
def as_numpy(dataset: Value, graph: Value = None) -> Value:
    """``tfds.as_numpy``."""
    from .data import dataset_state
    from .data_reading import as_numpy_iterator

    return as_numpy_iterator(dataset) if dataset_state(dataset) is not None else _as_numpy(dataset)


def _as_numpy(value: Value) -> Value:
    """Return a nest of tensors as NumPy's arrays; text comes as objects."""
    if isinstance(value, Array):
        return Array(value.shape, "object" if value.dtype == "str" else value.dtype, bounds=value.bounds)
    if type(value) is tuple:
        return tuple(_as_numpy(v) for v in value)
    if isinstance(value, DictObj):
        return DictObj({k: _as_numpy(v) for k, v in value.state.items()})
    return UNKNOWN


@models("tensorflow_datasets.builder", "tensorflow_datasets.disable_progress_bar", "tensorflow_datasets.show_examples")
def other(*args: Value, **kwargs: Value) -> Value:
    """What says nothing about shapes."""
    return UNKNOWN
