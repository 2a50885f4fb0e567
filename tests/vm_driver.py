"""What NixOS's test driver gives to a script: the part of it that ours use, with its types.

https://nixos.org/manual/nixos/stable/#ssec-machine-objects
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Machine(Protocol):
    """A machine of a test; a timeout is in seconds."""

    def wait_for_unit(self, unit: str) -> None:
        """Wait until `unit` is active; fail when it has failed."""

    def execute(self, command: str) -> tuple[int, str]:
        """Run a shell command as root; return its status, and what it wrote to stdout."""

    def succeed(self, *commands: str) -> str:
        """Run commands that have to succeed; return what they wrote to stdout."""

    def fail(self, *commands: str) -> str:
        """Run commands that have to fail; return what they wrote to stdout."""

    def wait_until_succeeds(self, command: str, timeout: int = ...) -> str:
        """Run `command` again and again until it succeeds."""


Subtest = Callable[[str], AbstractContextManager[None]]


def typed(script: str, machines: list[str]) -> str:
    """Return `script` with the names before it that the driver gives it, for a type checker."""
    names = [f"{machine}: Machine" for machine in machines]
    return "\n".join(["from vm_driver import Machine, Subtest", *names, "subtest: Subtest", script])
