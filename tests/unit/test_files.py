"""Data files: what their headers tell, what the program itself has written, and that nothing else is touched."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kshape_lint.checker import check, check_source
from kshape_lint.libraries import files as files_module
from kshape_lint.libraries.files import Files, Header


def shapes(text: str, name: str = "train.py", **options: Any) -> list[Any]:
    """Return what ``reveal_shape`` says in a program that stands in the file `name`."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
    return [f.shape for f in check(text, name, strict=True, **options).findings if f.code == "KSH900"]


LOAD = "import numpy as np\nreveal_shape(np.load({!r}))\n"


@pytest.fixture(autouse=True)
def _directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3, 4), "f4"),
        np.zeros(0),
        np.zeros((), "i8"),
        np.asfortranarray(np.zeros((2, 5))),
        np.zeros((2, 1, 1), ">u2"),
        np.array(["a", "bc"]),
        np.array([True]),
        np.zeros(3, [("shape", "f4"), ("b", "i4", (2,))]),
        np.zeros(2, "M8[D]"),
    ],
)
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_headers_as_numpy_writes_them(array, version):
    with open("x.npy", "wb") as file:
        np.lib.format.write_array(file, array, version)
    np.savez("x.npz", array, other=array)
    np.savez_compressed("y.npz", array)
    descr = None if array.dtype.names else array.dtype.str
    here = Files(["."])
    assert here.array("x.npy") == Header(array.shape, descr)
    assert here.arrays("x.npz") == dict.fromkeys(("other", "arr_0"), Header(array.shape, descr))
    assert here.arrays("y.npz") == {"arr_0": Header(array.shape, descr)}
    assert shapes(LOAD.format("x.npy")) == [list(array.shape)]


def header(text: str) -> bytes:
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode()


GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        b"version https://git-lfs.github.com/spec/v1\n",
        header(GOOD)[:-4],
        header(GOOD.replace("(2, 3)", "(2, __import__('os').abort())")),
        header(GOOD.replace("(2, 3)", "(2, -3)")),
        header(GOOD.replace("(2, 3)", "(" + "1, " * 100 + ")")),
        header(GOOD + " " * 20_000),
        b"\x93NUMPY\2\0" + struct.pack("<I", 0xFFFFFFFF),
        b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.",
    ],
)
def test_what_is_no_array_tells_nothing(data):
    Path("x.npy").write_bytes(data)
    assert Files(["."]).array("x.npy") is None
    assert shapes(LOAD.format("x.npy")) == [None]


def test_a_plain_header():
    Path("x.npy").write_bytes(header(GOOD))
    assert Files(["."]).array("x.npy") == Header((2, 3), "<f4")


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return made.getvalue()


def test_archives_that_are_not_as_expected():
    good = archive(**{"a.npy": header(GOOD)})
    for data in (b"", b"PK\5\6", good[:-30], good[40:], archive(**{"a.txt": b""}), good[:20] + b"\xff" * 20 + good[40:]):
        Path("x.npz").write_bytes(data)
        assert not any((Files(["."]).arrays("x.npz") or {}).values())
    Path("x.npz").write_bytes(archive(**{"a.npy": header(GOOD), "b.npy": b"\0" * 50_000_000}))
    assert Files(["."]).arrays("x.npz") == {"a": Header((2, 3), "<f4"), "b": None}
    size = struct.pack("<I", files_module.MOST_DIRECTORY + 1)
    Path("x.npz").write_bytes(good[:-10] + size + good[-6:])
    assert Files(["."]).arrays("x.npz") is None


def test_objects_are_never_unpickled():
    class Bomb:
        def __reduce__(self):
            return os.mkdir, ("exploded",)

    np.save("x.npy", np.array([Bomb()], object), allow_pickle=True)
    assert shapes("import numpy as np\nreveal_shape(np.load('x.npy', allow_pickle=True))\n") == [None]
    assert not Path("exploded").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_only_regular_files_are_opened():
    os.mkfifo("x.npy")
    os.mkdir("y.npy")
    Path("z.npy").symlink_to("nowhere")
    assert [Files(["."]).array(name) for name in ("x.npy", "y.npy", "z.npy", "/dev/zero", "\0", "//host/x.npy", "https://h/x.npy")] == [
        None
    ] * 7


def test_where_files_are_looked_for():
    for folder, length in (("project", 1), ("raw", 2), (".", 3)):
        Path(folder).mkdir(exist_ok=True)
        np.save(f"{folder}/{length}.npy", np.zeros(length))
    program = "import numpy as np\n" + "".join(f"reveal_shape(np.load('{n}.npy'))\n" for n in (1, 2, 3))
    assert shapes(program, "project/train.py") == [[1], None, [3]]
    assert shapes(program, "project/train.py", data_roots=["raw"]) == [[1], [2], [3]]
    assert shapes(program, "project/train.py", data_roots=None) == [None] * 3
    assert shapes(LOAD.format(os.path.abspath("raw/2.npy"))) == [[2]]
    found = check_source(program, "no such file.py")
    assert [f.shape for f in found] == [None] * 3, "a text that is no file's reads none"


def test_files_that_differ_are_not_chosen_from():
    Path("project").mkdir()
    np.save("x.npy", np.zeros(3))
    np.save("project/x.npy", np.zeros(4))
    np.save("y.npy", np.zeros(3))
    np.save("project/y.npy", np.ones(3))
    assert shapes(LOAD.format("x.npy") + LOAD.format("y.npy"), "project/train.py") == [None, [3]]


def test_a_file_in_a_finding():
    np.save("x.npy", np.zeros((5, 4)))
    Path("train.py").write_text(text := "import numpy as np\nx = np.load('x.npy')\nx.reshape(7, 3)\n")
    (found,) = check_source(text, "train.py")
    assert (found.code, found.place.row) == ("KSH101", 3)
    assert found.message == "cannot reshape (5, 4), 20 elements, into (7, 3), 21 elements (x is (5, 4) from np.load on line 2)"


def test_members_of_an_archive():
    np.savez("x.npz", train=np.zeros((6, 2)), label=np.zeros(6))
    program = """import numpy as np
with np.load("x.npz") as data:
    reveal_shape(data["train"])
    reveal_shape([data[k] for k in data.files])
    reveal_shape([v for k, v in data.items()])
    reveal_shape(data["none"])
"""
    assert shapes(program) == [[6, 2], [[6, 2], [6]], [[6, 2], [6]], None]


def test_what_the_program_writes_comes_before_what_lies_there():
    np.save("x.npy", np.zeros(9))
    program = """import numpy as np
reveal_shape(np.load("x.npy"))
np.save("x", np.zeros((2, 3)))
reveal_shape(np.load("./x.npy"))
{then}
reveal_shape(np.load("x.npy"))
"""

    def after(then: str) -> Any:
        first, second, third = shapes(program.format(then=then))
        assert (first, second) == ([9], [2, 3])
        return third

    assert after("") == [2, 3]
    assert after("np.save(open('y.npy', 'wb'), 1)") is None
    assert after("prepare('x.npy')") is None
    assert after("open('x.npy', 'rb')") == [2, 3]
    assert after("open('x.npy', 'wb')") is None
    assert after("import os; os.chdir('/')") is None
    assert after("if flag:\n    np.save('x.npy', np.zeros(4))") is None
    assert after("if flag:\n    np.save('x.npy', np.zeros((2, 3)))") == [2, 3]


def test_functions_that_nobody_calls_may_run_in_any_order():
    program = """import numpy as np
def one():
    np.save("x.npy", np.zeros(3))
    reveal_shape(np.load("x.npy"))
def two():
    np.save("x.npy", np.zeros(4))
def three():
    reveal_shape(np.load("x.npy"))
"""
    assert shapes(program) == [[3], None]


def test_text_of_numbers():
    Path("t.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    Path("one.txt").write_text("# one\n1\n2\n")
    Path("row.txt").write_text("1 2 3\n")
    Path("odd.txt").write_text("1 2 3\n1 2\n")
    program = """import numpy as np
reveal_shape(np.loadtxt("t.csv", delimiter=",", skiprows=1))
reveal_shape(np.genfromtxt("t.csv", delimiter=",", skip_header=1))
reveal_shape(np.genfromtxt("t.csv", delimiter=",", names=True))
reveal_shape(np.loadtxt("one.txt"))
reveal_shape(np.loadtxt("one.txt", ndmin=2))
reveal_shape(np.loadtxt("row.txt"))
reveal_shape(np.loadtxt("odd.txt"))
"""
    first, second, named, one, column, row, odd = shapes(program)
    assert (first[1], second[1], len(one), column[1], row, odd) == (3, 3, 1, 1, None, None)
    assert named is None


def test_descriptions_of_models_that_are_not_as_expected():
    def config(value: object) -> bytes:
        return archive(**{"config.json": json.dumps(value).encode()})

    layer = {"class_name": "Dense", "module": "keras.layers", "config": {"units": 3}}
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "a"}}
    good = {"class_name": "Sequential", "config": {"layers": [first, layer]}}
    program = "import keras\nmodel = keras.models.load_model('m.keras')\nreveal_shape(model.outputs[0])\n"
    Path("m.keras").write_bytes(config(good))
    assert shapes(program) == [[None, 3]]
    for bad in (
        [], {}, {"class_name": "Sequential"}, {"class_name": "Mine", "config": {}}, {"class_name": "Sequential", "config": {"layers": [1]}},
        {"class_name": "Sequential", "config": {"layers": [first, {**layer, "module": "mine"}]}},
        {"class_name": "Sequential", "config": {"layers": [first, {**layer, "class_name": ["Dense"]}]}},
        {"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": {"batch_shape": 3}}, layer]}},
        {"class_name": "Functional", "config": {"layers": [{**first, "name": "a", "inbound_nodes": []}]}},
        {"class_name": "Functional", "config": {"layers": [], "input_layers": [["a", 0, 0]], "output_layers": [[{}, [], 0]]}},
    ):  # fmt: skip
        Path("m.keras").write_bytes(config(bad))
        assert shapes(program) == [None], bad
    impossible = {
        "class_name": "Sequential",
        "config": {"layers": [first, {**layer, "class_name": "Conv2D", "config": {"filters": 1, "kernel_size": 3}}]},
    }
    for data in (config(impossible), b"", archive(other=b""), archive(**{"config.json": b"{"}), archive(**{"config.json": b"[" * 100_000})):
        Path("m.keras").write_bytes(data)
        assert shapes(program) == [None]
        assert not [f for f in check(program, "train.py").findings if f.severity == "error"]


def packed(name: str, text: str) -> None:
    import bz2
    import gzip
    import lzma

    if name.endswith(".zip"):
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("table.csv", text)
        return
    opened = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}[name.rpartition(".")[2]]
    with opened(name, "wt") as file:
        file.write(text)


@pytest.mark.parametrize("name", ["t.csv.gz", "t.csv.bz2", "t.csv.xz", "t.zip"])
def test_packed_text(name):
    packed(name, "a,b,c\n1,2,3\n4,5,6\n")
    assert Files(["."]).text(name) == ("a,b,c\n1,2,3\n4,5,6\n", True)
    ((_, width),) = shapes(f"import pandas as pd\nreveal_shape(pd.read_csv({name!r}).values)\n")
    assert width == 3
    packed(name, "0,1\n" * 1_000_000)
    text, whole = Files(["."]).text(name)
    assert len(text) <= files_module.MOST_TEXT and text.endswith("\n") and not whole
    Path(name).write_bytes(Path(name).read_bytes()[:40] + b"\0" * 9)
    assert Files(["."]).text(name) is None


def test_an_archive_of_several_texts_is_none():
    with zipfile.ZipFile("t.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n")
        archive.writestr("b.csv", "a,b\n")
    assert Files(["."]).text("t.zip") is None


def hdf5_file(path: str, **options: Any) -> dict[str, Any]:
    """Write a file of arrays and return the shapes and dtypes of them as h5py reads them."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w", **options) as file:
        file.create_dataset("x", data=np.zeros((5, 32, 32, 3), "f4"))
        file["y"] = np.zeros((1, 5), "i8")
        file.create_dataset("grows", (10, 4), dtype="f8", maxshape=(None, 4), chunks=True, compression="gzip")
        file["train/deep/images"] = np.zeros((6, 2), "u1")
        file["train/count"] = 3.0
        file["names"] = np.array([b"a", b"bc"])
        file["flags"] = np.array([True])
        file["nothing"] = h5py.Empty("f4")
        file["again"] = h5py.SoftLink("/x")
        file.attrs["model_config"] = "{}"
        file.attrs["bytes"] = np.bytes_(b"12")
        return {name: file[name].shape for name in ("x", "y", "grows", "train/deep/images", "train/count", "names", "flags")}


@pytest.mark.parametrize("options", [{}, {"libver": ("earliest", "v108")}], ids=str)
def test_arrays_in_hdf5_files(options):
    from kshape_lint.libraries.hdf5.reader import arrays, root_text

    known = hdf5_file("x.h5", **options)
    with open("x.h5", "rb") as file:
        found = arrays(file)
        assert {name: found[name].shape for name in known} == known
        assert [found[n].dtype for n in ("x", "y", "train/deep/images", "names", "flags")] == ["float32", "int64", "uint8", None, None]
        assert found["train"] is None and found["train/deep"] is None and "again" not in found
        assert root_text(file, "model_config") == b"{}"
        assert root_text(file, "bytes") == b"12"
        assert root_text(file, "other") is None


def test_hdf5_files_of_one_array_in_the_latest_form():
    h5py = pytest.importorskip("h5py")
    with h5py.File("x.h5", "w", libver="latest") as file:
        file["x"] = np.zeros((4, 2))
    assert shapes("import h5py\nimport numpy\nwith h5py.File('x.h5', 'r') as f:\n    reveal_shape(f['x'][:])\n") == [[4, 2]]


def test_hdf5_files_that_are_broken_tell_nothing_or_little():
    hdf5_file("x.h5")
    whole = Path("x.h5").read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(whole)
        for at in rng.integers(0, 4000, 4):
            data[at] = rng.integers(256)
        Path("y.h5").write_bytes(data)
        Files(["."]).tables("y.h5")
        Files(["."]).config("y.h5")
    for size in (0, 7, 8, 50, 96, 400, 2000):
        Path("y.h5").write_bytes(whole[:size])
        assert Files(["."]).tables("y.h5") is None


def test_hdf5_files_in_a_program():
    hdf5_file("x.h5")
    text = """\
import h5py
import numpy as np
f = h5py.File("x.h5", "r")
reveal_shape(f["x"])
reveal_shape(np.array(f["y"]))
reveal_shape(f["train"]["deep/images"][...])
reveal_shape(f["/train/deep"]["images"][:2])
reveal_shape(f["other"][:])
for name, group in f.items():
    if name == "train":
        reveal_shape(group["deep"]["images"][()])
"""
    assert shapes(text) == [[5, 32, 32, 3], [1, 5], [6, 2], [2, 2], None, [6, 2]]
    assert shapes(text, data_roots=None)[0] is None
    assert shapes(
        "import h5py\nimport numpy\nf = h5py.File('x.h5', 'w')\nf['x'] = [1, 2]\nf.close()\nreveal_shape(h5py.File('x.h5')['x'][:])\n"
    ) == [[2]]


@pytest.mark.parametrize("old", [False, True])
def test_models_in_hdf5_files(old):
    h5py = pytest.importorskip("h5py")
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "relu"}}
    if old:
        dense["config"]["batch_input_shape"] = [None, 7]
        config: Any = [dense]
    else:
        config = {"layers": [{"class_name": "InputLayer", "config": {"batch_shape": [None, 7], "dtype": "float32", "name": "i"}}, dense]}
    with h5py.File("m.h5", "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config})
    text = "import keras\nimport numpy as np\nm = keras.models.load_model('m.h5')\nreveal_shape(m.predict(np.zeros((2, 7))))\n"
    assert shapes(text) == [[2, 3]]
    assert shapes(text.replace("'m.h5'", "'m.h5', custom_objects={'Dense': Own}")) == [None]


def test_what_is_pickled_comes_back():
    text = """\
import pickle
import joblib
import numpy as np
from sklearn.preprocessing import StandardScaler
x = np.zeros((4, 5))
joblib.dump(StandardScaler().fit(x), "s.joblib")
reveal_shape(joblib.load("s.joblib").transform(x))
with open("d.pkl", "wb") as f:
    pickle.dump((x, [1, 2]), f)
with open("d.pkl", "rb") as f:
    a, b = pickle.load(f)
reveal_shape(a)
reveal_shape(np.array(b))
with open("e.pkl", "wb") as f:
    pickle.dump(x, f)
    pickle.dump(x[0], f)
with open("e.pkl", "rb") as f:
    reveal_shape(pickle.load(f))
with open("f.pkl", "rb") as f:
    reveal_shape(pickle.load(f))
with open("d.pkl", "wb") as f:
    f.write(b"")
reveal_shape(pickle.load(open("d.pkl", "rb")))
"""
    assert shapes(text) == [[4, 5], [4, 5], [2], None, None, None]


def test_where_the_script_lies():
    Path("data").mkdir()
    np.save("data/x.npy", np.zeros((3, 4)))
    loads = (
        "Path(__file__).parent / 'data' / 'x.npy'",
        "(Path(__file__).resolve().parents[0] / 'data/y.txt').with_name('x.npy')",
        "Path(__file__).absolute().parent.joinpath('data', 'x').with_suffix('.npy')",
        "os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data', 'x.npy')",
        "os.path.normpath(os.path.realpath(__file__) + '/../data/x.npy')",
    )
    text = "import os\nfrom pathlib import Path\nimport numpy as np\n" + "".join(f"reveal_shape(np.load({load}))\n" for load in loads)
    assert shapes(text) == [[3, 4]] * len(loads)


def test_one_file_under_two_names():
    np.save("x.npy", np.zeros((3, 4)))
    text = "from pathlib import Path\nimport numpy as np\n{}\nreveal_shape(np.load({}))\n"
    assert shapes(text.format("np.save('x.npy', np.zeros(7))", "Path(__file__).parent / 'x.npy'")) == [None]
    assert shapes(text.format("np.save(Path(__file__).parent / 'x.npy', np.zeros(7))", "'x.npy'")) == [None]
    assert shapes(text.format("np.save('y.npy', np.zeros(7))", "Path(__file__).parent / 'x.npy'")) == [[3, 4]]


def test_a_path_that_the_command_line_may_name():
    np.save("x.npy", np.zeros((3, 4)))
    text = (
        "import argparse\nfrom pathlib import Path\nimport numpy as np\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--a', type=Path, default='x.npy')\nparser.add_argument('--b', default=Path('x.npy'))\n"
        "parser.add_argument('--c', default='x.npy')\nparser.add_argument('--d', type=Path, nargs='+', default='x.npy')\n"
        "args = parser.parse_args()\n"
    )
    assert shapes(text + "".join(f"reveal_shape(np.load(args.{name}))\n" for name in "abcd")) == [[3, 4], [3, 4], None, None]
