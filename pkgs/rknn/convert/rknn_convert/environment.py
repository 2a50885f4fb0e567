"""What surrounds the process that runs the toolkit: the same for every user and every folder."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rknn_convert.steadiness import ENVIRONMENT

if TYPE_CHECKING:
    from pathlib import Path

# How many threads, and where the loader finds libraries on systems that have no RPATHs.
KEPT = (
    *("OMP_NUM_THREADS", "OMP_PROC_BIND", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE"),
)


# A wrapped program's own path is not in the environment. In PYTHONPATH its many folders would come
# before Python's own, and be asked for each of a thousand modules of Python's first.
START = """
import sys
folders = sys.argv.pop().split(":")
sys.path += [folder for folder in folders if folder not in sys.path]
from rknn_convert.worker import leave, main
leave(main(sys.argv[1:]))
"""


def command(events: int) -> list[str]:
    """Return what starts the process, which tells of its events on that descriptor."""
    folders = os.pathsep.join(path for path in sys.path if path.startswith("/"))
    return [sys.executable, "-P", "-s", "-c", START, str(events), folders]


def environment(scratch: Path) -> dict[str, str]:
    """Return all variables of the process: nothing of the user's but how many threads."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        "PATH": os.defpath,
        "HOME": str(scratch / "home"),
        "TMPDIR": str(scratch / "tmp"),
        **ENVIRONMENT,
    }
