"""rknn-cdi offers the whole NPU, and each of its cores, by a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.cdi_roots import HEADLESS, TREE, variables
from unit.ready_roots import COMPATIBLE, ROCKET

if TYPE_CHECKING:
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]

SOC = "RKNN_DEVICE_COMPATIBLE_NODE=/run/rknn/compatible"


@pytest.mark.parametrize(
    ("compatible", "devices"),
    [
        (
            "xunlong,orangepi-5-plus\0rockchip,rk3588\0",
            {
                "all": [],
                "core0": ["RKNN_CORES=0", "RKNN_CORE_MASK=1"],
                "core1": ["RKNN_CORES=1", "RKNN_CORE_MASK=2"],
                "core2": ["RKNN_CORES=2", "RKNN_CORE_MASK=4"],
            },
        ),
        (
            "rockchip,rk3576-evb1\0rockchip,rk3576\0",
            {
                "all": [],
                "core0": ["RKNN_CORES=0", "RKNN_CORE_MASK=1"],
                "core1": ["RKNN_CORES=1", "RKNN_CORE_MASK=2"],
            },
        ),
        # rknnlite refuses every mask where there is one core.
        (
            "radxa,rock3a\0rockchip,rk3568\0",
            {"all": [], "core0": ["RKNN_CORES=0"]},
        ),
    ],
)
def test_a_name_for_each_core(
    machine: Machine, compatible: str, devices: dict[str, list[str]]
) -> None:
    spec = machine.has({**HEADLESS, COMPATIBLE: compatible}).spec()
    assert spec["kind"] == "rockchip.com/npu"
    assert variables(spec) == {name: [SOC, *more] for name, more in devices.items()}
    assert "env" not in spec["containerEdits"]
    assert machine.soc_copy.read_bytes() == compatible.encode()


def test_rocket_has_no_cores_to_choose(machine: Machine) -> None:
    spec = machine.has({**TREE, **ROCKET}).spec("--driver=rocket")
    assert variables(spec) == {"all": [SOC]}
    assert "env" not in spec["containerEdits"]


def test_the_line_says_what_there_is(machine: Machine) -> None:
    outcome = machine.has(HEADLESS).write("--group=root")
    assert (outcome.status, outcome.err) == (0, ""), outcome
    assert outcome.out == (
        "rockchip.com/npu=all|core0|core1|core2 (rk3588, rknpu): /dev/dri/card0, "
        "/dev/dri/renderD128 as /dev/dri/renderD129, as group 0; /run/rknn/compatible; "
        f"{machine.output} written\n"
    )
