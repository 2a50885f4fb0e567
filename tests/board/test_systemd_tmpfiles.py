"""systemd-tmpfiles makes /usr/lib/librknnrt.so, and removes it when it is switched off."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from board.systemd_board import LINK, TMPFILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.binding_board import BindingBoard
    from rknn_flake.board import Board

pytestmark = pytest.mark.board

APPLY = "systemd-tmpfiles --create --remove"


@pytest.fixture
def board(systemd_board: BindingBoard, tmpfiles_rules: dict[bool, str]) -> Iterator[Board]:
    """Yield the board; its file for systemd-tmpfiles is set right after."""
    yield systemd_board.board
    switch(systemd_board.board, tmpfiles_rules[True])


def switch(board: Board, rules: str) -> None:
    """Apply `rules` as a switch to a new configuration does."""
    text = base64.b64encode(rules.encode()).decode()
    board.check(f"echo {text} | base64 -d >{TMPFILES} && {APPLY}")


def test_it_is_made_at_boot(board: Board, systemd_board: BindingBoard) -> None:
    assert board.check(f"readlink {LINK}").strip() == systemd_board.library
    assert board.check(f"head -c 4 {LINK}") == "\x7fELF"


def test_it_is_removed(board: Board, tmpfiles_rules: dict[bool, str]) -> None:
    board.check(f"test -L {LINK}")
    switch(board, tmpfiles_rules[False])
    assert board.run(f"test -L {LINK}").status == 1
    switch(board, tmpfiles_rules[False])
    assert board.run(f"test -e {LINK}").status == 1


@pytest.mark.parametrize("there", ["a file", "a link"])
def test_it_takes_the_place_of_another(
    board: Board, systemd_board: BindingBoard, tmpfiles_rules: dict[bool, str], there: str
) -> None:
    make = f"ln -s /nowhere {LINK}" if there == "a link" else f"echo >{LINK}"
    board.check(f"rm {LINK} && {make}")
    switch(board, tmpfiles_rules[True])
    assert board.check(f"readlink {LINK}").strip() == systemd_board.library
