"""In a pipe one line a sample, on a terminal a table; wrong usage is one line."""

from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

import rknn_npu_load
from rknn_flake.process import run
from unit.npu_load_roots import BOARD, DEVFREQ, fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.npu_load_fixtures"]

SOURCE = str(Path(rknn_npu_load.__file__).parents[1])
COMMAND = ["-B", "-m", "rknn_npu_load.cli"]


def test_one_plain_line_a_sample(show: Callable[..., Outcome]) -> None:
    outcome = show(BOARD, "--count", "3", "--interval", "0.01")
    lines = outcome.out.splitlines()
    assert outcome.status == 0, outcome
    assert len(lines) == 3, lines
    for line in lines:
        time, rest = line.split(" ", 1)
        assert datetime.fromisoformat(time).tzinfo is not None, line
        assert rest == "core0 0% core1 50% core2 100% 300 MHz", line


def test_no_clock_no_word_of_it(show: Callable[..., Outcome]) -> None:
    files = {name: text for name, text in BOARD.items() if not name.startswith(DEVFREQ)}
    assert show(files, "--count", "1").out.endswith(" core2 100%\n")


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    fill(tmp_path, BOARD)
    # Popen of head would need a shell's pipe: Python closes its own end after one line instead.
    code = (
        "import os, subprocess, sys\n"
        f"p = subprocess.Popen([sys.executable, *{COMMAND!r}, '--root', {str(tmp_path)!r},"
        " '--interval', '0.01'], stdout=subprocess.PIPE, stderr=subprocess.PIPE)\n"
        "p.stdout.readline(); p.stdout.close()\n"
        "print(p.stderr.read(), p.wait(20))"
    )
    done = run([sys.executable, "-c", code], env={"PYTHONPATH": SOURCE}, timeout=60)
    assert done.stdout.strip() == "b'' 0", done


@pytest.mark.parametrize("option", ["--json", "--count=1"])
@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        ("os.dup2(os.open('/dev/full', os.O_WRONLY), 1)", "cannot be written: No space left on"),
        ("os.close(1)", "is closed; give it a file or a pipe"),
    ],
    ids=["full", "closed"],
)
def test_output_that_goes_nowhere_is_one_line(
    tmp_path: Path, option: str, spoil: str, complaint: str
) -> None:
    fill(tmp_path, BOARD)
    argv = [sys.executable, *COMMAND, "--root", str(tmp_path), option]
    code = f"import os; {spoil}; os.execv({sys.executable!r}, {argv!r})"
    done = run([sys.executable, "-c", code], env={"PYTHONPATH": SOURCE}, timeout=60, check=False)
    assert done.status == 1, done
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"rknn-npu-load: standard output {complaint}"), done.stderr


def test_a_table_on_a_terminal_until_it_is_interrupted(tmp_path: Path) -> None:
    fill(tmp_path, BOARD)
    child = pexpect.spawn(
        sys.executable,
        [*COMMAND, "--root", str(tmp_path), "--interval", "0.05"],
        env={
            "PYTHONPATH": os.pathsep.join([SOURCE, *sys.path]),
            "TERM": "xterm",
            "PATH": "/usr/bin:/bin",
        },
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 100),
    )
    child.expect("rknpu 0.9.8")
    child.expect(r"50%")
    child.expect(re.escape("300 MHz (300 MHz to 1000 MHz, governor rknpu_ondemand)"))
    (tmp_path / "proc/rknpu/load").write_text("NPU load:  33%\n", encoding="utf-8")
    child.expect(r"33%")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, child.signalstatus) == (0, None), child.before
    assert "Traceback" not in (child.before or "")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--interval", "0"], "--interval: found '0', expected seconds above 0"),
        (["--interval", "soon"], "--interval: found 'soon', expected seconds above 0"),
        (["--interval", "nan"], "--interval: found 'nan', expected seconds above 0"),
        (["--count", "0"], "--count: found '0', expected a number from 1 up"),
        (["--json", "--count", "2"], "--json prints one sample"),
        (["--root", "/nowhere"], "--root /nowhere: no such folder"),
    ],
)
def test_wrong_usage(show: Callable[..., Outcome], options: list[str], complaint: str) -> None:
    outcome = show(BOARD, *options)
    assert outcome.status == 2, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert complaint in outcome.err
