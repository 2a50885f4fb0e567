"""What kubelet counts: shares of cores, by ids such as core0-0, the first share of core 0."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rknn_cdi.cores import cores

ID = re.compile(r"core(\d{1,3})-(\d{1,3})", re.ASCII)


@dataclass(frozen=True, order=True)
class Share:
    """The `number`th share of a core, from 0."""

    core: int
    number: int

    def __str__(self) -> str:
        return f"core{self.core}-{self.number}"


@dataclass(frozen=True)
class Shares:
    """The shares of a SoC's cores, each of which `per_core` containers may have."""

    soc: str
    per_core: int

    def every(self) -> tuple[Share, ...]:
        """Return all of them, the first shares of all cores first."""
        return tuple(
            Share(core, number) for number in range(self.per_core) for core in cores(self.soc)
        )

    def parse(self, text: str) -> Share | None:
        """Return the share of this id, or None where there is none."""
        match = ID.fullmatch(text)
        share = Share(int(match[1]), int(match[2])) if match else None
        return share if share in self.every() and str(share) == text else None
