"""The NixOS VM tests: each file is a check, its machines evaluate, its script fits the driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from linters import complaints
from rknn_flake.paths import PROJECT
from vm_driver import typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

FOLDER = PROJECT / "tests" / "nixos"
NAMES = sorted(path.stem for path in FOLDER.glob("*.nix") if path.name != "default.nix")
SYSTEMS = ("aarch64-linux", "x86_64-linux")
WHAT = """
  inherit (test) name drvPath;
  script = test.config.testScriptString;
  machines = builtins.attrNames test.config.nodes;
"""
TESTS = """builtins.mapAttrs (_: test: { WHAT }) (import FOLDER rec {
  pkgs = import PACKAGE_SET {
    system = "SYSTEM";
    overlays = [ (import PROJECT/overlays) ];
    config.allowUnfree = true;
  };
  inherit (pkgs) lib;
})"""
CALLS = "machine.wait_for_unit('a.service')\nstatus, said = machine.execute('true')\n"
FAULTS = {
    "server.succeed('true')": 'Name "server" is not defined',
    "machine.suceed('true')": '"Machine" has no attribute "suceed"',
    "said = f'no name'": "F541",
    "machine.succeed(1)": 'has incompatible type "int"; expected "str"',
    "machine.execute('true')[0] == 'ok'": "Non-overlapping equality check",
}


def of(
    nix: Nix, package_set: Path, system: str, *, folder: Path = FOLDER, what: str = WHAT
) -> dict[str, Any]:
    """Return the VM tests of `system`, by their names: of each what the text `what` says."""
    text = TESTS.replace("WHAT", what).replace("FOLDER", str(folder)).replace("SYSTEM", system)
    text = text.replace("PACKAGE_SET", str(package_set)).replace("PROJECT", str(PROJECT))
    found: dict[str, Any] = nix.eval_expression(text)
    return found


@pytest.fixture(scope="module")
def tests(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    return {system: of(nix, package_set, system) for system in SYSTEMS}


@pytest.fixture(scope="module")
def faults_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, list[str]], str]:
    """Return a function that says what NixOS's checks find in a script of those machines."""
    folder = tmp_path_factory.mktemp("scripts")

    def check(text: str, machines: list[str]) -> str:
        script = folder / "script.py"
        script.write_text(typed(text, machines))
        untyped = folder / "untyped.py"
        untyped.write_text(text)
        given = f"builtins={[*machines, 'subtest']}"
        unclean = complaints(
            "ruff", "check", "--isolated", "--select=F", "--config", given, untyped
        )
        return unclean + complaints("mypy", script, cache=folder / "cache")

    return check


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_a_test(tests: dict[str, dict[str, Any]], name: str) -> None:
    systems = [system for system in SYSTEMS if name in tests[system]]
    assert systems, f"{name} is a test on none of {SYSTEMS}"
    for system in systems:
        test = tests[system][name]
        assert test["name"] == f"vm-test-run-rknn-{name}"
        assert test["drvPath"].endswith(".drv")


def test_they_are_checks_of_the_flake(nix: Nix, tests: dict[str, dict[str, Any]]) -> None:
    for system in SYSTEMS:
        checks = nix.eval(f"checks.{system}", "--apply", "builtins.attrNames")
        found = {name.removeprefix("vm-") for name in checks if name.startswith("vm-")}
        assert found == set(tests[system])


def test_the_module_is_on_the_machines(nix: Nix, package_set: Path, tmp_path: Path) -> None:
    """A test of a folder elsewhere would not have it."""
    (tmp_path / "default.nix").write_text((FOLDER / "default.nix").read_text())
    (tmp_path / "on.nix").write_text('{ nodes.machine.mySystem.rknn = { }; testScript = ""; }')
    with pytest.raises(Exception, match=r"modules/rknn\.nix"):
        of(nix, package_set, SYSTEMS[0], folder=tmp_path)


def test_a_machine_that_is_refused_stops_the_evaluation(
    nix: Nix, package_set: Path, tmp_path: Path
) -> None:
    place = tmp_path / "tests" / "nixos"
    place.mkdir(parents=True)
    (tmp_path / "modules").symlink_to(PROJECT / "modules")
    (place / "default.nix").write_text((FOLDER / "default.nix").read_text())
    (place / "on.nix").write_text('{ nodes.machine.mySystem.rknn.enable = true; testScript = ""; }')
    with pytest.raises(Exception, match="this configuration is for x86_64-linux"):
        of(nix, package_set, "x86_64-linux", folder=place)


@pytest.mark.parametrize("name", NAMES)
def test_scripts_fit_the_driver(
    tests: dict[str, dict[str, Any]], faults_of: Callable[[str, list[str]], str], name: str
) -> None:
    test = next(tests[system][name] for system in SYSTEMS if name in tests[system])
    assert faults_of(test["script"], test["machines"]) == ""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_script_that_does_not_is_refused(
    faults_of: Callable[[str, list[str]], str], fault: str
) -> None:
    assert faults_of(CALLS, ["machine"]) == ""
    assert FAULTS[fault] in faults_of(f"{CALLS}{fault}\n", ["machine"])


def test_a_pc_reads_why_it_is_refused(nix: Nix, package_set: Path) -> None:
    what = "refused = test.config.nodes.machine.environment.etc.refused.text or null;"
    test = of(nix, package_set, "x86_64-linux", what=what)["wrong-platform"]
    [line] = test["refused"].splitlines()
    assert line.startswith("mySystem.rknn: this configuration is for x86_64-linux"), line
