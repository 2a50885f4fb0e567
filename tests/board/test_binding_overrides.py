"""Two environment variables override the library and the file that names the SoC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import Attempt, Outcome

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


@pytest.fixture(scope="module")
def outcomes(masked_board: BindingBoard) -> dict[str, Outcome]:
    """Return what the variables lead to, right and wrong, tried in one process."""
    tries = {
        "both": {LIBRARY: OTHER_LIBRARY, NODE: COPIED_NODE},
        "neither": {},
        "wrong library": {LIBRARY: "/nowhere/librknnrt.so", NODE: COPIED_NODE},
        "no library": {LIBRARY: NO_SOC, NODE: COPIED_NODE},
        "wrong node": {NODE: "/nowhere/compatible"},
        "no soc": {NODE: NO_SOC},
        "empty library": {LIBRARY: "", NODE: COPIED_NODE},
    }
    attempts = [Attempt(environment=environment) for environment in tries.values()]
    return dict(zip(tries, masked_board.attempt(*attempts), strict=True))


def test_both_are_followed(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["both"]
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said
    assert outcome.libraries == [OTHER_LIBRARY]


def test_without_them_the_mask_is_named(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["neither"]
    assert outcome.init == -1, outcome.said
    assert f"SoC file {DEVICE_TREE} ({NODE} would set another): cannot be opened" in outcome.said


def test_an_empty_variable_is_none(
    binding_board: BindingBoard, outcomes: dict[str, Outcome]
) -> None:
    outcome = outcomes["empty library"]
    assert outcome.init == 0, outcome.said
    assert outcome.libraries == [binding_board.library]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "wrong library",
            f"library /nowhere/librknnrt.so (set by {LIBRARY}): cannot be opened, ENOENT",
        ),
        ("no library", f"library {NO_SOC} (set by {LIBRARY}): cannot be opened, file too short"),
        ("wrong node", f"SoC file /nowhere/compatible (set by {NODE}): cannot be opened, ENOENT"),
        ("no soc", f"SoC file {NO_SOC} (set by {NODE}): says 'a,board"),
    ],
)
def test_a_wrong_one_is_named(outcomes: dict[str, Outcome], name: str, says: str) -> None:
    assert outcomes[name].init == -1, outcomes[name].said
    assert says in outcomes[name].said
