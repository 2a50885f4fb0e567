"""What rknn-pins says when sources.toml can't be read, or its output can't be written."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import cli
from rknn_flake.process import run
from unit.commands import command
from unit.pins_commands import START, Pins
from unit.pins_fixtures import entry

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    """One pinned file."""
    made = Pins(tmp_path / "sources.toml", tmp_path / "cache")
    made.write(entry())
    return made


@pytest.mark.parametrize(
    ("named", "status", "said"),
    [
        ("absent.toml", 2, "absent.toml: no such file; name a sources.toml in --file"),
        (".", 2, ".: no such file; name a sources.toml in --file"),
        ("x" * 300, 2, "; name a sources.toml in --file"),
        ("broken.toml", 1, "broken.toml: not TOML: "),
        ("binary.toml", 1, "binary.toml: not TOML: "),
    ],
)
def test_file_that_cannot_be_read(  # noqa: PLR0913, PLR0917
    named: str,
    status: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("[releases")
    (tmp_path / "binary.toml").write_bytes(b"\x7fELF\xff")
    done = command(cli.main, capsys)("list", "--file", named)
    assert (done.status, done.out) == (status, "")
    assert done.err.startswith("rknn-pins: "), done.err
    assert said in done.err
    assert done.err.count("\n") == 1, done.err


def test_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = f"import os, sys; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r});"
    code += "from rknn_flake.pins.cli import main; sys.exit(main(['list']))"
    path = os.pathsep.join(part for part in sys.path if part)
    done = run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=False)
    assert (done.status, done.stderr) == (
        2,
        "rknn-pins: the current folder: No such file or directory; name a sources.toml in --file\n",
    )


def test_full_disk_behind_the_output_is_one_line(pins: Pins) -> None:
    # Only a shell redirects.
    words = ["sh", "-c", 'exec "$@" >/dev/full', "sh", *pins.words("list")]
    done = run(words, env=pins.environment, check=False)
    assert (done.status, done.stderr) == (
        1,
        "rknn-pins: standard output: No space left on device; write it elsewhere\n",
    )


def test_reader_that_has_gone_is_no_traceback(pins: Pins) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    words = [bash, "-c", 'exec "$@" > >(exit)', "bash", *pins.words("list", "--json")]
    done = run(words, env={**pins.environment, "PYTHONUNBUFFERED": "1"}, check=False)
    assert done.stderr == "", done
    assert done.status in {0, 1}, done


def test_interruption_while_it_is_imported_is_one_line() -> None:
    code = "import sys, rknn_flake.start as start\n"
    code += "def stop(name): raise KeyboardInterrupt\n"
    code += "start.import_module = stop\nsys.exit(start.main(['pins.cli', 'list']))"
    path = os.pathsep.join(part for part in sys.path if part)
    done = run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=False)
    assert (done.status, done.stdout) == (130, ""), (done, START)
    assert done.stderr.endswith(": interrupted\n")
