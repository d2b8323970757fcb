"""What is known of tables that nobody has seen: rows and columns stay symbols, and what is taken of them follows."""

from __future__ import annotations

import pytest

from kshape_lint.checker import check

START = 'import numpy as np, pandas as pd\ndf = pd.read_csv("file.csv")\n'


def revealed(expression: str, before: str = "") -> object:
    """Return the shape shown for an expression; dimensions that are symbols come by name."""
    findings = check(f"{START}{before}\nreveal_shape({expression})\n", strict=True).findings
    assert [f.code for f in findings] == ["KSH900"], [f.message for f in findings]
    return findings[0].message.removeprefix("shape is ")


def codes(body: str) -> list[str]:
    return [f.code for f in check(START + body, strict=True).findings]


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("df", "(n, w)"),
        ("df.price", "(n,)"),
        ('df["price"]', "(n,)"),
        ('df["price"].values', "(n,)"),
        ('df[["a", "b"]].values', "(n, 2)"),
        ("df.values", "(n, w)"),
        ("np.array(df)", "(n, w)"),
        ('np.asarray(df["a"])', "(n,)"),
        ("df.iloc[:, 0:4].values", "(n, 4)"),
        ("df.iloc[:, 4]", "(n,)"),
        ("df.iloc[:, -1].values", "(n,)"),
        ("df.iloc[:, :-1]", "(n, w - 1)"),
        ("df.iloc[:, 1:]", "(n, w - 1)"),
        ("df.iloc[:, 2:-1]", "(n, w - 3)"),
        ("df.iloc[:, -3:]", "(n, 3)"),
        ("df.iloc[:, [0, 2]]", "(n, 2)"),
        ("df.iloc[:100]", "(min(n, 100), w)"),
        ("df.iloc[0]", "(w,)"),
        ('df.drop("y", axis=1)', "(n, w - 1)"),
        ('df.drop(columns=["x", "y"])', "(n, w - 2)"),
        ("df.T", "(w, n)"),
        ("df / 255.0", "(n, w)"),
        ("(df - df.mean()) / df.std()", "(n, w)"),
        ("df.astype('float32').to_numpy()", "(n, w)"),
        ("df.fillna(0)", "(n, w)"),
        ("df.dropna()", "(m, w)"),
        ('df[df["kind"] == "big"]', "(m, w)"),
        ("df[(df.a > 3) & ~(df.b == 2)]", "(m, w)"),
        ("df.sample(frac=1)", "(n, w)"),
        ("df.sample(frac=1).reset_index(drop=True)", "(n, w)"),
        ("pd.get_dummies(df['kind'])", "(n, k)"),
        ("pd.concat([df, df])", "(2*n, w)"),
        ("pd.concat([df[['a']], pd.get_dummies(df['b'])], axis=1)", "(n, k + 1)"),
        ('df["a"].apply(lambda v: v + 1)', "(n,)"),
        ("df['t'].dt.year.values", "(n,)"),
        ("df['text'].str.lower()", "(n,)"),
        ("np.log1p(df['a'])", "(n,)"),
        ("df['a'].values.reshape(-1, 1)", "(n, 1)"),
        ("np.expand_dims(df['a'], -1)", "(n, 1)"),
        ("df['a'].rolling(5).mean()", "(n,)"),
        ("df.loc[:, ['a', 'b']]", "(n, 2)"),
        ("df.loc[df.a > 0, 'b']", "(m,)"),
        ("pd.read_csv('f', names=['a', 'b', 'c'])", "(n, 3)"),
        ("pd.read_csv('f', usecols=['a', 'b'])", "(n, 2)"),
        ("pd.read_csv('f', usecols=[1])", "(n, 1)"),
        ("pd.read_csv('f', names=['a', 'b', 'c'], index_col='a')", "(n, 2)"),
    ],
)
def test_a_file_nobody_has_seen(expression: str, shape: str) -> None:
    assert revealed(expression) == shape


@pytest.mark.parametrize(
    ("before", "expression", "shape"),
    [
        ('y = df.pop("y")', "df", "(n, w - 1)"),
        ('y = df.pop("y")', "y", "(n,)"),
        ('del df["y"]', "df", "(n, w - 1)"),
        ('df.drop("y", axis=1, inplace=True)', "df", "(n, w - 1)"),
        ("df = df.dropna()\nx = df[['a', 'b']]\ny = df['y']", "len(x) - len(y)", "()"),
        ("for c in df.columns:\n    df[c] = df[c] / df[c].max()", "df", "(n, w)"),
        ("x = df[[c for c in df.columns if c != 'y']]", "x", "(n, k)"),
        ("df.columns = ['a', 'b', 'c']", "df.iloc[:, 1:].values", "(n, 2)"),
        ("def load(p):\n    d = pd.read_csv(p)\n    return d.iloc[:, 1:5].values, d.iloc[:, 5].values\nx, y = load('f')", "x", "(n, 4)"),
        ("d = pd.DataFrame({'a': [1, 2, 3], 'b': [4, 5, 6]})\nd['c'] = d['a'] * d['b']", "d", "(3, 3)"),
        ("d = pd.DataFrame()\nd['a'] = [1, 2, 3]\nd['b'] = 0", "d", "(3, 2)"),
        ("rows = []\nfor i in range(5):\n    rows.append({'a': i, 'b': 2})\nd = pd.DataFrame(rows)", "d", "(5, 2)"),
    ],
)
def test_a_table_that_changes(before: str, expression: str, shape: str) -> None:
    found = revealed(expression, before)
    assert found == shape or (shape == "(n, k)" and str(found).startswith("(n, "))


def test_relations_are_kept() -> None:
    body = "y = df.pop('y')\nx = df.values\nassert x.shape[1] == df.shape[1]\nz = np.zeros((len(df), df.shape[1])) + x\nreveal_shape(z)\n"
    assert codes(body) == ["KSH900"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("d = pd.DataFrame({'a': [1, 2], 'b': [1, 2, 3]})\n", "KSH117"),
        ("d = pd.DataFrame(np.zeros((4, 3)), columns=['a', 'b'])\n", "KSH121"),
        ("d = pd.DataFrame(np.zeros((4, 3)))\nd.columns = ['a']\n", "KSH121"),
        ("d = pd.DataFrame(np.zeros((4, 3, 2)))\n", "KSH115"),
        ("s = pd.Series(np.zeros((4, 1)))\n", "KSH115"),
        ("x = df[:, 0:4]\n", "KSH122"),
        ("x = df['a'][:, np.newaxis]\n", "KSH122"),
        ("e = df['a'] - np.zeros((10, 1))\n", "KSH115"),
        ("d = pd.DataFrame(np.zeros((4, 3)))\nd[0] = np.zeros(5)\n", "KSH117"),
        ("d = pd.DataFrame(np.zeros((4, 3)))\nx = d.iloc[:, 3]\n", "KSH111"),
    ],
)
def test_refused(body: str, code: str) -> None:
    assert codes(body) == [code]


@pytest.mark.parametrize(
    "body",
    [
        "x = df.iloc[:, 900]\n",
        "df['new'] = np.zeros(7)\n",
        "df.columns = ['a', 'b']\nx = df['c']\n",
        "a = df.dropna()\nb = df['y']\nc = a['x'] + b\n",
        "d = pd.concat([df, pd.read_csv('other')], axis=1)\ne = d - 1\n",
        "x = df.groupby('a').agg(['mean'])['b'].values[:, 3]\n",
        "x = df.as_matrix()[:, 1:]\n",
        "df.loc[len(df)] = [1, 2, 3]\n",
        "if df.shape[0] > 3:\n    df = df.head(3)\nelse:\n    df = df.drop('a', axis=1)\nx = df.values[:, 2]\n",
    ],
)
def test_silent_where_it_cannot_tell(body: str) -> None:
    assert codes(body) == []
