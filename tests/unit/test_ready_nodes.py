"""rknn-ready finds the node that librknnrt will open, by its driver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from unit.ready_roots import BOARD, MISC, PLUS, ROCKET, VERSION, drm, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.ready_fixtures"]

# SYMLINK+="rknpu" in somebody's rule.
STRAY = {"dev/rknpu": "-> dri/card0"}
TREE = {"proc/device-tree/compatible": PLUS}


def told_node(outcome: Outcome) -> str | None:
    found = re.search(r"^node: ([^,]+), ", outcome.out, re.MULTILINE)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("files", "node"),
    [
        (BOARD, "/dev/dri/card1"),
        ({**TREE, **drm("card0", "RKNPU"), **drm("renderD128", "RKNPU")}, "/dev/dri/card0"),
        ({**TREE, **drm("card10", "RKNPU"), **drm("card9", "RKNPU")}, "/dev/dri/card9"),
        ({**TREE, **MISC}, "/dev/rknpu"),
        ({**BOARD, **MISC}, "/dev/rknpu"),
        ({**BOARD, **ROCKET}, "/dev/dri/card1"),
        ({**TREE, **drm("card15", "RKNPU")}, "/dev/dri/card15"),
    ],
    ids=[
        "beside a display",
        "alone",
        "by number",
        "misc",
        "misc first",
        "rocket beside",
        "the last that is tried",
    ],
)
def test_node_is_found(ready: Callable[..., Outcome], files: dict[str, str], node: str) -> None:
    outcome = ready(files)
    assert (outcome.status, outcome.err) == (0, ""), outcome
    assert told_node(outcome) == node, outcome.out


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (TREE, ["no driver rknpu", "mySystem.rknn.driver", "modprobe rknpu"]),
        (
            {**TREE, **drm("card0", "rockchip-drm"), **drm("card1", "rknpu")},
            ["no driver rknpu"],
        ),
        ({**TREE, VERSION: "0.9.8\n"}, ["rknpu is there and has no device node", "dmesg"]),
        (
            {**TREE, "sys/bus/platform/drivers/RKNPU/uevent": ""},
            ["rknpu is there and has no device node"],
        ),
        ({**TREE, **ROCKET}, ["/dev/accel/accel0", "driver rocket", "Rockchip's rknpu"]),
        ({**TREE, **drm("renderD129", "RKNPU")}, ["only node is /dev/dri/renderD129"]),
        ({**TREE, **drm("card16", "RKNPU")}, ["only node is /dev/dri/card16", "to card15"]),
        (without(BOARD, "dev/dri/card1"), ["the kernel has /dev/dri/card1, and /dev has not"]),
    ],
    ids=[
        "nothing",
        "others",
        "no probe",
        "built in",
        "rocket",
        "render node only",
        "a high number",
        "no udev",
    ],
)
def test_no_node(ready: Callable[..., Outcome], files: dict[str, str], words: list[str]) -> None:
    outcome = ready(files)
    assert (outcome.status, told_node(outcome)) == (1, None), outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert outcome.err.startswith("rknn-ready: "), outcome.err
    for word in words:
        assert word in outcome.err


def test_a_stray_file_by_the_name_that_comes_first(ready: Callable[..., Outcome]) -> None:
    outcome = ready({**BOARD, **STRAY})
    assert outcome.status == 1, outcome
    assert outcome.err.startswith("rknn-ready: /dev/rknpu is no node of the driver's"), outcome.err


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (BOARD, "driver: rknpu 0.9.8"),
        (without(BOARD, VERSION), "driver: rknpu of unknown version"),
        (TREE, "driver: no rknpu"),
    ],
)
def test_drivers_version(ready: Callable[..., Outcome], files: dict[str, str], line: str) -> None:
    assert line in ready(files).out.splitlines()
