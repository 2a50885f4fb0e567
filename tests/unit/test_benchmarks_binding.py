"""The ratio of the binding's costs, from counted runs."""

from __future__ import annotations

import pytest
from benchmarks.binding_cost import PHASES, TARGET, report

from rknn_flake.errors import RknnError


def runs(*totals: int) -> list[dict[str, int]]:
    return [{**dict.fromkeys(PHASES, total // 2), "release": 1, "all": total} for total in totals]


def test_ratio_is_of_the_medians() -> None:
    made = report({"plain": runs(1000, 1000, 9000), "patched": runs(1010, 500, 1020)})
    assert made.ratio == pytest.approx(1.01)
    assert made.met
    assert made.figures["ratios"]["import"] == pytest.approx(505 / 500)


def test_the_whole_and_not_a_part_is_judged() -> None:
    """The whole process has the interpreter's start in it, which makes any difference small."""
    plain = {"import": 100, "open": 100, "release": 1, "all": 201, "process": 10**6}
    patched = {**plain, "open": 110, "all": 211}
    made = report({"plain": [plain], "patched": [patched]})
    assert made.ratio == pytest.approx(211 / 201)
    assert not made.met


def test_a_dear_patch_misses_the_target() -> None:
    made = report({"plain": runs(1000), "patched": runs(round(1000 * TARGET) + 1)})
    assert not made.met


def test_spread_is_the_larger_sides() -> None:
    made = report({"plain": runs(1000, 1000, 1100), "patched": runs(1000, 1000, 1010)})
    assert "at most 10.00%" in made.lines[1]


def test_a_side_that_counted_nothing_is_an_error() -> None:
    with pytest.raises(RknnError, match="nothing to compare with"):
        report({"plain": runs(0), "patched": runs(10)})
