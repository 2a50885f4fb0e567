"""The simulator package: programs compile and link against it where the vendor's library is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expressions import STANDIN, MakeFiles, scope_from

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

# Headers are a package of their own: the vendor's are unfree, the simulator is not.
USE = f"""
  pkgs.stdenv.mkDerivation {{
    name = "user";
    src = {STANDIN};
    buildInputs = [ scope.headers scope.simulator ];
    buildPhase = ''
      export PKG_CONFIG_PATH=${{scope.simulator.dev}}/lib/pkgconfig
      $CC main.c $(pkg-config --cflags --libs rknnrt) -o by-pkg-config
      cmake -S . -B work -DCMAKE_PREFIX_PATH=${{scope.simulator.dev}} -DCMAKE_C_COMPILER=$CC \\
        -DCMAKE_SYSTEM_NAME=Linux
      cmake --build work
    '';
    installPhase = "install -D by-pkg-config -t $out/bin; install -D work/user -t $out/bin";
  }}
"""


def test_programs_link_against_it(nix: Nix, vendor_files: MakeFiles) -> None:
    out = nix.build_expression(scope_from(vendor_files(), build=USE))["out"]
    simulator = nix.build_expression(scope_from(vendor_files(), build="scope.simulator"))["out"]
    for program in ("by-pkg-config", "user"):
        data = (nix.physical(out) / "bin" / program).read_bytes()
        assert f"{simulator}/lib".encode() in data, program


@pytest.mark.parametrize("package", ["runtime", "simulator"])
def test_pkg_config_file_says_the_packages_version(
    nix: Nix, vendor_files: MakeFiles, package: str
) -> None:
    nix.build_expression(scope_from(vendor_files(), build=f"scope.{package}.tests.pkg-config"))


def test_the_closure_has_nothing_of_the_vendors(nix: Nix, vendor_files: MakeFiles) -> None:
    out = nix.build_expression(scope_from(vendor_files(), build="scope.simulator"))["out"]
    assert nix.closure(out) == (out,)
