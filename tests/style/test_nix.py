"""Nix code is formatted as nixfmt does."""

from __future__ import annotations

import shutil

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.process import run


def test_formatted() -> None:
    if shutil.which("nixfmt") is None:
        pytest.skip("no nixfmt on PATH (Debian and PyPI have none; nix develop brings it)")
    files = run(["git", "ls-files", "*.nix"], cwd=PROJECT).stdout.split()
    assert files, "no Nix file found"
    done = run(["nixfmt", "--check", *files], cwd=PROJECT, check=False)
    assert (done.status, done.stdout) == (0, "")
