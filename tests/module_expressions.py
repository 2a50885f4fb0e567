"""Nix expressions for module systems, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

# Two options in a submodule, one made of the other, and of the set's name.
GREETING = """attrsOf (submodule ({ name, config, ... }: {
  options.who = mkOption { type = str; default = name; };
  options.text = mkOption { type = str; default = "hello ${config.who}"; };
}))"""
WARNINGS = "{ options.warnings = mkOption { type = types.listOf types.str; }; }"
ASSERTIONS = "{ options.assertions = mkOption { type = types.listOf types.raw; default = [ ]; }; }"
ALIASED = "{ options.new.x = mkOption { type = types.listOf types.int; default = [ ]; }; }"


def config(*modules: str) -> str:
    """Return a Nix expression for the configuration of `modules`."""
    return f"(evalModules {{ modules = [ {' '.join(f'({text})' for text in modules)} ]; }}).config"


def option(type_: str, *definitions: str, more: str = "") -> str:
    """Return a Nix expression for option a of that type, defined in 1.nix, 2.nix and so on."""
    return config(
        f'{{ _file = "0.nix"; options.a = mkOption {{ type = with types; {type_}; {more} }}; }}',
        *(f'{{ _file = "{n}.nix"; a = {text}; }}' for n, text in enumerate(definitions, 1)),
    )


def at(place: str, *modules: str) -> str:
    """Return a Nix expression for what `modules` configure at `place`."""
    return f"({config(*modules)}).{place}"


def the_value(*arguments: str, more: str = "") -> str:
    """Return a Nix expression for the value of the option that `option` makes."""
    return f"({option(*arguments, more=more)}).a"


def in_lib(package_set: Path, expression: str) -> str:
    """Return the expression with everything of the package set's lib in scope."""
    return f"with import {package_set}/lib; {expression}"


def said(nix: Nix, expression: str) -> str:
    """Return what Nix says on stderr, without margins."""
    done = nix.call("eval", "--impure", "--json", "--expr", expression, check=False)
    return "\n".join(line.strip() for line in done.stderr.splitlines())
