"""rknn-cdi finds the NPU's nodes, whatever their numbers, and gives no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.cdi_roots import HEADLESS, HEAP, TREE, nodes
from unit.ready_roots import BOARD, MISC, ROCKET, drm

if TYPE_CHECKING:
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]

NAMED = "/dev/dri/renderD129"
LINUX_CMA = {"dev/dma_heap/linux,cma": ""}
VIDEO = {"dev/rga": "", "dev/mpp_service": ""}


@pytest.mark.parametrize(
    ("files", "options", "given"),
    [
        (BOARD, [], {"/dev/dri/card1": "/dev/dri/card1", NAMED: NAMED}),
        (HEADLESS, [], {"/dev/dri/card0": "/dev/dri/card0", NAMED: "/dev/dri/renderD128"}),
        (
            {**HEADLESS, **drm("card1", "rockchip-drm"), **drm("renderD129", "rockchip-drm")},
            [],
            {"/dev/dri/card0": "/dev/dri/card0", NAMED: "/dev/dri/renderD128"},
        ),
        (
            HEADLESS,
            ["--render-node=/dev/dri/renderD128"],
            {"/dev/dri/card0": "/dev/dri/card0", "/dev/dri/renderD128": "/dev/dri/renderD128"},
        ),
        (
            {**TREE, **drm("card3", "RKNPU")},
            [],
            {"/dev/dri/card3": "/dev/dri/card3", NAMED: "/dev/null"},
        ),
        ({**BOARD, **HEAP}, [], {"/dev/dri/card1": "/dev/dri/card1", NAMED: NAMED}),
        (
            {**TREE, **ROCKET},
            ["--driver=rocket"],
            {"/dev/accel/accel0": "/dev/accel/accel0"},
        ),
    ],
    ids=[
        "after the display",
        "headless",
        "before the display",
        "other name",
        "no render node",
        "heaps are not its",
        "rocket",
    ],
)
def test_drm_and_accel(
    machine: Machine, files: dict[str, str], options: list[str], given: dict[str, str]
) -> None:
    assert nodes(machine.has(files).spec(*options)) == given


@pytest.mark.parametrize(
    ("heaps", "options", "given"),
    [
        ({}, [], []),
        (HEAP, [], ["/dev/dma_heap/system"]),
        ({**HEAP, **LINUX_CMA}, [], ["/dev/dma_heap/system"]),
        (HEAP, ["--no-dma-heaps"], []),
        (
            {**HEAP, **LINUX_CMA},
            ["--dma-heap=linux,cma", "--dma-heap=system"],
            ["/dev/dma_heap/linux,cma", "/dev/dma_heap/system"],
        ),
    ],
    ids=["none", "the default", "others beside", "none wanted", "named"],
)
def test_driver_built_for_heaps(
    machine: Machine, heaps: dict[str, str], options: list[str], given: list[str]
) -> None:
    found = nodes(machine.has({**TREE, **MISC, **heaps}).spec(*options))
    expected = ["/dev/rknpu", *given]
    assert found == {**{path: path for path in expected}, NAMED: "/dev/null"}


def test_a_heap_that_was_named_and_is_not_there(machine: Machine) -> None:
    outcome = machine.has({**TREE, **MISC}).write("--dma-heap=cma")
    assert outcome.status == 1, outcome
    assert "/dev/dma_heap/cma: No such file" in outcome.err
    assert not machine.output.exists()


def test_more_nodes_where_they_exist(machine: Machine) -> None:
    options = ["--node=/dev/rga", "--node=/dev/mpp_service", "--node=/dev/rga"]
    before = machine.has(BOARD).write(*options)
    assert before.out.count("not there: /dev/rga, /dev/mpp_service, /dev/rga") == 1, before
    assert set(nodes(machine.read())) == {"/dev/dri/card1", NAMED}
    after = machine.has(VIDEO).spec(*options)
    assert list(nodes(after)) == ["/dev/dri/card1", NAMED, "/dev/rga", "/dev/mpp_service"]


def test_all_are_for_the_group_and_for_reading_and_writing(machine: Machine) -> None:
    for node in machine.has({**TREE, **MISC, **HEAP}).spec("--group=root")["containerEdits"][
        "deviceNodes"
    ]:
        told = (node["permissions"], node["uid"], node["gid"], node["fileMode"])
        assert told == ("rw", 0, 0, 0o660), node


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"dev/rga": "-> null"}, "/dev/rga is a link"),
        ({"dev/rga/file": ""}, "/dev/rga is no device node"),
    ],
)
def test_what_engines_would_refuse(machine: Machine, files: dict[str, str], words: str) -> None:
    outcome = machine.has({**BOARD, **files}).write("--node=/dev/rga")
    assert outcome.status == 1, outcome
    assert outcome.err.startswith(f"rknn-cdi: {words}"), outcome
    assert not machine.output.exists()


def test_a_plain_file_in_place_of_the_node(machine: Machine) -> None:
    machine.has(BOARD)
    (machine.root / "dev/dri/card1").unlink()
    (machine.root / "dev/dri/card1").touch()
    outcome = machine.write()
    assert outcome.err == "rknn-cdi: /dev/dri/card1 is no device node\n"


def test_two_nodes_of_one_name(machine: Machine) -> None:
    files = {**HEADLESS, "dev/dri/renderD129": ""}
    outcome = machine.has(files).write("--node=/dev/dri/renderD129")
    assert outcome.status == 1, outcome
    assert outcome.err == (
        "rknn-cdi: /dev/dri/renderD128 and /dev/dri/renderD129 would both be /dev/dri/renderD129 "
        "inside: name another --render-node\n"
    )
