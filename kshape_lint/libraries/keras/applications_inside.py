"""The layers inside a pretrained architecture: ``base.layers[-2].output``, ``base.get_layer("block5_conv3").output``.

An inner output is known by how it follows from the image, so a model that ends there is one step of a graph from the image on; which
layers lie between is not followed.
"""

from __future__ import annotations

from ...catalogue import ApplicationFacts, InnerLayer, facts, inside
from ...interpreter.values import UNKNOWN, Array, Iteration, LibObj, Value
from ...rules.arrays import IndexBounds
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import Mismatch, as_dim, keras_major, models
from .engine_graph import attach
from .objects import Built, LayerObj, ModelState

INSIDE = "<inside>"
"""Key, in the ``extra`` of a pretrained architecture's state, of its `Inside`."""

LAYERS = "keras.<layers>"
"""The path of a list of such layers: long, so that no loop over it is gone through layer by layer."""

_ORDINARY = frozenset({"include_top", "weights", "input_tensor", "input_shape", "pooling", "classes", "classifier_activation", "name"})


def feature_side(side: Dim, stride: int, offset: int | None) -> Dim:
    """Return one side of a feature map for one side of the image."""
    if side is None:
        return None
    if offset is None or not is_exact(side):
        return UNKNOWN_DIM
    length = (side + offset) // stride
    return length if not isinstance(length, int) or length > 0 else UNKNOWN_DIM


class Inside:
    """The inside of one model of an architecture, made when it is asked for."""

    __slots__ = ("_made", "given", "known", "path", "start", "stand_in", "top")

    def __init__(
        self, path: str, known: ApplicationFacts, given: dict[str, Value], start: Array, top: bool | None, stand_in: LayerObj
    ) -> None:
        self.path, self.known, self.given, self.start, self.top, self.stand_in = path, known, given, start, top, stand_in
        self._made: tuple[LayerObj, ...] | None = None

    def layers(self) -> tuple[LayerObj, ...] | None:
        """Return the layers in order, None where they are not known."""
        if self._made is None:
            rows = self._rows()
            if rows is None:
                return None
            self._made = tuple(self._layer(row, from_top) for row, from_top in rows)
        return self._made

    def convolves_first(self) -> bool:
        """Tell whether a convolution comes before all that could stretch an image of one channel."""
        for row, _ in self._rows() or ():
            if row.kind not in ("InputLayer", "ZeroPadding2D", "Rescaling"):
                return row.kind == "Conv2D"
        return False

    def _rows(self) -> list[tuple[InnerLayer, bool]] | None:
        found = inside(self.path, keras_major())
        if found is None or self.top is None:
            return None
        defaults = dict(self.known.parameters)
        if any(k not in _ORDINARY and self.given.get(k) != d for k, d in defaults.items()):
            return None
        body, top = found
        pooling = self.given.get("pooling")
        rows = [(row, False) for row in body]
        if self.top:
            return None if top is None else rows + [(row, True) for row in top]
        if pooling in ("avg", "max"):
            kind = "GlobalAveragePooling2D" if pooling == "avg" else "GlobalMaxPooling2D"
            return [*rows, (InnerLayer(None, kind, self.known.channels), False)]
        return rows if pooling is None else None

    def _layer(self, row: InnerLayer, from_top: bool) -> LayerObj:
        path = f"keras.layers.{row.kind}"
        known = facts(keras_major()).LAYERS.get(path)
        config: dict[str, Value] = {} if known is None else {name: UNKNOWN for name, _ in known.parameters}
        layer = LayerObj(path, {**config, "name": UNKNOWN if row.name is None else row.name})
        output: Value
        if row.kind == "InputLayer":
            output = self.start
        else:

            def repeat(args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
                return self._output(row, from_top, next((a for a in args if isinstance(a, Array)), self.start))

            output = attach(repeat, self.stand_in, (self.start,), {}, self._output(row, from_top, self.start))
        layer.put(Built((), None, UNKNOWN, output))
        return layer

    def _output(self, row: InnerLayer, from_top: bool, image: Array) -> Array:
        shape = image.shape
        batch: Dim = shape[0] if shape else UNKNOWN_DIM
        sides = shape[1:3] if shape is not None and len(shape) == 4 else (UNKNOWN_DIM, UNKNOWN_DIM)
        if row.width is not None:
            width: Dim = row.width
            if from_top and row.width == self.known.classes:
                classes = as_dim(self.given["classes"])
                width = UNKNOWN_DIM if classes is None else classes
            elif row.kind == "Flatten" and any(d != self.known.default_size for d in sides):
                width = UNKNOWN_DIM
            return Array((batch, width), "float32", "tensor")
        if row.channels is None:
            return Array(None, "float32", "tensor")
        # Some networks pad otherwise where they are made for images of any size.
        made_for = self.start.shape[1:3] if self.start.shape is not None and len(self.start.shape) == 4 else (None,)
        sure = row.stride and (None not in made_for or self.known.offset == self.known.open_offset)
        offset = row.offset if sure else None
        return Array((batch, *(feature_side(d, row.stride or 1, offset) for d in sides), row.channels), "float32", "tensor")


def inner_layers(state: ModelState) -> tuple[LayerObj, ...] | None:
    """Return the layers inside a pretrained architecture, None for other models and where they are not known."""
    found = state.extra.get(INSIDE)
    return found.layers() if isinstance(found, Inside) else None


def layer_list(layers: tuple[LayerObj, ...]) -> Value:
    """Return a list of inner layers as the program sees it."""
    return LibObj(LAYERS, layers)


@models(f"{LAYERS}.__len__")
def length(self: Value) -> Value:
    """How many they are."""
    return len(self.state) if isinstance(self, LibObj) and isinstance(self.state, tuple) else UNKNOWN


@models(f"{LAYERS}.__iter__")
def iterate(self: Value) -> Value:
    """One that stands for each."""
    return Iteration(None, UNKNOWN, len(self.state)) if isinstance(self, LibObj) and isinstance(self.state, tuple) else UNKNOWN


@models(f"{LAYERS}.__getitem__")
def item(self: Value, index: Value) -> Value:
    """One of them, or a part."""
    layers = self.state if isinstance(self, LibObj) else None
    if not isinstance(layers, tuple):
        return UNKNOWN
    if type(index) is int:
        if not -len(layers) <= index < len(layers):
            raise Mismatch(IndexBounds(index, len(layers)))
        return layers[index]
    if isinstance(index, slice) and all(p is None or type(p) is int for p in (index.start, index.stop, index.step)) and index.step != 0:
        return layer_list(layers[index])
    return UNKNOWN
