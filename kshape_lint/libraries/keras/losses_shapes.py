"""What each built-in loss does to the shapes of labels and output: Keras's own steps, on shapes alone.

`outcome` follows the code of the loss, in both Kerases: squeeze or expand where ranks differ by one, compare, broadcast, reduce.
It knows of no model and no rule; it answers whether the loss runs, raises or cannot be told, and whether broadcasting stretched
something on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from ...records import record
from ...shapes import UNKNOWN_DIM, Dim, Shape, same, size

Via: TypeAlias = Literal["function", "object", "compiled"]
"""How the loss is reached: its function called directly, a loss object called directly, or by ``fit`` after ``compile``."""

Fault: TypeAlias = Literal["rank", "size", "classes", "argument"]


class Undecided(Exception):
    """The text does not tell which way the loss goes."""


class Refused(Exception):
    """The loss certainly raises."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


@record
class Outcome:
    """What comes of a loss: `verdict`, the shape of its values before they are reduced over the batch, and how it got there.

    `stretched` tells that broadcasting repeated labels or output along an axis. `fault` says why it raises.
    """

    verdict: Literal["runs", "raises", "unknown"]
    values: Shape | None = None
    stretched: bool = False
    fault: Fault | None = None


UNKNOWN_OUTCOME = Outcome("unknown")


class Trial:
    """One run of a loss over shapes; remembers whether broadcasting stretched anything."""

    def __init__(self, major: int, via: Via, sigmoid: bool, tensors: bool, options: Mapping[str, Any]) -> None:
        self.major = major
        self.via: Via = via
        self.sigmoid = sigmoid
        self.tensors = tensors
        self.options = options
        self.dynamic = False
        self.expanded = False
        self.even = False
        self.stretched = False
        self.unsure = False

    def option(self, name: str, default: Any) -> Any:
        """Return an argument the loss was given."""
        return self.options.get(name, default)

    def broadcast(self, a: Shape, b: Shape) -> Shape:
        """Return what the two broadcast to; refuse where they cannot."""
        rank = max(len(a), len(b))
        out: list[Dim] = []
        for i in range(rank, 0, -1):
            x: Dim = a[-i] if i <= len(a) else 1
            y: Dim = b[-i] if i <= len(b) else 1
            out.append(self._meet(x, y))
        if len(a) != len(b) and rank > 1:
            shorter, longer = (a, b) if len(a) < len(b) else (b, a)
            if any(same(d, 1) is not True for d in longer[: len(longer) - len(shorter)]):
                self.stretched = True
        return tuple(out)

    def _meet(self, x: Dim, y: Dim) -> Dim:
        if x == y and x is not UNKNOWN_DIM:
            return x
        if isinstance(x, int) and x == 1:
            self.stretched = self.stretched or same(y, 1) is False
            return y
        if isinstance(y, int) and y == 1:
            self.stretched = self.stretched or same(x, 1) is False
            return x
        if same(x, y) is False and same(x, 1) is False and same(y, 1) is False:
            raise Refused("size")
        if same(x, y) is not True:
            self.unsure = True
        return x if isinstance(x, int) else y if isinstance(y, int) else UNKNOWN_DIM

    def equal(self, a: Shape, b: Shape) -> None:
        """Refuse shapes that differ; where Keras 2 sees ranks alone, the lengths meet when the loss runs, by broadcasting."""
        if len(a) != len(b):
            raise Refused("rank")
        if self.dynamic:
            if self.expanded and same(a[-1], b[-1]) is False:
                raise Refused("size")
            self.broadcast(a, b)
            return
        for x, y in zip(a, b):
            if same(x, y) is False:
                raise Refused("size")
            if same(x, y) is None:
                self.unsure = True


def is_one(d: Dim) -> bool:
    """Tell whether an axis has length 1, or give up."""
    verdict = same(d, 1)
    if verdict is None:
        raise Undecided
    return verdict


def squeeze_or_expand(a: Shape, b: Shape) -> tuple[Shape, Shape]:
    """Do as Keras 3's ``squeeze_or_expand_to_same_rank``."""
    if len(a) == len(b) + 1 and is_one(a[-1]):
        return (a, (*b, 1)) if len(b) == 1 else (a[:-1], b)
    if len(b) == len(a) + 1 and is_one(b[-1]):
        return ((*a, 1), b) if len(a) == 1 else (a, b[:-1])
    return a, b


def squeeze_2(labels: Shape, output: Shape, dynamic: bool = False) -> tuple[Shape, Shape]:
    """Do as Keras 2's ``squeeze_or_expand_dimensions``; with `dynamic` it takes an axis of unknown length for one of 1."""
    difference = len(output) - len(labels)
    if difference == 1 and is_one(output[-1]):
        return labels, output[:-1]
    if difference == -1:
        if is_one(labels[-1]):
            return labels[:-1], output
        if dynamic:
            raise Refused("rank")
    return labels, output


def without(shape: Shape, axis: Any) -> Shape:
    """Return a shape less the axes that a reduction takes; refuse axes that it does not have."""
    if axis is None:
        return ()
    axes = axis if isinstance(axis, tuple) else (axis,)
    if not all(isinstance(a, int) for a in axes):
        raise Undecided
    if not all(-len(shape) <= a < len(shape) for a in axes):
        raise Refused("rank")
    gone = {a % len(shape) for a in axes}
    return tuple(d for i, d in enumerate(shape) if i not in gone)


def _difference(t: Trial, y: Shape, p: Shape) -> Shape:
    if t.major >= 3:
        y, p = squeeze_or_expand(y, p)
    return without(t.broadcast(y, p), t.option("axis", -1))


def _product(t: Trial, y: Shape, p: Shape) -> Shape:
    return without(t.broadcast(y, p), -1)


def _cosine(t: Trial, y: Shape, p: Shape) -> Shape:
    return _difference(t, y, p)


def _region(t: Trial, y: Shape, p: Shape) -> Shape:
    return without(t.broadcast(y, p), t.option("axis", None))


def _categorical(t: Trial, y: Shape, p: Shape) -> Shape:
    t.equal(y, p)
    return without(p, t.option("axis", -1))


def _categorical_focal(t: Trial, y: Shape, p: Shape) -> Shape:
    if t.major < 3:
        return _categorical(t, y, p)
    return without(t.broadcast(y, p), t.option("axis", -1))


def _binary(t: Trial, y: Shape, p: Shape) -> Shape:
    if t.major >= 3 or t.sigmoid or t.option("from_logits", False) is True:
        t.equal(y, p)
        return without(p, t.option("axis", -1))
    if t.option("from_logits", False) is not False:
        raise Undecided
    return without(t.broadcast(y, p), t.option("axis", -1))


def _sparse(t: Trial, y: Shape, p: Shape) -> Shape:
    axis = t.option("axis", -1)
    if not isinstance(axis, int):
        raise Undecided
    if not p:
        raise Refused("rank")
    if t.major < 3:
        return _sparse_2(t, y, p, axis)
    if axis not in (-1, len(p) - 1):
        raise Refused("argument")
    if len(y) == len(p) and is_one(y[-1]):
        y = y[:-1]
    if len(y) != len(p) - 1:
        raise Refused("rank")
    t.equal(y, p[:-1])
    return p[:-1]


def _sparse_2(t: Trial, y: Shape, p: Shape, axis: int) -> Shape:
    if not -len(p) <= axis < len(p):
        raise Refused("rank")
    axis %= len(p)
    p = (*p[:axis], *p[axis + 1 :], p[axis])
    if len(y) == len(p) - 1:
        t.dynamic = False
        t.equal(y, p[:-1])
        return p[:-1]
    if len(y) == len(p) and same(y[-1], 1) is False and all(same(a, b) is True for a, b in zip(y[:-1], p[:-1])):
        raise Refused("size")
    mine, wanted = size(y), size(p[:-1])
    verdict = same(mine, wanted)
    if verdict is False:
        raise Refused("rank" if len(y) != len(p) else "size")
    if verdict is None:
        t.unsure = True
    return p[:-1] if len(p) >= 3 else (wanted,)


def _ctc(t: Trial, y: Shape, p: Shape) -> Shape:
    if len(y) != 2 or len(p) != 3:
        raise Refused("rank")
    return (p[0],)


def _circle(t: Trial, y: Shape, p: Shape) -> Shape:
    """Outputs against outputs and labels against labels: one number for each sample of the first."""
    if t.option("ref_labels", None) is not None or t.option("ref_embeddings", None) is not None:
        raise Undecided
    y = (*y, 1) if len(y) == 1 else y
    mask = t.broadcast(y, y[::-1])
    if t.option("remove_diagonal", True) is not False:
        count = size(y)
        mask = t.broadcast(mask, (count, count))
    pairs = t.broadcast(_multiplied(t, p, p[::-1]), mask)
    t.stretched = False
    return without(pairs, 1)


def _multiplied(t: Trial, a: Shape, b: Shape) -> Shape:
    """Return the shape of a matrix product of shapes of equal rank."""
    if not a:
        raise Refused("rank")
    inner = same(a[-1], b[-2] if len(b) > 1 else b[-1])
    if inner is False:
        raise Refused("size")
    if inner is None:
        t.unsure = True
    return (*t.broadcast(a[:-2], b[:-2]), a[-2], b[-1]) if len(a) > 1 else ()


def _generalized(t: Trial, y: Shape, p: Shape) -> Shape:
    return without(t.broadcast(p, (*y, p[-1])), -1) if p else p


Steps: TypeAlias = Callable[[Trial, Shape, Shape], Shape]

LOSSES: dict[str, Steps] = {
    "mean_squared_error": _difference,
    "mean_absolute_error": _difference,
    "mean_absolute_percentage_error": _difference,
    "mean_squared_logarithmic_error": _difference,
    "huber": _difference,
    "log_cosh": _difference,
    "cosine_similarity": _cosine,
    "hinge": _product,
    "squared_hinge": _product,
    "categorical_hinge": _product,
    "kl_divergence": _product,
    "poisson": _product,
    "dice": _region,
    "tversky": _region,
    "binary_crossentropy": _binary,
    "binary_focal_crossentropy": _binary,
    "categorical_crossentropy": _categorical,
    "categorical_focal_crossentropy": _categorical_focal,
    "sparse_categorical_crossentropy": _sparse,
    "ctc": _ctc,
    "circle": _circle,
    "categorical_generalized_cross_entropy": _generalized,
}
"""The steps of every built-in loss, by the name of its function."""

OVER_CLASSES = ("categorical_crossentropy", "categorical_focal_crossentropy", "sparse_categorical_crossentropy")
"""Losses that normalise over the classes: over one class they are constant."""


def prepared(labels: Shape, output: Shape, *, major: int, via: Via, tensors: bool = True, dynamic: bool = False) -> tuple[Shape, Shape]:
    """Return labels and output as the loss function itself gets them. May raise `Undecided`, or `Refused` with `dynamic`."""
    if via == "function":
        return labels, output
    if major >= 3:
        return squeeze_or_expand(labels, output)
    if via == "compiled" and len(labels) == 1 and len(output) == 2:
        labels = (*labels, 1)
    return squeeze_2(labels, output, dynamic) if tensors else (labels, output)


def outcome(
    loss: str,
    labels: Shape,
    output: Shape,
    *,
    major: int,
    via: Via = "compiled",
    sigmoid: bool = False,
    tensors: bool = True,
    dynamic: bool = False,
    options: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return what comes of a loss over labels and output of these shapes.

    `sigmoid` says that the output is a sigmoid's, which Keras 2 looks through; `tensors` that both are tensors and not NumPy arrays, which
    a loss object of Keras 2 treats differently; `dynamic` that the labels come from a generator, of which Keras 2 knows ranks alone.
    """
    steps = LOSSES.get(loss)
    if steps is None:
        return UNKNOWN_OUTCOME
    trial = Trial(major, via, sigmoid, tensors, options or {})
    trial.dynamic = dynamic
    # Labels of one axis get a second one, and that its length is 1 is known.
    trial.expanded = dynamic and len(labels) == 1 and len(output) == 2
    try:
        y, p = prepared(labels, output, major=major, via=via, tensors=tensors, dynamic=dynamic)
        trial.sigmoid = sigmoid and p == output  # a squeeze hides from Keras 2 where the output came from
        values = steps(trial, y, p)
    except Undecided:
        return UNKNOWN_OUTCOME
    except Refused as refused:
        return Outcome("raises", fault=refused.fault)
    if trial.unsure:
        return Outcome("unknown", values, trial.stretched)
    return Outcome("runs", values, trial.stretched)


def weighted(values: Shape, weights: Shape, *, major: int) -> Outcome:
    """Return what comes of multiplying a loss's values by sample weights."""
    trial = Trial(major, "compiled", False, True, {})
    try:
        if major >= 3:
            v, w = squeeze_or_expand(values, weights)
        else:
            v, w = values, weights
            if len(w) == len(v) + 1:
                if not is_one(w[-1]):
                    raise Refused("size")
                w = w[:-1]
            elif len(v) == len(w) + 1 and w:
                w = (*w, 1)
        out = trial.broadcast(v, w)
    except Undecided:
        return UNKNOWN_OUTCOME
    except Refused as refused:
        return Outcome("raises", fault=refused.fault)
    return Outcome("unknown" if trial.unsure else "runs", out, trial.stretched)
