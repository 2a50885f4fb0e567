"""A file that was cut short or damaged fails with one line, wherever it was hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


@shared
@given(data=st.data())
def test_damage_never_ends_in_a_traceback(
    data: st.DataObject, check: Callable[..., Outcome], library: Path
) -> None:
    content = bytearray(library.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = library.with_name("damaged.so")
    damaged.write_bytes(content)
    outcome = check(damaged, "--soname", "librknnrt.so", "--export", "rknn_init")
    assert outcome.status in {0, 1}, outcome
    assert outcome.err.count("\n") == outcome.status, outcome.err
