"""rknn-pins list --json: every field, by the keys of sources.toml."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake.pins import cli, sources
from unit.commands import command
from unit.pins_commands import Pins
from unit.pins_fixtures import entry, wheel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what is listed of a wheel and of a file without a hash."""
    pins = Pins(tmp_path / "sources.toml", tmp_path / "cache")
    pins.write(wheel(size=562090), entry(hash=None, records=("Yocto recipe",)))
    done = command(cli.main, capsys)("list", "--json", "--file", pins.path)
    assert (done.status, done.err) == (0, "")
    return list(json.loads(done.out))


def test_keys_are_those_of_the_file(listed: list[dict[str, Any]]) -> None:
    for one in listed:
        assert set(one) == {*sources.KEYS, "release", "state", "source", "witnesses"}


def test_values_are_exact(listed: list[dict[str, Any]]) -> None:
    one, other = listed
    made = wheel(size=562090)
    assert one["size"] == 562090
    assert (one["hash"], one["urls"], one["pypi-md5"]) == (
        made.hash,
        list(made.urls),
        made.pypi_md5,
    )
    assert (one["state"], one["source"], one["witnesses"]) == ("pinned", "pypi", 1)
    assert (other["hash"], other["size"], other["python"]) == (None, None, None)
    assert (other["state"], other["records"], other["witnesses"]) == (
        "missing",
        ["Yocto recipe"],
        2,
    )
