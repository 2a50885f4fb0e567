"""Runs on the emulated board: rknn_init as a C program calls it, and rknn_destroy.

python3 rknn_init.py LIBRARY MODEL.rknn    the last line is what rknn_init returned
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Print what rknn_init of library argv[0] returns for the model argv[1]."""
    os.environ["RKNN_LOG_LEVEL"] = "2"
    library = ctypes.CDLL(argv[0])
    model = Path(argv[1]).read_bytes()
    context = ctypes.c_uint64()
    status = library.rknn_init(ctypes.byref(context), model, ctypes.c_uint32(len(model)), 0, None)
    if status == 0:
        library.rknn_destroy(context)
    sys.stdout.write(f"{status}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
