"""Boards that many tests share: booting one takes seconds, so there are as few as can be."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from board import binding_board as binding
from rknn_flake.board import Board, BoardSpec, DeviceTree, PretendDriver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.nix import Nix

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


@pytest.fixture(scope="session")
def binding_board(
    nix: Nix, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[binding.BindingBoard]:
    """Boot an Orange Pi 5 Plus with the bindings and tools that Nix built, and the plain wheel."""
    root = nix.build_expression(binding.closures_expression())["out"]
    wheel = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(
        nix.physical(nix.build_expression(binding.wheel_expression())["out"])
    ) as archive:
        archive.extractall(wheel)
    spec = BoardSpec(
        store=nix.store,
        closure=nix.closure(root),
        files={**binding.guest_files(), binding.WHEEL: wheel},
        driver=PretendDriver(),
    )
    with Board(spec) as board:
        yield binding.BindingBoard(board, root)


@pytest.fixture
def changing_board(binding_board: binding.BindingBoard) -> Iterator[binding.BindingBoard]:
    """Yield that board, for a test that changes its driver or nodes; they are set right after."""
    yield binding_board
    binding_board.board.load_driver(PretendDriver())
