"""A build cannot change the machine it runs on, though it sees the machine's folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix


def writing_to(path: str) -> str:
    command = f"echo written >{path}; echo done >$out"
    return f'({pkgs_expression()}).runCommand "careless" {{ }} "{command}"'


def test_a_build_that_writes_to_usr_fails_and_leaves_nothing(nix: Nix) -> None:
    target = Path("/usr/lib/rknn-flake-test")
    with pytest.raises(CommandError):
        nix.build_expression(writing_to(str(target)))
    assert not target.exists()


def test_the_same_build_may_write_where_it_works(nix: Nix) -> None:
    out = nix.build_expression(writing_to("$NIX_BUILD_TOP/file"))["out"]
    assert nix.physical(out).read_text() == "done\n"
