"""A build that fails, that nobody built here, or that the disk has no room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from rknn_flake.errors import RknnError
from rknn_flake.process import Completed
from rknn_flake.reproduce import building
from rknn_flake.reproduce.plan import Target

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

TARGET = Target("tool", "/nix/store/a.drv", {"out": "/nix/store/a"})


class Answers:
    """Nix that ends as it is told and knows what it is told of each path."""

    store = "/somewhere/store"

    def __init__(self, stderr: str = "", **known: Any) -> None:  # noqa: ANN401
        self.stderr = stderr
        self.known = known

    def call(self, *words: str, **_: object) -> Completed:
        """End as told."""
        return Completed(words, 1 if self.stderr else 0, "", self.stderr)

    def path_info(self, *paths: str) -> dict[str, dict[str, Any]]:
        """Know the same of each path."""
        return dict.fromkeys(paths, self.known)


def build(nix: Answers) -> building.Built:
    return building._build(cast("Nix", nix), TARGET)


def test_what_was_built_here_has_its_hash() -> None:
    made = build(Answers(narHash="sha256-a", ultimate=True))
    assert (made.hashes, made.error) == ({"out": "sha256-a"}, None)


def test_a_download_is_no_cache_s() -> None:
    assert build(Answers(narHash="sha256-a", ca="fixed:sha256:a")).hashes == {"out": "sha256-a"}


def test_what_came_from_a_cache_is_refused() -> None:
    with pytest.raises(RknnError, match="tool: /nix/store/a came from a binary cache or with"):
        build(Answers(narHash="sha256-a"))


def test_a_failure_is_told_with_the_log_s_end() -> None:
    made = build(Answers("compiling\nerror: builder failed\n"))
    assert made.hashes == {}
    assert made.error == "  compiling\n  error: builder failed"


def test_a_full_disk_is_no_difference() -> None:
    with pytest.raises(RknnError, match=r"disk is full while building tool.*RKNN_FLAKE_CACHE"):
        build(Answers("cp: error writing 'x': No space left on device\n"))
