"""KSH4xx: it runs, but not as meant."""

from __future__ import annotations

from typing import ClassVar

from ..findings import Severity
from ..records import record
from ..shapes import Shape, show_shape, size
from .base import Rule


@record
class TrailingAxis(Rule):
    """Keras appends or drops a trailing axis of size 1 to make the data fit the model.

    ## What it does
    Reports data whose rank differs by one from the model's input, where Keras quietly makes them meet: `(n, 28, 28)` into a
    model of `(28, 28, 1)` images gains the channel axis, `(n, 28, 28, 1)` into `(28, 28)` loses it.

    ## Why it is bad
    It runs, but only because of a courtesy of `fit`, `predict` and the model's call that layers do not share: the same data raise as soon as the model is
    built without an input shape, or a layer is called directly. The reader of the script sees two shapes that do not fit.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(8, 3)])
    model.predict(np.zeros((10, 28, 28)))
    ```

    ## Use instead
    ```python
    model.predict(np.zeros((10, 28, 28))[..., np.newaxis])
    ```
    """

    code: ClassVar[str] = "KSH401"
    name: ClassVar[str] = "trailing-axis"
    severity: ClassVar[Severity] = "warning"
    given: Shape
    expected: Shape

    @property
    def appends(self) -> bool:
        """Whether Keras appends the axis, rather than dropping it."""
        return len(self.given) < len(self.expected)

    def message(self) -> str:
        doing = "appends an axis of size 1 to" if self.appends else "drops the last axis of"
        return f"Keras {doing} samples of shape {show_shape(self.given[1:])} so that they fit the input {show_shape(self.expected)}"

    def help(self) -> str:
        return "say so: x[..., np.newaxis]" if self.appends else "say so: np.squeeze(x, axis=-1)"


@record
class LossBroadcasts(Rule):
    """The loss broadcasts the labels against the output.

    ## What it does
    Reports losses that subtract or multiply labels and output of different shapes, where broadcasting makes the two meet: labels
    `(n, 1)` against output `(n, 10)`, or labels `(n, 10)` against output `(n, 1)`.

    ## Why it is bad
    Training runs and the loss falls, but it is not the loss that was meant: every output is pulled towards the same label, or one output towards all labels at once.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10)])
    model.compile("adam", "mse")
    model.fit(np.zeros((32, 4)), np.zeros((32, 1)))
    ```

    ## Use instead
    ```python
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    ```
    """

    code: ClassVar[str] = "KSH402"
    name: ClassVar[str] = "loss-broadcasts"
    severity: ClassVar[Severity] = "warning"
    loss: str
    labels: Shape
    output: Shape
    output_name: str | None = None
    what: str = "labels"

    def message(self) -> str:
        named = "" if self.output_name is None else f" '{self.output_name}'"
        return (
            f"{self.loss} broadcasts {self.what} of shape {show_shape(self.labels)} against the output{named} of shape "
            f"{show_shape(self.output)}: it runs, but compares other elements than meant"
        )


@record
class OneCategory(Rule):
    """Categorical crossentropy, or a softmax, is computed over a single output, where it is constant.

    ## What it does
    Reports `categorical_crossentropy` (and its kin), and models that end in a softmax under any loss, where the output has one unit.

    ## Why it is bad
    Both normalise over the last axis. Over one unit every prediction is normalised to 1, the loss is constant, and nothing is learnt.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(np.zeros((32, 4)), np.zeros(32))
    ```

    ## Use instead
    ```python
    model.compile("adam", "binary_crossentropy")
    ```
    """

    code: ClassVar[str] = "KSH403"
    name: ClassVar[str] = "one-category"
    severity: ClassVar[Severity] = "warning"
    by: str
    output: Shape

    def message(self) -> str:
        return f"{self.by} over an output of shape {show_shape(self.output)} normalises over one unit: the loss is constant and nothing is learnt"

    def help(self) -> str:
        return "use binary_crossentropy with a sigmoid for two classes, or one unit a class"


@record
class InputShapeIgnored(Rule):
    """An input shape is given to a layer that is not the first; Keras ignores it.

    ## What it does
    Reports `input_shape=`, `input_dim=` or `batch_input_shape=` on a layer of a `Sequential` model after the first, where it contradicts what reaches the layer.

    ## Why it is bad
    Keras takes the shape from the layer before and does not compare: the reader is told a shape that is not there.

    ## Example
    ```python
    model = keras.Sequential([keras.layers.Dense(8, input_shape=(4,)), keras.layers.Dense(1, input_shape=(100,))])
    ```

    ## Use instead
    ```python
    model = keras.Sequential([keras.layers.Dense(8, input_shape=(4,)), keras.layers.Dense(1)])
    ```
    """

    code: ClassVar[str] = "KSH406"
    name: ClassVar[str] = "input-shape-ignored"
    severity: ClassVar[Severity] = "warning"
    layer: str
    declared: Shape
    actual: Shape | None

    def message(self) -> str:
        said = f"the input shape {show_shape(self.declared)} given to {self.layer} is ignored, for the layer is not the first"
        return said if self.actual is None else f"{said}: {show_shape(self.actual)} reaches it"

    def help(self) -> str:
        return "leave the argument out"


@record
class LuckyReshape(Rule):
    """A reshape works only for some numbers of rows.

    ## What it does
    Reports a reshape with `-1` of an array whose number of rows is not known, where rows are neither cut up nor put together: n rows of 785 into
    images of 28 × 28 = 784 works only where n happens to be a multiple of 784.

    ## Why it is bad
    For most numbers of rows it raises, and where it runs, each image is made of parts of two rows.

    ## Example
    ```python
    data = pd.read_csv("mnist.csv", names=[f"c{i}" for i in range(785)]).values
    images = data.reshape(-1, 28, 28)
    ```

    ## Use instead
    ```python
    images = data[:, 1:].reshape(-1, 28, 28)
    ```
    """

    code: ClassVar[str] = "KSH404"
    name: ClassVar[str] = "lucky-reshape"
    severity: ClassVar[Severity] = "warning"
    source: Shape
    target: Shape

    def message(self) -> str:
        """Say which rows do not fit."""
        row = size(d for d in self.source if isinstance(d, int))
        part = size(d for d in self.target if not (isinstance(d, int) and d < 0))
        return (
            f"reshaping {show_shape(self.source)} into {show_shape(self.target)} works only for some numbers of rows: "
            f"a row has {row!r} elements, the target takes {part!r}"
        )


@record
class ColumnAgainstRow(Rule):
    """An array of shape (n,) meets one of shape (n, 1), which gives (n, n).

    ## What it does
    Reports a sum, a difference, a product or a comparison of a 1-D array and a model's output of one column, as in `y - model.predict(x)`.

    ## Why it is bad
    Broadcasting subtracts every prediction from every label: the result has n × n elements, and a mean over it is not the error that was meant.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    y = np.zeros(100)
    error = np.mean((y - model.predict(np.zeros((100, 4)))) ** 2)
    ```

    ## Use instead
    ```python
    error = np.mean((y - model.predict(np.zeros((100, 4))).ravel()) ** 2)
    ```
    """

    code: ClassVar[str] = "KSH405"
    name: ClassVar[str] = "column-against-row"
    severity: ClassVar[Severity] = "warning"
    left: Shape
    right: Shape
    operation: str

    def message(self) -> str:
        """Say what meets and what comes of it."""
        n = self.left[0]
        result = show_shape((n, n))
        return f"{show_shape(self.left)} {self.operation} {show_shape(self.right)} broadcasts to {result}, each element against every other"

    def help(self) -> str:
        """Say how to make the two meet element by element."""
        return "flatten the column first, such as with .ravel(), or make both (n, 1)"
