"""KSH2xx: layers that refuse what reaches them, or their arguments."""

from __future__ import annotations

from typing import ClassVar

from ..records import record
from ..shapes import Dim, Shape, show_shape
from .base import Rule


@record
class LayerRank(Rule):
    """A layer is called on an input of another rank than it takes.

    ## What it does
    Reports a layer whose input has more or fewer axes than the layer allows: `LSTM` takes (batch, timesteps, features), `Conv2D` takes
    (batch, height, width, channels), and so on.

    ## Why it is bad
    Keras raises `ValueError: Input 0 of layer "lstm" is incompatible with the layer: expected ndim=3, found ndim=2`.

    ## Example
    ```python
    model.add(LSTM(32, input_shape=(10, 4)))  # gives (None, 32)
    model.add(LSTM(32))
    ```

    ## Use instead
    ```python
    model.add(LSTM(32, input_shape=(10, 4), return_sequences=True))  # gives (None, 10, 32)
    model.add(LSTM(32))
    ```
    """

    code: ClassVar[str] = "KSH201"
    name: ClassVar[str] = "layer-rank"
    layer: str
    shape: Shape
    rank: int | None = None
    min_rank: int | None = None
    max_rank: int | None = None
    hint: str | None = None

    def message(self) -> str:
        return f"{self.layer} takes {self._wanted()}, got {show_shape(self.shape)} of rank {len(self.shape)}"

    def help(self) -> str | None:
        return self.hint

    def _wanted(self) -> str:
        if self.rank is not None:
            return f"an input of rank {self.rank}"
        if self.max_rank is None:
            return f"an input of rank {self.min_rank} or more"
        if self.min_rank is None:
            return f"an input of rank {self.max_rank} or less"
        return f"an input of rank {self.min_rank} to {self.max_rank}"


@record
class LayerAxis(Rule):
    """One axis of a layer's input has another length than the layer needs.

    ## What it does
    Reports an input one of whose axes differs from the length that the layer's weights were made for, or that the layer demands.

    ## Why it is bad
    Keras raises `ValueError: Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have value 784`.

    ## Example
    ```python
    shared = Dense(10)
    a = shared(Input((784,)))
    b = shared(Input((28,)))
    ```

    ## Use instead
    ```python
    a = Dense(10)(Input((784,)))
    b = Dense(10)(Input((28,)))
    ```
    """

    code: ClassVar[str] = "KSH202"
    name: ClassVar[str] = "layer-axis"
    layer: str
    shape: Shape
    axis: int
    expected: Dim
    reason: str = "its weights were made for"

    def message(self) -> str:
        found = self.shape[self.axis] if -len(self.shape) <= self.axis < len(self.shape) else "?"
        return f"axis {self.axis} of {show_shape(self.shape)} is {found!r}, {self.layer} takes {self.expected!r}, which {self.reason}"


@record
class WindowExhausted(Rule):
    """A convolution or pooling window is longer than the axis it slides along.

    ## What it does
    Reports a window (kernel with its dilation, pool, crop) that leaves nothing of an axis, so that the output would have a length of
    zero or less.

    ## Why it is bad
    Keras raises `ValueError: Computed output size would be zero or negative`. Often the axes are in another order than the layer's
    `data_format` says, an old `Conv2D(32, 3, 3)` is read as strides of 3, or the network is too deep for its input.

    ## Example
    ```python
    model.add(Conv2D(32, 3, input_shape=(1, 28, 28)))
    ```

    ## Use instead
    ```python
    model.add(Conv2D(32, 3, input_shape=(28, 28, 1)))
    ```
    """

    code: ClassVar[str] = "KSH203"
    name: ClassVar[str] = "window-exhausts-axis"
    layer: str
    shape: Shape
    axis: int
    window: Dim
    what: str = "window"
    hint: str | None = None

    def message(self) -> str:
        length = self.shape[self.axis]
        return f"{self.layer} has a {self.what} of {self.window!r} along axis {self.axis} of {show_shape(self.shape)}, which is {length!r} long"

    def help(self) -> str | None:
        return self.hint


@record
class MergeShapes(Rule):
    """The inputs of a merging layer do not fit together.

    ## What it does
    Reports `Concatenate`, `Add`, `Multiply`, `Dot`, attention layers and kin whose inputs' shapes cannot be merged.

    ## Why it is bad
    Keras raises, for instance `ValueError: A Concatenate layer requires inputs with matching shapes except for the concatenation axis`. In
    U-Nets the cause is often a size that does not halve evenly.

    ## Example
    ```python
    up = UpSampling2D()(MaxPooling2D()(x))  # x (None, 25, 25, 8), up (None, 24, 24, 8)
    Concatenate()([x, up])
    ```

    ## Use instead
    ```python
    x = ZeroPadding2D(((0, 7), (0, 7)))(x)  # (None, 32, 32, 8)
    up = UpSampling2D()(MaxPooling2D()(x))
    Concatenate()([x, up])
    ```
    """

    code: ClassVar[str] = "KSH204"
    name: ClassVar[str] = "merge-shapes"
    layer: str
    shapes: tuple[Shape | None, ...]
    reason: str

    def message(self) -> str:
        return f"{self.layer} cannot merge {' and '.join(map(show_shape, self.shapes))}: {self.reason}"


@record
class ReshapeLayerSize(Rule):
    """A Reshape layer's target holds another number of elements than one sample has.

    ## What it does
    Reports `Reshape(target_shape)` where the elements of a sample (all axes but the first) cannot fill the target shape.

    ## Why it is bad
    Keras raises `ValueError: The total size of the tensor must be unchanged`.

    ## Example
    ```python
    model.add(Dense(100))
    model.add(Reshape((7, 7, 2)))
    ```

    ## Use instead
    ```python
    model.add(Dense(7 * 7 * 2))
    model.add(Reshape((7, 7, 2)))
    ```
    """

    code: ClassVar[str] = "KSH205"
    name: ClassVar[str] = "layer-reshape-size"
    layer: str
    source: Shape
    target: Shape

    def message(self) -> str:
        sizes = f"{_elements(self.source)} against {_elements(self.target)}"
        return f"{self.layer} cannot turn {show_shape(self.source)} into {show_shape(self.target)}: {sizes}"


def _elements(shape: Shape) -> str:
    from ..shapes import size

    known = [d for d in shape if d != -1]
    count = size(known)
    if len(known) != len(shape):
        return f"a multiple of {count!r}"
    return f"{count!r} element{'' if count == 1 else 's'}"


@record
class UndefinedDimension(Rule):
    """A layer needs an axis to have a known length, and it is None.

    ## What it does
    Reports layers that make their weights from an axis that is `None`: `Dense` after `Flatten` of an input with open sizes, `Conv2D`
    with open channels.

    ## Why it is bad
    Keras cannot make the weights and raises, for instance `ValueError: Shapes used to initialize variables must be fully-defined`.

    ## Example
    ```python
    x = Flatten()(Input((None, None, 3)))
    Dense(10)(x)
    ```

    ## Use instead
    ```python
    x = GlobalAveragePooling2D()(Input((None, None, 3)))
    Dense(10)(x)
    ```
    """

    code: ClassVar[str] = "KSH206"
    name: ClassVar[str] = "undefined-dimension"
    layer: str
    shape: Shape
    axis: int

    def message(self) -> str:
        return f"{self.layer} needs to know the length of axis {self.axis}, which is None in {show_shape(self.shape)}"


@record
class LayerInputShape(Rule):
    """The declared input shape does not suit the layer, or is no shape.

    ## What it does
    Reports `input_shape=`, `input_dim=`, `batch_input_shape=` and `Input(shape=...)` that are no shape (`Input(784)`), or that have
    another number of axes than the layer takes. Mind that the batch axis is left out of `input_shape`.

    ## Why it is bad
    Keras raises when the layer is built, for instance
    `ValueError: Input 0 of layer "lstm" is incompatible with the layer: expected ndim=3, found ndim=2`.

    ## Example
    ```python
    model.add(LSTM(32, input_shape=(10,)))
    ```

    ## Use instead
    ```python
    model.add(LSTM(32, input_shape=(10, 1)))
    ```
    """

    code: ClassVar[str] = "KSH207"
    name: ClassVar[str] = "layer-input-shape"
    layer: str
    given: str
    reason: str
    hint: str | None = None

    def message(self) -> str:
        return f"{self.given} does not suit {self.layer}: {self.reason}"

    def help(self) -> str | None:
        return self.hint


@record
class LayerArgument(Rule):
    """A layer's constructor refuses an argument.

    ## What it does
    Reports values that a layer's constructor does not accept: filters that the groups do not divide, a kernel of the wrong length,
    strides of zero, keywords that the layer does not have, required arguments that are missing.

    ## Why it is bad
    Keras raises `ValueError` or `TypeError` where the layer is made.

    ## Example
    ```python
    Conv2D(32, kernel_size=(3, 3, 3))
    ```

    ## Use instead
    ```python
    Conv2D(32, kernel_size=(3, 3))
    ```
    """

    code: ClassVar[str] = "KSH208"
    name: ClassVar[str] = "layer-argument"
    layer: str
    reason: str
    hint: str | None = None

    def message(self) -> str:
        return f"{self.layer}: {self.reason}"

    def help(self) -> str | None:
        return self.hint


@record
class ApplicationInput(Rule):
    """A model of `keras.applications` refuses its input shape or its number of classes.

    ## What it does
    Reports `input_shape`, `classes`, `weights` and `include_top` that a pretrained architecture does not accept together: an image
    below its least size, other than three channels with the ImageNet weights, another size than the top layers were made for.

    ## Why it is bad
    Keras raises `ValueError` where the model is made.

    ## Example
    ```python
    VGG16(weights="imagenet", include_top=False, input_shape=(28, 28, 1))
    ```

    ## Use instead
    ```python
    VGG16(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
    ```
    """

    code: ClassVar[str] = "KSH209"
    name: ClassVar[str] = "application-input"
    application: str
    reason: str
    hint: str | None = None

    def message(self) -> str:
        return f"{self.application}: {self.reason}"

    def help(self) -> str | None:
        return self.hint


@record
class GraphDisconnected(Rule):
    """A functional model's outputs do not come from its inputs.

    ## What it does
    Reports `Model(inputs, outputs)` where an output depends on an `Input` that is not among the inputs.

    ## Why it is bad
    Keras raises `ValueError: Graph disconnected` (Keras 2), or that the outputs are not connected to the inputs (Keras 3).

    ## Example
    ```python
    a = Input((4,))
    b = Input((4,))
    Model(a, Dense(1)(Add()([a, b])))
    ```

    ## Use instead
    ```python
    Model([a, b], Dense(1)(Add()([a, b])))
    ```
    """

    code: ClassVar[str] = "KSH210"
    name: ClassVar[str] = "graph-disconnected"
    reason: str
    hint: str | None = None

    def message(self) -> str:
        return f"the model's outputs are not connected to its inputs: {self.reason}"

    def help(self) -> str | None:
        return self.hint


@record
class LayerInput(Rule):
    """A layer is called on what is no tensor, or on the wrong number of them.

    ## What it does
    Reports layers called on a layer, a model or another thing that is no tensor, layers that take one tensor (or a list of them)
    and get another number, and `Sequential` models that are given tensors for layers.

    ## Why it is bad
    Keras raises, for instance `ValueError: A merge layer should be called on a list of at least 2 inputs`.

    ## Example
    ```python
    x = Add()(a)
    ```

    ## Use instead
    ```python
    x = Add()([a, b])
    ```
    """

    code: ClassVar[str] = "KSH211"
    name: ClassVar[str] = "layer-input"
    layer: str
    reason: str
    hint: str | None = None

    def message(self) -> str:
        return f"{self.layer} {self.reason}"

    def help(self) -> str | None:
        return self.hint


@record
class WeightShapes(Rule):
    """Weights are given to a layer or model that has others.

    ## What it does
    Reports `set_weights` and `weights=[...]` with another number of arrays, or arrays of other shapes, than the layer or model has.

    ## Why it is bad
    Keras raises `ValueError: Layer embedding weight shape (1000, 64) is not compatible with provided weight shape (1000, 100)`.

    ## Example
    ```python
    embedding = Embedding(1000, 64)
    embedding.build()
    embedding.set_weights([np.zeros((1000, 100))])
    ```

    ## Use instead
    ```python
    embedding = Embedding(1000, 100)
    embedding.build()
    embedding.set_weights([np.zeros((1000, 100))])
    ```
    """

    code: ClassVar[str] = "KSH212"
    name: ClassVar[str] = "weight-shapes"
    layer: str
    reason: str

    def message(self) -> str:
        return f"{self.layer} {self.reason}"
