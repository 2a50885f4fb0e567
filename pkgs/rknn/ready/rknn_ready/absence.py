"""Why there is no node that the NPU's user space could open, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rknn_ready.nodes import Node

# Who opens the nodes of each driver.
USERS = {"rknpu": "librknnrt", "rocket": "Mesa's Teflon"}
OTHER = {
    "rknpu": "boot a kernel with Rockchip's rknpu (mySystem.rknn.driver)",
    "rocket": 'write the mySystem.rknn.driver that it is for, "kernel" or "module"',
}
NO_NODE = {
    "rknpu": (
        "rknpu is there and has no device node: the device tree has no enabled NPU for it, or its "
        "probe failed (`dmesg | grep -i rknpu`)"
    ),
    "rocket": (
        "rocket is there and has no device node: the device tree has no enabled NPU for it (those "
        "of RK3588 boards have, from Linux 6.18 on), or its probe failed (`dmesg | grep -i rocket`)"
    ),
}
NO_DRIVER = {
    "rknpu": (
        "no driver rknpu: boot one of Rockchip's kernels, or see mySystem.rknn.driver; a new "
        "kernel, driver or device tree is there after a reboot, and `modprobe rknpu` says what is "
        "missing"
    ),
    "rocket": (
        "no driver rocket: boot Linux 6.18 or later with CONFIG_DRM_ACCEL_ROCKET, or see "
        "mySystem.rknn.driver; `modprobe rocket` says what is missing"
    ),
}


def absence(wanted: str, announced: tuple[Node, ...], *, has_driver: bool) -> str:
    """Say what is there in place of a node of driver `wanted`, and what to do."""
    own = next((node for node in announced if node.driver == wanted), None)
    if own:
        return (
            f"the NPU's only node is {own.path}, which librknnrt does not open: it takes "
            "/dev/rknpu, and /dev/dri/card0 to card15"
        )
    if announced:
        return (
            f"the NPU's only node is {announced[0].path} of driver {announced[0].driver}, which "
            f"{USERS[wanted]} can't use: {OTHER[wanted]}"
        )
    return NO_NODE[wanted] if has_driver else NO_DRIVER[wanted]
