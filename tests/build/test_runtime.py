"""The runtime package: outputs, pkg-config and CMake, a complete RPATH, nothing stripped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile

from expressions import STANDIN, MakeFiles, scope_from
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix


def dynamic(file: Path, tag: str) -> list[str]:
    """Return the values of a tag such as d_needed in the file's dynamic section."""
    with file.open("rb") as stream:
        section = ELFFile(stream).get_section_by_name(".dynamic")
        assert isinstance(section, DynamicSection)
        return [
            str(getattr(entry, tag.removeprefix("d_")))
            for entry in section.iter_tags()
            if hasattr(entry, tag.removeprefix("d_"))
        ]


@pytest.fixture
def built(nix: Nix, vendor_files: MakeFiles) -> tuple[dict[str, str], Path]:
    files = vendor_files()
    outputs = [
        nix.build_expression(scope_from(files, build=f"scope.runtime.{name}"))
        for name in ("out", "dev")
    ]
    return {**outputs[0], **outputs[1]}, files


def test_outputs_hold_what_their_names_say(nix: Nix, built: tuple[dict[str, str], Path]) -> None:
    outputs, files = built
    out, dev = nix.physical(outputs["out"]), nix.physical(outputs["dev"])
    assert sorted(path.name for path in (out / "lib").iterdir()) == ["librknnrt.so"]
    assert sorted(path.name for path in (dev / "include").iterdir()) == [
        "rknn_api.h",
        "rknn_custom_op.h",
        "rknn_matmul_api.h",
    ]
    licence = out / "share/licenses/rknn-runtime/LICENSE"
    assert licence.read_text() == (files / "LICENSE").read_text()


def test_what_a_program_needs_at_run_time_has_no_headers(
    nix: Nix, built: tuple[dict[str, str], Path]
) -> None:
    outputs, _ = built
    closure = nix.closure(outputs["out"])
    assert not [path for path in closure if path.endswith("-dev") or "headers" in path], closure


def test_rpath_finds_every_library_in_the_store(
    nix: Nix, built: tuple[dict[str, str], Path]
) -> None:
    library = nix.physical(built[0]["out"]) / "lib" / "librknnrt.so"
    rpath = [entry for value in dynamic(library, "d_runpath") for entry in value.split(":")]
    assert rpath, "no RUNPATH"
    for entry in rpath:
        assert entry.startswith("/nix/store/"), rpath
    for needed in dynamic(library, "d_needed"):
        found = any((nix.physical(entry) / needed).exists() for entry in rpath)
        assert found or needed in {"libc.so.6", "libm.so.6"}, (needed, rpath)


def test_nothing_is_stripped(nix: Nix, built: tuple[dict[str, str], Path]) -> None:
    outputs, files = built
    names = []
    for path in (files / "librknnrt.so", nix.physical(outputs["out"]) / "lib" / "librknnrt.so"):
        with path.open("rb") as stream:
            names.append({section.name for section in ELFFile(stream).iter_sections()})
    before, after = names
    assert {".symtab", ".debug_info"} <= before
    assert before <= after, before - after


USE_PKG_CONFIG = f"""
  pkgs.stdenv.mkDerivation {{
    name = "user";
    src = {STANDIN};
    buildPhase = ''
      export PKG_CONFIG_PATH=${{scope.runtime.dev}}/lib/pkgconfig
      pkg-config --modversion rknnrt >version
      $CC main.c $(pkg-config --cflags --libs rknnrt) \\
        -Wl,-rpath-link,${{pkgs.stdenv.cc.cc.lib}}/lib -o user
    '';
    installPhase = "install -D user $out/bin/user; cp version $out/";
  }}
"""
USE_CMAKE = f"""
  pkgs.stdenv.mkDerivation {{
    name = "user";
    src = {STANDIN};
    buildPhase = ''
      cmake -S . -B work -DCMAKE_PREFIX_PATH=${{scope.runtime.dev}} -DCMAKE_C_COMPILER=$CC \\
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_INSTALL_PREFIX=$out \\
        -DCMAKE_EXE_LINKER_FLAGS=-Wl,-rpath-link,${{pkgs.stdenv.cc.cc.lib}}/lib
      cmake --build work
    '';
    installPhase = "cmake --install work";
  }}
"""


def test_pkg_config_is_enough_to_compile_and_link(nix: Nix, vendor_files: MakeFiles) -> None:
    out = nix.physical(
        nix.build_expression(scope_from(vendor_files(), build=USE_PKG_CONFIG))["out"]
    )
    assert (out / "version").read_text() == "2.3.2\n"
    assert "librknnrt.so" in dynamic(out / "bin" / "user", "d_needed")


def test_find_package_is_enough_to_compile_and_link(nix: Nix, vendor_files: MakeFiles) -> None:
    out = nix.physical(nix.build_expression(scope_from(vendor_files(), build=USE_CMAKE))["out"])
    assert "librknnrt.so" in dynamic(out / "bin" / "user", "d_needed")


def test_find_package_refuses_a_newer_major_version(nix: Nix, vendor_files: MakeFiles) -> None:
    newer = USE_CMAKE.replace(
        "cmake -S", "sed -i 's/rknnrt 2.3/rknnrt 3.0/' CMakeLists.txt; cmake -S"
    )
    with pytest.raises(CommandError) as caught:
        nix.build_expression(scope_from(vendor_files(), build=newer), "-L")
    said = " ".join(str(caught.value).replace("user>", "").split())
    assert 'compatible with requested version "3.0"' in said


def test_another_release_is_held_against_its_own_version(nix: Nix, vendor_files: MakeFiles) -> None:
    files = vendor_files("2.3.0")
    outputs = nix.build_expression(scope_from(files, release="2.3.0"))
    assert outputs["out"].endswith("-rknn-runtime-2.3.0")
