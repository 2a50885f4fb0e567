"""udevadm and systemd-analyze of Debian's stable release, to run beside this machine's systemd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_flake import debian, own_loader

if TYPE_CHECKING:
    from pathlib import Path

SUITE = "trixie"
PROGRAMS = ("udevadm", "systemd-analyze")


def program(name: str) -> Path:
    """Return one of PROGRAMS, fetched if need be; raise MissingToolError where that fails."""
    request = debian.Request(
        "systemd-tools",
        ("systemd", "udev"),
        only=r"systemd|udev|lib.*",
        keep=(*(f"usr/bin/{kept}" for kept in PROGRAMS), "usr/lib/*-linux-gnu*/*.so*"),
        finish=_wrap,
        suite=SUITE,
        architecture=debian.native(),
    )
    return debian.tree(request) / "bin" / name


def _wrap(root: Path) -> None:
    for name in PROGRAMS:
        own_loader.wrap(root, f"usr/bin/{name}", below=("systemd",))
