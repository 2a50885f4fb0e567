"""The files that a quantization takes its ranges from, looked at before the toolkit starts."""

from __future__ import annotations

import ast
import math
import re
import stat
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert.errors import ConvertError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

# What the toolkit takes beside .npy, and what such a file begins with.
IMAGES = {
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".bmp": b"BM",
}
NPY = b"\x93NUMPY"
# A 2.0 header may be longer, for a structured type, which is no sample.
LONGEST_HEADER = 65536
DTYPE = re.compile(r"[<>|=]?[biuf][1248]")


@dataclass(frozen=True)
class Sample:
    """A file of the dataset: `at` is where it is named; `shape` that of a .npy, None for images."""

    path: Path
    at: str
    shape: tuple[int, ...] | None = None


def look(path: Path, at: str) -> Sample:
    """Return the file as a sample; raise ConvertError where it is none."""
    try:
        info = path.stat()
        # A FIFO would wait for its other end.
        if not stat.S_ISREG(info.st_mode):
            raise ConvertError(f"{at}: {path} is no file; a sample is an image or .npy file")
        with path.open("rb") as opened:
            start = opened.read(8)
            if path.suffix.lower() == ".npy":
                return Sample(path, at, _shape(opened, info.st_size, f"{at}: {path}"))
    except OSError as error:
        raise ConvertError(
            f"{at}: {path}: {error.strerror}; paths are relative to the folder of the dataset"
        ) from None
    except ValueError:
        raise ConvertError(f"{at}: {str(path)!r} is no path") from None
    if path.suffix.lower() not in IMAGES:
        raise ConvertError(f"{at}: {path}: the toolkit reads {', '.join(IMAGES)} and .npy only")
    # Decoded by what it begins with, whatever it is called.
    if not start.startswith(tuple(IMAGES.values())):
        raise ConvertError(f"{at}: {path} is no {path.suffix[1:].upper()} image by its first bytes")
    return Sample(path, at)


def _shape(opened: BinaryIO, size: int, where: str) -> tuple[int, ...]:
    """Return the shape that a .npy file's header says; its data is not read."""
    opened.seek(0)
    start = opened.read(12)
    if not start.startswith(NPY) or len(start) < 12:
        raise ConvertError(f"{where} is no .npy file by its first bytes; write it with numpy.save")
    wide = start[6] > 1
    (length,) = struct.unpack("<I" if wide else "<H", start[8 : 12 if wide else 10])
    begin = 12 if wide else 10
    opened.seek(begin)
    header = _header(opened.read(length)) if length <= LONGEST_HEADER else None
    if header is None:
        raise ConvertError(f"{where}: its header is damaged; write it with numpy.save")
    shape, kind = header
    if not DTYPE.fullmatch(kind):
        raise ConvertError(f"{where}: its values are of type {kind!r}; save it as float32")
    missing = begin + length + math.prod(shape) * int(kind[-1]) - size
    if missing > 0:
        raise ConvertError(f"{where}: {missing} bytes are missing at its end; write it again")
    return shape


def _header(text: bytes) -> tuple[tuple[int, ...], str] | None:
    try:
        found = ast.literal_eval(text.decode("latin-1").strip())
        shape, kind = found["shape"], found["descr"]
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError):
        return None
    if not isinstance(shape, tuple) or not all(isinstance(n, int) and n >= 0 for n in shape):
        return None
    return shape, str(kind)
