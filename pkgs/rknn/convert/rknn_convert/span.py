"""A file's bytes, read piece by piece and never past their end."""

from __future__ import annotations

import errno
import os
import stat
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert.errors import ConvertError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AGAIN = "copy or download it again"
KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class DamagedError(ConvertError):
    """The bytes are not what they should be; the message names no file yet."""


@dataclass(frozen=True)
class Span:
    """`length` bytes of an open file from `start` on."""

    descriptor: int
    start: int
    length: int

    def read(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on; DamagedError where they are not all inside."""
        if not 0 <= at <= self.length or count > self.length - at:
            raise self._outside(at)
        content = os.pread(self.descriptor, count, self.start + at)
        if len(content) < count:  # it was being written to
            raise DamagedError(f"it became shorter while it was read; {AGAIN}")
        return content

    def number(self, kind: str, at: int) -> int:
        """Return the little-endian integer at `at`; `kind` is a letter of struct's."""
        (found,) = struct.unpack(f"<{kind}", self.read(at, struct.calcsize(f"<{kind}")))
        return int(found)

    def part(self, at: int, length: int) -> Span:
        """Return the `length` bytes from `at` on; DamagedError where they are not all inside."""
        self.read(at, 0)
        if not 0 <= length <= self.length - at:
            raise self._outside(at)
        return Span(self.descriptor, self.start + at, length)

    def _outside(self, at: int) -> DamagedError:
        where = self.start + at
        return DamagedError(f"damaged: a part of it, at byte {where}, would lie outside; {AGAIN}")


@contextmanager
def opened(path: Path) -> Iterator[Span]:
    """Yield the bytes of the regular file `path`; ConvertError, with its name, for any other."""
    try:
        _check_regular(path, os.stat(path).st_mode)  # noqa: PTH116 - before anything is opened
        # A pipe that has come in its place since would be waited for without O_NONBLOCK.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise ConvertError(f"{path}: {_reason(error)}") from None
    try:
        found = os.fstat(descriptor)
        _check_regular(path, found.st_mode)
        yield Span(descriptor, 0, found.st_size)
    except OSError as error:
        raise ConvertError(f"{path}: could not be read: {error.strerror}") from None
    finally:
        os.close(descriptor)


def _check_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for is_kind, name in KINDS if is_kind(mode)), "no regular file")
        raise ConvertError(f"{path}: it is {kind}; name an .rknn file")


def _reason(error: OSError) -> str:
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return "no such file; check the name"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "it may not be read by this user; check its permissions"
    return f"could not be opened: {error.strerror}"
