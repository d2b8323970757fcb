"""Pictures read from files, and values from Python's own library, on their way to an array."""

from __future__ import annotations

import pytest

from kshape_lint.checker import check

START = """\
import argparse, collections, copy, functools, glob, itertools, math, operator, os, random, sys
import cv2
import numpy as np
from PIL import Image
from tqdm import tqdm
"""


def run(body: str) -> list[str]:
    findings = check(START + body + "\n", strict=True).findings
    return [f.message.removeprefix("shape is ") if f.code == "KSH900" else f.code for f in findings]


@pytest.mark.parametrize(
    ("body", "shapes"),
    [
        ("reveal_shape(cv2.imread('a.jpg'))", ["(h, w, 3)"]),
        ("reveal_shape(cv2.imread('a.jpg', 0))", ["(h, w)"]),
        ("reveal_shape(cv2.imread('a.jpg', cv2.IMREAD_GRAYSCALE))", ["(h, w)"]),
        ("reveal_shape(cv2.cvtColor(cv2.imread('a.jpg'), cv2.COLOR_BGR2GRAY))", ["(h, w)"]),
        ("reveal_shape(cv2.cvtColor(cv2.imread('a.jpg', 0), cv2.COLOR_GRAY2RGB))", ["(h, w, 3)"]),
        ("reveal_shape(cv2.resize(cv2.imread('a.jpg'), (64, 48)))", ["(48, 64, 3)"]),
        ("reveal_shape(cv2.resize(np.zeros((9, 9, 1)), (64, 48)))", ["(48, 64)"]),
        ("ok, frame = cv2.VideoCapture(0).read()\nreveal_shape(frame)", ["(h, w, 3)"]),
        (
            "xs = []\nfor f in os.listdir('d'):\n    xs.append(cv2.resize(cv2.imread(f), (8, 4)))\nreveal_shape(np.array(xs))",
            ["(files, 4, 8, 3)"],
        ),
        ("xs = [cv2.resize(cv2.imread(f, 0), (8, 4)) for f in tqdm(glob.glob('*.png'))]\nreveal_shape(np.stack(xs))", ["(files, 4, 8)"]),
        ("reveal_shape(np.array(Image.open('a.jpg')))", ["unknown"]),
        ("reveal_shape(np.array(Image.open('a.jpg').convert('L').resize((8, 4))))", ["(4, 8)"]),
        ("i = Image.open('a.jpg').convert('RGB')\nreveal_shape(np.asarray(i) / 255.0)", ["(h, w, 3)"]),
        ("reveal_shape(np.zeros(math.ceil(7 / 2)))", ["(4,)"]),
        ("reveal_shape(np.zeros(math.prod((2, 3))))", ["(6,)"]),
        ("reveal_shape(np.zeros(functools.reduce(operator.mul, (2, 3, 4))))", ["(24,)"]),
        ("zeros = functools.partial(np.zeros, dtype='float32')\nreveal_shape(zeros((2, 3)))", ["(2, 3)"]),
        ("Point = collections.namedtuple('Point', 'x y')\np = Point(np.zeros(3), np.zeros(4))\nreveal_shape(p.y)", ["(4,)"]),
        ("pairs = list(itertools.product([1, 2], [3]))\nreveal_shape(np.zeros(pairs[1]))", ["(2, 3)"]),
        ("a = [1, 2]\nb = copy.deepcopy(a)\nb.append(3)\nreveal_shape(np.array(a))\nreveal_shape(np.array(b))", ["(2,)", "(3,)"]),
        ("xs = [np.zeros(3), np.zeros(3)]\nrandom.shuffle(xs)\nreveal_shape(np.array(xs))", ["(2, 3)"]),
        ("reveal_shape(random.choice([np.zeros(3), np.ones(3)]))", ["(3,)"]),
    ],
)
def test_shapes(body: str, shapes: list[str]) -> None:
    assert run(body) == shapes


def test_an_argument_is_the_same_wherever_it_is_read() -> None:
    body = """\
p = argparse.ArgumentParser()
p.add_argument("--batch-size", type=int, default=32)
p.add_argument("--size", type=int)
p.add_argument("--count", type=int, default=0)
p.add_argument("-v", "--verbose", action="store_true")
args = p.parse_args()
reveal_shape(np.zeros((args.batch_size, 3)) + np.ones((args.batch_size, 3)))
reveal_shape(np.zeros((args.count, 3)) + np.ones((args.count, 3)))
if args.verbose:
    x = np.zeros(3)
else:
    x = np.zeros(4)
if args.verbose:
    y = x.reshape(3, 1)
if args.size is None:
    z = 1
"""
    assert run(body) == ["(32, 3)", "(count, 3)"]


def test_what_follows_the_end_is_not_judged() -> None:
    assert run("if len(sys.argv) < 2:\n    x = np.zeros(3)\n    sys.exit(1)\nelse:\n    x = np.zeros((2, 2))\nreveal_shape(x)") == [
        "(2, 2)"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "cv2.cvtColor(cv2.imread('a.jpg', 0), cv2.COLOR_BGR2GRAY)",
        "cv2.resize(np.zeros((2, 9, 9, 3)), (3, 3))",
        "Image.fromarray(np.zeros((9, 9, 1), 'uint8'))",
        "cv2.equalizeHist(cv2.imread('a.jpg'))",
    ],
)
def test_refused(body: str) -> None:
    assert run(body) == ["KSH115"]
