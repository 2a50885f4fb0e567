"""Boards that systemd runs, and what the NixOS module writes for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from board import binding_board as binding
from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.board import Board

MEMBER, OUTSIDER = "member", "outsider"
USERS = f"""
u {MEMBER} 1001 - /tmp /bin/sh
u {OUTSIDER} 1002 - /tmp /bin/sh
m {MEMBER} render
"""
DRIVER = PretendDriver(heap=True, accel=True)
READY = "rknn-ready.service"
UDEV = "rknn-udev.service"
# What containers have; the boards here go without, those of tests/nixos have them.
CDI = "rknn-cdi.service"
PLUGIN = "rknn-device-plugin.service"
RULES = "/etc/udev/rules.d/72-rknn.rules"
# Starts as soon as it may; those that are to come after rknn-ready say so.
UNIT = """[Unit]
Description=A user of the NPU
{order}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/busybox true
"""
UNITS = {
    "ordered.service": f"After={READY}",
    "unordered.service": "",
    "dependent.service": f"Requires={READY}\nAfter={READY}",
}
LINK = "/usr/lib/librknnrt.so"
TMPFILES = "/etc/tmpfiles.d/10-rknn.conf"


def closures_expression() -> str:
    """Return a Nix expression for a folder of links to what these boards get from Nix."""
    return binding.closures_expression(
        {
            binding.DEFAULT: binding.python_with(binding.DEFAULT),
            "ready": "p.rknn.ready",
            "simulator": "p.rknn.simulator",
            "systemd": "p.systemd",
        }
    )


def guest_files(
    udev_rules: str, ours: dict[str, str], tmpfiles_rules: str
) -> dict[str, Path | bytes]:
    """Return what the module's texts become on a board, with units and users that try them."""
    units = dict(ours)
    units |= {name: UNIT.format(order=order) for name, order in UNITS.items()}
    texts = {f"/etc/systemd/system/{name}": text for name, text in units.items()}
    texts["/etc/systemd/system/multi-user.target.d/wants.conf"] = (
        f"[Unit]\nWants={' '.join(units)}\n"
    )
    texts[RULES] = udev_rules
    texts["/etc/sysusers.d/users.conf"] = USERS
    texts[TMPFILES] = tmpfiles_rules
    return {
        **binding.guest_files(),
        **{path: text.encode() for path, text in texts.items()},
    }


@dataclass(frozen=True)
class Node:
    """A device node: its owner and group by name, and its permissions."""

    owner: str
    group: str
    mode: int

    def __str__(self) -> str:
        return f"{self.owner}:{self.group} {self.mode:04o}"


def node(board: Board, path: str) -> Node:
    """Return whose the node at `path` is, once udev has nothing left to do."""
    said = board.check(f"udevadm settle && stat -c '%U %G %a' {path}").split()
    return Node(said[0], said[1], int(said[2], 8))


def shown(board: Board, unit: str, *properties: str) -> dict[str, str]:
    """Return `properties` of `unit` as systemctl shows them."""
    said = board.check(f"systemctl show {unit} -p {','.join(properties)}")
    return dict(line.split("=", 1) for line in said.splitlines())


def journal(board: Board, unit: str = READY) -> str:
    """Return what the last run of `unit` wrote to the journal."""
    invocation = shown(board, unit, "InvocationID")["InvocationID"]
    assert re.fullmatch("[0-9a-f]{32}", invocation), f"{unit} was never started"
    return board.check(
        f"journalctl --sync; journalctl --no-pager -o cat _SYSTEMD_INVOCATION_ID={invocation}"
    )
