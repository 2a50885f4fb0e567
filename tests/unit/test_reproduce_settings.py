"""Nix's settings for each call: what lies over what, and builds that see nothing of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_flake.nix import Nix

if TYPE_CHECKING:
    from pathlib import Path


def settings(nix: Nix) -> dict[str, str]:
    lines = (nix.environment["NIX_CONFIG"] or "").splitlines()
    return {key: value for key, _, value in (line.partition(" = ") for line in lines)}


def test_own_settings_lie_over_the_others(tmp_path: Path) -> None:
    told = settings(Nix(tmp_path / "store", settings=(("cores", "3"), ("sandbox", "relaxed"))))
    assert (told["cores"], told["sandbox"], told["build-users-group"]) == ("3", "relaxed", "")


def test_with_host_tools_nothing_is_substituted(tmp_path: Path) -> None:
    told = settings(Nix(tmp_path / "store"))
    assert told["substituters"] == ""
    assert "/usr" in told["sandbox-paths"].split()


def test_without_host_tools_nix_s_own_caches_and_sandbox_stay(tmp_path: Path) -> None:
    told = settings(Nix(tmp_path / "store", host_tools=False))
    assert "substituters" not in told
    assert "sandbox-paths" not in told
    assert told["sandbox"] == "true"


def test_inputs_are_overridden_beside_nixpkgs(tmp_path: Path) -> None:
    nix = Nix(tmp_path / "store", nixpkgs=tmp_path, overrides=(("other", "path:/x"),))
    words = nix.flake_options()
    assert words[words.index("nixpkgs") + 1] == f"path:{tmp_path}"
    assert words[words.index("other") - 1 :] == ["--override-input", "other", "path:/x"]


def test_without_overrides_the_locked_inputs_stay(tmp_path: Path) -> None:
    assert Nix(tmp_path / "store", nixpkgs=None).flake_options() == ["--no-write-lock-file"]
