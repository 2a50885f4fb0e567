"""Too little disk is said before any work starts."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from rknn_flake import hostsetup
from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from pathlib import Path


def leave_free(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=size))


def test_too_little_disk_is_refused_with_both_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_free(monkeypatch, 3 * hostsetup.GIGABYTE)
    with pytest.raises(RknnError, match=r"3\.0 GB free, 4\.0 GB needed.*RKNN_FLAKE_CACHE"):
        hostsetup.check_disk(tmp_path / "not" / "there" / "yet")


def test_enough_disk_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_free(monkeypatch, hostsetup.FRESH_BYTES)
    hostsetup.check_disk(tmp_path)


def test_second_run_needs_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_free(monkeypatch, hostsetup.AGAIN_BYTES)
    with pytest.raises(RknnError):
        hostsetup.check_disk(tmp_path)
    hostsetup.finished(tmp_path)
    hostsetup.check_disk(tmp_path)


def test_run_that_was_interrupted_needs_as_much_as_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_free(monkeypatch, hostsetup.AGAIN_BYTES)
    (tmp_path / "nix").mkdir()
    with pytest.raises(RknnError, match=r"1\.0 GB free, 4\.0 GB needed"):
        hostsetup.check_disk(tmp_path)


def test_real_disk_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(hostsetup, "FRESH_BYTES", 2 * free)
    with pytest.raises(RknnError, match="GB free"):
        hostsetup.check_disk(tmp_path)
