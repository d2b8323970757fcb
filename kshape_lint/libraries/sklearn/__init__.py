"""scikit-learn: splits, scalers, encoders, data sets, metrics, and what estimators demand."""

from ..api import alias
from . import compose, datasets, encoders, estimators, metrics, pipelines, searching, splitting, text, transformers

alias("sklearn.cross_validation", "sklearn.model_selection")
alias("sklearn.preprocessing.data", "sklearn.preprocessing")
alias("sklearn.preprocessing._data", "sklearn.preprocessing")
alias("sklearn.preprocessing.label", "sklearn.preprocessing")
alias("sklearn.preprocessing._label", "sklearn.preprocessing")
alias("sklearn.model_selection._split", "sklearn.model_selection")
alias("sklearn.datasets.samples_generator", "sklearn.datasets")

__all__ = ["compose", "datasets", "encoders", "estimators", "metrics", "pipelines", "searching", "splitting", "text", "transformers"]
