"""Work for a module is done once it has been imported, and not before."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from toolkit_patches.importing import after_import

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

pytest_plugins = ["unit.toolkit_fixtures"]


@pytest.fixture
def done(installed: Path) -> list[ModuleType]:
    """Return the modules that the work was done with; rknn.late is there to be imported."""
    (installed / "rknn").mkdir()
    (installed / "rknn" / "late.py").write_text("value = 1\n")
    (installed / "rknn" / "broken.py").write_text("raise OSError('broken')\n")
    return []


def test_it_waits_for_the_import(done: list[ModuleType]) -> None:
    after_import("rknn.late", done.append)
    assert done == []
    late = import_module("rknn.late")
    assert (done, late.value) == ([late], 1)


def test_it_is_done_once_and_nothing_is_left_behind(done: list[ModuleType]) -> None:
    before = list(sys.meta_path)
    after_import("rknn.late", done.append)
    late = import_module("rknn.late")
    del sys.modules["rknn.late"]
    import_module("rknn.late")
    assert done == [late]
    assert sys.meta_path == before


def test_a_module_that_is_there_is_not_waited_for(done: list[ModuleType]) -> None:
    late = import_module("rknn.late")
    after_import("rknn.late", done.append)
    assert done == [late]


def test_a_module_that_cannot_be_imported_is_not_worked_on(done: list[ModuleType]) -> None:
    after_import("rknn.broken", done.append)
    after_import("rknn.absent", done.append)
    with pytest.raises(OSError, match="broken"):
        import_module("rknn.broken")
    with pytest.raises(ModuleNotFoundError):
        import_module("rknn.absent")
    assert done == []
