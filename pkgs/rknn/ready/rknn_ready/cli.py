"""Says whether Rockchip's NPU can be used: SoC, driver, device node, permissions, library.

Exit status 0: it can; 1: it can't, and each line on stderr says why; 2: wrong usage.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_ready.arguments import Parser, seconds
from rknn_ready.finding import Expected, Finding, lines, look

if TYPE_CHECKING:
    from collections.abc import Sequence

PAUSE = 0.2


def main(argv: Sequence[str] | None = None) -> int:
    """Look, wait for the node if there is none yet, and tell."""
    parser = Parser(prog="rknn-ready", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--wait", type=seconds, default=0.0, metavar="SECONDS", help="how long, for the node"
    )
    parser.add_argument("--soc", help="the SoC that is expected, such as rk3588")
    parser.add_argument(
        "--driver",
        choices=("rknpu", "rocket"),
        default="rknpu",
        help="the driver that is expected; rocket is mainline's, for Mesa",
    )
    parser.add_argument("--group", help="the group that the node should be of, such as render")
    parser.add_argument("--runtime", type=Path, metavar="LIBRARY", help="the librknnrt.so in use")
    parser.add_argument(
        "--root",
        type=Path,
        default=Path("/"),
        help="look at /proc, /sys and /dev below this folder",
    )
    options = parser.parse_args(argv)
    found = waited(options.root, Expected(options.soc, options.group, options.driver), options.wait)
    try:
        for line in lines(found, options.runtime):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except OSError as error:
        # Else Python tries again at its end, and prints a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"rknn-ready: standard output: {error.strerror}\n")
        return 1
    for fault in found.faults:
        sys.stderr.write(f"rknn-ready: {fault}\n")
    return 1 if found.faults else 0


def waited(root: Path, expected: Expected, seconds: float) -> Finding:
    """Look until the NPU's node can be opened, or cannot come, or the time is over."""
    end = time.monotonic() + seconds
    while (found := look(root, expected)).is_waiting_useful and time.monotonic() < end:
        time.sleep(PAUSE)
    return found


if __name__ == "__main__":
    sys.exit(main())
