"""A patched wheel imports the patches first, has no bounds, no programs, and a true RECORD."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import patch_toolkit
from unit.toolkit_wheel import ADB, BASE, INFO, contents, record_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.toolkit_fixtures"]

PATCHES = Path(patch_toolkit.__file__).with_name("toolkit_patches")


@pytest.fixture
def patched(wheel: Path, patch: Callable[..., Outcome]) -> Path:
    """Return the wheel's folder, patched."""
    outcome = patch(wheel, "--python", "cp311")
    assert outcome.status == 0, outcome
    return wheel


def test_the_patches_are_imported_before_anything_else(patched: Path) -> None:
    lines = (patched / "rknn/api/__init__.py").read_text().splitlines()
    assert lines == ["import rknn.api.compatibility.applied", "from rknn.api.rknn import RKNN"]
    added = {path.name for path in (patched / "rknn/api/compatibility").iterdir()}
    assert added == {path.name for path in PATCHES.glob("*.py")}
    assert "applied.py" in added


def test_all_other_files_stay_as_they_are(wheel: Path, patch: Callable[..., Outcome]) -> None:
    before = contents(wheel)
    assert patch(wheel, "--python", "cp311").status == 0
    after = contents(wheel)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {"rknn/api/__init__.py", f"{INFO}/METADATA", f"{INFO}/RECORD", ADB}
    assert after[BASE] == before[BASE]


def test_the_vendors_programs_are_left_out(patched: Path) -> None:
    assert not (patched / "rknn/3rdparty/platform-tools").exists()
    assert "platform-tools" not in (patched / INFO / "RECORD").read_text()


def test_record_agrees_with_every_file(patched: Path) -> None:
    files = contents(patched)
    text = files.pop(f"{INFO}/RECORD").decode()
    assert set(text.splitlines()) == {
        *(record_line(name, data) for name, data in files.items()),
        f"{INFO}/RECORD,,",
    }
    names = [row[0] for row in csv.reader(text.splitlines())]
    assert len(names) == len(set(names)), names


def test_bounds_are_taken_out_and_the_text_stays(patched: Path) -> None:
    text = (patched / INFO / "METADATA").read_text()
    head, _, body = text.partition("\n\n")
    assert head.splitlines()[3:] == [
        "Requires-Dist: protobuf",
        "Requires-Dist: onnxruntime",
        "Requires-Dist: torch",
    ]
    assert "Requires-Dist: a line of the text" in body


def test_a_requirement_can_be_left_out(wheel: Path, patch: Callable[..., Outcome]) -> None:
    assert patch(wheel, "--python", "cp311", "--without", "torch").status == 0
    head = (wheel / INFO / "METADATA").read_text().partition("\n\n")[0]
    assert "torch" not in head
    assert "onnxruntime" in head
