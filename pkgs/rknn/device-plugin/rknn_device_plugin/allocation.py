"""What a container is given with its shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_cdi.cores import KIND, listed, mask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rknn_device_plugin.shares import Share, Shares

# The one that names no cores: a runtime sets a CDI device's variables over those that kubelet
# passes on.
DEVICE = f"{KIND}=all"


def environment(shares: Shares, chosen: Iterable[Share], driver: str) -> dict[str, str]:
    """Return the variables by which programs know the cores that are theirs."""
    if driver == "rocket":
        # Its scheduler hands jobs to whichever core is free; nobody can ask for one.
        return {}
    numbers = {share.core for share in chosen}
    bits = mask(shares.soc, numbers)
    masked = {} if bits is None else {"RKNN_CORE_MASK": str(bits)}
    return {"RKNN_CORES": listed(numbers), **masked}
