"""Boards that many tests share: booting one takes seconds, so there are as few as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.board import Board, BoardSpec, DeviceTree, PretendDriver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROCK_3A = DeviceTree("Radxa ROCK3 Model A", ("radxa,rock3a", "rockchip,rk3568"))
# A store as Nix lays it out, with the kinds of file a closure holds.
STORE_PATH = "/nix/store/00000000000000000000000000000000-example"


@pytest.fixture(scope="session")
def npu_board() -> Iterator[Board]:
    """Boot an Orange Pi 5 Plus with the pretend driver; a test that reloads it restores it."""
    with Board(BoardSpec(driver=PretendDriver())) as board:
        yield board


@pytest.fixture(scope="session")
def other_board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Boot a board of another maker and chip: no driver, one small store path, a few files."""
    store = tmp_path_factory.mktemp("store")
    made = store / STORE_PATH.removeprefix("/")
    (made / "bin").mkdir(parents=True)
    program = made / "bin/greet"
    program.write_text("#!/bin/sh\necho greetings from $0\n")
    program.chmod(0o555)
    (made / "link").symlink_to(f"{STORE_PATH}/bin/greet")
    files: dict[str, Path | bytes] = {
        "/lib/placed/bytes": bytes(range(256)),
        "/srv/folder": made / "bin",
    }
    spec = BoardSpec(store=store, closure=(STORE_PATH,), files=files, device_tree=ROCK_3A)
    with Board(spec) as board:
        yield board
