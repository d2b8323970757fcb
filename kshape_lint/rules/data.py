"""KSH12x: tables, scalers and estimators that meet other columns than they know."""

from __future__ import annotations

from typing import ClassVar

from ..records import record
from ..shapes import Dim, Shape, show_shape
from .base import Rule


@record
class FeatureCount(Rule):
    """A fitted scaler, encoder or estimator is given another number of features than it was fitted on.

    ## What it does
    Reports `transform`, `inverse_transform`, `predict` and `score` of scikit-learn objects whose data have another number of columns than
    the data that `fit` saw.

    ## Why it is bad
    scikit-learn raises `ValueError: X has 4 features, but StandardScaler is expecting 3 features as input`. The usual case: a scaler
    fitted on all columns is used to scale back the one column that was predicted.

    ## Example
    ```python
    scaler = MinMaxScaler().fit(np.zeros((100, 3)))
    scaled = scaler.transform(np.zeros((20, 4)))
    ```

    ## Use instead
    ```python
    scaler = MinMaxScaler().fit(np.zeros((100, 4)))
    scaled = scaler.transform(np.zeros((20, 4)))
    ```
    """

    code: ClassVar[str] = "KSH120"
    name: ClassVar[str] = "feature-count"
    estimator: str
    method: str
    given: Dim
    fitted: Dim

    def message(self) -> str:
        return f"{self.estimator}.{self.method} is given {_features(self.given)}, but {self._expects()} {self.fitted!r}"

    def _expects(self) -> str:
        return "transforms to" if self.method == "inverse_transform" and self.estimator.endswith(("PCA", "SVD", "NMF")) else "was fitted on"


def _features(count: Dim) -> str:
    return f"{count!r} feature{'' if count == 1 else 's'}"


@record
class ColumnCount(Rule):
    """A table is given another number of columns, or of column names, than it has.

    ## What it does
    Reports `pd.DataFrame(values, columns=names)`, `df.columns = names` and `df[names] = values` where the names and the columns
    differ in number.

    ## Why it is bad
    pandas raises `ValueError: Shape of passed values is (3, 2), indices imply (3, 1)`, `Length mismatch` or `Columns must be same
    length as key`.

    ## Example
    ```python
    df = pd.DataFrame(np.zeros((100, 3)), columns=["a", "b"])
    ```

    ## Use instead
    ```python
    df = pd.DataFrame(np.zeros((100, 3)), columns=["a", "b", "c"])
    ```
    """

    code: ClassVar[str] = "KSH121"
    name: ClassVar[str] = "column-count"
    function: str
    columns: Dim
    names: Dim

    def message(self) -> str:
        names = f"{self.names!r} name{'' if self.names == 1 else 's'}"
        return f"{self.function}: {names} for {self.columns!r} column{'' if self.columns == 1 else 's'}"


@record
class TableIndex(Rule):
    """A DataFrame or a Series is indexed as if it were an array.

    ## What it does
    Reports `df[:, 0:4]`, which only `df.iloc` or the array in `df.values` understands, and `series[:, np.newaxis]`, which only an array
    does.

    ## Why it is bad
    pandas raises `KeyError` or `InvalidIndexError` for the table, and `ValueError: Multi-dimensional indexing (e.g. obj[:, None]) is no
    longer supported` for the Series. Old releases of pandas let the latter pass.

    ## Example
    ```python
    df = pd.DataFrame(np.zeros((100, 5)))
    x = df[:, 0:4]
    ```

    ## Use instead
    ```python
    df = pd.DataFrame(np.zeros((100, 5)))
    x = df.iloc[:, 0:4]
    ```
    """

    code: ClassVar[str] = "KSH122"
    name: ClassVar[str] = "table-index"
    table: str
    shape: Shape
    new_axis: bool = False

    def message(self) -> str:
        what = "a new axis" if self.new_axis else "rows and columns at once"
        return f"a {self.table} of shape {show_shape(self.shape)} cannot be indexed by {what}"

    def help(self) -> str | None:
        if self.table == "Series":
            return "take its array first: series.values[:, np.newaxis]"
        return "use .iloc[rows, columns], or take the array first: .values[rows, columns]"
