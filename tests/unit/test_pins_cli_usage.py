"""Wrong usage of rknn-pins: status 2, and a line that says what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import cli
from unit import pins_fixtures
from unit.commands import command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("lst",), "no command 'lst'; did you mean list?"),
        (("chekc", "source=pypi"), "no command 'chekc'; did you mean check?"),
        (("frobnicate",), "no command 'frobnicate'; there are list, check, prefetch, update, add"),
        ((), "name a command: list, check, prefetch, update, add"),
        (("--nonsense", "list"), "unrecognized arguments: --nonsense"),
        (("list", "--jsno"), "unrecognized arguments: --jsno"),
        (("list", "--jobs", "0"), "argument --jobs: '0' is no number from 1 to 64"),
        (("list", "--jobs", "65"), "argument --jobs: '65' is no number from 1 to 64"),
        (("check", "--jobs", "many"), "argument --jobs: 'many' is no number from 1 to 64"),
        (("check", "--jobs", "٣"), "argument --jobs: '٣' is no number from 1 to 64"),
        (("list", "--file"), "argument --file: expected one argument"),
    ],
)
def test_wrong_usage(argv: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = command(cli.main, capsys)(*argv)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1].endswith(said), done.err


@pytest.mark.parametrize("jobs", ["1", "64"])
def test_any_number_of_jobs_within_bounds(
    jobs: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sources.toml"
    pins_fixtures.write(path, [pins_fixtures.entry()])
    assert command(cli.main, capsys)("list", "--file", path, "--jobs", jobs).status == 0
