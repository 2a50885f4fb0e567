"""Releases can be chosen; each takes its own files, one that is missing is refused by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

SCOPE = "legacyPackages.aarch64-linux.rknn"


@pytest.mark.parametrize("release", ["2.3.0", "2.3.2"])
def test_runtime_takes_its_release(evaluator: Nix, release: str) -> None:
    attr = f"{SCOPE}.runtime_{release.replace('.', '_')}"
    assert evaluator.eval(f"{attr}.version") == release
    flags = evaluator.eval(f"{attr}.checkElfFlags")
    assert f"--version={release}" in flags


def test_the_default_runtime_is_232_from_ezrknn_first(evaluator: Nix) -> None:
    assert evaluator.eval(f"{SCOPE}.runtime.version") == "2.3.2"
    urls = evaluator.eval(f"{SCOPE}.runtime.src.urls")
    assert "/Pelochus/EZRKNN-Toolkit2/3780dd7e3f1b96f9f76533ac0bbcde1dd268c5ad/" in urls[0]
    assert "/airockchip/rknn-toolkit2/42aa1d426c0a9e0869b6374edba009f7208a1926/" in urls[1]


@pytest.mark.parametrize("release", ["2.3.0", "2.3.2", "2.5.0"])
def test_binding_takes_its_release(evaluator: Nix, release: str) -> None:
    attr = f"{SCOPE}.toolkit-lite_{release.replace('.', '_')}"
    assert evaluator.eval(f"{attr}.version") == release
    assert f"-{release}-cp312-" in evaluator.eval(f"{attr}.src.name")


def test_there_is_no_runtime_250(evaluator: Nix) -> None:
    names = evaluator.eval(SCOPE, "--apply", "builtins.attrNames")
    assert "toolkit-lite_2_5_0" in names
    assert "runtime_2_5_0" not in names


def test_a_release_without_a_runtime_is_refused_with_those_that_have_one(evaluator: Nix) -> None:
    with pytest.raises(CommandError) as caught:
        evaluator.eval(SCOPE, "--apply", 'r: (r.runtime.override { release = "2.5.0"; }).drvPath')
    assert re.search(
        r"no \S+ 2\.5\.0 \(\w+\); releases that have \S+: 2\.3\.0, 2\.3\.2", str(caught.value)
    )


def test_simulated_packages_open_the_simulator(evaluator: Nix) -> None:
    library = evaluator.eval(f"{SCOPE}.simulated.toolkit-lite.rknnRuntimeLibrary")
    assert "-rknn-simulator-2.3.2/lib/librknnrt.so" in library
    plain = evaluator.eval(f"{SCOPE}.toolkit-lite.rknnRuntimeLibrary")
    assert "-rknn-runtime-2.3.2/lib/librknnrt.so" in plain


@pytest.mark.parametrize(
    ("component", "release"), [("runtime", "2.3.0"), ("toolkit-lite", "2.5.0")]
)
def test_a_release_can_take_the_place_of_the_default(
    evaluator: Nix, component: str, release: str
) -> None:
    other = f"{component}_{release.replace('.', '_')}"
    version = evaluator.eval(
        SCOPE,
        "--apply",
        f"r: (r.overrideScope (_: p: {{ {component} = p.{other}; }})).{component}.version",
    )
    assert version == release


def test_the_tools_are_of_the_runtimes_release(evaluator: Nix) -> None:
    version = evaluator.eval(
        SCOPE,
        "--apply",
        "r: (r.overrideScope (_: p: { runtime = p.runtime_2_3_0; })).tools.version",
    )
    assert version == "2.3.0"


def test_a_release_that_is_not_there_is_refused_by_name(evaluator: Nix) -> None:
    with pytest.raises(CommandError) as caught:
        evaluator.eval(
            SCOPE, "--apply", 'r: (r.toolkit-lite.override { release = "9.9"; }).drvPath'
        )
    assert "sources.toml: no release 9.9; there are 2.3.0, 2.3.2, 2.5.0" in str(caught.value)
