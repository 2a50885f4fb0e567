"""A current Nix makes of the flake the very derivations that this machine's Nix makes of it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rknn_flake import current_nix
from rknn_flake.errors import MissingToolError
from rknn_flake.paths import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix
    from rknn_flake.process import Completed

pytestmark = pytest.mark.nix

SYSTEMS = ("aarch64-linux", "x86_64-linux")
OUTPUTS = tuple(f"{kind}.{system}" for kind in ("packages", "checks") for system in SYSTEMS)
# From here on `nix flake` looks at this machine's system only, unless told otherwise.
ALL_SYSTEMS_SINCE = (2, 16)
# Said of every flake with a replaced input, and of every flake with a package set.
USUAL = ("not writing modified lock file", "omitted (use '--legacy' to show)")


def version(nix: Nix) -> tuple[int, ...]:
    said = nix.call("--version").stdout.strip()
    numbers = re.search(r"(\d+)\.(\d+)\S*$", said)
    assert numbers, f"no version in {said!r}"
    return int(numbers[1]), int(numbers[2])


def flake(nix: Nix, command: str, *options: str) -> Completed:
    everywhere = ["--all-systems"] if version(nix) >= ALL_SYSTEMS_SINCE else []
    reference = nix.installable("").rstrip("#")
    words = (*options, *everywhere, *nix.flake_options(), reference)
    return nix.call("flake", command, *words)


def complaints(done: Completed) -> list[str]:
    return [
        line
        for line in done.stderr.splitlines()
        if re.match(r"\W*(warning|error)", line) and not any(usual in line for usual in USUAL)
    ]


def drv_paths(nix: Nix, output: str) -> dict[str, str]:
    paths: dict[str, str] = nix.eval(output, "--apply", "builtins.mapAttrs (_: p: p.drvPath)")
    return paths


@pytest.fixture(scope="module")
def machines(nix: Nix) -> dict[str, dict[str, str]]:
    """Return what the machine's own Nix makes of each output: package -> derivation."""
    return {output: drv_paths(nix, output) for output in OUTPUTS}


@pytest.fixture(scope="module")
def program() -> Path:
    try:
        return current_nix.program()
    except MissingToolError as error:
        pytest.skip(str(error))


@pytest.fixture
def current(nix: Nix, program: Path, monkeypatch: pytest.MonkeyPatch) -> Nix:
    """Return the current Nix, first on PATH from here on, on a store that no older one opens."""
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return replace(nix, store=cache_dir() / "nix" / "current-store")


@pytest.fixture(params=["machine", "current"])
def either(request: pytest.FixtureRequest, nix: Nix) -> Nix:
    if request.param == "machine":
        return nix
    found: Nix = request.getfixturevalue("current")
    return found


@pytest.fixture
def other_flake(either: Nix, tmp_path: Path) -> Nix:
    """Return Nix on a flake with an output that Nix does not know."""
    (tmp_path / "flake.nix").write_text("{ outputs = _: { nonsense = 1; }; }\n")
    return replace(either, flake=tmp_path, nixpkgs=None)


def test_it_is_a_current_one(current: Nix) -> None:
    assert version(current) >= (2, 26)


@pytest.mark.parametrize("output", OUTPUTS)
def test_same_packages_and_derivations(
    machines: dict[str, dict[str, str]], current: Nix, output: str
) -> None:
    assert machines[output], f"{output} is empty"
    assert drv_paths(current, output) == machines[output]


def test_an_older_release_is_another_derivation(
    machines: dict[str, dict[str, str]], current: Nix
) -> None:
    older = current.eval("legacyPackages.aarch64-linux.rknn.runtime_2_3_0.drvPath")
    assert older != machines["packages.aarch64-linux"]["rknn-runtime"]


def test_show_says_nothing_else(either: Nix) -> None:
    done = flake(either, "show", "--json")
    assert complaints(done) == []


def test_check_finds_nothing(either: Nix) -> None:
    done = flake(either, "check", "--no-build")
    assert complaints(done) == []


def test_check_finds_an_unknown_output(other_flake: Nix) -> None:
    done = flake(other_flake, "check", "--no-build")
    assert ["nonsense" in line for line in complaints(done)] == [True]
