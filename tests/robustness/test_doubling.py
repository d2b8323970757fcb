"""What doubles or belongs to others is followed no further than it is worth."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.robustness


def codes(result):
    return [f.code for f in result.findings]


def test_methods_called_through_their_class_take_their_own_objects_alone(in_time):
    text = """
import numpy as np
import keras

class Tracked(dict):
    def pop(self, key, default=None):
        return dict.pop(self, key, default)
    def add(self, key, value):
        dict.update(self, {key: value})
        super().setdefault(key, value)

class Stack(list):
    def __init__(self, items):
        list.__init__(self, items)
        list.append(self, 1)
        list.extend(self, self)

class Measured(np.ndarray):
    def reshape(self, *shape):
        return np.ndarray.reshape(self, *shape)

t = Tracked()
t.add("a", 1)
t.pop("a")
s = Stack([1])
list.sort(s)
str.upper(s)
np.ndarray.reshape(s, 3)
keras.Model.fit(s)
keras.layers.Layer.__init__(s)

def f(x, y):
    list.append(x, y)
    dict.pop(x, y)
    np.ndarray.sum(x)
    return np.ndarray.shape
"""
    assert codes(in_time(text)) == []


def test_methods_called_through_their_class_are_followed(in_time):
    text = "import numpy as np\nx = [1]\nlist.append(x, 2)\nnp.ndarray.reshape(np.array(x), (3, 1))\n"
    assert codes(in_time(text)) == ["KSH101"]


def test_ways_that_double_are_run_once_past_some_depth(in_time):
    body = "".join(f"    if a[{i}]:\n        if b[{i}]:\n            return {i}\n" for i in range(40))
    text = f"import numpy as np\ndef f(a, b):\n{body}    return np.zeros((2, 3)).reshape(7)\nf(*input())\n"
    assert codes(in_time(text)) == ["KSH101"]


def test_repeated_labels_of_a_table(in_time):
    text = "import pandas as pd\ndf = pd.DataFrame([[1, 2, 3]], columns=['a', 'b', 'b'])\ndf[['a', 'b']] = pd.DataFrame([[1, 2, 3]])\n"
    assert codes(in_time(text)) == []


def test_large_numbers_keep_their_shapes(in_time):
    text = "import numpy as np\nreveal_shape(np.arange(10**9, 0, -10))\nparts = np.split(np.zeros(10**9), 10**8)\nreveal_shape(parts[3])\n"
    assert [f.shape for f in in_time(text).findings] == [[10**8], [10]]


def test_labels_of_several_levels(in_time):
    text = """
import numpy as np
import pandas as pd
reveal_shape(pd.DataFrame({"a": [1, 2, 3]}, index=[["x", "y", "z"], [1, 2, 3]]))
reveal_shape(pd.DataFrame(np.zeros((2, 3)), columns=[["x", "y", "z"], np.array([1, 2, 3])]))
pd.DataFrame({"a": [1, 2, 3]}, index=[["x", "y"], [1, 2]])
"""
    found = in_time(text).findings
    assert [f.shape for f in found[:2]] == [[3, 1], [2, 3]]
    assert [f.code for f in found[2:]] == ["KSH117"]


def test_elements_that_are_no_numbers(in_time):
    text = """
import numpy as np
import h5py
np.array([np.arange(3), np.arange(4)], dtype=h5py.vlen_dtype(int))
np.array([((0, 1), 2)], dtype=[("a", "u1", 2), ("b", "u1")])
a = np.empty((1,), dtype=h5py.vlen_dtype(int))
a[0] = np.array([1, 2])
"""
    assert codes(in_time(text)) == []


def test_positions_in_a_single_number(in_time):
    text = "import numpy as np\nreveal_shape(np.argsort(3.0))\nreveal_shape(np.argpartition(np.float32(1), 0))\nnp.sort(3.0)\n"
    found = in_time(text).findings
    assert [f.shape for f in found[:2]] == [[1], [1]]
    assert [f.code for f in found[2:]] == ["KSH104"]
