"""A file that was cut short or damaged fails with one line, wherever it was hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.elf_fixtures"]

# The fixtures are only read; each example writes the one file anew.
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


def test_bytes_after_the_end_do_no_harm(check: Callable[..., Outcome], library: Path) -> None:
    library.write_bytes(library.read_bytes() + b"signature")
    assert check(library).status == 0


def test_one_missing_byte_is_told_with_both_lengths(
    check: Callable[..., Outcome], library: Path
) -> None:
    whole = library.read_bytes()
    library.write_bytes(whole[:-1])
    outcome = check(library)
    assert outcome.status == 1, outcome
    found = f"found {len(whole) - 1} bytes, expected at least {len(whole)}"
    assert f"{library}: truncated: {found}" in outcome.err


@shared
@given(data=st.data())
def test_every_beginning_of_a_library_is_refused(
    data: st.DataObject, check: Callable[..., Outcome], library: Path
) -> None:
    whole = library.read_bytes()
    part = library.with_name("part.so")
    part.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    outcome = check(part)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_tail_of_zeros_is_refused(
    check: Callable[..., Outcome], library: Path, quarters: int
) -> None:
    # What `truncate -s` or a download into a preallocated file leaves: the length is right.
    whole = library.read_bytes()
    kept = len(whole) * quarters // 4
    library.write_bytes(whole[:kept] + bytes(len(whole) - kept))
    outcome = check(library)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert f"{library}: truncated: found zeros in place of section header" in outcome.err


def test_zeros_for_what_the_loader_reads_are_refused_without_section_headers(
    check: Callable[..., Outcome], library: Path
) -> None:
    # e_shoff, e_shnum and e_shstrndx 0: such a file is whole, but for the zeros in its last part.
    whole = bytearray(library.read_bytes())
    whole[40:48], whole[60:64] = bytes(8), bytes(4)
    library.write_bytes(whole)
    assert check(library).status == 0
    library.write_bytes(whole[: len(whole) // 4] + bytes(len(whole) - len(whole) // 4))
    outcome = check(library)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert "a dynamic segment that cannot be read (" in outcome.err
    assert "()" not in outcome.err, outcome.err


@pytest.mark.parametrize("zeros", [32, 64, 100, 640, 1000])
def test_a_short_tail_of_zeros_is_refused(
    check: Callable[..., Outcome], library: Path, zeros: int
) -> None:
    # Nothing that the loader reads: only the section headers, which linkers put last.
    library.write_bytes(library.read_bytes()[:-zeros] + bytes(zeros))
    outcome = check(library)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert f"{library}: truncated: found " in outcome.err


def places(library: Path) -> list[int]:
    """Return the offsets of the header tables, .dynamic and the hash table, which others follow."""
    with library.open("rb") as stream:
        elf = ELFFile(stream)
        header = elf.header
        spans = [
            (0, header["e_ehsize"]),
            (header["e_phoff"], header["e_phentsize"] * header["e_phnum"]),
            (header["e_shoff"], header["e_shentsize"] * header["e_shnum"]),
        ]
        spans += [
            (section["sh_offset"], section["sh_size"])
            for section in elf.iter_sections()
            if isinstance(section, DynamicSection) or section.name in {".hash", ".gnu.hash"}
        ]
    assert len(spans) >= 5, spans
    return [offset for start, size in spans for offset in range(start, start + size)]


@shared
@given(data=st.data())
def test_damage_never_ends_in_a_traceback(
    data: st.DataObject, check: Callable[..., Outcome], library: Path
) -> None:
    content = bytearray(library.read_bytes())
    offsets = st.sampled_from(places(library)) | st.integers(0, len(content) - 1)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(offsets)] = data.draw(st.integers(0, 255))
    damaged = library.with_name("damaged.so")
    damaged.write_bytes(content)
    names = ("--soname", "librknnrt.so", "--export", "rknn_init")
    outcome = check(damaged, *names, "--rpath-inside", library.parent)
    assert outcome.status in {0, 1}, outcome
    assert outcome.err.count("\n") == outcome.status, outcome.err
