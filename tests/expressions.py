"""Nix expressions that several tests build: the package set, and the scope on stand-in files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from rknn_flake.nix import HOSTPKGS
from rknn_flake.paths import PROJECT

STANDIN = Path(__file__).parent / "build" / "standin"
# Of a Python package made of a wheel: without what it needs to be run. To be unpacked, patched and
# checked it needs none of it.
ALONE = (
    ".overrideAttrs (_: { propagatedBuildInputs = [ ]; runtimeDeps = [ ]; "
    "dontCheckRuntimeDeps = true; })"
)


class MakeFiles(Protocol):
    """Makes the files that take the place of a release's downloads; returns their folder."""

    def __call__(self, release: str = ..., *flags: str, soname: str = ...) -> Path:
        """Compile the stand-in with `flags`."""


def pkgs_expression(
    package_set: Path = HOSTPKGS,
    *,
    system: str = "aarch64-linux",
    overlays: str = "",
    more: str = "",
) -> str:
    """Return a Nix expression for the package set with this project's overlay on it."""
    return (
        f"import {package_set} {{ system = {system!r}; "
        f"overlays = [ (import {PROJECT}/overlays) {overlays} ]; "
        f"config.allowUnfree = true; {more} }}"
    ).replace("'", '"')


def scope_from(files: Path, *, release: str = "2.3.2", build: str = "scope.runtime") -> str:
    """Return a Nix expression for `build`, in which `scope` takes `files` in place of downloads."""
    return f"""
      let
        pkgs = {pkgs_expression()};
        file = {{ name, ... }}: builtins.path {{ inherit name; path = {files} + "/${{name}}"; }};
        scope = pkgs.rknn.overrideScope (_: prev: {{
          sources = prev.sources.override {{ fetchurl = file; }} // {{
            defaults = prev.sources.defaults // {{ runtime = "{release}"; }};
          }};
        }});
      in {build}
    """
