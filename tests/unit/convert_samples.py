"""Files of a dataset, written without numpy."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
BMP = b"BM" + bytes(20)


def npy(shape: tuple[int, ...], kind: str = "<f4", version: int = 1) -> bytes:
    """Return what numpy.save writes for zeros of that shape."""
    text = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape!r}, }}"
    header = text.encode().ljust(117) + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    size = math.prod(shape) * int(kind[-1]) if kind[-1].isdigit() else 8
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + bytes(size)


def fill(folder: Path, files: dict[str, bytes | str]) -> Path:
    """Write the files into the folder, which is made; return it."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder
