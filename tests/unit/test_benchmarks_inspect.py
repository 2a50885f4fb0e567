"""The benchmark of `rknn-convert inspect`: time against what is allowed, memory beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import inspect_file
from benchmarks.report import Sample, verdict

from rknn_convert.container import read

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 10**6


def test_ratio_is_time_over_what_is_allowed() -> None:
    made = inspect_file.report(Sample(0.15, 0.1, 7), 20 * MEGABYTE, 500 * MEGABYTE)
    assert made.ratio == 0.5
    assert made.met, verdict(made)


def test_more_time_misses_the_target() -> None:
    made = inspect_file.report(Sample(0.31, 0.1, 7), 20 * MEGABYTE, 500 * MEGABYTE)
    assert not made.met, verdict(made)


def test_more_memory_misses_the_target() -> None:
    made = inspect_file.report(Sample(0.1, 0.1, 7), 51 * MEGABYTE, 500 * MEGABYTE)
    assert made.failures == ("51 MB resident, at most 50 allowed",)


def test_what_is_inspected_is_sound_and_of_that_size(tmp_path: Path) -> None:
    inspect_file.write(tmp_path / "some.rknn", 3 * MEGABYTE)
    assert 3 * MEGABYTE < read(tmp_path / "some.rknn").size < 3.1 * MEGABYTE
