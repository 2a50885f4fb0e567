"""The hook repacks the wheel, the same bytes each time, and leaves out what the package says."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import patch_toolkit
from rknn_flake.process import run
from unit.toolkit_wheel import BASE, INFO, contents

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["unit.toolkit_fixtures"]

SCRIPT = Path(patch_toolkit.__file__)
NAME = "rknn_toolkit2-2.3.2-cp311-cp311-linux_x86_64.whl"


@pytest.fixture
def repack(wheel: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that packs the wheel in a folder's dist/ and runs the hook on it."""

    def call(folder: str, **variables: str) -> Path:
        made = tmp_path / folder / "dist" / NAME
        made.parent.mkdir(parents=True)
        with zipfile.ZipFile(made, "w") as archive:
            for name, data in contents(wheel).items():
                archive.writestr(name, data)
        hook = SCRIPT.with_name("patch-toolkit.sh").read_text(encoding="utf-8")
        for name, value in {
            "interpreter": sys.executable,
            "script": str(SCRIPT),
            "patches": str(SCRIPT.with_name("toolkit_patches")),
        }.items():
            hook = hook.replace(f"@{name}@", value)
        run(
            ["bash", "-c", f"set -eu\npreInstallHooks=()\n{hook}\npatchToolkit"],
            cwd=made.parents[1],
            env={
                "rknnPythonTag": "cp311",
                "SOURCE_DATE_EPOCH": "315619200",
                "TMPDIR": str(made.parents[1]),
                **variables,
            },
        )
        return made

    return call


def test_the_compiled_module_and_the_patches_are_in_the_new_wheel(
    repack: Callable[..., Path], wheel: Path
) -> None:
    with zipfile.ZipFile(repack("one")) as archive:
        assert archive.read(BASE) == (wheel / BASE).read_bytes()
        assert "rknn/api/compatibility/applied.py" in archive.namelist()
        assert "torch" in archive.read(f"{INFO}/METADATA").decode()


def test_what_the_package_does_without_is_not_required(repack: Callable[..., Path]) -> None:
    with zipfile.ZipFile(repack("one", rknnWithout="torch protobuf")) as archive:
        text = archive.read(f"{INFO}/METADATA").decode()
    assert ("torch" in text, "protobuf" in text, "onnxruntime" in text) == (False, False, True)


def test_twice_is_the_same_file(repack: Callable[..., Path]) -> None:
    assert repack("one").read_bytes() == repack("two").read_bytes()
