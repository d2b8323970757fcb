"""What library calls do to shapes: one small function per public API."""

from .api import room

room("numpy", "kshape_lint.libraries.numpy")
room("keras", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("tensorflow", "kshape_lint.libraries.tensorflow", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("tensorflow_datasets", "kshape_lint.libraries.tensorflow", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("tf_keras", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("sklearn", "kshape_lint.libraries.sklearn", "kshape_lint.libraries.numpy")
room("scikeras", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("pandas", "kshape_lint.libraries.pandas", "kshape_lint.libraries.numpy")
room("h5py", "kshape_lint.libraries.hdf5.models", "kshape_lint.libraries.numpy")
room("cv2", "kshape_lint.libraries.images", "kshape_lint.libraries.numpy")
room("PIL", "kshape_lint.libraries.images", "kshape_lint.libraries.numpy")

# Libraries that stand on Keras: their layers are made and called as its own are.
_KERAS = ("kshape_lint.libraries.tensorflow", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
for _root, _module in (
    ("tensorflow_addons", "addons"), ("tensorflow_hub", "hub"), ("transformers", "transformers"), ("keras_hub", "keras_hub"),
    ("keras_nlp", "keras_hub"), ("tensorflow_probability", "probability"),
    ("tensorflow_io", "tfio"),
):  # fmt: skip
    room(_root, *_KERAS, f"kshape_lint.libraries.companions.{_module}")
for _root in ("gym", "gymnasium"):
    room(_root, "kshape_lint.libraries.companions.gym")

for _root in ("matplotlib", "imageio", "skimage", "scipy"):
    room(_root, "kshape_lint.libraries.images", "kshape_lint.libraries.numpy")
# Modules of Python's own, and libraries that show or store what they are given and leave it as it is.
for _root in (
    *("os", "sys", "glob", "math", "random", "time", "json", "csv", "pickle", "collections", "itertools", "functools", "operator", "copy"),
    *("argparse", "warnings", "logging", "fnmatch", "gc", "re", "pprint", "shutil", "hashlib", "tqdm", "rich", "progressbar", "seaborn"),
    *("tempfile", "io", "numbers", "pathlib", "codecs", "joblib", "absl", "dataclasses", "wandb", "IPython", "yaml", "plotly"),
    *("requests", "types", "contextlib", "abc", "enum", "struct", "string"),
):
    room(_root, "kshape_lint.libraries.stdlib")


def load_builtins() -> None:
    """Import the models of Python's own functions, which need no import statement."""
    from . import builtins  # noqa: F401
