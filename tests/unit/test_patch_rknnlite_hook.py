"""The hook repacks the wheel with every file it had, the same bytes each time."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import patch_rknnlite
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

SCRIPT = Path(patch_rknnlite.__file__)
NAME = "rknn_toolkit_lite2-2.3.2-cp311-cp311-linux_aarch64.whl"


@pytest.fixture
def repack(wheel: Tree, tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that packs the wheel in a folder's dist/ and runs the hook on it."""

    def call(folder: str) -> Path:
        made = tmp_path / folder / "dist" / NAME
        made.parent.mkdir(parents=True)
        with zipfile.ZipFile(made, "w") as archive:
            for name, data in wheel.contents().items():
                archive.writestr(name, data)
        hook = SCRIPT.with_name("patch-rknnlite.sh").read_text(encoding="utf-8")
        for name, value in {
            "interpreter": sys.executable,
            "script": str(SCRIPT),
            "module": str(SCRIPT.with_name("store_runtime.py")),
        }.items():
            hook = hook.replace(f"@{name}@", value)
        run(
            ["bash", "-c", f"set -eu\npreInstallHooks=()\n{hook}\npatchRknnlite"],
            cwd=made.parents[1],
            env={
                "rknnRuntimeLibrary": str(wheel.library),
                "rknnPythonTag": "cp311",
                "SOURCE_DATE_EPOCH": "315619200",
                "TMPDIR": str(made.parents[1]),
            },
        )
        return made

    return call


@pytest.fixture(autouse=True)
def compiled_module(wheel: Tree) -> None:
    """Name the runtime module as --python wants it."""
    old, new = "rknn_runtime.py", "rknn_runtime.cpython-311-aarch64-linux-gnu.so"
    (wheel.root / "rknnlite/api" / old).rename(wheel.root / "rknnlite/api" / new)
    text = wheel.record().read_text(encoding="utf-8")
    wheel.record().write_text(text.replace(old, new), encoding="utf-8")


def test_files_beside_the_folders_are_kept(wheel: Tree, repack: Callable[[str], Path]) -> None:
    (wheel.root / "rknnlite.pth").write_text("# beside the folders\n", encoding="utf-8")
    before = set(wheel.contents())
    with zipfile.ZipFile(repack("one")) as archive:
        after = {name for name in archive.namelist() if not name.endswith("/")}
    assert after == before | {"rknnlite/api/store_runtime.py"}, after ^ before


def test_twice_is_the_same_file(repack: Callable[[str], Path]) -> None:
    assert repack("one").read_bytes() == repack("two").read_bytes()
