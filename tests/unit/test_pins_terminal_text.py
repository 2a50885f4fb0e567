"""Sizes, counts and foreign words as rknn-pins writes them."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_flake.pins import tables

UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (7_726_232, "7.7 MB"),
        (999_950_000, "1.0 GB"),
        (5_000_000_000_000, "5000.0 GB"),
    ],
)
def test_sizes(size: int, said: str) -> None:
    assert tables.human(size) == said


@given(st.integers(0, 10**13))
def test_no_size_is_off_by_more_than_its_last_digit(size: int) -> None:
    number, unit = tables.human(size).split()
    assert float(number) * UNITS[unit] == pytest.approx(size, abs=0.05 * UNITS[unit] + 1e-6)
    assert unit == "GB" or float(number) < 1000


@pytest.mark.parametrize(("count", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_counts(count: int, said: str) -> None:
    assert tables.counted(count, "file") == said


@given(st.text())
def test_clean_text_is_one_line_without_controls(text: str) -> None:
    assert tables.clean(text).isprintable()


@given(st.text().filter(str.isprintable))
def test_printable_text_stays_as_it_is(text: str) -> None:
    assert tables.clean(text) == text


def test_an_output_that_lacks_a_letter_gets_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
    tables.write("größer ☃\n")
    assert raw.getvalue() == "größer \\u2603\n".encode("latin-1")
