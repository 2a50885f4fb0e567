"""closureInfo of the package set says what Nix itself says of a closure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

BINDING = "p.rknn.simulated.toolkit-lite"


def closure_info(nix: Nix, roots: str) -> Path:
    expression = f"let p = {pkgs_expression()}; in p.closureInfo {{ rootPaths = [ {roots} ]; }}"
    return nix.physical(nix.build_expression(expression)["out"])


def test_paths_are_those_of_the_closure_once_each(nix: Nix) -> None:
    binding = nix.build_expression(f"let p = {pkgs_expression()}; in {BINDING}")["out"]
    info = closure_info(nix, f"{BINDING} {BINDING}.runtime")
    listed = (info / "store-paths").read_text().splitlines()
    assert sorted(listed) == sorted(nix.closure(binding))
    assert int((info / "total-nar-size").read_text()) == nix.path_size(binding)


def test_registration_is_as_nix_takes_it(nix: Nix) -> None:
    info = closure_info(nix, f"{BINDING}.runtime")
    path, digest, size, *rest = (info / "registration").read_text().splitlines()
    known = nix.path_info(path)[path]
    assert int(size) == known["narSize"]
    assert nix.call("hash", "to-sri", digest).stdout.strip() == known["narHash"]
    # Who made it, which nobody says, and how many it refers to.
    assert rest == ["", "0"]


def test_nothing_has_no_paths(nix: Nix) -> None:
    info = closure_info(nix, "")
    assert (info / "store-paths").read_text() == ""
    assert (info / "total-nar-size").read_text() == "0\n"
