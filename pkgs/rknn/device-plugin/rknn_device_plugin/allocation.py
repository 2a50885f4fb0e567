"""What a container is given with its shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rknn_cdi.cores import KIND, cores, listed, mask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rknn_device_plugin.shares import Share, Shares


@dataclass(frozen=True)
class Allocation:
    """A CDI device by its full name, and environment variables."""

    device: str
    environment: dict[str, str] = field(default_factory=dict)


def allocation(
    shares: Shares, chosen: Iterable[Share], names: frozenset[str], driver: str
) -> Allocation:
    """Return what goes with the shares where the CDI spec has devices of these `names`."""
    numbers = sorted({share.core for share in chosen})
    if driver == "rocket":
        # Its scheduler hands jobs to whichever core is free; nobody can ask for one.
        return Allocation(f"{KIND}=all")
    environment = {"RKNN_CORES": listed(numbers)}
    bits = mask(shares.soc, numbers)
    if bits is not None:
        environment["RKNN_CORE_MASK"] = str(bits)
    # A runtime sets a CDI device's variables over those that kubelet passes on: "all" would say
    # RKNN_CORES=0,1,2 to a container with one core.
    single = f"core{numbers[0]}"
    is_single = len(numbers) == 1 < len(cores(shares.soc)) and single in names
    return Allocation(f"{KIND}={single if is_single else 'all'}", environment)
