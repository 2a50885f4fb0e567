"""What nobody vouches for, or a witness objects to, is not written, and one line says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.filling import CHECK, NO_WITNESS
from unit import pins_fixtures
from unit.prefetch_files import body, md5

if TYPE_CHECKING:
    from unit.prefetch_fixtures import Fetching, Tried

pytest_plugins = ["unit.prefetch_fixtures"]
pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("real_nix")]

PAGE = b"<!DOCTYPE html><html>log in first</html>"
REFUSED = "refused  part0 2.3.2 (aarch64): "
OTHER = b"other bytes"
TRUST = "--trust-on-first-use"
BLOB = pins_fixtures.blob


@pytest.mark.parametrize("options", [(), (TRUST,)])
@pytest.mark.parametrize(
    ("served", "what"),
    [
        (PAGE, ", an HTML page: a proxy, a login or an error page answered"),
        (OTHER, ""),
        (b"", ", an empty file"),
    ],
)
def test_other_bytes(
    fetching: Fetching, tried: Tried, options: tuple[str, ...], served: bytes, what: str
) -> None:
    lines = tried(*options, served=served)
    assert lines == [
        f"{REFUSED}what came is not what was published; {CHECK}",
        f"  {fetching.server.url}/part0.so: found {len(served)} bytes{what}",
        f"    git-blob: found {BLOB(served)}, expected {BLOB(body(0))}",
    ]


@pytest.mark.parametrize("options", [(), (TRUST,)])
def test_one_of_two_witnesses_objects(tried: Tried, options: tuple[str, ...]) -> None:
    lines = tried(*options, upstream_md5=md5(OTHER))
    assert lines[2:] == [f"    upstream-md5: found {md5(body(0))}, expected {md5(OTHER)}"]


def test_size_that_was_pinned_before(tried: Tried) -> None:
    assert tried(size=5)[2:] == [f"    size: found {len(body(0))}, expected 5"]


def test_pinned_size_holds_under_trust(tried: Tried) -> None:
    lines = tried(TRUST, git_blob=None, records=("somebody",), size=5)
    assert lines[2:] == [f"    size: found {len(body(0))}, expected 5"]


def test_no_witness_is_not_even_fetched(fetching: Fetching, tried: Tried) -> None:
    assert tried(git_blob=None) == [REFUSED + NO_WITNESS]
    assert fetching.server.hits() == []


def test_records_are_no_digests(fetching: Fetching, tried: Tried) -> None:
    (line,) = tried(git_blob=None, records=("another flake",))
    assert line == f"{REFUSED}its records are no digests, and it has {NO_WITNESS}"
    assert fetching.server.hits() == []


@pytest.mark.parametrize("options", [(), (TRUST,)])
def test_disputed_file_is_not_even_fetched(
    fetching: Fetching, tried: Tried, options: tuple[str, ...]
) -> None:
    (line,) = tried(*options, disputes=("PyPI publishes md5 12",))
    assert line == (
        f"{REFUSED}disputed (PyPI publishes md5 12); judge, and take disputes out of the file"
    )
    assert fetching.server.hits() == []


def test_others_are_filled_in_all_the_same(fetching: Fetching) -> None:
    files = [fetching.file(0), fetching.file(1, served=PAGE), fetching.file(2)]
    pins_fixtures.write(fetching.path, [*files, fetching.file(3, git_blob=None)])
    done = fetching.run()
    assert done.status == 1
    assert done.out.splitlines()[-1] == "2 filled, 2 refused, 0 failed"
    assert [hash_ is None for hash_ in fetching.hashes()] == [False, True, False, True]


def test_selection_that_names_nothing(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    done = fetching.run("component=part9")
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1, done.err


def test_url_that_is_none(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0, urls=("--help",))])
    done = fetching.run()
    assert done.status == 1
    assert done.out.splitlines()[1] == "  --help: '--help' is no URL; write https://…"
