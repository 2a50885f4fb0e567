"""arm64 packages come from Debian once, whole, and are repaired when damaged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from rknn_flake import debian
from rknn_flake.errors import MissingToolError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.board

SMALL = debian.Request("test", ("media-types",), keep=("etc/*",), hashed=("etc/mime.types",))
OFFLINE = re.compile(
    "Could not resolve|Temporary failure resolving|Could not connect|Unable to connect"
    "|Connection (failed|refused|timed out)|Network is unreachable"
)


def fetched() -> Path:
    try:
        return debian.tree(SMALL)
    except MissingToolError as error:
        if OFFLINE.search(str(error)):
            pytest.skip(f"no Debian mirror answers: {error}")
        raise


@pytest.fixture
def unpacked() -> Path:
    return fetched()


def test_only_what_is_kept(unpacked: Path) -> None:
    assert [path.name for path in unpacked.iterdir()] == ["etc"]
    assert (unpacked / "etc/mime.types").stat().st_size > 0


def test_second_time_asks_nobody(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert debian.tree(SMALL) == unpacked


@pytest.mark.parametrize("damage", ["truncated", "changed", "removed", "added"])
def test_damage_is_repaired(
    unpacked: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (unpacked / "etc/mime.types").read_bytes()
    if damage == "truncated":
        (unpacked / "etc/mime.types").write_bytes(whole[:100])
    elif damage == "changed":
        (unpacked / "etc/mime.types").write_bytes(whole[:-1] + b"x")
    elif damage == "removed":
        (unpacked / "etc/mime.types").unlink()
    else:
        (unpacked / "etc/more").touch()
    assert fetched() == unpacked
    assert "is not as it was unpacked: fetching it again" in capsys.readouterr().err
    assert (unpacked / "etc/mime.types").read_bytes() == whole
    assert not (unpacked / "etc/more").exists()


def test_unknown_package() -> None:
    with pytest.raises(MissingToolError) as error:
        debian.tree(debian.Request("test", ("no-such-package-at-all",)))
    assert "\n" not in str(error.value)
    assert "E: Unable to locate package no-such-package-at-all" in str(error.value)
