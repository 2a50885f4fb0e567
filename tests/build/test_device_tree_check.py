"""pkgs.rknn.deviceTree.check builds for a board's tree with its overlay, and for nothing else."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import RknnError
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

    from device_trees import Kernel
    from rknn_flake.nix import Nix

pytest_plugins = ["device_tree_kernels"]
pytestmark = pytest.mark.nix

BOARD = "orangepi-5-plus"
DTB = f"rockchip/rk3588-{BOARD}.dtb"


@pytest.fixture(scope="module")
def headers(kernel: Kernel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like a kernel package's dev output, with what overlays include."""
    made = tmp_path_factory.mktemp("kernel-dev")
    for folder in ("include", "scripts"):
        shutil.copytree(
            kernel.source / folder, made / "lib/modules/0/source" / folder, symlinks=True
        )
    return made


@pytest.fixture
def dtbs(kernel: Kernel, tmp_path: Path) -> Path:
    """Return a folder like a kernel package's dtbs, with one board's tree."""
    made = tmp_path / "dtbs"
    (made / DTB).parent.mkdir(parents=True)
    shutil.copy(kernel.dtb(DTB), made / DTB)
    return made


def checked(  # noqa: PLR0913
    nix: Nix,
    headers: Path,
    dtbs: Path,
    *,
    board: str = BOARD,
    text: str = "text",
    overlay: str = "overlay",
    more: str = "",
) -> str:
    """Build the check and return what it says; `text` and `overlay` are what replaces ours."""
    built = nix.build_expression(f"""
      let
        inherit (({pkgs_expression()}).rknn) deviceTree;
        text = deviceTree.overlayFor {{ board = "{BOARD}"; }};
        overlay = deviceTree.compile {{
          name = "npu";
          text = {text};
          kernel = {{ dev = {headers}; modDirVersion = "0"; }};
        }};
      in deviceTree.check {{
        dtbs = {dtbs}; board = "{board}"; overlay = {overlay}; {more}
      }}
    """)
    return nix.physical(built["out"]).read_text()


def test_the_boards_own_tree_and_overlay_pass(nix: Nix, headers: Path, dtbs: Path) -> None:
    said = checked(nix, headers, dtbs)
    assert "/rknpu@fdab0000 has the registers, interrupts, clocks (200000000 Hz)" in said


def test_a_tree_that_is_merged_already_passes(
    nix: Nix, kernel: Kernel, headers: Path, dtbs: Path
) -> None:
    text = nix.eval_expression(
        f'({pkgs_expression()}).rknn.deviceTree.overlayFor {{ board = "{BOARD}"; }}'
    )
    overlay = kernel.overlay("merged-before", str(text))
    run(["fdtoverlay", "-i", kernel.dtb(DTB), "-o", dtbs / DTB, overlay])
    assert "which are off" in checked(nix, headers, dtbs, overlay="null")


def test_a_tree_without_the_overlay_is_refused(nix: Nix, headers: Path, dtbs: Path) -> None:
    with pytest.raises(RknnError, match="/npu@fdab0000: found status okay, expected disabled"):
        checked(nix, headers, dtbs, overlay="null")


def test_a_tree_without_labels_is_refused(nix: Nix, headers: Path, dtbs: Path) -> None:
    run(["fdtput", "-r", dtbs / DTB, "/__symbols__"])
    with pytest.raises(RknnError, match=re.escape(f"{DTB}: /__symbols__: found no labels")):
        checked(nix, headers, dtbs)


def test_a_label_that_the_tree_lacks_is_named(nix: Nix, headers: Path, dtbs: Path) -> None:
    run(["fdtput", "-d", dtbs / DTB, "/__symbols__", "vdd_npu_s0"])
    with pytest.raises(RknnError, match="/__symbols__: found no vdd_npu_s0, expected"):
        checked(nix, headers, dtbs)


def test_a_board_that_the_kernel_lacks_is_named(nix: Nix, headers: Path, dtbs: Path) -> None:
    with pytest.raises(RknnError, match=r"rk3588-rock-5b\.dtb: file: found No such file"):
        checked(nix, headers, dtbs, board="rock-5b")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "IRQ_TYPE_LEVEL_HIGH 0>",
            "IRQ_TYPE_LEVEL_HIGH>",
            "found interrupts of 9 cells, expected 12",
        ),
        ("<&SUPPLY>", "<&vdd_cpu_big0_s0>", "found rknpu-supply /i2c@fd880000/regulator@42"),
        ("<CLOCK_RATE>", "<1000000000>", "assigned-clock-rates = <1000000000>, expected <2"),
    ],
)
def test_an_overlay_that_says_something_else_is_refused(  # noqa: PLR0913, PLR0917
    nix: Nix, headers: Path, dtbs: Path, old: str, new: str, complaint: str
) -> None:
    text = f'builtins.replaceStrings [ "{old}" ] [ "{new}" ] text'
    with pytest.raises(RknnError, match=re.escape(complaint)):
        checked(nix, headers, dtbs, text=text)


def test_a_clock_that_was_asked_for_passes(nix: Nix, headers: Path, dtbs: Path) -> None:
    text = f'deviceTree.overlayFor {{ board = "{BOARD}"; clockRate = 100000000; }}'
    said = checked(nix, headers, dtbs, text=text, more="clockRate = 100000000;")
    assert "clocks (100000000 Hz)" in said
