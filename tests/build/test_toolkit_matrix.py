"""The converter as built, on the oldest and the newest versions of what it needs."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from expressions import ALONE, pkgs_expression
from matrix import GRAPHS, MIXES, Mix, Outcome, environment, table, tried
from rknn_flake.errors import CommandError
from rknn_flake.paths import PROJECT
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.nix import Nix

    Interpreter = Callable[[Mix], Path]

pytestmark = [pytest.mark.nix, pytest.mark.network]

LEAST = {"float": 0.999, "int8": 0.98}
# Where the versions are older than what it mends, a patch has nothing to do.
PATCHES = {
    "oldest": {"search_path", "torch_absent"},
    "between": {"search_path", "torch_absent", "numpy_cast", "onnx_mapping"},
    "newest": {"search_path", "numpy_cast", "onnx_mapping", "numpy_scalars", "protobuf_label"}
    | {"package_versions"},
    "newest-3.12": {"search_path", "numpy_cast", "onnx_mapping", "numpy_scalars", "protobuf_label"}
    | {"package_versions", "torch_absent"},
}
TORCHSCRIPT = """
import sys, torch
model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU()).eval()
torch.jit.HOW.save(sys.argv[1])
"""
BY_NAME = {mix.name: mix for mix in MIXES}
NO_TORCH = "No matching distribution found for torch=="


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    """Return a function that gives the Python with a mix, or skips with what is missing here."""

    def found(mix: Mix) -> Path:
        if platform.machine() != "x86_64":
            pytest.skip(f"the mixes were chosen from wheels for x86_64, not {platform.machine()}")
        try:
            return environment(mix, python_of(mix))
        except CommandError as error:
            if NO_TORCH not in str(error):
                raise
            pytest.skip(f"pip knows of no torch {mix.versions['torch']} here")

    return found


def python_of(mix: Mix) -> str:
    """Return a Python of the mix's version that can make venvs."""
    for python in (sys.executable, f"python{mix.python}", f"/usr/bin/python{mix.python}"):
        program = shutil.which(python)
        code = "import ensurepip, platform; print(platform.python_version())"
        done = run([program, "-c", code], check=False) if program else None
        if program and done and done.stdout.startswith(f"{mix.python}."):
            return program
    pytest.skip(f"no Python {mix.python} with ensurepip on PATH")


def package(nix: Nix, mix: Mix, then: str = "") -> Path:
    """Return what Nix builds of rknn-toolkit2, or of an attribute of it."""
    attr = f"python{mix.python.replace('.', '')}"
    packages = f"(({pkgs_expression(system='x86_64-linux')}).{attr}Packages.rknn-toolkit2)"
    # Its own dependencies are of no use here, and there are none for 3.12 in every package set.
    return nix.physical(nix.build_expression(f"({packages}{ALONE}){then}")["out"])


def site_packages(nix: Nix, mix: Mix) -> Path:
    return package(nix, mix) / f"lib/python{mix.python}/site-packages"


@pytest.fixture(scope="module", params=list(BY_NAME))
def mix(request: pytest.FixtureRequest) -> Mix:
    return BY_NAME[request.param]


@pytest.fixture(scope="module")
def outcome(nix: Nix, mix: Mix, interpreter: Interpreter) -> Outcome:
    return tried(interpreter(mix), site_packages(nix, mix))


def test_the_simulator_agrees_with_onnxruntime(outcome: Outcome) -> None:
    assert len(outcome.reports) == len(GRAPHS) * len(LEAST)
    for one in outcome.reports:
        assert one.problem == "", one
        assert min(one.cosines) >= LEAST[one.kind], one


def test_patches_work_where_they_are_needed_only(outcome: Outcome, mix: Mix) -> None:
    assert outcome.patches == PATCHES[mix.name]


def test_the_plain_wheel_fails_on_the_newest(
    nix: Nix, interpreter: Interpreter, tmp_path: Path
) -> None:
    newest = BY_NAME["newest"]
    python = interpreter(newest)
    with zipfile.ZipFile(package(nix, newest, ".src")) as archive:
        archive.extractall(tmp_path)
    outcome = tried(python, tmp_path)
    problems = {one.problem for one in outcome.reports}
    assert len(problems) == 1, problems
    assert "No module named 'pkg_resources'" in problems.pop()
    assert outcome.patches == frozenset()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("trace(model, torch.zeros(1, 3, 16, 16))", "1.000000"),
        ("script(model)", "scripted TorchScript is read with onnxscript"),
    ],
)
def test_torchscript_is_converted_if_traced(
    nix: Nix, interpreter: Interpreter, tmp_path: Path, how: str, words: str
) -> None:
    newest = BY_NAME["newest"]
    python = str(interpreter(newest))
    run([python, "-c", TORCHSCRIPT.replace("HOW", how), tmp_path / "model.pt"])
    paths = (site_packages(nix, newest), PROJECT / "pkgs/rknn/convert")
    command: list[str | Path] = [python, "-m", "rknn_convert.cli", tmp_path / "model.pt"]
    command += ["-o", tmp_path / "made.rknn", "--target=rk3588", "--input=x:1,3,16,16", "--verify"]
    folders = os.pathsep.join(map(str, paths))
    done = run(command, env={"PYTHONPATH": folders}, check=False)
    assert words in done.stdout + done.stderr, done
    assert done.status == (0 if how.startswith("trace") else 1), done
    assert (tmp_path / "made.rknn").exists() == (done.status == 0)


def test_the_documents_table_is_of_these_mixes() -> None:
    assert table() in (PROJECT / "docs/converter.md").read_text()
