"""The data sets that come with scikit-learn, and those it makes up."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Seq, Value, fresh
from ...records import record
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact
from ..api import items, models

_BASE = "sklearn.datasets."
_BUNCH = "sklearn.utils.Bunch"


@record
class _Set:
    """What a set holds. `counts` are the rows of each class where they stand in order of their classes."""

    rows: int
    features: int
    classes: int | None = None
    targets: int = 1
    names: tuple[str, ...] | None = None
    images: Shape | None = None
    counts: tuple[int, ...] = ()


_SETS = {
    "load_iris": _Set(
        150, 4, 3, counts=(50, 50, 50), names=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    ),
    "load_digits": _Set(1797, 64, 10, images=(1797, 8, 8)),
    "load_wine": _Set(178, 13, 3, counts=(59, 71, 48)),
    "load_breast_cancer": _Set(569, 30, 2),
    "load_diabetes": _Set(442, 10, names=("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")),
    "load_linnerud": _Set(20, 3, targets=3),
    "load_boston": _Set(506, 13),
    "fetch_california_housing": _Set(
        20640, 8, names=("MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude")
    ),
    "fetch_olivetti_faces": _Set(400, 4096, 40, images=(400, 64, 64)),
    "fetch_covtype": _Set(581012, 54, 8),
}


def _register(name: str, known: _Set) -> None:
    @models(_BASE + name)
    def load(*, return_X_y: Value = False, as_frame: Value = False, **kwargs: Value) -> Value:
        """The data set, or with `return_X_y` data and target."""
        if kwargs.get("n_class") is not None or not isinstance(return_X_y, bool) or not isinstance(as_frame, bool):
            return UNKNOWN
        target: Value = _target(known)
        data: Value = Array((known.rows, known.features), "float32" if name == "fetch_olivetti_faces" else "float64")
        frame_: Value = None
        if as_frame:
            from ..pandas.state import Column, frame, series

            names = known.names
            data = frame(known.rows, known.features, [Column(n, "float64") for n in names] if names else None, "float64")
            frame_ = frame(known.rows, known.features + known.targets)
            target = series(target, "target") if known.targets == 1 else frame(known.rows, known.targets)
        if return_X_y:
            return (data, target)
        entries: dict[str, Value] = {"data": data, "target": target, "frame": frame_}
        entries["feature_names"] = ListObj(Seq(known.names)) if known.names is not None else UNKNOWN
        if known.classes is not None:
            entries["target_names"] = Array((known.classes,), "str")
        if known.images is not None:
            entries["images"] = Array(known.images, "float64" if name == "load_digits" else "float32")
        return LibObj(_BUNCH, entries)


def _target(known: _Set) -> Array:
    if known.targets > 1:
        return Array((known.rows, known.targets), "float64")
    if known.classes is None:
        return Array((known.rows,), "float64")
    data = tuple(c for c, count in enumerate(known.counts) for _ in range(count)) or None
    return Array((known.rows,), "int64", bounds=(0, known.classes - 1), data=data)


for _name, _known in _SETS.items():
    _register(_name, _known)


@models(_BUNCH + ".__getattr__", _BUNCH + ".__getitem__")
def bunch_entry(self: Value, key: Value) -> Value:
    """``bunch.data``, ``bunch["data"]``."""
    entries = self.state
    return entries.get(key, UNKNOWN) if isinstance(entries, dict) and isinstance(key, str) else UNKNOWN


def _attribute(name: str) -> None:
    @models(f"{_BUNCH}.{name}", kind="property")
    def attribute(self: Value) -> Value:
        """An entry."""
        return bunch_entry(self, name)


for _name in ("data", "target", "frame", "feature_names", "target_names", "images", "DESCR"):
    _attribute(_name)


# --- made up -------------------------------------------------------------------------------------------------------------


def _rows(n_samples: Value) -> Dim:
    """The number of samples: given, or given for each class."""
    if is_exact(n_samples):
        return n_samples
    parts = items(n_samples)
    if parts is not None and all(is_exact(p) for p in parts):
        total: Dim = 0
        for p in parts:
            total = total + p
        return total
    return fresh("n")


def _count(value: Value, name: str = "w") -> Dim:
    return value if is_exact(value) else fresh(name)


def _labels(rows: Dim, classes: Value) -> Array:
    return Array((rows,), "int64", bounds=(0, classes - 1) if isinstance(classes, int) and classes > 0 else None)


@models(_BASE + "make_classification")
def make_classification(n_samples: Value = 100, n_features: Value = 20, *args: Value, n_classes: Value = 2, **kwargs: Value) -> Value:
    """Features and labels."""
    rows = _rows(n_samples)
    return (Array((rows, _count(n_features)), "float64"), _labels(rows, n_classes if not args else None))


@models(_BASE + "make_regression")
def make_regression(
    n_samples: Value = 100,
    n_features: Value = 100,
    n_informative: Value = 10,
    n_targets: Value = 1,
    bias: Value = 0.0,
    effective_rank: Value = None,
    tail_strength: Value = 0.5,
    noise: Value = 0.0,
    shuffle: Value = True,
    coef: Value = False,
    random_state: Value = None,
) -> Value:
    """Features and targets: of one target one axis."""
    rows, columns = _rows(n_samples), _count(n_features)
    shape: Shape | None = None
    if n_targets == 1:
        y, shape = Array((rows,), "float64"), (columns,)
    elif isinstance(n_targets, int):
        y, shape = Array((rows, n_targets), "float64"), (columns, n_targets)
    else:
        y = Array(None, "float64")
    x = Array((rows, columns), "float64")
    return (x, y) if coef is False else (x, y, Array(shape, "float64")) if coef is True else UNKNOWN


@models(_BASE + "make_blobs")
def make_blobs(
    n_samples: Value = 100, n_features: Value = 2, *args: Value, centers: Value = None, return_centers: Value = False, **kwargs: Value
) -> Value:
    """Points and the number of their cluster."""
    rows, columns = _rows(n_samples), _count(n_features)
    if args:
        centers = args[0]
    if isinstance(centers, Array):
        columns = centers.shape[1] if centers.shape is not None and len(centers.shape) == 2 else UNKNOWN_DIM
    elif isinstance(centers, ListObj):
        columns = UNKNOWN_DIM
    classes = centers if isinstance(centers, int) else 3 if centers is None and is_exact(n_samples) else None
    pair = (Array((rows, columns), "float64"), _labels(rows, classes))
    if return_centers is False:
        return pair
    return (*pair, Array((classes if classes is not None else UNKNOWN_DIM, columns), "float64")) if return_centers is True else UNKNOWN


def _plane(name: str, columns: int, target: str) -> None:
    @models(_BASE + name)
    def make(n_samples: Value = 100, *args: Value, **kwargs: Value) -> Value:
        """Points in the plane or in space, and where they belong."""
        rows = _rows(n_samples)
        y = _labels(rows, 2) if target == "int64" else Array((rows,), "float64")
        return (Array((rows, columns), "float64"), y)


_plane("make_moons", 2, "int64")
_plane("make_circles", 2, "int64")
_plane("make_s_curve", 3, "float64")
_plane("make_swiss_roll", 3, "float64")


@models(_BASE + "make_multilabel_classification")
def make_multilabel(n_samples: Value = 100, n_features: Value = 20, n_classes: Value = 5, *args: Value, **kwargs: Value) -> Value:
    """Features and one column of 0 and 1 for each class."""
    rows = _rows(n_samples)
    if kwargs.get("sparse") or kwargs.get("return_distributions") or kwargs.get("return_indicator") is not None:
        return UNKNOWN
    return (Array((rows, _count(n_features)), "float64"), Array((rows, _count(n_classes, "k")), "int64", bounds=(0, 1)))


@models(_BASE + "make_friedman1")
def make_friedman1(n_samples: Value = 100, n_features: Value = 10, **kwargs: Value) -> Value:
    """Features and targets."""
    rows = _rows(n_samples)
    return (Array((rows, _count(n_features)), "float64"), Array((rows,), "float64"))


@models(_BASE + "make_gaussian_quantiles")
def make_gaussian_quantiles(*, n_samples: Value = 100, n_features: Value = 2, n_classes: Value = 3, **kwargs: Value) -> Value:
    """Points and their class."""
    rows = _rows(n_samples)
    return (Array((rows, _count(n_features)), "float64"), _labels(rows, n_classes))


@models(_BASE + "load_sample_image")
def load_sample_image(image_name: Value) -> Value:
    """One of two photographs."""
    return Array((427, 640, 3), "uint8")


@models(_BASE + "load_sample_images")
def load_sample_images() -> Value:
    """Both photographs."""
    one = Array((427, 640, 3), "uint8")
    return LibObj(_BUNCH, {"images": ListObj(Seq((one, one)))})


@models(_BASE + "fetch_openml")
def fetch_openml(name: Value = None, *args: Value, return_X_y: Value = False, as_frame: Value = "auto", **kwargs: Value) -> Value:
    """A data set by name: only MNIST is known."""
    if name not in ("mnist_784", "Fashion-MNIST") or as_frame is not False:
        return UNKNOWN
    x, y = Array((70000, 784), "float64"), Array((70000,), "object")
    return (x, y) if return_X_y is True else LibObj(_BUNCH, {"data": x, "target": y})


@models(_BASE + "fetch_20newsgroups")
def fetch_20newsgroups(*args: Value, **kwargs: Value) -> Value:
    """Texts and the number of their group."""
    n = fresh("n")
    return LibObj(_BUNCH, {"data": ListObj(Seq(None, UNKNOWN, n)), "target": Array((n,), "int64", bounds=(0, 19))})
