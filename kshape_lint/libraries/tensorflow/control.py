"""What surrounds tensors: functions, gradients, contexts, devices, sessions, checks."""

from __future__ import annotations

from ...interpreter.frames import Function
from ...interpreter.values import UNKNOWN, Array, Builtin, DictObj, LibObj, ListObj, Unknown, Value
from ...shapes import UNKNOWN_DIM
from ..api import alias, bases, call, constant, models
from .common import dim_of, dtype_of, make_list, nested, op, out, parts_of, shape_of, tensor
from .data import UNRANKED
from .refusals import demand
from .tracing import traces

CONTEXT = "tensorflow.Context"
TAPE = "tensorflow.GradientTape"
STRATEGY = "tensorflow.distribute.Strategy"
ARRAY = "tensorflow.TensorArray"

constant("tensorflow.newaxis", None)


# --- functions ---------------------------------------------------------------------------------------------------------------------


@models("tensorflow.function", "tensorflow.autograph.experimental.do_not_convert", "tensorflow.recompute_grad",
        "tensorflow.autograph.to_graph")  # fmt: skip
def function(func: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.function``: the function itself; with arguments alone a decorator that returns it."""
    if func is None or isinstance(func, (bool, ListObj, tuple)):
        return Builtin("tf.function", _traced)
    return _traced(func)


def _traced(func: Value) -> Value:
    if isinstance(func, Function) and traces():
        func.traced = True
    return func


alias("tensorflow.contrib.eager.defun", "tensorflow.function")


@models("tensorflow.custom_gradient")
def custom_gradient(f: Value = None) -> Value:
    """``tf.custom_gradient``: of what the function returns, its value and the function of its gradient, the value alone."""
    if f is None:
        return Builtin("tf.custom_gradient", custom_gradient)

    def forward(*args: Value, **kwargs: Value) -> Value:
        result = call(f, *args, **kwargs)
        return result[0] if isinstance(result, tuple) and len(result) == 2 else UNKNOWN

    return Builtin("tf.custom_gradient", forward)


@models("tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.py_func", "tensorflow.compat.v1.py_func")
def py_function(func: Value = None, inp: Value = None, Tout: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.py_function``: what comes out has no static shape."""
    parts = parts_of(Tout)
    if parts is None:
        return Array(None, dtype_of(Tout), "tensor", history=UNRANKED)
    return make_list(Array(None, dtype_of(t), "tensor", history=UNRANKED) for t in parts)


@models("tensorflow.map_fn", "tensorflow.vectorized_map")
def map_fn(fn: Value, elems: Value, *args: Value, fn_output_signature: Value = None, **kwargs: Value) -> Value:
    """``tf.map_fn``: the function of each slice along the first axis, stacked again."""
    slices, length = over_slices(elems)
    if slices is None:
        return UNKNOWN
    return stacked_slices(call(fn, slices), length)


def over_slices(elems: Value) -> tuple[Value, Value]:
    """Return one slice of each array along its first axis, and how many there are."""
    lengths: list[Value] = []

    def cut(leaf: Value) -> Value:
        x = tensor(leaf)
        if x is None or not x.shape:
            return UNKNOWN
        lengths.append(x.shape[0])
        return out(x.shape[1:], x.dtype, x, bounds=x.bounds)

    made = (
        cut(elems)
        if not isinstance(elems, (tuple, ListObj))
        else tuple(map(cut, parts_of(elems) or ()))
        if isinstance(elems, tuple)
        else cut(elems)
        if not any(isinstance(p, Array) and p.shape for p in parts_of(elems) or ())
        else make_list(map(cut, parts_of(elems) or ()))
    )
    if not lengths:
        return None, UNKNOWN_DIM
    return made, next((d for d in lengths if isinstance(d, int)), lengths[0])


def stacked_slices(result: Value, length: Value) -> Value:
    """Return the results for all slices, stacked along a new first axis."""

    def pile(leaf: Value) -> Value:
        x = tensor(leaf)
        if x is None or x.shape is None:
            return UNKNOWN
        return out((length, *x.shape), x.dtype, x)

    if isinstance(result, tuple):
        return tuple(map(pile, result))
    if isinstance(result, ListObj):
        parts = parts_of(result)
        return UNKNOWN if parts is None else make_list(map(pile, parts))
    return pile(result)


@models("tensorflow.cond", "tensorflow.compat.v1.cond")
def cond(pred: Value, true_fn: Value = None, false_fn: Value = None, name: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.cond``: both ways are looked at."""
    first, second = (call(f) if f is not None else UNKNOWN for f in (true_fn, false_fn))
    if isinstance(pred, bool):
        return first if pred else second
    return _either(first, second)


def _either(first: Value, second: Value) -> Value:
    """Return what stands for both of two results; where they are several things, each for itself, as nests must be alike."""
    if isinstance(first, (tuple, ListObj, DictObj)) or isinstance(second, (tuple, ListObj, DictObj)):
        if isinstance(first, tuple) and isinstance(second, tuple) and type(first) is type(second) is tuple and len(first) == len(second):
            return tuple(map(_either, first, second))
        return UNKNOWN
    a, b = tensor(first), tensor(second)
    if a is None or b is None:
        return UNKNOWN
    from .common import merge_arrays

    merged = merge_arrays([a, b])
    return merged if merged is not None else UNKNOWN


@models("tensorflow.group", "tensorflow.no_op", "tensorflow.print", "tensorflow.Print", "tensorflow.get_logger", "tensorflow.gradients",
        "tensorflow.global_variables_initializer", "tensorflow.local_variables_initializer", "tensorflow.tables_initializer",
        "tensorflow.global_variables", "tensorflow.trainable_variables", "tensorflow.reset_default_graph")  # fmt: skip
def says_nothing(*args: Value, **kwargs: Value) -> Value:
    """What says nothing about shapes."""
    return UNKNOWN


@models("tensorflow.is_tensor", "tensorflow.is_symbolic_tensor")
def is_tensor(x: Value) -> Value:
    """``tf.is_tensor``."""
    if isinstance(x, Array):
        return x.kind != "numpy"
    return UNKNOWN if isinstance(x, (Unknown, LibObj)) else False


@models("tensorflow.get_static_value")
def get_static_value(tensor: Value, partial: Value = False) -> Value:
    """``tf.get_static_value``."""
    return UNKNOWN


@models("tensorflow.executing_eagerly", "tensorflow.compat.v1.executing_eagerly")
def executing_eagerly() -> Value:
    """``tf.executing_eagerly``."""
    return UNKNOWN


@models("tensorflow.nest.map_structure")
def map_structure(func: Value, *structure: Value, **kwargs: Value) -> Value:
    """``tf.nest.map_structure`` of one structure."""
    if len(structure) != 1:
        return UNKNOWN
    return nested(structure[0], lambda leaf: call(func, leaf))


@models("tensorflow.nest.flatten")
def flatten(structure: Value, expand_composites: Value = False) -> Value:
    """``tf.nest.flatten``."""
    found: list[Value] = []

    def collect(value: Value) -> bool:
        if isinstance(value, DictObj):
            keys = list(value.state)
            if not all(isinstance(k, str) for k in keys):
                return False
            return all(collect(value.state[k]) for k in sorted(keys))
        if isinstance(value, (tuple, ListObj)):
            parts = parts_of(value)
            return parts is not None and all(collect(p) for p in parts)
        found.append(value)
        return not isinstance(value, Unknown)

    return make_list(found) if collect(structure) else UNKNOWN


# --- contexts ----------------------------------------------------------------------------------------------------------------------


@models("tensorflow.device", "tensorflow.name_scope", "tensorflow.variable_scope", "tensorflow.control_dependencies",
        "tensorflow.init_scope",
        "tensorflow.Graph", "tensorflow.summary.record_if", "tensorflow.profiler.experimental.Trace",
        "tensorflow.xla.experimental.jit_scope",
        "tensorflow.colocate_with", "tensorflow.train.MonitoredTrainingSession")  # fmt: skip
def context(*args: Value, **kwargs: Value) -> Value:
    """``tf.device`` and kin: a context in which nothing of ours changes."""
    return LibObj(CONTEXT)


@models(f"{CONTEXT}.__enter__", f"{TAPE}.__enter__")
def enter(self: Value) -> Value:
    """Enter the context."""
    return self


@models(f"{CONTEXT}.__exit__", f"{TAPE}.__exit__")
def leave(self: Value, *args: Value) -> Value:
    """Leave the context."""
    return False


@models(f"{CONTEXT}.as_default", "tensorflow.Graph.as_default", "tensorflow.get_default_graph", "tensorflow.get_default_session")
def as_default(*args: Value) -> Value:
    """The default graph or session as a context."""
    return LibObj(CONTEXT)


def _register_strategies() -> None:
    names = """MirroredStrategy OneDeviceStrategy MultiWorkerMirroredStrategy TPUStrategy ParameterServerStrategy
experimental.CentralStorageStrategy experimental.MultiWorkerMirroredStrategy experimental.TPUStrategy
experimental.ParameterServerStrategy get_strategy""".split()  # noqa: SIM905
    for name in names:
        bases(f"tensorflow.distribute.{name}", STRATEGY)

        def strategy(*args: Value, **kwargs: Value) -> Value:
            return LibObj(STRATEGY)

        strategy.__doc__ = f"``tf.distribute.{name}``."
        models(f"tensorflow.distribute.{name}")(strategy)


_register_strategies()


@models(f"{STRATEGY}.scope")
def scope(self: Value) -> Value:
    """``strategy.scope()``: a context."""
    return LibObj(CONTEXT)


@models(f"{STRATEGY}.num_replicas_in_sync", kind="property")
def replicas(self: Value) -> Value:
    """How many devices there are: whatever the machine has, and at least one."""
    from ..api import fresh

    return fresh("replicas")


@models(f"{STRATEGY}.experimental_distribute_dataset", f"{STRATEGY}.distribute_datasets_from_function")
def distribute_dataset(self: Value, dataset: Value, *args: Value, **kwargs: Value) -> Value:
    """The dataset, dealt out to the devices."""
    return dataset if isinstance(dataset, LibObj) else UNKNOWN


@models(f"{STRATEGY}.run", f"{STRATEGY}.experimental_run_v2")
def strategy_run(self: Value, fn: Value, args: Value = (), kwargs: Value = None, options: Value = None) -> Value:
    """Run a function on every device."""
    given = parts_of(args)
    return call(fn, *given) if given is not None and kwargs is None else UNKNOWN


@models(f"{STRATEGY}.reduce")
def strategy_reduce(self: Value, reduce_op: Value, value: Value, axis: Value = None) -> Value:
    """Bring the devices' results together."""
    return value if axis is None else UNKNOWN


# --- gradients ---------------------------------------------------------------------------------------------------------------------


@models(TAPE, "tensorflow.contrib.eager.GradientTape", "tensorflow.autodiff.GradientTape", "tensorflow.autodiff.ForwardAccumulator")
def gradient_tape(persistent: Value = False, watch_accessed_variables: Value = True) -> Value:
    """``tf.GradientTape``."""
    return LibObj(TAPE)


@models(f"{TAPE}.watch", f"{TAPE}.reset")
def watch(self: Value, tensor: Value = None) -> Value:
    """Watch a tensor."""
    return None


@models(f"{TAPE}.stop_recording")
def stop_recording(self: Value) -> Value:
    """A context without recording."""
    return LibObj(CONTEXT)


@models(f"{TAPE}.gradient")
def gradient(self: Value, target: Value, sources: Value, output_gradients: Value = None, unconnected_gradients: Value = None) -> Value:
    """A gradient for each source, of its shape."""
    if isinstance(sources, ListObj) and sources.items is None:
        return UNKNOWN

    def like(leaf: Value) -> Value:
        return Array(leaf.shape, leaf.dtype, "tensor") if isinstance(leaf, Array) else UNKNOWN

    return nested(sources, like)


@models(f"{TAPE}.jacobian")
def jacobian(self: Value, target: Value, sources: Value, *args: Value, **kwargs: Value) -> Value:
    """The derivative of every element of the target by every element of a source."""
    if isinstance(target, Array) and isinstance(sources, Array) and target.shape is not None and sources.shape is not None:
        return Array(target.shape + sources.shape, target.dtype, "tensor")
    return UNKNOWN


@models(f"{TAPE}.batch_jacobian")
def batch_jacobian(self: Value, target: Value, source: Value, *args: Value, **kwargs: Value) -> Value:
    """The derivatives sample by sample."""
    if isinstance(target, Array) and isinstance(source, Array) and target.shape and source.shape:
        return Array((*target.shape, *source.shape[1:]), target.dtype, "tensor")
    return UNKNOWN


# --- TensorArray -------------------------------------------------------------------------------------------------------------------


@models(ARRAY)
def tensor_array(
    dtype: Value = None, size: Value = None, dynamic_size: Value = None, clear_after_read: Value = None, tensor_array_name: Value = None,
    handle: Value = None, flow: Value = None, infer_shape: Value = True, element_shape: Value = None,
    colocate_with_first_write_call: Value = True,
    name: Value = None,
) -> Value:  # fmt: skip
    """``tf.TensorArray``."""
    shape = shape_of(element_shape) if element_shape is not None else None
    return LibObj(
        ARRAY,
        (Array(shape, dtype_of(dtype), "tensor"), dim_of(size) if size is not None and dynamic_size in (None, False) else UNKNOWN_DIM),
    )


@models(f"{ARRAY}.write")
def write(self: Value, index: Value, value: Value, name: Value = None) -> Value:
    """The array with one element written."""
    x = tensor(value)
    state = self.state if isinstance(self, LibObj) else None
    if x is None or not isinstance(state, tuple):
        return LibObj(ARRAY, (Array(None, None, "tensor"), UNKNOWN_DIM))
    return LibObj(ARRAY, (Array(x.shape, x.dtype, "tensor"), state[1]))


@models(f"{ARRAY}.read")
def read(self: Value, index: Value, name: Value = None) -> Value:
    """One element."""
    state = self.state if isinstance(self, LibObj) else None
    return state[0] if isinstance(state, tuple) else UNKNOWN


@models(f"{ARRAY}.stack")
def stack(self: Value, name: Value = None) -> Value:
    """All elements along a new first axis."""
    state = self.state if isinstance(self, LibObj) else None
    if not isinstance(state, tuple) or state[0].shape is None:
        return UNKNOWN
    return Array((state[1], *state[0].shape), state[0].dtype, "tensor")


@models(f"{ARRAY}.unstack")
def unstack(self: Value, value: Value, name: Value = None) -> Value:
    """The array filled with a tensor's slices."""
    x = tensor(value)
    if x is None or not x.shape:
        return LibObj(ARRAY, (Array(None, None, "tensor"), UNKNOWN_DIM))
    return LibObj(ARRAY, (Array(x.shape[1:], x.dtype, "tensor"), x.shape[0]))


@models(f"{ARRAY}.size")
def size(self: Value, name: Value = None) -> Value:
    """How many elements there are."""
    return Array((), "int32", "tensor")


# --- graphs of TensorFlow 1 --------------------------------------------------------------------------------------------------------


@models("tensorflow.placeholder", "tensorflow.placeholder_with_default", "tensorflow.sparse_placeholder")
def placeholder(dtype: Value = None, shape: Value = None, name: Value = None, input: Value = None) -> Value:
    """``tf.compat.v1.placeholder``."""
    return Array(None if shape is None else shape_of(shape), dtype_of(dtype), "tensor")


@models("tensorflow.Session", "tensorflow.InteractiveSession")
def session(*args: Value, **kwargs: Value) -> Value:
    """``tf.compat.v1.Session``: a context; what it runs is not followed."""
    return LibObj(CONTEXT)


@models(f"{CONTEXT}.run", f"{CONTEXT}.close", f"{CONTEXT}.finalize", f"{CONTEXT}.get_tensor_by_name")
def session_run(self: Value, *args: Value, **kwargs: Value) -> Value:
    """``session.run``: not followed."""
    return UNKNOWN


@models(
    "tensorflow.disable_eager_execution",
    "tensorflow.enable_eager_execution",
    "tensorflow.disable_v2_behavior",
    "tensorflow.enable_v2_behavior",
)
def switch(*args: Value) -> Value:
    """``tf.compat.v1.disable_eager_execution`` and kin."""
    return None


# --- checks ------------------------------------------------------------------------------------------------------------------------


@models("tensorflow.debugging.assert_rank", "tensorflow.assert_rank")
def assert_rank(x: Value, rank: Value, message: Value = None, name: Value = None, *args: Value) -> Value:
    """``tf.debugging.assert_rank``: a statement about the rank that must be so."""
    array = tensor(x)
    if array is not None and array.shape is not None and isinstance(rank, int) and len(array.shape) != rank:
        demand("tf.debugging.assert_rank", array, f"a tensor of rank {rank}")
    return None


@models("tensorflow.debugging.assert_shapes")
def assert_shapes(shapes: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.debugging.assert_shapes``: no claim."""
    return None


def _register_silent() -> None:
    """Functions that are called for their effect on the machine."""
    effects = """config.list_physical_devices config.list_logical_devices config.experimental.list_physical_devices
config.experimental.set_memory_growth
config.set_visible_devices config.optimizer.set_jit config.set_soft_device_placement
config.threading.set_intra_op_parallelism_threads config.threading.set_inter_op_parallelism_threads
config.experimental_connect_to_cluster config.set_logical_device_configuration tpu.experimental.initialize_tpu_system
distribute.cluster_resolver.TPUClusterResolver debugging.set_log_device_placement debugging.enable_check_numerics
debugging.assert_equal debugging.assert_greater debugging.assert_less debugging.assert_greater_equal
debugging.assert_less_equal debugging.assert_near debugging.assert_non_negative debugging.assert_positive
debugging.assert_type debugging.assert_rank_at_least debugging.assert_rank_in autograph.set_verbosity
logging.set_verbosity logging.info random.get_seed summary.create_file_writer summary.scalar summary.image
summary.histogram summary.text summary.trace_on summary.trace_export train.Checkpoint train.CheckpointManager
train.Saver train.latest_checkpoint train.load_checkpoint saved_model.save saved_model.load io.gfile.makedirs
io.gfile.exists io.gfile.glob io.gfile.listdir io.gfile.rmtree io.gfile.remove io.write_file io.gfile.GFile
io.TFRecordWriter test.is_gpu_available test.is_built_with_cuda test.gpu_device_name assert_equal assert_greater
assert_less ConfigProto GPUOptions train.Example train.Features train.Feature train.BytesList train.FloatList
train.Int64List io.serialize_tensor io.FixedLenFeature io.VarLenFeature io.RaggedFeature io.FixedLenSequenceFeature
io.TFRecordOptions lookup.StaticHashTable lookup.KeyValueTensorInitializer lookup.TextFileInitializer
lookup.StaticVocabularyTable lite.TFLiteConverter.from_keras_model lite.Interpreter""".split()  # noqa: SIM905
    for name in effects:

        def silent(*args: Value, **kwargs: Value) -> Value:
            return UNKNOWN

        silent.__doc__ = f"``tf.{name}``: says nothing about shapes."
        models(f"tensorflow.{name}")(silent)


_register_silent()


@op("tensorflow.debugging.check_numerics", "tensorflow.debugging.assert_all_finite", "tensorflow.check_numerics")
def check_numerics(tensor: Value = None, message: Value = None, name: Value = None, x: Value = None) -> Value:
    """``tf.debugging.check_numerics``: the tensor itself."""
    array = _tensor(x if tensor is None else tensor)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


_tensor = tensor


# --- parsing -----------------------------------------------------------------------------------------------------------------------

FEATURE = "tensorflow.io.Feature"


def _feature(shape: Value, dtype: Value) -> Value:
    return LibObj(FEATURE, Array(shape_of(shape), dtype_of(dtype), "tensor"))


@models("tensorflow.io.FixedLenFeature", "tensorflow.FixedLenFeature")
def fixed_len_feature(shape: Value, dtype: Value, default_value: Value = None) -> Value:
    """``tf.io.FixedLenFeature``."""
    return _feature(shape, dtype)


@models("tensorflow.io.VarLenFeature", "tensorflow.VarLenFeature")
def var_len_feature(dtype: Value) -> Value:
    """``tf.io.VarLenFeature``: a sparse vector."""
    return LibObj(FEATURE, Array((None,), dtype_of(dtype), "sparse"))


@models("tensorflow.io.parse_single_example", "tensorflow.parse_single_example")
def parse_single_example(serialized: Value, features: Value, example_names: Value = None, name: Value = None) -> Value:
    """``tf.io.parse_single_example``: a dict of tensors as the features say."""
    if not isinstance(features, DictObj):
        return UNKNOWN
    return DictObj({k: v.state if isinstance(v, LibObj) and v.path == FEATURE else UNKNOWN for k, v in features.state.items()})


@models("tensorflow.io.parse_example", "tensorflow.parse_example")
def parse_example(serialized: Value, features: Value, example_names: Value = None, name: Value = None) -> Value:
    """``tf.io.parse_example``: the same with the serialized vector's axis in front."""
    rows = tensor(serialized)
    if not isinstance(features, DictObj) or rows is None or rows.shape is None:
        return UNKNOWN

    def each(v: Value) -> Value:
        if not (isinstance(v, LibObj) and v.path == FEATURE and isinstance(v.state, Array) and v.state.shape is not None):
            return UNKNOWN
        return Array((*(rows.shape or ()), *v.state.shape), v.state.dtype, v.state.kind)

    return DictObj({k: each(v) for k, v in features.state.items()})


@models("tensorflow.io.parse_tensor")
def parse_tensor(serialized: Value, out_type: Value, name: Value = None) -> Value:
    """``tf.io.parse_tensor``: of any shape."""
    return Array(None, dtype_of(out_type), "tensor")


@models("tensorflow.io.matching_files")
def matching_files(pattern: Value, name: Value = None) -> Value:
    """``tf.io.matching_files``."""
    return Array((None,), "str", "tensor")
