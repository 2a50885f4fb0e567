"""Wrong usage is one line and status 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.elf_fixtures"]


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        ([], "required: file"),
        (["x.so", "--class", "48"], "--class"),
        (["x.so", "--machine", "vax"], "--machine"),
        (["x.so", "--rpath-inside", "store"], "--rpath-inside: store is not an absolute path"),
        (["x.so", "--sonam", "x.so"], "--sonam"),
    ],
)
def test_wrong_usage(check: Callable[..., Outcome], argv: list[str], complaint: str) -> None:
    outcome = check(*argv)
    assert outcome.status == 2, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert complaint in outcome.err
