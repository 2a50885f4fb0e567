"""A kernel module is held against its kernel, its pin and the nodes that load it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from unit.module_fixtures import INFO, RELEASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.module_fixtures"]

COMPATIBLE = "rockchip,rk3588-rknpu"
ALL = (
    f"--kernel={RELEASE}",
    "--version=0.9.8",
    f"--compatible={COMPATIBLE}",
    "--depends-at-most=drm",
)


def without(key: str, *more: str) -> tuple[str, ...]:
    """Return the lines of .modinfo without those of `key`, and with `more`."""
    return (*(line for line in INFO if not line.startswith(f"{key}=")), *more)


def complaint(outcome: Outcome) -> str:
    """Return the one line of a check that failed."""
    assert outcome.status == 1, outcome
    assert outcome.out == "", outcome
    assert outcome.err.count("\n") == 1, outcome
    return outcome.err


def test_a_module_as_it_should_be_passes(
    check: Callable[..., Outcome], module: Path, symvers: Path
) -> None:
    outcome = check(module, *ALL, f"--symvers={symvers}")
    assert outcome.status == 0, outcome
    assert outcome.out == (
        f"check_module: {module}: kernel module, for Linux {RELEASE}, version 0.9.8, {COMPATIBLE},"
        " depends on drm, 2 symbols of the kernel\n"
    )


def test_what_is_not_asked_is_not_checked(
    check: Callable[..., Outcome], make_module: Callable[..., Path]
) -> None:
    assert check(make_module("license=GPL")).status == 0


@pytest.mark.parametrize(
    ("info", "line"),
    [
        (without("vermagic"), rf"vermagic: found none, expected {RELEASE} …"),
        (
            without("vermagic", "vermagic=6.18.31 SMP aarch64"),
            rf"vermagic: found 6\.18\.31 SMP aarch64, expected {RELEASE} …",
        ),
        (without("version"), r"version: found none, expected 0\.9\.8"),
        (without("version", "version=0.9.80"), r"version: found 0\.9\.80, expected 0\.9\.8"),
        (without("alias"), f"alias: found none, expected one for {COMPATIBLE}"),
        (
            without("alias", "alias=of:N*T*Crockchip,rk3588-rknpu-x"),
            rf"alias: found of:\S+rknpu-x, expected one for {COMPATIBLE}",
        ),
        (
            without("depends", "depends=drm,drm_shmem_helper"),
            "depends: found drm, drm_shmem_helper, expected at most drm",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_that_is_not_is_refused(
    check: Callable[..., Outcome],
    make_module: Callable[..., Path],
    info: tuple[str, ...],
    line: str,
) -> None:
    made = make_module(*info)
    told = complaint(check(made, *ALL))
    assert re.match(rf"check_module: {made}: {line}", told), told


def test_drm_may_be_built_in(
    check: Callable[..., Outcome], make_module: Callable[..., Path]
) -> None:
    outcome = check(make_module(*without("depends", "depends=")), *ALL)
    assert outcome.out.endswith("depends on nothing\n"), outcome


def test_no_need_at_all_may_be_asked_for(check: Callable[..., Outcome], module: Path) -> None:
    told = complaint(check(module, "--depends-at-most="))
    assert "depends: found drm, expected at most none" in told


def test_a_symbol_that_the_kernel_lacks_is_named(
    check: Callable[..., Outcome], module: Path, symvers: Path
) -> None:
    text = symvers.read_text(encoding="utf-8").replace("\t_printk\t", "\tprintk\t")
    symvers.write_text(text, encoding="utf-8")
    told = complaint(check(module, f"--symvers={symvers}"))
    assert f"symbols: found _printk, expected only what {symvers} exports" in told


def test_a_kernel_without_a_list_is_refused(
    check: Callable[..., Outcome], module: Path, tmp_path: Path
) -> None:
    told = complaint(check(module, f"--symvers={tmp_path / 'absent'}"))
    assert "No such file" in told
    assert "expected the kernel's Module.symvers" in told


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "cannot be read as ELF"),
        (b"<!DOCTYPE html>", "cannot be read as ELF"),
        (b"\x7fELF" + bytes(60), "cannot be read as ELF"),
        (None, "No such file"),
    ],
    ids=["empty", "html", "zeros", "absent"],
)
def test_what_is_no_module_is_refused(
    check: Callable[..., Outcome], tmp_path: Path, content: bytes | None, line: str
) -> None:
    file = tmp_path / "rknpu.ko"
    if content is not None:
        file.write_bytes(content)
    told = complaint(check(file))
    assert line in told
    assert "expected a kernel module" in told


@pytest.mark.parametrize("kept", [100, 400])
def test_a_module_cut_short_is_refused(
    check: Callable[..., Outcome], module: Path, kept: int
) -> None:
    module.write_bytes(module.read_bytes()[:kept])
    assert "cannot be read as ELF" in complaint(check(module))


def test_other_elf_files_are_refused(
    check: Callable[..., Outcome], make_module: Callable[..., Path]
) -> None:
    library = make_module(*INFO, flags=("-shared", "-fPIC"))
    assert "an ELF file with ET_DYN" in complaint(check(library))
    assert "an ELF file with no .modinfo" in complaint(check(make_module()))


def test_a_module_for_another_processor_is_refused(
    check: Callable[..., Outcome], module: Path
) -> None:
    data = bytearray(module.read_bytes())
    data[18] = 62
    module.write_bytes(data)
    assert "machine: found EM_X86_64, expected EM_AARCH64" in complaint(check(module))


@pytest.mark.parametrize(
    ("argv", "line"), [((), "required: file"), (("x.ko", "--kernal=6.18"), "--kernal")]
)
def test_wrong_usage_is_one_line(
    check: Callable[..., Outcome], argv: tuple[str, ...], line: str
) -> None:
    outcome = check(*argv)
    assert outcome.status == 2, outcome
    assert outcome.err.count("\n") == 1, outcome
    assert line in outcome.err
