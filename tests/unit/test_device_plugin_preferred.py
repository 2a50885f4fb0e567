"""Which shares a container should get: cores of its own, and such that it can use them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_cdi.cores import mask
from rknn_device_plugin.choice import preferred
from rknn_device_plugin.shares import Share, Shares

if TYPE_CHECKING:
    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]


def chosen(
    available: str, size: int, must: str = "", *, soc: str = "rk3588", per_core: int = 1
) -> str:
    """Return the choice; shares are words such as 0-1."""
    shares = Shares(soc, per_core)

    def parse(words: str) -> list[Share]:
        found = [shares.parse(f"core{word}") for word in words.split()]
        assert None not in found, words
        return [one for one in found if one]

    found = preferred(shares, parse(available), parse(must), size)
    return " ".join(str(share).removeprefix("core") for share in found)


@pytest.mark.parametrize(
    ("available", "size", "must", "expected"),
    [
        ("0-0 1-0 2-0", 1, "", "0-0"),
        ("1-0 2-0", 1, "", "1-0"),
        ("0-0 1-0 2-0", 2, "", "0-0 1-0"),
        ("0-0 1-0 2-0", 2, "2-0", "0-0 2-0"),
        ("1-0 2-0", 2, "", "1-0 2-0"),
        ("0-0 1-0 2-0", 3, "", "0-0 1-0 2-0"),
        ("0-0 1-0 2-0", 0, "", ""),
        ("0-0", 2, "", "0-0"),
    ],
)
def test_whole_cores(available: str, size: int, must: str, expected: str) -> None:
    assert chosen(available, size, must) == expected


@pytest.mark.parametrize(
    ("available", "size", "must", "expected"),
    [
        # The least shared core, and of it the first share that is free.
        ("0-1 1-0 1-1 2-0 2-1", 1, "", "1-0"),
        ("0-1 1-1 2-0 2-1", 1, "", "2-0"),
        ("0-0 0-1 1-1 2-0", 1, "1-1", "1-1"),
        # Cores 1 and 2 are less shared, and can't be used together.
        ("0-1 1-0 1-1 2-0 2-1", 2, "", "0-1 1-0"),
        ("1-0 1-1 2-0 2-1", 2, "", "1-0 2-0"),
        # Two shares of a core are no more than one.
        ("0-0 0-1 1-0", 2, "", "0-0 1-0"),
        ("0-0 0-1 1-0", 2, "0-1", "0-1 1-0"),
        ("0-0 0-1 1-0 2-0", 2, "0-0 0-1", "0-0 0-1"),
        ("0-0 0-1 1-0 1-1 2-0 2-1", 4, "", "0-0 0-1 1-0 2-0"),
    ],
)
def test_shared_cores(available: str, size: int, must: str, expected: str) -> None:
    assert chosen(available, size, must, per_core=2) == expected


def test_other_socs() -> None:
    assert chosen("0-0 0-1 1-0 1-1", 2, soc="rk3576", per_core=2) == "0-0 1-0"
    assert chosen("0-0 0-1 0-2", 2, soc="rk3566", per_core=3) == "0-0 0-1"


@given(st.data(), st.sampled_from(["rk3588", "rk3576", "rk3568"]), st.integers(1, 4))
def test_laws(data: st.DataObject, soc: str, per_core: int) -> None:
    shares = Shares(soc, per_core)
    available = data.draw(st.sets(st.sampled_from(shares.every())))
    must = data.draw(st.sets(st.sampled_from(sorted(available)))) if available else set()
    size = data.draw(st.integers(len(must), max(len(available), len(must))))
    found = preferred(shares, available, must, size)
    assert len(found) == len(set(found)) == size
    assert must <= set(found) <= available
    cores = {share.core for share in found}
    assert len(cores) >= min(size - len(must), len({share.core for share in available} - cores))
    if not must and size == 2 and {0, 1} <= {share.core for share in available}:
        assert mask(soc, cores) in {3, None}


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)), st.integers(-(2**31), 2**31 - 1))
def test_no_demand_is_too_strange(available: list[int], must: list[int], size: int) -> None:
    every = Shares("rk3588", 2).every()
    free, demanded = ([every[index] for index in one] for one in (available, must))
    found = preferred(Shares("rk3588", 2), free, demanded, size)
    assert set(found) <= {*free, *demanded}


def test_kubelet_asks(board: Running) -> None:
    kubelet = board.serve()
    every = ["core0-0", "core1-0", "core2-0"]
    assert kubelet.prefer(every, 2) == ["core0-0", "core1-0"]
    assert kubelet.prefer(every, 2, ("core2-0",)) == ["core0-0", "core2-0"]
    assert kubelet.prefer([*every, "core9-9", "strange"], 3) == every
