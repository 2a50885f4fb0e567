"""How many cores each SoC's NPU has, and which sets of them a program may ask for at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KIND = "rockchip.com/npu"
# rk3562, rk3566, rk3568 and whatever else librknnrt knows have one core.
CORES = {"rk3588": 3, "rk3576": 2}
# The values of rknn_core_mask in rknn_api.h: cores 0 and 2 together have none, nor have 1 and 2.
MASKS = (0b001, 0b010, 0b100, 0b011, 0b111)


def cores(soc: str | None) -> tuple[int, ...]:
    """Return the numbers of the SoC's cores."""
    return tuple(range(CORES.get(soc or "", 1)))


def mask(soc: str | None, chosen: Iterable[int]) -> int | None:
    """Return the mask for these cores, or for the lowest of them where the header has none.

    None where there is one core only: on those SoCs librknnrt and rknnlite refuse every mask.
    """
    if len(cores(soc)) == 1:
        return None
    numbers = sorted(set(chosen))
    whole = sum(1 << number for number in numbers)
    return whole if whole in MASKS else 1 << numbers[0]


def listed(chosen: Iterable[int]) -> str:
    """Return the text of RKNN_CORES, such as 0,1."""
    return ",".join(str(number) for number in sorted(set(chosen)))
