"""OpenCV: an image is (height, width) or (height, width, channels); a third axis of length 1 is dropped on the way out."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, LibObj, ListObj, Value, fresh, fresh_unknown
from ...rules.arrays import Broadcast, Join, RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same
from ..api import Mismatch, constant, items, models
from ..arraylike import as_array, plus

# What each conversion takes and gives, by the number of its code: channels in (1 where only a grey image will do, 0 where it is not
# asked), channels out.
_TO_GREY, _FROM_GREY, _FROM_GREY_ALPHA, _COLOUR, _ALPHA = (3, 1), (1, 3), (1, 4), (0, 3), (0, 4)
_CODES: dict[str, tuple[int, tuple[int, int]]] = {
    **{n: (c, _TO_GREY) for n, c in {"BGR2GRAY": 6, "RGB2GRAY": 7, "BGRA2GRAY": 10, "RGBA2GRAY": 11}.items()},
    **dict.fromkeys(("GRAY2BGR", "GRAY2RGB"), (8, _FROM_GREY)),
    **dict.fromkeys(("GRAY2BGRA", "GRAY2RGBA"), (9, _FROM_GREY_ALPHA)),
    **{n: (c, _ALPHA) for n, c in {"BGR2BGRA": 0, "RGB2RGBA": 0, "BGR2RGBA": 2, "RGB2BGRA": 2, "BGRA2RGBA": 5, "RGBA2BGRA": 5}.items()},
    **{n: (c, _COLOUR) for n, c in {"BGRA2BGR": 1, "RGBA2RGB": 1, "RGBA2BGR": 3, "BGRA2RGB": 3, "BGR2RGB": 4, "RGB2BGR": 4}.items()},
    **{n: (c, _COLOUR) for n, c in {"BGR2HSV": 40, "RGB2HSV": 41, "HSV2BGR": 54, "HSV2RGB": 55, "BGR2HLS": 52, "RGB2HLS": 53}.items()},
    **{n: (c, _COLOUR) for n, c in {"HLS2BGR": 60, "HLS2RGB": 61, "BGR2XYZ": 32, "RGB2XYZ": 33, "BGR2LUV": 50, "RGB2LUV": 51}.items()},
    **{n: (c, _COLOUR) for n, c in {"BGR2YCrCb": 36, "RGB2YCrCb": 37, "BGR2YCR_CB": 36, "RGB2YCR_CB": 37, "YCrCb2BGR": 38}.items()},
    **{n: (c, _COLOUR) for n, c in {"YCrCb2RGB": 39, "BGR2YUV": 82, "RGB2YUV": 83, "YUV2BGR": 84, "YUV2RGB": 85}.items()},
    **{n: (c, _COLOUR) for n, c in {"BGR2LAB": 44, "RGB2LAB": 45, "BGR2Lab": 44, "RGB2Lab": 45, "LAB2BGR": 56, "LAB2RGB": 57}.items()},
    **{n: (c, _COLOUR) for n, c in {"Lab2BGR": 56, "Lab2RGB": 57}.items()},
}
_BY_CODE = dict(_CODES.values())
for _name, (_code, _) in _CODES.items():
    constant(f"cv2.COLOR_{_name}", _code)

_NUMBERS = {
    "IMREAD_COLOR": 1,
    "IMREAD_COLOR_BGR": 1,
    "IMREAD_GRAYSCALE": 0,
    "IMREAD_UNCHANGED": -1,
    "IMREAD_ANYDEPTH": 2,
    "IMREAD_ANYCOLOR": 4,
    "IMREAD_COLOR_RGB": 256,
    "INTER_NEAREST": 0,
    "INTER_LINEAR": 1,
    "INTER_CUBIC": 2,
    "INTER_AREA": 3,
    "INTER_LANCZOS4": 4,
    "ROTATE_90_CLOCKWISE": 0,
    "ROTATE_180": 1,
    "ROTATE_90_COUNTERCLOCKWISE": 2,
    "CV_8U": 0,
    "CV_8S": 1,
    "CV_16U": 2,
    "CV_16S": 3,
    "CV_32S": 4,
    "CV_32F": 5,
    "CV_64F": 6,
}
for _name, _number in _NUMBERS.items():
    constant(f"cv2.{_name}", _number)
_DEPTHS = {0: "uint8", 1: "int8", 2: "uint16", 3: "int16", 4: "int32", 5: "float32", 6: "float64"}


def image(value: Value, function: str) -> Array | None:
    """Return an argument as an image, None where its rank is not known; more than three axes are refused."""
    a = as_array(value)
    if a is None or a.shape is None:
        return None
    if len(a.shape) > 3:
        hint = "OpenCV takes one image at a time: loop over the batch" if len(a.shape) == 4 else None
        raise Mismatch(RankDemanded(function, a.shape, "one image, (height, width) or (height, width, channels)", hint), value)
    return a


def _squeezed(shape: Shape) -> Shape | None:
    """Return an image's shape as OpenCV gives it back: a single channel has no axis."""
    if len(shape) == 3:
        single = same(shape[2], 1)
        return None if single is None and not isinstance(shape[2], int) else shape[:2] if single else shape
    return shape if len(shape) == 2 else (shape[0], 1) if len(shape) == 1 else None


def _like(a: Array | None, size: tuple[Dim, Dim] | None = None, dtype: str | None = "") -> Array:
    """Return an image with the channels of `a`, of another size or dtype."""
    if a is None or a.shape is None or not a.shape:
        return Array(None, dtype or None)
    shape = _squeezed(a.shape)
    if shape is not None and size is not None:
        shape = (*size, *shape[2:])
    return Array(shape, a.dtype if dtype == "" else dtype)


def _size(dsize: Value) -> tuple[Dim, Dim] | None:
    """Return ``(height, width)`` of a size given as (width, height)."""
    if isinstance(dsize, Array) and dsize.data is not None and len(dsize.data) == 2:
        parts: tuple[Value, ...] | None = dsize.data
    else:
        parts = items(dsize)
    if parts is None or len(parts) != 2:
        return None
    width, height = (p if is_exact(p) else UNKNOWN_DIM for p in parts)
    return height, width


def _read(flags: Value) -> Array:
    h, w = fresh("h"), fresh("w")
    if flags in (1, 256, 257, 16385) and not isinstance(flags, bool):
        return Array((h, w, 3), "uint8", bounds=(0, 255))
    if isinstance(flags, int) and flags in (0, 2):
        return Array((h, w), "uint8" if flags == 0 else None, bounds=(0, 255) if flags == 0 else None)
    return Array(None, None)


@models("cv2.imread")
def imread(filename: Value, flags: Value = 1) -> Value:
    """An image in colour, (height, width, 3), unless the flags say otherwise."""
    return _read(flags)


@models("cv2.imdecode")
def imdecode(buf: Value, flags: Value) -> Value:
    """An image from bytes."""
    return _read(flags)


@models("cv2.imencode")
def imencode(ext: Value, img: Value, params: Value = None) -> Value:
    """Success, and the bytes."""
    return (True, Array((fresh("n"),), "uint8"))


@models("cv2.cvtColor")
def cvt_color(src: Value, code: Value, dst: Value = None, dstCn: Value = 0, *args: Value) -> Value:
    """Another colour space: grey has no channel axis."""
    a = image(src, "cv2.cvtColor")
    kind = _BY_CODE.get(code) if isinstance(code, int) else None
    if kind is None:
        return Array(None)
    taken, given = kind
    if a is None or a.shape is None:
        return Array(None)
    channels: Dim = 1 if len(a.shape) == 2 else a.shape[2] if len(a.shape) == 3 else UNKNOWN_DIM
    if taken == 3 and same(channels, 1):
        raise Mismatch(RankDemanded("cv2.cvtColor to grey", a.shape, "an image of 3 or 4 channels", "the image is grey already"), src)
    if taken == 1 and same(channels, 1) is False:
        raise Mismatch(RankDemanded("cv2.cvtColor from grey", a.shape, "an image of one channel, (height, width)", None), src)
    if len(a.shape) < 2:
        return Array(None)
    h, w = a.shape[:2]
    return Array((h, w) if given == 1 else (h, w, given), a.dtype, bounds=a.bounds)


@models("cv2.resize")
def resize(src: Value, dsize: Value, dst: Value = None, fx: Value = 0, fy: Value = 0, interpolation: Value = 1) -> Value:
    """The size is (width, height), the shape (height, width, …)."""
    a = image(src, "cv2.resize")
    size = _size(dsize) if dsize is not None else (0, 0)
    if size is None:
        return Array(None)
    if all(isinstance(d, int) and d == 0 for d in size):
        if a is None or a.shape is None or len(a.shape) < 2:
            return Array(None)
        size = (_scaled(a.shape[0], fy), _scaled(a.shape[1], fx))
    made = _like(a, size)
    if made.shape is None and a is None:
        return Array(None)
    return Array(made.shape, made.dtype, bounds=a.bounds if a is not None and a.dtype == "uint8" else None)


def _scaled(length: Dim, by: Value) -> Dim:
    if isinstance(by, (int, float)) and not isinstance(by, bool):
        if isinstance(length, int):
            return round(length * by)
        if by == 1:
            return length
    return fresh("h")


_KEEPING = (
    *("flip", "GaussianBlur", "medianBlur", "blur", "boxFilter", "bilateralFilter", "dilate", "erode", "morphologyEx", "bitwise_not"),
    *("fastNlMeansDenoising", "fastNlMeansDenoisingColored", "LUT", "detailEnhance", "stylization"),
)
_NEW_DTYPE = ("normalize", "convertScaleAbs")
_WITH_DEPTH = ("filter2D", "Sobel", "Laplacian", "Scharr", "sepFilter2D")


def _keeping(name: str) -> None:
    function = f"cv2.{name}"

    @models(function)
    def keep(src: Value, *args: Value, **kwargs: Value) -> Value:
        """An image of the same size."""
        return _like(image(src, function))


def _with_depth(name: str) -> None:
    function = f"cv2.{name}"

    @models(function)
    def keep(src: Value, ddepth: Value = None, *args: Value, **kwargs: Value) -> Value:
        """An image of the same size, of the depth asked for."""
        return _like(image(src, function), None, "" if ddepth == -1 else _DEPTHS.get(ddepth) if isinstance(ddepth, int) else None)


for _name in _KEEPING:
    _keeping(_name)
for _name in _WITH_DEPTH:
    _with_depth(_name)


@models("cv2.normalize", "cv2.convertScaleAbs")
def normalize(src: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the same size."""
    return _like(image(src, "cv2.normalize"), None, None)


@models("cv2.rotate")
def rotate(src: Value, rotateCode: Value, dst: Value = None) -> Value:
    """A quarter turn swaps height and width."""
    a = image(src, "cv2.rotate")
    if a is None or a.shape is None or len(a.shape) < 2:
        return Array(None)
    if rotateCode == 1:
        return _like(a)
    if rotateCode in (0, 2) and isinstance(rotateCode, int):
        return _like(a, (a.shape[1], a.shape[0]))
    return _like(a, (UNKNOWN_DIM, UNKNOWN_DIM))


@models("cv2.transpose")
def transpose(src: Value, dst: Value = None) -> Value:
    """Height and width change places."""
    a = image(src, "cv2.transpose")
    return _like(a, (a.shape[1], a.shape[0])) if a is not None and a.shape is not None and len(a.shape) > 1 else Array(None)


@models("cv2.threshold")
def threshold(src: Value, *args: Value, **kwargs: Value) -> Value:
    """The threshold, and an image of the same size."""
    return (fresh_unknown(), _like(image(src, "cv2.threshold")))


def _plane(value: Value, function: str, dtype: str | None) -> Array:
    """Return an image of one channel, of the size of `value`."""
    a = image(value, function)
    return Array(a.shape[:2], dtype) if a is not None and a.shape is not None and len(a.shape) > 1 else Array(None, dtype)


@models("cv2.Canny", "cv2.inRange")
def edges(image_: Value, *args: Value, **kwargs: Value) -> Value:
    """One channel, the same size."""
    return _plane(image_, "cv2.Canny", "uint8")


def _grey_only(name: str) -> None:
    function = f"cv2.{name}"

    @models(function)
    def work(src: Value, *args: Value, **kwargs: Value) -> Value:
        """One channel in, one channel out."""
        a = image(src, function)
        if a is not None and a.shape is not None and len(a.shape) == 3 and same(a.shape[2], 1) is False:
            raise Mismatch(
                RankDemanded(function, a.shape, "an image of one channel, (height, width)", "make it grey first: cv2.cvtColor"), src
            )
        return _like(a, None, "uint8")


for _name in ("equalizeHist", "adaptiveThreshold"):
    _grey_only(_name)


@models("cv2.distanceTransform")
def distance(src: Value, *args: Value, **kwargs: Value) -> Value:
    """One channel, the same size."""
    return _plane(src, "cv2.distanceTransform", "float32")


@models("cv2.applyColorMap")
def apply_color_map(src: Value, *args: Value, **kwargs: Value) -> Value:
    """Three channels, the same size."""
    a = _plane(src, "cv2.applyColorMap", "uint8")
    return Array((*a.shape, 3), "uint8") if a.shape is not None else a


@models("cv2.calcOpticalFlowFarneback")
def flow(prev: Value, *args: Value, **kwargs: Value) -> Value:
    """Two channels, the same size."""
    a = _plane(prev, "cv2.calcOpticalFlowFarneback", "float32")
    return Array((*a.shape, 2), "float32") if a.shape is not None else a


@models("cv2.warpAffine", "cv2.warpPerspective")
def warp(src: Value, M: Value, dsize: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the size given as (width, height)."""
    a = image(src, "cv2.warpAffine")
    return _like(a, _size(dsize) or (UNKNOWN_DIM, UNKNOWN_DIM))


@models("cv2.copyMakeBorder")
def border(src: Value, top: Value, bottom: Value, left: Value, right: Value, *args: Value, **kwargs: Value) -> Value:
    """A larger image."""
    a = image(src, "cv2.copyMakeBorder")
    if a is None or a.shape is None or len(a.shape) < 2:
        return Array(None)
    by = [d if is_exact(d) else UNKNOWN_DIM for d in (top, bottom, left, right)]
    return _like(a, (plus(a.shape[0], plus(by[0], by[1])), plus(a.shape[1], plus(by[2], by[3]))))


@models("cv2.pyrDown")
def pyr_down(src: Value, *args: Value, **kwargs: Value) -> Value:
    """Half the size, rounded up."""
    a = image(src, "cv2.pyrDown")
    if a is None or a.shape is None or len(a.shape) < 2 or args or kwargs:
        return Array(None)
    return _like(a, _each(a.shape, lambda d: math.ceil(d / 2)))


@models("cv2.pyrUp")
def pyr_up(src: Value, *args: Value, **kwargs: Value) -> Value:
    """Twice the size."""
    a = image(src, "cv2.pyrUp")
    if a is None or a.shape is None or len(a.shape) < 2 or args or kwargs:
        return Array(None)
    return _like(a, _each(a.shape, lambda d: d * 2))


def _each(shape: Shape, work: Callable[[int], int]) -> tuple[Dim, Dim]:
    first, second = (work(d) if isinstance(d, int) else UNKNOWN_DIM for d in shape[:2])
    return first, second


@models("cv2.split")
def split(m: Value, mv: Value = None) -> Value:
    """One plane for each channel."""
    a = image(m, "cv2.split")
    if a is None or a.shape is None or len(a.shape) < 2:
        return UNKNOWN
    count: Dim = 1 if len(a.shape) == 2 else a.shape[2]
    return (Array(a.shape[:2], a.dtype),) * count if isinstance(count, int) else UNKNOWN


@models("cv2.merge")
def merge(mv: Value, dst: Value = None) -> Value:
    """Planes as channels."""
    parts = items(mv)
    if not parts:
        return Array(None)
    planes = [as_array(p) for p in parts]
    first = planes[0]
    if first is None or first.shape is None or any(p is None or p.shape is None or len(p.shape) != 2 for p in planes):
        return Array(None)
    for i, p in enumerate(planes):
        assert p is not None and p.shape is not None
        if any(same(x, y) is False for x, y in zip(first.shape, p.shape)):
            raise Mismatch(Join("cv2.merge", first.shape, p.shape, i), first, p)
    return Array(first.shape if len(planes) == 1 else (*first.shape, len(planes)), first.dtype)


@models("cv2.hconcat")
def hconcat(src: Value, dst: Value = None) -> Value:
    """Images side by side."""
    return _in_a_row("cv2.hconcat", src, 1)


@models("cv2.vconcat")
def vconcat(src: Value, dst: Value = None) -> Value:
    """Images one below the other."""
    return _in_a_row("cv2.vconcat", src, 0)


def _in_a_row(function: str, src: Value, axis: int) -> Value:
    parts = [as_array(p) for p in items(src) or ()]
    shapes = [None if p is None or p.shape is None else _squeezed(p.shape) for p in parts]
    first = shapes[0] if shapes else None
    if first is None:
        return Array(None)
    length: Dim = 0
    for i, shape in enumerate(shapes):
        if shape is None:
            return Array(None)
        if len(shape) != len(first) or any(same(x, y) is False for n, (x, y) in enumerate(zip(first, shape)) if n != axis):
            axes = [n for n, (x, y) in enumerate(zip(first, shape)) if n != axis and same(x, y) is False]
            raise Mismatch(Join(function, first, shape, i, axes[0] if axes else None), parts[0], parts[i])
        length = plus(length, shape[axis])
    return Array((*first[:axis], length, *first[axis + 1 :]), parts[0].dtype if parts[0] is not None else None)


_PAIRS = ("add", "subtract", "absdiff", "bitwise_and", "bitwise_or", "bitwise_xor", "multiply", "divide")


def _pair(function: str, a: Array | None, b: Array | None) -> Array:
    if a is None or b is None or a.shape is None or b.shape is None or len(a.shape) < 2 or len(b.shape) < 2:
        return Array(None) if a is None or a.shape is None or len(a.shape) < 2 else _like(a, None, None)
    left, right = _squeezed(a.shape), _squeezed(b.shape)
    if left is not None and right is not None and (len(left) != len(right) or any(same(x, y) is False for x, y in zip(left, right))):
        raise Mismatch(Broadcast(left, right, function), a, b)
    return _like(a)


def _register_pair(name: str) -> None:
    @models(f"cv2.{name}")
    def pair(src1: Value, src2: Value, *args: Value, **kwargs: Value) -> Value:
        """Two images of one size, or an image and a number."""
        small = isinstance(src2, (int, float, tuple, ListObj)) or isinstance(src1, (int, float, tuple, ListObj))
        a = image(src1, f"cv2.{name}")
        return _like(a) if small else _pair(f"cv2.{name}", a, image(src2, f"cv2.{name}"))


for _name in _PAIRS:
    _register_pair(_name)


@models("cv2.addWeighted")
def add_weighted(src1: Value, alpha: Value, src2: Value, beta: Value, gamma: Value, *args: Value, **kwargs: Value) -> Value:
    """Two images of one size."""
    return _pair("cv2.addWeighted", image(src1, "cv2.addWeighted"), image(src2, "cv2.addWeighted"))


@models(
    *(
        f"cv2.{name}"
        for name in ["rectangle", "circle", "line", "putText", "polylines", "ellipse", "drawContours", "fillPoly", "arrowedLine"]
    )
)
def draw(img: Value, *args: Value, **kwargs: Value) -> Value:
    """The image drawn on."""
    return img


@models("cv2.getRotationMatrix2D", "cv2.getAffineTransform")
def rotation_matrix(*args: Value) -> Value:
    """A matrix of 2 by 3."""
    return Array((2, 3), "float64")


@models("cv2.getPerspectiveTransform")
def perspective_matrix(*args: Value, **kwargs: Value) -> Value:
    """A matrix of 3 by 3."""
    return Array((3, 3), "float64")


@models("cv2.getStructuringElement")
def structuring_element(shape: Value, ksize: Value, anchor: Value = None) -> Value:
    """A mask of the size given as (width, height)."""
    return Array(_size(ksize) or (UNKNOWN_DIM, UNKNOWN_DIM), "uint8")


@models("cv2.dnn.blobFromImage")
def blob(image_: Value = None, scalefactor: Value = 1.0, size: Value = None, *args: Value, **kwargs: Value) -> Value:
    """A batch of one image, channels first."""
    a = as_array(image_)
    if a is None or a.shape is None or len(a.shape) not in (2, 3):
        return Array((1, UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM), "float32")
    channels: Dim = 1 if len(a.shape) == 2 else a.shape[2]
    made = _size(size) if size is not None else (a.shape[0], a.shape[1])
    return Array((1, channels, *(made or (UNKNOWN_DIM, UNKNOWN_DIM))), "float32")


@models("cv2.imwrite")
def imwrite(filename: Value, img: Value, params: Value = None) -> Value:
    """Success."""
    return fresh_unknown()


@models("cv2.imshow", "cv2.destroyAllWindows", "cv2.destroyWindow", "cv2.namedWindow")
def show(*args: Value, **kwargs: Value) -> Value:
    """Called for its effect."""
    return None


_CAPTURE = "cv2.VideoCapture"


@models(_CAPTURE)
def video_capture(*args: Value, **kwargs: Value) -> Value:
    """A source of frames of one size."""
    return LibObj(_CAPTURE, (fresh("h"), fresh("w")))


@models(_CAPTURE + ".read", _CAPTURE + ".retrieve")
def read_frame(self: Value, image_: Value = None) -> Value:
    """Success, and a frame in colour."""
    size = self.state if isinstance(self.state, tuple) else (UNKNOWN_DIM, UNKNOWN_DIM)
    return (fresh_unknown(), Array((*size, 3), "uint8", bounds=(0, 255)))


@models("cv2.createCLAHE")
def create_clahe(*args: Value, **kwargs: Value) -> Value:
    """An equaliser."""
    return LibObj("cv2.CLAHE", ())


@models("cv2.CLAHE.apply")
def apply_clahe(self: Value, src: Value, dst: Value = None) -> Value:
    """An image of the same size."""
    return _like(image(src, "CLAHE.apply"))
