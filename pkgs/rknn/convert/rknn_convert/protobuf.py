"""Protocol buffers' wire format, read only as far as what is wanted of it.

A model's weights are stepped over. https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert.span import AGAIN, DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_convert.span import Span

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
FIXED = {FIXED64: 8, FIXED32: 4}
LONGEST_VARINT = 10
# A field's key, and its number or its length.
HEAD = 2 * LONGEST_VARINT


@dataclass(frozen=True)
class Message:
    """Bytes of a file as a message; DamagedError, from all that reads them, where they are none."""

    span: Span

    def parts(self, *wanted: int) -> Iterator[tuple[int, Message]]:
        """Yield each field of these numbers that is bytes: a text, a message, packed numbers."""
        at = 0
        while at < self.span.length:
            head = self.span.read(at, min(HEAD, self.span.length - at))
            key, size = _varint(head, 0)
            number, kind = key >> 3, key & 7
            if kind in FIXED:
                length = FIXED[kind]
            elif kind in {VARINT, BYTES}:
                value, size = _varint(head, size)
                length = value if kind == BYTES else 0
            else:
                raise DamagedError(f"damaged: a field of kind {kind}; {AGAIN}")
            part = self.span.part(at + size, length)
            if kind == BYTES and number in wanted:
                yield number, Message(part)
            at += size + length

    def only(self, number: int) -> Message | None:
        """Return the first field of that number; None where it has none."""
        return next((part for _, part in self.parts(number)), None)

    def text(self) -> str:
        """Return these bytes as a text; ValueError where they are none."""
        return self.span.read(0, self.span.length).decode()


def _varint(head: bytes, begin: int) -> tuple[int, int]:
    """Return the number that begins there, and where it ends."""
    value = 0
    for index, byte in enumerate(head[begin : begin + LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, begin + index + 1
    raise DamagedError(f"damaged: a number without an end; {AGAIN}")
