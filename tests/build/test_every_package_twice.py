"""Every package built twice, under different conditions, is the same bytes, and those recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from expressions import MakeFiles, scope_from
from reproducing import Told, compare
from rknn_flake.paths import PROJECT
from rknn_flake.reproduce import plan, record, verifying

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

RECORD = PROJECT / "tests" / "reproducible.toml"
AGAIN = (
    "scripts/rknn-reproduce --nixpkgs tests/hostpkgs --record tests/reproducible.toml --system {} "
    "--signed-off-by 'scripts/test on Debian 12'"
)
PACKAGES = {
    "aarch64-linux": [
        "rknn-npu-load",
        "rknn-simulator",
        "rknn.hooks.checkElfHook",
        "rknn.hooks.patchRknnliteHook",
        "rknn.simulated.envs.python311",
        "rknn.simulated.oci-image",
        "rknn.simulated.toolkit-lite",
        "rknn.simulated.toolkit-lite_2_3_0",
        "rknn.simulated.toolkit-lite_2_5_0",
    ],
    "x86_64-linux": ["rknn-simulator", "rknn-toolkit", "rknn.hooks.patchToolkitHook"],
}
EACH = [(system, name) for system, names in PACKAGES.items() for name in names]


@pytest.fixture(scope="module")
def twice(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Build all packages, each named SYSTEM:PACKAGE, in two rounds."""
    targets = [
        replace(target, name=f"{system}:{target.name}")
        for system, names in PACKAGES.items()
        for target in plan.from_flake(nix, system, names)
    ]
    # What others made would be most of the time, and none of the finding.
    return compare(nix, targets, tmp_path_factory.mktemp("every"), ours="rknn")


@pytest.mark.parametrize(("system", "name"), EACH)
def test_package_is_reproducible(twice: Told, system: str, name: str) -> None:
    verdict = twice.verdicts[f"{system}:{name}"]
    assert verdict.status == "same", (verdict, twice.contents(f"{system}:{name}"))


def test_all_that_is_built_on_the_way_is_reproducible(twice: Told) -> None:
    assert twice.result.others == ()


def test_everything_of_ours_is_built_in_both_rounds(twice: Told) -> None:
    first, second = (one.hashes for one in twice.result.rounds)
    assert first.keys() == second.keys()
    made = {path for verdict in twice.verdicts.values() for path in verdict.target.outputs.values()}
    assert made <= first.keys()


@pytest.mark.parametrize("package", ["runtime", "headers"])
def test_prebuilt_package_is_reproducible(
    nix: Nix, vendor_files: MakeFiles, tmp_path: Path, package: str
) -> None:
    expression = scope_from(vendor_files(), build=f"scope.{package}")
    told = compare(nix, [plan.from_expression(nix, package, expression)], tmp_path / "stores")
    assert told.verdicts[package].status == "same", told.verdicts[package]


@pytest.mark.parametrize(("system", "name"), EACH)
def test_package_is_the_recorded_one(twice: Told, system: str, name: str) -> None:
    tools = twice.result.rounds[0].seen.tools
    target = replace(twice.verdicts[f"{system}:{name}"].target, name=name)
    hashes = {
        (of.removeprefix(f"{system}:"), output): found
        for (of, output), found in twice.result.hashes.items()
        if of.startswith(f"{system}:")
    }
    entry = record.require(RECORD, system)
    (told,) = verifying.check(entry, [target], hashes, tools=tools, all_asked=False)
    if told.status == "other-tools":
        pytest.skip("; ".join(verifying.other_tools(entry, tools)))
    assert told.status == "same", f"{told.what}; if that is meant: {AGAIN.format(system)}"


@pytest.mark.parametrize("system", PACKAGES)
def test_every_package_is_recorded(system: str) -> None:
    assert sorted(record.require(RECORD, system).packages) == sorted(PACKAGES[system])
