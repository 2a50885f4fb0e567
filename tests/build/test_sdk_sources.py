"""With a clone of Rockchip's SDK lent: what its headers and sources build, by the pinned hashes."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.paths import PROJECT
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

UPSTREAM = "https://raw.githubusercontent.com/airockchip/rknn-toolkit2/"
TEXTS = {
    "rknn_api.h",
    "rknn_matmul_api.h",
    "rknn_custom_op.h",
    "license",
    "rknn_benchmark.cpp",
    "cnpy.cpp",
    "cnpy.h",
    "stb_image.h",
    "stb_image_resize.h",
}


@pytest.fixture(scope="session")
def nix_with_sdk(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Nix:
    """Nix whose store has the SDK's text files, where their downloads would have put them."""
    lent = os.environ.get("RKNN_SDK")
    if not lent:
        pytest.skip("RKNN_SDK is not set: a clone of airockchip/rknn-toolkit2 with its tags")
    folder = tmp_path_factory.mktemp("sdk")
    releases = tomllib.loads((PROJECT / "pkgs/rknn/sources.toml").read_text())["releases"]
    for release in releases.values():
        for entry in release["files"]:
            if entry["component"] in TEXTS:
                rev, path = entry["urls"][-1].removeprefix(UPSTREAM).split("/", 1)
                add(nix, lent, rev, path, folder)
    return nix


def add(nix: Nix, clone: str, rev: str, path: str, folder: Path) -> None:
    """Put a file of the clone into the store under its name, as a download would."""
    archive = folder / "archive.tar"
    run(["git", "-C", clone, "archive", "--format=tar", f"--output={archive}", rev, path])
    run(["tar", "-xf", archive, "-C", folder])
    nix.call("store", "add-file", "--name", path.rpartition("/")[2], folder / path)


@pytest.mark.parametrize("release", ["2.3.2", "2.3.0"])
@pytest.mark.parametrize("package", ["headers", "benchmark"])
def test_sources_have_the_pinned_hashes_and_build(
    nix_with_sdk: Nix, package: str, release: str
) -> None:
    out = nix_with_sdk.build_expression(
        f'(({pkgs_expression()}).rknn.simulated.{package}).override {{ release = "{release}"; }}',
        "--option",
        "substitute",
        "false",
    )["out"]
    files = {path.name for path in nix_with_sdk.physical(out).rglob("*") if path.is_file()}
    expected = {"headers": "rknn_api.h", "benchmark": "rknn_benchmark"}
    assert expected[package] in files


def test_simulator_exports_what_the_headers_declare(nix_with_sdk: Nix) -> None:
    scope = f"({pkgs_expression()}).rknn"
    headers = " ".join(
        f"--header=${{{scope}.headers}}/include/{name}"
        for name in ("rknn_api.h", "rknn_matmul_api.h", "rknn_custom_op.h")
    )
    out = nix_with_sdk.build_expression(
        f'({pkgs_expression()}).runCommand "declared" '
        f"{{ nativeBuildInputs = [ {scope}.hooks.checkElfHook ]; }} "
        f"''checkElf {headers} ${{{scope}.simulator}}/lib/librknnrt.so >$out''"
    )["out"]
    said = nix_with_sdk.physical(out).read_text()
    assert "23 functions of rknn_api.h, 10 functions of rknn_matmul_api.h, 2 functions" in said
