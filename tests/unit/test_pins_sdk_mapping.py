"""A new tag of the SDK: each file is found again, or said to be gone; none is taken for another."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from unit.upstream import (
    ANDROID,
    LINUX,
    OWNER,
    PATHS,
    PROJECT,
    WHEELS,
    Upstream,
    sdk_files,
    wheel_body,
    wheel_name,
)

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

LIBRARY = PATHS["librknnrt", "aarch64"]


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def moved(files: dict[str, bytes], old: str, *new: str) -> dict[str, bytes]:
    """Return `files` with the file `old` at each of `new` in its place."""
    kept = {path: body for path, body in files.items() if path != old}
    return kept | {path: files[old] + path.encode() for path in new}


def updated(upstream: Upstream, files: dict[str, bytes]) -> str:
    upstream.tag("2.6.0", files)
    return upstream.succeeds("--write", "--no-prefetch")


def test_a_file_that_has_moved_is_found_by_its_name(upstream: Upstream) -> None:
    elsewhere = "runtime/aarch64/librknnrt.so"
    told = updated(upstream, moved(sdk_files("2.6.0"), LIBRARY, elsewhere))
    assert f"librknnrt 2.6.0 (aarch64): moved from {LIBRARY} to {elsewhere}" in told, told
    assert upstream.entries["2.6.0", "librknnrt", "aarch64"].urls[0].endswith(f"/{elsewhere}")


def test_a_tag_without_the_runtime_does_not_get_androids(upstream: Upstream) -> None:
    files = moved(moved(sdk_files("2.6.0"), LIBRARY), PATHS["librknnrt", "armhf"])
    assert ANDROID in files
    told = updated(upstream, files)
    gone = f"  2.6.0: librknnrt (aarch64) is gone; 2.3.2 had it\n    v2.6.0 has no {LIBRARY}\n"
    assert gone in told, told
    assert told.count(LIBRARY) == told.count("librknnrt (aarch64) is gone") == 1, told
    assert "2.6.0: no librknnrt.so to go with the binding 2.6.0; the newest here is 2.3.2" in told
    assert ("2.6.0", "librknnrt", "aarch64") not in upstream.entries


def test_wheels_that_the_index_alone_has_are_not_gone(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    told = updated(upstream, sdk_files("2.6.0", pythons=()))
    assert "gone" not in told, told
    assert told.count("Pythons that went since 2.3.2: cp311\n") == told.count("cp311") == 1, told


def test_wheels_that_nobody_has_are_gone_once(upstream: Upstream) -> None:
    told = updated(upstream, sdk_files("2.6.0", pythons=()))
    assert told.count(f"{PROJECT} (aarch64) is gone; 2.3.2 had it\n") == 1, told
    assert told.count(wheel_name("2.6.0", "cp311")) == 1, told


def test_a_tag_that_has_nothing_of_it_says_what_is_gone(upstream: Upstream) -> None:
    told = updated(upstream, {"README.md": b"Moved.\n"})
    assert told.count("librknnrt (aarch64) is gone; 2.3.2 had it\n") == 1, told


def test_one_of_two_that_it_may_be_is_not_guessed(upstream: Upstream) -> None:
    told = updated(upstream, moved(sdk_files("2.6.0"), LIBRARY, "a/librknnrt.so", "b/librknnrt.so"))
    assert "it may be one of a/librknnrt.so, b/librknnrt.so" in told, told
    assert ("2.6.0", "librknnrt", "aarch64") not in upstream.entries


def test_an_old_commit_that_is_gone_finds_no_moved_files(upstream: Upstream) -> None:
    upstream.file.write_bytes(upstream.before.replace(upstream.old.encode(), b"6" * 40))
    told = updated(upstream, moved(sdk_files("2.6.0"), LIBRARY))
    assert "v2.3.2 can't be compared with: " in told, told
    assert f"the tag v2.3.2 names {upstream.old} now; here it is {'6' * 40}" in told, told
    assert ("2.6.0", "librknnrt", "aarch64") not in upstream.entries
    assert ("2.6.0", "librknnrt", "armhf") in upstream.entries


def test_the_wheel_of_a_new_python_is_taken(upstream: Upstream) -> None:
    told = updated(upstream, sdk_files("2.6.0", pythons=("cp312", "cp313")))
    made = upstream.entries["2.6.0", PROJECT, "cp313"]
    assert made.name == wheel_name("2.6.0", "cp313")
    md5 = hashlib.md5(wheel_body("2.6.0", "cp313"), usedforsecurity=False).hexdigest()
    assert made.upstream_md5 == md5
    assert "Pythons that came since 2.3.2: cp313\n" in told, told
    assert "Pythons that went since 2.3.2: cp311\n" in told, told


def test_a_wheel_with_another_platform_tag_is_the_same(upstream: Upstream) -> None:
    files = sdk_files("2.6.0")
    body = files.pop(f"{WHEELS}/{wheel_name('2.6.0')}")
    name = "rknn_toolkit_lite2-2.6.0-cp312-cp312-linux_aarch64.whl"
    told = updated(upstream, files | {f"{WHEELS}/{name}": body})
    assert upstream.entries["2.6.0", PROJECT, "cp312"].name == name
    assert "gone" not in told, told


def test_a_copy_for_an_example_is_not_where_a_file_has_moved(upstream: Upstream) -> None:
    files = sdk_files("2.6.0")
    body = files.pop(LIBRARY)
    updated(upstream, files | {"a/deep/copy/librknnrt.so": body, "lib/librknnrt.so": body})
    assert upstream.entries["2.6.0", "librknnrt", "aarch64"].urls[0].endswith("/lib/librknnrt.so")


def test_a_wheel_of_another_release_or_folder_is_not(upstream: Upstream) -> None:
    stray = {
        f"{WHEELS}/{wheel_name('2.5.9', 'cp313')}": b"older",
        f"docker/{wheel_name('2.6.0', 'cp313')}": b"elsewhere",
    }
    updated(upstream, sdk_files("2.6.0") | stray)
    assert [key[2] for key in upstream.entries if key[:2] == ("2.6.0", PROJECT)] == [
        "cp311",
        "cp312",
    ]


def test_a_list_of_another_folder_vouches_for_nothing(upstream: Upstream) -> None:
    files = sdk_files("2.6.0")
    files["docker/md5sum.txt"] = files.pop(f"{WHEELS}/packages.md5sum")
    updated(upstream, files)
    assert upstream.entries["2.6.0", PROJECT, "cp312"].upstream_md5 is None


def test_a_mirror_in_another_repository_is_left_out_and_said(upstream: Upstream) -> None:
    told = updated(upstream, sdk_files("2.6.0"))
    line = (
        "librknnrt 2.6.0 (aarch64): the mirror Somebody/Mirror is left out; add its commit by hand"
    )
    assert line in told, told
    assert len(upstream.entries["2.6.0", "librknnrt", "aarch64"].urls) == 1


def test_urls_are_githubs_unless_told(upstream: Upstream) -> None:
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.raw = "https://raw.githubusercontent.com"
    upstream.succeeds("--write", "--no-prefetch")
    url = f"https://raw.githubusercontent.com/{OWNER}/{commit}/{LINUX}/aarch64/librknnrt.so"
    assert upstream.entries["2.6.0", "librknnrt", "aarch64"].urls == (url,)
