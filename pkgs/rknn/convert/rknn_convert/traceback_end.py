"""What stands at the end of a traceback: the toolkit's errors hold whole ones in their text."""

from __future__ import annotations

import re

RAISED = re.compile(r"(?P<type>[A-Za-z_][\w.]*)(?:: |$)")
# The toolkit refuses by it: the type says nothing.
PLAIN = "ValueError"


def raised(text: str) -> str:
    """Return the text without frames; the exception's type is kept where it tells something."""
    lines = text.split("\n")
    begin = 0
    for number, line in enumerate(lines):
        # "    raise …" or "    ^^^^^^" is the line before; one of a message is no end of a frame.
        after_frame = number > 0 and lines[number - 1].startswith("  ")
        if RAISED.match(line) and (number == 0 or (after_frame and _has_frame(lines[:number]))):
            begin = number
    rest = "\n".join(lines[begin:]).strip()
    while (found := RAISED.match(rest)) and found["type"] == PLAIN:
        rest = rest[found.end() :].strip()
    if (found := RAISED.match(rest)) and "." in found["type"]:
        rest = rest[found.start("type") + found["type"].rindex(".") + 1 :]
    return rest


def _has_frame(lines: list[str]) -> bool:
    """Say whether the indented lines at the end begin with a frame."""
    for line in reversed(lines):
        if line.startswith("  File "):
            return True
        if not line.startswith("  "):
            return False
    return False
