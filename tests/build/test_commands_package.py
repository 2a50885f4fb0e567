"""The maintainer's commands as a package: they work on the checkout they are called in."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.paths import PROJECT
from rknn_flake.pins import sources

if TYPE_CHECKING:
    from rknn_flake.nix import Nix
    from rknn_flake.process import Completed

pytestmark = pytest.mark.nix


@dataclass(frozen=True)
class Installed:
    """The package in its store; Nix shows the machine its programs where they believe to be."""

    nix: Nix
    out: str
    home: Path

    def run(self, *words: str, folder: Path, **environment: str) -> Completed:
        """Run a program of the package in `folder`, with nothing else in its environment."""
        program, *arguments = words
        given = {"HOME": self.home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment}
        variables = [f"{name}={value}" for name, value in given.items()]
        clean = ("/usr/bin/env", "-i", f"--chdir={folder}", *variables)
        return self.nix.call(
            "shell", self.out, "-c", *clean, f"{self.out}/bin/{program}", *arguments, check=False
        )


@pytest.fixture(scope="module")
def installed(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    system = nix.eval_expression("builtins.currentSystem")
    out = nix.build_expression(f"({pkgs_expression(system=system)}).rknn.maintenance")["out"]
    return Installed(nix, out, tmp_path_factory.mktemp("home"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder somewhere in another checkout; its sources.toml is two folders further up."""
    target = tmp_path / "checkout" / sources.PLACE
    target.parent.mkdir(parents=True)
    shutil.copy(PROJECT / sources.PLACE, target)
    return target.parent


def test_list_reads_the_checkout_it_is_called_in(installed: Installed, checkout: Path) -> None:
    done = installed.run("rknn-pins", "list", "--json", folder=checkout)
    assert (done.status, done.stderr) == (0, "")
    listed = json.loads(done.stdout)
    assert len(listed) == len(sources.read(PROJECT / sources.PLACE).entries)


def test_check_reads_the_checkout_it_is_called_in(installed: Installed, checkout: Path) -> None:
    done = installed.run("rknn-pins", "check", "--offline", folder=checkout)
    assert (done.status, done.stderr) == (0, ""), done.stdout


def test_check_finds_what_is_wrong_there(installed: Installed, checkout: Path) -> None:
    file = checkout / sources.PLACE.name
    text = file.read_text()
    wheel = "rknn_toolkit_lite2-2.5.0-cp37-cp37m-"
    assert text.count(f'name = "{wheel}') == 1
    file.write_text(text.replace(f'name = "{wheel}', f'name = "{wheel.replace("cp37", "cp38")}'))
    done = installed.run("rknn-pins", "check", "--offline", folder=checkout)
    assert done.status == 1
    assert "cp37" in done.stdout + done.stderr


@pytest.mark.parametrize("program", ["rknn-pins", "rknn-reproduce"])
def test_help(installed: Installed, tmp_path: Path, program: str) -> None:
    done = installed.run(program, "--help", folder=tmp_path)
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {program} ")


@pytest.mark.parametrize("words", [("rknn-pins", "list"), ("rknn-pins", "check", "--offline")])
def test_outside_of_a_checkout_is_one_line(
    installed: Installed, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = installed.run(*words, folder=tmp_path)
    assert (done.status, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"rknn-pins: {tmp_path}: no {sources.PLACE} here or above; ")


def test_the_users_own_programs_come_first(installed: Installed, tmp_path: Path) -> None:
    """The package's are for machines that have none."""
    # Python runs this before the program.
    probe = "import os; print(os.environ['PATH'], flush=True); os._exit(0)\n"
    (tmp_path / "sitecustomize.py").write_text(probe)
    path = "/of/the/user/bin:/bin"
    done = installed.run("rknn-pins", folder=tmp_path, PATH=path, PYTHONPATH=str(tmp_path))
    found = done.stdout.strip().split(":")
    assert found[:2] == path.split(":")
    packages = [Path(folder).parent.name.partition("-")[2] for folder in found[2:]]
    assert packages == ["gitMinimal", "nix"]


@pytest.mark.parametrize("name", ["rknn-pins", "rknn-reproduce"])
def test_the_flake_runs_them(nix: Nix, name: str) -> None:
    done = nix.call("run", *nix.flake_options(), nix.installable(name), "--", "--help")
    assert done.stdout.startswith(f"usage: {name} ")


def test_the_package_holds_what_its_modules_import(installed: Installed) -> None:
    (site,) = installed.nix.physical(installed.out).glob("lib/python3.*/site-packages")
    scripts = PROJECT / "scripts"
    wanted = [path for kind in ("*.py", "*.c") for path in (scripts / "rknn_flake").rglob(kind)]
    names = [str(path.relative_to(scripts)) for path in wanted]
    names += ["check_elf.py", "checking.py"]
    assert [name for name in names if not (site / name).is_file()] == []
