"""A kernel driver that its kernel would not load, or that nobody looked at, is not built."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kernel_driver import Driver, standin
from rknn_flake import guest_system
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

ANOTHER_NEED = """
extern void drm_gem_shmem_free(void *);
void *npu_need = drm_gem_shmem_free;
"""


@pytest.fixture
def driver(tmp_path: Path) -> Driver:
    """Return the stand-in, for a test to change."""
    return Driver(standin(tmp_path / "files"))


def refused(nix: Nix, driver: Driver) -> str:
    """Return what is said of a build that fails."""
    with pytest.raises(CommandError) as caught:
        nix.build_expression(driver.expression())
    return str(caught.value)


def test_the_headers_of_another_kernel_are_refused(nix: Nix, driver: Driver) -> None:
    told = refused(nix, replace(driver, believed="6.12.1"))
    found = re.escape(driver.kernel.release)
    assert re.search(rf"rknpu\.ko: vermagic: found {found} .*, expected 6\.12\.1 …", told), told


@pytest.mark.parametrize(
    ("pattern", "text", "line"),
    [
        (
            "rockchip,rk3588-rknpu",
            "rockchip,rk3568-rknpu",
            r"alias: found \S*rk3568-rknpu\S*.*, expected one for rockchip,rk3588-rknpu",
        ),
        ("MODULE_DEVICE_TABLE.*", "", "alias: found none, expected one for rockchip,rk3588-rknpu"),
        (
            "MODULE_VERSION.*",
            'MODULE_VERSION("0.9.9");',
            r"version: found 0\.9\.9, expected 0\.9\.8",
        ),
        (r"\Z", ANOTHER_NEED, "depends: found drm, drm_shmem_helper, expected at most drm"),
    ],
    ids=["another alias", "no alias", "another version", "another need"],
)
def test_a_module_that_is_not_ours_is_refused(
    nix: Nix, driver: Driver, pattern: str, text: str, line: str
) -> None:
    driver.change("rknpu_drv.c", pattern, text)
    told = refused(nix, driver)
    assert re.search(rf"check_module: rknpu\.ko: {line}", told), told


def test_an_old_kernel_is_refused_in_a_sentence(nix: Nix, driver: Driver) -> None:
    told = refused(nix, replace(driver, kernel=guest_system.kernel()))
    assert re.search(
        r"rknpu: Linux 6\.1\.\d+ is older than 6\.12, the first that the driver is for; take a"
        r" newer boot\.kernelPackages, or a vendor kernel",
        told,
    ), told


def test_the_oldest_kernel_is_not_refused(nix: Nix, driver: Driver) -> None:
    for believed in ("6.12", "6.12.1-rt", "6.18.5"):
        told = replace(driver, believed=believed).expression("driver.drvPath")
        assert "-rknpu-0.9.8-6.1" in nix.eval_expression(told)


def test_a_kernel_that_nobody_tried_is_refused_until_told(nix: Nix, driver: Driver) -> None:
    newer = replace(driver, believed="99.1.2")
    assert re.search(
        r"rknpu: Linux 99\.1\.2 is newer than \d+\.\d+, the last that .* allowNewerKernel = true",
        refused(nix, newer),
    )
    told = newer.expression("(driver.override { allowNewerKernel = true; }).drvPath")
    assert nix.eval_expression(told).endswith("-rknpu-0.9.8-99.1.2.drv")
