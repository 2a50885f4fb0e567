"""update: somebody else changes the file while it looks around: neither change is lost."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import RknnError
from rknn_flake.pins import editing, sources
from rknn_flake.pins.draft import Draft, applied, difference
from unit.pins_fixtures import entry, text

if TYPE_CHECKING:
    from pathlib import Path

OLD = entry()
DRAFT = Draft(added=(entry(release="2.6.0"),))


def test_what_others_wrote_meanwhile_stays() -> None:
    meanwhile = editing.set_keys(text([OLD]), OLD, {"records": ["somebody@1"]})
    made = applied(meanwhile, DRAFT)
    assert "somebody@1" in made
    assert '[releases."2.6.0"]' in made


def test_a_file_that_others_added_meanwhile_is_not_there_twice() -> None:
    with pytest.raises(RknnError, match=r"librknnrt 2.6.0 .* somebody has added it just now"):
        applied(applied(text([OLD]), DRAFT), DRAFT)


def test_an_entry_that_others_took_out_meanwhile_is_said() -> None:
    gone = replace(OLD, arch="armhf")
    with pytest.raises(RknnError, match=r"librknnrt 2.3.2 \(armhf\)"):
        applied(text([OLD]), Draft(extended=(gone,)))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", [True, False])
def test_a_release_finds_its_place_in_any_layout(end: str, *, blank: bool) -> None:
    before = text([OLD], {"runtime": OLD.release})
    before = before if blank else "".join(f"{line}\n" for line in before.splitlines() if line)
    before = before.replace("\n", end)
    made = applied(before, DRAFT)
    assert list(tomllib.loads(made)["releases"]) == ["2.6.0", OLD.release], made
    assert made.count("\n") == made.count(end)
    for line in before.splitlines():
        assert line in made.splitlines()


def test_the_diff_of_a_checkouts_file_has_its_place(tmp_path: Path) -> None:
    inside = tmp_path / sources.PLACE
    assert difference(inside, "a\n", "b\n").startswith("--- a/pkgs/rknn/sources.toml\n")
    assert difference(tmp_path / "x.toml", "a\n", "b\n").startswith("--- a/x.toml\n")
    assert not difference(inside, "a\n", "a\n")
