"""Data types: what a script calls them, how they combine, and what calling one does."""

from __future__ import annotations

from functools import lru_cache

from ...interpreter.values import UNBOUND, DictObj, Library, ListObj, Value

_BITS = {
    "bool": ("b", 8),
    "int8": ("i", 8),
    "int16": ("i", 16),
    "int32": ("i", 32),
    "int64": ("i", 64),
    "uint8": ("u", 8),
    "uint16": ("u", 16),
    "uint32": ("u", 32),
    "uint64": ("u", 64),
    "float16": ("f", 16),
    "float32": ("f", 32),
    "float64": ("f", 64),
    "complex64": ("c", 64),
    "complex128": ("c", 128),
}

_NAMES = {name: name for name in (*_BITS, "object", "str", "bytes", "bfloat16", "longdouble", "datetime64", "timedelta64", "void")} | {
    "bool_": "bool",
    "float": "float64",
    "float_": "float64",
    "double": "float64",
    "single": "float32",
    "half": "float16",
    "int": "int64",
    "int_": "int64",
    "intp": "int64",
    "long": "int64",
    "longlong": "int64",
    "intc": "int32",
    "short": "int16",
    "byte": "int8",
    "uint": "uint64",
    "uintp": "uint64",
    "ulong": "uint64",
    "ulonglong": "uint64",
    "uintc": "uint32",
    "ushort": "uint16",
    "ubyte": "uint8",
    "complex": "complex128",
    "complex_": "complex128",
    "cdouble": "complex128",
    "csingle": "complex64",
    "object_": "object",
    "str_": "str",
    "unicode_": "str",
    "string": "str",
    "bytes_": "bytes",
    "string_": "bytes",
    "string_dtype": "str",
}
_CHARACTERS = {
    "?": "bool",
    "b": "int8",
    "B": "uint8",
    "h": "int16",
    "H": "uint16",
    "i": "int32",
    "I": "uint32",
    "l": "int64",
    "L": "uint64",
    "q": "int64",
    "Q": "uint64",
    "e": "float16",
    "f": "float32",
    "d": "float64",
    "F": "complex64",
    "D": "complex128",
    "O": "object",
}


class DType(Library):
    """What an array's elements are, as an object: it equals the class, the text and whatever else stands for it, and is none of them."""

    __slots__ = ()

    def same_as(self, other: Value) -> bool | None:
        """Tell whether another value stands for this dtype."""
        if not isinstance(other, (Library, str)) or (isinstance(other, str) and other.startswith(">")):
            return None
        theirs = dtype_name(other)
        return None if theirs is None or theirs == "void" or self.name == "void" else theirs == self.name

    @property
    def name(self) -> str:
        """What NumPy calls it."""
        return self.path.rpartition(".")[2]

    def member(self, name: str) -> Value:
        """Return what is known of its attributes."""
        if name == "type":
            return Library(self.path)
        if name == "name" and self.name in _BITS:
            return self.name
        if name == "kind":
            return (
                {"object": "O", "datetime64": "M", "timedelta64": "m", "void": "V"}.get(self.name)
                or _BITS.get(self.name, ("",))[0]
                or UNBOUND
            )
        return _BITS[self.name][1] // 8 if name == "itemsize" and self.name in _BITS else UNBOUND


CALLABLE = tuple(sorted({name for name in _NAMES if name not in ("float", "int", "complex", "string", "bfloat16", "string_dtype", "void")}))
"""Names under which ``numpy`` exports a type that can be called."""


def dtype_name(value: Value) -> str | None:
    """Return the dtype's name that a ``dtype=`` argument stands for, None where it is absent or not understood.

    One with fields is ``"void"``: its elements are records, each written as a tuple.
    """
    if isinstance(value, Library):
        return _NAMES.get(value.path.rpartition(".")[2])
    if isinstance(value, str):
        return _spelled(value)
    return "void" if isinstance(value, (ListObj, DictObj)) else None


def may_add_axes(value: Value) -> bool:
    """Tell whether the elements of a ``dtype=`` argument may be arrays of their own: ``(float, 3)``, ``"3f4"``, or a text's letters."""
    return isinstance(value, tuple) or (isinstance(value, str) and (value[:1] == "(" or ("," not in value and _counts(value))))


def _counts(text: str) -> bool:
    return text == "c" or text[:1] in set("123456789")


@lru_cache(maxsize=256)
def _spelled(text: str) -> str | None:
    found = _NAMES.get(text)
    if found is not None:
        return found
    if "," in text:
        return "void"
    text = text.lstrip("<>=|")
    if text in _CHARACTERS:
        return _CHARACTERS[text]
    kind, digits = text[:1], text[1:]
    if kind in ("U", "S", "a") and (not digits or digits.isdigit()):
        return "str" if kind == "U" else "bytes"
    if kind in "fiuc" and digits.isdigit():
        name = {"f": "float", "i": "int", "u": "uint", "c": "complex"}[kind] + str(int(digits) * 8)
        return name if name in _BITS else None
    if text.startswith(("datetime64", "M8")):
        return "datetime64"
    return "bool" if text == "b1" else None


def is_integer(dtype: str | None) -> bool:
    """Tell whether `dtype` is one of whole numbers."""
    return dtype is not None and _BITS.get(dtype, "?")[0] in ("i", "u")


def is_float(dtype: str | None) -> bool:
    """Tell whether `dtype` is a floating one."""
    return dtype is not None and _BITS.get(dtype, "?")[0] == "f"


def scalar_dtype(value: Value) -> str | None:
    """Return the dtype of a plain Python value as NumPy sees it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    if isinstance(value, float):
        return "float64"
    if isinstance(value, str):
        return "str"
    if isinstance(value, complex):
        return "complex128"
    if isinstance(value, bytes):
        return "bytes"
    return None


@lru_cache(maxsize=512)
def promote(a: str | None, b: str | None) -> str | None:
    """Return the dtype that holds both, as ``np.result_type`` of two arrays."""
    if a is None or b is None:
        return None
    if a == b:
        return a
    if "object" in (a, b):
        return "object"
    if "str" in (a, b):
        return "str" if {a, b} <= {*_BITS, "str", "bytes"} else None
    if a not in _BITS or b not in _BITS:
        return None
    (ka, na), (kb, nb) = sorted((_BITS[a], _BITS[b]), key=lambda k: "buifc".index(k[0]))
    if ka == "b":
        return a if _BITS[a] == (kb, nb) else b
    if ka == kb:
        return a if na == _BITS[a][1] and na >= nb else (a if _BITS[a][1] >= _BITS[b][1] else b)
    if ka == "u" and kb == "i":
        if nb > na:
            return f"int{nb}"
        return f"int{2 * na}" if na < 64 else "float64"
    if kb == "f":
        return f"float{max(nb, {8: 16, 16: 32}.get(na, 64))}"
    floating = na if ka == "f" else {8: 16, 16: 32}.get(na, 64)
    return f"complex{max(nb, 2 * floating, 64)}"


def promote_weak(dtype: str | None, scalar: Value) -> str | None:
    """Return the dtype of an array of `dtype` that meets a plain Python number, which gives way to the array's."""
    of = scalar_dtype(scalar)
    if dtype not in _BITS or of not in _BITS:
        return promote(dtype, of)
    kind, wanted = _BITS[dtype][0], _BITS[of][0]
    if wanted == "b" or "buifc".index(kind) >= "buifc".index(wanted):
        return dtype
    if wanted in "iu":
        return "int64" if kind == "b" else dtype
    if wanted == "c":
        return "complex64" if dtype in ("float16", "float32") else "complex128"
    return "float64"


def as_floating(dtype: str | None) -> str | None:
    """Return the dtype of ``np.sqrt`` and kin of an array of `dtype`."""
    if dtype is None:
        return None
    kind, bits = _BITS.get(dtype, ("?", 0))
    if kind in ("f", "c"):
        return dtype
    if kind in ("b", "i", "u"):
        return {8: "float16", 16: "float32"}.get(bits, "float64")
    return None


def summed(dtype: str | None) -> str | None:
    """Return the dtype of a sum or product."""
    if dtype is None:
        return None
    kind, bits = _BITS.get(dtype, ("?", 0))
    if kind in ("b", "i") and bits < 64:
        return "int64"
    return "uint64" if kind == "u" else dtype


def averaged(dtype: str | None) -> str | None:
    """Return the dtype of a mean."""
    if dtype is None:
        return None
    kind = _BITS.get(dtype, ("?", 0))[0]
    return dtype if kind in ("f", "c") else "float64" if kind in ("b", "i", "u") else None
