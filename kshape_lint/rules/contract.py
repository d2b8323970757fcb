"""KSH3xx: the contract between data, model and loss at fit, evaluate, predict and call."""

from __future__ import annotations

from typing import ClassVar

from ..records import record
from ..shapes import Dim, Shape, show_shape
from .base import Rule


def _named(name: str | None) -> str:
    return "" if name is None else f" '{name}'"


@record
class InputRank(Rule):
    """The data have another rank than the model's input.

    ## What it does
    Reports `fit`, `evaluate`, `predict` and calls of a model whose data have more or fewer axes than the input the model was built
    for. One trailing axis of size 1 may be missing or too many: Keras adds or drops it (KSH401).

    ## Why it is bad
    Keras raises `ValueError: Invalid input shape for input Tensor("data:0", shape=(None, 784)). Expected shape (None, 28, 28, 1)`.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(8, 3)])
    model.predict(np.zeros((10, 784)))
    ```

    ## Use instead
    ```python
    model.predict(np.zeros((10, 784)).reshape(-1, 28, 28, 1))
    ```
    """

    code: ClassVar[str] = "KSH301"
    name: ClassVar[str] = "input-rank"
    given: Shape
    expected: Shape
    input_name: str | None = None
    what: str = "data"

    def message(self) -> str:
        if not self.given:
            return f"{self.what} of shape (), a single number, where Keras needs an axis of samples"
        return (
            f"{self.what} of shape {show_shape(self.given)}, rank {len(self.given)}, for the model's input{_named(self.input_name)} of shape "
            f"{show_shape(self.expected)}, rank {len(self.expected)}"
        )


@record
class InputSize(Rule):
    """An axis of the data has another length than the model's input.

    ## What it does
    Reports `fit`, `evaluate`, `predict` and calls of a model whose data have the right rank, but another number of features, channels, timesteps or pixels than
    the model was built for. A Functional model compares every axis; a Sequential model of Keras 3 only those its layers depend on.

    ## Why it is bad
    Keras raises `ValueError: Input 0 of layer "functional" is incompatible with the layer: expected shape=(None, 4), found shape=(None, 5)`.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.predict(np.zeros((10, 5)))
    ```

    ## Use instead
    ```python
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])
    ```
    """

    code: ClassVar[str] = "KSH302"
    name: ClassVar[str] = "input-size"
    given: Shape
    expected: Shape
    input_name: str | None = None
    what: str = "data"

    def message(self) -> str:
        return f"{self.what} of shape {show_shape(self.given)} for the model's input{_named(self.input_name)} of shape {show_shape(self.expected)}"

    def help(self) -> str | None:
        given, expected = self.given[1:], self.expected[1:]
        lengths = [d for d in expected if isinstance(d, int)]
        if len(given) != len(expected) or len(set(lengths)) != len(expected) or set(given) != set(lengths):
            return None
        order = (0, *(given.index(d) + 1 for d in lengths))
        return f"the axes stand in another order: transpose the data by {order}, or declare the input as {show_shape(given)}"


@record
class MissingBatchAxis(Rule):
    """One sample is given where Keras wants a batch of samples.

    ## What it does
    Reports `predict`, `evaluate` and calls of a model on data whose shape is the model's input without the batch axis.

    ## Why it is bad
    Keras takes the first axis for the batch: an image of (28, 28, 1) is read as 28 samples of (28, 1), and the model refuses them.

    ## Example
    ```python
    model.predict(x_test[0])
    ```

    ## Use instead
    ```python
    model.predict(x_test[:1])  # or x_test[0][np.newaxis]
    ```
    """

    code: ClassVar[str] = "KSH303"
    name: ClassVar[str] = "missing-batch-axis"
    given: Shape
    expected: Shape
    input_name: str | None = None

    def message(self) -> str:
        return (
            f"one sample of shape {show_shape(self.given)} for the model's input{_named(self.input_name)} of shape {show_shape(self.expected)}: "
            "the batch axis is missing"
        )

    def help(self) -> str:
        return "make a batch of one: x[np.newaxis], np.expand_dims(x, 0), or x_test[i:i + 1]"


@record
class InputCount(Rule):
    """The model has another number of inputs, or inputs of other names, than the data.

    ## What it does
    Reports data given as a list, tuple or dict that does not correspond to the model's inputs.

    ## Why it is bad
    Keras raises `ValueError: Layer "functional" expects 2 input(s), but it received 1 input tensors`, or cannot find a name in the dict.

    ## Example
    ```python
    model = keras.Model([a, b], out)
    model.predict(x)
    ```

    ## Use instead
    ```python
    model.predict([x_a, x_b])
    ```
    """

    code: ClassVar[str] = "KSH304"
    name: ClassVar[str] = "input-count"
    given: int
    expected: int
    missing: tuple[str, ...] = ()

    def message(self) -> str:
        if self.missing:
            return f"the data have no entry for the model's input {', '.join(map(repr, self.missing))}"
        return f"the model takes {self.expected} input{'' if self.expected == 1 else 's'}, the data hold {self.given}"


@record
class SampleCounts(Rule):
    """Data, labels and weights do not hold the same number of samples.

    ## What it does
    Reports `fit`, `evaluate` and `predict` whose arrays differ in the length of their first axis.

    ## Why it is bad
    Keras raises `ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.`

    ## Example
    ```python
    model.fit(x_train, y_test)
    ```

    ## Use instead
    ```python
    model.fit(x_train, y_train)
    ```
    """

    code: ClassVar[str] = "KSH305"
    name: ClassVar[str] = "sample-counts"
    counts: tuple[tuple[str, Dim], ...]
    validation: bool = False

    def message(self) -> str:
        said = ", ".join(f"{name} has {count!r}" for name, count in self.counts)
        return f"{'validation ' if self.validation else ''}arrays hold different numbers of samples: {said}"


@record
class LabelsRank(Rule):
    """The labels have another rank than the model's output, and the loss does not bridge it.

    ## What it does
    Reports labels and outputs whose ranks differ in a way the compiled loss refuses. Mostly the output has axes too many: `Flatten` or a global pooling is
    missing before the last layer, or `return_sequences=True` was left on.

    ## Why it is bad
    Keras raises `ValueError: Arguments target and output must have the same rank (ndim)`, or an error of the subtraction in the loss.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(8, 3), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(np.zeros((32, 28, 28, 1)), np.zeros((32, 10)))
    ```

    ## Use instead
    ```python
    keras.Sequential([..., keras.layers.Conv2D(8, 3), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    ```
    """

    code: ClassVar[str] = "KSH306"
    name: ClassVar[str] = "labels-rank"
    loss: str
    labels: Shape
    output: Shape
    output_name: str | None = None
    validation: bool = False

    def message(self) -> str:
        return (
            f"{'validation ' if self.validation else ''}labels of shape {show_shape(self.labels)} do not fit the output{_named(self.output_name)} of shape "
            f"{show_shape(self.output)}, rank {len(self.output)}, under {self.loss}"
        )

    def help(self) -> str | None:
        if len(self.output) > len(self.labels) and len(self.output) > 2:
            return "bring the output down to the labels' rank: Flatten or global pooling before the last Dense, or return_sequences=False"
        return None


@record
class LabelsSize(Rule):
    """An axis of the labels has another length than the model's output.

    ## What it does
    Reports labels whose width (or another axis) differs from the output's, where the compiled loss demands that they agree: three one-hot classes
    against `Dense(4)`, one value a sample against `Dense(10)`.

    ## Why it is bad
    Keras raises `ValueError: Arguments target and output must have the same shape`, or an error of the subtraction in the loss.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(np.zeros((32, 4)), np.zeros((32, 3)))
    ```

    ## Use instead
    ```python
    keras.layers.Dense(3, activation="softmax")
    ```
    """

    code: ClassVar[str] = "KSH307"
    name: ClassVar[str] = "labels-size"
    loss: str
    labels: Shape
    output: Shape
    output_name: str | None = None
    validation: bool = False
    unless_batch: Dim = None

    def message(self) -> str:
        said = (
            f"{'validation ' if self.validation else ''}labels of shape {show_shape(self.labels)} do not fit the output{_named(self.output_name)} of shape "
            f"{show_shape(self.output)} under {self.loss}"
        )
        return said if self.unless_batch is None else f"{said} (unless a batch holds exactly {self.unless_batch!r})"

    def help(self) -> str | None:
        wide = self.labels[-1] if len(self.labels) == len(self.output) else 1
        if self.loss.startswith("the metric "):
            return "choose a metric that takes such labels, or give the labels its encoding"
        if len(self.labels) <= len(self.output) == 2 and isinstance(wide, int):
            return f"the last layer needs {wide} unit{'' if wide == 1 else 's'} for these labels"
        if self.loss in ("binary_crossentropy", "BinaryCrossentropy") and len(self.labels) == 2 and self.output[-1] == 1:
            return (
                "one unit takes labels of 0 and 1 (class_mode='binary'), one-hot labels a unit for each class and categorical_crossentropy"
            )
        return None


@record
class LabelEncoding(Rule):
    """Integer labels meet categorical crossentropy, or one-hot labels meet the sparse one.

    ## What it does
    Reports labels of one integer a sample, (n,) or (n, 1), under `categorical_crossentropy`, which takes one-hot rows, and one-hot rows under
    `sparse_categorical_crossentropy`, which takes integers.

    ## Why it is bad
    Keras raises `ValueError: Arguments target and output must have the same rank (ndim)` or `Argument output must have rank (ndim) target.ndim - 1`.

    ## Example
    ```python
    model.compile("adam", "categorical_crossentropy")
    model.fit(x, np.array([0, 2, 1, 0]))
    ```

    ## Use instead
    ```python
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, np.array([0, 2, 1, 0]))
    ```
    """

    code: ClassVar[str] = "KSH308"
    name: ClassVar[str] = "label-encoding"
    loss: str
    labels: Shape
    output: Shape
    output_name: str | None = None
    validation: bool = False
    one_hot: bool = False

    def message(self) -> str:
        kind = "one-hot" if self.one_hot else "integer"
        wanted = "one integer a sample" if self.one_hot else "one-hot labels"
        return (
            f"{kind} {'validation ' if self.validation else ''}labels of shape {show_shape(self.labels)} for the output{_named(self.output_name)} of shape "
            f"{show_shape(self.output)}: {self.loss} takes {wanted}"
        )

    def help(self) -> str:
        if self.one_hot:
            return "compile with categorical_crossentropy, or give np.argmax(y, axis=-1)"
        return "compile with sparse_categorical_crossentropy, or give keras.utils.to_categorical(y)"


@record
class LabelRange(Rule):
    """A label is no index of the model's outputs.

    ## What it does
    Reports labels, known from the text, that reach or exceed the number of outputs (or are negative) under `sparse_categorical_crossentropy`, and labels that
    exceed `num_classes` in `to_categorical`.

    ## Why it is bad
    On the CPU TensorFlow raises `InvalidArgumentError: Received a label value of 10 which is outside the valid range of [0, 10)` in the first batch that holds
    one. On a GPU the loss becomes NaN.

    ## Example
    ```python
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, np.array([1, 2, 3]))
    ```

    ## Use instead
    ```python
    model.fit(x, np.array([0, 1, 2]))
    ```
    """

    code: ClassVar[str] = "KSH309"
    name: ClassVar[str] = "label-range"
    where: str
    lowest: int
    highest: int
    classes: Dim
    validation: bool = False

    def message(self) -> str:
        bad = self.highest if self.lowest >= 0 else self.lowest
        most = self.classes - 1 if isinstance(self.classes, int) else f"{self.classes!r} - 1"
        return f"{'validation ' if self.validation else ''}labels hold {bad}, {self.where} takes 0 to {most}"

    def help(self) -> str | None:
        if self.lowest >= 1 and self.highest == self.classes:
            return "the labels count from 1: subtract 1"
        return None


@record
class TextData(Rule):
    """Text, or objects of no one shape, are given where Keras wants numbers.

    ## What it does
    Reports `fit`, `evaluate` and `predict` on arrays of strings, or of dtype object, where the model does not take text.

    ## Why it is bad
    Keras raises `ValueError: Invalid dtype: str`, or TensorFlow cannot convert the array to a tensor.

    ## Example
    ```python
    model.fit(np.array(["good", "bad"]), np.array([1, 0]))
    ```

    ## Use instead
    ```python
    vectorize = keras.layers.TextVectorization()
    vectorize.adapt(texts)
    model.fit(vectorize(texts), np.array([1, 0]))
    ```
    """

    code: ClassVar[str] = "KSH310"
    name: ClassVar[str] = "text-data"
    what: str
    shape: Shape | None
    dtype: str = "str"

    def message(self) -> str:
        kind = "text" if self.dtype == "str" else f"elements of dtype {self.dtype}"
        return f"{self.what} of shape {show_shape(self.shape)} holds {kind}, the model takes numbers"

    def help(self) -> str | None:
        return None if self.dtype == "str" else "make one array of one shape of it: pad_sequences, np.stack, or astype(float)"


@record
class PlainLists(Rule):
    """Plain Python lists of numbers are given as data.

    ## What it does
    Reports `fit`, `evaluate` and `predict` on lists of numbers. Keras 3 reads a list as one array a model input and refuses numbers in it; Keras 2 made an
    array of it.

    ## Why it is bad
    Keras 3 raises `ValueError: Unrecognized data type: x=[...] (of type <class 'list'>)`.

    ## Example
    ```python
    model.predict([[1.0, 2.0]])
    ```

    ## Use instead
    ```python
    model.predict(np.array([[1.0, 2.0]]))
    ```
    """

    code: ClassVar[str] = "KSH311"
    name: ClassVar[str] = "plain-lists"
    what: str
    of: str = "numbers"

    def message(self) -> str:
        return f"{self.what} is a plain list of {self.of}, Keras takes arrays here"

    def help(self) -> str:
        return f"np.array({self.what})"


@record
class UsedTooEarly(Rule):
    """A model is trained before `compile`, or a model or layer is asked for its weights before it is built.

    ## What it does
    Reports `fit`, `evaluate`, `train_on_batch` and `test_on_batch` on a model that was never compiled, and questions a model cannot answer before it knows its input.

    ## Why it is bad
    Keras raises `ValueError: You must call compile() before calling fit()`.

    ## Example
    ```python
    model = keras.Sequential([keras.layers.Dense(1)])
    model.fit(x, y)
    ```

    ## Use instead
    ```python
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code: ClassVar[str] = "KSH312"
    name: ClassVar[str] = "used-too-early"
    raises: ClassVar[str] = "AttributeError"
    used: str
    before: str = "compile"

    def message(self) -> str:
        owner = "layer" if "." in self.used else "model"
        wanted = "compile() was not called" if self.before == "compile" else f"the {owner} is not built yet"
        if self.before == "call":
            wanted = "it was never called"
        return f"{self.used} before {self.before}: {wanted}"

    def help(self) -> str | None:
        if self.before == "call" and self.used.startswith("Sequential."):
            return f"Keras 3 knows the {self.used[11:]} of a Sequential model only where it serves as a layer: take model.{self.used[11:]}s"
        return None


@record
class DatasetBatching(Rule):
    """A dataset was never batched, or batched twice.

    ## What it does
    Reports a dataset whose elements lack the batch axis, or have two, against the input of the model.

    ## Why it is bad
    Keras takes the first axis of each element for the batch. Without `.batch()` a sample's own first axis stands there; with two, the model sees batches of batches, as when a
    dataset from `image_dataset_from_directory`, which is batched already, is batched again.

    ## Example
    ```python
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    model.fit(ds)
    ```

    ## Use instead
    ```python
    model.fit(ds.batch(32))
    ```
    """

    code: ClassVar[str] = "KSH313"
    name: ClassVar[str] = "dataset-batching"
    given: Shape
    expected: Shape
    twice: bool = False

    def message(self) -> str:
        fault = "is batched twice" if self.twice else "was never batched"
        return f"the dataset {fault}: its elements have shape {show_shape(self.given)}, the model's input is {show_shape(self.expected)}"

    def help(self) -> str:
        return "leave out the second batch(), or unbatch() first" if self.twice else "batch it: ds.batch(32)"


@record
class OutputCount(Rule):
    """The model has another number of outputs, or outputs of other names, than labels or losses were given.

    ## What it does
    Reports labels, losses or loss weights, given as list, tuple or dict, that do not correspond to the model's outputs, and data without any labels.

    ## Why it is bad
    Keras raises `ValueError: y_true and y_pred have different structures`, or `Expected keys ['a', 'b'] in loss dict`; without labels
    `None values not supported`.

    ## Example
    ```python
    model = keras.Model(inputs, [a, b])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Use instead
    ```python
    model.fit(x, [y_a, y_b])
    ```
    """

    code: ClassVar[str] = "KSH314"
    name: ClassVar[str] = "output-count"
    what: str
    given: int
    expected: int
    unknown: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def message(self) -> str:
        if self.unknown:
            has = f", it has {', '.join(map(repr, self.outputs))}" if self.outputs else ""
            return f"{self.what} name {', '.join(map(repr, self.unknown))}, which is no output of the model{has}"
        has = f"the model has {self.expected} output{'' if self.expected == 1 else 's'}"
        return f"{has} and a loss, no labels were given" if self.given == 0 else f"{has}, {self.what} were given for {self.given}"


@record
class UnknownRank(Rule):
    """Tensors of unknown rank reach the model.

    ## What it does
    Reports datasets whose elements passed through `tf.py_function`, `tf.numpy_function` or `from_generator` without a signature, so that TensorFlow does not know
    how many axes they have, and that go into a model which must know.

    ## Why it is bad
    Keras raises `ValueError: as_list() is not defined on an unknown TensorShape` or `Cannot take the length of shape with unknown rank`.

    ## Example
    ```python
    ds = tf.data.Dataset.from_generator(gen, (tf.float32, tf.float32))
    model.fit(ds)
    ```

    ## Use instead
    ```python
    ds = tf.data.Dataset.from_generator(gen, output_signature=(tf.TensorSpec((None, 4)), tf.TensorSpec((None, 1))))
    ```
    """

    code: ClassVar[str] = "KSH315"
    name: ClassVar[str] = "unknown-rank"
    what: str = "data"

    def message(self) -> str:
        return f"TensorFlow does not know the rank of the {self.what}, and the model must"

    def help(self) -> str:
        return "say it: tensor.set_shape(...), tf.ensure_shape, or output_signature="


@record
class SampleCountDeclared(Rule):
    """The input shape was declared with the number of samples in it.

    ## What it does
    Reports a model whose `input_shape` (or `Input(shape)`) holds the length of the data's sample axis, as `input_shape=X.shape` and `input_shape=(X.shape[0],)` do.

    ## Why it is bad
    `input_shape` is the shape of one sample; Keras adds the batch axis itself. The data never fit such a model.

    ## Example
    ```python
    model.add(keras.layers.Dense(8, input_shape=x_train.shape))
    ```

    ## Use instead
    ```python
    model.add(keras.layers.Dense(8, input_shape=x_train.shape[1:]))
    ```
    """

    code: ClassVar[str] = "KSH316"
    name: ClassVar[str] = "sample-count-declared"
    given: Shape
    expected: Shape

    def message(self) -> str:
        return (
            f"the model's input {show_shape(self.expected)} was declared with the number of samples in it: data of shape {show_shape(self.given)} "
            f"need {show_shape((None, *self.given[1:]))}"
        )

    def help(self) -> str:
        return "declare one sample: input_shape=x.shape[1:]"


@record
class SampleWeights(Rule):
    """Sample weights or class weights do not fit the labels.

    ## What it does
    Reports `sample_weight` whose shape does not go with the loss, and `class_weight` where Keras does not take it.

    ## Why it is bad
    Keras raises when it multiplies the loss of each sample by its weight, or refuses the combination outright.

    ## Example
    ```python
    model.fit(x, y, sample_weight=w, class_weight={0: 1.0, 1: 5.0})
    ```

    ## Use instead
    ```python
    model.fit(x, y, class_weight={0: 1.0, 1: 5.0})
    ```
    """

    code: ClassVar[str] = "KSH317"
    name: ClassVar[str] = "sample-weights"
    reason: str

    def message(self) -> str:
        return self.reason


@record
class RankChanged(Rule):
    """A second call gives the model arrays of another rank than the first.

    ## What it does
    Reports `fit`, `evaluate` and `predict` whose data or labels have another rank than those of an earlier call of the same method of the
    same model, where each call alone would run since Keras appends or drops a trailing axis of size 1. Compiling anew between the two helps. The
    `validation_data` of `fit` count as a call of `evaluate`.

    ## Why it is bad
    TensorFlow traces the step anew for arrays of any rank, and Keras raises `ValueError: Cannot take the length of shape with unknown rank`. Keras 2 sees only that the model would take each.

    ## Example
    ```python
    model = keras.Sequential([keras.Input((6, 1)), keras.layers.LSTM(4), keras.layers.Dense(1)])
    model.predict(np.zeros((10, 6, 1)))
    model.predict(np.zeros((10, 6)))
    ```

    ## Use instead
    ```python
    model.predict(np.zeros((10, 6, 1)))
    model.predict(np.zeros((10, 6))[..., np.newaxis])
    ```
    """

    code: ClassVar[str] = "KSH318"
    name: ClassVar[str] = "rank-changed"
    method: str
    what: str
    given: Shape
    before: Shape

    def message(self) -> str:
        return (
            f"{self.what} of shape {show_shape(self.given)}, rank {len(self.given)}, where an earlier {self.method} was given rank {len(self.before)}, "
            f"shape {show_shape(self.before)}: TensorFlow traces anew for any rank, which Keras cannot use"
        )

    def help(self) -> str:
        return f"give {self.method} arrays of one rank, {len(self.before)}"


@record
class FitArguments(Rule):
    """What `fit` and its kin are given does not go together.

    ## What it does
    Reports labels or weights beside a dataset or generator that brings its own, elements of more than three parts, a loss without labels, labels without a loss,
    and a `validation_split` that leaves nothing to train on or cannot be made. In Keras 3 also generators and sequences that give lists where TensorFlow needs tuples.

    ## Why it is bad
    Keras raises before the first step, for instance ``ValueError: When providing `x` as a tf.data.Dataset, `y` should not be passed``.

    ## Example
    ```python
    ds = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
    model.fit(ds, y)
    ```

    ## Use instead
    ```python
    model.fit(ds)
    ```
    """

    code: ClassVar[str] = "KSH319"
    name: ClassVar[str] = "fit-arguments"
    reason: str
    hint: str | None = None

    def message(self) -> str:
        return self.reason

    def help(self) -> str | None:
        return self.hint


@record
class IndexRange(Rule):
    """A number is no index of an Embedding's table.

    ## What it does
    Reports numbers, known from the text, that reach or exceed `input_dim` of the `Embedding` that they go into as they are; in Keras 2 negative ones too.

    ## Why it is bad
    On the CPU TensorFlow raises `InvalidArgumentError: indices[0,2] = 10 is not in [0, 10)` in the first batch that holds one. On a GPU it gives zeros for it.

    ## Example
    ```python
    model = keras.Sequential([keras.layers.Embedding(10, 4), keras.layers.LSTM(3)])
    model.predict(np.array([[1, 2, 10]]))
    ```

    ## Use instead
    ```python
    model = keras.Sequential([keras.layers.Embedding(11, 4), keras.layers.LSTM(3)])
    model.predict(np.array([[1, 2, 10]]))
    ```
    """

    code: ClassVar[str] = "KSH320"
    name: ClassVar[str] = "index-range"
    lowest: int
    highest: int
    size: int

    def message(self) -> str:
        bad = self.highest if self.highest >= self.size else self.lowest
        return f"the data hold {bad}, an Embedding with input_dim={self.size} takes 0 to {self.size - 1}"

    def help(self) -> str | None:
        return f"input_dim is the greatest index and one: {self.highest + 1}" if self.highest >= self.size else None
