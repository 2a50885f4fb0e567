"""An overlay that cannot be applied is refused with the reason, which fdtoverlay does not give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.device_tree_texts import BOARD

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.device_tree_fixtures import Trees

pytest_plugins = ["unit.device_tree_fixtures"]

OVERLAY = """
/dts-v1/;
/plugin/;
/ { compatible = "xunlong,orangepi-5-plus"; };
&rknn_core_0 { status = "disabled"; };
&{/} { node { some-supply = <&vdd_npu_s0>; }; };
"""


def test_labels_that_are_there_fit(check: Callable[..., Outcome], trees: Trees) -> None:
    outcome = check("fits", trees.compiled(BOARD), trees.compiled(OVERLAY, "npu.dtbo"))
    assert outcome.status == 0, outcome
    assert "board.dtb: has the 2 labels of npu.dtbo" in outcome.out


def test_a_label_that_is_not_there_is_named(check: Callable[..., Outcome], trees: Trees) -> None:
    overlay = trees.compiled(OVERLAY.replace("vdd_npu_s0", "vdd_npu"), "npu.dtbo")
    outcome = check("fits", trees.compiled(BOARD), overlay)
    assert outcome.status == 1, outcome
    assert "board.dtb: /__symbols__: found no vdd_npu, expected the overlay's labels" in outcome.err


def test_a_tree_of_an_old_kernel_is_told(check: Callable[..., Outcome], trees: Trees) -> None:
    old = BOARD.replace("rknn_", "npu_")
    outcome = check("fits", trees.compiled(old), trees.compiled(OVERLAY, "npu.dtbo"))
    assert outcome.status == 1, outcome
    assert "found no rknn_core_0, expected" in outcome.err
    assert "(Linux has the NPU's nodes from 6.18 on)" in outcome.err


def test_a_tree_without_labels_is_refused(check: Callable[..., Outcome], trees: Trees) -> None:
    tree = trees.compiled(BOARD, "board.dtb", "-b", "0")
    outcome = check("fits", tree, trees.compiled(OVERLAY, "npu.dtbo"))
    assert outcome.status == 1, outcome
    assert "board.dtb: /__symbols__: found no labels, expected" in outcome.err
    assert "DTC_FLAGS=-@" in outcome.err


def test_another_boards_overlay_is_refused(check: Callable[..., Outcome], trees: Trees) -> None:
    overlay = trees.compiled(OVERLAY.replace("orangepi-5-plus", "orangepi-5"), "npu.dtbo")
    outcome = check("fits", trees.compiled(BOARD), overlay)
    assert outcome.status == 1, outcome
    assert (
        "/: found rockchip,rk3588 xunlong,orangepi-5-plus, expected one of xunlong" in outcome.err
    )
