"""The Python binding: wheels of three releases, opened library set, compiled modules untouched."""

from __future__ import annotations

import base64
import csv
import hashlib
import zipfile
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

RELEASES = ("2.3.0", "2.3.2", "2.5.0")
PYTHONS = ("python311", "python312")


def binding(release: str, python: str, then: str = "") -> str:
    return (
        f"let p = {pkgs_expression()}; in "
        f"((p.rknn.simulated.toolkitLiteFor p.{python}Packages)"
        f'.override {{ release = "{release}"; }}){then}'
    )


def site_packages(root: Path) -> Path:
    (site,) = root.glob("lib/python3.*/site-packages")
    return site


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("release", RELEASES)
def test_binding_opens_the_stores_library(nix: Nix, release: str, python: str) -> None:
    out = nix.build_expression(binding(release, python))["out"]
    site = site_packages(nix.physical(out))
    module = (site / "rknnlite/api/store_runtime.py").read_text()
    (simulator,) = [path for path in nix.closure(out) if "rknn-simulator" in path]
    assert f"{simulator}/lib/librknnrt.so" in module
    assert (site / "rknnlite/VERSION").read_text().startswith(release)


def test_a_wheel_for_another_python_is_refused(nix: Nix) -> None:
    other = binding("2.3.2", "python312", ".src")
    with pytest.raises(CommandError) as caught:
        nix.build_expression(
            binding("2.3.2", "python311", f".overrideAttrs {{ src = ({other}); }}"), "-L"
        )
    assert "the wheel is for another Python than cp311" in str(caught.value)


def test_compiled_modules_are_the_wheels_own(nix: Nix) -> None:
    wheel = nix.physical(nix.build_expression(binding("2.3.2", "python311", ".src"))["out"])
    site = site_packages(nix.physical(nix.build_expression(binding("2.3.2", "python311"))["out"]))
    with zipfile.ZipFile(wheel) as archive:
        modules = [name for name in archive.namelist() if name.endswith(".so")]
        assert len(modules) == 8, modules
        for name in modules:
            assert (site / name).read_bytes() == archive.read(name), name


def test_record_agrees_with_every_file(nix: Nix) -> None:
    site = site_packages(nix.physical(nix.build_expression(binding("2.3.2", "python311"))["out"]))
    (record,) = site.glob("*.dist-info/RECORD")
    rows = list(csv.reader(record.read_text().splitlines()))
    listed = {row[0] for row in rows}
    present = {
        str(path.relative_to(site))
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert listed == present
    for name, digest, size in rows:
        if digest:
            data = (site / name).read_bytes()
            found = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={found}", str(len(data))), name
