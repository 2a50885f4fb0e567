"""Every version text inside the file must name the pinned release, and there must be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.elf_fixtures"]

RUNTIME = b"librknnrt version: 2.3.2 (429f97ae6b@2025-04-09T09:09:27)"


@pytest.fixture
def texts(library: Path) -> Callable[..., Path]:
    """Return a maker of libraries that hold these texts."""

    def make(*parts: bytes) -> Path:
        library.write_bytes(b"\0".join((library.read_bytes(), *parts, b"")))
        return library

    return make


@pytest.mark.parametrize(
    "text",
    [
        RUNTIME,
        b"2.3.2 (429f97ae6b@2025-04-09T09:09:27)",
        b"rknn_server version: 2.3.2 (1842325 build@2025-03-30T09:54:34)",
        b"librknnrt version: 2.3.2 (simulator@rk3588)",
    ],
)
def test_the_pinned_version_passes(
    check: Callable[..., Outcome], texts: Callable[..., Path], text: bytes
) -> None:
    outcome = check(texts(text), "--version", "2.3.2")
    assert outcome.status == 0, outcome
    assert "version 2.3.2 (1 texts)" in outcome.out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"librknnrt version: 2.3.0 (c949ad889d@2024-11-07T11:35:33)", "2.3.0"),
        (b"1.4.0 (a10f100eb@2022-09-09T09:07:14)", "1.4.0"),
        (b"2.3.2b1 (c949ad889d@2024-11-07T11:35:33)", "2.3.2b1"),
        (b"12.3.2 (c949ad889d@2024-11-07T11:35:33)", "12.3.2"),
        (b"librknnrt version: 2.4.0 (simulator@rk3588)", "2.4.0"),
    ],
)
def test_another_version_is_refused(
    check: Callable[..., Outcome], texts: Callable[..., Path], text: bytes, found: str
) -> None:
    outcome = check(texts(text), "--version", "2.3.2")
    assert outcome.status == 1, outcome
    assert f"version: found {found}, expected 2.3.2" in outcome.err


def test_one_wrong_text_among_right_ones_is_refused(
    check: Callable[..., Outcome], texts: Callable[..., Path]
) -> None:
    outcome = check(texts(RUNTIME, RUNTIME.replace(b"2.3.2", b"2.3.1")), "--version", "2.3.2")
    assert outcome.status == 1, outcome
    assert "version: found 2.3.1, expected 2.3.2" in outcome.err


@pytest.mark.parametrize(
    "text", [b"", b"2.3.2", b"version 2.3.2 (@2024-06-18)", b"2.3.2 (GCC@2024-06-18T03:50:51)"]
)
def test_no_version_text_is_refused(
    check: Callable[..., Outcome], texts: Callable[..., Path], text: bytes
) -> None:
    outcome = check(texts(text), "--version", "2.3.2")
    assert outcome.status == 1, outcome
    assert "version: found no version text, expected 2.3.2" in outcome.err


def test_the_servers_protocol_version_is_no_release(
    check: Callable[..., Outcome], texts: Callable[..., Path]
) -> None:
    protocol = b"Transfer version 2.2.2 (12abf2a@2025-01-25T11:33:20)"
    assert check(texts(RUNTIME, protocol), "--version", "2.3.2").status == 0
