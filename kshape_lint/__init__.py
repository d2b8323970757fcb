"""kshape_lint finds shape mistakes in Keras and NumPy training scripts before they run."""

__version__ = "0.1.0"
