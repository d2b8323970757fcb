"""Images: OpenCV, Pillow, and the readers and resizers of matplotlib, imageio, scikit-image and SciPy."""

from . import opencv, pillow, readers

__all__ = ["opencv", "pillow", "readers"]
