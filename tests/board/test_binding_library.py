"""The patched binding opens the store's library with nothing in /usr/lib; the plain wheel can't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import PLAIN, RELEASES, Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

VENDORS_PLACE = "/usr/lib/librknnrt.so"


@pytest.fixture
def installed_by_hand(binding_board: BindingBoard) -> Iterator[None]:
    """Put the library where the plain wheel looks for it."""
    binding_board.board.check(f"ln -s {binding_board.library} {VENDORS_PLACE}")
    yield
    binding_board.board.check(f"rm {VENDORS_PLACE}")


def test_the_only_library_is_the_stores(binding_board: BindingBoard) -> None:
    found = binding_board.board.check("find / -xdev -name 'librknn*.so*'").split()
    assert found == [binding_board.library]
    assert found[0].startswith("/nix/store/")


@pytest.mark.parametrize("release", RELEASES)
def test_patched_binding_opens_it(binding_board: BindingBoard, release: str) -> None:
    outcome = binding_board.attempt(Attempt(release=release))
    assert outcome.libraries == [binding_board.library], outcome.said
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said


def test_plain_wheel_does_not_find_it(binding_board: BindingBoard) -> None:
    outcome = binding_board.attempt(Attempt(release=PLAIN))
    assert outcome.init == -1
    assert outcome.libraries == []
    assert "Can not find dynamic library on RK3588!" in outcome.said


@pytest.mark.usefixtures("installed_by_hand")
def test_plain_wheel_lacks_nothing_else(binding_board: BindingBoard) -> None:
    outcome = binding_board.attempt(Attempt(release=PLAIN))
    assert outcome.init == 0, outcome.said
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said
