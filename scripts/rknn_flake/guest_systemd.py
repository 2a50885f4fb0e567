"""Debian's arm64 systemd and udev for the emulated board, in place of its own first process."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from rknn_flake import debian, initramfs

if TYPE_CHECKING:
    from collections.abc import Sequence

# Without status lines: the console is the agent's.
KERNEL_OPTIONS = "rdinit=/usr/lib/systemd/systemd systemd.show_status=no"

PROGRAMS = ("journalctl", "mount", "systemctl", "systemd-sysusers", "systemd-tmpfiles", "udevadm")
UNITS = (
    "*.slice",
    "*.target",
    "*.wants/*",
    "sys-kernel-debug.mount",
    "systemd-journald*",
    "systemd-modules-load.service",
    "systemd-sysusers.service",
    "systemd-tmpfiles-setup.service",
    "systemd-tmpfiles-setup-dev.service",
    "systemd-udev-trigger.service",
    "systemd-udevd*",
    "tmp.mount",
)
SYSTEMD = debian.Request(
    "systemd",
    ("systemd", "udev"),
    only=r"(systemd|udev|mount|lib.*)",
    keep=(
        *(f"bin/{name}" for name in PROGRAMS),
        "bin/umount",
        "usr/bin/systemd-analyze",
        "lib/systemd/systemd",
        "lib/systemd/systemd-journald",
        "lib/systemd/systemd-modules-load",
        "lib/systemd/systemd-udevd",
        *(f"lib/systemd/system/{name}" for name in UNITS),
        "lib/udev/rules.d/*",
        "lib/aarch64-linux-gnu/lib*.so*",
        "usr/lib/aarch64-linux-gnu/lib*.so*",
        "usr/lib/aarch64-linux-gnu/systemd/*",
        "usr/lib/sysusers.d/*",
    ),
)

# The agent has the console as controlling terminal, so that ^C ends the command it runs. It comes
# early: what goes wrong later can be looked at.
AGENT = """[Unit]
Description=Run commands from the serial console
DefaultDependencies=no
After=systemd-tmpfiles-setup-dev.service

[Service]
Environment=PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
ExecStartPre=-/usr/bin/busybox --install -s
ExecStart=/usr/sbin/board-agent
StandardInput=tty-force
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyAMA0
Restart=always
"""
# Before udev: it learns of these devices as of those of built-in drivers.
MODULES = """[Unit]
Description=Load the kernel modules of the emulated board
DefaultDependencies=no
Before=systemd-udevd.service

[Service]
Type=oneshot
RemainAfterExit=yes
"""
WANTED = "etc/systemd/system/sysinit.target.wants"
# What Debian's udev adds as it is installed.
UDEV_GROUPS = ("input", "sgx", "kvm", "render")
# systemd-sysusers adds the groups and users that Debian's systemd has.
ETC = {
    "etc/group": "root:x:0:\n",
    "etc/hostname": "orangepi5plus\n",
    # Without it systemd takes this for a first boot, and enables all there is.
    "etc/machine-id": "00000000000040008000000000000001\n",
    "etc/os-release": 'ID=debian\nPRETTY_NAME="the emulated board"\n',
    "etc/passwd": "root:x:0:0::/root:/bin/sh\n",
    "etc/sysusers.d/udev.conf": "".join(f"g {name} - -\n" for name in UDEV_GROUPS),
}


def entries(commands: Sequence[str]) -> dict[str, initramfs.Entry]:
    """Return what turns the board's base into one that systemd starts.

    `commands` load kernel modules; they are run in turn, before udev.
    """
    root = debian.tree(SYSTEMD)
    made: dict[str, initramfs.Entry] = {}
    for top in sorted(root.iterdir()):
        made.update(initramfs.copied(top, f"/{top.name}"))
    runs = "".join(f"ExecStart=/usr/bin/busybox {command}\n" for command in commands)
    units = {"board-agent.service": AGENT, "board-modules.service": MODULES + runs}
    files = {**ETC, **{f"etc/systemd/system/{name}": text for name, text in units.items()}}
    for path, text in files.items():
        made[path] = initramfs.Entry(stat.S_IFREG | 0o644, text.encode())
    for name in units:
        made[f"{WANTED}/{name}"] = initramfs.link(f"../{name}")
    made["etc/systemd/system/default.target"] = initramfs.link(
        "/usr/lib/systemd/system/multi-user.target"
    )
    return made
