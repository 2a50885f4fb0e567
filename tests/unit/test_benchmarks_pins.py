"""The ratios of rknn-pins check: wall time against a loop, memory against a small file's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from benchmarks import pins_check, pins_memory
from benchmarks.pins_served import Run, served, timed
from benchmarks.report import Sample, verdict

from rknn_flake.errors import CommandError
from rknn_flake.pins.form import findings
from rknn_flake.pins.sources import read

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 10**6


def test_ratio_is_check_over_loop() -> None:
    made = pins_check.report(Sample(0.5, 0.1, 5), Sample(4.0, 0.2, 5), 1000)
    assert made.ratio == 0.125
    assert made.met, verdict(made)
    assert "8.0 times as fast" in made.lines[0]


def test_less_than_five_times_as_fast_misses_the_target() -> None:
    made = pins_check.report(Sample(1.0, 0.1, 5), Sample(4.0, 0.2, 5), 1000)
    assert not made.met, verdict(made)


def test_sizes_are_those_of_pinned_wheels() -> None:
    sizes = pins_check.sizes()
    assert len(sizes) == pins_check.FILES
    assert min(sizes) > 500_000, sizes


def test_memory_that_does_not_grow_meets_the_target() -> None:
    made = pins_memory.report(Run(1.0, 50 * MEGABYTE), Run(9.0, 51 * MEGABYTE))
    assert made.met, verdict(made)
    assert "51.0 MB for a file of 1 GB, 50.0 MB for one of 1 MB" in made.lines[0]


def test_memory_that_grows_with_the_file_misses_the_target() -> None:
    made = pins_memory.report(Run(1.0, 50 * MEGABYTE), Run(9.0, 65 * MEGABYTE))
    assert not made.met, verdict(made)


def test_memory_above_the_most_misses_the_target() -> None:
    made = pins_memory.report(Run(1.0, 100 * MEGABYTE), Run(9.0, 101 * MEGABYTE))
    assert made.failures == ("101 MB resident, at most 100 allowed",)


def test_served_files_are_pinned_in_good_form(tmp_path: Path) -> None:
    with served(tmp_path, [b"one", b"two"], latency=0.0) as files:
        sources = read(files.pins)
        assert [entry.urls for entry in sources.entries] == [e.urls for e in files.entries]
        assert findings(sources) == []


def test_a_program_is_timed_with_its_memory(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "kept = bytearray(80_000_000); import time; time.sleep(0.2)"]
    taken = timed(words, {}, tmp_path / "log")
    assert taken.seconds >= 0.2
    assert taken.peak > 80 * MEGABYTE


def test_a_program_that_fails_is_an_error_with_its_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import sys; sys.exit('no such luck')"]
    with pytest.raises(CommandError, match="status 1: no such luck"):
        timed(words, {}, tmp_path / "log")
