"""update: which versions it takes: what is newer and finished, or exactly the one it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.upstream import PROJECT, Upstream, sdk_files, wheel_name

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def releases(upstream: Upstream) -> list[str]:
    return list(dict.fromkeys(key[0] for key in upstream.entries))


def test_nothing_is_newer(upstream: Upstream) -> None:
    upstream.wheel("2.3.0")
    upstream.tag("2.3.0", sdk_files("2.3.0"))
    told = upstream.succeeds("--write")
    newest = "rknn-toolkit-lite2 2.3.2, rknn-toolkit2 nothing, v2.3.2 of the SDK"
    assert told == f"nothing newer than {newest}, and no wheel to add to these\n"
    assert upstream.file.read_bytes() == upstream.before


def test_versions_are_numbers_not_texts(upstream: Upstream) -> None:
    upstream.wheel("2.10.0")
    upstream.succeeds("--write", "--no-prefetch")
    assert releases(upstream) == ["2.10.0", "2.3.2"]


def test_a_pre_release_is_taken_only_by_name(upstream: Upstream) -> None:
    upstream.wheel("2.6.0b1")
    upstream.tag("2.6.0-beta1", {})
    assert "nothing newer" in upstream.succeeds("--write", "--no-prefetch")
    upstream.succeeds("--write", "--no-prefetch", "--to", "2.6.0b1")
    assert releases(upstream) == ["2.6.0b1", "2.3.2"]


def test_one_release_of_several(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.wheel("2.7.0")
    upstream.succeeds("--write", "--no-prefetch", "--to", "2.6.0")
    assert releases(upstream) == ["2.6.0", "2.3.2"]


def test_an_older_release_goes_below_the_newer(upstream: Upstream) -> None:
    upstream.wheel("2.2.0")
    commit = upstream.tag("2.2.0", sdk_files("2.2.0"))
    upstream.succeeds("--write", "--no-prefetch", "--to", "2.2.0")
    assert releases(upstream) == ["2.3.2", "2.2.0"]
    assert commit in upstream.entries["2.2.0", "librknnrt", "aarch64"].urls[0]


def test_a_version_that_nobody_has_names_those_there_are(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.tag("2.7.0", sdk_files("2.7.0"))
    done = upstream.update("--to", "9.9")
    assert done.status == 2, done
    assert done.stderr.startswith("rknn-pins: --to 9.9: neither "), done.stderr
    assert done.stderr.endswith("they have 2.3.2, 2.6.0, 2.7.0\n"), done.stderr


def test_a_version_that_the_sdk_might_have_is_no_wrong_usage(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    done = upstream.update("--to", "9.9", "--repository", "file:///nowhere")
    assert done.status == 1, done
    assert "--to 9.9: not found; 2.3.2, 2.6.0 is, and the SDK is out of reach" in done.stderr


def test_what_is_no_version(upstream: Upstream) -> None:
    done = upstream.update("--to", "newest")
    assert done.status == 2, done
    assert done.stderr == "rknn-pins: --to: 'newest' is no version; write it like 2.3.2\n"


def test_a_release_that_is_here_gains_the_wheels_it_lacks(upstream: Upstream) -> None:
    upstream.wheel("2.3.2", "cp313")
    upstream.succeeds("--write", "--no-prefetch", "--to", "2.3.2")
    assert upstream.entries["2.3.2", PROJECT, "cp313"].name == wheel_name("2.3.2", "cp313")
    again = upstream.succeeds("--write", "--no-prefetch", "--to", "2.3.2")
    assert again.endswith("nothing to add to 2.3.2: all that there is of it is here\n"), again


def test_a_yanked_wheel_is_left_out_and_said(upstream: Upstream) -> None:
    upstream.wheel("2.6.0", "cp311")
    upstream.wheel("2.6.0", "cp312", yanked="does not import")
    told = upstream.succeeds("--write", "--no-prefetch")
    assert f"{wheel_name('2.6.0')}: left out, its maker has yanked it (does not import)" in told
    pythons = [key[2] for key in upstream.entries if key[0] == "2.6.0"]
    assert pythons == ["cp311"]


def test_a_release_that_is_yanked_as_a_whole_is_none(upstream: Upstream) -> None:
    upstream.wheel("2.6.0", yanked=True)
    told = upstream.succeeds("--write")
    assert "nothing newer" in told
    assert f"{wheel_name('2.6.0')}: left out, its maker has yanked it" in told, told


def test_a_release_for_unknown_machines_only_is_said(upstream: Upstream) -> None:
    upstream.wheel("2.3.0", arch="riscv64")
    upstream.wheel("2.6.0", arch="riscv64")
    told = upstream.succeeds("--write")
    assert "nothing newer" in told
    name = wheel_name("2.6.0", arch="riscv64")
    assert f"{name}: for none of the architectures aarch64, x86_64, armhf; left out\n" in told, told
    assert "2.3.0" not in told, told


def test_a_release_of_which_nothing_can_be_taken_by_name(upstream: Upstream) -> None:
    upstream.wheel("2.6.0", yanked="broken")
    done = upstream.update("--to", "2.6.0")
    assert done.status == 1, done
    name = wheel_name("2.6.0")
    why = f"{name}: left out, its maker has yanked it (broken)"
    assert done.stderr == f"rknn-pins: --to 2.6.0: nothing to take: {why}\n"


def test_a_wheel_that_came_late_to_the_newest_release_is_offered(upstream: Upstream) -> None:
    upstream.wheel("2.3.0", "cp313")
    upstream.wheel("2.3.2", "cp313")
    told = upstream.succeeds("--write", "--no-prefetch")
    assert f"{PROJECT} 2.3.2 is here already, and lacks what the index has: cp313 (aarch64)" in told
    assert upstream.entries["2.3.2", PROJECT, "cp313"].name == wheel_name("2.3.2", "cp313")
    assert releases(upstream) == ["2.3.2"]
    assert upstream.succeeds("--write").startswith("nothing newer")


def test_the_index_is_asked_about_every_release_that_the_sdk_brings(upstream: Upstream) -> None:
    upstream.wheel("2.7.0")
    upstream.succeeds("--write", "--no-prefetch")
    url = upstream.wheel("2.6.0")
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write", "--no-prefetch")
    made = upstream.entries["2.6.0", PROJECT, "cp312"]
    assert made.urls[0] == url
    assert set(made.digests) == {"git-blob", "upstream-md5", "pypi-sha256"}
