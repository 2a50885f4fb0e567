"""The conditions of the rounds: each other than the one before, and the clock that programs see."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

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


# All of them in any glibc; WAIT's are looked up when they are called.
LIBC = {"__errno_location", "abort", "calloc", "dlsym", "free", "memcpy", "realloc"}

WAITING = """
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct timespec soon(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  now.tv_nsec += 1000 * 1000;
  if (now.tv_nsec >= 1000 * 1000 * 1000) now.tv_sec++, now.tv_nsec -= 1000 * 1000 * 1000;
  return now;
}

int main(int count, char **words) {
  sem_t sem;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t cond = PTHREAD_COND_INITIALIZER, steady;
  pthread_condattr_t attributes;
  struct timespec until = soon(CLOCK_REALTIME), later = soon(CLOCK_MONOTONIC);
  sem_init(&sem, 0, 0);
  pthread_mutex_lock(&mutex);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&steady, &attributes);
  alarm(20);
  switch (count > 1 ? atoi(words[1]) : 0) {
    case 0: return !(sem_timedwait(&sem, &until) == -1 && errno == ETIMEDOUT);
    case 1: return pthread_cond_timedwait(&cond, &mutex, &until) != ETIMEDOUT;
    case 2: return pthread_cond_timedwait(&steady, &mutex, &later) != ETIMEDOUT;
    case 3: return pthread_mutex_timedlock(&mutex, &until) != ETIMEDOUT;
    case 4: return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) != 0;
    case 5: return clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, 1000}, NULL) != 0;
    case 6: return sem_post(&sem) || sem_timedwait(&sem, &until);
  }
  return 1;
}
"""


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


@pytest.fixture(scope="session")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("cc") is None:
        pytest.skip("no cc on PATH; scripts/test installs gcc")
    folder = tmp_path_factory.mktemp("waiting")
    (folder / "waiting.c").write_text(WAITING)
    run(["cc", "-pthread", folder / "waiting.c", "-o", folder / "waiting"])
    return folder / "waiting"


@pytest.mark.parametrize("case", range(7))
def test_nobody_waits_until_the_moved_clock(
    preload: dict[str, str], waiting: Path, case: int
) -> None:
    run([waiting, str(case)], env=preload, timeout=60)


@pytest.mark.parametrize("compiler", ["cc", "aarch64-linux-gnu-gcc"])
@pytest.mark.parametrize("number", [1, 2])
def test_nothing_but_libc_is_needed(tmp_path: Path, compiler: str, number: int) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} on PATH; scripts/test installs it")
    library = conditions.compiled(conditions.vary(3)[number], tmp_path, compiler)
    with library.open("rb") as opened:
        table = ELFFile(opened).get_section_by_name(".dynsym")
        assert isinstance(table, SymbolTableSection)
        symbols = table.iter_symbols()
        needed = {one.name for one in symbols if one["st_shndx"] == "SHN_UNDEF" and one.name}
    assert needed <= LIBC
