"""Flattened device trees are read as dtc reads them; what is none is refused in one line."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from check_device_tree import blob
from check_device_tree.errors import TreeError
from rknn_flake.process import run
from unit.device_tree_texts import BOARD

if TYPE_CHECKING:
    from pathlib import Path

    from unit.device_tree_fixtures import Trees

pytest_plugins = ["unit.device_tree_fixtures"]


def test_all_nodes_and_properties_are_those_that_fdtget_sees(trees: Trees) -> None:
    tree = trees.compiled(BOARD)
    for node in blob.read(tree).walk():
        below = run(["fdtget", "-l", tree, node.path]).stdout.split()
        assert list(node.children) == below
        names = run(["fdtget", "-p", tree, node.path]).stdout.split()
        assert list(node.properties) == names
        for name in names:
            shown = run(["fdtget", "-t", "bx", tree, node.path, name]).stdout.split()
            assert [f"{byte:x}" for byte in node.properties[name]] == shown


def test_a_file_cut_anywhere_is_refused(trees: Trees, tmp_path: Path) -> None:
    whole = trees.compiled(BOARD).read_bytes()
    cut = tmp_path / "cut.dtb"
    for length in range(0, len(whole), 97):
        cut.write_bytes(whole[:length])
        with pytest.raises(TreeError, match=r"cut\.dtb: file: found \d+ bytes that cannot be read"):
            blob.read(cut)


@pytest.mark.parametrize("content", [b"", b"\x7fELF" + bytes(60), b"<!doctype html>" * 9])
def test_what_is_no_device_tree_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.dtb"
    file.write_bytes(content)
    with pytest.raises(TreeError, match=re.escape(f"found {len(content)} bytes that cannot")):
        blob.read(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match=r"none\.dtb: file: found No such file or directory"):
        blob.read(tmp_path / "none.dtb")


@given(st.binary(max_size=200), st.integers(0, 200))
def test_noise_after_the_header_ends_in_an_error_or_a_tree(noise: bytes, strings: int) -> None:
    header = b"".join(
        number.to_bytes(4, "big") for number in (blob.MAGIC, 16 + len(noise), 16, strings)
    )
    try:
        root = blob.parse(header + noise)
    except (ValueError, struct.error):
        return
    assert root.path == "/"
