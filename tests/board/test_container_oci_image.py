"""The image that dockerTools makes of the binding runs a model: loaded by podman, given the NPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board import binding_board as binding
from board.container_board import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

NOBODY = "65534"
# The image's Python is Debian's, which hostpkgs leaves where it is; the models and our program.
MOUNTED = (
    "/lib/ld-linux-aarch64.so.1",
    "/srv",
    "/usr/bin/python3.11",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib/python3.11",
)
TRY = (f"{binding.GUEST}/in_container.py", f"{binding.MODELS}/conv-rk3588.rknn")


@pytest.fixture(scope="module")
def image(container_board: ContainerBoard) -> Iterator[str]:
    """Load the image into podman's store, and remove it, which is most of the memory, after."""
    board = container_board.board
    said = board.check(
        f"podman load --quiet --input {container_board.root}/image", timeout=binding.SECONDS
    )
    name = said.split()[-1]
    yield name
    board.check(f"podman rmi --force {name}", timeout=binding.SECONDS)


def run(board: ContainerBoard, image: str, *options: str) -> Container:
    return board.podman(*options, image=image, mounted=MOUNTED, command=TRY)


def test_a_model_runs_as_nobody(container_board: ContainerBoard, image: str) -> None:
    container = run(container_board, image, "--device", ALL, "--read-only")
    assert image == "localhost/rknn:2.3.2"
    assert container.seen["outputs"] == [[[1, 8, 1, 1], "float32"]], container.said
    assert container.seen["status"]["Uid"].split()[0] == NOBODY, container.seen
    (library,) = container.seen["libraries"]
    assert library.startswith("/nix/store/"), container.seen


def test_without_the_npu_it_does_not(container_board: ContainerBoard, image: str) -> None:
    container = run(container_board, image)
    assert container.seen["init"] == -1, container.said
