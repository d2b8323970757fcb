"""What library calls do to shapes: one small function per public API."""

from .api import room

room("numpy", "kshape_lint.libraries.numpy")
room("keras", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("tensorflow", "kshape_lint.libraries.tensorflow", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("tf_keras", "kshape_lint.libraries.keras", "kshape_lint.libraries.numpy")
room("sklearn", "kshape_lint.libraries.sklearn", "kshape_lint.libraries.numpy")
room("pandas", "kshape_lint.libraries.pandas", "kshape_lint.libraries.numpy")
room("cv2", "kshape_lint.libraries.images", "kshape_lint.libraries.numpy")
room("PIL", "kshape_lint.libraries.images", "kshape_lint.libraries.numpy")


def load_builtins() -> None:
    """Import the models of Python's own functions, which need no import statement."""
    from . import builtins  # noqa: F401
