"""A file that a witness vouches for gets its hash and size; nothing else changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from unit import pins_fixtures
from unit.prefetch_files import body, filled_in, md5, only

if TYPE_CHECKING:
    from unit.prefetch_fixtures import Fetching

pytest_plugins = ["unit.prefetch_fixtures"]
pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("real_nix")]

PAGE = b"<!DOCTYPE html><html>log in first</html>"


def test_hash_and_size_are_written_and_the_rest_stays(fetching: Fetching) -> None:
    written = pins_fixtures.write(fetching.path, [fetching.file(0), pins_fixtures.entry()])
    original = fetching.path.read_text()
    done = fetching.run()
    assert (done.status, done.err) == (0, ""), done
    assert done.out == (
        "filled   part0 2.3.2 (aarch64): git-blob agreed\n1 filled, 0 refused, 0 failed\n"
    )
    assert fetching.path.read_text() == filled_in(original, written.entries[:1]) != original


def test_file_is_in_the_store_of_nix(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    assert fetching.run().status == 0
    (stored,) = (fetching.pins.cache / "nix" / "store").glob("nix/store/*-part0.so")
    assert stored.read_bytes() == body(0)


def test_only_what_is_selected(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0), fetching.file(1)])
    assert fetching.run("component=part1").status == 0
    assert [hash_ is None for hash_ in fetching.hashes()] == [True, False]
    assert fetching.server.hits("/part0.so") == []


def test_all_that_lack_a_hash_in_the_order_of_the_file(fetching: Fetching) -> None:
    slow = {"latency": 0.5}
    files = [fetching.file(number, faults={} if number else slow) for number in range(5)]
    pins_fixtures.write(fetching.path, files)
    done = fetching.run("--json", "--jobs", "3")
    told = json.loads(done.out)
    assert done.status == 0, done
    assert [row["component"] for row in told] == [file.component for file in files]
    assert [row["hash"] for row in told] == fetching.hashes()
    assert [row["size"] for row in told] == [len(body(number)) for number in range(5)]


def test_any_one_witness_will_do(fetching: Fetching) -> None:
    file = fetching.file(0, git_blob=None, pypi_md5=md5(body(0)), upstream_md5=md5(body(0)))
    pins_fixtures.write(fetching.path, [file])
    done = fetching.run()
    assert done.out.startswith("filled   part0 2.3.2 (aarch64): upstream-md5 and pypi-md5 agreed")


def test_next_mirror_when_one_fails_or_sends_something_else(fetching: Fetching) -> None:
    page = fetching.server.route("/page", PAGE)
    good = fetching.server.route("/good", body(0))
    nowhere = f"{fetching.server.url}/nowhere"
    pins_fixtures.write(fetching.path, [fetching.file(0, urls=(nowhere, page, good))])
    done = fetching.run("--json")
    (told,) = json.loads(done.out)
    assert (done.status, told["state"], told["url"]) == (0, "filled", good)
    page_line = (
        f"{page}: found {len(PAGE)} bytes, an HTML page: a proxy, a login or an error page answered"
    )
    assert told["mirrors"] == [
        f"{nowhere}: HTTP error 404 ('Not Found')",
        page_line,
        f"  git-blob: found {pins_fixtures.blob(PAGE)}, expected {pins_fixtures.blob(body(0))}",
    ]


def test_second_mirror_is_not_asked_when_the_first_will_do(fetching: Fetching) -> None:
    second = fetching.server.route("/second", body(0))
    file = fetching.file(0)
    pins_fixtures.write(fetching.path, [fetching.file(0, urls=(*file.urls, second))])
    assert fetching.run().status == 0
    assert fetching.server.hits("/second") == []


def test_nothing_missing_needs_no_nix(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    pins_fixtures.write(fetching.path, [pins_fixtures.entry(), pins_fixtures.wheel(position=1)])
    only(monkeypatch, fetching.folder / "empty")
    before = fetching.path.stat().st_mtime_ns
    done = fetching.run()
    assert (done.status, done.out) == (0, "nothing to do: all 2 files have a hash\n"), done
    assert fetching.path.stat().st_mtime_ns == before
    assert fetching.run("--json").out == "[]\n"


def test_progress_on_a_terminal_and_none_in_a_pipe(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0, faults={"latency": 1.0})])
    child = fetching.pins.on_terminal("prefetch", "--store", "private")
    child.expect("0 of 1 files")
    child.expect(r"part0 2\.3\.2 \(aarch64\) from 127\.0\.0\.1")
    child.expect("filled +part0")
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    piped = fetching.pins("prefetch", "--store", "private")
    assert (piped.status, piped.stderr) == (0, ""), piped
