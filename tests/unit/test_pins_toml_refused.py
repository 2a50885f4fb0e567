"""Edits of sources.toml that can't be made say so, and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tomlkit
from tomlkit.exceptions import KeyAlreadyPresent

from rknn_flake.errors import BadFileError
from rknn_flake.pins import editing, sources
from unit.pins_fixtures import entry, text

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.entries import Entry

ONE = entry()
TEXT = text([ONE])


@pytest.mark.parametrize("gone", [entry(arch="armhf"), entry(release="2.3.0")], ids=str)
def test_keys_of_an_entry_that_is_gone(gone: Entry) -> None:
    with pytest.raises(BadFileError, match="no longer in the file; somebody took it out"):
        editing.set_keys(TEXT, gone, {"size": 1})


def test_keys_of_an_entry_that_stands_there_twice() -> None:
    second = TEXT[TEXT.index("[[") :]
    with pytest.raises(BadFileError, match="2 tables are for this file; keep one"):
        editing.set_keys(f"{TEXT}\n{second}", ONE, {"size": 1})


def test_an_entry_of_a_release_that_is_not_there() -> None:
    with pytest.raises(BadFileError, match=r'no table releases\."2\.3\.0" to add to'):
        editing.add_entry(TEXT, entry(release="2.3.0"))


def test_an_entry_whose_place_another_has() -> None:
    with pytest.raises(BadFileError, match="in the file already, with other keys; keep one"):
        editing.add_entry(TEXT, entry(name="other.so"))


def test_a_default_where_there_is_no_table_for_it() -> None:
    with pytest.raises(BadFileError, match=r"no table defaults; write \[defaults\]"):
        editing.set_default(TEXT.replace("[defaults]", "[other]"), "runtime", "2.3.2")


def test_what_tomlkit_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_: str) -> None:
        raise KeyAlreadyPresent("files")

    monkeypatch.setattr(tomlkit, "parse", parse)
    with pytest.raises(BadFileError, match=r'can\'t read it: Key "files" .*; let the tables'):
        editing.set_keys(TEXT, ONE, {"size": 1})


def test_a_refused_edit_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(BadFileError):
        editing.edit(path, lambda now: editing.add_entry(now, entry(release="2.3.0")))
    assert path.read_text(encoding="utf-8") == TEXT
    assert [left.name for left in tmp_path.iterdir()] == ["sources.toml"]


def test_an_edit_keeps_line_ends_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    editing.edit(path, lambda now: editing.set_keys(now, ONE, {"upstream-md5": "0" * 32}))
    found = path.read_bytes()
    assert found.count(b"\r\n") == found.count(b"\n") == TEXT.count("\n") + 1
    assert sources.read(path).entries[0].upstream_md5 == "0" * 32
