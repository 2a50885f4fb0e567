"""rknn/api/rknn.py appends the folder ../base of whatever folder is the current one to sys.path.

It says dirname('__file__'), a string; what lies in such a folder is nothing to import.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .importing import after_import


def apply() -> bool:
    """Take out what importing rknn.api.rknn appends to sys.path; False where that is done."""
    if "rknn.api.rknn" in sys.modules:
        return False
    before = list(sys.path)

    def restore(_module: object) -> None:
        stray = str(Path.cwd().parent / "base")
        if stray in sys.path and stray not in before:
            sys.path.remove(stray)

    after_import("rknn.api.rknn", restore)
    return True
