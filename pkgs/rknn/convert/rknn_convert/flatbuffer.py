"""The texts that a flatbuffer's root table leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_convert.span import AGAIN, DamagedError

if TYPE_CHECKING:
    from rknn_convert.span import Span

# Those seen have up to 3 kB, a tensor takes some 700 bytes. Parsed, a text may take 50 times more.
MOST_BYTES = 1 << 20


def root_text(body: Span, slot: int) -> str:
    """Return the text in `slot` of the root table, "" where it has none; DamagedError."""
    table = body.number("I", 0)
    vtable = table - body.number("i", table)
    vtable_bytes = body.number("H", vtable)
    place = 4 + 2 * slot
    if vtable_bytes < place + 2:
        return ""
    field = body.number("H", vtable + place)
    if field == 0:
        return ""
    at = table + field
    at += body.number("I", at)
    return text(body, at + 4, body.number("I", at), f"its text in slot {slot}")


def text(span: Span, at: int, length: int, what: str) -> str:
    """Return `length` bytes of UTF-8 from `at` on; DamagedError where they are none or too many."""
    if length > MOST_BYTES:
        raise DamagedError(
            f"damaged: {what} would be {length} bytes, and none is above {MOST_BYTES}; {AGAIN}"
        )
    try:
        return span.read(at, length).decode()
    except UnicodeDecodeError:
        raise DamagedError(f"damaged: {what} is not UTF-8; {AGAIN}") from None
