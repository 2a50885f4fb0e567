"""An .rknn file without what the toolkit's compiler left to chance: one network, one file."""

from __future__ import annotations

import mmap
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rknn_convert import registers
from rknn_convert.flat import LayoutError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"RKNN\0\0\0\0"
FORMAT = 6
FRAME = struct.Struct("<8sQQ")
BODY = 64
IDENTIFIER = b"RKNN"


def canonical(content: bytearray | memoryview) -> int:
    """Set to zero, in place, what was never set in an .rknn file; return how many bytes changed.

    A file that `refusal` has a word on is left as it is: 0.
    """
    try:
        with memoryview(content) as view, _body(view) as body:
            pairs = registers.unset(body)  # all of them known before the first is touched
            return sum(_zero(body[at : at + registers.PAIR_BYTES]) for at in pairs)
    except LayoutError:
        return 0


def canonical_file(path: Path) -> int:
    """Do as `canonical` for the file `path`, however big, reading only what it has to."""
    with path.open("r+b") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0)
        except ValueError:  # cannot mmap an empty file
            return 0
        with mapped, memoryview(mapped) as view:
            return canonical(view)


def refusal(content: bytes | bytearray | memoryview) -> str | None:
    """Say why `canonical` leaves this .rknn file alone; None where it does not."""
    try:
        with memoryview(content) as view, _body(view) as body:
            registers.unset(body)
    except LayoutError as error:
        return str(error)
    return None


@contextmanager
def _body(view: memoryview) -> Iterator[memoryview]:
    if len(view) < BODY:
        raise LayoutError(f"it has only {len(view)} bytes")
    magic, number, length = FRAME.unpack_from(view)
    if magic != MAGIC or number != FORMAT:
        raise LayoutError(f"it is not of .rknn format {FORMAT}")
    with view[BODY : BODY + length] as body:
        if len(body) < length or bytes(body[4:8]) != IDENTIFIER:
            raise LayoutError("its body is cut short, or no flatbuffer of the kind RKNN")
        yield body


def _zero(part: memoryview) -> int:
    changed = len(part) - bytes(part).count(0)
    if changed:
        part[:] = bytes(len(part))
    return changed
