"""An output that can't be written is told in one line, before the work where that can be known."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from rknn_convert import output
from rknn_convert.errors import ConvertError, UsageError
from rknn_flake.process import run
from unit.unprivileged import own_folder, unprivileged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Give a file of 3 MB that was made."""
    path = tmp_path / "made"
    path.write_bytes(b"RKNN" + b"x" * 3_000_000)
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False)
    if mounted.status != 0:
        pytest.skip(f"may not mount: {mounted.stderr.strip()}")
    yield folder
    run(["umount", folder])


def refusal(path: Path) -> str:
    with pytest.raises(ConvertError) as caught:
        output.check(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("place", "number"), [("absent/o.rknn", errno.ENOENT), ("file/o.rknn", errno.ENOTDIR)]
)
def test_no_folder(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path, place: str, number: int
) -> None:
    (tmp_path / "file").touch()
    outcome = convert("fine", "-o", tmp_path / place)
    assert outcome.status == 1
    assert outcome.err.startswith(f"rknn-convert: {tmp_path / place}: {os.strerror(number)}: ")
    assert outcome.err.count("\n") == 1
    assert not stand_in.was_used, "the toolkit was started"


def test_folder_in_its_place(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    (tmp_path / "out.rknn").mkdir()
    outcome = convert("fine")
    assert outcome.status == 1
    assert "out.rknn: Is a directory: a folder of that name is there; name a file" in outcome.err
    assert not stand_in.was_used, "the toolkit was started"


def test_device(tmp_path: Path) -> None:
    (tmp_path / "o.rknn").symlink_to("/dev/null")
    assert refusal(tmp_path / "o.rknn").startswith(f"{tmp_path}/o.rknn: Invalid argument: ")


@pytest.mark.parametrize("place", ["o.rknn", "o.rknn/o.rknn"])
def test_links_in_a_circle(made: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "o.rknn").symlink_to("o.rknn")
    expected = f"{tmp_path / place}: Too many levels of symbolic links: "
    assert refusal(tmp_path / place).startswith(expected)
    with pytest.raises(ConvertError, match="Too many levels of symbolic links"):
        output.put(made, tmp_path / place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "o.rknn"]


def test_name_as_long_as_a_name_can_be(made: Path, tmp_path: Path) -> None:
    place = tmp_path / f"{'o' * 250}.rknn"
    output.check(place)
    output.put(made, place)
    assert place.read_bytes() == made.read_bytes()
    assert refusal(tmp_path / f"{'o' * 251}.rknn").endswith(
        f": {os.strerror(errno.ENAMETOOLONG)}: nothing was written; name another output"
    )


def test_another_suffix(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"o\.onnx: the output's name has to end in \.rknn"):
        output.check(tmp_path / "o.onnx")


def test_permissions() -> None:
    with own_folder() as folder:
        place = folder / "o.rknn"
        folder.chmod(0o555)
        with unprivileged():
            assert refusal(place).startswith(f"{place}: Permission denied: ")
        folder.chmod(0o755)
        with unprivileged():
            output.check(place)
            place.touch()
            place.chmod(0o444)
            assert refusal(place).startswith(f"{place}: Permission denied: ")


def test_read_only_file_system(small_disk: Path) -> None:
    output.check(small_disk / "o.rknn")
    run(["mount", "-o", "remount,ro", small_disk])
    assert refusal(small_disk / "o.rknn").startswith(f"{small_disk}/o.rknn: Read-only file system")


def test_full_disk(small_disk: Path, made: Path) -> None:
    place = small_disk / "o.rknn"
    place.write_text("old")
    with pytest.raises(ConvertError) as caught:
        output.put(made, place)
    assert str(caught.value).startswith(f"{place}: No space left on device: the disk is full; ")
    assert place.read_text() == "old"
    assert [path.name for path in small_disk.iterdir()] == ["o.rknn"]


def test_permissions_of_a_new_file_and_of_an_old_one(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "o.rknn"
    before = os.umask(0o027)
    try:
        assert output.put(made, place) == made.stat().st_size
        assert place.stat().st_mode & 0o777 == 0o640
        place.chmod(0o604)
        output.put(made, place)
        assert place.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(before)
    assert place.read_bytes() == made.read_bytes()


def test_link_stays_one(made: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.rknn"
    link.symlink_to("there/o.rknn")
    output.put(made, link)
    assert link.is_symlink()
    assert (tmp_path / "there" / "o.rknn").read_bytes() == made.read_bytes()


@pytest.mark.parametrize("call", ["fsync", "replace", "fchmod"])
def test_late_failure_leaves_the_old_file(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    place = tmp_path / "o.rknn"
    place.write_text("old")

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(ConvertError, match="Input/output error"):
        output.put(made, place)
    assert place.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "o.rknn"]
