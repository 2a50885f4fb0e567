"""add: what can not be one more file, each with its line, and the file as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.pins_fixtures import blob
from unit.upstream import OWNER, PATHS, Upstream, sdk_files, wheel_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.loopback import Server

SIMPLE = ("--release", "2.3.2", "--component", "stb_image.h", "--arch", "any")
RAW = f"https://raw.githubusercontent.com/{OWNER}"


def fetches(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test in which Nix downloads."""
    marked: Callable[..., None] = pytest.mark.nix(pytest.mark.usefixtures("nix")(test))
    return marked


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def refused(upstream: Upstream, *words: str, status: int = 1) -> str:
    """Return what was said: everything on stdout and stderr."""
    done = upstream.pins("add", *words)
    assert done.status == status, done
    assert upstream.file.read_bytes() == upstream.before
    return done.stdout + done.stderr


@pytest.mark.parametrize("ref", ["master", "v2.3.2", "refs/heads/master", "42aa1d4"])
def test_a_branch_in_place_of_a_commit(upstream: Upstream, ref: str) -> None:
    told = refused(upstream, f"{RAW}/{ref}/LICENSE", status=2)
    assert f"{ref} is a branch or a tag, which moves; put the full commit" in told
    assert f"git ls-remote https://github.com/{OWNER} {ref}" in told


def test_githubs_page_about_a_file(upstream: Upstream) -> None:
    told = refused(upstream, f"https://github.com/{OWNER}/blob/master/a/LICENSE", status=2)
    assert f"the file is at {RAW}/master/a/LICENSE" in told


@pytest.mark.parametrize(
    "url", ["librknnrt.so", "file:///etc/passwd", "https://host/", "https://["]
)
def test_what_is_no_url_of_a_file(upstream: Upstream, url: str) -> None:
    told = refused(upstream, url, *SIMPLE, status=2)
    assert "is no URL of a file; write https://HOST" in told


def test_a_wheel_of_another_kind(upstream: Upstream) -> None:
    told = refused(upstream, "https://host/rknn-1.0-py3-none-any.whl", *SIMPLE, status=2)
    assert "not for one CPython 3 alone" in told


@pytest.mark.parametrize("left", ["release", "component", "arch"])
def test_what_the_url_does_not_tell_has_to_be_said(upstream: Upstream, left: str) -> None:
    at = SIMPLE.index(f"--{left}")
    told = refused(upstream, "https://host/a.h", *SIMPLE[:at], *SIMPLE[at + 2 :], status=2)
    assert f"it does not tell the {left}; say --{left}" in told


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--git-blob", "a" * 39),
        ("--upstream-md5", "g" * 32),
        ("--pypi-sha256", "a" * 65),
        ("--python", "3.12"),
        ("--arch", "riscv64"),
        ("--release", "newest"),
    ],
)
def test_an_option_that_makes_no_sense(upstream: Upstream, option: str, value: str) -> None:
    told = refused(upstream, "https://host/a.h", *SIMPLE, option, value, status=2)
    assert option in told
    assert value in told


def test_a_password_goes_neither_into_the_file_nor_on_the_screen(upstream: Upstream) -> None:
    told = refused(upstream, "https://me:secret@host/a.h", status=2)
    assert "a user name for host is in a URL" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("https://host/a.h?raw=1",), "has a query; take out"),
        (("https://host/a.h", "https://host/b.h"), "ends in 'b.h', and name is 'a.h'"),
        (("https://host/a%20b.h",), "'a b.h' is no name in the Nix store"),
        ((f"{RAW}/{'7' * 40}/a.h",), "and the release's rev is "),
        ((f"https://host/{wheel_name('2.6.0')}",), "of version 2.6.0; write that of 2.3.2"),
    ],
)
def test_what_the_check_would_refuse_is_not_written(
    upstream: Upstream, words: tuple[str, ...], line: str
) -> None:
    told = refused(upstream, *words, *SIMPLE, "--git-blob", "a" * 40, "--no-prefetch")
    assert line in told, told


def test_a_digest_that_is_not_what_the_index_publishes(upstream: Upstream) -> None:
    url = upstream.wheel("2.3.2", "cp313")
    told = refused(upstream, url, "--pypi-sha256", "a" * 64, "--no-prefetch")
    assert f"pypi-sha256: --pypi-sha256 says {'a' * 64}, and " in told


def test_a_digest_that_is_not_what_git_has(upstream: Upstream) -> None:
    url = upstream.server.url + upstream.raw_path(upstream.old, PATHS["license", "any"])
    told = refused(upstream, url, *SIMPLE, "--git-blob", "a" * 40, "--no-prefetch")
    assert f"git-blob: --git-blob says {'a' * 40}, and " in told


def test_a_file_that_is_no_text(upstream: Upstream) -> None:
    upstream.file.write_bytes(upstream.before + b"# \xe9\n")
    for command in ("add", "update"):
        done = upstream.pins(command, *(("https://host/a.h",) if command == "add" else ()))
        assert done.status == 1, done
        assert "not TOML: 'utf-8' codec can't decode" in done.stderr, done


def test_nobody_vouches_for_it(upstream: Upstream) -> None:
    url = upstream.server.route("/a.h", b"a")
    told = refused(upstream, url, *SIMPLE, "--record", "somebody")
    assert "no witness" in told
    assert "--trust-on-first-use" in told
    assert upstream.server.hits("/a.h") == []


def test_one_that_is_there_already_is_named(upstream: Upstream) -> None:
    url = f"{upstream.server.url}/{wheel_name('2.3.2')}"
    told = refused(upstream, url)
    there = f"rknn-toolkit-lite2 2.3.2 (aarch64, cp312) is there already: {wheel_name('2.3.2')}"
    assert there in told


def test_a_commit_without_the_file(upstream: Upstream) -> None:
    url = upstream.server.url + upstream.raw_path(upstream.old, "no/such.h")
    told = refused(upstream, url, *SIMPLE)
    assert "there is no no/such.h in " in told


def test_git_out_of_reach_leaves_no_witness(upstream: Upstream) -> None:
    path = upstream.raw_path(upstream.old, PATHS["license", "any"])
    words = (*SIMPLE, "--repository", "file:///nowhere")
    told = refused(upstream, upstream.server.url + path, *words)
    assert "no witness from git: file:///nowhere: git: fatal" in told


def test_mirrors_of_different_files_in_git(upstream: Upstream) -> None:
    new = upstream.tag("2.6.0", sdk_files("2.6.0"))
    path = PATHS["librknnrt", "aarch64"]
    urls = [upstream.server.url + upstream.raw_path(rev, path) for rev in (upstream.old, new)]
    told = refused(upstream, *urls, *SIMPLE)
    assert "the mirrors are not the same file" in told
    assert all(url in told for url in urls)


@fetches
def test_a_witness_that_disagrees(upstream: Upstream) -> None:
    url = upstream.server.route("/a.h", b"a")
    told = refused(upstream, url, *SIMPLE, "--git-blob", blob(b"b"))
    assert f"git-blob: found {blob(b'a')}, expected {blob(b'b')}" in told


@fetches
def test_trust_does_not_override_a_witness(upstream: Upstream) -> None:
    url = upstream.server.route("/a.h", b"a")
    words = ("--git-blob", blob(b"b"), "--trust-on-first-use")
    assert "git-blob: found" in refused(upstream, url, *SIMPLE, *words)


@fetches
def test_the_mirror_that_differs_is_named(upstream: Upstream) -> None:
    good = upstream.server.route("/good/a.h", b"a")
    bad = upstream.server.route("/bad/a.h", b"<!DOCTYPE html>")
    told = refused(upstream, good, bad, *SIMPLE, "--git-blob", blob(b"a"))
    assert f"{bad}: found 15 bytes, an HTML page" in told
    assert f": {good}:" not in told


@fetches
def test_mirrors_that_differ_without_a_witness(upstream: Upstream) -> None:
    urls = [upstream.server.route(f"/{body}/a.h", body.encode()) for body in "ab"]
    told = refused(upstream, *urls, *SIMPLE, "--trust-on-first-use")
    assert "the mirrors are not the same file, each has another hash" in told
    assert all(f"{url} has sha256-" in told for url in urls)


@fetches
def test_a_mirror_that_does_not_answer(upstream: Upstream) -> None:
    good = upstream.server.route("/good/a.h", b"a")
    gone = f"{upstream.server.url}/gone/a.h"
    told = refused(upstream, good, gone, *SIMPLE, "--git-blob", blob(b"a"))
    assert gone in told
    assert "404" in told
