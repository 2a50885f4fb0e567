"""scripts/test prepares what the chosen tests need, and no more."""

from __future__ import annotations

import pytest

from rknn_flake.check import NEEDS, chosen_folders
from rknn_flake.paths import PROJECT

UNIT = PROJECT / "tests" / "unit"


@pytest.mark.parametrize(
    ("arguments", "folders"),
    [
        ([], set(NEEDS)),
        (["-q", "-x"], set(NEEDS)),
        ([str(PROJECT / "tests")], set(NEEDS)),
        ([str(PROJECT / "README.md"), str(PROJECT)], set(NEEDS)),
        ([str(UNIT)], {"unit"}),
        ([f"{UNIT / 'test_run_lock.py'}::test_x", "-k", "nothing"], {"unit"}),
        ([str(UNIT), str(PROJECT / "tests" / "board")], {"unit", "board"}),
        ([str(UNIT / "not_there.py")], set(NEEDS)),
    ],
)
def test_paths_decide_which_folders_are_set_up(arguments: list[str], folders: set[str]) -> None:
    assert chosen_folders(arguments) == folders


def test_relative_paths_count_from_the_present_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT / "tests")
    assert chosen_folders(["eval"]) == {"eval"}
