"""The conditions of the rounds: each other than the one before, and the clock that programs see."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rknn_flake.process import run
from rknn_flake.reproduce import conditions

if TYPE_CHECKING:
    from pathlib import Path


def test_each_round_is_another_than_the_one_before() -> None:
    made = conditions.vary(16)
    for one, next_one in itertools.pairwise(made):
        for name in ("build_dir", "cores", "zone", "clock", "backwards"):
            assert getattr(one, name) != getattr(next_one, name), (name, one, next_one)


def test_the_first_round_is_an_everyday_build() -> None:
    first = conditions.vary(2)[0]
    assert (first.build_dir, first.clock, first.backwards) == ("/build", 0, False)


def test_without_preloading_clock_and_order_stay() -> None:
    assert not any(one.preloads for one in conditions.vary(4, preload=False))
    assert any(one.preloads for one in conditions.vary(4))


@pytest.mark.parametrize("zone", conditions.ZONES)
def test_zone_file(tmp_path: Path, zone: tuple[str, int]) -> None:
    path = tmp_path / "localtime"
    path.write_bytes(conditions.zone_file(*zone))
    code = "import time; print(time.strftime('%Z'), time.localtime().tm_gmtoff)"
    told = run([sys.executable, "-c", code], env={"TZ": f":{path}"}).stdout
    assert told.split() == [zone[0], str(zone[1])]


def test_processors_are_given_back() -> None:
    before = os.sched_getaffinity(0)
    with conditions.processors([max(before)]):
        assert run(["nproc"]).stdout == "1\n"
    assert os.sched_getaffinity(0) == before


@pytest.fixture
def preload(tmp_path: Path) -> dict[str, str]:
    if shutil.which("cc") is None:
        pytest.skip("no cc on PATH; scripts/test installs gcc")
    made = conditions.vary(2)[1]
    return {"LD_PRELOAD": str(conditions.compiled(made, tmp_path))}


def test_the_clock_is_ahead(preload: dict[str, str]) -> None:
    told = int(run(["date", "+%s"], env=preload).stdout)
    assert abs(told - time.time() - 400 * conditions.DAY) < 60
    code = "import time; print(time.time()); time.sleep(0.01); print(time.monotonic())"
    ahead, running = map(float, run([sys.executable, "-c", code], env=preload).stdout.split())
    assert abs(ahead - time.time() - 400 * conditions.DAY) < 60
    assert abs(running - time.monotonic()) < 60


def test_times_of_files_are_not_moved(preload: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert run(["stat", "-c", "%Y", path], env=preload).stdout == "1000000000\n"


def test_folders_are_listed_backwards(preload: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(200):
        (folder / f"file{number}").touch()
    natural = os.listdir(folder)  # noqa: PTH208  # the order is what matters
    listed = run(["ls", "-U", folder], env=preload).stdout.split()
    assert listed == natural[::-1]
    assert run(["ls", folder], env=preload).stdout.split() == sorted(natural)


def test_a_folder_is_read_again_and_removed(preload: dict[str, str], tmp_path: Path) -> None:
    code = """
import os, sys
folder = sys.argv[1]
os.makedirs(f"{folder}/a/b")
before = os.listdir(folder)
open(f"{folder}/c", "w").close()
assert sorted(os.listdir(folder)) == ["a", "c"], os.listdir(folder)
for _ in range(3000):
    with os.scandir(folder) as entries:
        next(entries)
"""
    folder = tmp_path / "folder"
    run([sys.executable, "-c", code, folder], env=preload)
    run(["rm", "-r", folder], env=preload)
    assert not folder.exists()
