"""As `conversion`, with torch beside the toolkit, as in nixpkgs: in a venv, where pip has one."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from expressions import ALONE, pkgs_expression
from matrix import MIXES, environment
from rknn_flake.errors import CommandError, RknnError
from rknn_flake.nix import Nix
from rknn_flake.paths import PROJECT
from rknn_flake.process import run

from .conversion import FILES, RUNS, SYSTEM, TARGET, report

if TYPE_CHECKING:
    from .report import Report

NEEDS = ("nix", "build")
HOW = (
    "with torch {}, outside of Nix's sandbox, in a venv of the newest libraries; else as `convert`"
)


def measure(runs: int = RUNS) -> Report:
    """Convert in turn in a venv that has torch, and compare medians."""
    mix = next(mix for mix in MIXES if mix.name == "newest")
    try:
        python = environment(mix, sys.executable)
    except CommandError as error:
        raise RknnError(
            f"convert-torch: pip has no torch {mix.versions['torch']}, which PyPI has not; "
            "measure without it: scripts/benchmark convert"
        ) from error
    nix = Nix.private()
    toolkit = f"({pkgs_expression(system=SYSTEM)}).python311Packages.rknn-toolkit2"
    built = nix.physical(nix.build_expression(f"({toolkit}{ALONE})")["out"])
    folders = [built / "lib/python3.11/site-packages", PROJECT / "pkgs/rknn/convert"]
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        for name in FILES:
            shutil.copy(PROJECT / name, scratch)
        plain = starter(scratch / "python3", folders, str(python))
        ours = starter(scratch / "rknn-convert", folders, str(python), "-m", "rknn_convert.cli")
        script: list[str | Path] = [plain, "conversion_sandbox.py", str(runs), "result.json"]
        run([*script, ours, plain, "conversion_plain.py"], cwd=scratch)
        measured = json.loads((scratch / "result.json").read_text())
    how = HOW.format(mix.versions["torch"])
    return report(measured, "convert-torch", how, memory_target=TARGET)


def starter(path: Path, folders: list[Path], *words: str) -> Path:
    """Write a program that runs `words` with modules of `folders`."""
    joined = shlex.quote(os.pathsep.join(map(str, folders)))
    path.write_text(f'#!/bin/sh\nPYTHONPATH={joined} exec {shlex.join(words)} "$@"\n')
    path.chmod(0o755)
    return path
