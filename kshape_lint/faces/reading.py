"""From bytes to text, as Python itself would read them."""

from __future__ import annotations

import io
import tokenize


def decode(data: bytes) -> str:
    """Return the text of a source: its BOM or coding line honoured, its newlines made one kind.

    Raise ValueError with a clear message where the bytes are not what the source says they are.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        if "unknown encoding" in str(error.msg) or "encoding problem" in str(error.msg):
            raise ValueError(str(error.msg)) from None
        encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"byte 0x{data[error.start]:02x} on line {row} is not {encoding}; say the encoding in a coding comment") from None
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)
