"""Two environment variables override the library and the file that names the SoC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

LIBRARY = "RKNN_LIBRKNNRT_PATH"
NODE = "RKNN_DEVICE_COMPATIBLE_NODE"
DEVICE_TREE = "/proc/device-tree/compatible"
OTHER_LIBRARY = "/run/other/librknnrt.so"
COPIED_NODE = "/run/rknpu/compatible"
NO_SOC = "/run/rknpu/no-soc"


@pytest.fixture(scope="module")
def masked_board(binding_board: BindingBoard) -> Iterator[BindingBoard]:
    """Yield the board as a container sees it: /sys/firmware is empty, a copy is elsewhere."""
    board = binding_board.board
    board.check(f"mkdir -p /run/other /run/rknpu && cp {binding_board.library} {OTHER_LIBRARY}")
    board.check(f"cp {DEVICE_TREE} {COPIED_NODE} && echo a,board >{NO_SOC}")
    board.check("mount -t tmpfs -o ro none /sys/firmware")
    yield binding_board
    board.check("umount /sys/firmware && rm -r /run/other /run/rknpu")


def test_both_are_followed(masked_board: BindingBoard) -> None:
    outcome = masked_board.attempt(Attempt(environment={LIBRARY: OTHER_LIBRARY, NODE: COPIED_NODE}))
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said
    assert outcome.libraries == [OTHER_LIBRARY]


def test_without_them_the_mask_is_named(masked_board: BindingBoard) -> None:
    outcome = masked_board.attempt(Attempt())
    assert outcome.init == -1, outcome.said
    assert f"SoC file {DEVICE_TREE} ({NODE} would set another): cannot be opened" in outcome.said


def test_an_empty_variable_is_none(masked_board: BindingBoard) -> None:
    outcome = masked_board.attempt(Attempt(environment={LIBRARY: "", NODE: COPIED_NODE}))
    assert outcome.init == 0, outcome.said
    assert outcome.libraries == [masked_board.library]


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (
            {LIBRARY: "/nowhere/librknnrt.so", NODE: COPIED_NODE},
            f"library /nowhere/librknnrt.so (set by {LIBRARY}): cannot be opened, ENOENT",
        ),
        (
            {LIBRARY: NO_SOC, NODE: COPIED_NODE},
            f"library {NO_SOC} (set by {LIBRARY}): cannot be opened, file too short",
        ),
        (
            {NODE: "/nowhere/compatible"},
            f"SoC file /nowhere/compatible (set by {NODE}): cannot be opened, ENOENT",
        ),
        ({NODE: NO_SOC}, f"SoC file {NO_SOC} (set by {NODE}): says 'a,board"),
    ],
)
def test_a_wrong_one_is_named(
    masked_board: BindingBoard, environment: dict[str, str], says: str
) -> None:
    outcome = masked_board.attempt(Attempt(environment=environment))
    assert outcome.init == -1, outcome.said
    assert says in outcome.said
