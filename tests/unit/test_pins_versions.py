"""Releases stand in the order of `packaging`, Pythons in that of their numbers."""

from __future__ import annotations

import operator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from rknn_flake.pins import selection, versions
from unit.pins_fixtures import entry

SIGNS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
numbers = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(
    lambda parts: ".".join(map(str, parts))
)
suffixes = st.sampled_from(["", "", "a1", "-beta0", "b2", "rc1", ".post1", ".dev3", "rc1.dev2"])
releases = st.builds("{}{}{}".format, st.sampled_from(["", "", "v"]), numbers, suffixes)


@given(releases, releases, st.sampled_from([*SIGNS]))
def test_releases_compare_as_packaging_does(left: str, right: str, sign: str) -> None:
    found = selection.parse(f"release{sign}{right}").matches(entry(release=left))
    assert found is SIGNS[sign](Version(left), Version(right))


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from([*SIGNS]))
def test_pythons_compare_by_number(left: int, right: int, sign: str) -> None:
    found = selection.parse(f"python{sign}cp3{right}").matches(entry(python=f"cp3{left}"))
    assert found is SIGNS[sign](left, right)


ORDER = ("1.6.0", "2.0.0-beta0", "2.0.0", "2.3.0", "2.3.2", "2.9.0", "2.10.0.dev1", "2.10.0")


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(ORDER)))
def test_known_releases_are_in_order(lower: str, higher: str) -> None:
    below, above = versions.release(lower), versions.release(higher)
    assert below is not None
    assert above is not None
    assert below < above


@pytest.mark.parametrize("text", ["", "v", "new", "2.3.2-", "2..3", "2.3.2 3"])
def test_another_text_is_no_release(text: str) -> None:
    assert versions.release(text) is None


@pytest.mark.parametrize("text", ["cp312", "3.12", "py312", "py3.12", "312"])
def test_every_spelling_of_a_python_is_read(text: str) -> None:
    assert versions.python(text) == (3, 12)


@pytest.mark.parametrize(
    "text", ["", "cp", "cp3", "cp3.x", "pypy39", "cp3123", "cp3\uff11\uff12", "CP312"]
)
def test_another_text_is_no_python(text: str) -> None:
    assert versions.python(text) is None


def test_an_entry_whose_release_is_no_version_is_in_no_order() -> None:
    odd = entry(release="nightly")
    assert selection.parse("nightly").matches(odd)
    assert selection.parse("release~night*").matches(odd)
    assert not selection.parse("release<9").matches(odd)
    assert not selection.parse("release>=0").matches(odd)
