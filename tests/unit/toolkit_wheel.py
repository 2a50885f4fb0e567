"""An unpacked wheel shaped like rknn-toolkit2's: its files' names, and its RECORD."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INFO = "rknn_toolkit2-2.3.2.dist-info"
BASE = "rknn/api/rknn_base.cpython-311-x86_64-linux-gnu.so"
ADB = "rknn/3rdparty/platform-tools/adb/linux-x86_64/adb"
METADATA = """Metadata-Version: 2.1
Name: rknn-toolkit2
Version: 2.3.2
Requires-Dist: protobuf <=4.25.4,>=4.21.6
Requires-Dist: onnxruntime >=1.10.0
Requires-Dist: torch <=2.4.0,>=1.10.1

# Introduction
Requires-Dist: a line of the text
"""


def record_line(name: str, data: bytes) -> str:
    """Return the line of RECORD for a file."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}"


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its name from there."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
