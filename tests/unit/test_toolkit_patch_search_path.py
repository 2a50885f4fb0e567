"""What the toolkit appends to sys.path by the current folder is taken out, and nothing else."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from toolkit_patches import search_path

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["unit.toolkit_fixtures"]

VENDOR = """
import os, sys
sys.path.append(os.path.abspath(os.path.join(os.path.dirname("__file__"), "..", "base")))
sys.path.append("/kept")
"""


@pytest.fixture
def stray(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the folder that the vendor's module appends, from where the test is."""
    (installed / "rknn" / "api").mkdir(parents=True)
    (installed / "rknn" / "api" / "rknn.py").write_text(VENDOR)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return str(tmp_path / "base")


def test_the_folder_beside_the_current_one_is_taken_out(stray: str) -> None:
    assert search_path.apply() is True
    import_module("rknn.api.rknn")
    assert stray not in sys.path
    assert "/kept" in sys.path


def test_without_it_the_folder_is_there(stray: str) -> None:
    import_module("rknn.api.rknn")
    assert stray in sys.path


def test_a_folder_that_was_there_before_stays(stray: str) -> None:
    sys.path.append(stray)
    search_path.apply()
    import_module("rknn.api.rknn")
    assert stray in sys.path


def test_there_is_nothing_to_do_after_the_import(stray: str) -> None:
    import_module("rknn.api.rknn")
    assert search_path.apply() is False
    assert stray in sys.path
