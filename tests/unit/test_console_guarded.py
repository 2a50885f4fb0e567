"""Whatever a command fails with is one line and a status."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from rknn_flake.console import guarded
from rknn_flake.errors import BadFileError, UsageError
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _signals_as_before() -> object:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (BadFileError("f.rknn: cut short"), 1, "demo: f.rknn: cut short"),
        (UsageError("--nonsense"), 2, "demo: --nonsense"),
        (KeyboardInterrupt(), 130, "demo: interrupted"),
        (
            OSError(28, "No space left on device", "/c/x"),
            1,
            "demo: /c/x: No space left on device; RKNN_FLAKE_CACHE can name another folder",
        ),
    ],
)
def test_failure_is_one_line(
    capsys: pytest.CaptureFixture[str], error: BaseException, status: int, line: str
) -> None:
    def work() -> NoReturn:
        raise error

    assert guarded("demo", work) == status
    assert capsys.readouterr().err == f"{line}\n"


def test_success_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded("demo", lambda: 0) == 0
    assert capsys.readouterr().err == ""


def test_being_told_to_end_is_an_interruption(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    assert guarded("demo", work) == 130
    assert capsys.readouterr().err == "demo: interrupted\n"


def test_what_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def work() -> int:
        os.kill(os.getpid(), signal.SIGHUP)
        return 0

    assert guarded("demo", work) == 0


@pytest.mark.parametrize("cache", ["a folder", "per%cent"])
def test_a_cache_that_nix_cannot_name_is_refused(tmp_path: Path, cache: str) -> None:
    code = "from rknn_flake.start import main; raise SystemExit(main(['demo']))"
    folder = tmp_path / cache
    done = run(
        [sys.executable, "-c", code],
        env={"RKNN_FLAKE_CACHE": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.status == 2, done
    assert done.stderr.startswith(f"demo: {folder}: Nix takes letters, digits and ._+- in a path")
