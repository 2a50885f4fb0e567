"""Which of the free shares a container should get."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from rknn_cdi.cores import mask

if TYPE_CHECKING:
    from collections.abc import Collection

    from rknn_device_plugin.shares import Share, Shares


def preferred(
    shares: Shares, available: Collection[Share], must: Collection[Share], size: int
) -> list[Share]:
    """Return `size` of the available shares, those in `must` among them.

    As many cores as can be, such that there is a mask for all of them, and the least shared.
    """
    demanded, free = set(must), {*available, *must}
    if size <= len(demanded):
        return sorted(demanded)
    if size >= len(free):
        return sorted(free)
    taken = {share.core: shares.per_core for share in free}
    for share in free:
        taken[share.core] -= 1
    used = {share.core for share in demanded}
    sets = [one for one in combinations(sorted(taken), min(size, len(taken))) if used.issubset(one)]
    best = min(sets, key=lambda one: (not _has_mask(shares.soc, one), _sum(taken, one), one))
    return _filled(free, demanded, {core: taken[core] for core in best}, size)


def _filled(free: set[Share], must: set[Share], taken: dict[int, int], size: int) -> list[Share]:
    found = set(must)
    load = {core: count + sum(one.core == core for one in found) for core, count in taken.items()}
    while len(found) < size:
        used = {share.core for share in found}
        left = [share for share in free - found if share.core in taken]
        # First one of each core, then of the least shared.
        best = min(left, key=lambda share: (share.core in used, load[share.core], share))
        found.add(best)
        load[best.core] += 1
    return sorted(found)


def _has_mask(soc: str, chosen: tuple[int, ...]) -> bool:
    found = mask(soc, chosen)
    return found is None or found == sum(1 << core for core in chosen)


def _sum(taken: dict[int, int], chosen: tuple[int, ...]) -> int:
    return sum(taken[core] for core in chosen)
