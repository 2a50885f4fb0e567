"""What came of a tree and the overlay describes the whole NPU, or is refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.device_tree_texts import BOARD, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.device_tree_fixtures import Trees

pytest_plugins = ["unit.device_tree_fixtures"]

NODE = "/rknpu@fdab0000"
# Old text, new text, where the complaint is, and what it says.
FAULTS = {
    "another board": (
        '"xunlong,orangepi-5-plus", "rock',
        '"radxa,rock-5b", "rock',
        "/: found radxa,rock-5b rockchip,rk3588, expected xunlong,orangepi-5-plus",
    ),
    "rocket left on": (
        'iommus = <&rknn_mmu_1>;\n        status = "disabled"',
        'iommus = <&rknn_mmu_1>;\n        status = "okay"',
        "/npu@fdac0000: found status okay, expected disabled",
    ),
    "an IOMMU left on": (
        'iommu@fdad9000 { #iommu-cells = <0>; status = "disabled"',
        "iommu@fdad9000 { #iommu-cells = <0>",
        "/iommu@fdad9000: found status okay, expected disabled",
    ),
    "no node": (
        '"rockchip,rk3588-rknpu"',
        '"rockchip,rknpu"',
        "rockchip,rk3588-rknpu: found 0 nodes, expected 1 node that is on",
    ),
    "the node off": (
        'mem-supply = <&vdd_npu_mem_s0>;\n        status = "okay"',
        'mem-supply = <&vdd_npu_mem_s0>;\n        status = "disabled"',
        "rockchip,rk3588-rknpu: found 0 nodes, expected 1 node that is on",
    ),
    "a core's registers": (
        ",\n            <0x0 0xfdad0000 0x0 0x10000>;",
        ";",
        f"{NODE}: found reg fdab0000-fdac0000 fdac0000-fdad0000, expected",
    ),
    "a short window": (
        "<0x0 0xfdac0000 0x0 0x10000>",
        "<0x0 0xfdac0000 0x0 0x1000>",
        f"{NODE}: found reg fdab0000-fdac0000 fdac0000-fdac1000 fdad0000-fdae0000, expected",
    ),
    "three cells an interrupt": (
        "<0 110 4 0>, <0 111 4 0>, <0 112 4 0>",
        "<0 110 4>, <0 111 4>, <0 112 4>",
        f"{NODE}: found interrupts of 9 cells, expected 12, 4 for each of 3",
    ),
    "interrupts exchanged": (
        "<0 110 4 0>, <0 111 4 0>,",
        "<0 111 4 0>, <0 110 4 0>,",
        f"{NODE}: found interrupts </interrupt-controller 0 111 4 0>, ",
    ),
    "Rockchip's interrupt name": (
        '"npu0_irq"',
        '"npu_irq"',
        f"{NODE}: found interrupt-names npu_irq npu1_irq npu2_irq, expected npu0_irq",
    ),
    "a clock left out": (
        "<&cru 200>, <&cru 201>, <&cru 202>, <&cru 300>;",
        "<&cru 200>, <&cru 202>, <&cru 300>;",
        f"{NODE}: found clocks without </clocks 201>, expected all clocks of the cores",
    ),
    "the NPU's clock not first": (
        "clocks = <&scmi_clk 6>, <&cru 100>, <&cru 101>, <&cru 102>,",
        "clocks = <&cru 100>, <&scmi_clk 6>, <&cru 101>, <&cru 102>,",
        f"{NODE}: found clocks </clocks 100>, </firmware 6>",
    ),
    "the NPU's clock unnamed": (
        '"scmi_clk", "aclk0"',
        '"clk_npu", "aclk0"',
        f"{NODE}: found clocks </firmware 6>, </clocks 100>",
    ),
    "another clock set": (
        "assigned-clocks = <&scmi_clk 6>",
        "assigned-clocks = <&cru 100>",
        f"{NODE}: found other assigned-clocks, expected </firmware 6>",
    ),
    "another rate": (
        "<200000000>",
        "<600000000>",
        f"{NODE}: found assigned-clock-rates = <600000000>, expected <200000000>",
    ),
    "no rate": (
        "assigned-clock-rates = <200000000>;",
        "",
        f"{NODE}: found no assigned-clock-rates, expected assigned-clock-rates",
    ),
    "resets exchanged": (
        "<&cru 102>, <&cru 200>, <&cru 201>, <&cru 202>;\n        reset-names",
        "<&cru 102>, <&cru 201>, <&cru 200>, <&cru 202>;\n        reset-names",
        f"{NODE}: found resets </clocks 100>",
    ),
    "a power domain left out": (
        "<&power 0>, <&power 1>, <&power 2>",
        "<&power 0>, <&power 1>",
        f"{NODE}: found power-domains </domains 0>, </domains 1>, expected </domains 0>, ",
    ),
    "power domains unnamed": (
        '"npu0", "npu1", "npu2"',
        '"top", "npu1", "npu2"',
        f"{NODE}: found power-domain-names top npu1 npu2, expected npu0 npu1 npu2",
    ),
    "no supply": (
        "rknpu-supply = <&vdd_npu_s0>;",
        "",
        f"{NODE}: found no rknpu-supply, expected rknpu-supply",
    ),
    "another supply": (
        "rknpu-supply = <&vdd_npu_s0>",
        "rknpu-supply = <&vdd_cpu_s0>",
        f"{NODE}: found rknpu-supply /i2c/cpu, expected vdd_npu_s0, /i2c/npu",
    ),
    "a supply that is no regulator": (
        "rknpu-supply = <&vdd_npu_s0>",
        "rknpu-supply = <&sensor>",
        f"{NODE}: found rknpu-supply /i2c/sensor, expected a regulator",
    ),
    "a supply that is nothing": (
        "rknpu-supply = <&vdd_npu_s0>",
        "rknpu-supply = <0xdead>",
        f"{NODE}: found rknpu-supply = <0xdead>, expected the phandle of a node",
    ),
    "a regulator behind a bus that is off": (
        'status = "okay";\n        vdd_npu_s0',
        'status = "disabled";\n        vdd_npu_s0',
        "/i2c/npu: found a status of disabled, here or above, expected okay",
    ),
    "the memories' supply": (
        "mem-supply = <&vdd_npu_mem_s0>;\n        status",
        "mem-supply = <&vdd_npu_s0>;\n        status",
        f"{NODE}: found mem-supply /i2c/npu, expected vdd_npu_mem_s0, /i2c/memory",
    ),
    "an IOMMU of one core": (
        "power-domain-names",
        "iommus = <&rknn_mmu_0>; power-domain-names",
        f"{NODE}: found iommus, expected none",
    ),
}


def test_the_whole_npu_passes(check: Callable[..., Outcome], trees: Trees) -> None:
    outcome = check("merged", trees.compiled(BOARD), *OPTIONS)
    assert outcome.status == 0, outcome
    assert f"board.dtb: {NODE} has the registers, interrupts, clocks (200000000 Hz)" in outcome.out


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused(check: Callable[..., Outcome], trees: Trees, fault: str) -> None:
    old, new, complaint = FAULTS[fault]
    outcome = check("merged", trees.changed(old, new), *OPTIONS)
    assert outcome.status == 1, outcome
    assert f"board.dtb: {complaint}" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_supply_other_than_the_cores_own_is_refused(
    check: Callable[..., Outcome], trees: Trees
) -> None:
    tree = trees.changed("rknpu-supply = <&vdd_npu_s0>", "rknpu-supply = <&vdd_cpu_s0>")
    options = [word.replace("vdd_npu_s0", "vdd_cpu_s0") for word in OPTIONS]
    outcome = check("merged", tree, *options)
    assert outcome.status == 1, outcome
    assert "found rknpu-supply /i2c/cpu, expected that of /npu@fdab0000, /i2c/npu" in outcome.err


def test_a_command_is_asked_for(check: Callable[..., Outcome]) -> None:
    outcome = check()
    assert outcome.status == 2
    assert "--help lists the options" in outcome.err


def test_a_damaged_byte_never_ends_in_a_traceback(
    check: Callable[..., Outcome], trees: Trees
) -> None:
    tree = trees.compiled(BOARD)
    whole = tree.read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x5A
        tree.write_bytes(damaged)
        outcome = check("merged", tree, *OPTIONS)
        assert outcome.status in {0, 1}, (place, outcome)
        assert (outcome.out + outcome.err).count("\n") == 1, (place, outcome)
