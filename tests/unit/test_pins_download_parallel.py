"""Many files at once: each as it is done, each once, and all of it ended by Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.download import Got, Wanted, download_all
from rknn_flake.pins.partial import VALIDATOR
from rknn_flake.progress import SILENT
from unit.downloads import BODY, Moves, unknown, wanted
from unit.loopback import Generated, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rknn_flake.errors import RknnError
    from rknn_flake.pins.cache import Cache

# A run like those of rknn-pins: argv has the cache's folder and the URLs.
RUN = """
import sys
from pathlib import Path
from rknn_flake.console import guarded
from rknn_flake.pins.cache import Cache
from rknn_flake.pins.download import Wanted, download_all
from rknn_flake.progress import SILENT

def work():
    wanted = [Wanted(url, (url,)) for url in sys.argv[2:]]
    for _ in download_all(wanted, cache=Cache(Path(sys.argv[1])), jobs=4, bars=SILENT):
        pass
    return 0

sys.exit(guarded("run", work))
"""


def fetch(
    wishes: Sequence[Wanted], cache: Cache, client: Client | None = None, jobs: int = 8
) -> dict[int, Got | RknnError]:
    results = list(download_all(wishes, cache=cache, jobs=jobs, bars=SILENT, client=client))
    assert sorted(number for number, _ in results) == list(range(len(wishes)))
    return dict(results)


def until(happened: Callable[[], bool]) -> None:
    """Wait for it; fail where it does not come in half a minute."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "waited for in vain"
        time.sleep(0.01)


def sizes(tmp_path: Path) -> list[int]:
    """Return how much the files have that are not whole."""
    found = (tmp_path / "pins").glob("partial/*")
    return [path.stat().st_size for path in found if not path.name.endswith(VALIDATOR)]


def workers() -> list[str]:
    """Return the names of the threads that download."""
    return [thread.name for thread in threading.enumerate() if "_work_off" in thread.name]


def got(result: Got | RknnError) -> Got:
    assert isinstance(result, Got), result
    return result


def test_files_come_as_they_are_done(server: Server, pins_cache: Cache) -> None:
    slow = unknown(server.route("/slow", b"slow", latency=0.3))
    fast = unknown(server.route("/fast", b"fast"))
    results = download_all([slow, fast], cache=pins_cache, jobs=2, bars=SILENT)
    assert [number for number, _ in results] == [1, 0]


def test_files_are_fetched_at_once(server: Server, pins_cache: Cache) -> None:
    wishes = [unknown(server.route(f"/{number}", b"x", latency=0.2)) for number in range(8)]
    began = time.monotonic()
    fetch(wishes, pins_cache, jobs=8)
    assert time.monotonic() - began < 1
    assert len({hit.connection for hit in server.hits()}) == 8


def test_no_more_than_jobs_at_once(server: Server, pins_cache: Cache) -> None:
    wishes = [unknown(server.route(f"/{number}", b"x", latency=0.02)) for number in range(6)]
    fetch(wishes, pins_cache, jobs=2)
    assert len({hit.connection for hit in server.hits()}) <= 2


def test_one_that_fails_does_not_keep_the_others(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    results = fetch(
        [unknown(server.url + "/none"), wanted(server.route("/x", BODY))], pins_cache, client
    )
    assert isinstance(results[0], DownloadError)
    assert got(results[1]).path.read_bytes() == BODY


def test_the_same_file_is_fetched_once(server: Server, pins_cache: Cache, client: Client) -> None:
    first, second = server.route("/1", BODY), server.route("/2", BODY)
    results = fetch([wanted(first), wanted(second), unknown(first)], pins_cache, client)
    assert {got(result).digests.size for result in results.values()} == {len(BODY)}
    results = fetch([unknown(second), unknown(second)], pins_cache, client)
    assert results[0] is results[1]
    # Once as a file whose digest is known, once as one of which nothing is.
    assert len(server.hits("/1")) == 2
    assert len(server.hits("/2")) == 1


def test_a_mirror_of_either_wish_will_do(server: Server, pins_cache: Cache, client: Client) -> None:
    good = server.route("/x", BODY)
    results = fetch([wanted(server.url + "/none"), wanted(good)], pins_cache, client)
    assert got(results[0]).url == good


def test_nothing_wanted_is_nothing_done(pins_cache: Cache) -> None:
    assert fetch([], pins_cache) == {}


def test_each_file_has_a_bar_that_goes_away(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    made: dict[str, Moves] = {}

    class Noted:
        def bar(self, label: str, total: float | None = None) -> Moves:
            made[label] = Moves()
            made[label].total(total)
            return made[label]

    good = wanted(server.route("/x", BODY))
    bad = Wanted("bad", (server.url + "/none",), 5)
    list(download_all([good, bad], cache=pins_cache, jobs=2, bars=Noted(), client=client))
    assert {name: bar.gone for name, bar in made.items()} == {"body.whl": True, "bad": True}
    assert made["body.whl"].at == len(BODY)
    assert made["bad"].totals == [5]


def test_an_error_nobody_expected_is_raised(
    server: Server, pins_cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rknn_flake.pins.download.download", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        fetch([unknown(server.route("/x", BODY))], pins_cache)


def test_breaking_off_ends_the_threads(server: Server, pins_cache: Cache) -> None:
    slow = unknown(server.route("/slow", Generated(1 << 30), rate=1 << 18))
    fast = unknown(server.route("/fast", b"fast"))
    results = download_all([slow, fast], cache=pins_cache, jobs=2, bars=SILENT)
    assert next(iter(results))[0] == 1
    assert workers()
    results.close()
    until(lambda: not workers())


def test_threads_are_gone_when_all_is_done(server: Server, pins_cache: Cache) -> None:
    fetch([unknown(server.route(f"/{number}", b"x")) for number in range(4)], pins_cache)
    assert workers() == []


@pytest.mark.parametrize("fault", [{"rate": 100_000}, {"latency": 60.0}, {"fails": 99}])
def test_ctrl_c_ends_the_run_within_a_second_and_keeps_what_there_is(
    server: Server, tmp_path: Path, fault: dict[str, float]
) -> None:
    urls = [server.route(f"/{number}", Generated(1 << 30), **fault) for number in range(6)]
    child = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "pins"), *urls],
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT / "scripts",
    )
    with child:
        until(lambda: len(server.hits()) >= 4 and any(sizes(tmp_path)) == ("rate" in fault))
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20)
        took = time.monotonic() - began
    assert (child.returncode, said) == (130, "run: interrupted\n")
    assert took < 1.5, took
    assert any(sizes(tmp_path)) == ("rate" in fault), sizes(tmp_path)


def test_two_runs_at_once_do_not_disturb_each_other(server: Server, tmp_path: Path) -> None:
    urls = [server.route(f"/{number}", BODY, rate=1_000_000) for number in range(3)]
    argv = [sys.executable, "-c", RUN, str(tmp_path / "pins"), *urls]
    runs = [
        subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, cwd=PROJECT / "scripts")
        for _ in range(2)
    ]
    said = [run.communicate(timeout=30)[1] for run in runs]
    assert ([run.returncode for run in runs], said) == ([0, 0], ["", ""])
    (made,) = (tmp_path / "pins" / "sha256").iterdir()
    assert made.read_bytes() == BODY
    assert list((tmp_path / "pins" / "partial").iterdir()) == []


def test_the_run_after_a_killed_one_goes_on_where_that_ended(
    server: Server, tmp_path: Path
) -> None:
    body = BODY * 5
    url = server.route("/x", body, rate=500_000, etag='"tag"')
    argv = [sys.executable, "-c", RUN, str(tmp_path / "pins"), url]
    child = subprocess.Popen(argv, cwd=PROJECT / "scripts")
    with child:
        until(lambda: any(sizes(tmp_path)))
        child.kill()
    server.route("/x", body, etag='"tag"')
    assert subprocess.run(argv, cwd=PROJECT / "scripts", check=False).returncode == 0
    first, second = server.hits("/x")
    assert (first.range, second.range) != (None, None), server.hits("/x")
    (made,) = (tmp_path / "pins" / "sha256").iterdir()
    assert made.read_bytes() == body
