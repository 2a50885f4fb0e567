"""The kernel driver's package, built for Debian's Linux 6.12 from its source and a stand-in's."""

from __future__ import annotations

import lzma
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from elftools.elf.elffile import ELFFile

from kernel_driver import CLONE, KINDS, Driver, made, standin
from reproducing import compare
from rknn_flake.errors import CommandError
from rknn_flake.reproduce import plan

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix


@pytest.fixture(params=KINDS)
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Driver:
    """Return the stand-in, and the driver itself, whose files must be the pinned ones."""
    return made(request.param, tmp_path)


def test_the_drivers_own_source_is_there() -> None:
    if CLONE is None:
        pytest.skip("RKNPU_SOURCE is not set: a clone of w568w/rknpu-module to build as well")
    assert "real" in KINDS


def test_the_module_is_where_its_kernel_looks(nix: Nix, driver: Driver) -> None:
    out = nix.build_expression(driver.expression())["out"]
    root = nix.physical(out)
    files = [path for path in root.rglob("*") if not path.is_dir()]
    assert files == [root / "lib/modules" / driver.kernel.release / "updates/rknpu.ko.xz"], files
    # Debug information would name the headers.
    assert nix.closure(out) == (out,)


def test_it_says_what_it_is(nix: Nix, driver: Driver) -> None:
    said = nix.eval_expression(
        driver.expression(
            "{ inherit (driver) name refusal rev kernels; licence = driver.meta.license.spdxId; }"
        )
    )
    assert re.fullmatch(r"rknpu-0\.9\.8-6\.12\.\d+", said["name"]), said
    assert re.fullmatch("[0-9a-f]{40}", said["rev"]), said
    assert said["refusal"] is None, said
    assert said["kernels"]["oldest"] == "6.12", said
    assert said["licence"] == "GPL-2.0-only", said


def test_two_builds_are_the_same(nix: Nix, driver: Driver, tmp_path: Path) -> None:
    target = plan.from_expression(nix, "driver", driver.expression())
    told = compare(nix, [target], tmp_path / "stores")
    assert told.verdicts["driver"].status == "same", told.contents("driver")


def test_a_workstation_builds_it_too(nix: Nix, driver: Driver, tmp_path: Path) -> None:
    taken = []
    for one in (driver, replace(driver, cross=True)):
        (packed,) = nix.physical(nix.build_expression(one.expression())["out"]).rglob("*.ko.xz")
        module = tmp_path / "rknpu.ko"
        module.write_bytes(lzma.decompress(packed.read_bytes()))
        with module.open("rb") as file:
            sections = {section.name: section.data() for section in ELFFile(file).iter_sections()}
        # A digest of the debug information, which named the headers and is gone.
        del sections[".note.gnu.build-id"]
        taken.append(sections)
    assert taken[0].keys() == taken[1].keys()
    assert [name for name in taken[0] if taken[0][name] != taken[1][name]] == []


def test_the_pinned_source_is_what_is_compiled(nix: Nix, tmp_path: Path) -> None:
    driver = Driver(standin(tmp_path / "files"))
    source = nix.physical(nix.build_expression(driver.expression("driver.src"))["out"])
    found = {path.name: path for path in source.rglob("*") if path.is_file()}
    assert found.keys() == {path.name for path in driver.files.iterdir()}
    assert found["rknpu_drv.c"].relative_to(source).as_posix() == "src/rknpu_drv.c"
    for name, path in found.items():
        assert path.read_bytes() == (driver.files / name).read_bytes(), name


def test_a_patch_can_be_laid_over_it(nix: Nix, tmp_path: Path) -> None:
    patch = tmp_path / "one.patch"
    patch.write_text(
        "--- a/src/rknpu_gem.c\n+++ b/src/rknpu_gem.c\n@@ -1 +1,2 @@\n"
        " /* SPDX-License-Identifier: GPL-2.0-only */\n+#error patched\n",
        encoding="utf-8",
    )
    driver = Driver(standin(tmp_path / "files"))
    patched = f"driver.overrideAttrs (_: {{ patches = [ {patch} ]; }})"
    with pytest.raises(CommandError, match="#error patched"):
        nix.build_expression(driver.expression(patched))
