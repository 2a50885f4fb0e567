"""A file that is not the vendor's library fails the build in one line: check and finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expressions import MakeFiles, scope_from
from rknn_flake.errors import CommandError
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix


def html_page(library: Path) -> None:
    library.write_text("<!DOCTYPE html>\n<html><head><title>Rate limited</title></head></html>\n")


def truncated(library: Path) -> None:
    library.write_bytes(library.read_bytes()[:5000])


def empty(library: Path) -> None:
    library.write_bytes(b"")


def thirty_two_bit(library: Path) -> None:
    source = library.with_suffix(".c")
    source.write_text("int rknn_init(void) { return 0; }\n")
    run(["gcc", "-m32", "-shared", "-fPIC", "-nostdlib", "-ffreestanding", source, "-o", library])


def other_machine(library: Path) -> None:
    source = library.with_suffix(".c")
    source.write_text("int rknn_init(void) { return 0; }\n")
    run(["x86_64-linux-gnu-gcc", "-shared", "-fPIC", "-nostdlib", source, "-o", library])


def lfs_pointer(library: Path) -> None:
    library.write_text(
        "version https://git-lfs.github.com/spec/v1\n"
        "oid sha256:d31fc19c85b85f6091b2bd0f6af9d962d5264a4e410bfb536402ec92bac738e8\n"
        "size 7726232\n"
    )


def refusal(nix: Nix, files: Path) -> str:
    """Build the runtime from `files` and return the line in which the check refuses it."""
    with pytest.raises(CommandError) as caught:
        nix.build_expression(scope_from(files), "-L")
    lines = {
        line.split("> ", 1)[-1].strip()
        for line in str(caught.value).splitlines()
        if "check_elf: " in line
    }
    assert len(lines) == 1, str(caught.value)
    return lines.pop()


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (html_page, "HTML page"),
        (truncated, "truncated"),
        (empty, "empty"),
        (thirty_two_bit, "class"),
        (other_machine, "machine"),
        (lfs_pointer, "LFS pointer"),
    ],
)
def test_foreign_file(
    nix: Nix, vendor_files: MakeFiles, spoil: Callable[[Path], None], found: str
) -> None:
    files = vendor_files()
    spoil(files / "librknnrt.so")
    assert found.lower() in refusal(nix, files).lower()


def test_another_version_inside(nix: Nix, vendor_files: MakeFiles) -> None:
    line = refusal(nix, vendor_files("2.2.0"))
    assert "2.2.0" in line
    assert "2.3.2" in line


def test_a_function_of_the_headers_that_is_not_exported(nix: Nix, vendor_files: MakeFiles) -> None:
    assert "rknn_destroy" in refusal(nix, vendor_files("2.3.2", "-DWITHOUT_DESTROY"))


def test_another_soname(nix: Nix, vendor_files: MakeFiles) -> None:
    line = refusal(nix, vendor_files(soname="librknn_api.so"))
    assert "librknn_api.so" in line
    assert "librknnrt.so" in line


def test_a_library_that_nothing_provides(nix: Nix, vendor_files: MakeFiles, tmp_path: Path) -> None:
    other = tmp_path / "libnowhere.so"
    run(
        [
            "aarch64-linux-gnu-gcc",
            "-shared",
            "-nostdlib",
            "-Wl,-soname,libnowhere.so",
            "-o",
            other,
            "-xc",
            "/dev/null",
        ]
    )
    files = vendor_files("2.3.2", "-Wl,--no-as-needed", str(other))
    with pytest.raises(CommandError) as caught:
        nix.build_expression(scope_from(files), "-L")
    assert "libnowhere.so" in str(caught.value)
