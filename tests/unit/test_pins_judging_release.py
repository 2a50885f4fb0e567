"""What a person still has to judge in a new release is said, and what is the same is not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.upstream import HEADER, PATHS, Upstream, sdk_files

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

API = PATHS["rknn_api.h", "any"]


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def judged(upstream: Upstream, **changed: bytes) -> str:
    """Return what is to judge about 2.6.0, whose files are those of 2.3.2 but for `changed`."""
    paths = {"license": PATHS["license", "any"], "api": API}
    files = {paths[name]: body for name, body in changed.items()}
    upstream.tag("2.6.0", sdk_files("2.6.0") | files)
    return upstream.succeeds("--no-prefetch").partition("for you to judge:\n")[2]


def test_what_is_the_same_is_one_line(upstream: Upstream) -> None:
    told = judged(upstream)
    names = "rknn_api.h, rknn_matmul_api.h, rknn_custom_op.h, LICENSE"
    assert told.startswith(f"  2.6.0: unchanged since 2.3.2: {names}\n"), told
    assert "changed:" not in told
    assert "licence" not in told


def test_another_licence_is_shown(upstream: Upstream) -> None:
    told = judged(upstream, license=b"Use it.\nOn Sundays.\n")
    assert "  2.6.0: the licence has changed: read it\n" in told, told
    assert "    +On Sundays.\n" in told, told


def test_a_header_names_what_came_and_went(upstream: Upstream) -> None:
    header = HEADER.replace("int rknn_run(", "int rknn_start(")
    told = judged(upstream, api=header.encode())
    assert "  2.6.0: rknn_api.h has changed\n" in told, told
    assert "    function came: rknn_start\n" in told, told
    assert "    function went: rknn_run\n" in told, told


def test_a_header_with_another_comment_only(upstream: Upstream) -> None:
    told = judged(upstream, api=b"/* new */ " + HEADER.encode())
    assert "  2.6.0: rknn_api.h has changed in comments or layout only\n" in told, told


def test_a_header_that_is_none_is_left_to_the_person(upstream: Upstream) -> None:
    told = judged(upstream, api=b"<html>")
    line = (
        "rknn_api.h has changed since 2.3.2; compare them yourself (no function is declared in it)"
    )
    assert line in told, told


def test_a_binding_without_runtime(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    told = upstream.succeeds("--no-prefetch")
    assert "2.6.0: no librknnrt.so to go with the binding 2.6.0; the newest here is 2.3.2\n" in told


def test_a_binding_with_its_runtime_is_no_question(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    assert "no librknnrt.so" not in judged(upstream)


@pytest.mark.parametrize(
    ("factor", "asked"), [(1.4, False), (1.6, True), (0.4, True), (0.6, False)]
)
def test_a_size_that_jumps(upstream: Upstream, factor: float, asked: bool) -> None:  # noqa: FBT001
    before = upstream.entries["2.3.2", "rknn-toolkit-lite2", "cp312"].size or 0
    size = round(before * factor)
    upstream.wheel("2.6.0", size=size)
    told = upstream.succeeds("--no-prefetch")
    assert (f"has {size} bytes; 2.3.2 had {before}" in told) is asked, told


def test_a_comment_that_may_be_stale(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.succeeds("--write", "--no-prefetch")
    text = upstream.file.read_text()
    header = '[releases."2.6.0"]\n'
    upstream.file.write_text(text.replace(header, f"{header}# On the index only.\n"))
    told = judged(upstream)
    assert "2.6.0: a comment may no longer be true\n    # On the index only.\n" in told, told
