"""Writes the smallest program that does what a finding says raises, from inferred values and never from the user's code.

A `Writer` turns abstract values into Python text: an array of shape (n, 28) becomes ``np.zeros((7, 28))``, a layer its constructor
with the arguments that are not defaults, a model its layers. What cannot be written so raises `Unwritable`.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import Any

from ..interpreter.instances import InstanceObj
from ..interpreter.values import OTHERS, AnyScalar, Array, DictObj, LibObj, Library, ListObj, Lost, Obj, Real, SetObj, Unknown, Value
from ..libraries import api
from ..libraries.keras.engine_graph import CallHistory, InputHistory
from ..libraries.keras.objects import MISPLACED, LayerObj, ModelObj, ModelState
from ..libraries.pandas.state import FrameState, SeriesState
from ..libraries.tensorflow.data import dataset_state
from ..rules.base import Rule
from ..rules.contract import RankChanged
from ..shapes import Dim, Poly
from ..shapes.dim import Symbol, UnknownDim

LARGEST = 4_096
"""Arrays with more known elements are filled with zeros."""
BATCH = 4
"""How many samples stand for Keras's None, and how long an axis of unknown length is made."""

_LENGTHS = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
_ARRAYS = frozenset({"numpy.ndarray", "tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor"})
_SHORT = {"numpy": "np", "tensorflow": "tf", "keras": "keras", "pandas": "pd", "cv2": "cv2"}
_INPUT_SHAPES = frozenset({"input_shape", "input_dim", "batch_input_shape", "batch_shape", "input_length"})
_RUNS = {
    "fit": ("x", "y", "batch_size"),
    "evaluate": ("x", "y", "batch_size"),
    "predict": ("x", "batch_size"),
}
"""Methods that run over data: the positional parameters worth keeping."""
_DATA = frozenset(
    {"x", "y", "batch_size", "validation_data", "validation_split", "sample_weight", "class_weight", "steps_per_epoch", "steps"}
)


class Unwritable(Exception):
    """A value that no program text stands for."""


class Again(Exception):
    """Something that was written in place turns out to be used twice: write the program again, with a name for it."""


class Writer:
    """A program in the making: what must stand before the line that raises, and names for what was written already."""

    def __init__(self, keras: int, shared: frozenset[int] = frozenset()) -> None:
        self.keras = keras
        self.shared = shared
        self.plain_tensors = False
        self._input_stated = False
        self._in_model = False
        self._placed: set[int] = set()
        self.imports: dict[str, str] = {}
        self.lines: list[str] = []
        self.lengths: dict[Symbol, int] = {}
        self._names: dict[int, str] = {}
        self._kept: list[Any] = []
        self._taken: dict[str, int] = {}

    def text(self, last: str) -> str:
        """Return the whole program, whose last statement is the one that is to raise."""
        return "\n".join([*sorted(self.imports.values()), "", *self.lines, last, ""])

    # Names.

    def path(self, path: str) -> str:
        """Return the text for a public name, and see to its import."""
        root, _, rest = path.partition(".")
        if not rest:
            raise Unwritable(path)
        if root == "builtins":
            return rest
        if root in _SHORT:
            short = _SHORT[root]
            source = "tf_keras" if root == "keras" and self.keras == 2 else root
            self.imports[root] = f"import {source}" if source == short else f"import {source} as {short}"
            return f"{short}.{rest}"
        module, _, name = path.rpartition(".")
        self.imports[path] = f"from {module} import {name}"
        return name

    def bind(self, key: Any, stem: str, expression: str) -> str:
        """Write an assignment and remember the name for `key`."""
        if keyword.iskeyword(stem):
            stem += "_"
        count = self._taken[stem] = self._taken.get(stem, 0) + 1
        name = stem if count == 1 else f"{stem}_{count}"
        self.lines.append(f"{name} = {expression}")
        self._names[id(key)] = name
        self._kept.append(key)
        return name

    # Values.

    def dim(self, d: Dim, batch: int = BATCH) -> int:
        """Return a number for a dimension: the same for the same symbol."""
        if isinstance(d, Poly):
            total = 0
            for monomial, factor in d.terms.items():
                term = factor
                for symbol, power in monomial:
                    if symbol not in self.lengths:
                        self.lengths[symbol] = max(symbol.low, _LENGTHS[len(self.lengths) % len(_LENGTHS)])
                    term *= self.lengths[symbol] ** power
                total += term
            return total
        return batch if d is None or isinstance(d, UnknownDim) else int(d)

    def value(self, value: Value) -> str:
        """Return the expression for a value."""
        known = self._names.get(id(value))
        if known is not None:
            return known
        if value is None or isinstance(value, (bool, int, float, complex, str, bytes)) or value is ...:
            return "..." if value is ... else repr(value)
        if isinstance(value, Poly):
            return str(self.dim(value))
        if isinstance(value, Real) or (isinstance(value, AnyScalar) and str(value.dtype).startswith("float")):
            return "0.5"
        if isinstance(value, range):
            return repr(value)
        if isinstance(value, slice):
            return f"slice({', '.join(map(self.value, (value.start, value.stop, value.step)))})"
        if isinstance(value, tuple):
            return _tuple(map(self.value, value))
        if isinstance(value, ListObj):
            if value.items is None:
                raise Unwritable("a list whose items are not known")
            return f"[{', '.join(map(self.value, value.items))}]"
        if isinstance(value, SetObj) and value.state.items:
            return f"{{{', '.join(map(self.value, value.state.items))}}}"
        if isinstance(value, DictObj):
            return self._dict(value.state)
        if isinstance(value, Array):
            return self.array(value)
        if isinstance(value, Library):
            return self.path(value.path)
        if isinstance(value, LayerObj):
            return self.layer(value)
        if isinstance(value, ModelObj):
            return self.model(value)
        if isinstance(value, LibObj):
            return self.object(value)
        raise Unwritable(type(value).__name__)

    def _dict(self, content: dict[Any, Value]) -> str:
        if OTHERS in content:
            raise Unwritable("a dict whose keys are not known")
        return f"{{{', '.join(f'{self.value(k)}: {self.value(v)}' for k, v in content.items())}}}"

    def array(self, a: Array) -> str:
        """Return the expression for an array of this shape, with the elements that are known."""
        if a.kind == "keras":
            return self.tensor(a)
        if a.shape is None:
            raise Unwritable("an array of unknown rank")
        shape = tuple(self.dim(d) for d in a.shape)
        made = self.elements(a, shape)
        if a.kind in ("tensor", "variable", "ragged", "sparse"):
            made = f"{self.path('tensorflow.Variable' if a.kind == 'variable' else 'tensorflow.constant')}({made})"
        return made

    def elements(self, a: Array, shape: tuple[int, ...]) -> str:
        """Return the expression for a NumPy array."""
        np = self.path("numpy.zeros").partition(".")[0]
        if a.data is not None and len(a.data) <= LARGEST and all(isinstance(v, (bool, int, float, str)) for v in a.data):
            dtype = "" if a.dtype in (None, "str", "object") else f", dtype={a.dtype!r}"
            flat = f"{np}.array([{', '.join(map(repr, a.data))}]{dtype})"
            return flat if len(shape) == 1 else f"{flat}.reshape({_tuple(map(str, shape))})"
        where = str(shape[0]) if len(shape) == 1 else _tuple(map(str, shape))
        if a.dtype == "str":
            return f"{np}.full({where}, 'a')"
        if a.dtype == "object":
            self.imports["numpy"] = "import numpy as np"
            return f"{np}.array([[0] * (i + 1) for i in range({shape[0] if shape else 2})], dtype=object)"
        dtype = "" if a.dtype in (None, "float64") else f", dtype={a.dtype!r}"
        if a.bounds is not None and a.bounds[1] > 0 and a.bounds[1] == int(a.bounds[1]) and a.dtype is not None and "int" in a.dtype:
            return f"{np}.full({where}, {int(a.bounds[1])}{dtype})"
        return f"{np}.zeros({where}{dtype})"

    def tensor(self, a: Array) -> str:
        """Return the name of a symbolic tensor, having written how it came about."""
        history = None if self.plain_tensors else a.history
        if isinstance(history, CallHistory):
            name = self._names.get(id(history.event))
            if name is None and history.layer is not None:
                lines, names = list(self.lines), dict(self._names)
                try:
                    arguments = self._arguments(history.event.args, history.event.kwargs)
                    name = self.bind(history.event, "x", f"{self.value(history.layer)}({arguments})")
                except Unwritable:
                    if self._in_model:
                        raise
                    self.lines, self._names = lines, names
            if name is not None:
                several = history.index > 0 or _several(history)
                return f"{name}[{history.index}]" if several else name
        key = a if history is None else history
        known = self._names.get(id(key))
        if known is not None:
            return known
        return self.bind(key, "inputs", f"{self.path('keras.Input')}({self._input(a)})")

    def _input(self, a: Array) -> str:
        if a.shape is None:
            raise Unwritable("a tensor of unknown rank")
        name = a.history.name if isinstance(a.history, InputHistory) and a.history.source is not None else None
        named = name is not None and a.history.source.config.get("named") is True
        dtype = "" if a.dtype in (None, "float32") else f", dtype={a.dtype!r}"
        shape, start = (a.shape[1:], "") if a.shape and a.shape[0] is None else (a.shape, "batch_shape=")
        dims = _tuple("None" if d is None else str(self.dim(d)) for d in shape)
        return f"{start}{dims}{dtype}" + (f", name={name!r}" if named else "")

    def layer(self, layer: LayerObj) -> str:
        """Return a layer's constructor, or its name where it is used again."""
        if layer.path == "keras.layers.InputLayer":
            state = layer.state
            if state is not None and isinstance(state.output, Array):
                return self.tensor(state.output)
            raise Unwritable("an InputLayer")
        if not layer.path.startswith("keras.layers."):
            raise Unwritable(layer.path)
        made = f"{self.path(layer.path)}({self._configuration(layer)})"
        return self.placed(layer, layer.path.rpartition(".")[2].lower(), made)

    def placed(self, key: Any, stem: str, made: str) -> str:
        """Return an expression to stand where it is used, or a name for it where it is used again."""
        if id(key) in self.shared:
            return self.bind(key, stem, made)
        if id(key) in self._placed:
            raise Again(id(key))
        self._placed.add(id(key))
        self._kept.append(key)
        return made

    def called_before(self, layer: LayerObj) -> str:
        """Return the name of a layer that is called once more, having written the call that fixed its weights."""
        name = self.bind(layer, layer.path.rpartition(".")[2].lower(), self.layer(layer))
        built = layer.state
        weighted = bool(getattr(built, "fixed", ())) or layer.path.endswith("Normalization")
        if built is not None and weighted and isinstance(built.shape, tuple):
            shape = _tuple("None" if i == 0 or d is None else str(self.dim(d)) for i, d in enumerate(built.shape))
            self.lines.append(f"{name}({self.path('keras.Input')}(batch_shape={shape}))")
        return name

    def _configuration(self, layer: LayerObj) -> str:
        from ..libraries.keras.engine_make import facts_of

        facts = facts_of(layer.path)
        parameters = () if facts is None else facts.parameters
        defaults = dict(parameters)
        parts: list[str] = []
        for key, value in layer.config.items():
            if (
                key in ("name", "named", "kwargs")
                or isinstance(value, Unknown)
                or (self._input_stated and key in _INPUT_SHAPES - defaults.keys())
            ):
                continue
            if key in defaults and type(defaults[key]) is type(value) and defaults[key] == value:
                continue
            if key in defaults or key in _INPUT_SHAPES or key == "weights":
                try:
                    text = self.value(value)
                except Unwritable:
                    continue
                parts.append(f"{key}={text}")
        return ", ".join(parts)

    def model(self, model: ModelObj) -> str:
        """Return the name of a model, having written its layers, and its compilation where there was one."""
        state: ModelState = model.state
        if state.form == "sequential":
            start = state.inputs
            self._input_stated = state.declared and isinstance(start, Array)
            layers = [self.value(layer) for layer in state.layers if not _is_input(layer) or MISPLACED in state.extra]
            self._input_stated = False
            if state.declared and isinstance(start, Array):
                layers.insert(0, f"{self.path('keras.Input')}({self._input(start)})")
            listed = ", ".join(layers)
            if len(listed) > 90:
                listed = "".join(f"\n    {layer}," for layer in layers) + "\n"
            name = self.bind(model, "model", f"{self.path('keras.Sequential')}([{listed}])")
            if not state.declared and isinstance(start, Array) and start.shape is not None:
                shape = _tuple("None" if d is None else str(self.dim(d)) for d in start.shape)
                self.lines.append(f"{name}({self.path('keras.Input')}(batch_shape={shape}))")
        elif state.form == "functional":
            outer, self._in_model = self._in_model, True
            name = self.bind(model, "model", f"{self.path('keras.Model')}({self.value(state.inputs)}, {self.value(state.outputs)})")
            self._in_model = outer
        else:
            raise Unwritable("a model of the program's own class")
        self.compiled(name, state)
        return name

    def compiled(self, name: str, state: ModelState) -> None:
        """Write the call of ``compile``, without what does not matter."""
        if state.compiled is None:
            return
        kept = [f"{k}={self.value(v)}" for k, v in state.compiled.arguments.items() if k == "loss"]
        for key in ("metrics", "loss_weights"):
            if key in state.compiled.arguments:
                try:
                    kept.append(f"{key}={self.value(state.compiled.arguments[key])}")
                except Unwritable:
                    continue
        self.lines.append(f"{name}.compile({', '.join(kept)})")

    def object(self, thing: LibObj) -> str:
        """Return the expression for an object of a library class: a dataset of such elements, a loss with its options, or a new object."""
        dataset = dataset_state(thing)
        if dataset is not None:
            return self.dataset(dataset.spec)
        state = thing.state
        if isinstance(state, FrameState):
            return self.frame(state)
        if isinstance(state, SeriesState):
            return f"{self.path('pandas.Series')}({self.value(state.values)})"
        if thing.path.startswith("keras.") and isinstance(state, dict):
            options = {k: v for k, v in state.items() if isinstance(k, str) and k != "name" and not isinstance(v, Unknown)}
            return f"{self.path(thing.path)}({', '.join(f'{k}={self.value(v)}' for k, v in options.items())})"
        if thing.path.startswith("sklearn."):
            features = getattr(state, "features", None)
            made = f"{self.path(thing.path)}()"
            if getattr(state, "fitted", False) and isinstance(features, (int, Poly)):
                self.path("numpy.zeros")
                made += f".fit(np.zeros(({BATCH}, {self.dim(features)})))"
            return made
        if state is None:
            return f"{self.path(thing.path)}()"
        raise Unwritable(thing.path)

    def frame(self, state: FrameState) -> str:
        """Return the expression for a DataFrame of such columns."""
        made = self.path("pandas.DataFrame")
        if state.columns is None:
            values = state.array()
            if isinstance(values.shape[1] if values.shape else None, UnknownDim):
                raise Unwritable("a DataFrame of unknown width")
            return f"{made}({self.array(values)})"
        if len({repr(c.label) for c in state.columns}) < len(state.columns):
            raise Unwritable("a DataFrame whose columns share a label")
        columns = ", ".join(f"{self.value(c.label)}: {self.array(c.array(state.rows))}" for c in state.columns)
        return f"{made}({{{columns}}})"

    def dataset(self, spec: Any) -> str:
        """Return the expression for a dataset of two such elements, whose shapes TensorFlow knows as far as we do."""
        tf = self.path("tensorflow.data.Dataset").partition(".")[0]

        def signature(s: Any) -> str:
            if isinstance(s, dict):
                return f"{{{', '.join(f'{k!r}: {signature(v)}' for k, v in s.items())}}}"
            if type(s) is tuple:
                return _tuple(map(signature, s))
            if not isinstance(s, Array):
                raise Unwritable("an element of a dataset")
            dims = (
                "None"
                if s.shape is None
                else _tuple("None" if d is None or isinstance(d, UnknownDim) else str(self.dim(d)) for d in s.shape)
            )
            return f"{tf}.TensorSpec({dims}, {tf}.{_tensorflow_dtype(s.dtype)})"

        def sample(s: Any) -> str:
            if isinstance(s, dict):
                return f"{{{', '.join(f'{k!r}: {sample(v)}' for k, v in s.items())}}}"
            if type(s) is tuple:
                return _tuple(map(sample, s))
            return self.elements(s, () if s.shape is None else tuple(self.dim(d) for d in s.shape))

        return f"{tf}.data.Dataset.from_generator(lambda: iter([{sample(spec)}] * 2), output_signature={signature(spec)})"

    def _arguments(self, args: Iterable[Value], kwargs: dict[str, Value]) -> str:
        parts = [self.value(a) for a in args]
        for key, value in kwargs.items():
            if isinstance(value, Unknown):
                continue
            parts.append(f"{key}={self.value(value)}")
        return ", ".join(parts)

    # Operations.

    def operation(self, path: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> str:
        """Return the statement that does what `path` names to the arguments."""
        if path == "unpack":
            names = ", ".join("abcdefghijklmnop"[: args[1]])
            return f"{names}{',' * (args[1] == 1)} = {self.value(args[0])}"
        if path == "shape":
            stated = f"ndim == {args[1]}" if isinstance(args[1], int) else f"shape == {self.value(args[1])}"
            return f"assert {self.operand(args[0])}.{stated}"
        if path == "[]":
            return f"{self.operand(args[0])}[{self.index(args[1])}]"
        if path == "[]=":
            return f"{self.bind(args[0], 'x', self.value(args[0]))}[{self.index(args[1])}] = {self.value(args[2])}"
        if not path[:1].isalpha():
            if len(args) == 1:
                return f"{path}{self.operand(args[0])}"
            return f"{self.operand(args[0])} {path} {self.operand(args[1])}"
        owner, _, method = path.rpartition(".")
        if args and self._is_method(owner, args[0]):
            return self.method(method, args[0], args[1:], kwargs)
        made = f"{self.path(path)}({self._arguments(args, kwargs)})"
        return made

    def _is_method(self, owner: str, receiver: Value) -> bool:
        if owner in _ARRAYS:
            return True
        return isinstance(receiver, Obj) and not isinstance(receiver, (ListObj, DictObj)) and owner in api.mro(receiver.type_path)

    def method(self, method: str, receiver: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> str:
        """Return the call of a method."""
        if isinstance(receiver, LayerObj):
            self.plain_tensors = True
            name = self.called_before(receiver) if receiver.state is not None else self.value(receiver)
            return f"{name}{'' if method == '__call__' else '.' + method}({self._arguments(args, kwargs)})"
        if method == "__call__":
            return f"{self.value(receiver)}({self._arguments(args, kwargs)})"
        if method == "__getitem__":
            return f"{self.operand(receiver)}[{self.index(args[0])}]"
        if method in _RUNS and isinstance(receiver, (ModelObj, InstanceObj)):
            named = dict(zip(_RUNS[method], args)) | {k: v for k, v in kwargs.items() if k in _DATA}
            parts = [f"{k}={self.value(v)}" for k, v in named.items() if not isinstance(v, Unknown)]
            return f"{self.value(receiver)}.{method}({', '.join([*parts, 'verbose=0'])})"
        return f"{self.operand(receiver)}.{method}({self._arguments(args, kwargs)})"

    def operand(self, value: Value) -> str:
        """Return an expression that binds more tightly than any operator."""
        text = self.value(value)
        return text if text[-1:] in ")]" or text.isidentifier() or text.isdigit() else f"({text})"

    def index(self, index: Value) -> str:
        """Return what stands in the brackets of a subscript."""
        if isinstance(index, tuple):
            return ", ".join(map(self.index, index)) + ("," if len(index) == 1 else "")
        if isinstance(index, slice):
            parts = ["" if p is None else self.value(p) for p in (index.start, index.stop, index.step)]
            return ":".join(parts if parts[2] else parts[:2])
        return self.value(index)


def _tuple(parts: Iterable[str]) -> str:
    shown = list(parts)
    return f"({shown[0]},)" if len(shown) == 1 else f"({', '.join(shown)})"


def _several(history: CallHistory) -> bool:
    layer = history.layer
    if isinstance(layer, LayerObj):
        return layer.config.get("return_state") is True or layer.config.get("return_attention_scores") is True
    return isinstance(layer, ModelObj) and isinstance(layer.state.outputs, (tuple, ListObj))


def _is_input(layer: Value) -> bool:
    return isinstance(layer, LayerObj) and layer.path == "keras.layers.InputLayer"


def _tensorflow_dtype(dtype: str | None) -> str:
    return {None: "float32", "str": "string", "object": "string"}.get(dtype, str(dtype))


def program(record: Rule, path: str, args: tuple[Value, ...], kwargs: dict[str, Value], keras: int) -> str | None:
    """Return a program that raises what `record` says, None where no program can be made of what is known."""
    shared: frozenset[int] = frozenset()
    while True:
        writer = Writer(keras, shared)
        try:
            last = writer.operation(path, args, kwargs)
            if isinstance(record, RankChanged):
                from .standin import earlier

                # Nothing raises without the call before, whose arrays had another rank.
                writer.lines.append(writer.operation(path, *earlier(record, args, kwargs)))
            return writer.text(last)
        except Again as again:
            shared |= {again.args[0]}
        except (Unwritable, Lost):
            break
    from .standin import stand_in

    writer = Writer(keras)
    try:
        statement = stand_in(writer, record, args)
    except (Unwritable, Again, Lost):
        return None
    return None if statement is None else writer.text(statement)
