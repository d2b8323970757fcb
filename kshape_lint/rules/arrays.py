"""KSH1xx: operations on arrays and tensors that raise."""

from __future__ import annotations

from typing import ClassVar

from ..records import record
from ..shapes import Dim, Shape, show_shape, size
from .base import Rule


@record
class ReshapeSize(Rule):
    """An array is reshaped into a shape that holds another number of elements.

    ## What it does
    Reports `np.reshape`, `x.reshape`, `tf.reshape` and kin when the elements of the source cannot fill the target shape.

    ## Why it is bad
    NumPy raises `ValueError: cannot reshape array of size 2000 into shape (20,5,4)`.

    ## Example
    ```python
    x = np.random.rand(100, 20)
    x = np.reshape(x, (100 // 5, 5, 4))
    ```

    ## Use instead
    ```python
    x = np.random.rand(100, 20)
    x = np.reshape(x, (100, 5, 4))
    ```
    """

    code: ClassVar[str] = "KSH101"
    name: ClassVar[str] = "reshape-size"
    source: Shape
    target: Shape

    def message(self) -> str:
        held, asked = _elements(size(self.source)), _elements(size(self.target))
        return f"cannot reshape {show_shape(self.source)}, {held}, into {show_shape(self.target)}, {asked}"


@record
class ReshapeIndivisible(Rule):
    """A reshape leaves one length to be worked out as -1, and no whole number fits.

    ## What it does
    Reports a reshape with one `-1` where the other lengths do not divide the number of elements, whatever the number of rows.

    ## Why it is bad
    NumPy raises `ValueError: cannot reshape array of size 100 into shape (28,28)`: there is no length that could stand for the -1.

    ## Example
    ```python
    x = np.zeros((100, 20))
    x = x.reshape(-1, 28, 28)
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 784))
    x = x.reshape(-1, 28, 28)
    ```
    """

    code: ClassVar[str] = "KSH102"
    name: ClassVar[str] = "reshape-indivisible"
    source: Shape
    target: Shape
    part: Dim

    def message(self) -> str:
        return (
            f"cannot reshape {show_shape(self.source)} into {show_shape(self.target)}: "
            f"{_elements(size(self.source))} are not divisible by {self.part!r}"
        )


@record
class ReshapeTwoUnknown(Rule):
    """A reshape has more than one -1.

    ## What it does
    Reports a target shape of a reshape in which `-1` stands more than once.

    ## Why it is bad
    One length can be worked out from the others, two cannot. NumPy raises `ValueError: can only specify one unknown dimension`.

    ## Example
    ```python
    x = np.zeros((100, 784))
    x = x.reshape(-1, -1, 28)
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 784))
    x = x.reshape(-1, 28, 28)
    ```
    """

    code: ClassVar[str] = "KSH103"
    name: ClassVar[str] = "reshape-two-unknown"
    target: Shape

    def message(self) -> str:
        return f"only one dimension of a reshape can be -1, {show_shape(self.target)} has {sum(1 for d in self.target if d == -1)}"


@record
class AxisOutOfRange(Rule):
    """A function is told an axis that the array does not have.

    ## What it does
    Reports an `axis` (or `axes`, `dim`) outside the array's axes, and the same axis named twice where each may be named once.

    ## Why it is bad
    NumPy raises `AxisError: axis 2 is out of bounds for array of dimension 2`.

    ## Example
    ```python
    x = np.zeros((10, 4))
    x.mean(axis=2)
    ```

    ## Use instead
    ```python
    x = np.zeros((10, 4))
    x.mean(axis=1)
    ```
    """

    code: ClassVar[str] = "KSH104"
    name: ClassVar[str] = "axis-out-of-range"
    axis: int
    rank: int
    function: str = ""
    repeated: bool = False

    def message(self) -> str:
        where = f"{self.function}: " if self.function else ""
        if self.repeated:
            return f"{where}axis {self.axis} is named twice"
        return f"{where}axis {self.axis} is out of range for {_an_array(self.rank)}"


@record
class Broadcast(Rule):
    """Two arrays of shapes that do not go together meet in an element-wise operation.

    ## What it does
    Reports arithmetic, comparisons and functions of several arrays whose shapes cannot be broadcast: aligned at the last axis, two
    lengths differ and neither is 1.

    ## Why it is bad
    NumPy raises `ValueError: operands could not be broadcast together with shapes (10,4) (10,)`.

    ## Example
    ```python
    x = np.zeros((10, 4))
    mean = np.zeros(10)
    x = x - mean
    ```

    ## Use instead
    ```python
    x = np.zeros((10, 4))
    mean = np.zeros(10)
    x = x - mean[:, np.newaxis]
    ```

    ## References
    - [Broadcasting in NumPy](https://numpy.org/doc/stable/user/basics.broadcasting.html)
    """

    code: ClassVar[str] = "KSH105"
    name: ClassVar[str] = "broadcast"
    left: Shape
    right: Shape
    operation: str = ""

    def message(self) -> str:
        where = f" in '{self.operation}'" if self.operation else ""
        return f"shapes {show_shape(self.left)} and {show_shape(self.right)} cannot be broadcast together{where}{self._where()}"

    def _where(self) -> str:
        from ..shapes import same

        for i in range(1, min(len(self.left), len(self.right)) + 1):
            a, b = self.left[-i], self.right[-i]
            if same(a, b) is False and same(a, 1) is False and same(b, 1) is False:
                return f": {a!r} against {b!r}" if i == 1 else f": {a!r} against {b!r} on axis -{i}"
        return ""


@record
class Join(Rule):
    """Arrays that are put together differ in rank, or in an axis other than the one they are joined along.

    ## What it does
    Reports `np.concatenate`, `np.stack`, `np.vstack`, `np.array` of a list of arrays, `tf.concat` and kin when the parts do not fit.

    ## Why it is bad
    NumPy raises `ValueError: all the input array dimensions except for the concatenation axis must match exactly`.

    ## Example
    ```python
    a = np.zeros((10, 4))
    b = np.zeros((10, 3))
    c = np.concatenate([a, b], axis=0)
    ```

    ## Use instead
    ```python
    a = np.zeros((10, 4))
    b = np.zeros((10, 3))
    c = np.concatenate([a, b], axis=1)
    ```
    """

    code: ClassVar[str] = "KSH106"
    name: ClassVar[str] = "join"
    function: str
    first: Shape
    other: Shape
    position: int
    axis: int | None = None

    def message(self) -> str:
        parts = f"{show_shape(self.first)} and {show_shape(self.other)}"
        if not self.first and not self.other:
            return f"{self.function} of {parts}: single numbers have no axis to join along"
        if len(self.first) != len(self.other):
            return f"{self.function} of {parts}: ranks {len(self.first)} and {len(self.other)} differ"
        where = "" if self.axis is None else f": axis {self.axis} is {self.first[self.axis]!r} and {self.other[self.axis]!r}"
        return f"{self.function} of {parts}{where}"


@record
class Contraction(Rule):
    """A matrix product sums over two axes of different length.

    ## What it does
    Reports `@`, `np.matmul`, `np.dot`, `np.tensordot`, `tf.matmul` and kin when the axes that are summed over differ.

    ## Why it is bad
    NumPy raises `ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0`.

    ## Example
    ```python
    x = np.zeros((10, 4))
    w = np.zeros((3, 4))
    y = x @ w
    ```

    ## Use instead
    ```python
    x = np.zeros((10, 4))
    w = np.zeros((3, 4))
    y = x @ w.T
    ```
    """

    code: ClassVar[str] = "KSH107"
    name: ClassVar[str] = "matmul"
    function: str
    left: Shape
    right: Shape
    left_axis: int = -1
    right_axis: int = 0

    def message(self) -> str:
        both = f"{self.function} of {show_shape(self.left)} and {show_shape(self.right)}"
        if not self.left or not self.right:
            return f"{both}: a scalar cannot be an operand"
        return (
            f"{both}: axis {self.left_axis} of the left is {self.left[self.left_axis]!r}, "
            f"axis {self.right_axis} of the right is {self.right[self.right_axis]!r}"
        )


@record
class TransposeAxes(Rule):
    """A transpose names more or fewer axes than the array has.

    ## What it does
    Reports `transpose` (and `moveaxis`) when the axes given are no rearrangement of the array's axes.

    ## Why it is bad
    NumPy raises `ValueError: axes don't match array`.

    ## Example
    ```python
    images = np.zeros((100, 28, 28))
    images = images.transpose(0, 3, 1, 2)
    ```

    ## Use instead
    ```python
    images = np.zeros((100, 28, 28, 3))
    images = images.transpose(0, 3, 1, 2)
    ```
    """

    code: ClassVar[str] = "KSH108"
    name: ClassVar[str] = "transpose-axes"
    axes: Shape
    rank: int

    def message(self) -> str:
        return f"axes {show_shape(self.axes)} do not fit {_an_array(self.rank)}"


@record
class TooManyIndices(Rule):
    """An array is indexed with more indices than it has axes.

    ## What it does
    Reports `x[i, j, k]` on an array of lower rank, and `x.shape[i]` beyond the rank.

    ## Why it is bad
    NumPy raises `IndexError: too many indices for array: array is 2-dimensional, but 3 were indexed`.

    ## Example
    ```python
    x = np.zeros((100, 784))
    first = x[0, :, :]
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 784))
    first = x[0, :]
    ```
    """

    code: ClassVar[str] = "KSH109"
    name: ClassVar[str] = "too-many-indices"
    shape: Shape
    count: int

    def message(self) -> str:
        return f"{self.count} {'index' if self.count == 1 else 'indices'} for an array of shape {show_shape(self.shape)}"


@record
class UnpackCount(Rule):
    """A shape (or an array) is unpacked into another number of names than it has items.

    ## What it does
    Reports `h, w = x.shape` where x has another rank, and unpacking an array, a tuple or a function's results into the wrong number of
    names.

    ## Why it is bad
    Python raises `ValueError: too many values to unpack (expected 2)`.

    ## Example
    ```python
    images = np.zeros((100, 28, 28))
    height, width = images.shape
    ```

    ## Use instead
    ```python
    images = np.zeros((100, 28, 28))
    count, height, width = images.shape
    ```
    """

    code: ClassVar[str] = "KSH110"
    name: ClassVar[str] = "unpack-count"
    expected: int
    actual: Dim
    what: str = ""
    starred: bool = False

    def message(self) -> str:
        names = f"{self.expected}{' or more' if self.starred else ''} name{'' if self.expected == 1 else 's'}"
        of = f" of {self.what}" if self.what else ""
        return f"cannot unpack {self.actual!r} value{'' if self.actual == 1 else 's'}{of} into {names}"


@record
class IndexBounds(Rule):
    """An index lies outside the axis it picks from.

    ## What it does
    Reports an index that is certainly not smaller than the length of the axis, `x.shape[i]` beyond the rank, and the same in `np.take`
    and kin.

    ## Why it is bad
    NumPy raises `IndexError: index 3 is out of bounds for axis 1 with size 3`.

    ## Example
    ```python
    x = np.zeros((100, 3))
    y = x[:, 3]
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 3))
    y = x[:, 2]
    ```
    """

    code: ClassVar[str] = "KSH111"
    name: ClassVar[str] = "index-bounds"
    index: Dim
    length: Dim
    axis: int | None = None
    shape: Shape | None = None

    def message(self) -> str:
        where = "" if self.axis is None else f" on axis {self.axis}"
        of = "" if self.shape is None else f" of an array of shape {show_shape(self.shape)}"
        return f"index {self.index!r} is out of bounds{where}{of}, whose length is {self.length!r}"


@record
class SqueezeAxis(Rule):
    """An axis is squeezed out whose length is not 1.

    ## What it does
    Reports `squeeze` with an axis that has more (or less) than one element.

    ## Why it is bad
    NumPy raises `ValueError: cannot select an axis to squeeze out which has size not equal to one`.

    ## Example
    ```python
    images = np.zeros((100, 28, 28, 3))
    images = np.squeeze(images, axis=-1)
    ```

    ## Use instead
    ```python
    images = np.zeros((100, 28, 28, 1))
    images = np.squeeze(images, axis=-1)
    ```
    """

    code: ClassVar[str] = "KSH112"
    name: ClassVar[str] = "squeeze-axis"
    shape: Shape
    axis: int

    def message(self) -> str:
        return f"cannot squeeze axis {self.axis} of {show_shape(self.shape)}: its length is {self.shape[self.axis]!r}, not 1"


@record
class UnequalSplit(Rule):
    """An array is split into equal parts that leave a rest.

    ## What it does
    Reports `np.split`, `np.hsplit`, `tf.split` and kin when the axis cannot be cut into that many equal parts.

    ## Why it is bad
    NumPy raises `ValueError: array split does not result in an equal division`.

    ## Example
    ```python
    x = np.zeros((10, 4))
    parts = np.split(x, 3)
    ```

    ## Use instead
    ```python
    x = np.zeros((10, 4))
    parts = np.array_split(x, 3)
    ```
    """

    code: ClassVar[str] = "KSH113"
    name: ClassVar[str] = "unequal-split"
    shape: Shape
    parts: Dim
    axis: int

    def message(self) -> str:
        return f"axis {self.axis} of {show_shape(self.shape)} cannot be split into {self.parts!r} equal parts"


@record
class Einsum(Rule):
    """An einsum equation does not fit its operands.

    ## What it does
    Reports `einsum` (of NumPy, TensorFlow and Keras) when the number of operands, their ranks or the lengths that one letter stands for
    disagree.

    ## Why it is bad
    NumPy raises `ValueError: operand has a mismatch in its core dimension`, or that the subscripts do not match the operands.

    ## Example
    ```python
    a = np.zeros((3, 4))
    b = np.zeros((5, 6))
    c = np.einsum("ij,jk->ik", a, b)
    ```

    ## Use instead
    ```python
    a = np.zeros((3, 4))
    b = np.zeros((4, 6))
    c = np.einsum("ij,jk->ik", a, b)
    ```
    """

    code: ClassVar[str] = "KSH114"
    name: ClassVar[str] = "einsum"
    equation: str
    shapes: tuple[Shape | None, ...]
    reason: str

    def message(self) -> str:
        return f"einsum '{self.equation}' of {', '.join(map(show_shape, self.shapes))}: {self.reason}"


@record
class RankDemanded(Rule):
    """A function is given an array of a rank that it does not take.

    ## What it does
    Reports functions that demand a certain number of axes: scikit-learn's scalers and estimators (2-D), `np.linalg.inv` (2-D or more),
    `cv2.resize` and others.

    ## Why it is bad
    The function raises, such as scikit-learn's `ValueError: Expected 2D array, got 1D array instead`.

    ## Example
    ```python
    x = np.zeros(9)
    y = np.linalg.inv(x)
    ```

    ## Use instead
    ```python
    x = np.zeros((3, 3))
    y = np.linalg.inv(x)
    ```
    """

    code: ClassVar[str] = "KSH115"
    name: ClassVar[str] = "rank-demanded"
    function: str
    shape: Shape
    wanted: str
    hint: str | None = None

    def message(self) -> str:
        return f"{self.function} takes {self.wanted}, but is given rank {len(self.shape)}, shape {show_shape(self.shape)}"

    def help(self) -> str | None:
        return self.hint


@record
class MaskShape(Rule):
    """A boolean mask is not as long as the axis that it picks from.

    ## What it does
    Reports `x[mask]` where the shape of the mask differs from the axes of x that it stands for.

    ## Why it is bad
    NumPy raises `IndexError: boolean index did not match indexed array along axis 0`.

    ## Example
    ```python
    x = np.zeros((100, 4))
    mask = np.zeros(90, dtype=bool)
    y = x[mask]
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 4))
    mask = np.zeros(100, dtype=bool)
    y = x[mask]
    ```
    """

    code: ClassVar[str] = "KSH116"
    name: ClassVar[str] = "mask-shape"
    shape: Shape
    mask: Shape
    axis: int
    mask_axis: int

    def message(self) -> str:
        return (
            f"a mask of shape {show_shape(self.mask)} does not fit {show_shape(self.shape)}: "
            f"axis {self.axis} is {self.shape[self.axis]!r}, the mask's is {self.mask[self.mask_axis]!r}"
        )


@record
class InconsistentLengths(Rule):
    """Arrays that belong together row by row have different numbers of rows.

    ## What it does
    Reports functions that take features and labels (or the columns of a table) together, such as `train_test_split`,
    `Dataset.from_tensor_slices`,
    an estimator's `fit` and `pd.DataFrame`, when the lengths of their first axes differ.

    ## Why it is bad
    scikit-learn raises `ValueError: Found input variables with inconsistent numbers of samples: [100, 90]`.

    ## Example
    ```python
    x = np.zeros((100, 4))
    y = np.zeros(90)
    parts = train_test_split(x, y)
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 4))
    y = np.zeros(100)
    parts = train_test_split(x, y)
    ```
    """

    code: ClassVar[str] = "KSH117"
    name: ClassVar[str] = "inconsistent-lengths"
    function: str
    lengths: Shape
    names: tuple[str, ...] = ()

    def message(self) -> str:
        if self.names:
            parts = ", ".join(f"{n}: {d!r}" for n, d in zip(self.names, self.lengths))
        else:
            parts = " and ".join(map(repr, self.lengths)) if len(self.lengths) == 2 else ", ".join(map(repr, self.lengths))
        return f"{self.function}: the numbers of rows differ, {parts}"


@record
class AssignedShape(Rule):
    """A value is assigned to a part of an array that it does not fit into.

    ## What it does
    Reports `x[...] = value`, and `out=` and in-place operators, where the value cannot be broadcast to the shape of what is assigned
    to.

    ## Why it is bad
    NumPy raises `ValueError: could not broadcast input array from shape (27,28) into shape (28,28)`.

    ## Example
    ```python
    batch = np.zeros((32, 28, 28))
    batch[0] = np.zeros((27, 28))
    ```

    ## Use instead
    ```python
    batch = np.zeros((32, 28, 28))
    batch[0] = np.zeros((28, 28))
    ```
    """

    code: ClassVar[str] = "KSH118"
    name: ClassVar[str] = "assigned-shape"
    target: Shape
    value: Shape

    def message(self) -> str:
        return f"a value of shape {show_shape(self.value)} does not fit into {show_shape(self.target)}"


@record
class StatedShape(Rule):
    """What the program states about a shape is not so.

    ## What it does
    Reports an `assert x.shape == …`, `assert x.ndim == …`, a shape annotation, a shape comment, `x.set_shape(…)` or `tf.ensure_shape`
    that contradicts
    the shape that the value certainly has there.

    ## Why it is bad
    The assertion fails, or the comment misleads whoever reads it.

    ## Example
    ```python
    x = np.zeros((100, 28, 28))
    assert x.shape == (100, 784)
    ```

    ## Use instead
    ```python
    x = np.zeros((100, 28, 28))
    x = x.reshape(100, 784)
    assert x.shape == (100, 784)
    ```
    """

    code: ClassVar[str] = "KSH119"
    name: ClassVar[str] = "stated-shape"
    stated: str
    actual: Shape

    def message(self) -> str:
        return f"stated to be {self.stated}, but the shape is {show_shape(self.actual)}"


@record
class AmbiguousTruth(Rule):
    """An array of more than one element is asked whether it is true.

    ## What it does
    Reports `if`, `while`, `assert`, `and`, `or` and `not` of a NumPy array that certainly has two elements or more, such as a comparison of arrays.

    ## Why it is bad
    NumPy raises `ValueError: The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()`.

    ## Example
    ```python
    x = np.zeros(10)
    if x > 0:
        print("positive")
    ```

    ## Use instead
    ```python
    x = np.zeros(10)
    if (x > 0).all():
        print("positive")
    ```
    """

    code: ClassVar[str] = "KSH123"
    name: ClassVar[str] = "ambiguous-truth"
    shape: Shape

    def message(self) -> str:
        return f"an array of shape {show_shape(self.shape)} is neither true nor false"

    def help(self) -> str:
        return "ask .any() or .all() of it, or .size"


def _elements(count: Dim) -> str:
    return f"{count!r} element{'' if count == 1 else 's'}"


def _an_array(rank: int) -> str:
    return "a scalar" if rank == 0 else f"an array of {rank} ax{'is' if rank == 1 else 'es'}"
