"""Wrong usage is status 2, Ctrl-C 130, an output that can't be written 1: one line each."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_convert import inspect
from unit.inspect_files import QUANTIZED, command
from unit.rknn_file import rknn_bytes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "the following arguments are required: FILE.rknn"),
        (["a.rknn", "b.rknn"], "unrecognized arguments: b.rknn"),
        (["--js", "a.rknn"], "unrecognized arguments: --js"),
        (["a.rknn", "b\n\x1b"], r"unrecognized arguments: b\n\x1b"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    with pytest.raises(SystemExit) as ended:
        inspect.main(words)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"rknn-convert: {says} ("), said.err
    assert said.err.count("\n") == 1, said.err


def test_help_tells_the_keys() -> None:
    done = command("--help")
    assert (done.status, done.stderr) == (0, "")
    assert "--json" in done.stdout
    assert "least_driver" in done.stdout


def test_path_in_a_refusal_stays_on_its_line(tmp_path: Path) -> None:
    done = command(tmp_path / "two\nlines\x1b.rknn")
    assert done.status == 1
    assert done.stderr.endswith("/two\\nlines\\x1b.rknn: no such file; check the name\n")


def test_interrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> bytes:
        raise KeyboardInterrupt

    path = tmp_path / "some.rknn"
    path.write_bytes(rknn_bytes(QUANTIZED))
    monkeypatch.setattr(os, "pread", interrupted)
    assert inspect.main([str(path)]) == 130


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_full_disk(tmp_path: Path, options: list[str]) -> None:
    path = tmp_path / "some.rknn"
    path.write_bytes(rknn_bytes(QUANTIZED))
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "rknn_convert.inspect", str(path), *options],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
            check=False,
        )
    told = b"rknn-convert: standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, told)
