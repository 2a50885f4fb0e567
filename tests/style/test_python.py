"""Python code is formatted, lint-free and typed."""

from __future__ import annotations

import sys

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.process import run

CODE = ("scripts", "tests", "benchmarks", "pkgs/rknn")


def complaints(*argv: str) -> str:
    done = run([sys.executable, "-m", *argv], cwd=PROJECT, check=False)
    return "" if done.status == 0 else f"{done.stdout}{done.stderr}"


def test_formatted() -> None:
    assert complaints("ruff", "format", "--check", *CODE) == ""


def test_no_lint() -> None:
    assert complaints("ruff", "check", "--output-format=concise", *CODE) == ""


@pytest.mark.parametrize(
    "roots", [("scripts", "pkgs/rknn/hooks", "pkgs/rknn/npu-load"), ("tests",), ("benchmarks",)]
)
def test_typed(roots: tuple[str, ...]) -> None:
    assert complaints("mypy", *roots) == ""
