"""check --offline: what each field may be, and the file as a whole; the project's own is fine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.pins import form, sources
from unit.pins_fixtures import REV, entry, said, wheel, write

if TYPE_CHECKING:
    from pathlib import Path


def test_the_projects_own_file_has_no_findings() -> None:
    own = sources.read(PROJECT / sources.PLACE)
    assert len(own.entries) >= 100
    assert [str(finding) for finding in form.findings(own)] == []


def test_a_written_file_has_no_findings(tmp_path: Path) -> None:
    known = write(tmp_path / "sources.toml", [entry(), wheel(), entry(release="2.3.0", hash=None)])
    assert known.revs == {"2.3.2": REV, "2.3.0": REV}
    assert [str(finding) for finding in form.findings(known)] == []


BAD = {
    "component": ({"component": ""}, "component is empty; write its name"),
    "arch": ({"arch": "arm64"}, "arch is 'arm64'; write one of any, aarch64, x86_64, armhf, "),
    "name": ({"name": ".hidden"}, "name is '.hidden', which is no name in the Nix store"),
    "name with a space": ({"name": "a%20b"}, "name is 'a%20b', which is no name in the Nix store"),
    "size": ({"size": 0}, "size is 0; write the number of bytes"),
    "no size": ({"size": None}, "size is missing beside a hash"),
}


@pytest.mark.parametrize(("values", "reason"), BAD.values(), ids=BAD)
def test_a_field_of_the_wrong_kind_is_found(values: dict[str, Any], reason: str) -> None:
    found = [line for line in said(entry(**values)) if "urls" not in line]
    assert len(found) == 1, found
    assert reason in found[0]


def test_a_hash_from_the_records_of_others_needs_no_size() -> None:
    assert said(entry(size=None, records=("somebody",))) == []
    assert said(entry(hash=None)) == []


def test_a_release_that_is_no_version_is_found() -> None:
    assert said(entry(release="nightly")) == [
        'releases."nightly": no version, so it has no place among the others'
    ]


@pytest.mark.parametrize("rev", ["", "v2.3.2", "4" * 39, "A" * 40])
def test_a_rev_that_is_no_full_commit_is_found(rev: str) -> None:
    (line,) = said(wheel(), revs={"2.3.2": rev})
    assert line.startswith(f'releases."2.3.2": rev is {rev!r}; write the commit in full'), line


DEFAULTS = {
    "runtime": ("2.3.2", None),
    "toolkit-lite": ("2.5.0", None),
    "rknn-toolkit-lite2": ("2.5.0", None),
}
BAD_DEFAULTS = {
    "runtime": ("2.5.0", "defaults.runtime is 2.5.0, which has no librknnrt; write one of 2.3.2"),
    "toolkit-lite": (
        "2.9.0",
        "defaults.toolkit-lite is 2.9.0, which has no rknn-toolkit-lite2; write one of 2.5.0",
    ),
    "other": (
        "2.3.2",
        "defaults.other: no such component; take it out; known are runtime, toolkit-lite, driver",
    ),
}
FILES = (entry(), wheel(release="2.5.0"))


@pytest.mark.parametrize(("name", "release"), [(key, value[0]) for key, value in DEFAULTS.items()])
def test_a_default_that_is_there_is_fine(name: str, release: str) -> None:
    assert said(*FILES, defaults={name: release}) == []


@pytest.mark.parametrize(("name", "case"), BAD_DEFAULTS.items())
def test_a_default_that_is_not_there_is_found(name: str, case: tuple[str, str]) -> None:
    assert said(*FILES, defaults={name: case[0]}) == [case[1]]


def test_a_role_that_no_release_fills_is_found() -> None:
    assert said(entry(), defaults={"toolkit-lite": "2.3.2"}) == [
        "defaults.toolkit-lite is 2.3.2, and no release has rknn-toolkit-lite2; add the file"
    ]
