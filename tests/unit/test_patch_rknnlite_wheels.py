"""The real wheels from PyPI are patched too; RKNN_WHEELS names a folder that holds some."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

FOLDER = os.environ.get("RKNN_WHEELS")
WHEELS = sorted(Path(FOLDER).glob("rknn_toolkit_lite2-*.whl")) if FOLDER else []
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="RKNN_WHEELS is not set: a folder of rknn-toolkit-lite2 wheels"
)


@pytest.fixture
def unpacked(wheel: Tree) -> Callable[[Path], Tree]:
    """Return a function that unpacks a wheel in place of the made-up one."""

    def unpack(path: Path) -> Tree:
        root = wheel.root.with_name("real")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(root)
        return type(wheel)(root, wheel.library, wheel.board)

    return unpack


def test_the_folder_holds_wheels() -> None:
    assert WHEELS, f"no rknn_toolkit_lite2-*.whl in {FOLDER}"


@pytest.mark.parametrize("path", WHEELS or [Path("none")], ids=lambda path: path.name)
def test_a_real_wheel_is_patched(
    path: Path, unpacked: Callable[[Path], Tree], patch: Callable[..., Outcome]
) -> None:
    tree = unpacked(path)
    before = tree.contents()
    assert patch(tree.root, "--library", tree.library).status == 0
    after = tree.contents()
    compiled = {name for name in before if name.endswith(".so")}
    assert len(compiled) > 5, sorted(before)
    assert all(after[name] == before[name] for name in compiled)
    lines = tree.record().read_text(encoding="utf-8").splitlines()
    for name, data in after.items():
        if not name.endswith("/RECORD"):
            assert tree.record_line(name, data) in lines, name
    outcome = patch(tree.root, "--library", tree.library)
    assert "already opens" in outcome.out, outcome
