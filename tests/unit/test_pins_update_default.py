"""update --default: [defaults] moves where all that the packages need is there and has a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import sources
from unit.upstream import PATHS, Upstream, sdk_files

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("nix")]
OLD = {"runtime": "2.3.2", "toolkit-lite": "2.3.2"}


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def defaults(upstream: Upstream) -> dict[str, str]:
    return dict(sources.read(upstream.file).defaults)


def test_both_move_to_a_whole_release(upstream: Upstream) -> None:
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write", "--default")
    assert defaults(upstream) == {"runtime": "2.6.0", "toolkit-lite": "2.6.0"}


def test_they_stay_unless_told(upstream: Upstream) -> None:
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write")
    assert defaults(upstream) == OLD


def test_the_binding_waits_for_its_runtime(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    told = upstream.succeeds("--write", "--default")
    assert defaults(upstream) == OLD
    line = "the default of toolkit-lite stays at 2.3.2: there is no librknnrt 2.6.0 (aarch64)"
    assert line in told, told


def test_a_library_without_hash_holds_both_back(upstream: Upstream) -> None:
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    path = upstream.raw_path(commit, PATHS["librknnrt", "aarch64"])
    upstream.server.route(path, fails=99, status=404)
    told = upstream.succeeds("--write", "--default")
    assert defaults(upstream) == OLD
    assert "runtime stays at 2.3.2: librknnrt 2.6.0 (aarch64) has no hash" in told, told


def test_the_runtime_moves_without_a_binding(upstream: Upstream) -> None:
    upstream.tag("2.6.0", sdk_files("2.6.0", pythons=()))
    told = upstream.succeeds("--write", "--default")
    assert defaults(upstream) == {"runtime": "2.6.0", "toolkit-lite": "2.3.2"}
    assert "stays at 2.3.2: there is no rknn-toolkit-lite2 2.6.0 (aarch64)" in told, told


def test_they_move_later_when_the_release_has_become_whole(upstream: Upstream) -> None:
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.succeeds("--write")
    told = upstream.succeeds("--write", "--default")
    assert defaults(upstream) == {"runtime": "2.6.0", "toolkit-lite": "2.6.0"}
    assert "the defaults written" in told, told


def test_they_never_move_back(upstream: Upstream) -> None:
    upstream.tag("2.2.0", sdk_files("2.2.0"))
    upstream.succeeds("--write", "--default", "--to", "2.2.0")
    assert defaults(upstream) == OLD
