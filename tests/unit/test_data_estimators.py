"""scikit-learn on data of which only a part is known."""

from __future__ import annotations

import pytest

from kshape_lint.checker import check

START = """\
import numpy as np, pandas as pd
from sklearn.model_selection import train_test_split, KFold, StratifiedKFold
from sklearn.preprocessing import StandardScaler, MinMaxScaler, LabelEncoder, OneHotEncoder, LabelBinarizer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, confusion_matrix, mean_squared_error
from sklearn.utils import shuffle
df = pd.read_csv("file.csv")
x, y = df.iloc[:, 0:4].values, df["y"]
"""


def run(body: str) -> list[str]:
    findings = check(START + body + "\n", strict=True).findings
    return [f.message.removeprefix("shape is ") if f.code == "KSH900" else f.code for f in findings]


@pytest.mark.parametrize(
    ("body", "shapes"),
    [
        (
            "a, b, c, d = train_test_split(x, y, test_size=0.2)\nreveal_shape(a)\nreveal_shape(b)\nreveal_shape(d)",
            ["(n - ceil(0.2*n), 4)", "(ceil(0.2*n), 4)", "(ceil(0.2*n),)"],
        ),
        (
            "a, b = train_test_split(df, test_size=0.3)\nc, d = train_test_split(df.values, test_size=0.3)\nreveal_shape(a.values - c)",
            ["(n - ceil(0.3*n), w)"],
        ),
        ("a, b = train_test_split(df, train_size=0.8)\nreveal_shape(a[['p', 'q']])", ["(floor(0.8*n), 2)"]),
        ("a, b = train_test_split([1, 2, 3, 4, 5])\nreveal_shape(np.array(a))", ["(3,)"]),
        ("reveal_shape(StandardScaler().fit_transform(df))", ["(n, w)"]),
        ("reveal_shape(MinMaxScaler().fit(x).transform(x[:10]))", ["(min(n, 10), 4)"]),
        ("reveal_shape(MinMaxScaler().fit_transform(y.values.reshape(-1, 1)))", ["(n, 1)"]),
        ("reveal_shape(LabelEncoder().fit_transform(y))", ["(n,)"]),
        ("e = OneHotEncoder(sparse_output=False)\nreveal_shape(e.fit_transform(df[['a']]))", ["(n, k)"]),
        ("reveal_shape(OneHotEncoder().fit_transform(df[['a']]).toarray())", ["(n, k)"]),
        ("reveal_shape(LabelBinarizer().fit_transform(y))", ["(n, k)"]),
        ("reveal_shape(PCA(n_components=2).fit_transform(x))", ["(n, 2)"]),
        ("reveal_shape(TfidfVectorizer().fit_transform(df['text']).toarray())", ["(n, v)"]),
        ("a, b = shuffle(x, y)\nreveal_shape(a)", ["(n, 4)"]),
        ("for tr, te in StratifiedKFold(3).split(x, y):\n    reveal_shape(x[te])", ["(n_test, 4)"]),
        ("a, b, c, d = train_test_split(x, y)\nreveal_shape(confusion_matrix(c, c))", ["(k, k)"]),
    ],
)
def test_shapes(body: str, shapes: list[str]) -> None:
    assert run(body) == shapes


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("StandardScaler().fit_transform(y)", "KSH115"),
        ("StandardScaler().fit_transform(df['a'].values)", "KSH115"),
        ("MinMaxScaler().fit(np.zeros((9, 4, 3)))", "KSH115"),
        ("s = MinMaxScaler().fit(x)\ns.transform(np.zeros((3, 5)))", "KSH120"),
        ("s = MinMaxScaler().fit(x)\ns.inverse_transform(np.zeros((3, 1)))", "KSH120"),
        ("PCA(n_components=5).fit(x)", "KSH115"),
        ("LabelEncoder().fit_transform(x)", "KSH115"),
        ("train_test_split(np.zeros((10, 2)), np.zeros(9))", "KSH117"),
        ("next(StratifiedKFold(3).split(x, np.eye(3)))", "KSH115"),
        ("accuracy_score(np.zeros(5), np.zeros((5, 3)))", "KSH115"),
        ("accuracy_score(np.zeros(5), np.zeros(6))", "KSH117"),
        ("mean_squared_error(np.zeros((5, 1)), np.zeros((5, 2)))", "KSH115"),
    ],
)
def test_refused(body: str, code: str) -> None:
    assert run(body) == [code]


@pytest.mark.parametrize(
    "body",
    [
        "s = MinMaxScaler().fit(y.values.reshape(-1, 1))\ns.inverse_transform(np.zeros((3, 7)))",
        "train_test_split(x, np.zeros(50))",
        "StandardScaler().fit_transform(df.drop('a', axis=1))",
        "s = StandardScaler()\nif len(df) > 5:\n    s.fit(x)\nelse:\n    s.fit(df)\ns.transform(np.zeros((3, 9)))",
        "mean_squared_error(np.zeros(5), np.zeros((5, 1)))",
        "s = None\nfor k in range(3):\n    s = StandardScaler()\n    s.fit(np.zeros((5, k + 1)))\ns.transform(np.zeros((2, 3)))",
    ],
)
def test_silent_where_it_runs_or_cannot_tell(body: str) -> None:
    assert run(body) == []
