"""Who may open a device node, and whether we can."""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GROUP_READS_AND_WRITES = stat.S_IRGRP | stat.S_IWGRP


@dataclass(frozen=True)
class Access:
    """Owner, group and permissions of a node, and the errno of opening it; 0: it opens."""

    owner: str
    group: str
    mode: int
    refusal: int

    def __str__(self) -> str:
        return f"{self.owner}:{self.group} {self.mode:04o}"

    @property
    def is_for_group(self) -> bool:
        """Whether members of the group may use it."""
        return self.mode & GROUP_READS_AND_WRITES == GROUP_READS_AND_WRITES

    def why(self, group: str | None, driver: str) -> str:
        """Say what it takes to open the driver's node, which should be `group`'s.

        `refusal` is not 0.
        """
        reason = os.strerror(self.refusal)
        if (
            self.refusal == errno.EACCES
            and group
            and (group, True)
            != (
                self.group,
                self.is_for_group,
            )
        ):
            return (
                f"{reason}: udev has not given it to group {group}: the node was there before "
                "the rule (`udevadm trigger`, or reboot), or a later rule says otherwise"
            )
        if self.refusal == errno.EACCES and self.is_for_group:
            return (
                f"{reason}: who uses the NPU has to be in group {self.group} "
                "(mySystem.rknn.users, or SupplementaryGroups= of a service; "
                "a login begun before does not count)"
            )
        if self.refusal == errno.EACCES:
            return f"{reason}: no udev rule gave it to a group; is mySystem.rknn.enable set?"
        if self.refusal == errno.EPERM:
            return f"{reason}: the DeviceAllow= of this service, or its container, leaves it out"
        return f"{reason}: look for {driver} in `dmesg`"


def access(path: Path) -> Access | None:
    """Open the node for reading and writing, and close it; None where there is no such node."""
    try:
        told = path.stat()
    except OSError:
        return None
    refusal = 0
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK))
    except OSError as error:
        refusal = error.errno or errno.EIO
    return Access(
        _name(pwd.getpwuid, told.st_uid),
        _name(grp.getgrgid, told.st_gid),
        stat.S_IMODE(told.st_mode),
        refusal,
    )


def _name(look: Callable[[int], Any], number: int) -> str:
    try:
        return str(look(number)[0])
    except KeyError:
        return str(number)
