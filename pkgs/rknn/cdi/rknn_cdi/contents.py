"""What a container gets with the NPU."""

from __future__ import annotations

from dataclasses import dataclass

# Where the SoC's name is inside: engines mask /sys/firmware, and with it /proc/device-tree.
SOC_FILE = "/run/rknn/compatible"


@dataclass(frozen=True)
class Device:
    """A device node: its name inside, and the machine's node that it is."""

    path: str
    host: str

    def __str__(self) -> str:
        return self.path if self.path == self.host else f"{self.host} as {self.path}"


@dataclass(frozen=True)
class Mount:
    """A file or folder of the machine, read-only; `is_mapped` where it holds code to be run."""

    host: str
    path: str
    is_mapped: bool = True


@dataclass(frozen=True)
class Group:
    """Whose the nodes are inside; `is_joined` where the container's user is put into it."""

    number: int
    is_joined: bool = True


@dataclass(frozen=True)
class Contents:
    """All that a container gets, and the SoC and driver that it is made for.

    `absent` are nodes that were asked for where there are such.
    """

    soc: str
    driver: str
    devices: tuple[Device, ...]
    mounts: tuple[Mount, ...]
    group: Group | None
    absent: tuple[str, ...] = ()
