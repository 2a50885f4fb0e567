"""rknn-pins list: a line a file, in the file's order, and the sums below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import cli
from unit.commands import Outcome, command
from unit.pins_commands import Pins
from unit.pins_fixtures import entry, wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = "a dispute about which digest is the right one, told at such length that no terminal has it"


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    """Return one file of each state, in two releases, with a trusted one."""
    made = Pins(tmp_path / "sources.toml", tmp_path / "cache")
    made.write(
        wheel(release="2.5.0", body=b"x" * 562090),
        entry(size=7726232, records=("one", "two")),
        entry(arch="armhf", hash=None),
        entry(component="rknn_server", name="rknn_server", disputes=(LONG,), size=10),
        entry(component="license", git_blob=None, trust_on_first_use="2026-11-22", size=5),
    )
    return made


@pytest.fixture
def listed(pins: Pins, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return `list` of that file as a function of its other arguments."""
    call = command(cli.main, capsys)
    return lambda *argv: call("list", "--file", pins.path, *argv)


def test_a_line_each_and_the_sums(listed: Callable[..., Outcome]) -> None:
    done = listed()
    assert (done.status, done.err) == (0, "")
    assert [line.split(maxsplit=8) for line in done.out.splitlines()[:-1]] == [
        [
            *("release", "component", "arch", "Python", "size"),
            *("witnesses", "source", "state", "remarks"),
        ],
        ["2.5.0", "rknn-toolkit-lite2", "aarch64", "cp312", "562090", "1", "pypi", "pinned"],
        ["2.3.2", "librknnrt", "aarch64", "-", "7726232", "3", "github", "pinned"],
        ["2.3.2", "librknnrt", "armhf", "-", "-", "1", "github", "missing"],
        ["2.3.2", "rknn_server", "aarch64", "-", "10", "1", "github", "disputed", LONG],
        [
            *("2.3.2", "license", "aarch64", "-", "5", "0", "github", "pinned"),
            "trusted on first use: 2026-11-22",
        ],
    ]  # fmt: skip
    assert done.out.splitlines()[-1] == (
        "5 files: 3 pinned, 1 missing, 1 disputed; 8288337 bytes and 1 of unknown size"
    )


@pytest.mark.parametrize("columns", ["20", "80", "400"])
def test_a_pipe_has_no_width(pins: Pins, columns: str) -> None:
    done = pins("list", COLUMNS=columns, FORCE_COLOR="1")
    assert (done.status, done.stderr) == (0, ""), done
    assert LONG in done.stdout
    assert "\x1b" not in done.stdout
    assert "\t" not in done.stdout
    assert done.stdout.isascii(), done.stdout
    starts = {
        line.index(kind)
        for line in done.stdout.splitlines()[1:-1]
        for kind in ("aarch64", "armhf")
        if kind in line
    }
    assert len(starts) == 1, done.stdout


def test_selection(listed: Callable[..., Outcome]) -> None:
    done = listed("component=librknnrt")
    assert [line.split()[2] for line in done.out.splitlines()[1:-1]] == ["aarch64", "armhf"]
    assert done.out.splitlines()[-1].startswith("2 files: 1 pinned, 1 missing, 0 disputed;")


def test_nothing_that_fits_is_wrong_usage(listed: Callable[..., Outcome]) -> None:
    done = listed("component=librknnrt", "arch=riscv64")
    assert (done.status, done.out) == (2, "")
    assert "matches arch=riscv64; there are aarch64, armhf" in done.err, done.err


def test_unknown_key_is_wrong_usage(listed: Callable[..., Outcome]) -> None:
    done = listed("componet=librknnrt")
    assert (done.status, done.out) == (2, "")
    assert "did you mean component" in done.err, done.err


def test_empty_file_is_an_empty_table(pins: Pins, listed: Callable[..., Outcome]) -> None:
    pins.write()
    done = listed()
    assert done.status == 0
    assert done.out.splitlines()[1:] == ["0 files: 0 pinned, 0 missing, 0 disputed; 0 bytes"]


def test_what_would_move_the_cursor_is_written_out(
    pins: Pins, listed: Callable[..., Outcome]
) -> None:
    pins.write(entry(disputes=("red \x1b[31m and\nmore",)))
    done = listed()
    assert "red \\x1b[31m and\\nmore" in done.out
    assert "\x1b" not in done.out
