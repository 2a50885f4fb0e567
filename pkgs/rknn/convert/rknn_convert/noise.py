"""What the toolkit prints, mixed from Python, tqdm and C: progress, errors, and ops without NPU."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 100_000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
BAR = re.compile(r"^I (?P<name>\w[\w ]*?) ?: +(?P<percent>\d{1,3})%\|")
COMPILING = re.compile(r"^I rknn building \.\.\.")
# A bar has no line end of its own: "… 0/4 [00:00<?, ?it/s]E build: The image of …".
# TensorFlow's absence is but a warning.
COMPLAINT = re.compile(r"(?:^|\])(?:E|W(?=.*failed!)) (?P<step>\w+): (?P<text>\S.*)")
NO_COMPLAINT = ("Traceback (", "rknn-toolkit2 version")
UNSUPPORTED = re.compile(r"No lowering found for: (?P<node>.*), node type = (?P<type>[^,]+),")


@dataclass(frozen=True)
class Mark:
    """How far the toolkit is with what it calls `name`: `done` from 0 to 1."""

    name: str
    done: float


class Noise:
    """The printed bytes so far: what of them matters."""

    def __init__(self) -> None:
        self.errors: deque[str] = deque(maxlen=20)
        self.unsupported: dict[tuple[str, str], None] = {}
        self.last = ""
        self._rest = ""
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def feed(self, data: bytes) -> Iterator[Mark]:
        """Take what was read, and yield what it says of progress."""
        self._rest += self._decode(data)
        *lines, self._rest = re.split(r"[\r\n]", self._rest)
        self._rest = self._rest[-LONGEST_LINE:]
        for line in lines:
            yield from self._line(line)

    def end(self) -> None:
        """Take what came last, without a line's end."""
        for _ in self._line(self._rest):
            pass
        self._rest = ""

    def _line(self, coloured: str) -> Iterator[Mark]:
        line = COLOUR.sub("", coloured).strip()
        if not line:
            return
        self.last = line
        if found := BAR.match(line):
            yield Mark(found["name"], min(int(found["percent"]), 100) / 100)
        elif COMPILING.match(line):
            yield Mark("rknn building", 0.0)
        if found := COMPLAINT.search(line):
            if found["step"] != "RKNN" and not found["text"].startswith(NO_COMPLAINT):
                self.errors.append(found["text"])
        elif found := UNSUPPORTED.search(line):
            self.unsupported[found["node"], found["type"]] = None
