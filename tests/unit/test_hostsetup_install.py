"""What a machine lacks is installed from Debian, or named in one line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rknn_flake import hostsetup
from rknn_flake.errors import MissingToolError, RknnError
from rknn_flake.hostsetup import Need
from rknn_flake.process import tool

if TYPE_CHECKING:
    from pathlib import Path

# Stands for a Debian machine: notes how it is called and "installs" by making the programs.
APT_GET = """#!/bin/sh
echo "$@" >> {folder}/calls
case "$*" in
  *update*) : > {folder}/lists ;;
  *install*)
    [ -e {folder}/lists ] || {{ echo "E: Unable to locate package" >&2; exit 100; }}
    for word; do case $word in pkg-*)
      printf '#!/bin/sh\\n' > {folder}/bin/"${{word#pkg-}}"; chmod +x {folder}/bin/"${{word#pkg-}}"
    esac; done ;;
esac
"""
FORWARD = '#!/bin/sh\necho sudo >> {folder}/calls\nexec "$@"\n'


class Machine:
    """A PATH of its own with the programs that a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        for name in ("sh", "env", "chmod"):
            (folder / "bin" / name).symlink_to(tool(name))

    def program(self, name: str, text: str) -> None:
        """Put a shell script on PATH; {folder} in it is this machine's folder."""
        path = self.folder / "bin" / name
        path.write_text(text.format(folder=self.folder))
        path.chmod(0o755)

    def calls(self) -> list[str]:
        """Return what apt-get and sudo were called with, in order."""
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine with apt-get and package lists that needs two programs, alpha and beta."""
    made = Machine(tmp_path)
    made.program("apt-get", APT_GET)
    (tmp_path / "lists").touch()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    needs = {"work": (Need("alpha", "pkg-alpha"), Need("beta", "pkg-beta"))}
    monkeypatch.setattr(hostsetup, "NEEDS", needs)
    return made


def test_missing_is_installed_with_one_line(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    hostsetup.ensure(["work"])
    assert capsys.readouterr().err == "installing from Debian: pkg-alpha pkg-beta\n"
    assert len(machine.calls()) == 1, machine.calls()
    assert "install -y --no-install-recommends pkg-alpha pkg-beta" in machine.calls()[0]


def test_present_is_left_alone(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("alpha", "beta"):
        machine.program(name, "#!/bin/sh\n")
    hostsetup.ensure(["work"])
    assert (capsys.readouterr().err, machine.calls()) == ("", [])


def test_absent_package_lists_are_fetched_once(machine: Machine) -> None:
    (machine.folder / "lists").unlink()
    hostsetup.ensure(["work"])
    assert [("update" in call, "install" in call) for call in machine.calls()] == [
        (False, True),
        (True, False),
        (False, True),
    ]


def test_refused_install_shows_what_apt_said(machine: Machine) -> None:
    machine.program(
        "apt-get", '#!/bin/sh\ncase "$*" in *install*) echo "no room" >&2; exit 100; esac\n'
    )
    with pytest.raises(RknnError, match=r"could not install pkg-alpha pkg-beta\n  no room"):
        hostsetup.ensure(["work"])


def test_unreachable_mirror_is_named_as_such(machine: Machine) -> None:
    machine.program("apt-get", '#!/bin/sh\necho "Could not resolve" >&2\nexit 100\n')
    with pytest.raises(RknnError, match=r"is a Debian mirror reachable\?\n  Could not resolve"):
        hostsetup.ensure(["work"])


def test_broken_source_of_others_does_not_stop_the_install(machine: Machine) -> None:
    (machine.folder / "lists").unlink()
    fails = "*update*) : > {folder}/lists; echo 'E: no Release file' >&2; exit 100 ;;"
    machine.program("apt-get", APT_GET.replace("*update*) : > {folder}/lists ;;", fails))
    hostsetup.ensure(["work"])
    assert [("update" in call) for call in machine.calls()] == [False, True, False]
    assert hostsetup.missing(["work"]) == ()


def test_package_without_the_program_is_an_error(machine: Machine) -> None:
    machine.program("apt-get", "#!/bin/sh\n")
    with pytest.raises(MissingToolError, match="not found: alpha beta"):
        hostsetup.ensure(["work"])


def test_machine_without_apt_is_told_all_that_is_missing(machine: Machine) -> None:
    (machine.folder / "bin" / "apt-get").unlink()
    with pytest.raises(MissingToolError, match="not found: alpha, beta; no apt-get here"):
        hostsetup.ensure(["work"])


def test_user_without_sudo_is_told_what_root_should_run(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(MissingToolError, match="apt-get install pkg-alpha pkg-beta"):
        hostsetup.ensure(["work"])
    assert machine.calls() == []


def test_user_with_sudo_installs_through_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.program("sudo", FORWARD)
    hostsetup.ensure(["work"])
    assert machine.calls()[0] == "sudo", machine.calls()
    assert "install" in machine.calls()[1], machine.calls()


def test_real_table_names_a_package_for_each_program() -> None:
    every = [need for needs in hostsetup.NEEDS.values() for need in needs]
    packages = {need.what: {n.package for n in every if n.what == need.what} for need in every}
    assert all(len(names) == 1 for names in packages.values()), packages
