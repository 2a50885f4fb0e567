"""Standard streams that were closed before the command began are no reason to fail."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

CLOSED = ["", ">&-", "2>&-", ">&- 2>&-", "<&- >&-", "<&- >&- 2>&-"]


def run(folder: Path, closed: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command with these closed, writing to out.rknn."""
    command = [sys.executable, "-m", "rknn_convert.cli", *words]
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("more", [(), ("-v",)])
def test_conversion(stand_in: Toolkit, tmp_path: Path, closed: str, more: tuple[str, ...]) -> None:
    (tmp_path / "m.onnx").write_text("fine")
    done = run(tmp_path, closed, "m.onnx", "-o", "out.rknn", "--target", "rk3588", *more)
    assert done.returncode == 0, done
    assert (tmp_path / "out.rknn").exists()
    assert stand_in.was_used
    assert bool(done.stdout) == (">&-" not in closed.split()), done
    assert "Traceback" not in done.stderr, done
    assert ("rknn building" in done.stderr) == (bool(more) and "2>&-" not in closed), done


@pytest.mark.parametrize("closed", CLOSED)
def test_failure(tmp_path: Path, closed: str) -> None:
    done = run(tmp_path, closed, "absent.onnx", "-o", "out.rknn", "--target", "rk3588")
    assert (done.returncode, done.stdout) == (1, ""), done
    line = "rknn-convert: absent.onnx: No such file or directory; name the model's file\n"
    assert done.stderr == ("" if "2>&-" in closed else line)


@pytest.mark.parametrize("closed", CLOSED)
def test_usage(tmp_path: Path, closed: str) -> None:
    done = run(tmp_path, closed, "--mystery")
    assert (done.returncode, done.stdout) == (2, ""), done
    assert bool(done.stderr) == ("2>&-" not in closed)
