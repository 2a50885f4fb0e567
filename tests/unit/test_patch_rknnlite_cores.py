"""The patched binding keeps programs that name no cores of the NPU to those of a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

IMPORT = "from rknnlite.api import RKNNLite"
MASK = "RKNN_CORE_MASK"
AUTO, CORE_0 = 0, 1


@pytest.fixture
def board(patched: Tree, build: Callable[[Path, str], Path]) -> Tree:
    """Return the patched wheel, with a library to open."""
    build(patched.library, "int rknn_init;")
    return patched


def masks(tree: Tree, asked: int | None, **environment: str) -> str:
    """Return what is printed by an init_runtime() that asks for a core mask."""
    code = f"{IMPORT}\nprint('status', RKNNLite().init_runtime(core_mask={asked}))"
    return tree.on_board(code, **environment).stdout


@pytest.mark.parametrize("mask", ["1", "2", "4", "3", "7"])
def test_who_leaves_it_to_the_library_gets_the_variables(board: Tree, mask: str) -> None:
    assert masks(board, AUTO, **{MASK: mask}) == f"core mask {mask}\nstatus 0\n"


@pytest.mark.parametrize("environment", [{}, {MASK: ""}, {MASK: "0"}])
def test_without_one_it_stays_with_the_library(board: Tree, environment: dict[str, str]) -> None:
    assert masks(board, AUTO, **environment) == "core mask 0\nstatus 0\n"


def test_who_names_cores_gets_them(board: Tree) -> None:
    assert masks(board, CORE_0, **{MASK: "4"}) == f"core mask {CORE_0}\nstatus 0\n"


@pytest.mark.parametrize("mask", ["5", "6", "8", "-1", "0x1", "all"])
def test_what_is_no_mask_is_refused(board: Tree, mask: str) -> None:
    said = masks(board, AUTO, **{MASK: mask})
    assert f"RKNN_CORE_MASK is {mask!r}, and a mask is one of 1, 2, 4, 3, 7\n" in said
    assert said.endswith("status -1\n"), said


def test_a_reload_asks_the_original_still(board: Tree) -> None:
    code = f"""{IMPORT}
import importlib, rknnlite.api.store_runtime as s
importlib.reload(s)
RKNNLite().init_runtime(core_mask=0)
"""
    assert board.on_board(code, **{MASK: "2"}).stdout == "core mask 2\n"
