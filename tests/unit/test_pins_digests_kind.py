"""A wrong download is called what it is, where that tells something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import digests

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        (b"\n<!DOCTYPE html>", "x.whl", "an HTML page: a proxy, a login or an error page answered"),
        (b"<HTML lang=en>", "x.so", "an HTML page: a proxy, a login or an error page answered"),
        (b"version https://git-lfs.github.com/spec/v1\n", "x.so", "a Git LFS pointer"),
        (b"", "x.whl", "an empty file"),
        (b"PK\x03\x04", "x.so", "a zip file"),
        (b"PK\x03\x04", "x.whl", None),
        (b"\x7fELF", "x.whl", "an ELF file"),
        (b"\x7fELF", "https://host/x.so", None),
        (b"\x1f\x8b", "x.so", "a gzip file"),
        (b"\x1f\x8b", "x.tar.gz", None),
        (b"whatever", "x.whl", None),
    ],
)
def test_kind(tmp_path: Path, body: bytes, name: str, kind: str | None) -> None:
    path = tmp_path / "file"
    path.write_bytes(body)
    found = digests.kind(path, name)
    assert found == kind or (kind is not None and found is not None and found.startswith(kind))
    assert digests.described(path, 5, name).startswith(f"5 bytes, {kind}" if kind else "5 bytes")
