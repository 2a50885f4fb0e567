"""The serial console of the emulated board: runs commands through the guest's board-agent."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pexpect

from rknn_flake.errors import BoardError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

READY = b"<board-ready>"
# printk writes whole lines of this form; our own lines (base64, tokens) never hold a "[".
KERNEL_LINE = re.compile(rb"\[ *\d+\.\d{6}\] [^\n]*\n")
KERNEL_PANIC = re.compile(rb"Kernel panic - not syncing: [^\n]*")
# The terminal's line discipline cuts lines at 4096 bytes.
LINE = 1000
TAIL = 15
INTERRUPT = "\x03"
INTERRUPT_SECONDS = 10.0


@dataclass(frozen=True)
class Result:
    """How a command on the board ended, and all it printed (stdout and stderr in order)."""

    status: int
    output: str


class Console:
    """A QEMU process and the conversation with it; not for use by two threads."""

    def __init__(self, argv: Sequence[str | Path], program: str = "QEMU") -> None:
        words = [str(word) for word in argv]
        self.program = program
        self.log: list[str] = []
        self._pending = b""
        self._count = 0
        self._broken = ""
        self._child = pexpect.spawn(words[0], words[1:], timeout=None, echo=False)
        # pexpect waits this long before each send, for password prompts; there are none here.
        self._child.delaybeforesend = None

    @property
    def pid(self) -> int:
        """The process id of QEMU."""
        return int(self._child.pid)

    def wait_ready(self, timeout: float) -> None:
        """Return when the guest serves commands."""
        self._read_until(re.compile(re.escape(READY) + rb"\n"), timeout, "did not boot")

    def run(self, command: str, timeout: float) -> Result:
        """Run `command` in a fresh shell of the guest; `timeout` in seconds ends it with ^C."""
        if self._broken:
            raise BoardError(f"the board is out of reach since: {self._broken}")
        self._count += 1
        token = f"run{self._count}"
        coded = base64.b64encode(command.encode()).decode()
        lines = [coded[start : start + LINE] for start in range(0, len(coded), LINE)]
        self.log.append(f"# {_short(command)}")
        for line in (token, *lines, "."):
            self._child.sendline(line)
        frame = re.compile(rb"<%b (\d+)\n([^<>]*)>%b\n" % (token.encode(), token.encode()))
        try:
            found = self._read_until(frame, timeout, f"did not finish {_short(command)}")
        except BoardError as error:
            self._recover(frame, error)
            raise
        try:
            output = base64.b64decode(found[2].replace(b"\n", b""), validate=True)
        except binascii.Error as error:
            raise BoardError(
                f"the console garbled what {_short(command)} printed: {error}"
            ) from None
        text = output.decode(errors="replace")
        self.log.append(text.rstrip("\n"))
        return Result(int(found[1]), text)

    def close(self) -> None:
        """End QEMU, and wait until it is gone."""
        self._child.close(force=True)

    def tail(self) -> str:
        """Return the last lines seen, indented below a message."""
        seen = "\n".join((*self.log, self._pending.decode(errors="replace")))
        lines = [line for line in seen.splitlines() if line.strip()][-TAIL:]
        return "".join(f"\n  {line}" for line in lines)

    def _recover(self, frame: re.Pattern[bytes], error: BoardError) -> None:
        """After a time-out, end the command so that the next one finds the agent waiting."""
        if self._broken:
            return
        self._child.send(INTERRUPT)
        try:
            self._read_until(frame, INTERRUPT_SECONDS, "did not answer ^C")
        except BoardError:
            self._broken = str(error).partition("\n")[0]

    def _read_until(
        self, wanted: re.Pattern[bytes], timeout: float, failure: str
    ) -> re.Match[bytes]:
        """Read until `wanted` is seen among the lines that are not the kernel's, and consume it."""
        end = time.monotonic() + timeout
        while True:
            for line in KERNEL_LINE.findall(self._pending):
                self.log.append(line.decode(errors="replace").rstrip())
            self._pending = KERNEL_LINE.sub(b"", self._pending)
            panic = KERNEL_PANIC.search("\n".join(self.log[-200:]).encode())
            if panic:
                self._broken = panic[0].decode(errors="replace")
                raise BoardError(f"the board {failure}: {self._broken}{self.tail()}")
            found = wanted.search(self._pending)
            if found:
                before = self._pending[: found.start()].decode(errors="replace").strip()
                self.log += [before] if before else []
                self._pending = self._pending[found.end() :]
                return found
            try:
                left = end - time.monotonic()
                if left <= 0:
                    raise pexpect.TIMEOUT(timeout)  # noqa: TRY301
                chunk = self._child.read_nonblocking(1 << 16, timeout=left)
            except pexpect.TIMEOUT:
                raise BoardError(f"the board {failure} in {timeout:g} s{self.tail()}") from None
            except pexpect.EOF:
                self._broken = f"{self.program} ended"
                raise BoardError(
                    f"the board {failure}: {self.program} ended{self.tail()}"
                ) from None
            self._pending += chunk.replace(b"\r", b"")


def _short(command: str) -> str:
    return textwrap.shorten(command, 100, placeholder=" ...")
