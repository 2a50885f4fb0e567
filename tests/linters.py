"""The linters that come with the tests' Python, or are on PATH."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.process import run


def complaints(name: str, *arguments: str | Path, cache: Path | None = None) -> str:
    """Return what a linter says in the project's folder; mypy may have a `cache` of its own."""
    beside = str(Path(sys.executable).parent)
    program = shutil.which(name, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip(
            f"no {name} beside this Python or on PATH; scripts/test and nix develop have it"
        )
    env = {"MYPY_CACHE_DIR": str(cache)} if cache else None
    done = run([program, *arguments], cwd=PROJECT, check=False, env=env)
    return "" if done.status == 0 else f"{done.stdout}{done.stderr}"
