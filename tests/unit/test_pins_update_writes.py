"""update: a new release, on the index and as a tag of the SDK, becomes entries with hashes."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

import pytest

from unit.pins_fixtures import blob, sri
from unit.upstream import PATHS, PROJECT, WHEELS, Upstream, sdk_files, wheel_body, wheel_name

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("nix")]


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def test_without_write_the_file_stays_and_the_diff_is_shown(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    shown = upstream.update()
    assert shown.status == 0, shown
    assert upstream.file.read_bytes() == upstream.before
    assert '+[releases."2.6.0"]\n' in shown.stdout
    assert f'+hash = "{sri(wheel_body("2.6.0"))}"\n' in shown.stdout, shown.stdout
    assert "--write" in shown.stdout
    assert not shown.stderr, shown.stderr


def test_a_wheel_of_the_index_is_written_with_its_witness(upstream: Upstream) -> None:
    url = upstream.wheel("2.6.0")
    upstream.succeeds("--write")
    made = upstream.entries["2.6.0", PROJECT, "cp312"]
    body = wheel_body("2.6.0")
    assert (made.hash, made.size) == (sri(body), len(body))
    assert (made.urls, made.arch) == ((url,), "aarch64")
    assert made.pypi_sha256 == hashlib.sha256(body).hexdigest()


def test_a_tag_brings_the_same_files_at_its_commit(upstream: Upstream) -> None:
    files = sdk_files("2.6.0")
    commit = upstream.tag("2.6.0", files, annotated=True)
    upstream.succeeds("--write")
    release = tomllib.loads(upstream.file.read_text())["releases"]["2.6.0"]
    assert (release["tag"], release["rev"]) == ("v2.6.0", commit)
    for (component, arch), path in PATHS.items():
        made = upstream.entries["2.6.0", component, arch]
        assert made.urls == (upstream.server.url + upstream.raw_path(commit, path),), made
        assert (made.git_blob, made.hash) == (blob(files[path]), sri(files[path])), made


def test_a_wheel_in_both_places_is_one_entry_with_all_witnesses(upstream: Upstream) -> None:
    url = upstream.wheel("2.6.0")
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write")
    made = upstream.entries["2.6.0", PROJECT, "cp312"]
    raw = upstream.raw_path(commit, f"{WHEELS}/{wheel_name('2.6.0')}")
    assert made.urls == (url, upstream.server.url + raw)
    body = wheel_body("2.6.0")
    assert made.digests == {
        "git-blob": blob(body),
        "upstream-md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "pypi-sha256": hashlib.sha256(body).hexdigest(),
    }


def test_everything_else_keeps_its_bytes_and_the_newest_release_is_on_top(
    upstream: Upstream,
) -> None:
    upstream.wheel("2.6.0", "cp310")
    upstream.wheel("2.6.0", "cp39")
    upstream.wheel("2.7.0")
    upstream.succeeds("--write")
    text = upstream.file.read_bytes()
    head, tail = upstream.before.split(b"[releases.", 1)
    assert text.startswith(head), text
    assert text.endswith(b"[releases." + tail), text
    releases = list(tomllib.loads(text.decode())["releases"])
    assert releases == ["2.7.0", "2.6.0", "2.3.2"]
    pythons = [key[2] for key in upstream.entries if key[0] == "2.6.0"]
    assert pythons == ["cp39", "cp310"]


def test_the_tag_that_comes_after_the_wheels_joins_them(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.succeeds("--write")
    pinned = upstream.entries["2.6.0", PROJECT, "cp312"]
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write")
    release = tomllib.loads(upstream.file.read_text())["releases"]["2.6.0"]
    assert (release["tag"], release["rev"]) == ("v2.6.0", commit)
    joined = upstream.entries["2.6.0", PROJECT, "cp312"]
    assert joined.hash == pinned.hash
    assert (len(joined.urls), joined.git_blob) == (2, blob(wheel_body("2.6.0")))


def test_a_wheel_of_the_sdk_gains_the_index_as_a_mirror(upstream: Upstream) -> None:
    before = upstream.entries["2.3.2", PROJECT, "cp312"]
    lines = upstream.file.read_text().splitlines(keepends=True)
    missing = "".join(line for line in lines if str(before.hash) not in line)
    upstream.file.write_text(missing)
    upstream.succeeds("--write", "--to", "2.3.2")
    made = upstream.entries["2.3.2", PROJECT, "cp312"]
    url = f"{upstream.server.url}/files/{wheel_name('2.3.2')}"
    assert made.urls == (url, *before.urls)
    assert (made.hash, made.witnesses) == (before.hash, 2)
    again = upstream.succeeds("--to", "2.3.2")
    assert again.startswith("nothing to add to 2.3.2"), again


def test_the_index_with_another_wheel_than_the_pinned_one_changes_nothing(
    upstream: Upstream,
) -> None:
    upstream.wheel("2.3.2", "cp311", body=b"another wheel!", size=14)
    done = upstream.update("--write", "--to", "2.3.2")
    assert done.status == 1, done
    assert upstream.file.read_bytes() == upstream.before
    assert "refused:\n  rknn-toolkit-lite2 2.3.2 (aarch64, cp311):" in done.stdout, done.stdout


def test_a_tag_with_another_wheel_than_the_pinned_one_changes_nothing(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.succeeds("--write")
    before = upstream.file.read_bytes()
    path = f"{WHEELS}/{wheel_name('2.6.0')}"
    upstream.tag("2.6.0", {**sdk_files("2.6.0"), path: b"built once more"})
    done = upstream.update("--write")
    told = done.stdout
    assert done.status == 1, told
    assert upstream.file.read_bytes() == before
    assert "refused:\n  rknn-toolkit-lite2 2.6.0 (aarch64, cp312):" in told, told


def test_a_hash_that_nobody_vouched_for_is_held_against_the_tag(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.succeeds("--write")
    lines = upstream.file.read_text().splitlines(keepends=True)
    upstream.file.write_text("".join(line for line in lines if "pypi-sha256" not in line))
    before = upstream.file.read_bytes()
    body = wheel_body("2.6.0")
    upstream.server.route(f"/files/{wheel_name('2.6.0')}", fails=99, status=404)
    path = f"{WHEELS}/{wheel_name('2.6.0')}"
    files = {path: body.upper(), f"{WHEELS}/packages.md5sum": b""}
    upstream.tag("2.6.0", sdk_files("2.6.0") | files)
    done = upstream.update("--write")
    assert done.status == 1, done
    assert upstream.file.read_bytes() == before
    told = f"pinned to {sri(body)}, and its new witnesses are for {sri(body.upper())}; judge"
    assert told in done.stdout, done.stdout


def test_a_pinned_file_gains_no_mirror_that_was_not_held_against_it(upstream: Upstream) -> None:
    told = upstream.succeeds("--write", "--to", "2.3.2", "--no-prefetch")
    assert upstream.file.read_bytes() == upstream.before
    line = "with --no-prefetch these gain no mirror, as they are pinned: rknn-toolkit-lite2 2.3.2"
    assert line in told, told


def test_hashes_are_left_out_without_prefetch(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.succeeds("--write", "--no-prefetch")
    made = upstream.entries["2.6.0", PROJECT, "cp312"]
    assert (made.hash, made.size) == (None, len(wheel_body("2.6.0")))
    assert upstream.server.hits(f"/files/{wheel_name('2.6.0')}") == []
