"""An overlay's text is the same for all boards but for what their table says; no other is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix
KEYS = {"name", "compatible", "dtb", "since", "supply", "memSupply", "confirmed"}


def evaluated(nix: Nix, package_set: Path, expression: str) -> Any:  # noqa: ANN401 (any JSON)
    pkgs = pkgs_expression(package_set)
    return nix.eval_expression(f"let inherit (({pkgs}).rknn) deviceTree; in {expression}")


@pytest.fixture
def boards(evaluator: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = evaluated(evaluator, package_set, "deviceTree.boards")
    return found


def test_every_board_has_all_that_its_users_read(boards: dict[str, dict[str, Any]]) -> None:
    for key, board in boards.items():
        assert set(board) == KEYS, key
        assert re.fullmatch(r"rockchip/rk3588s?-[a-z0-9-]+\.dtb", board["dtb"]), key
        assert re.fullmatch(r"vdd_npu(_mem)?_s0", board["supply"]), key


def test_no_two_boards_are_one(boards: dict[str, dict[str, Any]]) -> None:
    for field in ("name", "compatible", "dtb"):
        values = [board[field] for board in boards.values()]
        assert len(set(values)) == len(values), field


def test_a_board_is_served_or_not(
    evaluator: Nix, package_set: Path, boards: dict[str, dict[str, Any]]
) -> None:
    unserved = evaluated(evaluator, package_set, "deviceTree.unserved")
    assert unserved
    assert not {board["dtb"] for board in boards.values()} & set(unserved)


def test_the_boards_own_words_come_before_the_common_text(
    evaluator: Nix, package_set: Path
) -> None:
    one, other = (
        evaluated(evaluator, package_set, f'deviceTree.overlayFor {{ board = "{board}"; }}')
        for board in ("orangepi-5-plus", "quartzpro64")
    )
    assert one.splitlines()[:4] == [
        '#define BOARD "xunlong,orangepi-5-plus"',
        "#define SUPPLY vdd_npu_s0",
        "#define MEM_SUPPLY vdd_npu_s0",
        "#define CLOCK_RATE 200000000",
    ]
    assert "#define MEM_SUPPLY vdd_npu_mem_s0" in other
    assert one.splitlines()[4:] == other.splitlines()[4:]


def test_the_clock_is_in_the_text(evaluator: Nix, package_set: Path) -> None:
    arguments = '{ board = "rock-5b"; clockRate = 100000000; }'
    text = evaluated(evaluator, package_set, f"deviceTree.overlayFor {arguments}")
    assert "#define CLOCK_RATE 100000000" in text


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ('{ board = "orangepi-6"; }', "board is orangepi-6; write one of cm3588-nas, coolpi-4b"),
        ('{ board = "rock-5b"; clockRate = 0; }', "clockRate is 0; write a rate in Hz"),
        ('{ board = "rock-5b"; clockRate = "200M"; }', "clockRate is 200M; write a rate in Hz"),
        ('{ board = "rock-5b"; clockRate = 4294967296; }', "clockRate is 4294967296; write"),
    ],
)
def test_what_is_no_board_and_no_rate_is_refused(
    evaluator: Nix, package_set: Path, arguments: str, complaint: str
) -> None:
    with pytest.raises(RknnError, match=re.escape(complaint)):
        evaluated(evaluator, package_set, f"deviceTree.overlayFor {arguments}")
