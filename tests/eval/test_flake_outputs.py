"""The flake shows what the README promises, for both systems, without a warning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

PACKAGES = {
    "default",
    "rknn",
    "rknn-cdi",
    "rknn-convert",
    "rknn-device-plugin",
    "rknn-maintenance",
    "rknn-npu-load",
    "rknn-oci-image",
    "rknn-ready",
    "rknn-runtime",
    "rknn-simulator",
    "rknn-toolkit",
    "rknn-toolkit-lite",
    "rknn-tools",
}
APPS = {"rknn-pins", "rknn-reproduce"}
SYSTEMS = ("aarch64-linux", "x86_64-linux")

# What Nix says whatever the flake holds: of the replaced input, and of its progress.
NOTES = (
    "not writing modified lock file",
    "Updated input",
    "github:NixOS",
    "→",
    # Progress: Nix 2.8 prints it where stderr is no terminal.
    "evaluating ",
    "checking ",
    "omitted (use '--legacy' to show)",
)


def unexpected(stderr: str) -> list[str]:
    return [
        line
        for line in stderr.splitlines()
        if line.strip() and not any(note in line for note in NOTES)
    ]


def test_show_lists_every_package_and_warns_of_nothing(evaluator: Nix) -> None:
    done = evaluator.call(
        "flake", "show", "--json", *evaluator.flake_options(), evaluator.installable("").rstrip("#")
    )
    shown = json.loads(done.stdout)
    for system in SYSTEMS:
        assert set(shown["packages"][system]) == PACKAGES
        assert set(shown["apps"][system]) == APPS
        assert {"package-rknn-runtime", "formatting", "unit"} <= set(shown["checks"][system])
        assert "default" in shown["devShells"][system]
    assert unexpected(done.stderr) == []


def test_check_finds_nothing_wrong(evaluator: Nix) -> None:
    done = evaluator.call(
        "flake",
        "check",
        "--no-build",
        *evaluator.flake_options(),
        evaluator.installable("").rstrip("#"),
    )
    assert [line for line in unexpected(done.stderr) if "warning" in line] == []


def test_an_attribute_that_is_not_there_is_an_error(evaluator: Nix) -> None:
    done = evaluator.call(
        "eval",
        *evaluator.flake_options(),
        evaluator.installable("packages.aarch64-linux.rknn-nonsense"),
        check=False,
    )
    assert done.status == 1
    assert "does not provide attribute" in done.stderr


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "name", ["rknn", "rknn-oci-image", "rknn-runtime", "rknn-toolkit-lite", "rknn-tools"]
)
def test_board_packages_are_for_aarch64_from_either_system(
    evaluator: Nix, system: str, name: str
) -> None:
    platforms = evaluator.eval(f"packages.{system}.{name}.meta.platforms")
    assert platforms == ["aarch64-linux"]
    path = evaluator.eval(f"packages.{system}.{name}.drvPath")
    assert path.endswith(".drv")


def test_a_workstation_gets_the_same_runtime_by_cross_building(evaluator: Nix) -> None:
    native = evaluator.eval("packages.aarch64-linux.rknn-runtime.src.outPath")
    cross = evaluator.eval("packages.x86_64-linux.rknn-runtime.src.outPath")
    assert native == cross


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_check_evaluates_under_the_flakes_own_leave(evaluator: Nix, system: str) -> None:
    paths = evaluator.eval(f"checks.{system}", "--apply", "builtins.mapAttrs (_: c: c.drvPath)")
    assert {"pkg-config", "unit", "formatting", "package-rknn-runtime"} <= set(paths)


def test_a_workstation_is_not_asked_to_cross_build_python(evaluator: Nix) -> None:
    names = evaluator.eval("checks.x86_64-linux", "--apply", "builtins.attrNames")
    pythons = {
        "rknn",
        "rknn-oci-image",
        "rknn-toolkit-lite",
        "rknn-tools",
        "toolkit-lite-simulated",
    }
    assert not {name.removeprefix("package-").removeprefix("twice-") for name in names} & pythons


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_built_is_built_twice(evaluator: Nix, system: str) -> None:
    names = evaluator.eval(f"checks.{system}", "--apply", "builtins.attrNames")
    once = {name.removeprefix("package-") for name in names if name.startswith("package-")}
    twice = {name.removeprefix("twice-") for name in names if name.startswith("twice-")}
    assert {"rknn-runtime", "rknn-simulator", "rknn-npu-load", "rknn-maintenance"} <= once
    # rknn-tools is links: the benchmark in it has to be built again by itself.
    assert twice - {"benchmark", "toolkit-lite-simulated"} == once
    assert "benchmark" in twice


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", sorted(APPS))
def test_the_maintainers_commands_run_on_the_system_itself(
    evaluator: Nix, system: str, name: str
) -> None:
    app = evaluator.eval(f"apps.{system}.{name}")
    package = evaluator.eval(f"packages.{system}.rknn-maintenance.outPath")
    assert (app["type"], app["program"]) == ("app", f"{package}/bin/{name}")
