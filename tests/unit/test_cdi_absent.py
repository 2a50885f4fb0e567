"""Where there is no NPU to give, rknn-cdi says why, and leaves no spec behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.cdi_roots import HEADLESS, TREE
from unit.ready_roots import BOARD, COMPATIBLE, MISC, ROCKET, VERSION, drm, without

if TYPE_CHECKING:
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]


@pytest.mark.parametrize("before", [False, True], ids=["no spec before", "a spec before"])
@pytest.mark.parametrize(
    ("files", "options", "words"),
    [
        (TREE, [], "no driver rknpu"),
        (TREE, ["--driver=rocket"], "no driver rocket"),
        ({**TREE, VERSION: "0.9.8\n"}, [], "rknpu is there and has no device node"),
        ({**TREE, **drm("card0", "rockchip-drm")}, [], "no driver rknpu"),
        ({**TREE, **drm("renderD128", "RKNPU")}, [], "only node is /dev/dri/renderD128"),
        ({**TREE, **drm("card16", "RKNPU")}, [], "only node is /dev/dri/card16"),
        ({**TREE, **ROCKET}, [], "only node is /dev/accel/accel0 of driver rocket"),
        (HEADLESS, ["--driver=rocket"], "only node is /dev/dri/card0 of driver rknpu"),
        ({**BOARD, **ROCKET}, [], "two drivers have the NPU: rknpu (/dev/dri/card1) and rocket"),
        ({**TREE, **MISC, **ROCKET}, ["--driver=rocket"], "rknpu (/dev/rknpu) and rocket (/dev/ac"),
        (without(BOARD, "dev/dri/card1"), [], "the kernel has /dev/dri/card1, and /dev has not"),
        (without(BOARD, "dev/dri/render"), [], "the kernel has /dev/dri/renderD129, and /dev has"),
        (without(BOARD, COMPATIBLE), [], "no device tree at /proc/device-tree"),
        ({**BOARD, COMPATIBLE: "raspberrypi,5\0brcm,bcm2712\0"}, [], "raspberrypi,5 has no SoC"),
    ],
    ids=[
        "no driver",
        "no rocket",
        "no probe",
        "another driver",
        "no card",
        "a card too high",
        "rocket only",
        "rknpu only",
        "two drivers",
        "two drivers, heaps",
        "no card in /dev",
        "no render node in /dev",
        "no device tree",
        "another board",
    ],
)
def test_no_npu_no_spec(
    machine: Machine,
    files: dict[str, str],
    options: list[str],
    words: str,
    *,
    before: bool,
) -> None:
    removed = 0
    if before:
        machine.output.parent.mkdir()
        machine.output.write_text("{}\n")
        removed = 1
    outcome = machine.has(files).write(*options)
    assert (outcome.status, outcome.out) == (1, ""), outcome
    lines = outcome.err.splitlines()
    assert len(lines) == 1 + removed, lines
    assert lines[0].startswith("rknn-cdi: "), lines
    assert words in lines[0], lines
    assert (
        lines[1:]
        == [f"rknn-cdi: {machine.output} was of an NPU that is not there now: removed"][:removed]
    )
    assert not machine.output.exists()


def test_it_is_there_again_when_the_node_is(machine: Machine) -> None:
    machine.has(HEADLESS).spec()
    card = machine.root / "dev/dri/card0"
    card.rename(card.with_name("gone"))
    assert machine.write().status == 1
    assert not machine.output.exists()
    card.with_name("gone").rename(card)
    assert machine.spec()["kind"] == "rockchip.com/npu"


def test_a_stray_name_outside_is_not_inside(machine: Machine) -> None:
    """SYMLINK+="rknpu" of somebody's rule misleads librknnrt on the machine, not in a container."""
    spec = machine.has({**BOARD, "dev/rknpu": "-> dri/card0"}).spec()
    assert "/dev/rknpu" not in str(spec)
