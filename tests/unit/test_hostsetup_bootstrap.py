"""scripts/bootstrap finds or installs a Python, or says in one line what to install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

BOOTSTRAP = PROJECT / "scripts" / "bootstrap"
REAL_PYTHON = getattr(sys, "_base_executable", sys.executable)


class Bare:
    """A machine that has a shell and the commonest tools, and no Python."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.environment = {"PATH": str(self.bin), "RKNN_FLAKE_CACHE": str(folder / "cache")}
        for name in ("sh", "dirname", "env", "id", "ln", "mktemp", "rm", "tail"):
            (self.bin / name).symlink_to(str(shutil.which(name)))

    def program(self, name: str, text: str) -> None:
        """Put a shell script on PATH, in place of what is there."""
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def bootstrap(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run scripts/bootstrap on this machine."""
        return subprocess.run(
            [BOOTSTRAP, *words], env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    """Return a machine without Python."""
    return Bare(tmp_path)


def test_without_python_and_apt_one_line_says_what_to_install(bare: Bare) -> None:
    done = bare.bootstrap("check")
    assert done.returncode == 1, done
    assert done.stderr.startswith("bootstrap: no python3 of 3.11 or newer"), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_user_without_sudo_is_told_what_root_should_run(bare: Bare) -> None:
    bare.program("id", "echo 1000")
    bare.program("apt-get", "exit 1")
    done = bare.bootstrap("check")
    assert (done.returncode, done.stderr) == (
        1,
        "bootstrap: please have root run: apt-get install python3 python3-venv\n",
    )


def test_failed_apt_shows_its_last_words(bare: Bare) -> None:
    bare.program("id", "echo 0")
    bare.program("apt-get", "echo 'E: no network' >&2; exit 100")
    done = bare.bootstrap("check")
    assert done.returncode == 1, done
    assert done.stderr.splitlines() == [
        "installing from Debian: python3 python3-venv",
        "E: no network",  # of update, and of install
        "E: no network",
        "bootstrap: apt-get could not install python3 and python3-venv",
    ]


def test_python_from_debian_is_used(bare: Bare) -> None:
    bare.program("id", "echo 1000")
    bare.program("sudo", 'exec "$@"')
    bare.program("apt-get", f"ln -sf {REAL_PYTHON} {bare.bin}/python3")
    # Stops after Python was found: the pip of this machine is told to know no index.
    bare.environment |= {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "/nowhere",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    done = bare.bootstrap("check")
    assert done.returncode == 1, done
    lines = done.stderr.splitlines()
    assert lines[0] == "installing from Debian: python3 python3-venv", done.stderr
    assert lines[1].startswith("installing from PyPI into"), done.stderr
    assert lines[2].startswith("bootstrap: pip could not install into"), done.stderr


def test_without_a_module_is_wrong_usage(bare: Bare) -> None:
    (bare.bin / "python3").symlink_to(REAL_PYTHON)
    done = bare.bootstrap()
    assert (done.returncode, done.stderr) == (2, "usage: scripts/bootstrap MODULE [ARGUMENT...]\n")
