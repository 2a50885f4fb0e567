"""A variable keeps a program that names no cores of the NPU to some of them, in every release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import RELEASES, Attempt

if TYPE_CHECKING:
    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

# At this level the simulator says what it is told.
LOUD = {"RKNN_LOG_LEVEL": "2"}
SAID = "rknn_set_core_mask: core mask"


@pytest.mark.parametrize("release", RELEASES)
def test_the_library_is_told_the_variables(binding_board: BindingBoard, release: str) -> None:
    outcome = binding_board.attempt(
        Attempt(release=release, environment={**LOUD, "RKNN_CORE_MASK": "2"})
    )
    assert outcome.init == 0, outcome.said
    assert outcome.outputs, outcome.said
    assert f"{SAID} 2" in outcome.said


def test_without_one_it_is_told_none(binding_board: BindingBoard) -> None:
    outcome = binding_board.attempt(Attempt(environment=LOUD))
    assert outcome.init == 0, outcome.said
    assert SAID not in outcome.said


def test_what_is_no_mask_is_named(binding_board: BindingBoard) -> None:
    outcome = binding_board.attempt(Attempt(environment={"RKNN_CORE_MASK": "6"}))
    assert outcome.init == -1, outcome.said
    assert "RKNN_CORE_MASK is '6', and a mask is one of 1, 2, 4, 3, 7" in outcome.said
