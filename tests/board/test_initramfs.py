"""The archive holds what it was given, the same bytes each time."""

from __future__ import annotations

import io
import stat
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_flake import initramfs
from rknn_flake.errors import BoardError

HEADER = 110


def read(archive: bytes) -> dict[str, tuple[int, bytes]]:
    """Return path -> (mode, content) of a newc archive; a strict reader of its own."""
    found: dict[str, tuple[int, bytes]] = {}
    at = 0
    while True:
        assert archive[at : at + 6] == b"070701", f"no header at {at}"
        fields = [int(archive[at + 6 + 8 * n : at + 14 + 8 * n], 16) for n in range(13)]
        mode, size, name_size = fields[1], fields[6], fields[11]
        name = archive[at + HEADER : at + HEADER + name_size - 1].decode()
        start = at + HEADER + name_size + -(HEADER + name_size) % 4
        if name == "TRAILER!!!":
            return found
        assert name not in found, f"{name} comes twice"
        found[name] = (mode, archive[start : start + size])
        at = start + size + -size % 4


def written(entries: dict[str, initramfs.Entry]) -> bytes:
    out = io.BytesIO()
    initramfs.write(out, entries)
    return out.getvalue()


names = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=9)
paths = st.lists(names.filter(lambda n: n not in {".", ".."}), min_size=1, max_size=4).map("/".join)


@given(st.dictionaries(paths, st.binary(max_size=50), max_size=8))
def test_what_goes_in_comes_out(contents: dict[str, bytes]) -> None:
    folders = {str(up) for path in contents for up in PurePosixPath(path).parents} - {"."}
    files = {path: data for path, data in contents.items() if path not in folders}
    entries = dict(pair for path, data in files.items() for pair in initramfs.copied(data, path))
    normal = {initramfs.guest_path(path): data for path, data in files.items()}
    found = read(written(entries))
    assert {path: data for path, (mode, data) in found.items() if stat.S_ISREG(mode)} == normal
    order = list(found)
    for path in order:
        for parent in set(map(str, PurePosixPath(path).parents)) - {"."}:
            assert order.index(parent) < order.index(path), f"{path} comes before {parent}"


def test_same_entries_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("b")
    (tmp_path / "a").symlink_to("b")
    first = written(dict(initramfs.copied(tmp_path, "/x")))
    (tmp_path / "b").touch()
    assert written(dict(initramfs.copied(tmp_path, "/x"))) == first
    (tmp_path / "b").write_text("c")
    assert written(dict(initramfs.copied(tmp_path, "/x"))) != first


def test_kinds_of_file(tmp_path: Path) -> None:
    (tmp_path / "program").touch(0o755)
    (tmp_path / "secret").touch(0o600)
    (tmp_path / "link").symlink_to("/nix/store/x")
    found = read(written(dict(initramfs.copied(tmp_path, "/bin"))))
    assert {path: oct(mode) for path, (mode, _) in found.items()} == {
        "usr": "0o40755",
        "usr/bin": "0o40755",
        "usr/bin/link": "0o120777",
        "usr/bin/program": "0o100755",
        "usr/bin/secret": "0o100644",
    }
    assert found["usr/bin/link"][1] == b"/nix/store/x"


@pytest.mark.parametrize(
    ("given_path", "expected"),
    [
        ("/lib/x", "usr/lib/x"),
        ("/lib", "usr/lib"),
        ("/opt/lib/x", "opt/lib/x"),
        ("sbin/y", "usr/sbin/y"),
    ],
)
def test_paths_of_the_guest(given_path: str, expected: str) -> None:
    assert initramfs.guest_path(given_path) == expected


@pytest.mark.parametrize("wrong", ["/", "", "../x", "/a/../b"])
def test_paths_outside_the_guest(wrong: str) -> None:
    with pytest.raises(BoardError, match="not a path of the emulated board"):
        initramfs.guest_path(wrong)
