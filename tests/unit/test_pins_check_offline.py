"""rknn-pins check --offline: the form of sources.toml, with nothing fetched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.pins import cli
from rknn_flake.pins.sources import PLACE
from unit.commands import command
from unit.pins_commands import Pins
from unit.pins_fixtures import entry, wheel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    """No file yet."""
    return Pins(tmp_path / "sources.toml", tmp_path / "cache")


def test_good_file_has_no_findings(pins: Pins, capsys: pytest.CaptureFixture[str]) -> None:
    pins.write(entry(), wheel())
    done = command(cli.main, capsys)("check", "--offline", "--file", pins.path)
    assert (done.status, done.err) == (0, ""), done
    assert done.out == "2 files: 0 findings on the form\n"


def test_the_projects_own_file_has_no_findings(capsys: pytest.CaptureFixture[str]) -> None:
    done = command(cli.main, capsys)("check", "--offline", "--file", PROJECT / PLACE)
    assert done.status == 0, done.out


def test_finding_names_the_file_and_fails(pins: Pins, capsys: pytest.CaptureFixture[str]) -> None:
    bad = entry(hash="sha256-AAAA")
    pins.write(bad, wheel())
    done = command(cli.main, capsys)("check", "--offline", "--file", pins.path)
    assert done.status == 1
    line, summary = done.out.splitlines()
    assert line.startswith(f"{bad.label}: "), line
    assert "sha256-AAAA" in line, line
    assert summary == "2 files: 1 finding on the form"


def test_findings_on_files_that_are_not_chosen_are_left_out(
    pins: Pins, capsys: pytest.CaptureFixture[str]
) -> None:
    pins.write(entry(hash="sha256-AAAA"), wheel())
    words = ("check", "--offline", "--file", pins.path, "source=pypi")
    done = command(cli.main, capsys)(*words)
    assert (done.status, done.out) == (0, "1 file: 0 findings on the form\n")


def test_json(pins: Pins, capsys: pytest.CaptureFixture[str]) -> None:
    bad = entry(hash="sha256-AAAA")
    pins.write(bad)
    done = command(cli.main, capsys)("check", "--offline", "--json", "--file", pins.path)
    told = json.loads(done.out)
    assert (done.status, told["files"]) == (1, [])
    (finding,) = told["findings"]
    assert finding["entry"] == bad.label
    assert "sha256-AAAA" in finding["what"]
    assert told["summary"]["findings"] == 1
    assert "ok" not in told["summary"], "nothing was held against anything"
