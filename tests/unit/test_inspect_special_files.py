"""What is no regular file is named, never waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from rknn_convert.container import read
from rknn_convert.errors import ConvertError
from unit.inspect_files import QUANTIZED, command
from unit.rknn_file import rknn_bytes
from unit.unprivileged import own_folder, unprivileged


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = command(tmp_path / "pipe")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr == f"rknn-convert: {tmp_path}/pipe: it is a pipe; name an .rknn file\n"


@pytest.mark.parametrize(
    ("path", "says"),
    [("/", "it is a folder"), ("/dev/zero", "it is a device"), ("/dev/null/x", "no such file")],
)
def test_other_kinds(path: str, says: str) -> None:
    with pytest.raises(ConvertError, match=f"^{path}: {says}"):
        read(Path(path))


def test_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        with pytest.raises(ConvertError, match="it is a socket"):
            read(tmp_path / "socket")


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match=r"/none: no such file; check the name$"):
        read(tmp_path / "none")


def test_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConvertError, match=r"could not be opened: Too many levels"):
        read(tmp_path / "loop")


def test_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match=r"could not be opened: File name too long"):
        read(tmp_path / ("n" * 300))


def test_unreadable_until_permitted() -> None:
    with own_folder() as folder, unprivileged():
        path = folder / "some.rknn"
        path.write_bytes(rknn_bytes(QUANTIZED))
        path.chmod(0)
        with pytest.raises(ConvertError, match="may not be read by this user"):
            read(path)
        path.chmod(0o400)
        assert read(path).targets == ("rk3588",)


def test_link_to_a_model_is_one(tmp_path: Path) -> None:
    (tmp_path / "some.rknn").write_bytes(rknn_bytes(QUANTIZED))
    (tmp_path / "link").symlink_to("some.rknn")
    assert read(tmp_path / "link").targets == ("rk3588",)


def test_file_that_becomes_shorter_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.rknn"
    path.write_bytes(rknn_bytes(QUANTIZED))
    pread = os.pread

    def short(descriptor: int, count: int, at: int) -> bytes:
        path.write_bytes(b"RKNN")
        return pread(descriptor, count, at)

    monkeypatch.setattr(os, "pread", short)
    with pytest.raises(ConvertError, match="became shorter while it was read"):
        read(path)


def test_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.rknn"
    path.write_bytes(rknn_bytes(QUANTIZED))

    def broken(*_arguments: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", broken)
    with pytest.raises(ConvertError, match=r"some\.rknn: could not be read: Input/output error"):
        read(path)
