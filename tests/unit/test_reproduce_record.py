"""The record: what is written is what is read, in one order, and what others wrote is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_flake.errors import BadFileError
from rknn_flake.reproduce import record

if TYPE_CHECKING:
    from pathlib import Path

text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
names = st.from_regex(r"[a-z][a-z0-9._+-]{0,12}", fullmatch=True)
packages = st.builds(record.Package, text, st.dictionaries(names, text, max_size=3))
entries = st.builds(
    record.Entry,
    signed=text,
    date=st.dates().map(str),
    rounds=st.integers(2, 16),
    inputs=st.dictionaries(names, st.dictionaries(names, text, max_size=2), max_size=2),
    tools=st.dictionaries(names, text, max_size=3),
    packages=st.dictionaries(names, packages, max_size=4),
)
ENTRY = record.Entry(
    signed="A Maintainer <a@example.org>",
    date="2026-11-22",
    rounds=2,
    inputs={"nixpkgs": {"rev": "5880666f", "narHash": "sha256-x="}},
    tools={"gcc": "gcc 12"},
    packages={"b": record.Package("/nix/store/b.drv", {"out": "sha256-b="})},
)


@given(st.dictionaries(st.sampled_from(["x86_64-linux", "aarch64-linux"]), entries))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, held: dict[str, record.Entry]
) -> None:
    path = tmp_path_factory.mktemp("record") / "record.toml"
    path.write_text(record.text(held), encoding="utf-8")
    assert record.read(path) == held


def test_order_of_packages_and_systems_does_not_show() -> None:
    two = record.Package("/nix/store/a.drv", {"out": "sha256-a="})
    one_way = record.Entry(**{**vars(ENTRY), "packages": {"a": two, **ENTRY.packages}})
    other_way = record.Entry(**{**vars(ENTRY), "packages": {**ENTRY.packages, "a": two}})
    assert record.text({"x": one_way, "y": ENTRY}) == record.text({"y": ENTRY, "x": other_way})


def test_other_systems_stay(tmp_path: Path) -> None:
    path = tmp_path / "record.toml"
    record.write(path, "aarch64-linux", ENTRY)
    record.write(path, "x86_64-linux", ENTRY)
    assert record.read(path) == {"aarch64-linux": ENTRY, "x86_64-linux": ENTRY}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("format = 2\n", "format 1"),
        ("", "format 1"),
        ("root:x:0", "no record"),
        ("format = 1\n[x86_64-linux]\ndate = 1\n", "signed-off-by"),
        ("format = 1\nx = 3\n", "amiss"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "record.toml"
    path.write_text(content)
    with pytest.raises(BadFileError, match=words) as caught:
        record.read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absent_record(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no such record"):
        record.read(tmp_path / "none.toml")


def test_system_that_was_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "record.toml"
    record.write(path, "x86_64-linux", ENTRY)
    assert record.require(path, "x86_64-linux") == ENTRY
    with pytest.raises(BadFileError, match="only for x86_64-linux"):
        record.require(path, "riscv64-linux")
