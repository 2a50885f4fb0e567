"""Tells kubelet of the NPU's cores as rockchip.com/npu, and gives them to containers by CDI.

Runs until SIGTERM. Exit status 0: it was to end; 1: it can't begin; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_device_plugin.journal import PROGRAM, Journal
from rknn_device_plugin.link import SOCKET
from rknn_device_plugin.plugin import Plugin, Settings, run
from rknn_device_plugin.sockets import LONGEST
from rknn_ready.arguments import Parser
from rknn_ready.machine import machine

if TYPE_CHECKING:
    from collections.abc import Sequence

KUBELET = Path("/var/lib/kubelet/device-plugins")
ENDS = {signal.SIGTERM, signal.SIGINT}
MOST_SECONDS = 3600.0
MOST_PODS = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until a signal ends it."""
    options = _parser().parse_args(argv)
    own = options.kubelet_dir / SOCKET
    if len(os.fsencode(own)) > LONGEST:
        sys.stderr.write(
            f"{PROGRAM}: {own} is longer than the {LONGEST} bytes of a socket's path: "
            "give another --kubelet-dir\n"
        )
        return 1
    found = machine(options.root)
    if found is None or found.soc is None:
        board = found.board if found else "no device tree at /proc/device-tree"
        sys.stderr.write(
            f"{PROGRAM}: {board}: this is no board with Rockchip's NPU; "
            "write mySystem.rknn.kubernetes.enable = false for it\n"
        )
        return 1
    # Blocked before there are threads, which have it from here.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    settings = Settings(
        found.soc,
        options.kubelet_dir,
        options.cdi_spec,
        options.driver,
        options.pods_per_core,
        options.features,
        options.runtime,
        options.runtime_endpoint,
        options.root,
    )
    run(
        Plugin(settings, Journal()),
        lambda: signal.sigtimedwait(ENDS, options.interval) is not None,
    )
    return 0


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--kubelet-dir", type=Path, default=KUBELET, metavar="DIR", help="where kubelet.sock is")
    add("--cdi-spec", type=Path, required=True, metavar="FILE", help="what rknn-cdi wrote")
    add("--driver", choices=("rknpu", "rocket"), default="rknpu", help="the driver in use")
    add("--pods-per-core", type=_pods, default=1, metavar="N", help="how many share a core")
    add("--features", type=Path, metavar="FILE", help="labels for Node Feature Discovery")
    add("--runtime", type=Path, metavar="LIBRARY", help="the librknnrt.so, for its label")
    add("--runtime-endpoint", type=_endpoint, metavar="unix:///…", help="asked about its CDI")
    add("--interval", type=_seconds, default=1.0, metavar="SECONDS", help="how often to look")
    add(
        "--root",
        type=Path,
        default=Path("/"),
        metavar="DIR",
        help="look at /proc, /sys and /dev below this folder",
    )
    return parser


def _pods(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PODS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 1 and {MOST_PODS}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number over 0 and up to {MOST_SECONDS:g}")
    return number


def _endpoint(text: str) -> str:
    if not text.startswith("unix:///"):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with unix:///")
    return text


if __name__ == "__main__":
    sys.exit(main())
