"""add: one more file; what its URL tells need not be said, and an option overrides it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from unit.pins_fixtures import blob, sri
from unit.upstream import LINUX, PATHS, PROJECT, Upstream, sdk_files, wheel_body, wheel_name

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("nix")]
SIMPLE = ("--release", "2.3.2", "--component", "stb_image.h", "--arch", "any")


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def added(upstream: Upstream, *words: str) -> str:
    done = upstream.pins("add", *words)
    assert done.status == 0, done
    return done.stdout


def test_a_wheel_of_the_index_needs_its_url_only(upstream: Upstream) -> None:
    url = upstream.wheel("2.3.2", "cp313")
    told = added(upstream, url)
    made = upstream.entries["2.3.2", PROJECT, "cp313"]
    body = wheel_body("2.3.2", "cp313")
    assert (made.urls, made.hash, made.name) == ((url,), sri(body), wheel_name("2.3.2", "cp313"))
    assert made.digests == {"pypi-sha256": hashlib.sha256(body).hexdigest()}
    assert f'+name = "{made.name}"' in told


def test_a_file_of_the_sdk_needs_its_url_only(upstream: Upstream) -> None:
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write", "--no-prefetch")
    text = upstream.file.read_text()
    start = text.index('[[releases."2.6.0".files]]')
    upstream.file.write_text(text[:start] + text[text.index("[[", start + 2) :])
    assert ("2.6.0", "librknnrt", "aarch64") not in upstream.entries
    path = f"{LINUX}/aarch64/librknnrt.so"
    added(upstream, upstream.server.url + upstream.raw_path(commit, path))
    made = upstream.entries["2.6.0", "librknnrt", "aarch64"]
    body = sdk_files("2.6.0")[path]
    assert (made.git_blob, made.hash) == (blob(body), sri(body))


def test_what_is_said_overrides_what_the_url_tells(upstream: Upstream) -> None:
    path = PATHS["rknn_api.h", "any"]
    url = upstream.server.url + upstream.raw_path(upstream.old, path)
    digest = hashlib.md5(sdk_files("2.3.2")[path], usedforsecurity=False).hexdigest()
    said = ("--release", "2.4.0", "--component", "api.h", "--arch", "aarch64")
    added(upstream, url, *said, "--upstream-md5", digest.upper())
    made = upstream.entries["2.4.0", "api.h", "aarch64"]
    assert (made.name, made.digests["upstream-md5"]) == ("rknn_api.h", digest)


def test_a_commit_that_no_tag_is_may_be_a_forks(upstream: Upstream) -> None:
    commit = upstream.commit("on a branch")
    path = PATHS["rknn_api.h", "any"]
    words = ("--release", "2.3.2", "--component", "api.h", "--arch", "any", "--no-prefetch")
    for rev, said in ((commit, True), (upstream.old, False)):
        url = upstream.server.url + upstream.raw_path(rev, path)
        told = added(upstream, url, *words, "--dry-run")
        assert (f"no tag of {upstream.repository} is {rev}: see that it is in" in told) is said


def test_mirrors_that_agree_are_all_kept(upstream: Upstream) -> None:
    first, second = (upstream.server.route(f"/{name}/stb_image.h", b"stb") for name in "ab")
    added(upstream, first, second, *SIMPLE, "--git-blob", blob(b"stb"), "--record", "me@1")
    made = upstream.entries["2.3.2", "stb_image.h", "any"]
    assert (made.urls, made.records, made.hash) == ((first, second), ("me@1",), sri(b"stb"))
    assert all(upstream.server.hits(f"/{name}/stb_image.h") for name in "ab")


def test_a_dry_run_shows_it_only(upstream: Upstream) -> None:
    url = upstream.wheel("2.3.2", "cp313")
    told = added(upstream, url, "--dry-run")
    assert upstream.file.read_bytes() == upstream.before
    assert f'+hash = "{sri(wheel_body("2.3.2", "cp313"))}"' in told


def test_trust_is_recorded(upstream: Upstream) -> None:
    url = upstream.server.route("/stb_image.h", b"stb")
    added(upstream, url, *SIMPLE, "--trust-on-first-use")
    made = upstream.entries["2.3.2", "stb_image.h", "any"]
    assert made.hash == sri(b"stb")
    assert "127.0.0.1" in (made.trust_on_first_use or "")


def test_a_new_component_is_taken_and_a_slip_asked_about(upstream: Upstream) -> None:
    url = upstream.server.route("/librknnrt.so", b"so")
    words = ("--release", "2.3.2", "--arch", "any", "--git-blob", blob(b"so"))
    told = added(upstream, url, *words, "--component", "librknrt")
    assert "the component librknrt is new here; did you mean librknnrt?" in told
    told = added(upstream, url, *words, "--component", "zzz")
    assert "the component zzz is new here\n" in told


def test_everything_else_keeps_its_bytes(upstream: Upstream) -> None:
    added(upstream, upstream.wheel("2.3.2", "cp313"))
    assert upstream.file.read_bytes().startswith(upstream.before), upstream.file.read_text()
    assert len(PATHS) + 3 == len(upstream.entries)
