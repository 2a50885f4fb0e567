"""Which drivers the binding runs on, and the vendor's codes and messages where it doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import Attempt
from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

NO_NODE = "failed to open rknpu module, need to insmod rknpu dirver!"
TOO_OLD = "requires driver version >= 0.7.0, but you have driver version: 0.6.9"


def test_no_driver(changing_board: BindingBoard) -> None:
    changing_board.board.check("rmmod rknpu")
    outcome = changing_board.attempt(Attempt())
    assert (outcome.load, outcome.init) == (0, -1), outcome.said
    assert NO_NODE in outcome.said
    assert "failed to open rknn device!" in outcome.said
    assert "RKNN init failed. error code: RKNN_ERR_FAIL" in outcome.said
    status, said = changing_board.rknn_init()
    assert status == -1, said


def test_driver_too_old(changing_board: BindingBoard) -> None:
    changing_board.board.load_driver(PretendDriver(version="0.6.9"))
    outcome = changing_board.attempt(Attempt())
    assert outcome.init == -1, outcome.said
    assert TOO_OLD in outcome.said
    assert "invalid device fd!" in outcome.said
    assert "RKNN init failed. error code: RKNN_ERR_FAIL" in outcome.said
    assert NO_NODE not in outcome.said


@pytest.mark.parametrize(("version", "expected"), [("0.6.9", -1), ("0.7.0", 0), ("0.10.0", 0)])
def test_lowest_driver_that_does(changing_board: BindingBoard, version: str, expected: int) -> None:
    changing_board.board.load_driver(PretendDriver(version=version))
    status, said = changing_board.rknn_init()
    assert status == expected, said
    assert f"RKNN Driver Information, version: {version}" in said


def test_another_chip(changing_board: BindingBoard) -> None:
    changing_board.board.load_driver(PretendDriver(hw_version=0x12345678))
    status, said = changing_board.rknn_init()
    assert status == -1, said
    assert "This shared library is for RK356X/RK3588 platforms only, hw_version = " in said


def test_node_of_the_misc_driver(changing_board: BindingBoard) -> None:
    changing_board.board.load_driver(PretendDriver(mode="misc"))
    assert changing_board.board.run("ls /dev/dri").status != 0
    status, said = changing_board.rknn_init()
    assert status == 0, said


def test_a_link_under_its_name_leads_astray(changing_board: BindingBoard) -> None:
    # The library takes /dev/rknpu, once it opens, for the misc driver's.
    board = changing_board.board
    board.check("ln -s dri/card0 /dev/rknpu")
    try:
        status, said = changing_board.rknn_init()
    finally:
        board.check("rm /dev/rknpu")
    assert status == -1, said
    assert "GET_HW_VERSION ioctl: " in said
