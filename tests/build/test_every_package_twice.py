"""Every package built twice, in two stores and two build folders, is the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expressions import MakeFiles, pkgs_expression, scope_from
from rknn_flake.nix import Nix

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.nix


@dataclass(frozen=True)
class Twice:
    """The NAR hashes of one package's outputs from both stores."""

    first: dict[str, str]
    second: dict[str, str]


@pytest.fixture(scope="session")
def second_nix(tmp_path_factory: pytest.TempPathFactory) -> Nix:
    return Nix(tmp_path_factory.mktemp("second") / "store", build_dir="/another/place/to/build")


@pytest.fixture
def twice(nix: Nix, second_nix: Nix) -> Callable[[str], Twice]:
    """Build an expression from nothing but its downloads in both stores."""

    def build(expression: str) -> Twice:
        outputs = nix.build_expression(expression)
        fetched = nix.fetched_by_expression(expression)
        if fetched:
            second_nix.copy_from(nix, *fetched)
        again = second_nix.build_expression(expression)
        assert again == outputs
        return Twice(
            {name: nix.nar_hash(path) for name, path in outputs.items()},
            {name: second_nix.nar_hash(path) for name, path in again.items()},
        )

    return build


@pytest.mark.parametrize(
    "package",
    [
        "p.rknn.simulator",
        "p.rknn.npu-load",
        "p.rknn.hooks.checkElfHook",
        "p.rknn.hooks.patchRknnliteHook",
        "p.rknn.simulated.toolkit-lite",
        "p.rknn.simulated.toolkit-lite_2_3_0",
        "p.rknn.simulated.toolkit-lite_2_5_0",
        "p.rknn.simulated.envs.python311",
    ],
)
def test_package_is_reproducible(twice: Callable[[str], Twice], package: str) -> None:
    hashes = twice(f"let p = {pkgs_expression()}; in {package}")
    assert hashes.first == hashes.second


def test_simulator_for_a_workstation_is_reproducible(twice: Callable[[str], Twice]) -> None:
    hashes = twice(f"({pkgs_expression(system='x86_64-linux')}).rknn.simulator")
    assert hashes.first == hashes.second


@pytest.mark.parametrize("package", ["scope.runtime", "scope.headers"])
def test_prebuilt_package_is_reproducible(
    twice: Callable[[str], Twice], vendor_files: MakeFiles, package: str
) -> None:
    hashes = twice(scope_from(vendor_files(), build=package))
    assert hashes.first == hashes.second


IMPURE = Path(__file__).parent / "impure.nix"


def test_a_build_that_notes_the_time_is_caught(twice: Callable[[str], Twice]) -> None:
    hashes = twice(f"({pkgs_expression()}).callPackage {IMPURE} {{ }}")
    assert hashes.first != hashes.second


def test_a_build_that_notes_its_folder_is_caught(twice: Callable[[str], Twice]) -> None:
    hashes = twice(f'({pkgs_expression()}).callPackage {IMPURE} {{ what = "pwd"; }}')
    assert hashes.first != hashes.second
