"""A benchmark's report: medians, ratios and verdicts, and exit status by them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from benchmarks.report import Report, Sample, as_json, as_text, ratio, sample, verdict
from hypothesis import given
from hypothesis import strategies as st

from rknn_flake.benchmark import main
from rknn_flake.errors import RknnError

GOOD = Report("bytes", 0.5, 1.0, ("how it was taken",), {"bytes": 5})


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=30))
def test_a_sample_lies_within_its_runs(values: list[int]) -> None:
    taken = sample(values)
    assert min(values) <= taken.median <= max(values)
    assert taken.spread == pytest.approx((max(values) - min(values)) / taken.median)
    assert taken.runs == len(values)


def test_one_slow_run_moves_the_spread_and_not_the_median() -> None:
    assert sample([100, 100, 400]) == Sample(100, 3.0, 3)


def test_no_runs_are_an_error() -> None:
    with pytest.raises(RknnError, match="no runs: nothing was measured"):
        sample([])


def test_ratio_is_new_over_old() -> None:
    assert ratio(3, 4, "x") == 0.75


@pytest.mark.parametrize("old", [0, -1])
def test_nothing_to_compare_with_is_an_error(old: int) -> None:
    with pytest.raises(RknnError, match="plain: nothing to compare with"):
        ratio(3, old, "plain")


@pytest.mark.parametrize(
    ("report", "met", "said"),
    [
        (GOOD, True, "target met: at most 1"),
        (replace(GOOD, ratio=1.0), True, "target met: at most 1"),
        (replace(GOOD, ratio=1.001), False, "target MISSED: the ratio is to be at most 1"),
        (replace(GOOD, failures=("too many",)), False, "target MISSED: too many"),
        (
            replace(GOOD, ratio=2.0, failures=("too many",)),
            False,
            "target MISSED: the ratio is to be at most 1; too many",
        ),
        (replace(GOOD, ratio=21.0, target=None), True, "no target"),
    ],
)
def test_verdict(report: Report, met: bool, said: str) -> None:  # noqa: FBT001
    assert (report.met, verdict(report)) == (met, said)


def test_text_has_ratio_and_lines() -> None:
    assert as_text(GOOD) == "bytes: ratio 0.5000 (target met: at most 1)\n  how it was taken"


def test_json_has_everything() -> None:
    (told,) = json.loads(as_json([replace(GOOD, failures=("too many",))]))
    assert (told["ratio"], told["met"], told["figures"]) == (0.5, False, {"bytes": 5})


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["speed"])
    assert left.value.code == 2
    assert "no benchmark 'speed'; there are bytes, binding, evaluation" in capsys.readouterr().err
