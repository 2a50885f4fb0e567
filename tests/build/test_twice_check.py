"""The check that builds a package a second time: what it lets pass, and what it finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expressions import MakeFiles, pkgs_expression, scope_from
from rknn_flake.errors import CommandError
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

IMPURE = Path(__file__).parent / "impure.nix"
TWICE = PROJECT / "tests" / "twice.nix"


def check(package: str, system: str = "aarch64-linux") -> str:
    """Return the check of `package`, an expression in which p is the package set."""
    return f"let p = {pkgs_expression(system=system)}; in p.callPackage {TWICE} {{ }} ({package})"


def script(text: str, outputs: str = '[ "out" ]') -> str:
    return f"p.runCommand ''built'' {{ outputs = {outputs}; }} ''{text}''"


@pytest.mark.parametrize(
    "package",
    [
        "p.rknn.simulator",
        "p.rknn.npu-load",
        "p.rknn.maintenance",
        "p.rknn.simulated.oci-image",
        "p.rknn.simulated.toolkit-lite",
        "p.rknn.hooks.checkElfHook",
    ],
)
def test_a_package_of_ours_passes(nix: Nix, package: str) -> None:
    assert "rknn-twice" in nix.build_expression(check(package))["out"]


def test_a_package_for_a_workstation_passes(nix: Nix) -> None:
    assert nix.build_expression(check("p.rknn.simulator", "x86_64-linux"))


def test_the_vendors_library_passes(nix: Nix, vendor_files: MakeFiles) -> None:
    build = f"pkgs.callPackage {TWICE} {{ }} scope.runtime"
    assert nix.build_expression(scope_from(vendor_files(), build=build))


def test_the_second_build_is_another_one(nix: Nix) -> None:
    """Neither its derivation nor its place in the store is the first's."""
    words = nix.eval_expression(f"({check('p.rknn.npu-load')}).installPhase")
    first, second = str(words).split("out=", 1)[1].split()[0].split("=")
    assert first != second


def test_no_cache_stands_in_for_the_second_build_or_for_the_comparison(nix: Nix) -> None:
    assert nix.eval_expression(f"({check('p.rknn.npu-load')}).allowSubstitutes") is False
    telling = "p.rknn.npu-load // { overrideAttrs = f: throw (builtins.toJSON (f { })); }"
    with pytest.raises(CommandError) as caught:
        nix.eval_expression(f"({check(telling)}).allowSubstitutes")
    assert '"allowSubstitutes":false' in str(caught.value)


def test_a_package_that_cannot_be_made_another_is_refused(nix: Nix) -> None:
    stubborn = "p.rknn.npu-load // { overrideAttrs = _: p.rknn.npu-load; }"
    with pytest.raises(CommandError) as caught:
        nix.build_expression(check(stubborn))
    assert "rknn-npu-load-0.1.0: both builds are /nix/store/" in str(caught.value)


def test_outputs_may_name_themselves_and_each_other(nix: Nix) -> None:
    text = """
      mkdir -p $out/bin $dev
      echo $out >$out/paths
      ln -s $out/paths $dev/link
      echo $out $dev >$dev/paths
      touch $dev/named-after-$(basename $out)
    """
    assert nix.build_expression(check(script(text, '[ "out" "dev" ]')))


# How a build tells which of the two it is.
AGAIN = "''${rknnBuiltAgain-}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"echo a{AGAIN} >$out", "twice: out: 2 and 3 bytes, from byte 1 (0x1): 0a | 31 0a"),
        (
            f"touch $out; if [ {AGAIN} ]; then chmod +x $out; fi",
            "twice: out: not executable | executable",
        ),
        (f"mkdir $out; touch $out/a{AGAIN}", "twice: out/a1: nothing | a file"),
        (f"mkdir $out; touch $out/a{AGAIN}", "twice: out/a: a file | nothing"),
        (f"ln -s a{AGAIN} $out", "twice: out: links to 'a' | 'a1'"),
        (
            f"if [ {AGAIN} ]; then mkdir $out; else touch $out; fi",
            "twice: out: a file | a folder",
        ),
    ],
)
def test_a_difference_is_named(nix: Nix, text: str, said: str) -> None:
    with pytest.raises(CommandError) as caught:
        nix.build_expression(check(script(text)), "-L")
    assert said in str(caught.value)


def test_one_output_in_the_place_of_the_other_is_a_difference(nix: Nix) -> None:
    text = f"mkdir $dev; if [ {AGAIN} ]; then echo $dev; else echo $out; fi >$out"
    with pytest.raises(CommandError) as caught:
        nix.build_expression(check(script(text, '[ "out" "dev" ]')), "-L")
    assert "bytes, from byte 18 (0x12): 6f 75 74 2d" in str(caught.value)


@pytest.mark.parametrize("what", ["date +%N", "cat /proc/sys/kernel/random/uuid"])
def test_an_impure_build_is_caught(nix: Nix, what: str) -> None:
    impure = f'p.callPackage {IMPURE} {{ what = "{what}"; }}'
    with pytest.raises(CommandError) as caught:
        nix.build_expression(check(impure), "-L")
    assert "twice: out: from byte " in str(caught.value)
