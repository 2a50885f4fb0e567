"""The frame of an .rknn file; all numbers are little-endian.

 0  "RKNN" 0 0 0 0
 8  u64 format
16  u64 length of the body
64  (24 in format 1) the body: a flatbuffer whose root table leads to texts; in format 0x1004
    the last bytes of the body are that, as many as its first u32 says
..  u64 length of a JSON text, and that text: the tensors at the network's edges
"""

from __future__ import annotations

from dataclasses import dataclass

from rknn_convert import foreign
from rknn_convert.span import AGAIN, DamagedError, Span

MAGIC = b"RKNN\0\0\0\0"
IDENTIFIER = MAGIC[:4]
HEADER_BYTES = 64
OLD_HEADER_BYTES = 24
LENGTH_BYTES = 8
# Toolkit 1.1 wrote 1, 1.3 and 1.4 wrote 2, 1.5 wrote 4, 1.6 to 2.5 write 6.
FORMATS = range(1, 7)
# For the RV1103, RV1106 and their B kinds, whose runtime is librknnmrt.
SMALL_FORMAT = 0x1004


@dataclass(frozen=True)
class Frame:
    """Where in a file the parts are that speak of the model."""

    size: int
    format: int
    flatbuffer: Span
    description: Span

    @property
    def is_small(self) -> bool:
        """Whether the model is for librknnmrt."""
        return self.format == SMALL_FORMAT


def find(file: Span) -> Frame:
    """Return the frame of `file`; DamagedError where it has none, or ends before its end."""
    if not file.length:
        raise DamagedError(f"empty; {AGAIN}")
    first = file.read(0, min(foreign.FIRST_BYTES, file.length))
    if first[: len(MAGIC)] != MAGIC[: len(first)]:
        raise DamagedError(foreign.described(first))
    if file.length < HEADER_BYTES + LENGTH_BYTES:
        raise DamagedError(f"cut short: only {file.length} bytes; {AGAIN}")
    number = file.number("Q", len(MAGIC))
    if number not in FORMATS and number != SMALL_FORMAT:
        raise DamagedError(
            f"its .rknn format {number} is unknown (those read are {FORMATS[0]} to {FORMATS[-1]} "
            f"and {SMALL_FORMAT}): damaged, or of a newer toolkit; convert the network anew"
        )
    is_old = number == 1 and first[OLD_HEADER_BYTES + 4 :][:4] == IDENTIFIER
    body, description = _parts(file, OLD_HEADER_BYTES if is_old else HEADER_BYTES)
    if number == SMALL_FORMAT:
        length = body.number("I", 0)
        body = body.part(body.length - length, length)
    if body.read(4, len(IDENTIFIER)) != IDENTIFIER:
        raise DamagedError(f"damaged: its body is no flatbuffer of the kind RKNN; {AGAIN}")
    return Frame(file.length, number, body, description)


def _parts(file: Span, header: int) -> tuple[Span, Span]:
    length = file.number("Q", 16)
    end = header + length + LENGTH_BYTES
    if end <= file.length:
        text_length = file.number("Q", header + length)
        end += text_length
        if end <= file.length:
            return file.part(header, length), file.part(end - text_length, text_length)
    raise DamagedError(f"cut short: {file.length} bytes of {end}; {AGAIN}")
