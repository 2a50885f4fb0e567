"""rknn-ready names the SoC that the device tree names, and minds another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.ready_roots import BOARD, COMPATIBLE, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.ready_fixtures"]

BOARDS = {
    "xunlong,orangepi-5-plus\0rockchip,rk3588\0": ("xunlong,orangepi-5-plus", "rk3588"),
    "xunlong,orangepi-5\0rockchip,rk3588s\0": ("xunlong,orangepi-5", "rk3588"),
    "radxa,e52c\0rockchip,rk3582\0rockchip,rk3588s\0": ("radxa,e52c", "rk3588"),
    "radxa,rock3a\0rockchip,rk3568\0": ("radxa,rock3a", "rk3568"),
    "rockchip,rk3576-evb1\0rockchip,rk3576": ("rockchip,rk3576-evb1", "rk3576"),
}


@pytest.mark.parametrize("compatible", BOARDS)
def test_soc_is_told(ready: Callable[..., Outcome], compatible: str) -> None:
    board, soc = BOARDS[compatible]
    outcome = ready({**BOARD, COMPATIBLE: compatible}, "--soc", soc)
    assert (outcome.status, outcome.err) == (0, ""), outcome
    assert outcome.out.splitlines()[0] == f"SoC: {soc} ({board})"


def test_another_soc_than_configured(ready: Callable[..., Outcome]) -> None:
    outcome = ready({**BOARD, COMPATIBLE: "radxa,rock3a\0rockchip,rk3568\0"}, "--soc=rk3588")
    assert outcome.status == 1
    assert outcome.err == (
        "rknn-ready: radxa,rock3a has an rk3568, not an rk3588; "
        'write mySystem.rknn.soc = "rk3568"\n'
    )


@pytest.mark.parametrize(
    ("compatible", "board"),
    [
        ("raspberrypi,4-model-b\0brcm,bcm2711\0", "raspberrypi,4-model-b"),
        ("radxa,rock-4se\0rockchip,rk3399\0", "radxa,rock-4se"),
        ("radxa,e20c\0rockchip,rk3528\0", "radxa,e20c"),
        ("my\nboard\0", "my?board"),
        ("", "a board without a name"),
    ],
)
def test_a_board_without_such_a_soc(
    ready: Callable[..., Outcome], compatible: str, board: str
) -> None:
    outcome = ready({**BOARD, COMPATIBLE: compatible}, "--soc=rk3588", "--wait=60")
    assert outcome.status == 1
    assert outcome.out.startswith(f"SoC: none that librknnrt knows ({board})\n"), outcome.out
    assert outcome.err == (
        f"rknn-ready: {board} has no SoC that librknnrt knows (RK3562, RK3566, RK3568, RK3576, "
        "RK3588); write mySystem.rknn.enable = false for this machine\n"
    )


def test_no_device_tree(ready: Callable[..., Outcome]) -> None:
    outcome = ready(without(BOARD, COMPATIBLE))
    assert outcome.status == 1
    assert "SoC" not in outcome.out
    assert outcome.err.startswith("rknn-ready: no device tree at /proc/device-tree"), outcome.err
