"""rknn-ready on a mainline kernel whose own driver, rocket, is the one that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.ready_roots import BOARD, PLUS, ROCKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.ready_fixtures"]

TREE = {"proc/device-tree/compatible": PLUS}
LOADED = {"sys/module/rocket/initstate": "live\n"}
STRAY = {"dev/rknpu": "-> dri/card0"}


@pytest.mark.parametrize(
    "files", [{**TREE, **LOADED, **ROCKET}, {**TREE, **ROCKET}, {**TREE, **ROCKET, **STRAY}]
)
def test_found(ready: Callable[..., Outcome], files: dict[str, str]) -> None:
    outcome = ready(files, "--driver", "rocket")
    assert (outcome.status, outcome.err) == (0, ""), outcome
    soc, driver, users, node = outcome.out.splitlines()
    assert soc == "SoC: rk3588 (xunlong,orangepi-5-plus)"
    assert driver == "driver: rocket"
    assert users == "user space: Mesa's Teflon (TFLite); librknnrt and rknnlite can't use rocket"
    assert node.startswith("node: /dev/accel/accel0, ")


@pytest.mark.parametrize(
    ("files", "driver", "words"),
    [
        (TREE, "no rocket", ["no driver rocket", "Linux 6.18", "modprobe rocket"]),
        ({**TREE, **LOADED}, "rocket", ["rocket is there and has no device node", "6.18"]),
        (
            BOARD,
            "no rocket",
            [
                "only node is /dev/dri/card1 of driver rknpu, which Mesa's Teflon can't use",
                '"kernel"',
            ],
        ),
    ],
)
def test_absent(
    ready: Callable[..., Outcome], files: dict[str, str], driver: str, words: list[str]
) -> None:
    outcome = ready(files, "--driver", "rocket")
    assert outcome.status == 1, outcome
    assert f"driver: {driver}" in outcome.out.splitlines(), outcome
    assert outcome.err.count("\n") == 1, outcome
    for word in words:
        assert word in outcome.err


def test_unknown_driver(ready: Callable[..., Outcome]) -> None:
    outcome = ready(TREE, "--driver", "galcore")
    assert (outcome.status, outcome.out) == (2, "")
    assert "'galcore'" in outcome.err
