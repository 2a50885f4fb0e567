"""Which release a librknnrt.so is, as its own text says."""

from __future__ import annotations

import mmap
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# "2.3.2 (429f97ae6b@2025-04-09T09:09:27)" and "2.3.2 (simulator@…)": the forms that the build's
# check of the library accepts.
VERSION = re.compile(
    rb"(?<![0-9.])(?<!Transfer version )"
    rb"\d+\.\d+\.\d+[0-9A-Za-z.]* \((?:[0-9a-f]{7,12}(?: build)?|simulator)@[^)\x00\n]{0,40}\)"
)


def version(library: Path) -> str | None:
    """Return the version text in the library; None where it has none. Raises OSError."""
    with library.open("rb") as opened:
        if opened.seek(0, 2) == 0:
            return None
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            found = VERSION.search(mapped)
            return found[0].decode(errors="replace") if found else None
