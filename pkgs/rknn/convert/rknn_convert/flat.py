"""The tables of a flatbuffer, read from memory within its bounds."""

from __future__ import annotations

import struct
from dataclasses import dataclass

OFFSET_BYTES = 4


class LayoutError(Exception):
    """The bytes are not laid out as they should be; the message says what was found."""


@dataclass(frozen=True)
class Table:
    """A table that begins at `at`; `fields` are its fields' places by slot."""

    at: int
    end: int
    fields: dict[int, int]


@dataclass(frozen=True)
class Flat:
    """A flatbuffer."""

    content: memoryview

    def number(self, kind: str, at: int) -> int:
        """Return the little-endian integer at `at`; `kind` is a letter of struct's."""
        if not 0 <= at <= len(self.content) - struct.calcsize(f"<{kind}"):
            raise LayoutError(f"byte {at} of the body points outside")
        (found,) = struct.unpack_from(f"<{kind}", self.content, at)
        return int(found)

    def root(self) -> Table:
        """Return the root table."""
        return self.table(self.number("I", 0))

    def table(self, at: int) -> Table:
        """Return the table at `at`."""
        places = at - self.number("i", at)
        places_bytes, table_bytes = self.number("H", places), self.number("H", places + 2)
        if places_bytes < 4 or places_bytes % 2 or table_bytes < OFFSET_BYTES:
            raise LayoutError(f"no table at byte {at} of the body")
        self.number("B", at + table_bytes - 1)
        fields = {}
        for slot in range(places_bytes // 2 - 2):
            place = self.number("H", places + 4 + 2 * slot)
            if place and not OFFSET_BYTES <= place < table_bytes:
                raise LayoutError(f"the table at byte {at} of the body has a field outside of it")
            if place:
                fields[slot] = at + place
        return Table(at, at + table_bytes, fields)

    def led_to(self, table: Table, slot: int) -> int:
        """Return where the offset in `slot` leads."""
        if slot not in table.fields:
            raise LayoutError(f"the table at byte {table.at} of the body has no slot {slot}")
        at = table.fields[slot]
        return at + self.number("I", at)

    def tables(self, table: Table, slot: int) -> list[Table]:
        """Return the tables of the vector in `slot`: none where there is no such slot."""
        if slot not in table.fields:
            return []
        at = self.led_to(table, slot)
        count = self.number("I", at)
        places = range(at + 4, at + 4 + OFFSET_BYTES * count, OFFSET_BYTES)
        self.number("B", places.stop - 1)  # before a loop of 4 thousand million
        return [self.table(place + self.number("I", place)) for place in places]

    def data(self, table: Table, slot: int) -> memoryview:
        """Return the bytes of the text or of the byte vector in `slot`."""
        at = self.led_to(table, slot)
        end = at + 4 + self.number("I", at)
        self.number("B", end - 1)
        return self.content[at + 4 : end]
