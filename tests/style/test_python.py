"""Python code is formatted, lint-free and typed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.process import run

CODE = ("scripts", "tests", "benchmarks", "pkgs/rknn")


def complaints(name: str, *arguments: str) -> str:
    """Return what a linter says; it is beside this Python, or on PATH."""
    beside = str(Path(sys.executable).parent)
    program = shutil.which(name, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip(
            f"no {name} beside this Python or on PATH; scripts/test and nix develop have it"
        )
    done = run([program, *arguments], cwd=PROJECT, check=False)
    return "" if done.status == 0 else f"{done.stdout}{done.stderr}"


def test_formatted() -> None:
    assert complaints("ruff", "format", "--check", *CODE) == ""


def test_no_lint() -> None:
    assert complaints("ruff", "check", "--output-format=concise", *CODE) == ""


@pytest.mark.parametrize(
    "roots",
    [
        ("scripts", "pkgs/rknn/hooks", "pkgs/rknn/npu-load", "pkgs/rknn/ready"),
        ("tests",),
        ("benchmarks",),
    ],
)
def test_typed(roots: tuple[str, ...]) -> None:
    assert complaints("mypy", *roots) == ""


def test_a_fault_is_found(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("x: int = 'text'\nimport os\n")
    assert "Incompatible types" in complaints("mypy", str(tmp_path / "bad.py"))
    assert "F401" in complaints("ruff", "check", "--output-format=concise", str(tmp_path))
