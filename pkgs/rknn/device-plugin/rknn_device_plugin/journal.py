"""Lines for the journal, none of them twice while nothing changes."""

from __future__ import annotations

import sys

PROGRAM = "rknn-device-plugin"


class Journal:
    """Prints what is new on stdout, and faults on stderr."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}

    def news(self, text: str) -> None:
        """Print a line."""
        print(text, flush=True)  # noqa: T201

    def fault(self, topic: str, text: str) -> None:
        """Print a line, unless it is what was said last of this topic."""
        if self._faults.get(topic) != text:
            self._faults[topic] = text
            print(f"{PROGRAM}: {text}", file=sys.stderr, flush=True)  # noqa: T201

    def over(self, topic: str) -> bool:
        """Forget the fault, and say whether there was one."""
        return self._faults.pop(topic, None) is not None
