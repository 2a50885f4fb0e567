"""Protocol buffers' wire format, read only as far as what is wanted of it.

A model's weights are stepped over. https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
FIXED = {FIXED64: 8, FIXED32: 4}
LONGEST_VARINT = 10


class WireError(ValueError):
    """The bytes are no message."""


class Message:
    """The bytes from `begin` up to `end` as a message; WireError where they are none."""

    def __init__(self, data: bytes | mmap, begin: int = 0, end: int | None = None) -> None:
        self._data = data
        self._begin = begin
        self._end = len(data) if end is None else end

    def parts(self, *wanted: int) -> Iterator[tuple[int, Message]]:
        """Yield each field of these numbers that is bytes: a text, a message, packed numbers."""
        at = self._begin
        while at < self._end:
            key, at = self._varint(at)
            number, kind = key >> 3, key & 7
            if kind == VARINT:
                _, at = self._varint(at)
                continue
            if kind == BYTES:
                length, at = self._varint(at)
            elif kind in FIXED:
                length = FIXED[kind]
            else:
                raise WireError(f"a field of kind {kind} at {at}")
            if length > self._end - at:
                raise WireError(f"{length} bytes at {at} go beyond {self._end}")
            if kind == BYTES and number in wanted:
                yield number, Message(self._data, at, at + length)
            at += length

    def only(self, number: int) -> Message | None:
        """Return the first field of that number; None where it has none."""
        return next((part for _, part in self.parts(number)), None)

    def text(self) -> str:
        """Return these bytes as a text."""
        return self._data[self._begin : self._end].decode()

    def _varint(self, at: int) -> tuple[int, int]:
        """Return the number at `at`, and where it ends."""
        value = 0
        for index in range(min(LONGEST_VARINT, self._end - at)):
            byte = self._data[at + index]
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                return value, at + index + 1
        raise WireError(f"no number at {at}")
