"""Python code is formatted, lint-free and typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linters import complaints

if TYPE_CHECKING:
    from pathlib import Path

CODE = ("scripts", "tests", "benchmarks", "pkgs/rknn")


def test_formatted() -> None:
    assert complaints("ruff", "format", "--check", *CODE) == ""


def test_no_lint() -> None:
    assert complaints("ruff", "check", "--output-format=concise", *CODE) == ""


@pytest.mark.parametrize(
    "roots",
    [
        (
            "scripts",
            "pkgs/rknn/hooks",
            "pkgs/rknn/npu-load",
            "pkgs/rknn/ready",
            "pkgs/rknn/cdi",
            "pkgs/rknn/device-plugin",
            "pkgs/rknn/convert",
        ),
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
